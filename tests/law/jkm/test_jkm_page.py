"""The numbers of docs/how-we-compute/jkm.md are recomputed, every table of it."""

from datetime import date

from law.pages import Cells, day, each, number, number_or_zero, numbers, tables, text, words
from lindung.law import heirs, jkm
from lindung.law.asking_back import Contradiction
from lindung.law.decision import Decision
from lindung.law.heirs import Relative
from lindung.law.jkm import Cause, Facts, check
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.scholarship import Child, Level
from lindung.law.terms import Payer, Segment

PAGE = tables("jkm.md")
DAY = date(2026, 10, 5)


def school(said: Decision) -> int:
    return said.amount("jkm.scholarship_now") + sum(
        later.amount for later in said.schedule if later.key == "scholarship"
    )


def parts(said: Decision) -> list[int]:
    return [said.amount(f"jkm.{part}") for part in ("lump_sum", "periodic", "funeral")] + [said.total]


def named(row: Cells) -> list[int]:
    return [number(row[name]) for name in ("lump sum", "periodic", "funeral", "total")]


def test_it_recomputes_every_table_of_the_page() -> None:
    assert set(PAGE) == {
        "died", "refused", "street cleaner", "BPU", "segment", "arrears", "memberships", "place", "level", "child",
    }  # fmt: skip


@each(PAGE["died"])
def test_it_shows_the_sums_by_the_day_of_death(row: Cells) -> None:
    said = jkm.benefit(Facts(Segment.PU, day(row["died"])))
    assert parts(said) == named(row)
    assert row["law"] in [citation.text.id for citation in said.citations]


REFUSED = {
    "died before the membership": Facts(Segment.PU, DAY, member_since=date(2026, 10, 6)),
    "nothing was ever paid": Facts(Segment.PU, DAY, months_paid=0),
    "died by an accident at work": Facts(Segment.PU, DAY, cause=Cause.WORK),
    "no longer working and paying": Facts(Segment.PU, DAY, still_active=False),
    "BPU, more than three months unpaid": Facts(Segment.BPU, DAY, months_paid=9, months_in_arrears=4),
}


@each(PAGE["refused"])
def test_it_shows_when_there_is_nothing(row: Cells) -> None:
    refusal = jkm.benefit(REFUSED[row["refused"]]).refusal
    assert refusal is not None
    assert refusal.citation.text.id == row["article"]


CHILDREN = (
    Child(date(2016, 5, 4), Level.SD, 4, studying=True),
    Child(date(2012, 5, 4), Level.SMP, 2, studying=True),
)


@each(PAGE["street cleaner"])
def test_it_shows_five_deaths_of_a_street_cleaner(row: Cells) -> None:
    facts = Facts(
        Segment.BPU,
        day(row["died"]),
        member_since=day(row["member since"]),
        months_paid=number(row["months paid"]),
        children=CHILDREN if row["street cleaner"] == "two school children" else (),
        payer=Payer.APBD,
    )
    shows(jkm.benefit(facts), row)
    assert school(jkm.benefit(facts)) == number_or_zero(row["school, in all"])


@each(PAGE["BPU"])
def test_it_shows_the_edges_of_the_waiting_time(row: Cells) -> None:
    died = day(row["died"])
    facts = Facts(Segment.BPU, died, member_since=date(2026, 6, 10), months_paid=number(row["months paid"]))
    shows(jkm.benefit(facts), row)


@each(PAGE["segment"])
def test_it_shows_how_many_months_a_membership_can_hold(row: Cells) -> None:
    facts = Facts(
        Segment(row["segment"].lower()),
        date(2026, 5, 5),
        member_since=date(2026, 1, 5),
        months_paid=number(row["months paid"]),
    )
    try:
        check(facts)
        assert row[""] == "possible"
    except Contradiction:
        assert row[""] == "contradiction"


def shows(said: Decision, row: Cells) -> None:
    assert said.total == number(row["paid now"])
    assert [other.total for other in said.alternatives] == numbers(row["other reading"])


@each(PAGE["arrears"])
def test_it_shows_what_arrears_hold_back(row: Cells) -> None:
    said = jkm.benefit(
        Facts(
            Segment(row["arrears"].lower()),
            DAY,
            member_since=date(2024, 1, 1),
            months_paid=20,
            months_in_arrears=number(row["months unpaid"]),
        )
    )
    assert said.total == number(row["paid now"])
    assert sum(later.amount for later in said.schedule) == number(row["held"])


@each(PAGE["memberships"])
def test_it_shows_several_memberships_and_no_heir(row: Cells) -> None:
    said = jkm.benefit(
        Facts(
            Segment.PU,
            day(row["died"]),
            memberships=number(row["memberships"]),
            has_heirs=row["heirs"] == "yes",
            owner_of_companies=row["owner"] == "yes",
        )
    )
    assert parts(said) == named(row)


@each(PAGE["place"])
def test_it_shows_the_order_of_heirs(row: Cells) -> None:
    assert words(row["relatives"])
    for word in words(row["relatives"]):
        said = heirs.order(heirs.Facts(DAY, (Relative(word),)))
        assert said.steps[0].working["rank"] == number(row["place"])


@each(PAGE["level"])
def test_it_shows_the_scholarship_by_level(row: Cells) -> None:
    reading, level = Reading(in_force(), on=DAY), row["level"].lower()
    assert reading.amount_in("scholarship.yearly", level).value == number(row["a year"])
    assert reading.amount_in("scholarship.years", level).value == number(row["years"])


@each(PAGE["child"])
def test_it_shows_what_a_child_gets(row: Cells) -> None:
    child = Child(
        day(row["born"]),
        Level(row["level"].lower()),
        number(row["year of level"]),
        studying=True,
    )
    facts = Facts(Segment.PU, day(row["died"]), months_paid=60, children=(child,))
    said = jkm.benefit(facts)
    assert said.amount("jkm.scholarship_now") == number(row["now"])
    assert school(said) == number(row["in all"])


def test_it_shows_what_two_children_get_at_most() -> None:
    child = Child(date(2022, 5, 1), Level.TK, 1, studying=True)
    said = jkm.benefit(Facts(Segment.PU, DAY, months_paid=36, children=(child, child)))
    assert f"Rp{school(said):,} in all" in text("jkm.md")
