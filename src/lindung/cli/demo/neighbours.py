"""A second city of the branch in the example: Kabupaten Muaro Jambi, small enough that every story of money shows.

A semester is paid ahead, a bill lacks one rupiah, a sponsor stops, and riders pay for themselves. Offices, people,
papers and numbers are invented. Lindung knows the kelurahan of Kota Jambi by name and no others yet, so the people
live at its edge and work in the kabupaten around it.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple

from lindung.access.appointing import appoint
from lindung.access.models import Organisation, OrganisationKind, Role, User
from lindung.access.scope import SystemScope, in_scope, system_scope
from lindung.cli.demo import invented, neighbour_bank, papers
from lindung.cli.demo.actors import STORYTELLER, acting, at
from lindung.contributions import advance, billing, handing_over, own_bills, payments
from lindung.contributions.models import Bill
from lindung.formats.sheets import Sheet, to_xlsx
from lindung.law.months import Month, months_from
from lindung.membership import ending, enrolling, intake
from lindung.membership.models import Membership
from lindung.partnership import agreements
from lindung.partnership.agreements import SegmentPlan, Terms
from lindung.partnership.models import Agreement, AgreementKind, ArrearsBearer, FundingSource, SourceOrigin

CITY, CITY_NAME, REGION = "muaro-jambi", "Pemerintah Kabupaten Muaro Jambi", "15.05"
OFFICER, TREASURER, SECOND = "yuli.muarojambi", "bendahara.muarojambi", "kasda.muarojambi"
PEOPLE = (
    (OFFICER, "Yuli Astuti", Role.CITY_OFFICER),
    (TREASURER, "Endah Pertiwi", Role.FINANCE_OFFICER),
    (SECOND, "Sutrisno Hadi", Role.FINANCE_OFFICER),
    ("inspektorat.muarojambi", "Zainal Abidin", Role.AUDITOR),
)
"""Everybody looks after the whole kabupaten; two of finance, as a reversal takes two."""

APPOINTED = dt.date(2026, 5, 4)
DAYS = papers.Days(dt.date(2026, 5, 11), dt.date(2026, 5, 18), dt.date(2026, 5, 25), dt.date(2026, 5, 28))
REGISTERED = dt.date(2026, 6, 15)
FIRST_MONTH, LAST_MONTH = Month(2026, 7), Month(2026, 12)
STOPPED, STOP_TOLD = dt.date(2026, 9, 21), dt.date(2026, 9, 18)
ACCEPTED = dt.date(2026, 10, 5)
HOMES = ("Bagan Pete", "Eka Jaya", "Kenali Asam Bawah", "Mayang Mangurai", "Pasir Panjang")
SEED = 1505
HEADINGS = ("NO", "NAMA LENGKAP", "NIK", "TEMPAT LAHIR", "TANGGAL LAHIR", "L/P", "KELURAHAN", "PEKERJAAN")


class Group(NamedTuple):
    """One office and its agreement; whose money (None: the people's own), whole rupiah for 2026, and how many people."""

    code: str
    office: str
    office_name: str
    title: str
    occupation: str
    people: int
    origin: SourceOrigin | None
    source: str = ""
    budget: int = 0
    since: Month = FIRST_MONTH


VILLAGES = Group(
    "muarojambi-desa", "dpmd", "Dinas Pemberdayaan Masyarakat dan Desa Kab. Muaro Jambi", "Pekerja rentan desa",
    "Petani", 24, SourceOrigin.VILLAGE, "Dana desa Muaro Jambi", 3_000_000,
)  # fmt: skip
FISHERS = Group(
    "muarojambi-nelayan", "diskan", "Dinas Perikanan Kab. Muaro Jambi", "Nelayan Batang Hari",
    "Nelayan", 18, SourceOrigin.APBD, "APBD Kab. Muaro Jambi", 2_000_000,
)  # fmt: skip
TEACHERS = Group(
    "muarojambi-guru-ngaji", "kesra-mj", "Bagian Kesejahteraan Rakyat Setda Kab. Muaro Jambi", "Guru ngaji",
    "Guru Ngaji", 20, SourceOrigin.APBD, "APBD Kab. Muaro Jambi", 2_100_000,
)  # fmt: skip
RIDERS = Group(
    "muarojambi-ojek", "dishub-mj", "Dinas Perhubungan Kab. Muaro Jambi", "Wadah pengojek Sengeti",
    "Tukang ojek", 12, None, since=Month(2026, 10),
)  # fmt: skip
GROUPS = (VILLAGES, FISHERS, TEACHERS, RIDERS)


def tell(*, say: Callable[[str], None]) -> None:
    """Build the kabupaten beside Kota Jambi, whose branch must be there.

    1. Organisations, users, and the agreements from draft to force, each with its list.
    2. The villages pay July to December 2026 by one SP2D; the fishers' October lacks one rupiah, November is a draft.
    3. The teachers' sponsor pays until August, owes September and stops; two of them go on alone with the riders.
    4. The riders' own bills, and two bank statements with what comes in for them.
    """
    _organisations()
    people = invented.People(seed=SEED)
    for group in GROUPS:
        _in_force(group)
        _enrolled(group, people)
    _semester()
    _short_by_one()
    _stopped()
    _own()
    neighbour_bank.tell(treasurer=TREASURER, second=SECOND)
    say(f"{CITY_NAME}: satu semester di muka, kurang satu rupiah, sponsor berhenti, peserta mandiri")


def _organisations() -> None:
    with system_scope(SystemScope.DEMO, actor=STORYTELLER):
        city = Organisation.objects.create(
            kind=OrganisationKind.CITY,
            code=CITY,
            name=CITY_NAME,
            branch=Organisation.objects.get(code="bpjs-jambi"),
            region_code=REGION,
        )
        for group in GROUPS:
            Organisation.objects.create(
                kind=OrganisationKind.OFFICE, code=group.office, name=group.office_name, parent=city
            )
        for username, name, role in PEOPLE:
            appoint(
                User.objects.create_user(username, name=name),
                role=role,
                organisation=city,
                since=APPOINTED,
                by=STORYTELLER,
                now=at(APPOINTED, 8),
            )


def _in_force(group: Group) -> None:
    promise = papers.Promise(
        office=group.office,
        office_name=group.office_name,
        code=group.code,
        title=group.title,
        segment=_segment(group),
        budgets={FIRST_MONTH.year: group.budget} if group.budget else {},
        officer=OFFICER,
        treasurer=TREASURER,
        days=DAYS,
    )
    drafted = _drafted(group)
    papers.into_force(promise, drafted)
    if group.origin:
        papers.sign_year(promise, drafted, FIRST_MONTH.year, regulation="Perbup 9/2026")


def _segment(group: Group) -> SegmentPlan:
    return SegmentPlan(group.office, group.title, group.occupation, 2 * group.people)


def _drafted(group: Group) -> int:
    by, scope = acting(OFFICER, DAYS.drafted)
    with in_scope(scope, actor=by):
        city = Organisation.objects.get(code=CITY)
        terms = Terms(
            title=group.title,
            paying_office_id=Organisation.objects.get(code=group.office).pk,
            funding_source_id=_source(group, city).pk,
            programmes=("jkk", "jkm"),
            since=group.since.first_day(),
            arrears_borne_by=ArrearsBearer.SPONSOR if group.origin else ArrearsBearer.UNSAID,
        )
        return agreements.draft_agreement(
            code=group.code,
            sponsor_id=city.pk,
            branch_id=Organisation.objects.get(code="bpjs-jambi").pk,
            terms=terms,
            segments=(_segment(group),),
            kind=AgreementKind.SPONSORED if group.origin else AgreementKind.INDEPENDENT,
            by=by,
            now=at(DAYS.drafted, 9),
        ).pk


def _source(group: Group, city: Organisation) -> FundingSource:
    by, _ = acting(OFFICER, DAYS.drafted)
    if group.origin is None:
        return agreements.own_source(sponsor_id=city.pk, by=by)
    known = FundingSource.objects.filter(sponsor=city, name=group.source).first()
    return known or agreements.add_source(sponsor_id=city.pk, origin=group.origin, name=group.source, by=by)


def _enrolled(group: Group, people: invented.People) -> None:
    by, scope = acting(OFFICER, REGISTERED)
    with in_scope(scope, actor=by):
        roster = intake.receive(
            name=f"{group.code}.xlsx",
            content=to_xlsx([Sheet("DAFTAR", HEADINGS, _rows(group, people))]),
            agreement_id=_agreement(group).pk,
            by=by,
            now=at(REGISTERED, 9),
        )
        enrolling.enrol(roster_id=roster, by=by, now=at(REGISTERED, 10), first_month=group.since)


def _rows(group: Group, people: invented.People) -> list[Sequence[str]]:
    role = invented.Role("malay", group.occupation)
    rows: list[Sequence[str]] = []
    for number in range(1, group.people + 1):
        one = people.invent(role=role, among=HOMES)
        sex = "P" if one.sex == "female" else "L"
        born = one.birth.strftime("%d-%m-%Y")
        rows.append(
            (str(number), one.name, one.nik, one.birth_place, born, sex, one.home.name, group.occupation)
        )
    return rows


def _agreement(group: Group) -> Agreement:
    return Agreement.objects.get(code=group.code)


def _semester() -> None:
    """July to December drawn at once and paid by one order that names all six bills."""
    drawn_on, ordered_on = dt.date(2026, 7, 2), dt.date(2026, 7, 9)
    by, scope = acting(OFFICER, drawn_on)
    with in_scope(scope, actor=by):
        bills = advance.draw_ahead(
            agreement_id=_agreement(VILLAGES).pk,
            first=FIRST_MONTH,
            months=advance.SEMESTER,
            semester=True,
            by=by,
            today=drawn_on,
        )
    _paid(bills, "SP2D/DPMD/0117/2026", ordered_on, sum(bill.total for bill in bills))


def _short_by_one() -> None:
    """Three months in full, October one rupiah short, November still a draft."""
    for number, month in enumerate(months_from(FIRST_MONTH, Month(2026, 10)), start=1):
        bill = _drawn(FISHERS, month)
        lacks = int(month == Month(2026, 10))
        ordered_on = month.first_day() + dt.timedelta(days=8)
        _paid([bill], f"SP2D/DISKAN/{number:03d}/2026", ordered_on, bill.total - lacks)
    _drawn(FISHERS, Month(2026, 11), as_draft=True)


def _stopped() -> None:
    """July and August are paid, September is billed and never paid; the sponsor stops within it."""
    for number, month in enumerate(months_from(FIRST_MONTH, Month(2026, 8)), start=1):
        bill = _drawn(TEACHERS, month)
        _paid(
            [bill], f"SP2D/KESRA-MJ/{number:03d}/2026", month.first_day() + dt.timedelta(days=8), bill.total
        )
    _drawn(TEACHERS, Month(2026, 9))
    by, scope = acting(OFFICER, STOP_TOLD)
    with in_scope(scope, actor=by):
        ending.terminate(
            agreement_id=_agreement(TEACHERS).pk,
            on=STOPPED,
            reason="Anggaran digeser pada perubahan APBD 2026",
            by=by,
            now=at(STOP_TOLD, 9),
        )


def _own() -> None:
    """Two of the teachers go on alone; then everybody's own bills of October and November."""
    by, scope = acting(OFFICER, ACCEPTED)
    with in_scope(scope, actor=by):
        wadah = _agreement(RIDERS)
        for member in Membership.objects.filter(agreement=_agreement(TEACHERS)).order_by("pk")[:2]:
            handing_over.accept(
                membership_id=member.pk, agreement_id=wadah.pk, by=by, now=at(ACCEPTED, 9), income=1_000_000
            )
        for month, day in ((Month(2026, 10), 6), (Month(2026, 11), 2)):
            today = month.first_day().replace(day=day)
            own_bills.draw_all_own(agreement_id=wadah.pk, month=month, by=by, today=today)


def _drawn(group: Group, month: Month, *, as_draft: bool = False) -> Bill:
    drawn_on = month.first_day() + dt.timedelta(days=1)
    by, scope = acting(OFFICER, drawn_on)
    with in_scope(scope, actor=by):
        return billing.drawn(
            agreement_id=_agreement(group).pk, month=month, by=by, today=drawn_on, as_draft=as_draft
        ).bill


def _paid(bills: Sequence[Bill], number: str, on: dt.date, amount: int) -> None:
    """An order recorded by the officer and confirmed by finance; what lacks stays lacking."""
    by, scope = acting(OFFICER, on)
    with in_scope(scope, actor=by):
        first, *more = [bill.pk for bill in bills]
        order = payments.record(
            bill_id=first,
            more_bills=more,
            order_number=number,
            ordered_on=on,
            amount=amount,
            by=by,
            now=at(on, 10),
        )
    by, scope = acting(TREASURER, on)
    with in_scope(scope, actor=by):
        payments.confirm(payment_id=order.pk, by=by, now=at(on, 14))
