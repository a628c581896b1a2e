"""The death benefit: more paid months never give less, and nothing is said that the decision does not hold."""

import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law import arrears, jkm
from lindung.law.asking_back import Contradiction, MissingFacts
from lindung.law.decision import Decision
from lindung.law.jkm import Cause, Facts
from lindung.law.months import months_later
from lindung.law.questions import asking
from lindung.law.scholarship import Child, Level
from lindung.law.terms import Payer, Segment
from lindung.law.text import Text
from lindung.law.values import NoLawForDate

TODAY = date(2026, 11, 22)
IBU_SITI = Facts(Segment.BPU, TODAY, member_since=date(2026, 3, 1), months_paid=8, payer=Payer.APBD)
PAK_BUDI = Facts(Segment.PU, TODAY)
CHILD = Child(date(2016, 5, 4), Level.SD, 4, studying=True)

DAYS = st.dates(date(2015, 7, 1), date(2030, 12, 31))
children = st.builds(
    Child,
    birth_date=st.dates(date(1995, 1, 1), date(2015, 7, 1)),
    level=st.sampled_from(Level),
    year_of_level=st.integers(1, 8),
    studying=st.none() | st.booleans(),
    married=st.booleans(),
    working=st.booleans(),
)
deaths = st.builds(
    Facts,
    segment=st.sampled_from([Segment.PU, Segment.BPU, Segment.CONSTRUCTION]),
    event_date=DAYS,
    member_since=st.none() | DAYS,
    months_paid=st.integers(0, 80),
    months_in_arrears=st.none() | st.integers(0, 6),
    memberships=st.none() | st.integers(1, 3),
    has_heirs=st.none() | st.booleans(),
    children=st.lists(children, max_size=4).map(tuple),
    cause=st.none() | st.sampled_from(Cause),
    still_active=st.none() | st.booleans(),
    owner_of_companies=st.booleans(),
    payer=st.none() | st.sampled_from(Payer),
)


def numbers(text: str) -> set[int]:
    """Every number of a text, written 20.000.000 or 20000000 or as part of a date."""
    return {int(found.replace(".", "")) for found in re.findall(r"\d+(?:\.\d{3})*", text)}


def held(said: Decision) -> set[int]:
    """Every number that the decision holds outside its sentences."""
    steps = [(step.amount, dict(step.working)) for step in said.steps]
    others = [other.total for other in said.alternatives]
    return numbers(json.dumps([steps, others, dict(said.facts)], default=str))


def promised(said: Decision) -> int:
    """What is paid now and later, if nothing stops it."""
    return said.total + sum(later.amount for later in said.schedule)


@settings(max_examples=8)
@given(deaths)
def test_it_says_only_numbers_that_the_decision_holds(facts: Facts) -> None:
    said = jkm.benefit(facts)
    told = [step.sentence for step in said.steps] + [other.sentence for other in said.alternatives]
    told += said.what_would_change
    for sentence in told:
        assert numbers(sentence.id) <= held(said), sentence.id
        assert numbers(sentence.en) <= held(said), sentence.en


@settings(max_examples=8)
@given(deaths)
def test_it_replays_to_the_same_bytes_and_sums_up(facts: Facts) -> None:
    said = jkm.benefit(facts, known=TODAY)
    assert jkm.benefit(facts, known=TODAY).to_json() == said.to_json()
    assert Decision.from_json(said.to_json()) == said
    assert said.total == sum(step.amount for step in said.steps)
    assert said.granted == (said.refusal is None)
    assert said.granted or (said.total == 0 and not said.schedule)


@settings(max_examples=8)
@given(deaths, st.integers(1, 40))
def test_it_never_gives_less_for_more_paid_months(facts: Facts, more: int) -> None:
    later = facts._replace(months_paid=(facts.months_paid or 0) + more)
    assert promised(jkm.benefit(facts)) <= promised(jkm.benefit(later))


