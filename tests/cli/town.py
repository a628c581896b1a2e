"""What the command-line tests stand on: two cities, a person for each role, one agreement paid until October 2026."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import agreed
from lindung.access.models import Appointment, Organisation, Role, User
from lindung.access.scope import Actor, Scope, SystemScope, in_scope, scope_of, system_scope
from lindung.contributions import billing, payments
from lindung.law.months import Month, months_from
from lindung.membership import enrolling, intake
from lindung.partnership.agreements import SegmentPlan, Terms
from lindung.partnership.models import Agreement, FundingSource, PayerKind

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 22, 8, 15, tzinfo=ZONE)
AGREED = datetime(2026, 7, 6, 9, 0, tzinfo=ZONE)
REGISTERED = datetime(2026, 7, 20, 9, 0, tzinfo=ZONE)
FIRST_MONTH, LAST_PAID = Month(2026, 8), Month(2026, 10)
PRICE = 16_800
BUDGET = 5 * 2 * PRICE
"""Five months for two people: August to December 2026."""

SITI, BUDI, DEWI = "1571025203840001", "1571020507790002", "1571024806900004"
HEADERS = "Nama Lengkap,NIK,Tanggal Lahir,L/P,Kelurahan,Pekerjaan"
ENROLLED_ROWS = (
    f"Siti Aminah,{SITI},12/03/1984,P,Payo Lebar,Penjahit",
    f"Budi Santoso,{BUDI},05/07/1979,L,Payo Lebar,Tukang ojek",
)
READY_ROW = f"Dewi Sartika,{DEWI},08/06/1990,P,Payo Lebar,Penjahit"
FAULTY_ROWS = (
    "Nur Hasanah,15710252,12/03/1984,P,Payo Lebar,Penjahit",
    "M. Yusuf,1571020101550003,01/01/1955,L,Payo Lebar,Tukang ojek",
)
QUOTA = 3

_USERS = (
    (Role.CITY_OFFICER, "disnaker"),
    (Role.FINANCE_OFFICER, "disnaker"),
    (Role.KELURAHAN_OPERATOR, "disnaker"),
    (Role.AUDITOR, "jambi"),
    (Role.MAYOR, "jambi"),
    (Role.ADMINISTRATOR, "jambi"),
)


class Town(NamedTuple):
    """Jambi, its users by role, its one agreement, and Ibu Siti; the stranger works for another city."""

    users: dict[Role, User]
    stranger: User
    agreement_id: int
    siti_id: int


def sheet(*rows: str) -> bytes:
    """A list as an office would send it, as csv."""
    return "\r\n".join([HEADERS, *rows, ""]).encode()


def acting(user: User, on: date) -> tuple[Actor, Scope]:
    """The user as an actor, and what she sees on that day."""
    return Actor.of(user), scope_of(user, on)


def build() -> Town:
    """Ibu Siti and Pak Budi are enrolled, and paid for August to October 2026."""
    with system_scope(SystemScope.DEMO, actor=Actor(None, "tests")):
        places = _organisations()
        users = {role: _user(role.value, role, places[place]) for role, place in _USERS}
        stranger = _user("stranger", Role.CITY_OFFICER, places["bungo"])
        colleague = _user("colleague", Role.FINANCE_OFFICER, places["bungo"])
    city_officer, treasurer = users[Role.CITY_OFFICER], users[Role.FINANCE_OFFICER]
    agreement = _agreement(
        "jambi-rentan", places["jambi"], places["disnaker"], places["cabang"], city_officer, treasurer
    )
    _agreement("bungo-rentan", places["bungo"], places["bungo"], places["cabang"], stranger, colleague)
    officer, scope = acting(users[Role.CITY_OFFICER], REGISTERED.date())
    with in_scope(scope, actor=officer):
        _enrol(officer, agreement)
    for month in months_from(FIRST_MONTH, LAST_PAID):
        _pay(month, agreement, users)
    with in_scope(scope, actor=officer):
        siti = agreement.memberships.get(person__name="Siti Aminah")
    return Town(users, stranger, agreement.pk, siti.person_id)


def _organisations() -> dict[str, Organisation]:
    make = Organisation.objects.create
    branch = make(kind="branch", code="cabang", name="BPJS Ketenagakerjaan Cabang Jambi")
    jambi = make(kind="city", code="jambi", name="Kota Jambi", branch=branch, region_code="15.71")
    bungo = make(kind="city", code="bungo", name="Kabupaten Bungo", branch=branch, region_code="15.08")
    disnaker = make(kind="office", code="disnaker", name="Dinas Tenaga Kerja", parent=jambi)
    return {"cabang": branch, "jambi": jambi, "bungo": bungo, "disnaker": disnaker}


def _user(username: str, role: Role, place: Organisation) -> User:
    user = User.objects.create_user(username, name=f"{role.label} {place.name}")
    kelurahan = "15.71.02.1004" if role == Role.KELURAHAN_OPERATOR else ""
    Appointment.objects.create(
        user=user, role=role, organisation=place, kelurahan_code=kelurahan, since=date(2025, 1, 1)
    )
    return user


def _agreement(
    code: str, city: Organisation, office: Organisation, branch: Organisation, writer: User, second: User
) -> Agreement:
    """In force, with the papers of 2026 and 2027."""
    officer, scope = acting(writer, AGREED.date())
    with in_scope(scope, actor=officer):
        source = FundingSource.objects.create(sponsor=city, kind=PayerKind.APBD, name=f"APBD {city.name}")
    agreement = agreed.in_force(
        code,
        terms=Terms(
            title=f"Pekerja rentan {city.name}",
            paying_office_id=office.pk,
            funding_source_id=source.pk,
            programmes=("jkk", "jkm"),
            since=FIRST_MONTH.first_day(),
        ),
        segments=(SegmentPlan("rentan", "Rentan", "Buruh", QUOTA),),
        sponsor=city,
        branch=branch,
        writer=(officer, scope),
        second=acting(second, AGREED.date()),
        now=AGREED,
    )
    with in_scope(scope, actor=officer):
        agreed.ready_years(agreement, 2026, 2027, by=officer, now=AGREED)
        agreed.budget(agreement, source, {2026: BUDGET}, by=officer)
    return agreement


def _enrol(officer: Actor, agreement: Agreement) -> None:
    roster = intake.receive(
        name="daftar.csv",
        content=sheet(*ENROLLED_ROWS),
        agreement_id=agreement.pk,
        by=officer,
        now=REGISTERED,
    )
    enrolling.enrol(roster_id=roster, by=officer, now=REGISTERED, first_month=FIRST_MONTH)


def _pay(month: Month, agreement: Agreement, users: dict[Role, User]) -> None:
    drawn = datetime.combine(month.first_day(), REGISTERED.timetz())
    officer, scope = acting(users[Role.CITY_OFFICER], drawn.date())
    with in_scope(scope, actor=officer):
        bill = billing.draw_up(agreement_id=agreement.pk, month=month, by=officer, today=drawn.date())
        paid = payments.record(
            bill_id=bill.pk,
            order_number=f"SP2D/{month}",
            ordered_on=drawn.date(),
            amount=bill.total,
            by=officer,
            now=drawn,
        )
    treasurer, scope = acting(users[Role.FINANCE_OFFICER], drawn.date())
    with in_scope(scope, actor=treasurer):
        payments.confirm(payment_id=paid.pk, bill_id=bill.pk, by=treasurer, now=drawn)
