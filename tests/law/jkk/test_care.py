"""What BPJS pays of the bills of an accident: caps by mode, no cap on treatment, nothing twice."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.jkk import care
from lindung.law.jkk.care import Cost, CostKind
from lindung.law.money import NotAnAmount
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.values import NoLawForDate

BEFORE, SINCE = date(2019, 12, 1), date(2019, 12, 2)
amounts = st.integers(min_value=0, max_value=200_000_000)
days = st.sampled_from([date(2015, 7, 1), BEFORE, SINCE, date(2026, 11, 22)])
kinds = st.sampled_from(list(CostKind))
bills = st.lists(st.builds(Cost, kinds, amounts, st.none()), max_size=6).map(tuple)


def paid(costs: tuple[Cost, ...], on: date = SINCE) -> int:
    return sum(step.amount for step in care.steps(Reading(in_force(), on=on), costs))


@settings(max_examples=8)
@given(bills, days)
def test_it_never_pays_more_than_the_bills_and_the_part_on_top_of_a_prosthesis(
    costs: tuple[Cost, ...], on: date
) -> None:
    billed = sum(cost.amount for cost in costs)
    prostheses = sum(cost.amount for cost in costs if cost.kind is CostKind.PROSTHESIS)
    assert 0 <= paid(costs, on) <= billed + prostheses * 40 // 100 + 1


@settings(max_examples=8)
@given(kinds, amounts, amounts, days)
def test_it_pays_the_same_for_one_bill_as_for_its_two_halves(
    kind: CostKind, one: int, other: int, on: date
) -> None:
    assert paid((Cost(kind, one), Cost(kind, other)), on) == paid((Cost(kind, one + other),), on)


@settings(max_examples=8)
@given(kinds, amounts, amounts, days)
def test_it_never_pays_less_for_a_higher_bill(kind: CostKind, amount: int, more: int, on: date) -> None:
    assert paid((Cost(kind, amount),), on) <= paid((Cost(kind, amount + more),), on)


@settings(max_examples=8)
@given(bills)
def test_it_pays_as_much_or_more_since_the_new_law(costs: tuple[Cost, ...]) -> None:
    assert paid(costs, BEFORE) <= paid(costs, SINCE)


@settings(max_examples=8)
@given(bills, days)
def test_it_names_what_is_paid_and_what_is_not(costs: tuple[Cost, ...], on: date) -> None:
    for step in care.steps(Reading(in_force(), on=on), costs):
        if "above" in step.working:
            assert step.amount + int(str(step.working["above"])) == step.working["claimed"]


def test_it_gives_one_step_a_kind_in_the_order_of_the_law() -> None:
    costs = tuple(Cost(kind, 100_000) for kind in reversed(CostKind)) + (Cost(CostKind.CARE, 1),)
    keys = [step.key for step in care.steps(Reading(in_force(), on=SINCE), costs)]
    assert keys == [
        "jkk.care", "jkk.care.homecare", "jkk.transport.land", "jkk.transport.sea", "jkk.transport.air",
        "jkk.care.denture", "jkk.care.hearing_aid", "jkk.care.glasses", "jkk.care.prosthesis",
        "jkk.care.rehabilitation",
    ]  # fmt: skip


def test_it_says_that_ibu_sitis_hearing_aid_was_not_yet_given() -> None:
    (step,) = care.steps(Reading(in_force(), on=BEFORE), (Cost(CostKind.HEARING_AID, 900_000),))
    assert step.amount == 0
    assert step.sentence.id.startswith("Alat bantu dengar Rp900.000 tidak dibayar:")


def test_it_rounds_the_part_on_top_of_a_prosthesis_by_the_rounding_rule() -> None:
    reading = Reading(in_force(), on=SINCE)
    (step,) = care.steps(reading, (Cost(CostKind.PROSTHESIS, 10_000_001),))
    assert step.amount == 14_000_001
    assert "amount.rounding" in {used.id for used in reading.decision("x", steps=(), facts={}).used}


def test_it_has_a_label_for_every_kind_of_bill() -> None:
    assert len({kind.label for kind in CostKind}) == len(CostKind)


@pytest.mark.parametrize("cost", [Cost(CostKind.CARE, -1), Cost(CostKind.CARE, 1, -1)])
def test_it_refuses_a_negative_bill(cost: Cost) -> None:
    with pytest.raises(NotAnAmount):
        paid((cost,))


def test_it_refuses_a_day_before_the_first_law() -> None:
    with pytest.raises(NoLawForDate):
        paid((Cost(CostKind.CARE, 1),), date(2015, 6, 30))
