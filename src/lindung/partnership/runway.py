"""How long a year's budget lasts: the last month payable in full and what the next one lacks."""

from collections.abc import Iterable
from typing import NamedTuple

from lindung.law.months import Month


class Runway(NamedTuple):
    """Whole rupiah. ``paid_in_full`` is None when not even the first month fits; ``short`` None when all do.

    Without a budget there is none, also while the months cost nothing yet.
    """

    budget: int
    paid_in_full: Month | None
    short: Month | None
    shortfall: int


def runway(*, budget: int, costs: Iterable[tuple[Month, int]]) -> Runway:
    """Walk through the months of a budget year in order until the money does not reach.

    1. Each month takes its cost (whole rupiah) from what is left.
    2. The first month that would take more than is left is the short one; its shortfall is the difference.
    """
    left = budget
    paid: Month | None = None
    for month, cost in costs:
        if cost > left:
            return Runway(budget, paid, month, cost - left)
        left -= cost
        paid = month if budget else None
    return Runway(budget, paid, None, 0)
