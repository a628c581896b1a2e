"""The calendar of a worker: newest year first, each month in its place, every state with a word of its own."""

import pytest

from lindung.contributions.cover import CoverState, MonthCover
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.web.months import answer_look, years_of


def months(*states: tuple[Month, str]) -> list[MonthCover]:
    """Months of Ibu Siti in these states."""
    return [MonthCover(month, state, None, "", 0, Text("x", "x")) for month, state in states]


def test_it_shows_the_newest_year_first_and_its_months_in_order() -> None:
    years = years_of(
        months(
            (Month(2025, 12), "paid"),
            (Month(2026, 1), "unpaid"),
            (Month(2026, 2), "due"),
            (Month(2026, 3), "future"),
        )
    )
    assert [year.year for year in years] == [2026, 2025]
    assert [(cell.place, cell.name.id, cell.word.id) for cell in years[0].months] == [
        (1, "Jan", "Belum dibayar"),
        (2, "Feb", "Waktunya bayar"),
        (3, "Mar", "Nanti"),
    ]


def test_it_tells_states_apart_by_word_and_picture_not_by_colour_alone() -> None:
    words = ("paid", "due", "unpaid", "future")
    (year,) = years_of(months(*((Month(2026, number), word) for number, word in enumerate(words, 1))))
    assert len({cell.word for cell in year.months}) == 4
    assert len({cell.icon for cell in year.months}) == 4


@pytest.mark.parametrize("state", list(CoverState))
def test_it_has_a_look_for_every_answer(state: CoverState) -> None:
    assert answer_look(state).icon.startswith("shield")
