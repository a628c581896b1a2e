"""What the months of a budget year cost an agreement, as it stands or with more people, and how far its money reaches."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.contributions.billing import Group, groups_of_members
from lindung.contributions.rating import Rates, Rating
from lindung.contributions.sources import costs_by_source
from lindung.law.months import Month
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
    counting = agreement.budgets.filter(year=year, withdrawn_by__isnull=True)
    return sum(counting.values_list("amount", flat=True))


def year_costs(
    *,
    agreement: Agreement,
    year: int,
    joining: Mapping[Rating, int] | None = None,
    first_month: Month | None = None,
) -> list[tuple[Month, int]]:
    """What each month of the year costs the whole agreement (`sources.costs_by_source`), in order.

    From `first_month` on its members and those who join, also for whoever sees the people of one kelurahan only.
    """
    coming = [
        Group(agreement.funding_source_id, rating, first_month.first_day(), None, people)
        for rating, people in (joining or {}).items()
        if first_month
    ]
    with system_scope(SystemScope.BILLING, actor=NOBODY):
        members = {agreement.pk: [*groups_of_members(agreement), *coming]}
        by_source = costs_by_source([agreement], year, members, {agreement.pk: Rates(agreement)})[
            agreement.pk
        ]
    costs: Counter[Month] = Counter()
    for months in by_source.values():
        costs.update(months)
    return sorted(costs.items())


def _rated(agreement: Agreement, segment: Segment | None, joining: Joining) -> dict[Rating, int]:
    source = segment.funding_source if segment and segment.funding_source else agreement.funding_source
    return {
        Rating(source.kind, "other", key) if isinstance(key, int) else Rating(source.kind, key): count
        for key, count in joining.items()
    }
