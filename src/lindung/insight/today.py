"""The page "Hari ini": who is covered, what it costs, how far the money reaches, and what needs you first."""

from datetime import date
from typing import NamedTuple

from lindung.claims.answered import still_enrolled
from lindung.contributions.dues import months_at_risk
from lindung.insight.agreement_needs import steps_waiting
from lindung.insight.agreement_today import AgreementToday, agreements, begun
from lindung.insight.agreements import year_gaps
from lindung.insight.alarms import Alarm, alarms_of
from lindung.insight.apart import apart, quota_of
from lindung.insight.needs import Need, needs_of
from lindung.law.months import Month
from lindung.law.text import Text

BASIC_PROGRAMMES = ("jkk", "jkm")
"""What every agreement covers."""


class Today(NamedTuple):
    """Everything the first page says, for the agreements in the caller's scope.

    ``months_at_risk`` is for how many unpaid months the law still counts people as protected. ``covered``,
    ``monthly_cost``, ``quota`` and ``funds_until`` are of those whom the city pays for as a sponsor; its own wage
    earners count apart (``employed``, ``employed_cost``). People are added up over agreements: whoever is protected
    under two counts in each, as in their quotas.
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
    alarms: tuple[Alarm, ...] = ()

    @property
    def sponsored(self) -> tuple[AgreementToday, ...]:
        """Those by which the city pays for others: what every figure of people and money adds up."""
        return tuple(each for each in self.agreements if not each.employer)

    @property
    def employers(self) -> tuple[AgreementToday, ...]:
        """Those of the city's own wage earners, which are told apart."""
        return tuple(each for each in self.agreements if each.employer)

    @property
    def quota(self) -> int:
        """How many people the sponsored agreements of the day have room for."""
        return quota_of(self.sponsored)

    @property
    def apart(self) -> Text | None:
        """What stands beside the figures about the city's own wage earners; None without any."""
        return apart(self.employers)


def today(*, on: date) -> Today:
    """The day for everything in the caller's scope. ``funds_until`` is the earliest among the agreements.

    The end of one that is over, with money for all its months, is no end of the money.
    """
    held = begun()
    found = agreements(held, on=on)
    sponsored = [each for each in found if not each.employer]
    employers = [each for each in found if each.employer]
    owed = {each.id: each.next_month for each in found if each.owes}
    gaps = year_gaps(held, owed=owed, on=on)
    reaches = [each.funds_until for each in sponsored if each.budget and _still_asks(each)]
    return Today(
        on=on,
        months_at_risk=months_at_risk(BASIC_PROGRAMMES, on=on),
        covered=sum(each.covered for each in sponsored),
        monthly_cost=sum(each.monthly_cost for each in sponsored),
        funds_until=min((month for month in reaches if month), default=None) if all(reaches) else None,
        agreements=found,
        needs=needs_of(
            found,
            gaps,
            steps=steps_waiting(on=on),
            dead=still_enrolled(on=on),
            on=on,
        ),
        employed=sum(each.covered for each in employers),
        employed_cost=sum(each.monthly_cost for each in employers),
        alarms=alarms_of(held, found, gaps, on=on),
    )


def _still_asks(each: AgreementToday) -> bool:
    return each.over is None or each.shortfall_month is not None
