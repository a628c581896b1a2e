"""Rupiah and the only rounding."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.money import NotAnAmount, Rounding, percent, rounding_terms, rupiah, share

RATES = st.builds(Fraction, st.integers(0, 10_000), st.integers(1, 10_000))
AMOUNTS = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "Rp0"),
        (999, "Rp999"),
        (16_800, "Rp16.800"),
        (72_508_800, "Rp72.508.800"),
        (-10_500_000, "-Rp10.500.000"),
    ],
)
def test_it_writes_rupiah_as_indonesians_do(amount: int, written: str) -> None:
    assert rupiah(amount) == written


@pytest.mark.parametrize(
    ("rate", "indonesian", "english"),
    [
        (Fraction(57, 1000), "5,7%", "5.7%"),
        (Fraction(24, 10_000), "0,24%", "0.24%"),
        (Fraction(1, 2), "50%", "50%"),
        (Fraction(1005, 100_000), "1,005%", "1.005%"),
        (Fraction(1, 3), "1/3", "1/3"),
    ],
)
def test_it_writes_rates(rate: Fraction, indonesian: str, english: str) -> None:
    assert percent(rate) == (indonesian, english)


@pytest.mark.parametrize(
    ("rounding", "shares"),
    [(Rounding.DOWN, [1, 1, 1, 2]), (Rounding.HALF_UP, [1, 1, 2, 2]), (Rounding.UP, [1, 2, 2, 2])],
)
def test_it_rounds_by_the_rule(rounding: Rounding, shares: list[int]) -> None:
    assert [share(base, Fraction(1, 10), rounding) for base in (10, 14, 15, 20)] == shares


@settings(max_examples=25)
@given(AMOUNTS, RATES)
def test_it_never_strays_from_the_exact_share(base: int, rate: Fraction) -> None:
    exact = base * rate
    down, half, up = (share(base, rate, rule) for rule in (Rounding.DOWN, Rounding.HALF_UP, Rounding.UP))
    assert down <= exact < down + 1
    assert up - 1 < exact <= up
    assert -Fraction(1, 2) <= half - exact <= Fraction(1, 2)
    assert half == (up if exact - down >= Fraction(1, 2) else down)


@settings(max_examples=25)
@given(AMOUNTS, AMOUNTS, RATES, st.sampled_from(Rounding))
def test_it_gives_no_less_of_more(one: int, other: int, rate: Fraction, rounding: Rounding) -> None:
    less, more = sorted((one, other))
    assert share(less, rate, rounding) <= share(more, rate, rounding)


@settings(max_examples=25)
@given(st.sampled_from(Rounding), RATES)
def test_it_divides_only_by_positive_numbers(rounding: Rounding, rate: Fraction) -> None:
    addend, divisor, factor = rounding_terms(rate, rounding)
    assert divisor > 0
    assert addend >= 0
    assert factor >= 0


def test_it_refuses_negative_money() -> None:
    with pytest.raises(NotAnAmount):
        share(-1, Fraction(1, 2), Rounding.DOWN)
