"""The few limits of the law that a register or a bill must keep, by date, as plain numbers."""

from collections.abc import Iterable
from datetime import date

from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Programme, Segment, UnknownTerm
from lindung.law.values import Law

_LIMITED = (Programme.JKK, Programme.JKM)


def arrears_months(
    *, segment: str, programmes: Iterable[str], on: date, known: date | None = None, law: Law | None = None
) -> int:
    """How many consecutive months may be unpaid before the cover ends: the strictest among the programmes.

    PP 44/2015 P38 and P41 (PU), P39 and P42 (BPU). JHT is never lost, so it has no limit. Raises UnknownTerm
    for a programme or segment that is not known or when none of the programmes has a limit, NoLawForDate.
    """
    limited = [one for one in map(Programme, programmes) if one in _LIMITED]
    if not limited:
        raise UnknownTerm("", _LIMITED)
    reading = Reading(law or in_force(), on=on, known=known)
    return min(reading.whole(f"arrears.{Segment(segment)}.{one}.months").value for one in limited)


def bpu_occupations(*, on: date, known: date | None = None, law: Law | None = None) -> int:
    """How many works a non-wage earner may register: PP 44/2015 P11. Raises NoLawForDate."""
    return Reading(law or in_force(), on=on, known=known).whole("registration.bpu.occupations").value


def months_ahead(*, on: date, known: date | None = None, law: Law | None = None) -> int:
    """How many months a non-wage earner may pay at once: the longest period of payment in advance.

    PP 44/2015 P24(3) only names monthly payment; the longer periods are practice. Raises NoLawForDate.
    """
    rows = Reading(law or in_force(), on=on, known=known).table("bpu.advance_periods").rows
    return max(row.value for row in rows if isinstance(row.value, int))


def advance_periods(*, on: date, known: date | None = None, law: Law | None = None) -> tuple[int, ...]:
    """How many months may be paid at once, from the fewest to the most; one month is always among them.

    PP 44/2015 P24(3) only names monthly payment; the longer periods are practice. Raises NoLawForDate.
    """
    rows = Reading(law or in_force(), on=on, known=known).table("bpu.advance_periods").rows
    return tuple(sorted({1, *(row.value for row in rows if isinstance(row.value, int))}))


def bpu_ages(*, on: date, known: date | None = None, law: Law | None = None) -> tuple[int, int]:
    """The youngest age at which a non-wage earner may be registered, and the age that may not be reached.

    Raises NoLawForDate.
    """
    reading = Reading(law or in_force(), on=on, known=known)
    return reading.whole("bpu.age.from").value, reading.whole("bpu.age.below").value


def bpu_bands(*, on: date, known: date | None = None, law: Law | None = None) -> tuple[int, ...]:
    """The lower bounds of the income bands of non-wage earners, whole rupiah, ascending: PP 44/2015 Lampiran II.

    Two incomes of one band cost the same. Raises NoLawForDate.
    """
    rows = Reading(law or in_force(), on=on, known=known).table("bpu.bands").rows
    return tuple(row.key for row in rows if isinstance(row.key, int))
