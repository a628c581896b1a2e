"""What holds for every contribution: the city's price, who pays, recomposition, and refusals."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
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
PU_ALL = (*ALL, "jp")


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


@settings(max_examples=25)
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


@settings(max_examples=25)
@given(MONTHS, PAYERS)
def test_it_costs_the_budget_of_state_and_region_the_same(month: Month, payer: Payer) -> None:
    """No payer pays more than a city does; only the named two lose a relief."""
    ask: dict[str, Any] = {"month": month, "programmes": ALL}
    city = contributions.bpu(payer="apbd", **ask).total
    assert contributions.bpu(payer="apbn", **ask).total == city
    assert contributions.bpu(payer=payer, **ask).total <= city


@settings(max_examples=25)
@given(SINCE_JKP, WAGES, st.sampled_from(RiskClass), st.booleans())
def test_it_never_changes_the_bill_by_recomposition(
    month: Month, wage: int, risk: RiskClass, relieved: bool
) -> None:
    ask: dict[str, Any] = {
        "month": month, "wage": wage, "risk_class": risk, "programmes": PU_ALL, "labour_intensive": relieved,
    }  # fmt: skip
    apart, within = contributions.pu(**ask), contributions.pu(in_jkp=True, **ask)
    assert within.total == apart.total
    assert within.amount("jkk") + within.amount("jkm") + within.amount("jkp") == apart.amount(
        "jkk"
    ) + apart.amount("jkm")
    assert min(within.amount(one) for one in (*PU_ALL, "jkp")) >= 0


@settings(max_examples=25)
@given(MONTHS, WAGES, WAGES, st.sampled_from(RiskClass))
def test_it_costs_no_less_for_a_higher_wage(month: Month, one: int, other: int, risk: RiskClass) -> None:
    less, more = (
        contributions.pu(month=month, wage=wage, risk_class=risk, programmes=PU_ALL).total
        for wage in sorted((one, other))
    )
    assert less <= more


@settings(max_examples=25)
@given(MONTHS, WAGES, st.sampled_from(RiskClass))
def test_it_can_be_recomputed_from_its_working(month: Month, wage: int, risk: RiskClass) -> None:
    from fractions import Fraction

    for step in contributions.pu(month=month, wage=wage, risk_class=risk, programmes=PU_ALL).steps:
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
        {"programmes": ["jkk", "jkp"]},
        {"payer": "mayor"},
        {"sector": "labour_intensive"},
        {"sector": "sea"},
    ],
)
def test_it_refuses_unknown_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnknownTerm):
        contributions.bpu(**{"month": NOVEMBER, "programmes": ["jkk"], "payer": "self"} | wrong)


def test_it_names_the_three_programmes_of_non_wage_earners() -> None:
    with pytest.raises(UnknownTerm, match=r"jp.*jkk, jkm, jht"):
        contributions.bpu(month=NOVEMBER, programmes=["jp"], payer="self")


def test_it_needs_a_risk_class_for_jkk_only() -> None:
    with pytest.raises(UnknownTerm, match="very_low"):
        contributions.pu(month=NOVEMBER, wage=3_000_000, programmes=["jkk"])
    assert contributions.pu(month=NOVEMBER, wage=3_000_000, programmes=["jp"]).total == 90_000


@settings(max_examples=25)
@given(MONTHS, WAGES)
def test_it_never_counts_a_wage_above_the_cap_for_jp(month: Month, wage: int) -> None:
    said = contributions.pu(month=month, wage=wage, programmes=["jp"])
    capped = contributions.pu(month=month, wage=10**12, programmes=["jp"])
    assert said.total <= capped.total
    assert said.total + sum(later.amount for later in said.schedule) == sum(
        step.amount for step in said.steps if not step.key.endswith(".relief")
    )


@settings(max_examples=25)
@given(SINCE_JKP, WAGES, st.sampled_from(RiskClass))
def test_it_gives_jkp_the_same_asked_for_alone_or_with_the_others(
    month: Month, wage: int, risk: RiskClass
) -> None:
    alone, within = (
        contributions.pu(month=month, wage=wage, risk_class=risk, programmes=programmes)
        for programmes in (["jkp"], [*PU_ALL, "jkp"])
    )
    assert alone.total == alone.amount("jkp") == within.amount("jkp")


@settings(max_examples=25)
@given(SINCE_JKP, WAGES, st.booleans())
def test_it_needs_a_risk_class_for_jkp_only_where_it_decides(month: Month, wage: int, relieved: bool) -> None:
    ask: dict[str, Any] = {
        "month": month, "wage": wage, "programmes": ["jkp"], "labour_intensive": relieved,
    }  # fmt: skip
    by_class = {contributions.pu(risk_class=risk, **ask).total for risk in RiskClass}
    if len(by_class) == 1:
        assert contributions.pu(**ask).total == by_class.pop()
    else:
        assert relieved
        with pytest.raises(contributions.NoRiskClass, match="very_low"):
            contributions.pu(**ask)


@settings(max_examples=25)
@given(MONTHS, WAGES, st.sampled_from(RiskClass), st.sets(st.sampled_from(PU_ALL), min_size=1))
def test_it_never_shows_a_part_of_jkp_as_the_whole(
    month: Month, wage: int, risk: RiskClass, programmes: set[str]
) -> None:
    ask: dict[str, Any] = {"month": month, "wage": wage, "risk_class": risk, "programmes": programmes}
    apart, within = contributions.pu(**ask), contributions.pu(in_jkp=True, **ask)
    shown = any(step.key == "jkp.state" for step in within.steps)
    assert within.total == apart.total
    assert shown == (month >= Month(2021, 2) and programmes >= {"jkk", "jkm"})
    if not programmes & {"jkk", "jkm"}:
        assert within.steps == apart.steps
    assert len(within.assumed) == (month < Month(2021, 2) or len(programmes & {"jkk", "jkm"}) == 1)


def test_it_keeps_the_bytes_of_decisions_that_were_stored() -> None:
    """Bills of the city name their decision by this digest."""
    city = contributions.bpu(month=NOVEMBER, programmes={"jkk", "jkm"}, payer="apbd")
    driver = contributions.bpu(
        month=Month(2026, 2), programmes=ALL, payer="self", sector="road_transport", monthly_income=3_250_000
    )
    assert city.digest() == "8cebff79c78a3e9ce736e6eab5d800c3465c95884cbbb2c0fdd4a01510ce6ea5"
    assert driver.digest() == "0c25a2e377c2d890e4bfd9f5ea783ef9152a6ebb8d280e8807c166b16d0cdc08"


def test_it_refuses_negative_money() -> None:
    with pytest.raises(NotAnAmount):
        contributions.bpu(month=NOVEMBER, programmes=["jkm"], payer="self", monthly_income=-1)
    with pytest.raises(NotAnAmount):
        contributions.pu(month=NOVEMBER, wage=-1, risk_class="low", programmes=["jkm"])


@settings(max_examples=25)
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


@given(
    segment=st.sampled_from(["bpu", "pu"]),
    programmes=st.sets(st.sampled_from(["jkk", "jkm", "jht"]), min_size=1),
    month=st.sampled_from(list(months_from(Month(2024, 1), Month(2027, 12)))),
)
def test_the_first_due_day_is_the_earliest_of_its_programmes(
    segment: str, programmes: set[str], month: Month
) -> None:
    days = [contributions.due_date(segment=segment, programme=name, month=month).on for name in programmes]
    asked = contributions.first_due_day(segment=segment, programmes=frozenset(programmes), month=month)
    assert asked == min(days)


def test_it_says_why_a_due_date_moved() -> None:
    due = contributions.due_date(segment="bpu", programme="jkk", month=NOVEMBER)
    assert due.on == date(2026, 11, 16)
    assert due.sentence.en.endswith("by 16 November 2026, because 15 November 2026 is a holiday.")
    october = contributions.due_date(segment="bpu", programme="jkk", month=Month(2026, 10))
    assert october.sentence.en.endswith("for October 2026 by 15 October 2026.")


@pytest.mark.parametrize(
    ("segment", "programme"), [("bpu", "jp"), ("construction", "jkk"), ("migrant", "jkm")]
)
def test_it_knows_no_due_day_it_has_not_read(segment: str, programme: str) -> None:
    with pytest.raises(UnknownTerm):
        contributions.due_date(segment=segment, programme=programme, month=NOVEMBER)


def test_it_refuses_a_calendar_without_working_days() -> None:
    with pytest.raises(contributions.NoWorkingDay):
        contributions.due_date(
            segment="bpu", programme="jkk", month=NOVEMBER, is_working_day=lambda day: False
        )
