"""Whole rupiah, how they are written, and the only rounding in the product."""

from enum import StrEnum
from fractions import Fraction

from lindung.law.text import Text


class Rounding(StrEnum):
    """How a share of a whole amount becomes whole rupiah. Which rule holds when is a dated parameter."""

    HALF_UP = "half_up"
    DOWN = "down"
    UP = "up"

    @property
    def label(self) -> Text:
        """The rule in words."""
        return _ROUNDING_LABELS[self]


_ROUNDING_LABELS = {
    Rounding.HALF_UP: Text("ke rupiah terdekat, setengah ke atas", "to the nearest rupiah, halves up"),
    Rounding.DOWN: Text("ke bawah", "down"),
    Rounding.UP: Text("ke atas", "up"),
}


class NotAnAmount(ValueError):
    """Jumlah uang harus bilangan bulat rupiah, nol atau lebih. / Money must be whole rupiah, zero or more."""


def rupiah(amount: int) -> str:
    """Write whole rupiah as Indonesians do: 16800 is Rp16.800, -500 is -Rp500."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")


def counted(count: int) -> Text:
    """Write a count with its thousands parted: 4.316 in Indonesian, 4,316 in English."""
    return Text(f"{count:,}".replace(",", "."), f"{count:,}")


def percent(rate: Fraction) -> Text:
    """Write an exact rate: 57/1000 is 5,7% in Indonesian and 5.7% in English; thirds stay fractions."""
    shown = rate * 100
    for places in range(7):
        scaled = shown * 10**places
        if scaled.denominator == 1:
            whole, part = divmod(scaled.numerator, 10**places)
            tail = f"{part:0{places}d}" if places else ""
            return Text(f"{whole},{tail}%", f"{whole}.{tail}%") if places else Text(f"{whole}%", f"{whole}%")
    return Text(str(rate), str(rate))


def share(base: int, rate: Fraction, rounding: Rounding) -> int:
    """The share of `base` rupiah at an exact rate, in whole rupiah. Raises NotAnAmount for a negative
    base."""
    if base < 0 or rate < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    addend, divisor, factor = rounding_terms(rate, rounding)
    return (base * factor + addend) // divisor


def rounding_terms(rate: Fraction, rounding: Rounding) -> tuple[int, int, int]:
    """(addend, divisor, factor) such that the share is (base * factor + addend) // divisor, on any engine."""
    top, bottom = rate.numerator, rate.denominator
    match rounding:
        case Rounding.HALF_UP:
            return bottom, 2 * bottom, 2 * top
        case Rounding.UP:
            return bottom - 1, bottom, top
        case Rounding.DOWN:
            return 0, bottom, top
