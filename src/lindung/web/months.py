"""How a worker's months look: a word, a picture and a colour for each, gathered by year."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from lindung.contributions.cover import MonthCover, WorkCover
from lindung.law.months import Month
from lindung.law.text import Text


class Look(NamedTuple):
    """A picture of the page's own set and a colour class; words always go with them."""

    icon: str
    colour: str


class MonthCell(NamedTuple):
    """One month of the calendar: `place` is its number, so that January stands under January."""

    name: Text
    word: Text
    icon: str
    colour: str
    place: int


class CalendarYear(NamedTuple):
    """The months of one calendar year in order."""

    year: int
    months: tuple[MonthCell, ...]


class WorkCalendar(NamedTuple):
    """One work of the worker beside its months."""

    work: WorkCover
    years: tuple[CalendarYear, ...]


_STATES = {
    "protected": Look("shield", "is-good"),
    "at_risk": Look("shield-wait", "is-fix"),
    "proposed": Look("shield-wait", "is-note"),
    "lapsed": Look("shield-off", "is-stop"),
    "never": Look("shield-off", "is-stop"),
}

_MONTHS = {
    "paid": (Look("good", "is-good"), Text("Lunas", "Paid")),
    "due": (Look("wait", "is-fix due"), Text("Waktunya bayar", "Due now")),
    "unpaid": (Look("stop", "is-stop"), Text("Belum dibayar", "Unpaid")),
    "future": (Look("skip", "future"), Text("Nanti", "Later")),
}


def answer_look(state: str) -> Look:
    """How the big answer looks for a state of cover."""
    return _STATES[state]


def calendar_of(work: WorkCover) -> WorkCalendar:
    """The work beside its months."""
    return WorkCalendar(work, years_of(work.months))


def years_of(months: Iterable[MonthCover]) -> tuple[CalendarYear, ...]:
    """Months in order, gathered by year, the newest year first."""
    years = groupby(months, key=lambda cover: cover.month.year)
    in_order = [CalendarYear(year, _cells(covered)) for year, covered in years]
    return tuple(reversed(in_order))


def _cells(months: Iterable[MonthCover]) -> tuple[MonthCell, ...]:
    return tuple(_cell(cover) for cover in months)


def _cell(cover: MonthCover) -> MonthCell:
    look, word = _MONTHS[cover.state]
    return MonthCell(_short(cover.month), word, look.icon, look.colour, cover.month.number)


def _short(month: Month) -> Text:
    return Text(month.label.id[:3], month.label.en[:3])
