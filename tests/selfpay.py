"""People who pay for themselves, as tests need them: their agreement through a group, joining it, billing, paying."""

from datetime import date

import agreed
import employers
import world
from lindung.access.models import Role
from lindung.contributions import own_bills
from lindung.contributions.models import Bill
from lindung.law.months import Month
from lindung.membership import joining
from lindung.membership.models import Membership
from lindung.partnership.agreements import SegmentPlan, Terms, own_source
from lindung.partnership.models import Agreement, AgreementKind


def independent(
    place: world.City,
    code: str = "wadah",
    *,
    programmes: tuple[str, ...] = ("jkk", "jkm"),
    since: Month = world.FIRST_MONTH,
    quota: int = 5_000,
) -> Agreement:
    """An agreement in force of a group of riders who each pay for themselves; no budget, no papers of a year."""
    with place.acting() as officer:
        source = own_source(sponsor_id=place.sponsor.pk, by=officer)
    return agreed.in_force(
        f"{code}-{place.sponsor.code}",
        terms=Terms(
            title=f"Wadah {code}",
            paying_office_id=place.office.pk,
            funding_source_id=source.pk,
            programmes=programmes,
            since=since.first_day(),
        ),
        segments=(SegmentPlan(code, "Peserta mandiri", "Buruh", quota),),
        sponsor=place.sponsor,
        branch=place.branch,
        writer=place.standing(),
        second=place.standing(Role.FINANCE_OFFICER),
        now=world.at(min(since.first_day(), world.REGISTERED)),
        kind=AgreementKind.INDEPENDENT,
    )


def join(
    place: world.City,
    promised: Agreement,
    worker: world.Worker,
    *,
    since: Month = world.FIRST_MONTH,
    income: int | None = None,
    savings: bool = False,
) -> Membership:
    """One person joins the group by form, on the day everybody is registered."""
    with place.acting(on=world.REGISTERED) as officer:
        came = joining.join(
            agreement_id=promised.pk,
            entry=employers.entry(worker),
            first_month=since,
            income=income,
            savings=savings,
            by=officer,
            now=world.at(world.REGISTERED),
        )
    return membership(place, came.person_id, promised)


def membership(place: world.City, person: int, promised: Agreement) -> Membership:
    """The newest membership of a person under an agreement."""
    with place.acting():
        found = Membership.objects.filter(person_id=person, agreement=promised).order_by("-pk")
        return found.select_related("agreement").first()  # type: ignore[return-value]  # a test made it


def own_bill(place: world.City, member: Membership, month: Month) -> Bill:
    """The person's own bill of a month, drawn on its second day."""
    today = month.first_day().replace(day=2)
    with place.acting(on=today) as officer:
        return own_bills.draw_own(membership_id=member.pk, month=month, by=officer, today=today)


def pay_own(place: world.City, member: Membership, month: Month, *, on: date | None = None) -> None:
    """The person's own month drawn and paid."""
    drawn = own_bill(place, member, month)
    world.confirm(place, drawn, world.order(place, drawn, on=on))
