"""What enrolling the ready rows of a roster would cost a month, and how long this year's money would then last."""

from datetime import date
from typing import NamedTuple

from lindung.contributions import billing
from lindung.contributions.models import Bill, BillStatus
from lindung.law.months import Month, months_from
from lindung.partnership.models import Agreement
from lindung.partnership.pricing import price
from lindung.partnership.runway import runway


class Prospect(NamedTuple):
    """Whole rupiah a month for the people to be enrolled, and the last month then payable in full."""

    monthly_cost: int
    funds_until: Month | None


def prospect(*, agreement_id: int, people: int, on: date) -> Prospect:
    """The prospect for so many more people from the month after `on`, in the budget year of that day.

    They are priced by the agreement's own terms, without a relief that only some sectors have, so the sum may
    be too high but never too low. Raises Agreement.DoesNotExist when the agreement is not in sight.
    """
    agreement = Agreement.objects.select_related("funding_source").get(pk=agreement_id)
    first = Month.of(on).next()
    budget = sum(agreement.budgets.filter(year=on.year).values_list("amount", flat=True))
    drawn = _drawn(agreement, on.year)
    start = max(Month(on.year, 1), Month.of(agreement.since))
    costs = [
        (
            month,
            drawn[month] if month in drawn else _expected(agreement, month, people if month >= first else 0),
        )
        for month in months_from(start, Month(on.year, 12))
    ]
    return Prospect(
        people * price(agreement, month=first).total, runway(budget=budget, costs=costs).paid_in_full
    )


def _drawn(agreement: Agreement, year: int) -> dict[Month, int]:
    bills = Bill.objects.filter(agreement=agreement, month__year=year).exclude(status=BillStatus.CANCELLED)
    return {Month.of(month): total for month, total in bills.values_list("month", "total")}


def _expected(agreement: Agreement, month: Month, more: int) -> int:
    return billing.expected(agreement=agreement, month=month) + more * price(agreement, month=month).total
