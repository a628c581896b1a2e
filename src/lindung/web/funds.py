"""How far a year's money reaches, month by month, for the bar on an agreement's card."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from lindung.law.months import Month
from lindung.law.text import Text

CELL_WIDTH = 30
"""Width of one month in the drawing, in its own units."""

_INITIALS = "JFMAMJJASOND"


class FundState(StrEnum):
    """What the money means for one month."""

    BEFORE = "before"
    PAID = "paid"
    FUNDED = "funded"
    SHORT = "short"
    NONE = "none"

    @property
    def label(self) -> Text:
        """The state in words."""
        return _LABELS[self]


_LABELS = {
    FundState.BEFORE: Text("belum mulai", "not begun"),
    FundState.PAID: Text("sudah dibayar", "paid"),
    FundState.FUNDED: Text("dananya ada", "money is there"),
    FundState.SHORT: Text("dananya kurang", "money falls short"),
    FundState.NONE: Text("belum ada dana", "no money yet"),
}


class Funded(Protocol):
    """The part of an agreement's figures that the bar shows."""

    @property
    def since(self) -> Month: ...
    @property
    def budget_year(self) -> int: ...
    @property
    def paid_until(self) -> Month | None: ...
    @property
    def funds_until(self) -> Month | None: ...
    @property
    def shortfall_month(self) -> Month | None: ...


class FundMonth(NamedTuple):
    """One month of the bar: `x` is its left edge, `initial` its letter (the same in both languages)."""

    month: Month
    state: FundState
    x: int
    initial: str


def fund_months(agreement: Funded) -> tuple[FundMonth, ...]:
    """The twelve months of the agreement's budget year, each with what the money means for it."""
    months = (Month(agreement.budget_year, number) for number in range(1, 13))
    return tuple(
        FundMonth(month, _state(agreement, month), index * CELL_WIDTH, _INITIALS[index])
        for index, month in enumerate(months)
    )


def _state(agreement: Funded, month: Month) -> FundState:
    if month < agreement.since:
        return FundState.BEFORE
    if agreement.paid_until is not None and month <= agreement.paid_until:
        return FundState.PAID
    if agreement.funds_until is not None and month <= agreement.funds_until:
        return FundState.FUNDED
    return FundState.SHORT if month == agreement.shortfall_month else FundState.NONE
