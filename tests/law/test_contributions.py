"""What holds for every contribution: the city's price, who pays, recomposition, and refusals."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import contributions
from lindung.law.money import NotAnAmount, Rounding, share
from lindung.law.months import Month, months_from
from lindung.law.terms import Payer, RiskClass, UnknownTerm

NOVEMBER = Month(2026, 11)
MONTHS = st.sampled_from(list(months_from(Month(2015, 7), Month(2027, 6))))
SINCE_JKP = st.sampled_from(list(months_from(Month(2021, 2), Month(2027, 6))))
PAYERS = st.sampled_from(Payer)
WAGES = st.integers(0, 10**10)
ALL = ("jkk", "jkm", "jht")


def test_it_costs_the_city_16800_for_ibu_siti_and_her_8400() -> None:
    city = contributions.bpu(month=NOVEMBER, programmes={"jkk", "jkm"}, payer="apbd")
    herself = contributions.bpu(month=NOVEMBER, programmes={"jkk", "jkm"}, payer="self")
    assert (city.amount("jkk"), city.amount("jkm"), city.total) == (10_000, 6_800, 16_800)
    assert herself.total == 8_400
    (hint,) = city.what_would_change
    assert (
        hint.en
        == "If the participant paid alone, the contribution would be Rp8.400 a month (PP 50/2025 Article 4(1))."
    )
    assert herself.what_would_change == ()


def test_it_costs_the_demo_city_72508800_a_month() -> None:
    city = contributions.bpu(month=NOVEMBER, programmes={"jkk", "jkm"}, payer="apbd")
    assert (3_000 + 1_316) * city.total == 72_508_800


@given(MONTHS, PAYERS, st.none() | st.integers(0, 10**9), st.sampled_from(["road_transport", "other"]))
def test_it_never_takes_more_with_a_relief_than_without(
    month: Month, payer: Payer, income: int | None, sector: str
) -> None:
    decision = contributions.bpu(
        month=month, programmes=ALL, monthly_income=income, payer=payer, sector=sector
    )
    for step in decision.steps:
        assert step.amount < 0 if step.key.endswith(".relief") else step.amount > 0
    assert decision.total == sum(decision.amount(one) for one in ALL) > 0
    assert decision.amount("jht") == decision.steps[-1].amount


@given(MONTHS, PAYERS)
def test_it_costs_the_budget_of_state_and_region_the_same(month: Month, payer: Payer) -> None:
    """No payer pays more than a city does; only the named two lose a relief."""
    ask: dict[str, Any] = {"month": month, "programmes": ALL}
    city = contributions.bpu(payer="apbd", **ask).total
    assert contributions.bpu(payer="apbn", **ask).total == city
    assert contributions.bpu(payer=payer, **ask).total <= city


@given(SINCE_JKP, WAGES, st.sampled_from(RiskClass), st.booleans())
def test_it_never_changes_the_bill_by_recomposition(
    month: Month, wage: int, risk: RiskClass, relieved: bool
) -> None:
    ask: dict[str, Any] = {
        "month": month, "wage": wage, "risk_class": risk, "programmes": ALL, "labour_intensive": relieved,
    }  # fmt: skip
    apart, within = contributions.pu(**ask), contributions.pu(in_jkp=True, **ask)
    assert within.total == apart.total
    assert within.amount("jkk") + within.amount("jkm") + within.amount("jkp") == apart.amount(
        "jkk"
    ) + apart.amount("jkm")
    assert min(within.amount(one) for one in (*ALL, "jkp")) >= 0


@given(MONTHS, WAGES, WAGES, st.sampled_from(RiskClass))
def test_it_costs_no_less_for_a_higher_wage(month: Month, one: int, other: int, risk: RiskClass) -> None:
    less, more = (
        contributions.pu(month=month, wage=wage, risk_class=risk, programmes=ALL).total
        for wage in sorted((one, other))
    )
    assert less <= more


@given(MONTHS, WAGES, st.sampled_from(RiskClass))
def test_it_can_be_recomputed_from_its_working(month: Month, wage: int, risk: RiskClass) -> None:
    from fractions import Fraction

    for step in contributions.pu(month=month, wage=wage, risk_class=risk, programmes=ALL).steps:
        if "rate" in step.working:
            base, rate = step.working["base"], Fraction(str(step.working["rate"]))
            assert isinstance(base, int)
            assert step.amount == share(base, rate, Rounding(str(step.working["rounding"])))


def test_it_says_that_the_law_changed_within_the_month() -> None:
    february = contributions.pu(
        month=Month(2025, 2), wage=3_000_000, risk_class="low", programmes=["jkk"], in_jkp=True
    )
    assert any("changed on 7 February 2025" in note.en for note in february.unverified)
    march = contributions.pu(
        month=Month(2025, 3), wage=3_000_000, risk_class="low", programmes=["jkk"], in_jkp=True
    )
    assert not any("changed on" in note.en for note in march.unverified)


@pytest.mark.parametrize(
    "wrong",
    [
        {"programmes": []},
        {"programmes": ["jp"]},
        {"payer": "mayor"},
        {"sector": "labour_intensive"},
        {"sector": "sea"},
    ],
)
def test_it_refuses_unknown_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnknownTerm):
        contributions.bpu(**{"month": NOVEMBER, "programmes": ["jkk"], "payer": "self"} | wrong)


def test_it_refuses_negative_money() -> None:
    with pytest.raises(NotAnAmount):
        contributions.bpu(month=NOVEMBER, programmes=["jkm"], payer="self", monthly_income=-1)
    with pytest.raises(NotAnAmount):
        contributions.pu(month=NOVEMBER, wage=-1, risk_class="low", programmes=["jkm"])


@given(MONTHS, st.sampled_from(["bpu", "pu"]), st.sampled_from(ALL), st.sets(st.integers(0, 9)))
def test_it_is_due_on_the_first_working_day_from_the_day_in_law(
    month: Month, segment: str, programme: str, holidays: set[int]
) -> None:
    def works(day: date) -> bool:
        return day.weekday() < 5 and day.day - 15 not in holidays

    due = contributions.due_date(segment=segment, programme=programme, month=month, is_working_day=works)
    between = [due.day_in_law + timedelta(days=count) for count in range((due.on - due.day_in_law).days)]
    assert works(due.on)
    assert not any(works(day) for day in between)


def test_it_says_why_a_due_date_moved() -> None:
    due = contributions.due_date(segment="bpu", programme="jkk", month=NOVEMBER)
    assert due.on == date(2026, 11, 16)
    assert due.sentence.en.endswith("by 16 November 2026, because 15 November 2026 is a holiday.")
    october = contributions.due_date(segment="bpu", programme="jkk", month=Month(2026, 10))
    assert october.sentence.en.endswith("for October 2026 by 15 October 2026.")


def test_it_refuses_a_calendar_without_working_days() -> None:
    with pytest.raises(contributions.NoWorkingDay):
        contributions.due_date(
            segment="bpu", programme="jkk", month=NOVEMBER, is_working_day=lambda day: False
        )
