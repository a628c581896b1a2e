"""Histories written straight into the tables, for the many cases of cover that would take months to live through.

They use only rights that the programme itself has: memberships as the loader, paid months as the app.
"""

from collections.abc import Mapping
from datetime import date

import world
from contributions.conftest import Place
from database import as_loader
from lindung.access.scope import SystemScope, system_scope
from lindung.contributions.cover import Cover, cover_of
from lindung.contributions.models import PaidMonth
from lindung.law.months import Month
from lindung.ledger.models import Instruction
from lindung.membership.employment import EmployerUnit, Wage
from lindung.membership.models import Membership, Work
from lindung.partnership.models import Agreement

WAGE = 3_000_000
AMOUNTS = {"jkk": 10_000, "jkm": 6_800, "jht": 20_000}


def member(
    place: Place,
    promised: Agreement,
    person_id: int,
    *,
    since: date,
    until: date | None = None,
    registered_on: date = world.REGISTERED,
    occupation: str = "farmer",
) -> Membership:
    """A second work of a person, protected by an agreement for a period; at the unit of an employer's agreement."""
    with system_scope(SystemScope.ENROLLING, actor=place.city.actor()):
        unit = EmployerUnit.objects.filter(agreement=promised).first()
        event, segment = world.event(place.city), promised.segments.get()
        kelurahan = place.agreement.memberships.get(person_id=person_id).kelurahan_code
        with as_loader():
            work, _ = Work.objects.get_or_create(
                person_id=person_id,
                kind="employer_unit" if unit else "bpu",
                unit=unit,
                occupation=occupation,
                defaults={"event_id": event},
            )
            made = Membership.objects.create(
                person_id=person_id,
                work=work,
                agreement=promised,
                segment=segment,
                sponsor=place.city.sponsor,
                kelurahan_code=kelurahan,
                programmes=promised.programmes,
                registered_on=registered_on,
                since=since,
                until=until,
                slot=None if unit else 2,
                event_id=event,
            )
            if unit:
                Wage.objects.create(
                    membership=made, sponsor=made.sponsor, since=since, basis="monthly", amount=WAGE, monthly=WAGE,
                    event_id=event,
                )  # fmt: skip
            return made


def months_paid(
    place: Place,
    membership: Membership,
    paid_on: Mapping[Month, date],
    *,
    by: Instruction,
    programmes: tuple[str, ...] = (),
) -> None:
    """The months of a membership that are paid, each on its day; of every programme unless some are named."""
    with place.city.acting():
        PaidMonth.objects.bulk_create(
            PaidMonth(
                month=month.first_day(),
                person_id=membership.person_id,
                work_id=membership.work_id,
                programme=programme,
                agreement_id=membership.agreement_id,
                sponsor=place.city.sponsor,
                instruction=by,
                amount=AMOUNTS[programme],
                paid_on=day,
            )
            for month, day in paid_on.items()
            for programme in programmes or membership.programmes
        )


def seen(place: Place, person_id: int, on: date) -> Cover:
    """The cover as the officer sees it."""
    with place.city.acting(on=on):
        return cover_of(person_id, on=on)
