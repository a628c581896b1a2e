"""An employer unit of the village's Disnaker with cleaners, built through the real functions."""

from datetime import date
from typing import NamedTuple

import agreed
from lindung.access.models import Organisation, Role
from lindung.access.scope import Actor, in_scope
from lindung.law.months import Month
from lindung.law.terms import RiskClass
from lindung.membership import joining, units
from lindung.membership.employment import EmployerUnit, StaffKind
from lindung.membership.joining import Entry, Joined
from lindung.partnership.models import FundingSource
from web.village import NOW, Village, acting

DECEMBER = Month(2026, 12)
THE_HOK = "15.71.02.1004"
NAMES = ("Dewi Sartika", "Ratna Sari", "Umar Usman", "Yuni Astuti", "Hadi Saputra", "Lina Marlina")


class Workplace(NamedTuple):
    """The unit, its agreement, and those who came, in order."""

    unit_id: int
    agreement_id: int
    workers: tuple[Joined, ...]


def workplace(village: Village, *, workers: int = 1, wage: int = 115_000) -> Workplace:
    """A unit whose workers came in November for December, at a day's wage below the minimum."""
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        unit = _unit(village, officer=officer)
    promised = agreed.brought_into_force(
        unit.agreement,
        writer=(officer, scope),
        second=acting(village.users[Role.BRANCH_OFFICER], NOW.date()),
        now=NOW,
    )
    with in_scope(scope, actor=officer):
        agreed.ready_years(promised, DECEMBER.year, DECEMBER.year + 1, by=officer, now=NOW)
        came = [
            joining.join(
                agreement_id=unit.agreement_id,
                entry=entry(number, wage=wage),
                first_month=DECEMBER,
                below_minimum=True,
                by=officer,
                now=NOW,
            )
            for number in range(workers)
        ]
    return Workplace(unit.pk, unit.agreement_id, tuple(came))


def entry(number: int, *, wage: int = 115_000) -> Entry:
    """One of the cleaners."""
    return Entry(
        name=f"{NAMES[number % len(NAMES)]} {'ABCDEFGHIJKLMNOP'[number // len(NAMES)]}",
        nik=f"157102520384{number + 10:04}",
        birth="1984-03-12",
        birth_place="Jambi",
        sex="P",
        kelurahan="The Hok",
        occupation="Petugas kebersihan",
        wage=str(wage),
        basis="daily",
    )


def _unit(village: Village, *, officer: Actor) -> EmployerUnit:
    source = FundingSource.objects.get()
    units.record_minimum_wage(
        sponsor_id=source.sponsor_id,
        region_code="15.71",
        year=2026,
        amount=3_000_000,
        decree_number="KEP/2026",
        decree_date=date(2025, 12, 10),
        by=officer,
    )
    return units.open_unit(
        title="Kebersihan Disnaker",
        office_id=Organisation.objects.get(code="disnaker").pk,
        staff_kind=StaffKind.CLEANERS,
        risk_class=RiskClass.LOW,
        risk_basis="Surat cabang 12/2026",
        region_code="15.71",
        funding_source_id=source.pk,
        quota=1_000,
        occupation="Petugas kebersihan",
        since=DECEMBER,
        by=officer,
        now=NOW,
    )
