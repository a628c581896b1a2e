"""Every operation of the OpenAPI document x every role x (own city, another city): what opens, by the sheet of roles."""

import json
from datetime import date
from typing import NamedTuple

import pytest
from django.db.models import Model, QuerySet

from api.conftest import As, Machine, Reply, token_of
from formats.statements import Wire, mt940
from lindung.access import clients
from lindung.access.models import Appointment, Organisation, Role, User
from lindung.access.roles import ROLES, Permission
from lindung.access.scope import Actor, SystemScope, in_scope, scope_of, system_scope
from lindung.api.document import document
from lindung.contributions import statements
from lindung.contributions.models import Bill, Payment
from lindung.contributions.statement_records import StatementFormat
from lindung.formats import mt940 as reader
from web.village import NEXT_ROWS, NOW, Village, sheet


class Call(NamedTuple):
    """How an operation is called, what it needs, and what a role gets that may call it but sees another city."""

    permission: Permission | None
    body: object = None
    elsewhere: int = 404
    here: tuple[int, ...] = (200,)


TABLE = {
    ("POST", "/token"): Call(None, here=(422,), elsewhere=422),
    ("GET", "/me"): Call(None, elsewhere=200),
    ("GET", "/agreements"): Call(Permission.SEE_AGREEMENTS, elsewhere=200),
    ("GET", "/agreements/{agreement_id}"): Call(Permission.SEE_AGREEMENTS),
    ("GET", "/rosters"): Call(Permission.SEE_ROSTERS, elsewhere=200),
    ("POST", "/agreements/{agreement_id}/rosters"): Call(Permission.UPLOAD_ROSTER, here=(201,)),
    ("GET", "/rosters/{roster_id}"): Call(Permission.SEE_ROSTERS),
    ("GET", "/rosters/{roster_id}/rows"): Call(Permission.SEE_ROSTERS),
    ("POST", "/rosters/{roster_id}/enrol"): Call(Permission.ENROL, {}),
    ("GET", "/members"): Call(Permission.SEE_WORKERS, elsewhere=200),
    ("POST", "/members/search"): Call(
        Permission.SEE_WORKERS, {"nik": "1571025203840001", "birth_date": "1984-03-12"}, elsewhere=200
    ),
    ("GET", "/members/{member_id}"): Call(Permission.SEE_WORKERS),
    ("GET", "/members/{member_id}/cover"): Call(Permission.SEE_WORKERS),
    ("POST", "/members/{member_id}/reveal"): Call(Permission.REVEAL_NIK, {"reason": "mencocokkan kartu"}),
    ("GET", "/runway"): Call(Permission.SEE_AGREEMENTS, elsewhere=200),
    ("GET", "/bills"): Call(Permission.SEE_BILLS, elsewhere=200),
    ("POST", "/agreements/{agreement_id}/bills"): Call(
        Permission.DRAW_BILL, {"month": "2026-10"}, here=(201,)
    ),
    ("GET", "/bills/{bill_id}"): Call(Permission.SEE_BILLS),
    ("GET", "/bills/{bill_id}/paper"): Call(Permission.SEE_BILLS),
    ("GET", "/bills/{bill_id}/lines"): Call(Permission.SEE_BILLS),
    # Paid already, by this very order: recording and confirming it once more changes nothing.
    ("POST", "/bills/{bill_id}/payments"): Call(
        Permission.RECORD_PAYMENT,
        {"order_number": "SP2D/2026-10", "ordered_on": "2026-10-01", "amount": 33_600},
        here=(201,),
    ),
    ("POST", "/bills/{bill_id}/payments/{payment_id}/confirm"): Call(Permission.CONFIRM_PAYMENT, {}),
    ("POST", "/statements"): Call(Permission.IMPORT_STATEMENT, elsewhere=201, here=(201,)),
    ("GET", "/bank-lines"): Call(Permission.SEE_MONEY, elsewhere=200),
    # Nothing of the kind is proposed for the line.
    ("POST", "/bank-lines/{line_id}/match"): Call(Permission.MATCH_MONEY, {"key": "1:::"}, here=(409,)),
    ("POST", "/bills/{bill_id}/payments/{payment_id}/reject"): Call(
        Permission.RECORD_PAYMENT, {"reason": "salah catat"}, here=(409,)
    ),
    # The last: it ends the token that the calls before it showed.
    ("DELETE", "/token"): Call(None, elsewhere=200),
}
SECRETS = ("Siti", "Budi", "jambi-rentan", "SP2D", "157102")
"""What an answer about Jambi would hold, one or the other."""


def test_the_table_has_every_operation() -> None:
    found = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, operations in document()["paths"].items()
        for method in operations
    }
    assert found == set(TABLE)


def test_the_document_names_the_permission_that_is_asked_for() -> None:
    named = {
        (method.upper(), path.removeprefix("/api/v1")): operation["x-permission"]
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
    }
    assert named == {place: call.permission for place, call in TABLE.items()}


@pytest.fixture
def places(village: Village) -> dict[str, int]:
    """The ids of what belongs to Jambi."""
    officer = village.users[Role.CITY_OFFICER]
    with in_scope(scope_of(officer, NOW.date()), actor=Actor.of(officer)):
        bill = Bill.objects.get(month=date(2026, 10, 1))
        payment = Payment.objects.get(bill_id=bill.pk)
    return {
        "agreement_id": village.agreement_id,
        "roster_id": village.roster_id,
        "member_id": village.siti_id,
        "bill_id": bill.pk,
        "payment_id": payment.pk,
        "line_id": banked(village),
    }


