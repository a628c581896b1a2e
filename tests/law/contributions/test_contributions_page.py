"""The numbers of docs/how-we-compute/contributions.md are recomputed, every table of it."""

from datetime import date

from law.pages import Cells, day, each, number, number_or_none, number_or_zero, numbers, tables
from lindung.law import arrears, contributions
from lindung.law.contributions import advance, construction, lateness, migrants, settlement, wages
from lindung.law.formula import rate_of
from lindung.law.money import percent
from lindung.law.months import Month
from lindung.law.parameter import in_force
from lindung.law.terms import Programme, Segment
from lindung.law.values import DatedValue, Table

PAGE = tables("contributions.md")


def asked(row: Cells) -> list[str]:
    return [name.lower() for name in ("JKK", "JKM", "JHT", "JP") if row.get(name, "-") != "-"]


def test_it_recomputes_every_table_of_the_page() -> None:
    assert set(PAGE) == {
        "BPU", "relief", "settled", "advance", "PU", "cap from", "earned", "slice above", "construction",
        "migrant", "segment", "late", "difference", "registered",
    }  # fmt: skip


@each(PAGE["BPU"])
def test_it_shows_what_non_wage_earners_pay(row: Cells) -> None:
    said = contributions.bpu(
        month=Month.parse(row["month"]),
        programmes=asked(row),
        monthly_income=number_or_none(row["income"]),
        payer=row["payer"],
        sector=row["sector"],
    )
    assert [said.amount(name) for name in ("jkk", "jkm", "jht")] == [
        number_or_zero(row[name]) for name in ("JKK", "JKM", "JHT")
    ]
    assert said.total == number(row["total"])


@each(PAGE["PU"])
def test_it_shows_what_wage_earners_cost(row: Cells) -> None:
    said = contributions.pu(
        month=Month.parse(row["month"]),
        wage=number(row["wage"]),
        risk_class=row["risk"],
        programmes=asked(row),
        in_jkp=row["in JKP"] == "yes",
        labour_intensive=row["labour-intensive"] == "yes",
    )
    names = ("JKK", "JKM", "JHT", "JP", "JKP")
    assert [said.amount(name.lower()) for name in names] == [number_or_zero(row[name]) for name in names]
    assert said.total == number(row["total"])


@each(PAGE["settled"])
def test_it_shows_until_when_a_late_month_keeps_its_relief(row: Cells) -> None:
    said = contributions.pu(
        month=Month.parse(row["month"]),
        wage=number(row["wage"]),
        risk_class=row["risk"],
        programmes=["jkk"],
        labour_intensive=True,
        paid_on=day(row["paid on"]),
    )
    assert said.total == number(row["JKK"])


@each(PAGE["advance"])
def test_it_shows_what_several_months_at_once_cost(row: Cells) -> None:
    said = advance.bpu(
        month=Month.parse(row["first month"]),
        months=number(row["months"]),
        programmes=row["programmes"].split(),
        payer=row["payer"],
    )
    assert said.total == number(row["total"])


def test_it_shows_every_cap_of_jp() -> None:
    stored = [(value.period.since.isoformat(), value.value) for value in caps()]
    assert [(row["cap from"], number(row["wage cap of JP"])) for row in PAGE["cap from"]] == stored


def caps() -> tuple[DatedValue, ...]:
    return in_force().parameters["pu.jp.wage_cap"].values


@each(PAGE["earned"])
def test_it_shows_the_wage_of_who_is_not_paid_by_the_month(row: Cells) -> None:
    amounts, on = [number(cell) for cell in row["amounts"].split()], date(2026, 11, 22)
    if row["earned"] == "daily":
        said = wages.daily(daily_wage=amounts[0], on=on)
    else:
        said = wages.averaged(kind=wages.WageKind(row["earned"]), earnings=amounts, on=on)
    assert said.total == number(row["monthly wage"])


def test_it_shows_every_slice_of_a_contract() -> None:
    shown = [(number(row["slice above"]), row["JKK"], row["JKM"]) for row in PAGE["slice above"]]
    assert shown == [(bound, slice_rate("jkk", bound), slice_rate("jkm", bound)) for bound, *_ in shown]
    assert len(shown) == 5


def slice_rate(programme: str, bound: int) -> str:
    table = in_force().value(f"construction.{programme}.slice_rates", on=date(2026, 11, 22)).value
    assert isinstance(table, Table)
    (row,) = [one for one in table.rows if one.key == bound]
    return percent(rate_of(row)).en


@each(PAGE["construction"])
def test_it_shows_what_construction_costs(row: Cells) -> None:
    said = construction.contribution(
        month=Month.parse(row["month"]),
        wages=number_or_none(row["wages"]),
        contract_value=number_or_none(row["contract value"]),
    )
    shown = [number(row[name]) for name in ("JKK", "JKM", "total")]
    assert [said.amount("jkk"), said.amount("jkm"), said.total] == shown


@each(PAGE["migrant"])
def test_it_shows_the_price_list_of_migrant_workers(row: Cells) -> None:
    facts = migrants.Facts(
        Month(2026, 11),
        contract_months=number_or_none(row["months"]),
        before_departure=row["migrant"] == "before departure",
        extension=row["migrant"] == "extension",
        individual=row["migrant"] == "individual",
    )
    assert migrants.contribution(facts).total == number(row["total"])


@each(PAGE["late"])
def test_it_shows_what_lateness_costs(row: Cells) -> None:
    facts = lateness.Facts(
        Segment(row["segment"]),
        Programme(row["programme"]),
        number(row["contribution"]),
        Month.parse(row["month"]),
        day(row["paid on"]),
    )
    said = lateness.fine(facts)
    assert said.total == number(row["fine"])
    assert [one.total for one in said.alternatives] == numbers(row["other reading"])


@each(PAGE["difference"])
def test_it_shows_how_a_difference_is_set_off(row: Cells) -> None:
    said = settlement.settle(
        settlement.Facts(number(row["due"]), number(row["paid"]), Month.parse(row["month"]))
    )
    assert said.total == number(row["left"])
    assert said.steps[-1].working["month"] == row["set off in"]


def test_it_shows_every_relief() -> None:
    stored = {
        relief.id: (
            relief.citation.regulation,
            f"{relief.first_month} to {relief.last_month}",
            percent(relief.cut).en,
        )
        for relief in in_force().reliefs
    }
    assert {row["relief"]: (row["law"], row["months"], row["takes off"]) for row in PAGE["relief"]} == stored


@each(PAGE["segment"])
def test_it_shows_when_it_is_due_and_what_follows(row: Cells) -> None:
    segment, programme = row["segment"], row["programme"]
    if "due" in row:
        due = contributions.due_date(month=Month.parse(row["month"]), segment=segment, programme=programme)
        assert due.on.isoformat() == row["due"]
    else:
        unpaid, on = number(row["months unpaid"]), date(2026, 11, 22)
        said = arrears.consequence(months_unpaid=unpaid, on=on, segment=segment, programme=programme)
        assert said.granted == (row["still covered"] == "yes")


@each(PAGE["registered"])
def test_it_shows_the_waiting_time(row: Cells) -> None:
    said = arrears.jkm_waiting(
        registered_on=day(row["registered"]),
        paid_months=number(row["months paid"]),
        on=day(row["died"]),
    )
    assert said.total == number(row["paid out"])
    assert [other.total for other in said.alternatives] == numbers(row["other reading"])
