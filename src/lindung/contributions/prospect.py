"""What the months of a budget year cost an agreement, as it stands or with more people, and how far its money reaches."""

from collections.abc import Mapping
from typing import NamedTuple

from lindung.contributions import billing
from lindung.contributions.models import Bill, BillStatus
from lindung.contributions.rating import Rates, Rating
from lindung.law.months import Month, months_from
from lindung.partnership.models import Agreement, Segment
from lindung.partnership.runway import Runway, runway


class Prospect(NamedTuple):
    """Whole rupiah a month for the people who would come, the first month they would be paid for, and the runway.

    The runway is that of the whole agreement, with them, in the budget year of that first month.
    """

    monthly_cost: int
    first_month: Month
    runway: Runway


Joining = Mapping[str | int, int]
"""How many people come: of each sector, or of each monthly wage (whole rupiah) where they are wage earners."""


def prospect(
    *, agreement: Agreement, joining: Joining, first_month: Month, segment: Segment | None = None
) -> Prospect:
    """The outlook when so many people join from `first_month` on; nothing is stored.

    Whose money pays them follows from the `segment` they join: its own source, or else the agreement's.
    """
    people = _rated(agreement, segment, joining)
    costs = year_costs(agreement=agreement, year=first_month.year, joining=people, first_month=first_month)
    budget = budgeted(agreement=agreement, year=first_month.year)
    own = Rates(agreement).total(people.items(), month=first_month)
    return Prospect(own, first_month, runway(budget=budget, costs=costs))


def budgeted(*, agreement: Agreement, year: int) -> int:
    """Whole rupiah set aside for the agreement in that year, from all its sources."""
    return sum(agreement.budgets.filter(year=year).values_list("amount", flat=True))


def year_costs(
    *,
    agreement: Agreement,
    year: int,
    joining: Mapping[Rating, int] | None = None,
    first_month: Month | None = None,
) -> list[tuple[Month, int]]:
    """What each month of the year costs, from the agreement's first month to its last.

    1. A month whose bill is drawn costs what the bill says: nobody can join it any more.
    2. Any other month costs its members and, from `first_month` on, those who join.
    """
    bills = Bill.objects.filter(agreement=agreement, month__year=year).exclude(status=BillStatus.CANCELLED)
    drawn = {Month.of(month): total for month, total in bills.values_list("month", "total")}
    members, rates = billing.groups_of_members(agreement), Rates(agreement)
    costs = []
    for month in months_from(max(Month(year, 1), Month.of(agreement.since)), Month(year, 12)):
        if not agreement.covers(max(month.first_day(), agreement.since)):
            break
        cost = drawn.get(month)
        if cost is None:
            cost = billing.expected(agreement=agreement, month=month, members=members, rates=rates)
            if joining and first_month and month >= first_month:
                cost += rates.total(joining.items(), month=month)
        costs.append((month, cost))
    return costs


def _rated(agreement: Agreement, segment: Segment | None, joining: Joining) -> dict[Rating, int]:
    source = segment.funding_source if segment and segment.funding_source else agreement.funding_source
    return {
        Rating(source.kind, "other", key) if isinstance(key, int) else Rating(source.kind, key): count
        for key, count in joining.items()
    }
