"""An office of a city as an employer, with its wage earners, built through the real functions."""

from datetime import date

import agreed
import world
from lindung.access.models import Role
from lindung.law.months import Month
from lindung.law.terms import RiskClass
from lindung.membership import joining, units
from lindung.membership.employment import EmployerUnit, StaffKind
from lindung.membership.joining import Entry, Joined
from lindung.partnership.models import FundingSource, PayerKind
from lindung.people import families
from lindung.people.models import Relation

REGION = "15.71"
MINIMUM = 3_000_000
DAILY = 115_000
MONTHLY = 25 * DAILY
DEWI = world.SITI._replace(name="Dewi Sartika", nik="1571025203840005")
"""A colleague of Ibu Siti's who works for the city itself."""


def unit(place: world.City, *, title: str = "Petugas kebersihan DLH", quota: int = 1_000) -> EmployerUnit:
    """An employer unit of the city's office, low risk, from June 2025 on; its agreement in force, its years ready."""
    now = world.at(world.REGISTERED)
    opened = drafted(place, title=title, quota=quota)
    promised = agreed.brought_into_force(
        opened.agreement, writer=place.standing(), second=place.standing(Role.FINANCE_OFFICER), now=now
    )
    with place.acting() as officer:
        agreed.ready_years(promised, world.FIRST_MONTH.year, world.LAST_READY, by=officer, now=now)
        return EmployerUnit.objects.select_related("agreement__funding_source").get(pk=opened.pk)


def drafted(place: world.City, *, title: str = "Petugas kebersihan DLH", quota: int = 1_000) -> EmployerUnit:
    """A unit as it is opened, with the draft of its agreement."""
    with place.acting() as officer:
        source, _ = FundingSource.objects.get_or_create(
            sponsor=place.sponsor, kind=PayerKind.APBD, name=PayerKind.APBD.label
        )
        return units.open_unit(
            title=title,
            office_id=place.office.pk,
            staff_kind=StaffKind.CLEANERS,
            risk_class=RiskClass.LOW,
            risk_basis="Surat cabang 12/2025",
            region_code=REGION,
            funding_source_id=source.pk,
            quota=quota,
            occupation="Petugas kebersihan",
            since=world.FIRST_MONTH,
            by=officer,
            now=world.at(world.APPOINTED),
        )


def minimum_wage(place: world.City, *, year: int = 2025, amount: int = MINIMUM) -> None:
    """The minimum wage of Kota Jambi in a year."""
    with place.acting() as officer:
        units.record_minimum_wage(
            sponsor_id=place.sponsor.pk,
            region_code=REGION,
            year=year,
            amount=amount,
            decree_number=f"KEP/{year}",
            decree_date=date(year - 1, 12, 10),
            by=officer,
        )


def entry(worker: world.Worker, *, wage: str = "", basis: str = "daily") -> Entry:
    """What a form would say about this worker."""
    return Entry(
        name=worker.name,
        nik=worker.nik,
        birth=worker.birth_date.isoformat(),
        birth_place="Jambi",
        sex="P" if worker.sex == "F" else "L",
        kelurahan="The Hok" if worker.kelurahan_code == world.THE_HOK else "Legok",
        occupation=worker.occupation,
        wage=wage,
        basis=basis,
    )


def join(
    place: world.City,
    agreement_id: int,
    worker: world.Worker,
    *,
    wage: str = "",
    basis: str = "daily",
    since: Month = world.FIRST_MONTH,
    on: date = world.REGISTERED,
    beside: bool = False,
    below_minimum: bool = True,
    high_wage: bool = True,
    segment: str = "",
) -> Joined:
    """One worker let in by form; at an employer with the wage given, or that of a cleaner's day, made sure of."""
    with place.acting(on=on) as officer:
        return joining.join(
            agreement_id=agreement_id,
            entry=entry(worker, wage=wage, basis=basis),
            first_month=since,
            beside=beside,
            below_minimum=below_minimum,
            high_wage=high_wage,
            segment_code=segment,
            by=officer,
            now=world.at(on),
        )


def employ(
    place: world.City, at_unit: EmployerUnit, *workers: world.Worker, wage: int = DAILY
) -> list[Joined]:
    """These workers at the unit for a day's wage."""
    return [join(place, at_unit.agreement_id, worker, wage=str(wage)) for worker in workers]


def child(place: world.City, person_id: int, *, name: str = "Anak Warga", number: str = "") -> int:
    """A child in the family of a worker."""
    with place.acting() as officer:
        return families.add_member(
            person_id=person_id,
            relation=Relation.CHILD,
            name=name,
            birth_date=date(2015, 1, 1),
            number=number,
            sponsor_id=place.sponsor.pk,
            by=officer,
            on=world.TODAY,
        )


def staffed(place: world.City) -> EmployerUnit:
    """A unit with one worker who has a child, its June billed, and the minimum wage known: a row of everything."""
    minimum_wage(place)
    made = unit(place)
    (cleaner,) = employ(place, made, DEWI)
    child(place, cleaner.person_id)
    world.bill(place, made.agreement, world.FIRST_MONTH)
    return made
