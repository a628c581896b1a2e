"""The few operations formulas are written with; they take one person's numbers or whole columns alike.

`columns.py` teaches them Polars and SQL expressions; here they know plain numbers, and ranges, which prove
that no result can leave 64 bits. Inside a formula there is no `if` on data: conditions go through `choose`.
"""

from fractions import Fraction
from functools import singledispatch
from typing import NamedTuple, TypeVar, cast

from lindung.law import money
from lindung.law.money import Rounding
from lindung.law.values import NotInTable, Row, Table

LARGEST = 2**63 - 1
"""The greatest whole number a column can hold."""

Amount = TypeVar("Amount")
Word = TypeVar("Word")


class TooLarge(OverflowError):
    """Angka ini terlalu besar untuk satu kolom. / This number is too large for a column."""


class NotAFormulaValue(TypeError):
    """Rumus tidak dapat menghitung dengan ini. / A formula cannot compute with this."""


class Range(NamedTuple):
    """Every whole number from `low` to `high`, both included: what a column may hold."""

    low: int
    high: int

    def checked(self) -> "Range":
        """The same range. Raises TooLarge when it leaves 64 bits."""
        if self.low < -LARGEST or self.high > LARGEST:
            raise TooLarge(TooLarge.__doc__)
        return self


class AnyWord(NamedTuple):
    """Stands for a column of words while ranges are proven."""


class Either(NamedTuple):
    """A condition that may hold or not, while ranges are proven."""


def share(base: Amount, rate: Fraction, rounding: Rounding) -> Amount:
    """The share of an amount at an exact rate, in whole rupiah."""
    return cast(Amount, share_of(base, rate, rounding))


def scaled(base: Amount, numerator: object, denominator: int, rounding: Rounding) -> Amount:
    """The amount times numerator by denominator, in whole rupiah; the numerator may differ from row to
    row."""
    return base if denominator == 1 else cast(Amount, scale_by(numerator, base, denominator, rounding))


def lookup(table: Table, key: Amount) -> Amount:
    """The whole number that a table read by lower bound gives for the key."""
    return cast(Amount, look_up(key, table))


def share_by(base: Amount, rates: Table, key: object, rounding: Rounding) -> Amount:
    """The share of an amount at the rate that a table of names gives for the key."""
    return cast(Amount, share_by_name(key, base, rates, rounding))


def if_missing(value: Amount | None, instead: int) -> Amount:
    """The value, or the number to use where it is not given."""
    return cast(Amount, given_or(value, instead))


def is_one_of(word: object, words: frozenset[str]) -> object:
    """The condition that the word is one of the words; a missing word is none of them."""
    return is_among(word, words)


def choose(condition: object, then: Amount, otherwise: Amount) -> Amount:
    """`then` where the condition holds, else `otherwise`; an unknown condition does not hold."""
    return cast(Amount, chosen(condition, then, otherwise))


def at_most(value: Amount, limit: object) -> Amount:
    """The value, or the limit where it is greater."""
    return cast(Amount, capped(value, limit))


def at_least(value: Amount, limit: object) -> Amount:
    """The value, or the limit where it is less."""
    return cast(Amount, floored(value, limit))


@singledispatch
def share_of(base: object, rate: Fraction, rounding: Rounding) -> object:
    """Engines register here what `share` means for their columns."""
    raise NotAFormulaValue(NotAFormulaValue.__doc__)


@singledispatch
def scale_by(numerator: object, base: object, denominator: int, rounding: Rounding) -> object:
    """Engines register here what `scaled` means for their columns."""
    raise NotAFormulaValue(NotAFormulaValue.__doc__)


@singledispatch
def look_up(key: object, table: Table) -> object:
    """Engines register here what `lookup` means for their columns."""
    raise NotAFormulaValue(NotAFormulaValue.__doc__)


@singledispatch
def share_by_name(key: object, base: object, rates: Table, rounding: Rounding) -> object:
    """Engines register here what `share_by` means for their columns."""
    raise NotAFormulaValue(NotAFormulaValue.__doc__)


@singledispatch
def given_or(value: object, instead: int) -> object:
    """Engines register here what `if_missing` means for their columns."""
    raise NotAFormulaValue(NotAFormulaValue.__doc__)


@singledispatch
def is_among(word: object, words: frozenset[str]) -> object:
    """Engines register here what `is_one_of` means for their columns."""
    raise NotAFormulaValue(NotAFormulaValue.__doc__)


