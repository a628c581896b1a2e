"""The tax on savings that are paid out: the parts of two years together bear the tax of the whole."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.jht.tax import Tax, Withdrawal, on_savings
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.values import NoLawForDate

PAID = date(2026, 6, 1)
AMOUNTS = st.integers(0, 400_000_000)


def tax(amount: int, *earlier: Withdrawal, on: date = PAID, has_npwp: bool | None = True) -> Tax:
    return on_savings(Reading(in_force(), on=on), amount=amount, earlier=earlier, has_npwp=has_npwp)


def taken(amount: int, *earlier: Withdrawal, has_npwp: bool | None = True) -> int:
    return sum(step.amount for step in tax(amount, *earlier, has_npwp=has_npwp).deductions)


def five_percent_above_fifty_million(amount: int) -> int:
    """Computed apart from the product: halves up, in whole rupiah."""
    above = max(0, amount - 50_000_000)
    return (above * 5 + 50) // 100


@settings(max_examples=10, deadline=None)
@given(amount=AMOUNTS)
def test_it_takes_five_percent_of_what_is_above_fifty_million(amount: int) -> None:
    assert taken(amount) == five_percent_above_fifty_million(amount)


@settings(max_examples=10, deadline=None)
@given(first=AMOUNTS, second=AMOUNTS, third=AMOUNTS)
def test_it_takes_from_the_parts_what_it_would_take_from_the_whole(
    first: int, second: int, third: int
) -> None:
    one, two = Withdrawal(date(2025, 3, 1), first), Withdrawal(date(2026, 1, 5), second)
    parts = taken(first) + taken(second, one) + taken(third, one, two)
    assert parts == taken(first + second + third)


@settings(max_examples=10, deadline=None)
@given(amount=AMOUNTS, more=AMOUNTS, before=AMOUNTS)
def test_it_never_takes_less_of_more_nor_more_than_is_paid(amount: int, more: int, before: int) -> None:
    earlier = Withdrawal(date(2025, 3, 1), before)
    assert 0 <= taken(amount, earlier) <= taken(amount + more, earlier)
    assert taken(amount, earlier) <= taken(amount, earlier, has_npwp=False) <= amount


def test_it_takes_six_percent_where_there_is_no_tax_number() -> None:
    assert taken(150_000_000, has_npwp=False) == 6_000_000


@pytest.mark.parametrize(
    ("first", "paid", "final"),
    [
        (date(2025, 12, 31), date(2026, 12, 31), True),
        (date(2025, 1, 1), date(2026, 12, 31), True),
        (date(2025, 12, 31), date(2027, 1, 1), False),
        (date(2025, 1, 1), date(2027, 1, 1), False),
    ],
)
def test_it_counts_calendar_years_not_twelve_months(first: date, paid: date, final: bool) -> None:
    found = tax(60_000_000, Withdrawal(first, 1_000_000), on=paid)
    assert bool(found.deductions) is final
    assert bool(found.explained) is not final
    assert found.final_until == first.year + 1


def test_it_says_where_no_tax_is_computed_instead_of_saying_zero() -> None:
    found = tax(60_000_000, Withdrawal(date(2020, 5, 1), 1_000_000))
    assert found.deductions == ()
    assert [step.key for step in found.explained] == ["jht.tax_not_computed"]
    assert "belum dipotong" in found.explained[0].sentence.id
    assert "not yet taken off" in found.explained[0].sentence.en


def test_it_knows_no_tax_before_the_first_law() -> None:
    with pytest.raises(NoLawForDate):
        tax(1, on=date(2015, 6, 30))
    assert tax(1, on=date(2015, 7, 1)).deductions[0].amount == 0
