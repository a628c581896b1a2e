"""Working days: Monday to Friday less the holidays that are named; the law itself names none."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from lindung.law.text import Text

LONGEST_HOLIDAY = 31
"""Days after which a calendar that knows no working day is taken for broken."""

Calendar = Callable[[date], bool]
"""Whether a day is a working day."""


Holidays = tuple[date, ...] | None
"""The days off besides Saturday and Sunday; None where nobody named them, which a decision says."""

ONLY_WEEKENDS = Text(
    "Hari libur tidak disebut: hanya Sabtu dan Minggu dianggap libur.",
    "No holidays were named: only Saturday and Sunday are taken as days off.",
)


class NoWorkingDay(LookupError):
    """Kalender tanpa hari kerja sesudah jatuh tempo. / The calendar has no working day after the due day."""


def weekday(day: date) -> bool:
    """Whether the day is Monday to Friday: the working days when no calendar of holidays is given."""
    return day.weekday() < 5


def working_days(holidays: Iterable[date] | None) -> Calendar:
    """The calendar in which Saturday, Sunday and these holidays are no working days."""
    off = frozenset(holidays or ())
    return lambda day: weekday(day) and day not in off


def first_working_day(day: date, works: Calendar) -> date:
    """The day itself, or the next working day where it is none. Raises NoWorkingDay."""
    return day if works(day) else working_days_after(day, 1, works)


def working_days_after(start: date, count: int, works: Calendar) -> date:
    """The working day that many working days after `start`, which does not count. Raises NoWorkingDay."""
    day, off = start, 0
    while count:
        day += timedelta(days=1)
        off = 0 if works(day) else off + 1
        count -= not off
        if off > LONGEST_HOLIDAY:
            raise NoWorkingDay(NoWorkingDay.__doc__)
    return day
