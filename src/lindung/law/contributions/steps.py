"""The steps a contribution is made of: a share of its base, the relief off it, and decisions put together."""

from fractions import Fraction
from typing import NamedTuple

from lindung.law.contributions.tariffs import payable
from lindung.law.decision import Decision, Fact, Step
from lindung.law.money import Rounding, share
from lindung.law.months import Month
from lindung.law.reading import Read, Reading
from lindung.law.terms import Payer, Programme, Sector, Segment
from lindung.law.text import Text
from lindung.law.values import Relief


class Paying(NamedTuple):
    """What a relief may depend on beside the programme: segment, contribution month, payer and sector."""

    segment: Segment
    month: Month
    payer: Payer
    sector: Sector


class Part(NamedTuple):
    """The steps of one part of the bill, what is due, and what would be due if the participant paid alone."""

    steps: tuple[Step, ...]
    due: int
    due_alone: int
    relief_alone: Relief | None
    relieved: bool


def share_step(reading: Reading, rate: Read[Fraction], key: str, amount: int, base: int) -> Step:
    """The step of a share that was already computed, with the numbers to compute it again."""
    reading.rounded(base, rate.value)
    working: dict[str, Fact] = {
        "base": base,
        "rate": written(rate.value),
        "rounding": reading.rounding().value,
    }
    return rate.step(key, amount, base=base, working=working)


def relieved(
    reading: Reading, normal: tuple[Step, ...], *, key: str, programme: Programme, paying: Paying
) -> Part:
    """The normal steps and the relief that reaches this payer and sector, as a negative step `<key>.relief`.

    It is taken off the normal contribution in whole rupiah (PP 49/2020 P9, P12: 1 % of the normal
    contribution). What remains is rounded, not what is taken off. Where the exact share, rounded once, would
    differ, the decision says so.
    """
    amount = sum(step.amount for step in normal)
    reliefs = reading.reliefs(segment=paying.segment, programme=programme, month=paying.month)
    due, alone = (
        payable(amount, reliefs=reliefs, payer=who, sector=paying.sector, rounding=reading.rounding())
        for who in (paying.payer, Payer.SELF)
    )
    steps = normal
    for relief in reliefs:
        if relief.reaches(payer=paying.payer, sector=paying.sector):
            reading.rounded(amount, 1 - relief.cut)
            if due != _at_once(normal, 1 - relief.cut, reading.rounding()):
                reading.note(_ROUNDED_FIRST)
            cut: dict[str, Fact] = {"normal": amount, "cut": written(relief.cut)}
            steps += (reading.relief(relief).step(f"{key}.relief", due - amount, working=cut),)
    alone_by = next((one for one in reliefs if one.reaches(payer=Payer.SELF, sector=paying.sector)), None)
    return Part(steps, due, alone, alone_by, due != amount)


def _at_once(normal: tuple[Step, ...], left: Fraction, rounding: Rounding) -> int:
    """What remains of the exact shares, rounded only once."""
    exact = sum((_exact(step) for step in normal), Fraction(0)) * left
    return share(1, exact, rounding)


def _exact(step: Step) -> Fraction:
    base, rate = step.working.get("base"), step.working.get("rate")
    return base * Fraction(rate) if isinstance(base, int) and isinstance(rate, str) else Fraction(step.amount)


def together(decision: Decision, *others: Decision) -> Decision:
    """The first decision with the steps of the others after its own, resting on what all of them used."""
    every = (decision, *others)
    return decision._replace(
        steps=tuple(step for one in every for step in one.steps),
        used=tuple(dict.fromkeys(used for one in every for used in one.used)),
        unverified=tuple(dict.fromkeys(note for one in every for note in one.unverified)),
        assumed=tuple(dict.fromkeys(note for one in every for note in one.assumed)),
        what_would_change=tuple(dict.fromkeys(note for one in every for note in one.what_would_change)),
    )


def written(rate: Fraction) -> str:
    """A rate as a decision keeps it: 57/1000 in lowest terms, 1/1 for one."""
    return f"{rate.numerator}/{rate.denominator}"


_ROUNDED_FIRST = Text(
    "Keringanan dipotong dari iuran normal dalam rupiah bulat. Bila dihitung langsung dari tarif, iurannya "
    "berbeda satu rupiah; mana yang berlaku belum diperiksa pada naskah.",
    "The relief is taken off the normal contribution in whole rupiah. Taken straight from the rate, the "
    "contribution would differ by one rupiah; which holds is not verified against the text.",
)
