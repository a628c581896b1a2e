"""What enrolling people would cost each month, and how far the year's budget would then reach."""

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
    """The outlook when so many people of each sector join from `first_month` on; nothing is stored.

    1. A month whose bill is drawn costs what the bill says: nobody can join it any more.
    2. Any other month costs its members and, from `first_month` on, those who join.
    """
    year = first_month.year
    bills = Bill.objects.filter(agreement=agreement, month__year=year).exclude(status=BillStatus.CANCELLED)
    drawn = {Month.of(month): total for month, total in bills.values_list("month", "total")}
    costs = [
        (month, drawn[month] if month in drawn else _cost(agreement, month, joining, first_month))
        for month in months_from(max(Month(year, 1), Month.of(agreement.since)), Month(year, 12))
    ]
    budget = sum(agreement.budgets.filter(year=year).values_list("amount", flat=True))
    own = _joining(agreement, first_month, joining)
    return Prospect(own, first_month, runway(budget=budget, costs=costs))


def _cost(agreement: Agreement, month: Month, joining: Mapping[str, int], first_month: Month) -> int:
    own = _joining(agreement, month, joining) if month >= first_month else 0
    return billing.expected(agreement=agreement, month=month) + own


def _joining(agreement: Agreement, month: Month, joining: Mapping[str, int]) -> int:
    return sum(
        count * price(agreement, month=month, sector=sector).total for sector, count in joining.items()
    )
