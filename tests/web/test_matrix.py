"""Every door of the site x every role x whose thing stands behind it, made from the list of addresses.

A new address is asked like all others: it needs a permission, or a line among the open doors with the reason; and
what stands in it needs a thing in tests/web/two_towns.py. Everything is rolled back after each request.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model, Q, QuerySet
from django.test import Client
from django.urls import resolve, reverse
from pytest_django.plugin import DjangoDbBlocker

import world
from database import fetched
from lindung.access.models import Role
from lindung.access.scope import SystemScope, system_scope
from lindung.access.standing import standing_on
from lindung.membership.arriving import AT_ONCE_BYTES, TASK
from lindung.partnership.models import FundingSource, PayerKind
from web import two_towns
from web.doors import METHODS, QUERIES, Door, doors, guarded, methods
from web.site import Asked, Site, leaks, undone, with_password
from web.two_towns import Things, Town
from web.village import sheet

pytestmark = pytest.mark.slow

PUBLIC = {
    "account_login": "signing in",
    "account_logout": "signing out",
    "account_inactive": "says that an account is closed",
    "mfa_authenticate": "the code after the password",
    "web:join": "a link on paper, with a token of its own",
    "web:demo_sign_in": "the example's own sign-in, with a token of its own",
    "web:choose_language": "the sign-in page is read in either language",
}
OWN_ACCOUNT = {
    "account_reauthenticate": "one's own password",
    "account_change_password": "one's own password",
    "account_step_up": "one's own code",
    "mfa_index": "one's own codes",
    "mfa_reauthenticate": "one's own code",
    "mfa_activate_totp": "one's own codes",
    "mfa_deactivate_totp": "one's own codes",
    "mfa_view_recovery_codes": "one's own codes",
    "mfa_generate_recovery_codes": "one's own codes",
    "mfa_download_recovery_codes": "one's own codes",
    "web:account_sessions": "where one is signed in",
    "web:account_end_session": "one's own session",
    "web:account_end_others": "one's own sessions",
    "web:account_device": "the computer one sits at",
    "web:account_forget_device": "a computer of one's own kelurahan",
    "web:account_save_draft": "what one is typing",
    "web:account_stay": "staying signed in",
}
FOR_EVERYBODY = {
    "web:today": "the first page: leads an administrator to the users, asks everybody else for SEE_TODAY",
    "web:terms": "the glossary, the same for all",
    "web:help": "the guide, the same for all",
}
OPEN = PUBLIC | OWN_ACCOUNT | FOR_EVERYBODY
"""The doors that ask for no permission, and why."""

SHADOWED = {"mfa_authenticate": "ours stands before allauth's own"}
OF_EVERYBODY = frozenset(
    {"year", "kind", "way", "within", "word", "number", "column", "authority_id", "job_id"}
)
OF_EVERYBODY |= {"first", "months"}
"""What an address says that is no thing of one city; a line and a column are of the list before them."""
TRAILS = {
    "pekerja": "person_id",
    "kerja-sama": "agreement_id",
    "tagihan": "bill_id",
    "daftar": "roster_id",
    "pengguna": "user_id",
}
"""Of what a trail can be asked, and which thing of a town that is."""


@pytest.fixture(autouse=True)
def _fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINDUNG_NOW", f"{world.TODAY}T10:15+07:00")


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Both towns, built once for all tests here and gone after the last of them."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, undone():
        patch.setenv("LINDUNG_NOW", f"{world.TODAY}T10:15+07:00")
        yield Site(*two_towns.build())


@pytest.fixture(autouse=True)
def _as_before(site: Site) -> Iterator[None]:
    with undone():
        yield


def cases(role: Role) -> Iterator[tuple[Door, Things]]:
    """Every guarded door with what its address says beyond the things of a town: of a trail, of what."""
    for door in guarded():
        if "word" not in door.names:
            yield door, {}
            continue
        for word in TRAILS:
            yield door, {"word": word}


def things_of(town: Town, door: Door, more: Things) -> Things:
    """The town's things, with the one a trail is asked of."""
    named = {"id": town.things[TRAILS[str(more["word"])]]} if "word" in more else {}
    return {**town.things, **more, **named}


class TestDoors:
    def test_each_asks_for_a_permission_or_is_open_for_a_reason(self) -> None:
        assert {door.name for door in doors() if not door.keys} == set(OPEN)

    def test_who_has_not_signed_in_finds_only_those_that_say_so(self) -> None:
        assert {door.name for door in doors() if door.is_public} == set(PUBLIC)

    def test_none_stands_behind_another(self, site: Site) -> None:
        things: Things = {**site.here.things, "session_id": 1, "word": "pekerja", "id": 1}
        hidden = set()
        for door in doors():
            pattern = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", door.route)
            at = pattern.format(**door.filled(things, Role.CITY_OFFICER))
            hidden |= {door.name} if resolve(at).func is not door.view else set()
        assert hidden == set(SHADOWED)