@settings(max_examples=8)
@given(deaths)
def test_it_never_gives_more_for_more_arrears(facts: Facts) -> None:
    one_more = facts._replace(months_in_arrears=facts.arrears + 1)
    assert jkm.benefit(one_more).total <= jkm.benefit(facts).total


@settings(max_examples=8)
@given(deaths, st.sampled_from(Payer))
def test_it_pays_the_same_whoever_pays_the_contribution(facts: Facts, payer: Payer) -> None:
    assert promised(jkm.benefit(facts._replace(payer=payer))) == promised(jkm.benefit(facts))


def test_it_tells_ibu_siti_that_the_city_pays_and_nothing_changes() -> None:
    said = jkm.benefit(IBU_SITI)
    assert said.total == 42_000_000
    assert said.steps[-1].sentence == Text(
        "Iuran dibayar anggaran daerah (APBD): santunannya sama, siapa pun yang membayar iuran.",
        "The contribution is paid by the regional budget (APBD): the benefit is the same, whoever pays.",
    )


def test_it_says_what_it_took_for_granted_for_pak_budi_and_nothing_where_all_is_said() -> None:
    assert len(jkm.benefit(PAK_BUDI).assumed) == 1
    whole = PAK_BUDI._replace(
        months_paid=9, months_in_arrears=0, memberships=1, has_heirs=True, cause=Cause.NOT_WORK,
        still_active=True,
    )  # fmt: skip
    assert jkm.benefit(whole).assumed == ()


def test_it_does_not_assume_heirs_where_children_are_named() -> None:
    said = jkm.benefit(PAK_BUDI._replace(months_paid=40, children=(CHILD,)))
    assert not any("ada ahli waris" in text.id for text in said.assumed)


def asked_for(facts: Facts) -> tuple[str, ...]:
    """The fields that this death needs and that were not said."""
    try:
        jkm.benefit(facts)
    except MissingFacts as why:
        return why.fields
    return ()


def test_it_needs_the_paid_months_of_ibu_siti_but_not_of_pak_budi() -> None:
    unsaid = IBU_SITI._replace(months_paid=None)
    assert asked_for(unsaid) == ("months_paid",)
    assert asked_for(unsaid._replace(event_date=date(2025, 2, 23), member_since=None)) == ()
    assert asked_for(PAK_BUDI) == ()
    assert asked_for(PAK_BUDI._replace(children=(CHILD,))) == ("months_paid",)


def test_it_asks_ibu_siti_at_once_for_the_months_and_for_her_children() -> None:
    children = (Child(None), Child(date(2016, 5, 4), Level.SD), CHILD)
    assert asked_for(IBU_SITI._replace(months_paid=None, children=children)) == (
        "months_paid", "children[0].birth_date", "children[0].studying", "children[1].year_of_level",
    )  # fmt: skip


@settings(max_examples=25)
@given(deaths, st.integers(0, 80))
def test_it_asks_only_for_paid_months_that_decide(facts: Facts, paid: int) -> None:
    """Where the months were not asked for, no number of them that can be true gives another sum, 0 apart."""
    unsaid = facts._replace(months_paid=None)
    if asked_for(unsaid) or not paid or not can_be_true(facts._replace(months_paid=paid)):
        return
    assert jkm.benefit(facts._replace(months_paid=paid)).total == jkm.benefit(unsaid).total


def can_be_true(facts: Facts) -> bool:
    try:
        jkm.check(facts)
    except Contradiction:
        return False
    return True


@settings(max_examples=25)
@given(DAYS, st.integers(0, 60), st.sampled_from([Segment.PU, Segment.BPU]))
def test_it_takes_no_more_months_than_passed_and_were_paid_ahead(
    since: date, passed: int, segment: Segment
) -> None:
    died = months_later(since, passed)
    most = passed + (13 if segment is Segment.BPU else 1)
    assert can_be_true(Facts(segment, died, member_since=since, months_paid=most))
    with pytest.raises(Contradiction, match="months_paid"):
        jkm.check(Facts(segment, died, member_since=since, months_paid=most + 1))


