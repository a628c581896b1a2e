"""Wages: read as people write them, turned into the month's wage by the law, and held against the minimum wage."""

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
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
"""No month's wage in rupiah reaches this; a number beyond is something else in the wrong column."""
_LONGEST_MONTH = 31
_MANY_MINIMUMS, _MUCH_MORE = 5, 3
_WITHOUT_A_DECREE = 5_000_000
"""Stands for the minimum wage of a region where none is recorded: no more than a hint that a wage is a slip."""


class BelowMinimum(Refusal):
    """A wage below the minimum is taken once somebody has said that it is so."""

    code = "member.below_minimum"

    def __init__(self, *, monthly: int, minimum: int) -> None:
        text = Text(
            "Upah sebulan {wage}, di bawah upah minimum {minimum}. Periksa upahnya; kalau memang begitu, centang di sini.",
            "The monthly wage is {wage}, below the minimum wage of {minimum}. Check it; if it is so, tick this.",
        )
        super().__init__(text.filled(wage=rupiah(monthly), minimum=rupiah(minimum)), field="below_minimum")


class FarAbove(Refusal):
    """A wage far above what is usual is taken once somebody has said that it is so: most are a slip."""

    code = "member.high_wage"

    def __init__(
        self, doubt: "Doubt", *, amount: int, monthly: int, minimum: int | None, before: int | None
    ) -> None:
        text = _DOUBTS[doubt].filled(
            day=rupiah(amount),
            month=rupiah(monthly),
            limit=rupiah(_MANY_MINIMUMS * (minimum or _WITHOUT_A_DECREE)),
            before=rupiah(before or 0),
        )
        super().__init__(text, field="high_wage")


class MonthWage(NamedTuple):
    """What contributions are taken of in a month: whole rupiah, and the days it counts (1 for a monthly wage)."""

    monthly: int
    days: int


def read(text: str, *, basis: str) -> int | None:
    """A wage as a list or a person writes it: 115000, 115.000, Rp 2.875.000,00; None for anything else or zero.

    >>> read("Rp 115.000,-", basis="daily"), read("115000.0", basis="daily"), read("dua juta", basis="monthly")
    (115000, 115000, None)
    """
    found = _MONEY.match(text.strip())
    amount = int(re.sub(r"\D", "", found["digits"])) if found else 0
    return amount if possible(basis=basis, amount=amount) else None


def possible(*, basis: str, amount: int) -> bool:
    """Whether somebody may earn this: above zero, and the month's wage below ``MOST``, whatever its days."""
    return 0 < amount * (_LONGEST_MONTH if basis == DAILY else 1) < MOST


def month_wage(*, basis: str, amount: int, on: date) -> MonthWage:
    """The month's wage: a monthly wage is itself, a day's wage counts the law's days (PP 44/2015 Pasal 19: 25).

    Raises NoLawForDate, NotAnAmount.
    """
    if basis == DAILY:
        decision = law.daily(daily_wage=amount, on=on)
        return MonthWage(decision.total, int(str(decision.steps[0].working["days"])))
    return MonthWage(law.monthly(basic=amount, on=on).total, 1)


class Doubt(Enum):
    """Why a wage looks like a slip."""

    DAY_ABOVE_MONTH = "day_above_month"
    VERY_HIGH = "very_high"
    RISES = "rises"


def doubted(
    *, basis: str, amount: int, monthly: int, minimum: int | None, before: int | None = None
) -> Doubt | None:
    """Whether a wage looks like a slip: a day's above the minimum of a month, a month's above five minimums or
    above three times the one ``before``; None for a usual wage.

    Without a recorded minimum a plain five million stands for it.
    """
    least = minimum or _WITHOUT_A_DECREE
    if basis == DAILY and amount > least:
        return Doubt.DAY_ABOVE_MONTH
    if monthly > _MANY_MINIMUMS * least:
        return Doubt.VERY_HIGH
    return Doubt.RISES if before is not None and monthly > _MUCH_MORE * before else None


def minimum_on(minimums: Mapping[int, int], day: date) -> int | None:
    """The minimum wage that holds on a day: its year's, or the last one before; None where none is recorded."""
    years = [year for year in minimums if year <= day.year]
    return minimums[max(years)] if years else None


_DOUBTS = {
    Doubt.DAY_ABOVE_MONTH: Text(
        "Upah {day} sehari berarti {month} sebulan. Kalau itu upah sebulan, pilih Sebulan; kalau memang upah sehari, "
        "centang di sini.",
        "A wage of {day} a day means {month} a month. If it is a month's wage, choose a month; if it is so for a day, "
        "tick this.",
    ),
    Doubt.VERY_HIGH: Text(
        "Upah {month} sebulan sangat tinggi, di atas {limit}. Periksa angkanya; kalau memang begitu, centang di sini.",
        "A wage of {month} a month is very high, above {limit}. Check the number; if it is so, tick this.",
    ),
    Doubt.RISES: Text(
        "Upah sebulan naik dari {before} menjadi {month}, lebih dari tiga kali. Periksa angkanya; kalau memang "
        "begitu, centang di sini.",
        "The monthly wage rises from {before} to {month}, more than three times. Check the number; if it is so, "
        "tick this.",
    ),
}