class TestNobody:
    def test_is_sent_to_sign_in_at_every_door_and_learns_nothing(self, site: Site) -> None:
        assert self._led(site, Client(raise_request_exception=False)) == {reverse("account_login")}

    def test_with_a_password_alone_is_sent_to_set_up_a_second_factor(self, site: Site) -> None:
        user = world.administrator(site.here.city, "tanpa.kode")
        assert self._led(site, with_password(user)) == {reverse("mfa_activate_totp")}

    def test_with_a_password_alone_is_asked_for_the_code(self, site: Site) -> None:
        user = site.here.city.users[Role.CITY_OFFICER]
        assert self._led(site, with_password(user)) == {reverse("mfa_reauthenticate")}

    @staticmethod
    def _led(site: Site, client: Client) -> set[str]:
        things: Things = {**site.here.things, "session_id": 1, "word": "pekerja", "id": 1}
        led = set()
        for door in doors():
            if door.is_public or door.name.startswith(("account_", "mfa_")):
                continue
            path = door.address(door.filled(things, Role.CITY_OFFICER), things)
            for method in METHODS:
                answer = client.generic(method, path)
                assert answer.status_code == 302, (door.name, method)
                led.add(answer.headers["Location"].split("?")[0])
        return led


@pytest.mark.parametrize("role", list(Role))
class TestMatrix:
    def test_it_opens_to_a_role_what_its_sheet_names_and_shows_nothing_of_others(
        self, site: Site, role: Role, caplog: pytest.LogCaptureFixture
    ) -> None:
        wrong = [line for door, more in cases(role) for line in self._door(site, role, door, more)]
        assert wrong == []
        assert not site.niks.search(caplog.text)

    def _door(self, site: Site, role: Role, door: Door, more: Things) -> Iterator[str]:
        things = things_of(site.here, door, more)
        values = door.filled(things, role)
        if not door.opens_to(role):
            yield from self._closed(site, role, door, things)
            return
        for method in methods(door):
            found = site.ask(role, door, method, things, values)
            where = f"{method} {door.address(values, things)}: {found.status}"
            if not expected(found, role, more):
                yield f"{where} for one's own"
            yield from (f"{where} {leak}" for leak in leaks(site, role, door, found))
            yield from self._others(site, role, door, method, more)

    def _closed(self, site: Site, role: Role, door: Door, things: Things) -> Iterator[str]:
        """Once through the whole site; the other method, which costs a page more, at the guard itself."""
        first, *others = methods(door)
        status = site.ask(role, door, first, things, door.filled(things, role)).status
        standing = standing_on(site.here.city.users[role], world.TODAY)
        if status != 403 or not all(door.turns_away(method, standing) for method in others):
            yield f"{door.name}: {status} without permission"

    def _others(self, site: Site, role: Role, door: Door, method: str, more: Things) -> Iterator[str]:
        """Each thing in the address in turn is of the other city; for an operator, of another kelurahan."""
        things, there = things_of(site.here, door, more), things_of(site.there, door, more)
        own, theirs = door.filled(things, role), door.filled(there, role)
        swapped = [{**own, name: theirs[name]} for name in door.names if name not in OF_EVERYBODY]
        swapped += [theirs] if len(swapped) > 1 else []
        if role == Role.KELURAHAN_OPERATOR:
            away = door.filled({**things, **site.here.elsewhere}, role)
            swapped += [{**own, name: away[name]} for name in door.names if away[name] != own[name]]
        for values in swapped:
            found = site.ask(role, door, method, things, values)
            where = f"{method} {door.address(values, things)}: {found.status}"
            if found.status != 404:
                yield f"{where} for another's"
            yield from (f"{where} {leak}" for leak in leaks(site, role, door, found))
        if door.name in QUERIES:
            found = site.ask(role, door, method, there, own)
            where = f"{method} {door.address(own, there)}: {found.status}"
            yield from [f"{where} for another's in the query"] if found.status >= 500 else []
            yield from (f"{where} {leak}" for leak in leaks(site, role, door, found))


SEES_ONLY_USERS = frozenset({"pekerja", "kerja-sama", "tagihan", "daftar"})
"""Trails of what an administrator never sees: for her no such record is there."""


def expected(found: Asked, role: Role, more: Things) -> bool:
    """Whether a role that may, and asks for a thing of its own city, is answered as it should be."""
    if role == Role.ADMINISTRATOR and more.get("word") in SEES_ONLY_USERS:
        return found.status == 404
    return found.status in (200, 302, 409, 422)