def banked(village: Village) -> int:
    """A line of a statement of Jambi that waits."""
    finance = village.users[Role.FINANCE_OFFICER]
    content = mt940([Wire(date(2026, 11, 3), 5_000, "SETORAN Siti")])
    with in_scope(scope_of(finance, NOW.date()), actor=Actor.of(finance)):
        came = statements.take(
            found=reader.read(content),
            format=StatementFormat.MT940,
            name="a.sta",
            content=content,
            sponsor_id=statements.city_meant(scope_of(finance, NOW.date()).sponsor_ids, "jambi"),
            by=Actor.of(finance),
            now=NOW,
        )
        return int(came.lines.get().pk)


def called(machine: Machine, place: tuple[str, str], places: dict[str, int]) -> Reply:
    method, path = place
    address = path.format(**places)
    if path.endswith("/rosters") and method == "POST":
        return machine.hand_in(address, sheet(*NEXT_ROWS))
    if path == "/statements":
        return machine.hand_in(address, mt940([Wire(date(2026, 11, 4), 7_000)], account="99887766"))
    if method == "POST":
        return machine.post(address, TABLE[place].body)
    return machine.send(method, address)


@pytest.mark.parametrize("role", list(Role))
def test_it_opens_to_a_role_in_its_city_what_the_sheet_allows(
    village: Village, places: dict[str, int], role: Role
) -> None:
    user = village.users[role]
    if role == Role.INTEGRATOR:
        _serve(village, "jambi")
    _expect(village, user, role, places, here=True)


@pytest.mark.parametrize("role", [role for role in Role if ROLES[role].may])
def test_it_shows_a_role_of_another_city_nothing_of_this_one(
    village: Village, places: dict[str, int], role: Role
) -> None:
    _expect(village, _namesake(village, role), role, places, here=False)


def _expect(village: Village, user: User, role: Role, places: dict[str, int], *, here: bool) -> None:
    if not ROLES[role].may:
        with pytest.raises(clients.NotOfTheRole):
            token_of(village, user)
        return
    machine = Machine(token_of(village, user))
    for place, call in TABLE.items():
        reply = called(machine, place, places)
        if call.permission is not None and call.permission not in ROLES[role].may:
            assert (reply.status, reply.code) == (403, "token.not_allowed"), place
        elif here:
            assert reply.status in call.here, (place, reply)
        else:
            assert reply.status == call.elsewhere, (place, reply)
            assert not any(secret in json.dumps(reply.body) for secret in SECRETS), (place, reply)


def _namesake(village: Village, role: Role) -> User:
    """A user of the same role in a city, or at a branch, that has nothing to do with Jambi."""
    with system_scope(SystemScope.DEMO, actor=Actor(None, "tests")):
        branch = Organisation.objects.create(kind="branch", code="cabang-lain", name="Cabang lain")
        bungo = Organisation.objects.get(code="bungo")
        partner = Organisation.objects.create(kind="integrator", code="mitra-lain", name="Mitra lain")
        at = {
            Role.BRANCH_OFFICER: branch,
            Role.CLAIMS_APPROVER: branch,
            Role.BRANCH_HEAD: branch,
            Role.INTEGRATOR: partner,
        }
        user = User.objects.create_user(f"lain.{role}", name="Orang lain")
        Appointment.objects.create(
            user=user,
            role=role,
            organisation=at.get(role, bungo),
            kelurahan_code="15.08.01.1001" if role == Role.KELURAHAN_OPERATOR else "",
            since=date(2025, 1, 1),
        )
    return user


def _serve(village: Village, city: str) -> None:
    admin = Actor.of(village.users[Role.ADMINISTRATOR])
    with system_scope(SystemScope.DEMO, actor=admin):
        clients.serve(
            integrator=Organisation.objects.get(code="mitra"),
            city=Organisation.objects.get(code=city),
            by=admin,
            now=NOW,
        )


class TestTheSecondWall:
    """One filter forgotten in the programme still shows nobody another city's rows."""

    @pytest.mark.parametrize("role", [Role.CITY_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR])
    def test_it_leaks_nothing_without_any_filter_of_the_orm(
        self, village: Village, role: Role, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stranger = Machine(token_of(village, _namesake(village, role)))
        forget_filters(monkeypatch)
        for path in ("/agreements", "/rosters", "/members", "/bills"):
            reply = stranger.get(path)
            if reply.status == 403:
                continue
            assert reply.status == 200
            assert not any(secret in json.dumps(reply.body) for secret in SECRETS), path

    def test_the_patch_does_take_the_filters_out(self, machine: As, monkeypatch: pytest.MonkeyPatch) -> None:
        """Or the test above would be content with anything."""
        officer = machine(Role.CITY_OFFICER)
        assert officer.get("/bills?agreement=999").body["items"] == []
        forget_filters(monkeypatch)
        assert len(officer.get("/bills?agreement=999").body["items"]) == 3


def forget_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every filter on the tables of people, papers and money select everything."""
    real = QuerySet.filter
    rooms = {"partnership", "membership", "contributions", "people", "documents"}

    def forgotten(self: QuerySet[Model], *args: object, **wanted: object) -> QuerySet[Model]:
        return self.all() if self.model._meta.app_label in rooms else real(self, *args, **wanted)

    monkeypatch.setattr(QuerySet, "filter", forgotten)
