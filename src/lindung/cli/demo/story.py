"""The Jambi example, told by the real pipeline: papers, two lists, seventeen months billed and paid.

Kota Jambi launched its programme on 22 May 2025 and signed the MoU on 28 May 2025; the people, the numbers of
the papers and the treasury orders are invented.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lindung.access.appointing import appoint
from lindung.access.models import Organisation, OrganisationKind, Role, User
from lindung.access.scope import Actor, Scope, SystemScope, in_scope, scope_of, system_scope
from lindung.contributions import billing, payments
from lindung.law.months import Month, months_from
from lindung.membership import enrolling, intake
from lindung.partnership.models import (
    Agreement,
    ArrearsBearer,
    Budget,
    FundingSource,
    Paper,
    PayerKind,
    Segment,
)

ZONE = ZoneInfo("Asia/Jakarta")
REGISTERED = dt.datetime(2025, 5, 22, 9, 0, tzinfo=ZONE)
FIRST_MONTH, LAST_MONTH = Month(2025, 6), Month(2026, 10)
STORYTELLER = Actor(None, "Lindung demo")


class Office(NamedTuple):
    """One paying office with its agreement, list, quota and budgets by year (whole rupiah)."""

    code: str
    name: str
    agreement: str
    title: str
    segment: str
    label: str
    occupation: str
    quota: int
    budgets: dict[int, int]
    workbook: str
    officer: str
    treasurer: str


OFFICES = (
    Office(
        code="disnaker",
        name="Dinas Tenaga Kerja Kota Jambi",
        agreement="jambi-rentan",
        title="Pekerja rentan",
        segment="rentan",
        label="Pekerja rentan",
        occupation="Buruh harian lepas",
        quota=3_200,
        budgets={2025: 360_000_000, 2026: 594_300_000},
        workbook="disnaker-pekerja-rentan.xlsx",
        officer="siti.rahma",
        treasurer="bendahara.disnaker",
    ),
    Office(
        code="kesra",
        name="Bagian Kesejahteraan Rakyat Setda Kota Jambi",
        agreement="jambi-keagamaan",
        title="Petugas keagamaan (syara')",
        segment="keagamaan",
        label="Petugas keagamaan",
        occupation="Guru ngaji",
        quota=1_400,
        budgets={2025: 155_000_000, 2026: 260_700_000},
        workbook="kesra-petugas-keagamaan.xlsx",
        officer="ahmad.kesra",
        treasurer="bendahara.kesra",
    ),
)

PEOPLE = (
    ("siti.rahma", "Siti Rahmawati", Role.CITY_OFFICER, "disnaker", ""),
    ("ahmad.kesra", "Ahmad Fauzi", Role.CITY_OFFICER, "kesra", ""),
    ("bendahara.disnaker", "Rina Marlina", Role.FINANCE_OFFICER, "disnaker", ""),
    ("bendahara.kesra", "Joko Susilo", Role.FINANCE_OFFICER, "kesra", ""),
    ("lurah.thehok", "Yusuf Hidayat", Role.KELURAHAN_OPERATOR, "jambi", "15.71.02.1004"),
    ("cabang.jambi", "Maria Sitorus", Role.BRANCH_OFFICER, "bpjs-jambi", ""),
    ("klaim.jambi", "Andi Wijaya", Role.CLAIMS_APPROVER, "bpjs-jambi", ""),
    ("kacab.jambi", "Dewi Lestari", Role.BRANCH_HEAD, "bpjs-jambi", ""),
    ("inspektorat", "Hendra Gunawan", Role.AUDITOR, "jambi", ""),
    ("admin", "Nurul Huda", Role.ADMINISTRATOR, "jambi", ""),
    ("walikota", "Wali Kota Jambi", Role.MAYOR, "jambi", ""),
)
"""User name, name, role, organisation, kelurahan: one for every role the demo can sign in as, and two offices."""


def tell(*, workbooks: Path, say: Callable[[str], None]) -> None:
    """Build the whole example in an empty database; ``say`` hears what is being done, in Indonesian.

    1. Organisations, users and their appointments.
    2. Papers, funding, quotas and budgets of both agreements; registration precedes the MoU by six days.
    3. Each office's list: received, judged, its ready rows enrolled, the rest left as found.
    4. Each month from June 2025 to October 2026: bill drawn, SP2D recorded, confirmed by a second person.
    """
    say("Menyusun organisasi, pengguna dan perjanjian ...")
    _organisations()
    _users()
    for office in OFFICES:
        _agreement(office)
    for office in OFFICES:
        enrolled = _list(office, workbooks / office.workbook)
        say(f"{office.title}: {enrolled} orang didaftarkan dari {office.workbook}")
    for office in OFFICES:
        _months(office)
        say(f"{office.title}: {FIRST_MONTH} s.d. {LAST_MONTH} ditagih dan dibayar")


def _organisations() -> None:
    branch = Organisation.objects.create(
        kind=OrganisationKind.BRANCH, code="bpjs-jambi", name="BPJS Ketenagakerjaan Cabang Jambi"
    )
    city = Organisation.objects.create(
        kind=OrganisationKind.CITY,
        code="jambi",
        name="Pemerintah Kota Jambi",
        branch=branch,
        region_code="15.71",
    )
    for office in OFFICES:
        Organisation.objects.create(
            kind=OrganisationKind.OFFICE, code=office.code, name=office.name, parent=city
        )


def _users() -> None:
    with system_scope(SystemScope.DEMO, actor=STORYTELLER):
        for username, name, role, organisation, kelurahan in PEOPLE:
            appoint(
                User.objects.create_user(username, name=name),
                role=role,
                organisation=Organisation.objects.get(code=organisation),
                kelurahan_code=kelurahan,
                since=REGISTERED.date(),
                by=STORYTELLER,
                now=REGISTERED,
            )


def _agreement(office: Office) -> None:
    city = Organisation.objects.get(code="jambi")
    with system_scope(SystemScope.DEMO, actor=STORYTELLER):
        source, _ = FundingSource.objects.get_or_create(
            sponsor=city, kind=PayerKind.APBD, name="APBD Kota Jambi"
        )
        agreement = Agreement.objects.create(
            code=office.agreement,
            title=office.title,
            sponsor=city,
            paying_office=Organisation.objects.get(code=office.code),
            branch=Organisation.objects.get(code="bpjs-jambi"),
            funding_source=source,
            programmes=["jkk", "jkm"],
            arrears_borne_by=ArrearsBearer.SPONSOR,
            since=FIRST_MONTH.first_day(),
        )
        Segment.objects.create(
            agreement=agreement, sponsor=city, code=office.segment, label=office.label,
            occupation=office.occupation, quota=office.quota,
        )  # fmt: skip
        for year, amount in office.budgets.items():
            Budget.objects.create(
                agreement=agreement, sponsor=city, funding_source=source, year=year, amount=amount
            )
        Paper.objects.bulk_create(_papers(office, agreement, city))


def _papers(office: Office, agreement: Agreement, city: Organisation) -> list[Paper]:
    branch = "BPJS Ketenagakerjaan Cabang Jambi"
    signed = (
        ("pks", f"PKS/{office.code.upper()}/01/2025", dt.date(2025, 5, 19), office.name, branch),
        ("sk", f"SK/{office.code.upper()}/112/2025", dt.date(2025, 5, 20), "Wali Kota Jambi", ""),
        ("mou", "MoU/JAMBI/05/2025", dt.date(2025, 5, 28), city.name, branch),
    )
    return [
        Paper(
            agreement=agreement, sponsor=city, kind=kind, number=number, signed_at="Jambi", signed_on=signed_on,
            first_party=first, second_party=second,
        )
        for kind, number, signed_on, first, second in signed
    ]  # fmt: skip


def _list(office: Office, path: Path) -> int:
    officer, scope = _acting(office.officer, REGISTERED.date())
    with in_scope(scope, actor=officer):
        agreement = Agreement.objects.get(code=office.agreement)
        roster = intake.receive(
            name=path.name, content=path.read_bytes(), agreement_id=agreement.pk, by=officer, now=REGISTERED
        )
        return enrolling.enrol(roster_id=roster, by=officer, now=REGISTERED, first_month=FIRST_MONTH).enrolled


def _months(office: Office) -> None:
    for number, month in enumerate(months_from(FIRST_MONTH, LAST_MONTH), start=1):
        drawn_on = month.first_day() + dt.timedelta(days=1)
        ordered_on = month.first_day() + dt.timedelta(days=9)
        officer, scope = _acting(office.officer, drawn_on)
        with in_scope(scope, actor=officer):
            agreement = Agreement.objects.get(code=office.agreement)
            bill = billing.draw_up(agreement_id=agreement.pk, month=month, by=officer, today=drawn_on)
        with in_scope(scope, actor=officer):
            paid = payments.record(
                bill_id=bill.pk,
                order_number=f"SP2D/{office.code.upper()}/{number:03d}/{month.year}",
                ordered_on=ordered_on,
                amount=bill.total,
                by=officer,
                now=_at(ordered_on, 10),
            )
        treasurer, scope = _acting(office.treasurer, ordered_on)
        with in_scope(scope, actor=treasurer):
            payments.confirm(payment_id=paid.pk, bill_id=bill.pk, by=treasurer, now=_at(ordered_on, 14))


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), ZONE)


def _acting(username: str, on: dt.date) -> tuple[Actor, Scope]:
    user = User.objects.get(username=username)
    return Actor.of(user), scope_of(user, on)