def test_it_counts_the_scholarship_of_now_where_one_clock_would_be_enough() -> None:
    """Only for facts that `check` refuses; who asks the law itself gets the whole other sum all the same."""
    new = IBU_SITI._replace(member_since=date(2026, 10, 1), months_paid=36, children=(CHILD,))
    said = jkm.benefit(new)
    assert (said.total, said.schedule) == (10_000_000, ())
    assert [other.total for other in said.alternatives] == [43_500_000]
    in_arrears = jkm.benefit(new._replace(months_in_arrears=1))
    assert [other.total for other in in_arrears.alternatives] == [10_000_000]


@settings(max_examples=25)
@given(st.dates(date(2025, 2, 24), date(2030, 12, 31)), st.integers(0, 91), st.integers(36, 80))
def test_it_takes_nobody_for_a_new_member_with_the_months_of_a_scholarship(
    since: date, days: int, paid: int
) -> None:
    died = since + timedelta(days=days)
    if died >= months_later(since, 3):
        return
    assert not can_be_true(Facts(Segment.BPU, died, member_since=since, months_paid=paid))


def test_it_leaves_months_that_cannot_be_compared_to_the_law() -> None:
    """Without a first day, or dead before it: the first is assumed, the second refused."""
    jkm.check(IBU_SITI._replace(member_since=None, months_paid=400))
    before = IBU_SITI._replace(event_date=date(2026, 2, 1), months_paid=40)
    jkm.check(before)
    assert not jkm.benefit(before).granted


def test_it_refuses_to_answer_for_migrant_workers_and_before_the_first_law() -> None:
    with pytest.raises(jkm.NotAnswered):
        jkm.benefit(PAK_BUDI._replace(segment=Segment.MIGRANT))
    with pytest.raises(NoLawForDate):
        jkm.benefit(PAK_BUDI._replace(event_date=date(2015, 6, 30), member_since=date(2015, 7, 1)))


@settings(max_examples=8)
@given(DAYS, st.integers(0, 6), st.integers(-40, 400))
def test_it_agrees_with_what_the_cover_page_tells(registered: date, paid: int, later: int) -> None:
    died = registered + timedelta(days=later)
    if died < date(2015, 7, 1):
        return
    shown = arrears.jkm_waiting(registered_on=registered, paid_months=paid, on=died)
    asked = jkm.benefit(Facts(Segment.BPU, died, member_since=registered, months_paid=paid))
    assert shown.total == asked.total
    assert [step.sentence for step in shown.steps] == [step.sentence for step in asked.steps]


JUNK = st.one_of(
    st.none(),
    st.integers(),
    st.text(max_size=8),
    st.booleans(),
    st.just(["x"]),
    st.just({"a": 1}),
    st.just(1571010101800001),
    st.sampled_from(["2026-02-30", "2015-06-30", "BPU", "2026-10-05"]),
)
FIELDS = (
    "segment",
    "event_date",
    "member_since",
    "months_paid",
    "months_in_arrears",
    "memberships",
    "children",
)


@settings(max_examples=10)
@given(st.sampled_from(FIELDS), JUNK)
def test_it_answers_a_stranger_with_a_decision_or_the_fields_at_fault(field: str, junk: object) -> None:
    sound: dict[str, object] = {
        "programme": "JKM",
        "segment": "PU",
        "event_date": "2026-10-05",
        "months_paid": 40,
    }
    answer = asking.answer("benefit", sound | {field: junk})
    if "error" in answer:
        error = answer["error"]
        assert isinstance(error, dict)
        contradicted = field == "member_since" and error["fields"] == ["months_paid"]
        assert contradicted or any(str(name).startswith(field) for name in error["fields"])
        assert "total" not in answer
    else:
        assert answer["total"] in (0, 10_000_000, 42_000_000) or field == "memberships"
