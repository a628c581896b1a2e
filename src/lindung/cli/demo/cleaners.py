"""The cleaners of Dinas Lingkungan Hidup in the example: employed by the city itself, with wages, JHT and changes.

DLH signed for 905 cleaners (field.md 10); the people, the wages, the minimum wage and every number are invented.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from lindung.access.appointing import appoint
from lindung.access.models import Organisation, OrganisationKind, Role, User
from lindung.access.scope import SystemScope, in_scope, system_scope
from lindung.cli.demo import papers
from lindung.cli.demo.actors import STORYTELLER, acting, at
from lindung.contributions import billing, payments
from lindung.law.months import Month, months_from
from lindung.law.terms import RiskClass
from lindung.membership import changes, enrolling, intake, joining, units
from lindung.membership.employment import EmployerUnit, LeaveReason, StaffKind
from lindung.membership.joining import Entry
from lindung.membership.models import Membership
from lindung.partnership.agreements import SegmentPlan
from lindung.partnership.budget_years import Turn, YearPaperKind
from lindung.partnership.models import FundingSource

WORKBOOK = "dlh-petugas-kebersihan.xlsx"
TITLE = "Petugas kebersihan DLH"
OFFICER, TREASURER = "rudi.dlh", "bendahara.dlh"
OFFICE_NAME = "Dinas Lingkungan Hidup Kota Jambi"
APPOINTED = dt.date(2026, 5, 4)
DAYS = papers.Days(dt.date(2026, 5, 11), dt.date(2026, 5, 18), dt.date(2026, 5, 25), dt.date(2026, 5, 28))
REGISTERED = dt.date(2026, 6, 15)
FIRST_MONTH, LAST_MONTH = Month(2026, 7), Month(2026, 10)
CLEANERS = SegmentPlan(StaffKind.CLEANERS.value, TITLE, "Petugas kebersihan", 950)
BUDGET = 1_300_000_000
MINIMUM_WAGE = 3_600_000
NEWCOMER = Entry(
    name="Sri Wahyuni",
    nik="1571035204889001",
    birth="1988-04-12",
    birth_place="Jambi",
    sex="P",
    kelurahan="Legok",
    occupation="Petugas kebersihan",
    wage="145000",
    basis="daily",
)
"""Comes in September by form, for one who leaves."""


def tell(*, workbooks: Path, say: Callable[[str], None]) -> None:
    """The office as an employer, its list of wages, four months, and one join, one leave, one new wage.

    A folder of workbooks without the cleaners' list is told without them.
    """
    path = workbooks / WORKBOOK
    if not path.exists():
        return
    _office()
    unit = _unit()
    papers.sign_employer(_promise(unit), unit.agreement_id)
    enrolled = _listed(unit, path)
    say(f"{TITLE}: {enrolled} orang didaftarkan dari {WORKBOOK}")
    for number, month in enumerate(months_from(FIRST_MONTH, LAST_MONTH), start=1):
        _changed(unit, month)
        _paid(unit, month, number)
    papers.look_ahead(_promise(unit), desks={YearPaperKind.DPA: Turn.PPTK})
    say(f"{TITLE}: {FIRST_MONTH} s.d. {LAST_MONTH} ditagih dan dibayar, dengan JHT")


def _office() -> None:
    people = ((OFFICER, "Rudi Hartono", Role.CITY_OFFICER), (TREASURER, "Wati Susanti", Role.FINANCE_OFFICER))
    with system_scope(SystemScope.DEMO, actor=STORYTELLER):
        city = Organisation.objects.get(code="jambi")
        office = Organisation.objects.create(
            kind=OrganisationKind.OFFICE, code="dlh", name=OFFICE_NAME, parent=city
        )
        for username, name, role in people:
            appoint(
                User.objects.create_user(username, name=name),
                role=role,
                organisation=office,
                since=APPOINTED,
                by=STORYTELLER,
                now=at(APPOINTED, 8),
            )


def _unit() -> EmployerUnit:
    officer, scope = acting(OFFICER, DAYS.drafted)
    with in_scope(scope, actor=officer):
        source = FundingSource.objects.get(name="APBD Kota Jambi")
        units.record_minimum_wage(
            sponsor_id=source.sponsor_id,
            region_code="15.71",
            year=2026,
            amount=MINIMUM_WAGE,
            decree_number="Keputusan Gubernur (contoh) 1/2025",
            decree_date=dt.date(2025, 12, 10),
            by=officer,
        )
        return units.open_unit(
            title=TITLE,
            office_id=Organisation.objects.get(code="dlh").pk,
            staff_kind=StaffKind.CLEANERS,
            risk_class=RiskClass.LOW,
            risk_basis="Surat cabang (contoh) 7/2026",
            region_code="15.71",
            funding_source_id=source.pk,
            quota=CLEANERS.quota,
            occupation=CLEANERS.occupation,
            since=FIRST_MONTH,
            npp="26000905",
            by=officer,
            now=at(DAYS.drafted, 9),
        )


def _promise(unit: EmployerUnit) -> papers.Promise:
    return papers.Promise(
        office="dlh",
        office_name=OFFICE_NAME,
        code=unit.agreement.code,
        title=TITLE,
        segment=CLEANERS,
        budgets={FIRST_MONTH.year: BUDGET},
        officer=OFFICER,
        treasurer=TREASURER,
        days=DAYS,
    )


def _listed(unit: EmployerUnit, path: Path) -> int:
    officer, scope = acting(OFFICER, REGISTERED)
    with in_scope(scope, actor=officer):
        roster = intake.receive(
            name=path.name,
            content=path.read_bytes(),
            agreement_id=unit.agreement_id,
            by=officer,
            now=at(REGISTERED, 9),
        )
        done = enrolling.enrol(roster_id=roster, by=officer, now=at(REGISTERED, 10), first_month=FIRST_MONTH)
    return done.enrolled


def _changed(unit: EmployerUnit, month: Month) -> None:
    """In August one leaves, in September another comes in her place, in October a third earns more."""
    on = month.first_day()
    officer, scope = acting(OFFICER, on)
    with in_scope(scope, actor=officer):
        first, second = Membership.objects.filter(agreement=unit.agreement_id).order_by("pk")[:2]
        if month == Month(2026, 8):
            changes.leave(
                membership_id=first.pk, last_month=month, reason=LeaveReason.MOVED, by=officer, now=at(on, 9)
            )
        if month == Month(2026, 9):
            joining.join(
                agreement_id=unit.agreement_id, entry=NEWCOMER, first_month=month, by=officer, now=at(on, 9)
            )
        if month == Month(2026, 10):
            changes.change_wage(
                membership_id=second.pk, since=month, basis="daily", amount=150_000, by=officer, now=at(on, 9)
            )


def _paid(unit: EmployerUnit, month: Month, number: int) -> None:
    drawn_on, ordered_on = month.first_day() + dt.timedelta(days=1), month.first_day() + dt.timedelta(days=9)
    officer, scope = acting(OFFICER, drawn_on)
    with in_scope(scope, actor=officer):
        bill = billing.draw_up(agreement_id=unit.agreement_id, month=month, by=officer, today=drawn_on)
    with in_scope(scope, actor=officer):
        order = payments.record(
            bill_id=bill.pk,
            order_number=f"SP2D/DLH/{number:03d}/{month.year}",
            ordered_on=ordered_on,
            amount=bill.total,
            by=officer,
            now=at(ordered_on, 10),
        )
    treasurer, scope = acting(TREASURER, ordered_on)
    with in_scope(scope, actor=treasurer):
        payments.confirm(payment_id=order.pk, bill_id=bill.pk, by=treasurer, now=at(ordered_on, 14))
