"""Wages: read as people write them, turned into the month's wage by the law, and held against the minimum wage."""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from lindung.engine.refusals import Refusal
from lindung.law.contributions import wages as law
from lindung.law.money import rupiah
from lindung.law.text import Text

MONTHLY, DAILY = "monthly", "daily"
LABELS = {MONTHLY: Text("sebulan", "a month"), DAILY: Text("sehari", "a day")}
_MONEY = re.compile(
    r"^(?:rp\.?\s*)?(?P<digits>[0-9]{1,3}(?:[., ][0-9]{3})+|[0-9]+)(?:[.,](?:00?|-))?$", re.IGNORECASE
)
MOST = 1_000_000_000
"""No wage in rupiah reaches this; a number beyond is something else in the wrong column."""


class BelowMinimum(Refusal):
    """A wage below the minimum is taken once somebody has said that it is so."""

    code = "member.below_minimum"

    def __init__(self, *, monthly: int, minimum: int) -> None:
        text = Text(
            "Upah sebulan {wage}, di bawah upah minimum {minimum}. Periksa upahnya; kalau memang begitu, centang di sini.",
            "The monthly wage is {wage}, below the minimum wage of {minimum}. Check it; if it is so, tick this.",
        )
        super().__init__(text.filled(wage=rupiah(monthly), minimum=rupiah(minimum)), field="below_minimum")


class MonthWage(NamedTuple):
    """What contributions are taken of in a month: whole rupiah, and the days it counts (1 for a monthly wage)."""

    monthly: int
    days: int


def read(text: str) -> int | None:
    """A wage as a list or a person writes it: 115000, 115.000, Rp 2.875.000,00; None for anything else or zero.

    >>> read("Rp 115.000,-"), read("115000.0"), read("dua juta")
    (115000, 115000, None)
    """
    found = _MONEY.match(text.strip())
    amount = int(re.sub(r"\D", "", found["digits"])) if found else 0
    return amount if 0 < amount < MOST else None


def month_wage(*, basis: str, amount: int, on: date) -> MonthWage:
    """The month's wage: a monthly wage is itself, a day's wage counts the law's days (PP 44/2015 Pasal 19: 25).

    Raises NoLawForDate, NotAnAmount.
    """
    if basis == DAILY:
        decision = law.daily(daily_wage=amount, on=on)
        return MonthWage(decision.total, int(str(decision.steps[0].working["days"])))
    return MonthWage(law.monthly(basic=amount, on=on).total, 1)


def minimum_on(minimums: Mapping[int, int], day: date) -> int | None:
    """The minimum wage that holds on a day: its year's, or the last one before; None where none is recorded."""
    years = [year for year in minimums if year <= day.year]
    return minimums[max(years)] if years else None
