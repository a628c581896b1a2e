"""Several parts of one benefit are rounded once: they sum to the rounded whole, and each says where it differs."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.jkk.rounding import rounded_once
from lindung.law.money import NotAnAmount, Rounding, share
from lindung.law.parameter import in_force
from lindung.law.reading import Reading

multiples = st.lists(st.fractions(0, 60, max_denominator=60), max_size=8)


def reading() -> Reading:
    return Reading(in_force(), on=date(2026, 5, 10))


@settings(max_examples=15)
@given(st.integers(0, 10**12), multiples)
def test_it_sums_to_what_all_make_at_once(base: int, parts: list[Fraction]) -> None:
    found = rounded_once(reading(), base, parts)
    whole = sum(parts, Fraction(0))
    assert sum(part.amount for part in found) == share(base, whole, Rounding.HALF_UP)
    assert [part.before for part in found] == [
        sum(part.amount for part in found[:place]) for place in range(len(found))
    ]
    assert all(part.amount >= 0 and abs(part.amount - part.alone) <= 1 for part in found)


def test_it_says_where_a_part_is_not_what_its_own_rounding_gives() -> None:
    first, second = rounded_once(reading(), 1, [Fraction(1, 2), Fraction(1, 2)])
    assert [first.amount, second.amount] == [1, 0]
    assert first.remark == ()
    assert [text.en for text in second.remark] == ["Rounded once, together with the parts before."]


@pytest.mark.parametrize(("base", "rule"), [(1, True), (2, False)])
def test_it_names_the_rounding_rule_only_where_it_mattered(base: int, rule: bool) -> None:
    read = reading()
    rounded_once(read, base, [Fraction(1, 2), Fraction(1, 2)])
    used = read.decision("x", steps=(), facts={}).used
    assert ("amount.rounding" in {one.id for one in used}) == rule


def test_it_refuses_a_negative_base() -> None:
    with pytest.raises(NotAnAmount):
        rounded_once(reading(), -1, [Fraction(1)])
