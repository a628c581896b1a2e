"""The cash of JKP: what holds for everybody who was dismissed, whatever the numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.spoken import unspoken_numbers
from lindung.law import jkp
from lindung.law.asking_back import Contradiction, MissingFacts
from lindung.law.decision import Decision
from lindung.law.eligibility.firm_duties import FirmSize
from lindung.law.jkp import Facts, Reason
from lindung.law.jkp.facts import in_a_row
from lindung.law.months import Month, age_on
from lindung.law.parameter import in_force
from lindung.law.questions import asking
from lindung.law.reading import Reading

SITI = Facts(Reason.DISMISSAL, date(2026, 5, 10), wage=4_000_000, months_paid=14)
BUDI = Facts(Reason.DISMISSAL, date(2024, 5, 10), wage=4_000_000, months_paid=14, consecutive_months=7)
ALL = ("jkn", "jkk", "jkm", "jht", "jp")
NEW_LAW = date(2025, 2, 7)
few = settings(max_examples=8, deadline=None)
wages = st.integers(0, 20_000_000)
strangers = st.builds(
    Facts,
    reason=st.just(Reason.DISMISSAL) | st.sampled_from(Reason),
    event_date=st.dates(date(2021, 2, 2), date(2027, 12, 31)),
    wage=wages,
    months_paid=st.integers(6, 24),
    consecutive_months=st.integers(0, 6),
    earlier_claims=st.lists(st.dates(date(2015, 1, 1), date(2021, 1, 1)), max_size=3).map(tuple),
    birth_date=st.dates(date(1960, 1, 1), date(2000, 1, 1)),
    member_since=st.just(date(2021, 2, 2)),
    firm_size=st.sampled_from(FirmSize),
    held=st.just(frozenset(ALL)) | st.frozensets(st.sampled_from(ALL)),
    employer_closed=st.booleans(),
    months_in_arrears=st.integers(0, 12),
    claimed_on=st.none() | st.dates(date(2028, 1, 1), date(2028, 7, 1)),
    segment=st.none(),
    indonesian=st.sampled_from((None, True, False)),
)


@few
@given(wages, wages)
def test_it_never_gives_less_for_a_higher_wage(one: int, other: int) -> None:
    low, high = sorted((one, other))
    for facts in (SITI, BUDI):
        assert jkp.benefit(facts._replace(wage=low)).total <= jkp.benefit(facts._replace(wage=high)).total


@few
@given(wages)
def test_it_never_gives_less_under_the_new_law(wage: int) -> None:
    assert jkp.benefit(BUDI._replace(wage=wage)).total <= jkp.benefit(SITI._replace(wage=wage)).total


@few
@given(wages)
def test_it_pays_six_months_that_add_up(wage: int) -> None:
    for facts in (SITI, BUDI):
        said = jkp.benefit(facts._replace(wage=wage))
        months = [step.amount for step in said.steps if step.key.startswith("jkp.cash.")]
        assert len(months) == 6
        assert sum(months) == said.total == said.amount("jkp.cash")
        assert not said.schedule


@few
@given(strangers)
def test_it_says_only_numbers_of_its_steps(facts: Facts) -> None:
    said = jkp.benefit(facts)
    assert unspoken_numbers(said) == set()
    assert said.granted or (said.total == 0 and said.refusal is not None)


@few
@given(strangers)
def test_it_replays_to_the_same_bytes(facts: Facts) -> None:
    said = jkp.benefit(facts)
    assert said.to_json() == jkp.benefit(facts).to_json()
    assert Decision.from_json(said.to_json()) == said


@few
@given(st.integers(-200, 200))
def test_it_pays_by_the_law_of_the_day_of_dismissal(days: int) -> None:
    facts = BUDI._replace(event_date=NEW_LAW + timedelta(days=days))
    assert jkp.benefit(facts).total == (14_400_000 if days >= 0 else 8_400_000)


def test_it_names_a_condition_that_fails_before_later_ones() -> None:
    """A foreigner with too few months is told about the citizenship first."""
    said = jkp.benefit(SITI._replace(indonesian=False, months_paid=1))
    assert said.refusal is not None
    assert said.refusal.citation.article == "4"


@few
@given(
    st.dates(date(1960, 1, 1), date(1975, 12, 31)), st.none() | st.dates(date(2018, 1, 1), date(2026, 5, 10))
)
def test_it_grants_nothing_to_a_stranger_who_may_have_been_54_on_joining(
    birth: date, since: date | None
) -> None:
    """The first day of JKP is the earliest; whoever names no later one may have joined until the dismissal."""
    first = date(2021, 2, 2)
    known = since is not None and since >= first
    facts = SITI._replace(birth_date=birth, member_since=since)
    try:
        granted = jkp.benefit(facts).granted
    except (MissingFacts, Contradiction):
        assert not known
        assert age_on(birth, first) < 54 <= age_on(birth, SITI.event_date)
        return
    earliest = since if known and since else first
    assert granted == (age_on(birth, earliest) < 54)
    assert not granted or known or age_on(birth, SITI.event_date) < 54


def longest_run(months: frozenset[Month]) -> int:
    """The greatest number of consecutive months in the set."""
    best = run = 0
    previous: Month | None = None
    for month in sorted(months):
        run = run + 1 if previous is not None and previous.next() == month else 1
        best = max(best, run)
        previous = month
    return best


@few
@given(st.frozensets(st.integers(1, 24), max_size=5))
def test_it_promises_no_longer_run_of_months_than_there_is(unpaid: frozenset[int]) -> None:
    """Pak Budi paid all but a few of the last 24 months; what is sure in a row is in a row."""
    reading = Reading(in_force(), on=BUDI.event_date)
    months = frozenset(Month(2022, 4).plus(place) for place in range(1, 25) if place not in unpaid)
    sure = in_a_row(reading, BUDI._replace(months_paid=len(months), consecutive_months=None))
    assert (sure is None) == (len(unpaid) > 3)
    assert sure is None or 6 <= sure <= longest_run(months)


def test_it_says_a_later_law_only_when_it_is_known() -> None:
    facts = BUDI._replace(event_date=date(2025, 1, 20), claimed_on=date(2025, 2, 20))
    assert [other.total for other in jkp.benefit(facts).alternatives] == [14_400_000]
    assert jkp.benefit(facts, known=date(2025, 2, 6)).alternatives == ()


GOOD: dict[str, object] = {
    "programme": "JKP",
    "reason": "dismissal",
    "event_date": "2026-05-10",
    "wage": 4_000_000,
    "months_paid": 14,
}


def test_it_answers_facts_in_any_order() -> None:
    answer = asking.answer("benefit", GOOD)
    assert answer["total"] == 14_400_000
    assert answer == asking.answer("benefit", dict(reversed(GOOD.items())))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"event_date": "2026-02-30"}, "event_date"),
        ({"event_date": 20260510}, "event_date"),
        ({"event_date": None}, "event_date"),
        ({"event_date": None, "left_work_on": "2026-02-30"}, "left_work_on"),
        ({"wage": 1571021708900001}, "wage"),
        ({"wage": 4000000.0}, "wage"),
        ({"wage": -1}, "wage"),
        ({"wage": "4000000"}, "wage"),
        ({"months_paid": "14"}, "months_paid"),
        ({"months_paid": 25}, "months_paid"),
        ({"reason": "fired"}, "reason"),
        ({"claimed_on": "2026-05-09"}, "claimed_on"),
        ({"consecutive_months": 15}, "consecutive_months"),
        ({"earlier_claims": [{}]}, "earlier_claims[0].on"),
        ({"earlier_claims": ["2020-01-01"]}, "earlier_claims"),
        ({"birth_date": "2026-06-01"}, "birth_date"),
        ({"firm_size": "huge"}, "firm_size"),
        ({"citizenship": "both"}, "citizenship"),
        ({"member_of": ["JKK", "ABC"], "jkn_member": True}, "member_of"),
        ({"months_in_arrears": -1}, "months_in_arrears"),
        ({"known": "kemarin"}, "known"),
    ],
)
def test_it_names_the_field_at_fault(changed: dict[str, object], field: str) -> None:
    answer = asking.answer("benefit", GOOD | changed)
    assert isinstance(answer["error"], dict)
    assert field in answer["error"]["fields"]
