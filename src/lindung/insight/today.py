"""The page "Hari ini": who is covered, what it costs, how far the money reaches, and what needs you first."""

from datetime import date
from typing import NamedTuple

from lindung.contributions.dues import months_at_risk
from lindung.insight.agreement_today import AgreementToday, agreements
from lindung.insight.needs import Need, needs_of
from lindung.law.months import Month

BASIC_PROGRAMMES = ("jkk", "jkm")
"""What every agreement covers."""


class Today(NamedTuple):
    """Everything the first page says, for the agreements in the caller's scope.

    ``months_at_risk`` is for how many unpaid months the law still counts people as protected. ``covered``,
    ``monthly_cost`` and ``funds_until`` are of those whom the city pays for; its own wage earners count apart.
    """

    on: date
    months_at_risk: int
    covered: int
    monthly_cost: int
    funds_until: Month | None
    agreements: tuple[AgreementToday, ...]
    needs: tuple[Need, ...]
    employed: int = 0
    employed_cost: int = 0


def today(*, on: date) -> Today:
    """The day for everything in the caller's scope. ``funds_until`` is the earliest among the agreements."""
    found = agreements(on=on)
    sponsored = [each for each in found if not each.employer]
    employers = [each for each in found if each.employer]
    reaches = [each.funds_until for each in sponsored if each.budget]
    return Today(
        on=on,
        months_at_risk=months_at_risk(BASIC_PROGRAMMES, on=on),
        covered=sum(each.covered for each in sponsored),
        monthly_cost=sum(each.monthly_cost for each in sponsored),
        funds_until=min((month for month in reaches if month), default=None) if all(reaches) else None,
        agreements=found,
        needs=needs_of(found, on=on),
        employed=sum(each.covered for each in employers),
        employed_cost=sum(each.monthly_cost for each in employers),
    )
