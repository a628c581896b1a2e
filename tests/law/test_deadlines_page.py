"""The numbers of docs/how-we-compute/deadlines.md are recomputed, every table of it."""

from datetime import date

from law.pages import Cells, day, day_or_none, each, number, numbers, tables
from lindung.law.deadlines import Facts, clocks, deadline
from lindung.law.decision import Decision
from lindung.law.registration import Facts as Registering
from lindung.law.registration import registration
from lindung.law.sanctions import Facts as Owing
from lindung.law.sanctions import personal_data_fine, sanction
from lindung.law.terms import Segment

PAGE = tables("deadlines.md")


def others(said: Decision) -> list[int]:
    return [other.total for other in said.alternatives]


def test_it_recomputes_every_table_of_the_page() -> None:
    assert set(PAGE) == {"clock", "late", "registration", "owed", "yearly revenue"}


def test_it_shows_every_clock_that_is_stored() -> None:
    assert {row["clock"] for row in PAGE["clock"]} == set(clocks())


@each(PAGE["clock"])
def test_it_shows_the_last_day_and_the_article(row: Cells) -> None:
    said = deadline(Facts(row["clock"], day(row["from"])))
    assert said.steps[1].working["last_day"] == row["last day"]
    assert said.steps[0].citation.text.id == row["law"]


@each(PAGE["late"])
def test_it_shows_what_a_delay_costs(row: Cells) -> None:
    said = deadline(
        Facts(row["late"], day(row["file complete"]), day_or_none(row["paid"]), number(row["benefit"]))
    )
    assert said.steps[2].working["days_late"] == number(row["days late"])
    assert (said.total, others(said)) == (number(row["compensation"]), numbers(row["other reading"]))


@each(PAGE["registration"])
def test_it_shows_who_is_covered(row: Cells) -> None:
    said = registration(
        Registering(
            Segment.BPU,
            day(row["form complete"]),
            day_or_none(row["first paid"]),
            day_or_none(row["number"]),
            day_or_none(row["event"]),
        )
    )
    assert said.granted == (row["covered"] == "yes")


@each(PAGE["owed"])
def test_it_shows_the_fine(row: Cells) -> None:
    warned = (day_or_none(row["first warning"]), day_or_none(row["second warning"]))
    said = sanction(Owing(number(row["owed"]), day(row["on"]), *warned))
    assert (said.total, others(said)) == (number(row["fine"]), numbers(row["other reading"]))


@each(PAGE["yearly revenue"])
def test_it_shows_the_greatest_fine_for_personal_data(row: Cells) -> None:
    said = personal_data_fine(yearly_revenue=number(row["yearly revenue"]), on=date(2026, 11, 22))
    assert said.steps[0].working["at_most"] == number(row["greatest fine"])
