"""Sanctions against an employer who does not pay, and for personal data. The tables are in cases/sanctions.toml."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.test_deadlines import numbers_known, numbers_said
from lindung.law.asking_back import Contradiction
from lindung.law.decision import Decision
from lindung.law.money import NotAnAmount, rupiah
from lindung.law.sanctions import Facts, personal_data_fine, sanction
from lindung.law.workdays import ONLY_WEEKENDS

FIRST, SECOND = date(2026, 8, 3), date(2026, 8, 20)
days = st.dates(date(2016, 1, 1), date(2027, 12, 31))
owed = st.integers(0, 10**12)


@st.composite
def cases(draw: st.DrawFn) -> Facts:
    first = draw(days)
    second = first + timedelta(days=draw(st.integers(0, 40)))
    on = first + timedelta(days=draw(st.integers(0, 500)))
    return Facts(draw(owed), on, first, draw(st.sampled_from([None, second])))


@settings(max_examples=10, deadline=None)
@given(facts=cases())
def test_it_is_the_sum_of_its_steps_and_replays_to_the_byte(facts: Facts) -> None:
    said = sanction(facts)
    assert said.total == sum(step.amount for step in said.steps) >= 0
    assert Decision.from_json(said.to_json()) == said
    assert sanction(facts).digest() == said.digest()


@settings(max_examples=10, deadline=None)
@given(facts=cases())
def test_it_says_only_numbers_of_its_steps_and_the_arrears(facts: Facts) -> None:
    said = sanction(facts)
    assert numbers_said(said) - numbers_known(said) - {rupiah(facts.arrears)} == set()


@settings(max_examples=10, deadline=None)
@given(facts=cases(), more=st.integers(0, 400))
def test_it_never_gets_cheaper_to_wait(facts: Facts, more: int) -> None:
    assert sanction(facts).total <= sanction(facts._replace(on=facts.on + timedelta(days=more))).total


def test_it_fines_nobody_who_owes_nothing() -> None:
    said = sanction(Facts(0, date(2026, 11, 22), FIRST, SECOND))
    assert (said.total, said.what_would_change, said.alternatives) == (0, (), ())


def test_it_leaves_out_a_warning_that_is_still_to_come() -> None:
    said = sanction(Facts(10_000_000, date(2026, 8, 19), FIRST, SECOND))
    assert [step.key for step in said.steps] == ["sanction.warnings", "sanction.warning.1"]


def test_it_denies_services_only_after_the_second_warning() -> None:
    before, after = (
        sanction(Facts(10_000_000, day, FIRST, SECOND)) for day in (date(2026, 9, 3), date(2026, 9, 4))
    )
    assert "sanction.services" not in [step.key for step in before.steps]
    assert [step.key for step in after.steps][-2:] == ["sanction.fine", "sanction.services"]


def test_it_keeps_the_holidays_that_were_named() -> None:
    unnamed, none, one = (sanction(Facts(1, SECOND, FIRST, holidays=days)) for days in (None, (), (FIRST,)))
    assert [said.facts["holidays"] for said in (unnamed, none, one)] == [None, (), ("2026-08-03",)]
    assert [said.assumed for said in (unnamed, none, one)] == [(ONLY_WEEKENDS,), (), ()]


def test_it_refuses_what_cannot_be() -> None:
    with pytest.raises(NotAnAmount):
        sanction(Facts(-1, FIRST))
    with pytest.raises(Contradiction):
        sanction(Facts(1, SECOND, SECOND, FIRST))
    with pytest.raises(Contradiction):
        sanction(Facts(1, SECOND, None, FIRST))
    with pytest.raises(NotAnAmount):
        personal_data_fine(yearly_revenue=-1, on=FIRST)


@settings(max_examples=8, deadline=None)
@given(revenue=owed)
def test_it_names_the_greatest_fine_for_personal_data_without_moving_money(revenue: int) -> None:
    said = personal_data_fine(yearly_revenue=revenue, on=FIRST)
    assert said.total == 0
    assert said.steps[0].working["at_most"] == (revenue * 2 + 50) // 100
    assert numbers_said(said) - numbers_known(said) == set()
