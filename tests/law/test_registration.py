"""Number, cover and card of a new member. The tables are in cases/registration.toml."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.test_deadlines import numbers_known, numbers_said
from lindung.law.asking_back import Contradiction
from lindung.law.decision import Decision
from lindung.law.registration import Facts, registration
from lindung.law.terms import Segment
from lindung.law.workdays import ONLY_WEEKENDS

FRIDAY = date(2026, 11, 6)
few = st.integers(0, 20)


@st.composite
def cases(draw: st.DrawFn) -> Facts:
    form = draw(st.dates(date(2016, 1, 1), date(2027, 12, 31)))
    paid = form + timedelta(days=draw(few))
    issued = paid + timedelta(days=draw(few))
    segment = draw(st.sampled_from(Segment))
    return Facts(
        segment=segment,
        form_complete_on=form,
        first_paid_on=draw(st.sampled_from([None, paid])),
        number_issued_on=draw(st.sampled_from([None, issued])),
        event_date=draw(st.sampled_from([None, form + timedelta(days=draw(few))])),
        non_asn=segment is Segment.PU and draw(st.booleans()),
    )


@settings(max_examples=10, deadline=None)
@given(facts=cases())
def test_it_moves_no_money_and_says_only_numbers_it_knows(facts: Facts) -> None:
    said = registration(facts)
    assert said.total == 0
    assert Decision.from_json(said.to_json()) == said
    event = {str(facts.event_date.day), str(facts.event_date.year)} if facts.event_date else set()
    assert numbers_said(said) - numbers_known(said) - event == set()


@settings(max_examples=10, deadline=None)
@given(facts=cases())
def test_it_covers_from_the_day_of_the_number_and_not_a_day_sooner(facts: Facts) -> None:
    if facts.number_issued_on is not None:
        before, on = (
            registration(facts._replace(event_date=facts.number_issued_on - timedelta(days=day)))
            for day in (1, 0)
        )
        assert not before.granted
        assert on.granted


def test_it_tells_only_non_wage_earners_of_wadah_and_group() -> None:
    keys = {
        segment: [step.key for step in registration(Facts(segment, FRIDAY, FRIDAY)).steps]
        for segment in Segment
    }
    assert "registration.ways" in keys[Segment.BPU]
    assert "registration.ways" not in keys[Segment.PU]


def test_it_waits_for_the_later_of_form_and_payment() -> None:
    for form, paid in ((FRIDAY, date(2026, 11, 4)), (date(2026, 11, 4), FRIDAY)):
        said = registration(Facts(Segment.BPU, form, paid))
        assert said.steps[0].working["last_day"] == "2026-11-09"


def test_it_keeps_the_holidays_that_were_named() -> None:
    unnamed, none, one = (
        registration(Facts(Segment.PU, FRIDAY, FRIDAY, holidays=days)) for days in (None, (), (FRIDAY,))
    )
    assert [said.facts["holidays"] for said in (unnamed, none, one)] == [None, (), ("2026-11-06",)]
    assert [said.assumed for said in (unnamed, none, one)] == [(ONLY_WEEKENDS,), (), ()]


def test_it_refuses_a_number_older_than_form_or_payment() -> None:
    with pytest.raises(Contradiction):
        registration(Facts(Segment.BPU, FRIDAY, FRIDAY, FRIDAY - timedelta(days=1)))
