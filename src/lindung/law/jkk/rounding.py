"""Rounds a benefit that has several parts once, as the whole that it is."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from lindung.law.money import share
from lindung.law.reading import Reading
from lindung.law.text import Text


class Part(NamedTuple):
    """One part in whole rupiah, what the parts before it make, and what it would be if it were rounded alone."""

    amount: int
    before: int
    alone: int

    @property
    def remark(self) -> tuple[Text, ...]:
        """What to say of a part that is not what its own rounding would give."""
        return () if self.amount == self.alone else (_ROUNDED_TOGETHER,)


def rounded_once(reading: Reading, base: int, multiples: Iterable[Fraction]) -> tuple[Part, ...]:
    """The parts that these multiples of `base` rupiah make: together exactly what all multiples make at once.

    Each part is the rounded sum up to it less the parts before. Raises NotAnAmount for a negative base.
    """
    parts: list[Part] = []
    so_far, paid = Fraction(0), 0
    for multiple in multiples:
        so_far += multiple
        reading.rounded(base, so_far)
        up_to_here = share(base, so_far, reading.rounding())
        parts.append(Part(up_to_here - paid, paid, share(base, multiple, reading.rounding())))
        paid = up_to_here
    return tuple(parts)


_ROUNDED_TOGETHER = Text(
    "Dibulatkan satu kali bersama bagian sebelumnya.", "Rounded once, together with the parts before."
)
