"""Who may join: non-wage earners from thirteen to not yet sixty-five, and every programme by its own rules."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.spoken import unspoken_numbers
from lindung.law import eligibility
from lindung.law.asking_back import MissingFacts
from lindung.law.decision import Decision
from lindung.law.eligibility import joining
from lindung.law.eligibility.firm_duties import FirmSize
from lindung.law.months import age_on
from lindung.law.questions import asking
from lindung.law.questions.fields import Unanswerable
from lindung.law.terms import Programme, Segment

ON = date(2026, 11, 22)


@settings(max_examples=25)
@given(st.dates(date(1920, 1, 1), ON), st.dates(date(2015, 7, 1), date(2030, 1, 1)))
def test_it_grants_exactly_from_thirteen_to_before_sixty_five(birth: date, on: date) -> None:
    decision = eligibility.bpu(birth_date=birth, on=on)
    assert decision.granted == (13 <= age_on(birth, on) < 65)
    assert bool(decision.what_would_change) == (not decision.granted and birth <= on)


def test_it_tells_what_would_change() -> None:
    decision = eligibility.bpu(birth_date=date(2014, 3, 1), on=ON)
    (change,) = decision.what_would_change
    assert change.id == "Lahir 1 Maret 2014: boleh didaftarkan mulai 1 Maret 2027, saat berumur 13 tahun."
    assert change.en == "Born on 1 March 2014: may be registered from 1 March 2027, at the age of 13."


def test_it_tells_when_sixty_five_was_reached() -> None:
    decision = eligibility.bpu(birth_date=date(1950, 3, 1), on=ON)
    assert decision.steps[0].sentence.en == (
        "76 years old on 22 November 2026: can no longer be registered, having reached 65 on 1 March 2015."
    )


@settings(max_examples=25)
@given(st.dates(date(2015, 7, 1), date(2030, 1, 1)), st.integers(0, 30_000), st.integers(-2, 2))
def test_it_judges_whole_lists_as_it_judges_one_person(on: date, days: int, near: int) -> None:
    births = eligibility.bpu_births(on=on)
    assert births.until is not None
    edges = [births.since, births.until]
    for birth in [date.fromordinal(on.toordinal() - days)] + [
        date.fromordinal(e.toordinal() + near) for e in edges
    ]:
        assert births.contains(birth) == eligibility.bpu(birth_date=birth, on=on).granted


def of_one_mind(person: dict[str, Any]) -> bool:
    """Non-ASN staff are wage earners, in one segment or the other."""
    return person.get("staff") != "non_asn" or "PU" in (person["segment"], person.get("other_segment"))


PEOPLE = st.fixed_dictionaries(
    {
        "segment": st.sampled_from(["PU", "BPU", "construction", "migrant"]),
        "on": st.dates(date(2023, 10, 30), date(2030, 1, 1)).map(str),
        "birth_date": st.dates(date(1920, 1, 1), date(2023, 1, 1)).map(str),
        "employed": st.booleans(),
        "firm_size": st.sampled_from([str(size) for size in FirmSize]),
        "jkn_member": st.booleans(),
        "months_in_indonesia": st.integers(0, 120),
    },
    optional={
        "programmes": st.lists(st.sampled_from(["JKK", "JKM", "JHT", "JP", "JKP"]), min_size=1, unique=True),
        "occupations": st.integers(0, 5),
        "citizenship": st.sampled_from(["indonesian", "foreign"]),
        "staff": st.sampled_from(["asn", "non_asn"]),
        "other_segment": st.sampled_from(["PU", "BPU"]),
        "payer": st.sampled_from(["self", "apbd", "csr"]),
        "nik_differs": st.booleans(),
    },
).filter(of_one_mind)


@given(PEOPLE)
@settings(max_examples=10, deadline=None)
def test_it_says_why_not_and_what_would_change_it(person: dict[str, Any]) -> None:
    decision = asking.decide("eligibility", person)
    assert decision.total == 0
    assert (decision.refusal is None) == decision.granted
    if decision.refusal:
        assert decision.refusal.fact in [step.sentence for step in decision.steps]
        assert decision.refusal.would_change in decision.what_would_change


@given(PEOPLE)
@settings(max_examples=10, deadline=None)
def test_it_says_no_number_that_it_does_not_hold(person: dict[str, Any]) -> None:
    assert unspoken_numbers(asking.decide("eligibility", person)) == set()


@given(PEOPLE)
@settings(max_examples=8, deadline=None)
def test_it_replays_to_the_same_bytes(person: dict[str, Any]) -> None:
    decision = asking.decide("eligibility", person)
    assert asking.decide("eligibility", dict(reversed(person.items()))).to_json() == decision.to_json()
    assert Decision.from_json(decision.to_json()) == decision


@given(PEOPLE, st.integers(0, 4))
@settings(max_examples=8, deadline=None)
def test_it_never_helps_to_have_one_more_work(person: dict[str, Any], works: int) -> None:
    fewer = asking.decide("eligibility", person | {"occupations": works})
    more = asking.decide("eligibility", person | {"occupations": works + 1})
    assert fewer.granted or not more.granted


@given(PEOPLE)
@settings(max_examples=8, deadline=None)
def test_it_is_open_for_several_programmes_when_it_is_for_each(person: dict[str, Any]) -> None:
    each = [
        asking.decide("eligibility", person | {"programmes": [one]}).granted for one in ("JKK", "JHT", "JP")
    ]
    together = asking.decide("eligibility", person | {"programmes": ["JKK", "JHT", "JP"]})
    assert together.granted == all(each)


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"on": "2026-02-30"}, "on", "impossible_date"),
        ({"on": "1571011205740001"}, "on", "not_a_date"),
        ({"occupations": -1}, "occupations", "not_a_count"),
        ({"occupations": 1.5}, "occupations", "not_a_count"),
        ({"segment": "pns"}, "segment", "unknown_word"),
        ({"programmes": []}, "programmes", "not_a_list"),
        ({"birth_date": "2027-01-01"}, "birth_date", "after_the_day"),
        ({"nik_differs": "ya"}, "nik_differs", "not_a_flag"),
        ({"umur": 40}, "umur", "unknown_field"),
        ({"on": "2015-06-30", "birth_date": "1980-01-01"}, "on", "no_law_for_date"),
    ],
)
def test_it_names_the_field_at_fault(facts: dict[str, Any], field: str, code: str) -> None:
    sound = {"segment": "BPU", "on": "2026-11-22", "birth_date": "1974-05-12"}
    with pytest.raises(Unanswerable) as raised:
        asking.decide("eligibility", sound | facts)
    assert (field, code) in [(fault.field, fault.code) for fault in raised.value.faults]


def test_it_asks_for_the_fact_that_a_rule_needs() -> None:
    nobody = joining.Facts(Segment.BPU, (Programme.JKK,), ON)
    with pytest.raises(MissingFacts, match="birth_date"):
        joining.join(nobody)
    clerk = joining.Facts(Segment.PU, (Programme.JKP,), ON, birth_date=date(1990, 1, 1), employed=True)
    with pytest.raises(MissingFacts, match="firm_size"):
        joining.join(clerk)


def test_it_takes_a_named_programme_together_with_the_list() -> None:
    asked = {"segment": "BPU", "on": "2026-11-22", "birth_date": "1974-05-12", "programme": "JP"}
    assert not asking.decide("eligibility", asked | {"programmes": ["JKK"]}).granted
    assert asking.decide("eligibility", asked | {"programme": "JKK"}).granted


def test_it_takes_for_granted_only_what_mattered() -> None:
    clerk = {"segment": "PU", "on": "2026-11-22", "employed": True, "programmes": ["JKK"]}
    (taken,) = asking.decide("eligibility", clerk).assumed
    assert taken.id == "Dianggap warga negara Indonesia."
    assert asking.decide("eligibility", clerk | {"citizenship": "indonesian"}).assumed == ()