def forms(town: Town) -> dict[str, tuple[Role, str, Things]]:
    """Forms that are carried out as they stand, each naming a thing of this town."""
    things, city = town.things, town.city
    sent = SimpleUploadedFile(
        "status.csv", b"NIK,Status,Sejak,Sebab\r\n'1571025203849999,Aktif,01-06-2025,\r\n"
    )
    wish = {"sponsor": city.sponsor.pk, "format": "csv", "purpose": "Rapat", "nik": "masked"}
    user = {"name": "Nina Baru", "username": "nina.baru", "role": "mayor", "organisation": city.sponsor.pk}
    when = {"since": "2026-12-01", "reason": "Surat tugas 7"}
    officer = city.users[Role.FINANCE_OFFICER].pk
    unit = {
        "title": "Kebersihan", "office": city.office.pk, "staff_kind": "cleaners", "risk_class": "low",
        "risk_basis": "Surat 9", "occupation": "Penyapu", "region_code": "15.71", "quota": 5, "since": "2026-12",
        "source": source_of(town),
    }  # fmt: skip
    return {
        "draw a bill": (
            Role.CITY_OFFICER,
            reverse("web:bill_draw"),
            {"agreement": things["agreement_id"], "month": "2025-08"},
        ),
        "export": (Role.AUDITOR, reverse("web:export_new") + "?isi=workers", dict(wish)),
        "word": (
            Role.CITY_OFFICER,
            reverse("web:branch_bring_in"),
            {"kind": "status", "sponsor": city.sponsor.pk, "said_on": "2026-11-20", "file": sent},
        ),
        "invite": (Role.ADMINISTRATOR, reverse("web:user_invite"), {**user, **when}),
        "unit": (Role.CITY_OFFICER, reverse("web:employer_new"), dict(unit)),
        "key": (
            Role.ADMINISTRATOR,
            reverse("web:api_key_new"),
            {"name": "Gaji", "holder": f"user:{officer}", "permissions": ["see_bills"], "reason": "Surat 8"},
        ),
    }


def source_of(town: Town) -> int:
    """The pot of money the town pays from."""
    with town.city.acting():
        return int(FundingSource.objects.exclude(kind=PayerKind.SELF).get().pk)


@pytest.mark.parametrize("form", ["draw a bill", "export", "word", "invite", "unit", "key"])
def test_a_form_takes_a_thing_of_ones_own_city_only(site: Site, form: str) -> None:
    answers = []
    for town in (site.here, site.there):
        role, path, fields = forms(town)[form]
        found = site.sent(role, "POST", path, {"once": f"form-{form}-{town.city.sponsor.pk}", **fields})
        assert not found.shows("zamrudia")
        answers.append(found.status)
    assert answers[0] == 302, "the form is not carried out at all"
    assert answers[1] in (404, 422)


@pytest.mark.parametrize("role", [Role.CITY_OFFICER, Role.KELURAHAN_OPERATOR])
def test_ones_own_account_is_nobody_elses(site: Site, role: Role) -> None:
    own: Things = {**site.here.things, "session_id": site.session_of(site.here, role)}
    other: Things = {**site.there.things, "session_id": site.session_of(site.there, role)}
    for door in doors():
        if door.name not in OWN_ACCOUNT | FOR_EVERYBODY:
            continue
        for method in METHODS:
            found = site.ask(role, door, method, own, door.filled(own, role))
            assert found.status < 500, door.name
            assert list(leaks(site, role, door, found)) == [], door.name
            if door.names and found.status != 405:
                has_one = role == Role.KELURAHAN_OPERATOR or "device_id" not in door.names
                assert found.status == (302 if has_one else 404), door.name
                assert site.ask(role, door, method, other, door.filled(other, role)).status == 404, door.name


ROOMS = {"partnership", "membership", "contributions", "people", "documents", "claims", "ledger"}
WATCHED = [
    Role.CITY_OFFICER,
    Role.KELURAHAN_OPERATOR,
    Role.BRANCH_OFFICER,
    Role.FINANCE_OFFICER,
    Role.AUDITOR,
]


