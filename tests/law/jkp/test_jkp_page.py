"""The numbers of docs/how-we-compute/jkp.md are recomputed, every table of it."""

from datetime import date

from law.pages import Cells, day, each, number, number_or_none, number_or_zero, tables
from lindung.law import jkp
from lindung.law.eligibility.firm_duties import FirmSize
from lindung.law.jkp import Facts, Reason
from lindung.law.jkp.facts import in_a_row
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Segment

PAGE = tables("jkp.md")
SITI = Facts(Reason.DISMISSAL, date(2026, 5, 10), wage=4_000_000, months_paid=14, consecutive_months=7)
REFUSED = {
    "not a wage earner": SITI._replace(segment=Segment.BPU),
    "dismissed before joining": SITI._replace(member_since=date(2026, 5, 11)),
    "not Indonesian": SITI._replace(indonesian=False),
    "54 or older on joining": SITI._replace(birth_date=date(1970, 3, 1), member_since=date(2024, 3, 1)),
    "not in the other programmes": SITI._replace(firm_size=FirmSize.MICRO, held=frozenset({"jkk", "jkm"})),
    "too few months paid": SITI._replace(months_paid=11),
    "resigned": SITI._replace(reason=Reason.RESIGNATION),
    "contract ended in time": SITI._replace(reason=Reason.CONTRACT_END),
    "three claims before": SITI._replace(
        earlier_claims=(date(2010, 1, 1), date(2015, 1, 1), date(2020, 1, 1))
    ),
    "less than five years since the last claim": SITI._replace(earlier_claims=(date(2022, 1, 1),)),
    "closed employer owes more than six months": SITI._replace(employer_closed=True, months_in_arrears=7),
    "claimed too late": SITI._replace(claimed_on=date(2026, 11, 11)),
}


def test_it_recomputes_every_table_of_the_page() -> None:
    assert set(PAGE) == {"dismissed", "months paid of 24", "day", "refused"}
    assert {row["refused"] for row in PAGE["refused"]} == set(REFUSED)


@each(PAGE["dismissed"])
def test_it_shows_the_two_laws(row: Cells) -> None:
    needed, looked_at = row["months paid needed"].split(" of ")
    steps = jkp.benefit(SITI._replace(event_date=day(row["dismissed"]))).steps
    months = [step for step in steps if step.key == "jkp.months"]
    assert steps[0].working["months"] == number(looked_at)
    assert months[0].working["needed"] == number(needed)
    assert [step.working["needed"] for step in months[1:]] == [number_or_zero(row["in a row"])] * len(
        months[1:]
    )
    assert bool(months[1:]) == bool(number_or_zero(row["in a row"]))
    claim = next(step for step in steps if step.key == "jkp.claim")
    assert f"{claim.working['months']} months" == row["claim within"]
    assert months[0].citation.text.id == row["law"]


@each(PAGE["months paid of 24"])
def test_it_shows_how_many_months_in_a_row_are_sure(row: Cells) -> None:
    paid = number(row["months paid of 24"])
    facts = SITI._replace(event_date=date(2025, 2, 6), months_paid=paid, consecutive_months=None)
    assert in_a_row(Reading(in_force(), on=facts.event_date), facts) == number_or_none(
        row["in a row for sure"]
    )


@each(PAGE["day"])
def test_it_shows_what_each_month_gives(row: Cells) -> None:
    facts = SITI._replace(event_date=day(row["day"]), wage=number(row["wage"]))
    said = jkp.benefit(facts)
    months = [said.amount(f"jkp.cash.{month}") for month in range(1, 7)]
    first, later = number(row["months 1-3, each"]), number(row["months 4-6, each"])
    assert months == [first] * 3 + [later] * 3
    assert said.total == number(row["all six"])


@each(PAGE["refused"])
def test_it_shows_why_there_is_nothing(row: Cells) -> None:
    said = jkp.benefit(REFUSED[row["refused"]])
    assert said.refusal is not None
    assert said.refusal.citation.text.id == row["article"]
