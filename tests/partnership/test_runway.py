"""How long a budget lasts: eleven months in full, and what the twelfth lacks."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lindung.law.months import Month
from lindung.partnership.runway import Runway, runway

JANUARY, NOVEMBER, DECEMBER = Month(2026, 1), Month(2026, 11), Month(2026, 12)
YEAR = [Month(2026, number) for number in range(1, 13)]


def twelve_times(cost: int) -> list[tuple[Month, int]]:
    return [(month, cost) for month in YEAR]


def test_it_pays_the_vulnerable_workers_of_disnaker_until_november() -> None:
    """3,000 people at Rp16.800 are Rp50.400.000 a month."""
    assert runway(budget=594_300_000, costs=twelve_times(3_000 * 16_800)) == Runway(
        budget=594_300_000, paid_in_full=NOVEMBER, short=DECEMBER, shortfall=10_500_000
    )


def test_it_pays_the_religious_officers_of_kesra_until_november() -> None:
    """1,316 people at Rp16.800 are Rp22.108.800 a month."""
    assert runway(budget=260_700_000, costs=twelve_times(1_316 * 16_800)) == Runway(
        budget=260_700_000, paid_in_full=NOVEMBER, short=DECEMBER, shortfall=4_605_600
    )


def test_it_is_enough_to_the_rupiah() -> None:
    assert runway(budget=12 * 50_400_000, costs=twelve_times(50_400_000)).short is None


def test_it_is_short_by_one_rupiah() -> None:
    found = runway(budget=12 * 50_400_000 - 1, costs=twelve_times(50_400_000))
    assert (found.paid_in_full, found.short, found.shortfall) == (NOVEMBER, DECEMBER, 1)


def test_it_cannot_pay_even_the_first_month() -> None:
    found = runway(budget=16_799, costs=twelve_times(16_800))
    assert (found.paid_in_full, found.short, found.shortfall) == (None, JANUARY, 1)


def test_it_stops_at_the_first_month_that_does_not_fit_even_when_a_cheaper_one_follows() -> None:
    costs = [(JANUARY, 10), (JANUARY.next(), 100), (JANUARY.plus(2), 1)]
    assert runway(budget=20, costs=costs) == Runway(20, JANUARY, JANUARY.next(), 90)


def test_without_money_no_month_is_payable_though_nobody_costs_anything_yet() -> None:
    """A new agreement has no members and no budget: its money does not last until December."""
    assert runway(budget=0, costs=twelve_times(0)) == Runway(0, None, None, 0)


def test_it_needs_no_money_for_no_months() -> None:
    assert runway(budget=0, costs=[]) == Runway(0, None, None, 0)


@given(budget=st.integers(0, 10**12), costs=st.lists(st.integers(0, 10**11), max_size=24))
def test_it_spends_no_more_than_the_budget_and_one_month_more_would(budget: int, costs: list[int]) -> None:
    months = [(JANUARY.plus(offset), cost) for offset, cost in enumerate(costs)]
    found = runway(budget=budget, costs=iter(months))
    paid = sum(
        cost for month, cost in months if found.paid_in_full is not None and month <= found.paid_in_full
    )
    assert paid <= budget
    if found.short is None:
        assert paid == sum(costs)
        assert found.shortfall == 0
    else:
        assert paid + dict(months)[found.short] - budget == found.shortfall > 0


@given(costs=st.lists(st.integers(1, 10**9), min_size=1, max_size=24))
def test_it_never_ends_earlier_with_more_money(costs: list[int]) -> None:
    months = [(JANUARY.plus(offset), cost) for offset, cost in enumerate(costs)]
    ends = [
        runway(budget=budget, costs=months).paid_in_full or Month(1, 1)
        for budget in range(0, sum(costs) + 2, max(1, sum(costs) // 9))
    ]
    assert all(one <= other for one, other in pairwise(ends))
