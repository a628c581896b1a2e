"""The calendar of a worker: newest year first, each month in its place, every state with a word of its own."""

from datetime import date

import pytest

from lindung.contributions.cover import CoverState, MonthCover, WorkCover
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.web.months import answer_look, calendar_of

PAYER = BADGE = LABEL = Text("x", "x")


def work(*states: tuple[Month, str]) -> WorkCover:
    """A work of Ibu Siti with these months."""
    months = tuple(MonthCover(month, state, None, "", 0, BADGE) for month, state in states)
    day = date(2025, 6, 1)
    return WorkCover(
        state=CoverState.PROTECTED,
        work="penjahit",
        work_label=LABEL,
        agreement_code="x",
        agreement_title="x",
        sponsor="x",
        payer=PAYER,
        programmes=("jkk",),
        registered_on=day,
        since=day,
        paid_until=None,
        arrears=0,
        at_risk_from=day,
        lapses_on=day,
        months=months,
        next_steps=(),
    )


def test_it_shows_the_newest_year_first_and_its_months_in_order() -> None:
    calendar = calendar_of(
        work(
            (Month(2025, 12), "paid"),
            (Month(2026, 1), "unpaid"),
            (Month(2026, 2), "due"),
            (Month(2026, 3), "future"),
        )
    )
    assert [year.year for year in calendar.years] == [2026, 2025]
    assert [(cell.place, cell.name.id, cell.word.id) for cell in calendar.years[0].months] == [
        (1, "Jan", "Belum dibayar"),
        (2, "Feb", "Waktunya bayar"),
        (3, "Mar", "Nanti"),
    ]


def test_it_tells_states_apart_by_word_and_picture_not_by_colour_alone() -> None:
    months = [
        (Month(2026, number), state) for number, state in enumerate(("paid", "due", "unpaid", "future"), 1)
    ]
    cells = calendar_of(work(*months)).years[0].months
    assert len({cell.word for cell in cells}) == 4
    assert len({cell.icon for cell in cells}) == 4


@pytest.mark.parametrize("state", list(CoverState))
def test_it_has_a_look_for_every_answer(state: CoverState) -> None:
    assert answer_look(state).icon.startswith("shield")
