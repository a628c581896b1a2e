"""The numbers of docs/how-we-compute/accidents.md are recomputed, every table of it."""

from datetime import date
from fractions import Fraction

from law.pages import Cells, day, day_or_none, each, number, tables, words
from lindung.law.jkk import care
from lindung.law.jkk.care import Cost, CostKind
from lindung.law.jkk.disability import TABLE, Injury, partial
from lindung.law.jkk.losses import LABELS, RANGED
from lindung.law.jkk.reporting import Facts, Moment, lapses_on, report
from lindung.law.money import percent
from lindung.law.parameter import in_force
from lindung.law.questions import asking
from lindung.law.reading import Reading
from lindung.law.terms import Segment

PAGE = tables("accidents.md")
BILL = "bill of Rp50,000,000 for"


def reading(on: date) -> Reading:
    return Reading(in_force(), on=on)


def test_it_recomputes_every_table_of_the_page() -> None:
    assert set(PAGE) == {"event", BILL, "loss", "worked example", "reports", "accident"}


@each(PAGE["event"])
def test_it_shows_what_counts_as_an_accident_at_work(row: Cells) -> None:
    said = dict.fromkeys(words(row["said to be so"]), True)
    said |= dict.fromkeys(words(row["said not to be so"]), False)
    decided = asking.decide("triage", {"event_date": row["day"], "kind": row["kind"], **said})
    assert decided.steps[0].working["verdict"] == row["answer"]


@each(PAGE[BILL])
def test_it_shows_what_is_paid_of_a_bill(row: Cells) -> None:
    bill = (Cost(CostKind(row[BILL]), 50_000_000),)
    for column, on in (("until 1 Dec 2019", date(2019, 12, 1)), ("from 2 Dec 2019", date(2019, 12, 2))):
        assert sum(step.amount for step in care.steps(reading(on), bill)) == number(row[column])


def test_it_shows_every_kind_of_bill_and_every_line_of_the_table() -> None:
    assert [row[BILL] for row in PAGE[BILL]] == list(CostKind)
    assert [row["code"] for row in PAGE["loss"]] == [f"`{code}`" for code in LABELS]


@each(PAGE["loss"])
def test_it_shows_what_each_loss_is_worth(row: Cells) -> None:
    code = row["code"].strip("`")
    for on in (date(2019, 12, 1), date(2026, 11, 22)):
        read = reading(on)
        worth = percent(read.rate_in(TABLE, code).value).en
        least = percent(read.rate_in("jkk.disability.least", code).value).en if code in RANGED else ""
        assert (row["loss"], row["worth"]) == (LABELS[code].en, f"{least} to {worth}" if least else worth)
        (step,) = partial(
            read, (Injury(code, Fraction(1)),), left_handed=False, base=1_000_000, functional=False
        )
        assert step.amount == number(row["of a wage of Rp1,000,000"])


def injury(written: str) -> Injury:
    """right_thumb, right_thumb 1/2 or big_toe x2."""
    code, _, more = written.partition(" ")
    if more.startswith("x"):
        return Injury(code, Fraction(1), int(more[1:]))
    return Injury(code, Fraction(more or 1))


@each(PAGE["worked example"])
def test_it_shows_what_lasting_injuries_give(row: Cells) -> None:
    steps = partial(
        reading(date(2026, 5, 10)),
        tuple(injury(one) for one in words(row["injuries"])),
        left_handed=row["left-handed"] == "yes",
        base=number(row["wage"]),
        functional=row["function"] == "yes",
    )
    assert sum(step.amount for step in steps) == number(row["gives"])


def moment(cell: str) -> Moment:
    on, _, time = cell.partition(" ")
    hour, _, minute = time.partition(":")
    return Moment(day(on), int(hour) * 60 + int(minute) if time else None)


@each(PAGE["reports"])
def test_it_shows_by_when_to_report(row: Cells) -> None:
    facts = Facts(Segment(row["reports"].lower()), moment(row["accident"]), reported=moment(row["reported"]))
    first = report(facts).steps[0]
    assert first.working["limit"] == str(moment(row["last moment"]))
    assert first.working["late"] == (row["late"] == "yes")


@each(PAGE["accident"])
def test_it_shows_until_when_to_claim(row: Cells) -> None:
    event = day(row["accident"])
    diagnosed = day_or_none(row["diagnosis"])
    found = lapses_on(reading(event), event, diagnosed)
    assert (found.last_day.isoformat(), found.months) == (row["last day to claim"], number(row["months"]))
