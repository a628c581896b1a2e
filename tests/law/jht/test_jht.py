"""Savings (JHT) as claimed by Ibu Siti, Pak Budi and a stranger: what holds of every claim."""

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law import jht
from lindung.law.decision import Decision, Fact
from lindung.law.jht.grounds import ImpossibleClaim, Reason
from lindung.law.jht.tax import Withdrawal
from lindung.law.money import NotAnAmount, percent, rupiah
from lindung.law.months import birthday, day_label, months_later
from lindung.law.questions import asking
from lindung.law.questions.fields import Unanswerable
from lindung.law.text import Text

DAYS = st.dates(date(2015, 7, 1), date(2030, 12, 31))
AMOUNTS = st.integers(0, 500_000_000)
FLAGS = st.sampled_from([None, True, False])
WITHDRAWALS = st.lists(
    st.builds(Withdrawal, st.dates(date(2010, 1, 1), date(2015, 6, 30)) | DAYS, AMOUNTS, FLAGS), max_size=2
)
SITI: dict[str, Any] = {
    "programme": "JHT",
    "reason": "retirement",
    "birth_date": "1970-05-10",
    "event_date": "2026-05-10",
    "paid_on": "2026-05-12",
    "balance": 120_000_000,
}


@st.composite
def claims(draw: st.DrawFn) -> jht.Facts:
    """Any claim that could be true."""
    event = draw(DAYS)
    paid = event + timedelta(days=draw(st.integers(0, 500)))
    earlier = tuple(one for one in draw(WITHDRAWALS) if one.on <= paid)
    return jht.Facts(
        reason=draw(st.sampled_from(Reason)),
        event_date=event,
        balance=draw(AMOUNTS),
        birth_date=draw(st.dates(date(1940, 1, 1), date(2000, 1, 1))),
        left_work_on=draw(st.none() | st.just(event)),
        paid_on=draw(st.none() | st.just(paid)) if all(one.on <= event for one in earlier) else paid,
        member_since=draw(st.dates(date(1995, 1, 1), date(2026, 1, 1))),
        retirement_age=draw(st.none() | st.integers(50, 60)),
        has_npwp=draw(FLAGS),
        has_heirs=draw(FLAGS),
        foreigner=draw(FLAGS),
        earlier_withdrawals=earlier or draw(st.none() | st.just(earlier)),
    )


def written(value: Fact) -> set[str]:
    """How a number of a step may be said aloud: as it is, as rupiah, percent or a day."""
    said = {str(value)}
    if isinstance(value, int):
        said.add(rupiah(value))
    if isinstance(value, str) and re.fullmatch(r"[0-9]+/[0-9]+", value):
        said |= set(percent(Fraction(value)))
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        said |= set(day_label(date.fromisoformat(value)))
    return said


def numbers(text: str) -> set[str]:
    return set(re.findall(r"[0-9][0-9.,/%]*(?<![.,])", text))


def unsaid(decision: Decision) -> set[str]:
    """Numbers of the sentences that stand in no step."""
    known: set[str] = set()
    for step in decision.steps + decision.deductions:
        for value in (step.amount, *step.working.values()):
            known |= {number for said in written(value) for number in numbers(said)}
    notes = set(decision.unverified)
    sentences = [text for text in decision.sentences if text not in notes]
    return {number for text in sentences for said in text for number in numbers(said)} - known


@settings(max_examples=15, deadline=None)
@given(facts=claims())
def test_it_is_sound_for_every_claim(facts: jht.Facts) -> None:
    said = jht.benefit(facts)
    assert said.total == sum(step.amount for step in said.steps)
    assert 0 <= said.net <= said.total <= facts.balance
    assert said.granted or said.total == said.deducted == 0
    assert said.granted is (said.refusal is None)
    assert unsaid(said) == set()
    assert jht.benefit(facts).to_json() == said.to_json()
    assert Decision.from_json(said.to_json()) == said


@settings(max_examples=10, deadline=None)
@given(facts=claims(), more=AMOUNTS)
def test_it_never_pays_less_to_who_saved_more(facts: jht.Facts, more: int) -> None:
    richer = jht.benefit(facts._replace(balance=facts.balance + more))
    assert jht.benefit(facts).total <= richer.total
    assert jht.benefit(facts).net <= richer.net


@settings(max_examples=10, deadline=None)
@given(facts=claims(), later=st.integers(1, 400))
def test_it_never_closes_what_is_open_by_waiting(facts: jht.Facts, later: int) -> None:
    paid_on = facts.paid_on or facts.event_date
    first = jht.benefit(facts._replace(paid_on=paid_on))
    second = jht.benefit(facts._replace(paid_on=paid_on + timedelta(days=later)))
    assert second.granted or not first.granted


@settings(max_examples=10, deadline=None)
@given(born=st.dates(date(1960, 1, 1), date(1990, 1, 1)))
def test_it_opens_on_the_birthday(born: date) -> None:
    day = birthday(born, 56)
    on, before = (
        jht.benefit(jht.Facts(Reason.RETIREMENT, event, 1, birth_date=born))
        for event in (day, day - timedelta(days=1))
    )
    assert on.granted
    assert not before.granted


