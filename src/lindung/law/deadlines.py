"""By which day something must be done, how late it was, and what the delay costs whoever is late."""

from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from lindung.law.asking_back import Contradiction, MissingFacts
from lindung.law.decision import Alternative, Citation, Confidence, Decision, Fact, Step
from lindung.law.money import NotAnAmount, rupiah, share
from lindung.law.months import Month, day_label, months_later
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.terms import UnknownTerm
from lindung.law.text import Text
from lindung.law.values import Law
from lindung.law.workdays import (
    ONLY_WEEKENDS,
    Calendar,
    Holidays,
    weekday,
    working_days,
    working_days_after,
)

HOURS_A_DAY = 24
PREFIX = "deadline."
GREATEST_FINE = "personal_data.fine.greatest_rate"


class Unit(StrEnum):
    """What a clock counts; the last word of its parameter's id."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    DAYS_BEFORE = "days_before"
    MONTHS = "months"
    YEARS = "years"
    DAYS_OF_24_HOURS = "days_of_24_hours"


class Facts(NamedTuple):
    """A clock, when it began, when the thing was done (None: not yet), and the amount in whole rupiah that
    was to be paid (None: no money, or not said). `holidays` are the days off besides Saturday and Sunday (None:
    not named)."""

    clock: str
    start: date
    done_on: date | None = None
    amount: int | None = None
    holidays: Holidays = None


class Deadline(NamedTuple):
    """The last day to do something in time, with the rule that says so."""

    on: date
    citation: Citation
    confidence: Confidence
    sentence: Text


def clocks(law: Law | None = None) -> dict[str, str]:
    """Every stored clock, such as jkm.pay, with the id of its parameter."""
    stored = (law or in_force()).parameters
    units = frozenset(Unit)
    named = (id.removeprefix(PREFIX).rpartition(".") for id in stored if id.startswith(PREFIX))
    return {clock: f"{PREFIX}{clock}.{unit}" for clock, _, unit in named if unit in units}


def last_day(
    *,
    clock: str,
    start: date,
    is_working_day: Calendar = weekday,
    known: date | None = None,
    law: Law | None = None,
) -> Deadline:
    """The last day of a clock that began on `start`; that day itself does not count.

    Raises UnknownTerm for a clock that is not stored, NoLawForDate, NoWorkingDay.
    """
    stored = law or in_force()
    rule, unit = _rule(Reading(stored, on=start, known=known), clock, stored)
    on = _counted(start, rule.value, unit, is_working_day)
    return Deadline(on, rule.citation, rule.confidence, rule.sentence.filled(value=rule.shown))


def deadline(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """The last day, how late it was done, and the compensation, which is the total.

    1. The clock as in force on the day it began. The day it began does not count.
    2. Late are the calendar days, or the months begun, after the last day.
    3. BPJS owes 1% a day for JKM and JKK (PP 44/2015 P37, P40), 2% a month for JP (PP 45/2015 P35). Where the
       text may count otherwise, the other amount is an alternative.
    4. A clock of UU 27/2022 that was missed may bring a fine, named with its ceiling (P57).

    Raises UnknownTerm, NoLawForDate, NotAnAmount, Contradiction, MissingFacts.
    """
    if facts.amount is not None and facts.amount < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    stored = law or in_force()
    reading = Reading(stored, on=facts.start, known=known)
    rule, unit = _rule(reading, facts.clock, stored)
    if facts.done_on is not None and facts.done_on < facts.start and unit is not Unit.DAYS_BEFORE:
        raise Contradiction("done_on", _BEFORE_START, code="before_start")
    works = working_days(facts.holidays)
    on = _counted(facts.start, rule.value, unit, works)
    if rule.value:
        _say_how_it_is_counted(reading, facts, unit)
    steps = [rule.step("deadline.rule", 0, working=_limit(rule, unit))]
    steps.append(_last_day(rule, facts, on, unit))
    others: tuple[Alternative, ...] = ()
    if facts.done_on is not None:
        steps.append(_lateness(rule, on, facts.done_on))
        if facts.done_on > on:
            late = _Late(on, facts.done_on, works)
            owed, others = _compensation(reading, stored, facts, late)
            steps += owed + _greatest_fine(reading, facts.clock)
    return reading.decision("deadline", steps=tuple(steps), facts=_facts(facts, known), alternatives=others)


def working_day_after(reading: Reading, start: date, count: int, holidays: Holidays) -> date:
    """The working day that many working days after `start`, which does not count; the decision says how working
    days were counted. Raises NoWorkingDay."""
    if count:
        _say_working_days(reading, holidays)
    return working_days_after(start, count, working_days(holidays))


def written_holidays(holidays: Holidays) -> Fact:
    """The holidays as a decision keeps them; None where nobody named them."""
    return None if holidays is None else tuple(day.isoformat() for day in holidays)


def months_begun(since: date, until: date) -> int:
    """How many months have begun after `since` up to `until`, both days known: one on the first day late."""
    whole = months_completed(since, until)
    return whole + (months_later(since, whole) < until)


def months_completed(since: date, until: date) -> int:
    """How many whole months lie between two days; 0 when `until` is not later."""
    if until <= since:
        return 0
    months = Month.of(since).months_until(Month.of(until))
    return months - (months_later(since, months) > until)


def _rule(reading: Reading, clock: str, law: Law) -> tuple[Read[int], Unit]:
    known = clocks(law)
    if clock not in known:
        raise UnknownTerm(clock, known)
    id = known[clock]
    return reading.whole(id), Unit(id.rpartition(".")[2])


def _counted(start: date, count: int, unit: Unit, works: Calendar) -> date:
    match unit:
        case Unit.WORKING_DAYS:
            return working_days_after(start, count, works)
        case Unit.DAYS | Unit.DAYS_OF_24_HOURS:
            return start + timedelta(days=count)
        case Unit.DAYS_BEFORE:
            return start - timedelta(days=count)
        case Unit.MONTHS:
            return months_later(start, count)
        case Unit.YEARS:
            return months_later(start, 12 * count)


def _say_how_it_is_counted(reading: Reading, facts: Facts, unit: Unit) -> None:
    if unit is Unit.WORKING_DAYS:
        _say_working_days(reading, facts.holidays)
    elif unit is Unit.DAYS:
        reading.note(_FIRST_DAY)


def _say_working_days(reading: Reading, holidays: Holidays) -> None:
    reading.note(_FIRST_DAY)
    if holidays is None:
        reading.assume(ONLY_WEEKENDS)


def _limit(rule: Read[int], unit: Unit) -> dict[str, Fact]:
    working: dict[str, Fact] = {"limit": rule.value, "unit": unit.value}
    return working | ({"hours": HOURS_A_DAY} if unit is Unit.DAYS_OF_24_HOURS else {})


def _last_day(rule: Read[int], facts: Facts, on: date, unit: Unit) -> Step:
    said = {Unit.DAYS_OF_24_HOURS: _SAME_HOUR, Unit.DAYS_BEFORE: _BEFORE}.get(unit, _COUNTED)
    step = rule.step("deadline.last_day", 0)
    working: dict[str, Fact] = {"from": facts.start.isoformat(), "last_day": on.isoformat()}
    sentence = said.filled(start=day_label(facts.start), day=day_label(on))
    return step._replace(label=_LAST_DAY, sentence=sentence, working=working)


def _lateness(rule: Read[int], on: date, done_on: date) -> Step:
    late = max((done_on - on).days, 0)
    step = rule.step("deadline.lateness", 0)
    sentence = (_LATE if late else _IN_TIME).filled(done=day_label(done_on), days=late)
    working: dict[str, Fact] = {"done_on": done_on.isoformat(), "days_late": late}
    return step._replace(label=_LATENESS, sentence=sentence, working=working)


class _Late(NamedTuple):
    """A delay: the last day, the later day on which it was done, and which days are working days."""

    since: date
    until: date
    works: Calendar

    @property
    def days(self) -> tuple[int, int]:
        """Calendar days, and working days."""
        every = range(1, (self.until - self.since).days + 1)
        return len(every), sum(self.works(self.since + timedelta(days=day)) for day in every)

    @property
    def months(self) -> tuple[int, int]:
        """Months begun, and whole months."""
        return months_begun(self.since, self.until), months_completed(self.since, self.until)


def _compensation(
    reading: Reading, law: Law, facts: Facts, late: _Late
) -> tuple[list[Step], tuple[Alternative, ...]]:
    """What BPJS owes for being late, and what it would owe if the text counts otherwise; nothing for a clock
    without a rate."""
    daily, monthly = (f"{PREFIX}{facts.clock}.late_{each}_rate" for each in ("daily", "monthly"))
    if daily in law.parameters:
        id, said, counts = daily, _IF_WORKING_DAYS, late.days
    elif monthly in law.parameters:
        id, said, counts = monthly, _IF_WHOLE_MONTHS, late.months
    else:
        return [], ()
    if facts.amount is None:
        raise MissingFacts("amount")
    rate = reading.rate(id)
    owed, other = (_share(reading, facts.amount, rate.value, count) for count in counts)
    working: dict[str, Fact] = {
        "base": facts.amount,
        "rate": _written(rate.value),
        "times": counts[0],
    }
    steps = [rate.step("deadline.compensation", owed, base=facts.amount, working=working)]
    if other == owed:
        return steps, ()
    reading.note(_LATENESS_UNREAD)
    return steps, (Alternative(other, said.filled(amount=rupiah(other)), rate.citation),)


def _share(reading: Reading, amount: int, rate: Fraction, times: int) -> int:
    reading.rounded(amount * times, rate)
    return share(amount * times, rate, reading.rounding())


def _greatest_fine(reading: Reading, clock: str) -> list[Step]:
    if not clock.startswith("personal_data."):
        return []
    rate = reading.rate(GREATEST_FINE)
    return [rate.step("deadline.fine", 0, working={"rate": _written(rate.value)})]


def _written(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"


def _facts(facts: Facts, known: date | None) -> dict[str, Fact]:
    return {
        "deadline": facts.clock,
        "from": facts.start.isoformat(),
        "done_on": facts.done_on.isoformat() if facts.done_on else None,
        "amount": facts.amount,
        "holidays": written_holidays(facts.holidays),
        "known": known.isoformat() if known else None,
    }


_LAST_DAY = Text("Hari terakhir", "Last day")
_LATENESS = Text("Terlambat atau tidak", "Late or not")
_COUNTED = Text(
    "Waktunya mulai {start}. Hari terakhir {day}.", "The clock began on {start}. The last day is {day}."
)
_SAME_HOUR = Text(
    "Waktunya mulai {start}. Berakhir {day} pada jam yang sama.",
    "The clock began on {start}. It ends on {day} at the same hour.",
)
_BEFORE = Text(
    "Dihitung mundur dari {start}. Hari terakhir {day}.",
    "Counted back from {start}. The last day is {day}.",
)
_IN_TIME = Text("Selesai {done}: tepat waktu.", "Done on {done}: in time.")
_LATE = Text("Selesai {done}: terlambat {days} hari.", "Done on {done}: {days} days late.")
_FIRST_DAY = Text(
    "Hari mulainya tidak ikut dihitung; cara menghitung ini belum diperiksa pada naskah.",
    "The day on which the clock began does not count; this way of counting is not verified against the text.",
)
_LATENESS_UNREAD = Text(
    "Cara menghitung lamanya terlambat belum diperiksa pada naskah.",
    "How lateness is counted is not verified against the text.",
)
_IF_WORKING_DAYS = Text(
    "Menunggu ketetapan: bila hanya hari kerja yang dihitung terlambat, ganti ruginya {amount}.",
    "Awaiting determination: if only working days count as late, the compensation is {amount}.",
)
_IF_WHOLE_MONTHS = Text(
    "Menunggu ketetapan: bila hanya bulan penuh yang dihitung terlambat, dendanya {amount}.",
    "Awaiting determination: if only whole months count as late, the amount is {amount}.",
)
_BEFORE_START = Text(
    "{field} lebih awal dari from. Periksa kedua tanggal.", "{field} is before from. Check both dates."
)
