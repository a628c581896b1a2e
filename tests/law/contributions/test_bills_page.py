"""The numbers of docs/how-we-compute/bills.md are recomputed, every table of it that holds some."""

from law.pages import Cells, day, each, number, number_or_none, tables
from lindung.law import contributions as law
from lindung.law.contributions import advance
from lindung.law.contributions.lateness import Facts, fine
from lindung.law.decision import Decision
from lindung.law.months import Month
from lindung.law.terms import Programme, Segment

PAGE = tables("bills.md")
THREE = (Programme.JKK, Programme.JKM, Programme.JHT)
TWO = THREE[:2]


def test_it_recomputes_every_table_of_the_page() -> None:
    """The states are the database's: tests/contributions/test_drafts.py takes every step."""
    assert set(PAGE) == {"from", "wage", "advance", "due"}


@each(PAGE["wage"])
def test_it_shows_the_fine_of_each_programme(row: Cells) -> None:
    month = Month.parse(row["month"])
    bill = law.pu(
        month=month, wage=number(row["wage"]), risk_class=row["class"], programmes=THREE, payer="apbd"
    )
    fines = [_fine(bill, name, month, row) for name in THREE]
    assert bill.total == number(row["contributions"])
    assert [each.total for each in fines] == [number(row[f"fine {name.upper()}"]) for name in THREE]
    assert sum(each.total for each in fines) == number(row["fine"])
    others = [other.total for each in fines for other in each.alternatives]
    assert (sum(others) if others else None) == number_or_none(row["other reading"])


def _fine(bill: Decision, name: Programme, month: Month, row: Cells) -> Decision:
    return fine(Facts(Segment.PU, name, bill.amount(name), month, day(row["paid on"])))


@each(PAGE["advance"])
def test_it_shows_several_months_at_once(row: Cells) -> None:
    first, months = Month.parse(row["first"]), number(row["months"])
    asked = {"programmes": TWO, "payer": row["payer"]}
    whole = advance.bpu(month=first, months=months, **asked)
    single = [law.bpu(month=first.plus(count), **asked).total for count in range(months)]
    assert whole.total == sum(single) == number(row["one worker"])
    assert [number(each) for each in row["each month"].split(" then ")] == list(dict.fromkeys(single))


@each(PAGE["due"])
def test_it_shows_the_last_day_of_each_programme(row: Cells) -> None:
    found = {
        name: law.due_date(segment=row["segment"], programme=name, month=Month.parse(row["due"])).on
        for name in THREE
    }
    assert found[Programme.JKK] == found[Programme.JKM] == day(row["JKK, JKM"])
    assert found[Programme.JHT] == day(row["JHT"])