@singledispatch
def chosen(condition: object, then: object, otherwise: object) -> object:
    """Engines register here what `choose` means for their columns."""
    raise NotAFormulaValue(NotAFormulaValue.__doc__)


@singledispatch
def capped(value: object, limit: object) -> object:
    """Engines register here what `at_most` means for their columns."""
    raise NotAFormulaValue(NotAFormulaValue.__doc__)


@singledispatch
def floored(value: object, limit: object) -> object:
    """Engines register here what `at_least` means for their columns."""
    raise NotAFormulaValue(NotAFormulaValue.__doc__)


def rate_of(row: Row) -> Fraction:
    """The rate of a row. Raises NotInTable when the row holds an amount."""
    if not isinstance(row.value, Fraction):
        raise NotInTable(NotInTable.__doc__)
    return row.value


def amount_of(row: Row) -> int:
    """The amount of a row. Raises NotInTable when the row holds a rate."""
    if not isinstance(row.value, int):
        raise NotInTable(NotInTable.__doc__)
    return row.value


# One person: plain whole numbers and words.


@share_of.register
def _(base: int, rate: Fraction, rounding: Rounding) -> int:
    return money.share(base, rate, rounding)


@scale_by.register
def _(numerator: int, base: object, denominator: int, rounding: Rounding) -> object:
    return share(base, Fraction(numerator, denominator), rounding)


@look_up.register
def _(key: int, table: Table) -> int:
    return amount_of(table.row(key))


@share_by_name.register
def _(key: str, base: object, rates: Table, rounding: Rounding) -> object:
    return share(base, rate_of(rates.row(key)), rounding)


@given_or.register
def _(value: int, instead: int) -> int:
    return value


@given_or.register
def _(value: None, instead: int) -> int:
    return instead


@is_among.register
def _(word: str, words: frozenset[str]) -> bool:
    return word in words


@chosen.register
def _(condition: bool, then: object, otherwise: object) -> object:
    return then if condition else otherwise


@capped.register
def _(value: int, limit: int) -> int:
    return min(value, limit)


@floored.register
def _(value: int, limit: int) -> int:
    return max(value, limit)


# Ranges: every number a column may hold, to prove that nothing leaves 64 bits on the way.


@share_of.register
def _(base: Range, rate: Fraction, rounding: Rounding) -> Range:
    addend, divisor, factor = money.rounding_terms(rate, rounding)
    Range(base.low * factor, base.high * factor + addend).checked()
    return Range((base.low * factor + addend) // divisor, (base.high * factor + addend) // divisor)


@scale_by.register
def _(numerator: Range, base: object, denominator: int, rounding: Rounding) -> Range:
    addend, divisor, factor = money.rounding_terms(Fraction(1, denominator), rounding)
    amounts = _range(base)
    low = amounts.low * numerator.low * factor + addend
    high = amounts.high * numerator.high * factor + addend
    Range(low, high).checked()
    return Range(low // divisor, high // divisor)


@look_up.register
def _(key: Range, table: Table) -> Range:
    amounts = [amount_of(row) for row in table.rows]
    return Range(min(amounts), max(amounts)).checked()


@share_by_name.register
def _(key: AnyWord, base: object, rates: Table, rounding: Rounding) -> Range:
    return _hull(*(share(base, rate_of(row), rounding) for row in rates.rows))


@given_or.register
def _(value: Range, instead: int) -> Range:
    return _hull(value, instead)


@is_among.register
def _(word: AnyWord, words: frozenset[str]) -> Either:
    return Either()


@chosen.register
def _(condition: Either, then: object, otherwise: object) -> object:
    conditions = isinstance(then, bool | Either) or isinstance(otherwise, bool | Either)
    return condition if conditions else _hull(then, otherwise)


@capped.register
def _(value: Range, limit: object) -> Range:
    other = _range(limit)
    return Range(min(value.low, other.low), min(value.high, other.high))


@floored.register
def _(value: Range, limit: object) -> Range:
    other = _range(limit)
    return Range(max(value.low, other.low), max(value.high, other.high)).checked()


def _hull(*parts: object) -> Range:
    ranges = [_range(part) for part in parts]
    return Range(min(part.low for part in ranges), max(part.high for part in ranges)).checked()


def _range(part: object) -> Range:
    if isinstance(part, Range):
        return part
    if isinstance(part, int):
        return Range(part, part)
    raise NotAFormulaValue(NotAFormulaValue.__doc__)