class TestTheSecondWall:
    """However many filters the programme forgets, the database shows nobody another city or kelurahan."""

    @pytest.mark.parametrize("forgotten", ["whose", "everything"])
    @pytest.mark.parametrize("role", WATCHED)
    def test_it_leaks_nothing_without_the_filters_of_the_orm(
        self, site: Site, role: Role, forgotten: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        forget_filters(monkeypatch, forgotten)
        wrong, opened = [], []
        for door, more in cases(role):
            things = things_of(site.here, door, more)
            if door.opens_to(role) and "GET" in methods(door):
                found = site.ask(role, door, "GET", things, door.filled(things, role))
                opened.append(found.status)
                wrong += [f"{door.name}: {leak}" for leak in leaks(site, role, door, found)]
        assert wrong == []
        enough = {"whose": 2 / 3, "everything": 1 / 4}[forgotten]
        assert opened.count(200) > len(opened) * enough, "too few pages opened to prove anything"

    def test_the_patch_does_take_the_filters_out(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        """Or the tests above would be content with anything."""
        nobodys = f"{reverse('web:rosters')}?kerja-sama=999"
        assert not site.sent(Role.CITY_OFFICER, "GET", nobodys, {}).shows("daftar-hokwarga")
        forget_filters(monkeypatch, "whose")
        assert site.sent(Role.CITY_OFFICER, "GET", nobodys, {}).shows("daftar-hokwarga")


def forget_filters(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """In every room, let each condition on whose a row is select everything; or each but one on the row's own id."""
    for verb in ("filter", "exclude"):
        monkeypatch.setattr(QuerySet, verb, _forgetful(getattr(QuerySet, verb), what))


def _forgetful(real: Callable[..., Any], what: str) -> Callable[..., Any]:
    def narrowed(self: "QuerySet[Model]", *args: Q, **wanted: object) -> Any:
        if self.model._meta.app_label not in ROOMS:
            return real(self, *args, **wanted)
        kept = {name: value for name, value in wanted.items() if not _is_forgotten(name, what)}
        said = [each for each in args if not any(_is_forgotten(name, what) for name in _names(each))]
        return real(self, *said, **kept) if said or kept else self.all()

    return narrowed


def _names(condition: Any) -> Iterator[str]:
    if isinstance(condition, Q):
        for child in condition.children:
            yield from (
                _names(child) if isinstance(child, Q) else [str(child[0]) if isinstance(child, tuple) else ""]
            )


def _is_forgotten(name: str, what: str) -> bool:
    if what == "everything":
        return name.split("__")[0] not in ("pk", "id")
    return bool(re.search("sponsor|kelurahan|agreement|organisation|city|branch", name))


def test_no_whole_number_lies_or_goes_anywhere(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is opened, sought, typed or sent: no NIK in a log, in a job, or in a column that is not sealed."""
    caplog.set_level("INFO")
    officer, things = site.client(Role.CITY_OFFICER), site.here.things
    nik = min(site.here.niks)
    seek = {"once": "a", "nik": nik, "birth_date": "12-03-1984"}
    assert officer.post(reverse("web:worker_search"), seek).status_code == 200
    page = reverse("web:member_join", args=[things["agreement_id"]])
    assert officer.post(page, {"once": "b", "nik": nik, "name": "Siti"}).status_code == 422
    kept = officer.post(reverse("web:account_save_draft"), {"nik": nik}, headers={"X-Page": page})
    assert kept.status_code == 204
    rows = [f"Orang {nik},'{nik},12/03/1984,P,The Hok,Penjahit"] * (AT_ONCE_BYTES // 50)
    large = SimpleUploadedFile(f"daftar {nik}.csv", sheet(*rows))
    sent = officer.post(reverse("web:roster_upload", args=[things["agreement_id"]]), {"file": large})
    assert sent.status_code == 302
    assert not site.niks.search(sent.headers["Location"])
    for door in guarded():
        if door.opens_to(Role.CITY_OFFICER) and "GET" in methods(door):
            officer.get(door.address(door.filled(things, Role.CITY_OFFICER), things))
    with system_scope(SystemScope.DEMO, actor=world.BUILDER):
        columns = _columns()
        assert _holds(columns["membership_roster.headers"], "NIK"), "the search finds what is there"
        found = {name for name in columns if _holds(columns[name], site.niks.pattern)}
    assert {"procrastinate_jobs.args", "access_auditevent.detail", "membership_rosterrow.sealed"} <= set(
        columns
    )
    assert fetched("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", TASK) == [(1,)]
    assert found == set()
    assert not site.niks.search(caplog.text)


class Column(NamedTuple):
    """A column of a table in which words can stand, sealed or not."""

    table: str
    name: str
    type: str


def _columns() -> dict[str, Column]:
    query = """
        SELECT c.relname, a.attname, t.typname FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          JOIN pg_type t ON t.oid = a.atttypid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND t.typname IN ('text', 'varchar', 'bpchar', 'json', 'jsonb', 'bytea', '_text', '_varchar')
           AND has_column_privilege(c.oid, a.attnum, 'SELECT')"""
    return {f"{table}.{name}": Column(table, name, type) for table, name, type in fetched(query)}


def _holds(column: Column, pattern: str) -> bool:
    """Whether any row the system sees holds a number in this column; bytes are read as if they were letters."""
    words = f"encode({column.name}, 'escape')" if column.type == "bytea" else f'"{column.name}"::text'
    (count,) = fetched(f"SELECT count(*) FROM {column.table} WHERE {words} ~ %s", pattern)[0]
    return bool(count)
