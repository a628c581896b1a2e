"""The numbers of docs/how-we-compute/jht.md are recomputed, every table of it."""

from datetime import date
from fractions import Fraction

from law.pages import Cells, day, each, number, number_or_zero, tables
from lindung.law import jht
from lindung.law.jht import account as jht_account
from lindung.law.jht.account import Contribution
from lindung.law.jht.grounds import Reason
from lindung.law.jht.tax import Withdrawal
from lindung.law.months import Month, months_from

PAGE = tables("jht.md")


def test_it_recomputes_every_table_of_the_page() -> None:
    assert set(PAGE) == {"claim", "part", "payment", "year"}


@each(PAGE["claim"])
def test_it_shows_when_the_savings_are_paid(row: Cells) -> None:
    event = day(row["event or letter"])
    said = jht.benefit(
        jht.Facts(
            reason=Reason(row["reason"]),
            event_date=event,
            balance=1_000_000,
            birth_date=day(row["born"]),
            left_work_on=event,
            paid_on=day(row["paid on"]),
        )
    )
    assert said.total == number_or_zero(row["paid out"])
    assert said.steps[0].working.get("payable_from", "-") == row["open from"]


@each(PAGE["part"])
def test_it_shows_what_a_part_leaves(row: Cells) -> None:
    said = jht.benefit(
        jht.Facts(
            reason=Reason(row["reason"]),
            event_date=day(row["paid on"]),
            balance=number(row["balance"]),
            member_since=day(row["member since"]),
        )
    )
    assert said.total == number_or_zero(row["paid out"])
    assert [step.working["rest"] for step in said.steps if step.amount] == (
        [number(row["stays"])] if said.granted else []
    )


@each(PAGE["payment"])
def test_it_shows_the_tax(row: Cells) -> None:
    earlier = (
        ()
        if row["first paid"] == "-"
        else (Withdrawal(day(row["first paid"]), number(row["already paid"]), partial=True),)
    )
    said = jht.benefit(
        jht.Facts(
            reason=Reason.DEATH,
            event_date=date(2026, 5, 10),
            balance=number(row["amount"]),
            paid_on=day(row["paid on"]),
            has_npwp=row["NPWP"] == "yes",
            earlier_withdrawals=earlier,
        )
    )
    if row["tax"] == "not computed":
        assert said.deductions == ()
        assert any("not computed here" in note.en for note in said.unverified)
    else:
        assert [step.amount for step in said.deductions] == [number(row["tax"])]
        assert said.net == number(row["in hand"])


def test_it_shows_what_an_account_holds() -> None:
    shown = PAGE["year"]
    yields = {number(row["year"]): Fraction(row["rate"]) for row in shown}
    first, last = Month(min(yields), 1), Month(max(yields), 12)
    said = jht_account.balance(
        jht_account.Facts(
            tuple(Contribution(month, 100_000) for month in months_from(first, last)),
            yields,
            last.last_day(),
        )
    )
    years = [row["year"] for row in shown]
    assert [said.amount(f"jht.contributions.{year}") for year in years] == [
        number(row["contributions"]) for row in shown
    ]
    assert [said.amount(f"jht.yield.{year}") for year in years] == [number(row["yield"]) for row in shown]
    closed = {step.key: step.working["closing"] for step in said.steps if "closing" in step.working}
    assert list(closed.values()) == [number(row["closing"]) for row in shown]
    assert [number(row["opening"]) for row in shown] == [0, *list(closed.values())[:-1]]
