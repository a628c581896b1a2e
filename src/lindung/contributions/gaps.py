"""The months that were left out since the first paid one, and those that are owed, each with what it would have cost."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from lindung.contributions.dues import segment_of
from lindung.contributions.rating import Rates, Rating
from lindung.law.months import Month, months_from
from lindung.law.terms import Segment
from lindung.membership.employment import Wage
from lindung.membership.models import Membership


class Missed(NamedTuple):
    """One month of a work that nobody paid, and its contribution in whole rupiah.

    ``owed``: cover goes on and the month is in arrears; otherwise cover began anew after it and it is forgotten.
    """

    month: Month
    cost: int
    owed: bool


def missed(
    membership: Membership, paid: Collection[Month], owed: Collection[Month], *, reached: Month | None
) -> tuple[Missed, ...]:
    """Every month between paid ones that is not paid, and every owed one, in order.

    ``reached`` is the last month up to which cover counts (`paid.paid_through`).
    """
    between = months_from(min(paid), reached) if reached is not None else ()
    months = sorted({month for month in between if month not in paid} | set(owed))
    if not months:
        return ()
    rates, wages = Rates(membership.agreement), _wages(membership)
    source = membership.segment.funding_source or membership.agreement.funding_source
    return tuple(
        Missed(
            month,
            rates.price(Rating(source.kind, membership.work.sector, _wage(wages, month)), month=month).total,
            month in owed,
        )
        for month in months
    )


def _wages(membership: Membership) -> list[Wage]:
    """The wages of a wage earner, the newest first; nobody else has any."""
    if segment_of(membership.agreement) is not Segment.PU:
        return []
    return list(Wage.objects.filter(membership=membership, withdrawn__isnull=True).order_by("-since"))


def _wage(wages: Iterable[Wage], month: Month) -> int:
    return next((wage.monthly for wage in wages if wage.since <= month.first_day()), 0)
