"""Holidays named in a question: with Saturdays and Sundays they are the days that are no working days."""

from lindung.law import workdays
from lindung.law.decision import Fact
from lindung.law.questions.fields import Given
from lindung.law.reading import Reading
from lindung.law.text import Text
from lindung.law.workdays import ONLY_WEEKENDS, Calendar, Holidays

MOST = 1000
"""More holidays than a question can need; a longer list is a slip."""


def holidays(given: Given) -> Holidays:
    """The days off besides Saturday and Sunday, each once and in order; None when the field is absent.

    Raises Unanswerable, naming the entry.
    """
    if "holidays" not in given:
        return None
    named = given.facts["holidays"]
    if not isinstance(named, list) or len(named) > MOST:
        given.refuse("holidays", "not_a_list", _NOT_DAYS)
    days = [Given({f"holidays[{place}]": day}).day(f"holidays[{place}]") for place, day in enumerate(named)]
    return tuple(sorted(set(days)))


def working_days(given: Given) -> Calendar:
    """Whether a day is a working day, by the field `holidays`. Raises Unanswerable, naming the entry."""
    return workdays.working_days(holidays(given))


def named_holidays(given: Given) -> dict[str, Fact]:
    """The holidays as a fact of the decision; nothing where none were named."""
    days = holidays(given)
    return {} if days is None else {"holidays": tuple(day.isoformat() for day in days)}


def said_without_holidays(given: Given, reading: Reading) -> None:
    """Say that only weekends were taken for holidays, where none were named."""
    if "holidays" not in given:
        reading.assume(ONLY_WEEKENDS)


_NOT_DAYS = Text(
    '{field} harus daftar tanggal seperti ["2026-12-25"].',
    '{field} must be a list of dates such as ["2026-12-25"].',
)
