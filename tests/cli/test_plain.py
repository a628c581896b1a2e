"""What values look like for machines."""

from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest

from lindung.cli.plain import plain
from lindung.law.months import Month
from lindung.law.terms import Programme
from lindung.law.text import Text


class Pair(NamedTuple):
    """A value of a room."""

    month: Month
    said: Text


def test_it_writes_the_values_of_the_rooms() -> None:
    value = {
        Programme.JKK: (Pair(Month(2026, 11), Text("satu", "one")), None, True),
        "on": date(2026, 11, 22),
        "at": datetime(2026, 11, 22, 1, tzinfo=UTC),
    }
    assert plain(value) == {
        "jkk": [{"month": "2026-11", "said": {"id": "satu", "en": "one"}}, None, True],
        "on": "2026-11-22",
        "at": "2026-11-22T01:00:00+00:00",
    }


@pytest.mark.parametrize("value", [1.5, b"1", {1, 2}, object()])
def test_it_guesses_nothing(value: object) -> None:
    with pytest.raises(TypeError):
        plain(value)
