"""The pension (JP): what holds for every participant, whatever the numbers."""

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.spoken import unspoken_numbers
from lindung.law import jp
from lindung.law.decision import Decision
from lindung.law.jp import Facts, Reason
from lindung.law.jp.pension import YearWage
from lindung.law.jp.survivors import Relation, Survivor
from lindung.law.questions import asking
from lindung.law.values import NoLawForDate

BUDI_DISABLED = date(2024, 5, 10)
few = settings(max_examples=8, deadline=None)
wages = st.integers(0, 30_000_000)
rates = st.integers(0, 150).map(lambda permille: Fraction(permille, 1000))
families = st.lists(
    st.builds(
        Survivor,
        relation=st.sampled_from(Relation),
        birth_date=st.dates(date(1940, 1, 1), date(2026, 1, 1)),
        working=st.sampled_from((None, False, True)),
        married=st.sampled_from((None, False, True)),
    ),
    max_size=4,
)


def budi(wage: int, *, inflation: Fraction = Fraction(3, 100), **other: Any) -> Facts:
    """Pak Budi, registered since 2022, with twelve paid months a year and disabled in May 2024."""
    rows = (YearWage(2022, wage, 12), YearWage(2023, wage, 12), YearWage(2024, wage, 4))
    facts = Facts(
        reason=Reason.TOTAL_DISABILITY,
        event_date=BUDI_DISABLED,
        months_paid=28,
        member_since=date(2022, 1, 1),
        yearly_wages=rows,
        inflation={2022: inflation, 2023: inflation},
    )
    return facts._replace(**other)


def stranger(wage: int, family: list[Survivor]) -> Facts:
    """A stranger who died; the same wages as Pak Budi."""
    return budi(wage, reason=Reason.DEATH, survivors=tuple(family))


@few
@given(wages, wages, rates)
def test_it_never_gives_less_for_a_higher_wage(one: int, other: int, inflation: Fraction) -> None:
    low, high = sorted((one, other))
    assert (
        jp.benefit(budi(low, inflation=inflation)).total <= jp.benefit(budi(high, inflation=inflation)).total
    )