@settings(max_examples=10, deadline=None)
@given(left=st.dates(date(2022, 5, 1), date(2026, 10, 1)))
def test_it_opens_a_month_after_the_letter(left: date) -> None:
    day = months_later(left, 1)
    facts = jht.Facts(Reason.RESIGNATION, left, 1, left_work_on=left)
    assert not jht.benefit(facts._replace(paid_on=day - timedelta(days=1))).granted
    on = jht.benefit(facts._replace(paid_on=day))
    assert on.granted
    assert [other.total for other in on.alternatives] == [0]
    assert jht.benefit(facts._replace(paid_on=day + timedelta(days=1))).alternatives == ()


def test_it_warns_of_the_tax_of_the_rest() -> None:
    part = jht.Facts(Reason.PARTIAL_10, date(2026, 5, 10), 90_000_000, member_since=date(2010, 1, 1))
    assert any("2027" in text.id and "tarif biasa" in text.id for text in jht.benefit(part).what_would_change)
    whole = part._replace(reason=Reason.DEATH)
    assert not any("tarif biasa" in text.id for text in jht.benefit(whole).what_would_change)


@pytest.mark.parametrize(
    "facts",
    [
        jht.Facts(Reason.RETIREMENT, date(2026, 5, 10), 1),
        jht.Facts(Reason.PARTIAL_10, date(2026, 5, 10), 1),
        jht.Facts(Reason.DEATH, date(2026, 5, 10), 1, paid_on=date(2026, 5, 9)),
        jht.Facts(
            Reason.DEATH, date(2026, 5, 10), 1,
            earlier_withdrawals=(Withdrawal(date(2026, 5, 11), 1),),
        ),
    ],
)  # fmt: skip
def test_it_refuses_a_claim_that_cannot_be_true(facts: jht.Facts) -> None:
    with pytest.raises(ImpossibleClaim):
        jht.benefit(facts)


def test_it_refuses_negative_savings() -> None:
    with pytest.raises(NotAnAmount):
        jht.benefit(jht.Facts(Reason.DEATH, date(2026, 5, 10), -1))


EARLIER: dict[str, object] = {"on": "2026-01-01", "amount": 1}
EARLIEST = "earlier_withdrawals[0]."


def faults(**changed: object) -> set[tuple[str, str]]:
    with pytest.raises(Unanswerable) as why:
        asking.decide("benefit", SITI | changed)
    return {(fault.field, fault.code) for fault in why.value.faults}


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"balance": -1}, "balance", "not_an_amount"),
        ({"balance": 1.5}, "balance", "not_an_amount"),
        ({"balance": "1000000"}, "balance", "not_an_amount"),
        ({"balance": 1571010101900001}, "balance", "too_large"),
        ({"birth_date": "1970-02-30"}, "birth_date", "impossible_date"),
        ({"birth_date": "2026-05-11"}, "birth_date", "born_after_event"),
        ({"event_date": "2015-06-30", "birth_date": "1950-01-01"}, "event_date", "no_law_for_date"),
        ({"paid_on": "2026-05-09"}, "paid_on", "paid_before_event"),
        ({"left_work_on": "1970-05-09"}, "left_work_on", "left_before_birth"),
        ({"retirement_age": 29}, "retirement_age", "not_a_count"),
        ({"retirement_age": 81}, "retirement_age", "not_a_count"),
        ({"reason": "holiday"}, "reason", "unknown_word"),
        ({"reason": None}, "reason", "missing_fact"),
        ({"has_npwp": "yes"}, "has_npwp", "not_a_flag"),
        ({"segment": "farmer"}, "segment", "unknown_word"),
        ({"paid_on": None, "earlier_withdrawals": [EARLIER]}, "paid_on", "missing_fact"),
        ({"earlier_withdrawals": [EARLIER | {"on": "2026-05-13"}]}, EARLIEST + "on", "not_earlier"),
        ({"earlier_withdrawals": [{"on": "2026-01-01"}]}, EARLIEST + "amount", "missing_fact"),
        ({"earlier_withdrawals": [EARLIER | {"amount": -1}]}, EARLIEST + "amount", "not_an_amount"),
        ({"earlier_withdrawals": [EARLIER | {"who": 1}]}, EARLIEST + "who", "unknown_field"),
        ({"earlier_withdrawals": 5}, "earlier_withdrawals", "not_a_list"),
    ],
)  # fmt: skip
def test_it_names_what_is_wrong(changed: dict[str, object], field: str, code: str) -> None:
    assert (field, code) in faults(**changed)


def test_it_names_everything_that_lacks_at_once() -> None:
    with pytest.raises(Unanswerable) as why:
        asking.decide("benefit", {"programme": "JHT", "reason": "retirement"})
    assert [fault.field for fault in why.value.faults] == ["balance", "event_date", "birth_date"]


def test_it_stores_the_facts_of_the_claim() -> None:
    said = asking.decide(
        "benefit", SITI | {"earlier_withdrawals": [{"on": "2026-01-01", "amount": 5, "reason": "partial_10"}]}
    )
    assert said.facts["reason"] == "retirement"
    assert said.facts["birth_date"] == "1970-05-10"
    assert said.facts["earlier_withdrawals"] == ("2026-01-01 5 partial",)


def test_it_names_every_reason_in_both_languages() -> None:
    assert all(isinstance(reason.label, Text) and all(reason.label) for reason in Reason)
