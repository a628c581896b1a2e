"""Formulas: no `if` on data, ranges that hold every result, refusals of what is no amount."""

import ast
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.sources import LAW, nodes
from lindung.law import formula
from lindung.law.contributions import tariffs
from lindung.law.formula import (
    LARGEST,
    AnyWord,
    Either,
    NotAFormulaValue,
    Range,
    TooLarge,
    at_least,
    at_most,
    choose,
    if_missing,
    is_one_of,
    lookup,
    scaled,
    share,
    share_by,
)
from lindung.law.money import Rounding
from lindung.law.parameter import in_force
from lindung.law.values import NotInTable, Table

AMOUNTS = st.integers(0, 10**12)
DAY = date(2026, 11, 1)


def table(id: str) -> Table:
    value = in_force().value(id, on=DAY).value
    assert isinstance(value, Table)
    return value


def test_it_computes_for_one_person() -> None:
    assert share(1_000_000, Fraction(1, 100), Rounding.HALF_UP) == 10_000
    assert lookup(table("bpu.bands"), 1_099_999) == 1_000_000
    assert share_by(1_000_000, table("pu.jkk.rates"), "low", Rounding.DOWN) == 5_400
    assert (if_missing(None, 7), if_missing(5, 7)) == (7, 5)
    assert (at_most(9, 5), at_most(3, 5), at_least(9, 5), at_least(3, 5)) == (5, 3, 9, 5)
    assert choose(is_one_of("self", frozenset({"self"})), 1, 2) == 1
    assert choose(is_one_of("apbd", frozenset({"self"})), 1, 2) == 2


@settings(max_examples=25)
@given(AMOUNTS, AMOUNTS, AMOUNTS, st.sampled_from(Rounding), st.booleans())
def test_it_holds_every_result_in_the_range(
    one: int, other: int, within: int, rule: Rounding, yes: bool
) -> None:
    low, value, high = sorted((one, other, within))
    span = Range(low, high)
    rate = Fraction(57, 1000)
    pairs = [
        (share(span, rate, rule), share(value, rate, rule)),
        (lookup(table("bpu.bands"), span), lookup(table("bpu.bands"), value)),
        (
            share_by(span, table("pu.jkk.rates"), AnyWord(), rule),
            share_by(value, table("pu.jkk.rates"), "high", rule),
        ),
        (at_most(span, 5_000_000), at_most(value, 5_000_000)),
        (at_least(span, 5_000_000), at_least(value, 5_000_000)),
        (choose(Either(), span, Range(3, 3)), choose(yes, value, 3)),
        (if_missing(span, 0), if_missing(value, 0)),
        (scaled(span, Range(1, 100), 100, rule), scaled(value, 1 if yes else 100, 100, rule)),
        (scaled(6_800, Range(1, 100), 100, rule), scaled(6_800, 1 if yes else 100, 100, rule)),
    ]
    for bounds, result in pairs:
        assert bounds.low <= result <= bounds.high


def test_it_refuses_ranges_beyond_64_bits() -> None:
    with pytest.raises(TooLarge):
        share(Range(0, LARGEST), Fraction(1, 2), Rounding.HALF_UP)
    assert share(Range(0, LARGEST), Fraction(1, 2), Rounding.DOWN) == Range(0, LARGEST // 2)
    with pytest.raises(TooLarge):
        at_least(Range(0, 1), LARGEST + 1)


@pytest.mark.parametrize("amount", [1.5, "1000000", None])
def test_it_refuses_what_is_no_amount(amount: object) -> None:
    with pytest.raises(NotAFormulaValue):
        share(amount, Fraction(1, 2), Rounding.DOWN)


def test_it_refuses_other_strangers() -> None:
    for attempt in (
        lambda: lookup(table("bpu.bands"), 1.5),
        lambda: share_by(1, table("pu.jkk.rates"), 3, Rounding.DOWN),
        lambda: if_missing("x", 0),
        lambda: is_one_of(3, frozenset()),
        lambda: choose("yes", 1, 2),
        lambda: at_most("x", 1),
        lambda: scaled(1, "x", 2, Rounding.DOWN),
        lambda: at_least("x", 1),
        lambda: at_most(Range(0, 1), "x"),
    ):
        with pytest.raises(NotAFormulaValue):
            attempt()


def test_it_keeps_rates_and_amounts_apart() -> None:
    with pytest.raises(NotInTable):
        formula.amount_of(table("pu.jkk.rates").rows[0])
    with pytest.raises(NotInTable):
        formula.rate_of(table("bpu.bands").rows[0])


def test_it_has_no_branch_on_data_in_a_tariff() -> None:
    branches = (ast.If, ast.IfExp, ast.While, ast.Match, ast.BoolOp, ast.Compare)
    assert [node.lineno for node in nodes(Path(tariffs.__file__)) if isinstance(node, branches)] == []


ROUNDS = ("money.py", "formula.py", "columns.py")
COUNTS_TIME = ("reporting.py", "incapacity.py")
"""Hours of a clock and whole months of an absence: no money."""
SPELLS = ("spelled.py",)
"""A number taken apart into the words for it: nothing is lost."""


def test_it_divides_only_where_money_is_rounded() -> None:
    """Every `/`, and every `//` outside money and the engines, would be a second rounding."""
    for path in LAW.rglob("*.py"):
        divisions = [node for node in nodes(path) if isinstance(node, ast.FloorDiv)]
        assert not divisions or path.name in ROUNDS + COUNTS_TIME + SPELLS, path.name
        floats = [
            node for node in nodes(path) if isinstance(node, ast.Constant) and isinstance(node.value, float)
        ]
        assert not floats, path.name