@few
@given(wages, rates, rates)
def test_it_never_gives_less_for_a_higher_inflation(wage: int, one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert jp.benefit(budi(wage, inflation=low)).total <= jp.benefit(budi(wage, inflation=high)).total


@few
@given(wages, families)
def test_it_stays_within_the_bounds_and_adds_up(wage: int, family: list[Survivor]) -> None:
    said = jp.benefit(stranger(wage, family))
    if said.granted:
        assert 393_500 <= said.total <= 4_718_200
    else:
        assert said.total == 0
        assert said.refusal is not None
    assert said.total == sum(step.amount for step in said.steps)
    assert all(step.key.startswith("jp.pension_monthly") for step in said.steps if step.amount)


@few
@given(wages, families)
def test_it_says_only_numbers_of_its_steps(wage: int, family: list[Survivor]) -> None:
    assert unspoken_numbers(jp.benefit(stranger(wage, family))) == set()


@few
@given(st.dates(date(1959, 7, 2), date(1985, 12, 31)))
def test_it_says_of_every_birth_date_when_the_age_is_reached(birth: date) -> None:
    day = jp.pensionable_from(birth)
    facts = Facts(reason=Reason.RETIREMENT, event_date=day, birth_date=birth, months_paid=1, balance=1)
    assert jp.benefit(facts).granted
    assert not jp.benefit(facts._replace(event_date=day - timedelta(days=1))).granted


def test_it_keeps_the_age_that_was_reached_when_it_rises() -> None:
    """Born on 31 December 1962, 56 on the last day of 2018: the rise to 57 comes a day too late."""
    assert jp.pensionable_from(date(1962, 12, 31)) == date(2018, 12, 31)
    assert jp.pensionable_from(date(1963, 1, 1)) == date(2020, 1, 1)


@few
@given(wages, families)
def test_it_replays_to_the_same_bytes(wage: int, family: list[Survivor]) -> None:
    facts = stranger(wage, family)
    said = jp.benefit(facts, known=date(2026, 1, 1))
    assert said.to_json() == jp.benefit(facts, known=date(2026, 1, 1)).to_json()
    assert Decision.from_json(said.to_json()) == said


def test_it_replays_bounds_as_known_on_the_day() -> None:
    facts = budi(1_000_000, event_date=date(2024, 5, 10))
    assert jp.benefit(facts, known=date(2023, 12, 31)).total == 383_400
    assert jp.benefit(facts).total == 393_500


def test_it_does_not_depend_on_the_order_of_the_rows() -> None:
    facts = budi(4_000_001)
    turned = facts._replace(yearly_wages=(facts.yearly_wages or ())[::-1])
    assert jp.benefit(facts).total == jp.benefit(turned).total


def test_it_takes_two_wages_of_one_year_by_their_months() -> None:
    split = budi(0)._replace(
        yearly_wages=(
            YearWage(2022, 4_000_000, 5),
            YearWage(2022, 4_000_000, 7),
            YearWage(2023, 4_000_000, 12),
            YearWage(2024, 4_000_000, 4),
        )
    )
    assert jp.benefit(split).total == jp.benefit(budi(4_000_000)).total


def test_it_pays_the_family_less_than_the_disabled_participant() -> None:
    widow = [Survivor(Relation.SPOUSE)]
    assert jp.benefit(stranger(9_000_000, widow)).total < jp.benefit(budi(9_000_000)).total


def test_it_has_no_law_before_the_first_of_july_2015() -> None:
    with pytest.raises(NoLawForDate):
        jp.benefit(budi(1)._replace(event_date=date(2015, 6, 30), member_since=date(2015, 6, 1), months_paid=1,
                                    yearly_wages=None))  # fmt: skip


GOOD: dict[str, object] = {
    "programme": "JP",
    "reason": "total_disability",
    "event_date": "2024-05-10",
    "member_since": "2022-01-01",
    "months_paid": 28,
    "yearly_wages": [
        {"year": 2022, "wage": 4_000_000, "months": 12},
        {"year": 2023, "wage": 4_000_000, "months": 12},
        {"year": 2024, "wage": 4_000_000, "months": 4},
    ],
    "inflation": {"2022": "3/100", "2023": "3/100"},
}  # fmt: skip


def test_it_answers_facts_in_any_order() -> None:
    answer = asking.answer("benefit", GOOD)
    assert answer["decision"] == "granted"
    assert answer == asking.answer("benefit", dict(reversed(GOOD.items())))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"event_date": "2024-02-30"}, "event_date"),
        ({"event_date": None}, "event_date"),
        ({"reason": "lottery"}, "reason"),
        ({"months_paid": -1}, "months_paid"),
        ({"months_paid": 28.0}, "months_paid"),
        ({"months_paid": 27}, "yearly_wages"),
        (
            {
                "yearly_wages": [
                    {"year": 2022, "wage": 1, "months": 12},
                    {"year": 2022, "wage": 1, "months": 8},
                    {"year": 2023, "wage": 1, "months": 8},
                ]
            },
            "yearly_wages",
        ),
        ({"balance": 1571021708900001}, "balance"),
        ({"balance": -1}, "balance"),
        ({"yearly_wages": [{"year": 2022, "wage": 1571021708900001, "months": 12}]}, "yearly_wages[0].wage"),
        ({"yearly_wages": [{"year": 2022, "wage": 1.5, "months": 12}]}, "yearly_wages[0].wage"),
        ({"yearly_wages": [{"year": 2022, "wage": 1, "months": 13}]}, "yearly_wages[0].months"),
        ({"yearly_wages": [{"year": 2022, "wage": 1}]}, "yearly_wages[0].months"),
        ({"yearly_wages": [{"tahun": 2022}]}, "yearly_wages[0].tahun"),
        ({"yearly_wages": [{"year": 2021, "wage": 1, "months": 12}]}, "yearly_wages"),
        ({"inflation": {"2022": 0.03}}, "inflation.2022"),
        ({"inflation": {"tahun lalu": "3/100"}}, "inflation.tahun lalu"),
        ({"inflation": []}, "inflation"),
        ({"survivors": [{"relation": "cousin"}]}, "survivors[0].relation"),
        ({"survivors": [{"relation": "child"}]}, "survivors[0].birth_date"),
        ({"survivors": [{}]}, "survivors[0].relation"),
        ({"birth_date": "2025-01-01"}, "birth_date"),
        ({"spouse_ended": "yes"}, "spouse_ended"),
    ],
)
def test_it_names_the_field_at_fault(changed: dict[str, object], field: str) -> None:
    answer = asking.answer("benefit", GOOD | changed)
    assert isinstance(answer["error"], dict)
    assert field in answer["error"]["fields"]
    assert re.search(r"\w", str(answer["error"]["faults"]))
