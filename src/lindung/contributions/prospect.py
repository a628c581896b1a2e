"""What the months of a budget year cost an agreement, as it stands or with more people, and how far its money reaches."""

from collections.abc import Mapping
from typing import NamedTuple

from lindung.contributions import billing
from lindung.contributions.models import Bill, BillStatus
from lindung.law.months import Month, months_from
from lindung.partnership.models import Agreement
from lindung.partnership.pricing import price
from lindung.partnership.runway import Runway, runway


class Prospect(NamedTuple):
    """Whole rupiah a month for the people who would come, the first month they would be paid for, and the runway.

    The runway is that of the whole agreement, with them, in the budget year of that first month.
    """

    monthly_cost: int
    first_month: Month
    runway: Runway


def prospect(*, agreement: Agreement, joining: Mapping[str, int], first_month: Month) -> Prospect:
    """The outlook when so many people of each sector join from `first_month` on; nothing is stored."""
    costs = year_costs(agreement=agreement, year=first_month.year, joining=joining, first_month=first_month)
    budget = budgeted(agreement=agreement, year=first_month.year)
    own = _joining(agreement, first_month, joining)
    return Prospect(own, first_month, runway(budget=budget, costs=costs))


def budgeted(*, agreement: Agreement, year: int) -> int:
    """Whole rupiah set aside for the agreement in that year, from all its sources."""
    return sum(agreement.budgets.filter(year=year).values_list("amount", flat=True))


def year_costs(
    *,
    agreement: Agreement,
    year: int,
    joining: Mapping[str, int] | None = None,
    first_month: Month | None = None,
) -> list[tuple[Month, int]]:
    """What each month of the year costs, from the agreement's first month to its last.

    1. A month whose bill is drawn costs what the bill says: nobody can join it any more.
    2. Any other month costs its members and, from `first_month` on, those who join.
    """
    bills = Bill.objects.filter(agreement=agreement, month__year=year).exclude(status=BillStatus.CANCELLED)
    drawn = {Month.of(month): total for month, total in bills.values_list("month", "total")}
    members = billing.groups_of_members(agreement)
    costs = []
    for month in months_from(max(Month(year, 1), Month.of(agreement.since)), Month(year, 12)):
        if not agreement.covers(max(month.first_day(), agreement.since)):
            break
        cost = drawn.get(month)
        if cost is None:
            cost = billing.expected(agreement=agreement, month=month, members=members)
            if joining and first_month and month >= first_month:
                cost += _joining(agreement, month, joining)
        costs.append((month, cost))
    return costs


def _joining(agreement: Agreement, month: Month, joining: Mapping[str, int]) -> int:
    return sum(
        count * price(agreement, month=month, sector=sector).total for sector, count in joining.items()
    )
