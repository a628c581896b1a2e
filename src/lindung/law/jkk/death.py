"""The grants after death by an accident at work and after permanent total disability.

PP 44/2015 P25(2)b with Lampiran III; from 2 December 2019 PP 82/2019 P I number 1 with its Lampiran III.
"""

from fractions import Fraction

from lindung.law.decision import Fact, Step, weakest
from lindung.law.money import percent, rupiah, share
from lindung.law.reading import Read, Reading
from lindung.law.text import Text


def death(reading: Reading, *, base: int) -> tuple[Step, ...]:
    """60% of 80 times the base, at least the JKM lump sum; periodic benefit and funeral. Whole rupiah."""
    rate = reading.rate("jkk.death.rate")
    grant = _grant(reading, rate, "jkk.death", _DEATH, base=base)
    return (grant, *_up_to_the_floor(reading, grant), periodic(reading), funeral(reading))


def total_disability(reading: Reading, *, base: int) -> tuple[Step, ...]:
    """70% of 80 times the base, and the periodic benefit. Whole rupiah."""
    rate = reading.rate("jkk.total_disability.rate")
    return (_grant(reading, rate, "jkk.disability.total", _TOTAL, base=base), periodic(reading))


def periodic(reading: Reading) -> Step:
    """The periodic benefit, paid at once."""
    read = reading.whole("jkk.periodic")
    return read.step("jkk.periodic", read.value)


def funeral(reading: Reading) -> Step:
    """The funeral grant."""
    read = reading.whole("jkk.funeral")
    return read.step("jkk.funeral", read.value)


def _grant(reading: Reading, rate: Read[Fraction], key: str, sentence: Text, *, base: int) -> Step:
    months, rounding = reading.whole("jkk.wage_months"), reading.rounding()
    multiple = rate.value * months.value
    amount = share(base, multiple, rounding)
    reading.rounded(base, multiple)
    said = sentence.filled(
        rate=percent(rate.value), months=months.value, base=rupiah(base), amount=rupiah(amount)
    )
    working: dict[str, Fact] = {
        "base": base,
        "rate": f"{rate.value.numerator}/{rate.value.denominator}",
        "wage_months": months.value,
        "rounding": rounding.value,
    }
    confidence = weakest(rate.confidence, months.confidence)
    return rate.step(key, amount, working=working)._replace(sentence=said, confidence=confidence)


def _up_to_the_floor(reading: Reading, grant: Step) -> tuple[Step, ...]:
    """What is added where the JKM lump sum of that day is more."""
    floor = reading.whole("jkm.lump_sum")
    lacking = floor.value - grant.amount
    if lacking <= 0:
        return ()
    said = _FLOOR.filled(floor=rupiah(floor.value), lacking=rupiah(lacking))
    step = floor.step("jkk.death.floor", lacking, working={"floor": floor.value, "grant": grant.amount})
    return (step._replace(label=_FLOOR_LABEL, sentence=said),)


_DEATH = Text(
    "Santunan kematian karena kecelakaan kerja: {rate} dari {months} kali dasar upah {base}, yaitu {amount}.",
    "Death grant after an accident at work: {rate} of {months} times the wage base {base}, which is "
    "{amount}.",
)
_TOTAL = Text(
    "Santunan cacat total tetap: {rate} dari {months} kali dasar upah {base}, yaitu {amount}.",
    "Grant for permanent total disability: {rate} of {months} times the wage base {base}, which is {amount}.",
)
_FLOOR_LABEL = Text("Tambahan sampai batas terendah", "Addition up to the least amount")
_FLOOR = Text(
    "Santunan kematian paling sedikit sama dengan santunan kematian JKM {floor}: ditambah {lacking}.",
    "The death grant is at least the JKM lump sum of {floor}: {lacking} is added.",
)
