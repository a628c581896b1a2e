"""What paying late costs: 2% a month for employers, nothing for non-wage earners."""

from datetime import date
from typing import NamedTuple

from lindung.law.contributions import due
from lindung.law.contributions.due import DueDate
from lindung.law.contributions.steps import written
from lindung.law.decision import Alternative, Decision, Fact, Step
from lindung.law.money import NotAnAmount, rupiah, share
from lindung.law.months import Month, day_label, months_later
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Programme, Segment
from lindung.law.text import Text, joined
from lindung.law.values import Law
from lindung.law.workdays import Calendar, weekday


class Facts(NamedTuple):
    """A month's contribution of one programme, in whole rupiah, and the day it was or will be paid."""

    segment: Segment
    programme: Programme
    amount: int
    month: Month
    paid_on: date


class _Late(NamedTuple):
    """Months of lateness: begun ones count; full ones are the other reading."""

    begun: int
    full: int


def fine(
    facts: Facts,
    *,
    is_working_day: Calendar = weekday,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """The fine for paying a month's contribution on that day; it is paid with the next contribution.

    PU: 2% of the contribution for each month of lateness (PP 44/2015 P22, PP 46/2015 P20, PP 45/2015 P31).
    BPU: none (secondary source). Whether a begun month counts whole was not read: it does here, and the
    other reading is an alternative. A relief does not lift the fine (PP 36/2025 P10A). Raises UnknownTerm
    for a segment or programme without a stored due day, NotAnAmount, NoLawForDate, NoWorkingDay.
    """
    if facts.amount < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    reading = Reading.for_month(law or in_force(), facts.month, known=known)
    day = due.found(reading, facts.segment, facts.programme, facts.month, is_working_day)
    late = _months_late(day.on, facts.paid_on)
    if facts.segment is Segment.BPU:
        step, others = _without_fine(reading, facts), tuple[Alternative, ...]()
    else:
        step, others = _with_fine(reading, facts, day, late)
    return reading.decision(
        "fine",
        steps=(due.step(day, facts.programme), step),
        facts=_facts(facts, known),
        alternatives=others,
    )


def _months_late(due_on: date, paid_on: date) -> _Late:
    begun = 0
    while paid_on > months_later(due_on, begun):
        begun += 1
    full = begun if paid_on == months_later(due_on, begun) else max(begun - 1, 0)
    return _Late(begun, full)


def _without_fine(reading: Reading, facts: Facts) -> Step:
    rate = reading.rate("fine.bpu.rate")
    amount = share(facts.amount, rate.value, reading.rounding())
    return rate.step(f"fine.{facts.programme}", amount)


def _with_fine(
    reading: Reading, facts: Facts, day: DueDate, late: _Late
) -> tuple[Step, tuple[Alternative, ...]]:
    rate = reading.rate(f"fine.pu.{due.GROUPS[Segment.PU][facts.programme]}.rate")
    reading.rounded(facts.amount, rate.value * late.begun)
    amount, other = (
        share(facts.amount, rate.value * months, reading.rounding()) for months in (late.begun, late.full)
    )
    working: dict[str, Fact] = {
        "base": facts.amount,
        "rate": written(rate.value),
        "rounding": reading.rounding().value,
        "months_late": late.begun,
        "full_months": late.full,
        "by_full_months": other,
        "paid_on": facts.paid_on.isoformat(),
    }
    step = rate.step(f"fine.{facts.programme}", amount, base=facts.amount, working=working)
    paid, due_on = day_label(facts.paid_on), day_label(day.on)
    if not late.begun:
        return step._replace(sentence=_ON_TIME.filled(paid=paid, due=due_on)), ()
    said = _LATE.filled(paid=paid, due=due_on, months=late.begun)
    step = step._replace(sentence=joined((said, step.sentence)))
    if late.full == late.begun:
        return step, ()
    reading.note(_BEGUN_UNREAD)
    sentence = _FULL_ONLY.filled(months=late.full, amount=rupiah(other))
    return step, (Alternative(other, sentence, rate.citation),)


def _facts(facts: Facts, known: date | None) -> dict[str, Fact]:
    return {
        "segment": facts.segment.value,
        "programme": facts.programme.value,
        "amount": facts.amount,
        "month": str(facts.month),
        "paid_on": facts.paid_on.isoformat(),
        "known": known.isoformat() if known else None,
    }


_ON_TIME = Text(
    "Dibayar {paid}, tidak lewat jatuh tempo {due}: tidak ada denda.",
    "Paid on {paid}, not after the due day {due}: there is no fine.",
)
_LATE = Text(
    "Dibayar {paid}, sesudah jatuh tempo {due}: terlambat {months} bulan.",
    "Paid on {paid}, after the due day {due}; months late: {months}.",
)
_BEGUN_UNREAD = Text(
    "Apakah bulan yang belum penuh dihitung satu bulan belum diperiksa pada naskah; "
    "Lindung menghitungnya satu bulan.",
    "Whether a month that is not full counts as one is not verified against the text; Lindung counts it.",
)
_FULL_ONLY = Text(
    "Menunggu ketetapan: bila hanya bulan penuh yang dihitung, {months} bulan, dendanya {amount}.",
    "Awaiting determination: if only full months count ({months}), the fine is {amount}.",
)
