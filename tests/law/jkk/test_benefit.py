"""The whole benefit: its sum, its sentences, who pays, and that bad facts never make a number."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.asking_back import Contradiction
from lindung.law.decision import Decision, Step
from lindung.law.jkk.benefit import benefit, refused
from lindung.law.jkk.care import Cost, CostKind
from lindung.law.jkk.disability import Injury
from lindung.law.jkk.facts import Absence, Ending, Facts, WorkerKind
from lindung.law.money import percent, rupiah
from lindung.law.months import day_label
from lindung.law.questions import asking
from lindung.law.questions.fields import Unanswerable
from lindung.law.terms import Segment, UnknownTerm

ACCIDENT = date(2026, 5, 10)
WHOLE = {
    "programme": "JKK",
    "segment": "BPU",
    "event_date": "2026-05-10",
    "outcome": "death",
    "base": 1_000_000,
}

events = st.sampled_from([date(2015, 7, 1), date(2019, 12, 1), date(2019, 12, 2), ACCIDENT])


@st.composite
def accidents(draw: st.DrawFn) -> Facts:
    """Any accident whose facts can be true."""
    event, wage = draw(events), draw(st.integers(1_000_000, 19_700_000))
    ending = draw(st.none() | st.sampled_from(Ending))
    injured = (Injury("left_thumb", Fraction(1)), Injury("one_eye", Fraction(1)))
    off = draw(st.integers(0, 700))
    registered = draw(st.booleans())
    facts = Facts(
        draw(st.sampled_from([Segment.PU, Segment.BPU, Segment.CONSTRUCTION])),
        event,
        ending,
        wage=wage,
        base=wage,
        reported_wage=draw(st.none() | st.integers(100_000, wage)) if registered else None,
        months_in_arrears=draw(st.integers(0, 5)) if registered else 0,
        registered=registered,
        left_handed=draw(st.booleans()),
        incapacity=(Absence(event, event + timedelta(off)),) if off else (),
        costs=(Cost(CostKind.CARE, draw(st.integers(0, 10**8))), Cost(CostKind.TRANSPORT_LAND, 6_000_000)),
        children=(),
        has_heirs=True,
    )
    return facts._replace(injuries=injured if facts.is_partial else ())


def told(step: Step) -> Iterator[str]:
    """Every way in which a number of the step may be said."""
    yield from (rupiah(abs(step.amount)), str(step.amount))
    for value in step.working.values():
        if isinstance(value, int):
            yield from (str(value), rupiah(abs(value)))
        if isinstance(value, str) and re.fullmatch(r"\d+/\d+", value):
            yield percent(Fraction(value)).id
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            yield day_label(date.fromisoformat(value)).id


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d[\d.,]*\d|\d", text))


@settings(max_examples=10)
@given(accidents())
def test_it_says_only_numbers_of_the_steps(facts: Facts) -> None:
    for step in benefit(facts).steps:
        if step.key.startswith(("jkk.base", "jkk.incapacity", "jkk.death", "jkk.who_pays", "jkk.arrears")):
            assert numbers(step.sentence.id) <= numbers(" ".join(told(step))), step


@settings(max_examples=10)
@given(accidents())
def test_it_is_the_sum_of_its_steps_and_can_be_replayed(facts: Facts) -> None:
    said = benefit(facts)
    assert said.total == sum(step.amount for step in said.steps)
    assert Decision.from_json(said.to_json()) == said
    assert benefit(facts).digest() == said.digest()
    assert (said.total, said.schedule) == (0, ()) or said.granted


@settings(max_examples=10)
@given(accidents())
def test_it_loses_nothing_of_what_is_held(facts: Facts) -> None:
    """Arrears within the limit only delay, and for wage earners they never change the sum."""
    said, settled = benefit(facts), benefit(facts._replace(months_in_arrears=0))
    if said.granted:
        assert said.total + sum(later.amount for later in said.schedule) == settled.total
    if facts.is_wage_earner:
        assert said.total == settled.total


@settings(max_examples=10)
@given(accidents(), st.integers(1, 10**6))
def test_it_never_pays_less_for_a_higher_wage(facts: Facts, more: int) -> None:
    richer = facts._replace(wage=(facts.wage or 0) + more, base=(facts.base or 0) + more)
    assert benefit(facts).total <= benefit(richer).total


@settings(max_examples=10)
@given(st.integers(100_000, 30_000_000), st.data())
def test_it_parts_the_grants_between_bpjs_and_employer(wage: int, data: st.DataObject) -> None:
    reported = data.draw(st.integers(100_000, wage - 1)) if wage > 100_000 else 100_000
    facts = Facts(Segment.PU, ACCIDENT, Ending.DEATH, wage=wage, children=(), has_heirs=True)
    said = benefit(facts._replace(reported_wage=reported))
    parts = [step.working for step in said.steps if step.key == "jkk.who_pays"]
    assert said.total == benefit(facts).total
    for working in parts:
        assert working["bpjs"] == benefit(facts._replace(wage=reported)).total
        assert working["employer"] == said.total - benefit(facts._replace(wage=reported)).total
    assert len(parts) == (reported < wage)


def test_it_cannot_leave_open_how_a_death_or_an_injury_came_about() -> None:
    still = Facts(Segment.BPU, ACCIDENT, base=1_000_000)
    assert benefit(still).total == 0
    for told_of in (
        still._replace(died_on=ACCIDENT),
        still._replace(injuries=(Injury("nose", Fraction(1)),)),
    ):
        with pytest.raises(Contradiction) as unsaid:
            benefit(told_of)
        assert (unsaid.value.field, unsaid.value.code) == ("outcome", "missing_fact")


@settings(max_examples=10)
@given(accidents(), st.sampled_from(["arrears", "before membership", "lapsed"]))
def test_it_refuses_without_wage_injuries_or_outcome(facts: Facts, why: str) -> None:
    if why == "arrears":
        facts = facts._replace(segment=Segment.BPU, registered=True, months_in_arrears=4)
    elif why == "before membership":
        facts = facts._replace(registered=True, member_since=facts.event_date + timedelta(1))
    else:
        facts = facts._replace(claimed_on=date(2040, 1, 1))
    bare = facts._replace(ending=None, wage=None, base=None, injuries=(), incapacity=(), costs=())
    assert refused(facts)
    assert refused(bare)
    assert benefit(bare).refusal == benefit(facts).refusal


def test_it_keeps_every_fact() -> None:
    facts = Facts(
        Segment.PU,
        ACCIDENT,
        Ending.PARTIAL_ANATOMICAL,
        wage=3_000_000,
        injuries=(Injury("left_thumb", Fraction(1)),),
        incapacity=(Absence(ACCIDENT, date(2026, 6, 10)),),
        costs=(Cost(CostKind.CARE, 1_000_000),),
    )
    assert benefit(facts).facts == {
        "segment": "pu",
        "event_date": "2026-05-10",
        "outcome": "partial_anatomical",
        "wage": 3_000_000,
        "worker_kind": "worker",
        "registered": True,
        "injuries": ("left_thumb 1/1 1",),
        "incapacity": ("2026-05-10 2026-06-10",),
        "costs": ("care 1000000",),
    }


def test_it_names_every_ending_and_kind_of_worker() -> None:
    labels = [ending.label for ending in Ending] + [kind.label for kind in WorkerKind]
    assert all(label.id and label.en for label in labels)
    assert len(set(labels)) == len(labels)


def test_it_has_no_rules_for_migrants() -> None:
    with pytest.raises(UnknownTerm):
        benefit(Facts(Segment.MIGRANT, ACCIDENT, Ending.RECOVERED))


@pytest.mark.parametrize("segment", [Segment.PU, Segment.BPU])
def test_it_needs_a_base(segment: Segment) -> None:
    with pytest.raises(Contradiction) as refused:
        benefit(Facts(segment, ACCIDENT, Ending.DEATH))
    assert refused.value.code == "missing_fact"


def test_it_refuses_negative_months() -> None:
    with pytest.raises(Contradiction):
        benefit(Facts(Segment.BPU, ACCIDENT, Ending.RECOVERED, months_in_arrears=-1))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("base", 1_000_000.0),
        ("base", -1),
        ("base", "1000000"),
        ("base", True),
        ("base", 1571014102800001),
        ("event_date", "2026-02-30"),
        ("event_date", "10-05-2026"),
        ("event_date", "2015-06-30"),
        ("member_since", 20260510),
        ("died_on", "2026-13-01"),
        ("months_in_arrears", -1),
        ("months_paid", 1.5),
        ("outcome", "dead"),
        ("segment", "PBI"),
        ("has_heirs", "no"),
        ("registered", 1),
        ("incapacity", {"from": "2026-05-10"}),
        ("costs", [{"kind": "care", "amount": -1}]),
        ("surprise", 1),
    ],
)
def test_it_names_the_field_that_cannot_be_read(field: str, value: object) -> None:
    with pytest.raises(Unanswerable) as refused:
        asking.decide("benefit", WHOLE | {field: value})
    assert refused.value.faults[0].field.startswith(field)


@settings(max_examples=10)
@given(st.permutations(sorted(WHOLE)), st.sets(st.sampled_from(sorted(WHOLE))))
def test_it_takes_facts_in_any_order_and_names_those_left_out(order: list[str], left_out: set[str]) -> None:
    facts = {name: WHOLE[name] for name in order if name not in left_out}
    if left_out:
        with pytest.raises(Unanswerable) as refused:
            asking.decide("benefit", facts)
        assert {fault.field for fault in refused.value.faults} <= left_out
    else:
        assert asking.decide("benefit", facts).digest() == asking.decide("benefit", WHOLE).digest()


def test_it_takes_an_injury_as_it_is_written() -> None:
    thumb = Injury("left_thumb", Fraction(1))
    facts = Facts(Segment.BPU, ACCIDENT, Ending.PARTIAL_ANATOMICAL, base=1_000_000, injuries=(thumb,))
    worse = facts._replace(injuries=(replace(thumb, code="right_thumb"),))
    assert benefit(facts).total == 9_600_000
    assert benefit(worse).total == 12_000_000
    assert benefit(worse._replace(left_handed=True)).total == 9_600_000
