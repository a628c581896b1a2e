"""The one text of the contribution formulas: for one person, for columns in memory, and as SQL.

Here is no `if` on data. What differs between months is in the parameters; a tariff holds those of one month.
"""

from fractions import Fraction
from math import lcm
from typing import NamedTuple

from lindung.law.formula import (
    Amount,
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
from lindung.law.values import Relief, Table


class BandTariff(NamedTuple):
    """BPU, JKK and JHT: a rate of the band's base (PP 44/2015 P20(1)-(2), Lampiran II; PP 46/2015
    Lampiran)."""

    bands: Table
    rate: Fraction
    rounding: Rounding

    def normal(self, *, income: Amount | None) -> Amount:
        """Without relief; an income that is not given stands in the lowest band."""
        return share(self.base(income=income), self.rate, self.rounding)

    def base(self, *, income: Amount | None) -> Amount:
        """The base of the band in which the income lies."""
        return lookup(self.bands, if_missing(income, 0))


class FlatTariff(NamedTuple):
    """BPU, JKM: the same amount for everybody (PP 44/2015 P20(3))."""

    amount: int

    def normal(self, *, income: object) -> int:
        """Without relief; the income does not matter."""
        return self.amount


class WageTariff(NamedTuple):
    """PU, JKM and JHT: a rate of the wage (PP 44/2015 P18, PP 46/2015 P16)."""

    rate: Fraction
    rounding: Rounding

    def normal(self, *, wage: Amount, risk_class: object) -> Amount:
        """Without relief; the risk class does not matter."""
        return share(wage, self.rate, self.rounding)


class CappedTariff(NamedTuple):
    """PU, JP: a rate of the wage up to the cap of the month (PP 45/2015 P28, P29)."""

    rate: Fraction
    cap: int
    rounding: Rounding

    def normal(self, *, wage: Amount, risk_class: object) -> Amount:
        """Without relief; the risk class does not matter."""
        return share(at_most(wage, self.cap), self.rate, self.rounding)


class ClassTariff(NamedTuple):
    """PU, JKK: the rate of the employer's risk class, of the wage (PP 44/2015 P16(1))."""

    rates: Table
    rounding: Rounding

    def normal(self, *, wage: Amount, risk_class: object) -> Amount:
        """Without relief."""
        return share_by(wage, self.rates, risk_class, self.rounding)


def slice_of(value: int, *, low: int, high: int) -> int:
    """The part of a contract value that lies between the bounds of a slice (PP 44/2015 P54-55)."""
    return at_least(at_most(value, high) - low, 0)


def payable(
    normal: Amount, *, reliefs: tuple[Relief, ...], payer: object, sector: object, rounding: Rounding
) -> Amount:
    """What remains to be paid after the relief that reaches payer and sector, if any does."""
    whole = lcm(*(relief.cut.denominator for relief in reliefs))
    left: object = whole
    for relief in reliefs:
        reached = choose(is_one_of(payer, relief.payers), is_one_of(sector, relief.sectors), otherwise=False)
        left = choose(reached, int((1 - relief.cut) * whole), left)
    return scaled(normal, left, whole, rounding)


def counted_as_jkp(wage: Amount, *, due: Amount, rate: Fraction, cap: int, rounding: Rounding) -> Amount:
    """The part of a contribution that counts as JKP: a rate of the capped wage, never more than is due."""
    return at_most(share(at_most(wage, cap), rate, rounding), due)
