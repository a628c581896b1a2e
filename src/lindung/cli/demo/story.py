"""The Jambi example, told by the real pipeline: papers, two lists, seventeen months billed and paid.

Kota Jambi launched its programme on 22 May 2025 and signed the MoU on 28 May 2025; the people, the numbers of
the papers and the treasury orders are invented.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lindung.access.appointing import appoint
from lindung.access.models import Organisation, OrganisationKind, Role, User
from lindung.access.scope import SystemScope, in_scope, system_scope
from lindung.cli.demo import branch, cleaners, neighbours, papers
from lindung.cli.demo.actors import STORYTELLER, ZONE, acting, at
from lindung.contributions import billing, payments
from lindung.law.months import Month, months_from
from lindung.membership import enrolling, intake
from lindung.partnership.agreements import SegmentPlan
from lindung.partnership.models import Agreement

APPOINTED = dt.datetime(2025, 4, 14, 9, 0, tzinfo=ZONE)
REGISTERED = dt.datetime(2025, 5, 22, 9, 0, tzinfo=ZONE)
FIRST_MONTH, LAST_MONTH = Month(2025, 6), Month(2026, 10)


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

_OF_JAMBI = (
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
    ("admin.bpjs", "Ratna Dewi", Role.ADMINISTRATOR, "bpjs-jambi", ""),
    ("admin.kedua", "Teguh Prasetyo", Role.ADMINISTRATOR, "jambi", ""),
    ("walikota", "Wali Kota Jambi", Role.MAYOR, "jambi", ""),
)
"""User name, name, role, organisation, kelurahan: one for every role the demo can sign in as; two offices, and two administrators, as
authority is given by two."""
PEOPLE = (
    *_OF_JAMBI,
    *((username, name, role, neighbours.CITY, "") for username, name, role in neighbours.PEOPLE),
)
"""Everybody of the example who can sign in; for each role somebody of Kota Jambi or its branch comes first."""


def tell(*, workbooks: Path, say: Callable[[str], None]) -> None:
    """Build the whole example in an empty database; ``say`` hears what is being done, in Indonesian.

    1. Organisations, users and their appointments.
    2. Both agreements from draft to force, with papers, funding, quotas and budgets; registration precedes the
       MoU by six days.
    3. Each office's list: received, judged, its ready rows enrolled, the rest left as found.
    4. Each month from June 2025 to October 2026: bill drawn, SP2D recorded, confirmed by a second person.
    5. Apart from these: the cleaners of Dinas Lingkungan Hidup, whom the city employs itself.
    6. The branch's word: who decides what, member numbers by file, one determination that differs.
    7. The second city of the branch, Kabupaten Muaro Jambi, with its stories of money.
    """
    say("Menyusun organisasi, pengguna dan perjanjian ...")
    with system_scope(SystemScope.DEMO, actor=STORYTELLER):
        _organisations()
        _users()
    for office in OFFICES:
        papers.sign(_promise(office))
    for office in OFFICES:
        enrolled = _list(office, workbooks / office.workbook)
        say(f"{office.title}: {enrolled} orang didaftarkan dari {office.workbook}")
    for office in OFFICES:
        _months(office)
        say(f"{office.title}: {FIRST_MONTH} s.d. {LAST_MONTH} ditagih dan dibayar")
        papers.look_ahead(_promise(office))
    cleaners.tell(workbooks=workbooks, say=say)
    numbered = branch.speak(agreements=tuple(office.agreement for office in OFFICES))
    say(f"Kata BPJS: {numbered} nomor peserta (KPJ) dan satu penetapan masuk lewat berkas")
    neighbours.tell(say=say)


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
    for username, name, role, organisation, kelurahan in _OF_JAMBI:
        appoint(
            User.objects.create_user(username, name=name),
            role=role,
            organisation=Organisation.objects.get(code=organisation),
            kelurahan_code=kelurahan,
            since=APPOINTED.date(),
            by=STORYTELLER,
            now=APPOINTED,
        )


def _promise(office: Office) -> papers.Promise:
    return papers.Promise(
        office=office.code,
        office_name=office.name,
        code=office.agreement,
        title=office.title,
        segment=SegmentPlan(office.segment, office.label, office.occupation, office.quota),
        budgets=office.budgets,
        officer=office.officer,
        treasurer=office.treasurer,
    )


def _list(office: Office, path: Path) -> int:
    officer, scope = acting(office.officer, REGISTERED.date())
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
        officer, scope = acting(office.officer, drawn_on)
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
                now=at(ordered_on, 10),
            )
        treasurer, scope = acting(office.treasurer, ordered_on)
        with in_scope(scope, actor=treasurer):
            payments.confirm(payment_id=paid.pk, bill_id=bill.pk, by=treasurer, now=at(ordered_on, 14))
