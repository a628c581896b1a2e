"""Who sees and changes which accounts: asked by SQL as the app's own role, past every function."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

import world
from access.test_changing import NOW, TODAY, WHY, House, acting, approved, asked, built, link
from conftest import Connect
from database import execute, fetched
from lindung.access import second_factor
from lindung.access.account_models import ChangeKind
from lindung.access.models import Appointment, Device, DevicePass, OpenSession, Role, User
from lindung.access.scope import NOBODY, NOTHING, Actor, SystemScope, in_scope, scope_of, system_scope
from lindung.access.sessions import SessionStore, found_by_key

TABLES = (
    "access_user",
    "access_appointment",
    "access_accountchange",
    "access_onetimelink",
    "access_opensession",
    "access_device",
    "access_devicepass",
    "mfa_authenticator",
    "account_emailaddress",
    "account_emailconfirmation",
    "django_session",
)


@pytest.fixture
def house(db: None) -> House:
    return furnished()


def furnished() -> House:
    """A row in every table of accounts."""
    house = built()
    operator = house.jambi.users[Role.KELURAHAN_OPERATOR]
    second_factor.give(house.siti)
    change = asked(house, ChangeKind.RESET_PASSWORD)
    approved(house, change)
    link(house, change)
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        execute(
            "INSERT INTO account_emailaddress (email, verified, \"primary\", user_id) VALUES ('a@b.id', true, true, %s)",
            house.siti.pk,
        )
        execute(
            "INSERT INTO account_emailconfirmation (created, key, email_address_id)"
            " SELECT now(), 'k', id FROM account_emailaddress"
        )
        OpenSession.objects.create(
            user=house.siti, key_hash=b"1" * 32, key_sealed=b"", since=NOW, seen_at=NOW
        )
        device = Device.objects.create(
            token_hash=b"1" * 32,
            name="Loket",
            organisation=house.jambi.office,
            kelurahan_code=world.THE_HOK,
            registered_by=operator,
            registered_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
        DevicePass.objects.create(device=device, user=operator, day=TODAY)
    SessionStore().save()
    return house


def seen() -> dict[str, int]:
    return {table: fetched(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def names() -> set[str]:
    return {name for (name,) in fetched("SELECT username FROM access_user")}


NOTHING_AT_ALL = dict.fromkeys(TABLES, 0)


class TestNothingSet:
    def test_it_has_rows_to_hide_in_every_table(self, house: House) -> None:
        with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
            assert [table for table, count in seen().items() if not count] == []

    def test_it_shows_nothing(self, house: House) -> None:
        assert seen() == NOTHING_AT_ALL
        with in_scope(NOTHING, actor=NOBODY):
            assert seen() == NOTHING_AT_ALL

    def test_it_shows_nothing_to_a_connection_that_only_knows_the_password(
        self, fresh_database: str, as_role: Connect
    ) -> None:
        furnished()
        plain = as_role("lindung_app")
        for table in TABLES:
            assert plain.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,), table

    def test_it_shows_nothing_to_the_public_check(self, house: House) -> None:
        with system_scope(SystemScope.PUBLIC_CHECK, actor=NOBODY):
            assert seen() == NOTHING_AT_ALL

    def test_it_lets_nothing_be_added_or_changed(self, house: House) -> None:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            User.objects.create_user("hantu", name="Hantu")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Appointment.objects.create(
                user=house.siti, role="mayor", organisation=house.jambi.sponsor, since=TODAY
            )
        assert execute("UPDATE access_user SET password = 'x'") == 0
        assert execute("UPDATE access_appointment SET until = NULL") == 0
        assert execute("DELETE FROM mfa_authenticator") == 0
        assert execute("DELETE FROM django_session") == 0
        assert execute("UPDATE access_organisation SET name = 'x'") == 0


class TestAnOfficer:
    def test_it_sees_the_colleagues_of_her_city_and_branch_and_of_no_other(self, house: House) -> None:
        with house.jambi.acting():
            assert "branch_officer.jambi" in names()
            assert "kelurahan_operator.jambi" in names()
            assert not any(name.endswith(".bungo") for name in names() - {"branch_officer.bungo"})

    def test_it_shows_an_operator_who_recorded_and_confirmed(self, house: House) -> None:
        with house.jambi.acting(Role.KELURAHAN_OPERATOR):
            assert {"city_officer.jambi", "finance_officer.jambi"} <= names()

    def test_it_shows_the_branch_the_users_of_both_its_cities(self, house: House) -> None:
        with house.bungo.acting(Role.BRANCH_OFFICER):
            assert {"mayor.jambi", "mayor.bungo"} <= names()

    def test_it_shows_nobody_anothers_second_factor_or_session(self, house: House) -> None:
        with house.jambi.acting(Role.FINANCE_OFFICER):
            counts = seen()
        hidden = ("mfa_authenticator", "access_opensession", "account_emailaddress", "access_accountchange")
        assert {table: counts[table] for table in hidden} == dict.fromkeys(hidden, 0)

    def test_it_lets_nobody_change_anothers_password(self, house: House) -> None:
        with house.jambi.acting(Role.FINANCE_OFFICER):
            assert execute("UPDATE access_user SET password = 'x' WHERE id <> lindung_actor()") == 0
            assert execute("UPDATE access_user SET name = 'Rina' WHERE id = lindung_actor()") == 1

    def test_it_remembers_a_colleague_who_has_left(self, house: House) -> None:
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            Appointment.objects.filter(user=house.siti).update(until=TODAY)
        with house.jambi.acting(Role.FINANCE_OFFICER):
            assert house.siti.username in names()


class TestAnAdministrator:
    def test_it_sees_the_users_of_her_own_house_only(self, house: House) -> None:
        with acting(house.nurul):
            assert {"city_officer.jambi", "mayor.jambi", "nurul", "teguh"} <= names()
            assert not any(name.endswith(".bungo") or name.startswith("branch") for name in names())

    def test_it_sees_no_person_and_no_money(self, house: House) -> None:
        promised = world.agreement(house.jambi, budgets={2025: 10**9})
        world.enrol(house.jambi, promised, world.SITI)
        with acting(house.nurul):
            for table in ("people_person", "membership_membership", "partnership_agreement"):
                assert fetched(f"SELECT count(*) FROM {table}") == [(0,)]

    def test_it_sees_no_request_of_another_city(self, house: House) -> None:
        with in_scope(scope_of(house.bungo.users[Role.MAYOR], TODAY), actor=Actor(None, "")):
            assert seen()["access_accountchange"] == 0

    def test_it_asks_nothing_for_another_city(self, house: House) -> None:
        with (
            acting(house.nurul),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            execute(
                "INSERT INTO access_accountchange (kind, name, username, role, kelurahan_code, since, reason,"
                " requested_at, decision, decided_in, organisation_id, requested_by_id)"
                " VALUES ('invite', 'x', 'x', 'mayor', '', %s, %s, %s, '', '', %s, %s)",
                *(TODAY, WHY, NOW, house.bungo.sponsor.pk, house.nurul.pk),
            )


class TestSessions:
    def test_it_is_found_by_its_own_key_alone(self, house: House) -> None:
        first, second = SessionStore(), SessionStore()
        for session in (first, second):
            session["word"] = "rahasia"
            session.save()
        with found_by_key(first.session_key):
            assert fetched("SELECT session_key FROM django_session") == [(first.session_key,)]
            assert execute("DELETE FROM django_session WHERE session_key = %s", second.session_key) == 0
        assert seen()["django_session"] == 0

    @pytest.mark.parametrize("key", ["", "\x00" * 32, "' OR 1=1 --", "x" * 5_000, "*"])
    def test_it_opens_none_by_an_odd_key(self, house: House, key: str) -> None:
        assert SessionStore(key).load() == {}
