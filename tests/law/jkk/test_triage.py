"""Work, road, disease or none of them: every set of facts gets an answer or the names of what is missing."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.asking_back import MissingFacts
from lindung.law.decision import Decision
from lindung.law.jkk.triage import CIRCUMSTANCES, Criterion, Facts, Kind, Verdict, triage
from lindung.law.values import NoLawForDate

TODAY = date(2026, 5, 10)
criteria = st.dictionaries(st.sampled_from(list(Criterion)), st.booleans())
maybe = st.none() | st.booleans()
facts = st.builds(
    Facts,
    event_date=st.dates(date(2015, 7, 1), date(2030, 1, 1)),
    kind=st.sampled_from(list(Kind)),
    criteria=criteria,
    private_errand=maybe,
    police_letter=maybe,
    visum=maybe,
    suspected=st.booleans(),
    employment_ended_on=st.none() | st.dates(date(2010, 1, 1), date(2030, 1, 1)),
)


def accident(**criteria: bool) -> Facts:
    return Facts(TODAY, Kind.ACCIDENT, {Criterion(name): met for name, met in criteria.items()})


def verdict(decided: Decision) -> object:
    return decided.steps[0].working["verdict"]


def lacking(facts: Facts) -> tuple[str, ...]:
    try:
        triage(facts)
    except MissingFacts as missing:
        return missing.fields
    return ()


@settings(max_examples=8)
@given(facts)
def test_it_answers_or_names_what_is_missing(facts: Facts) -> None:
    missing = lacking(facts)
    assert not set(missing) & {criterion.value for criterion in facts.criteria}
    if not missing:
        decided = triage(facts)
        assert decided.total == 0
        assert decided.granted == (decided.refusal is None)
        assert verdict(decided) in list(Verdict)
        assert decided.digest() == triage(facts).digest()
        assert Decision.from_json(decided.to_json()) == decided


@settings(max_examples=8)
@given(st.fixed_dictionaries(dict.fromkeys(CIRCUMSTANCES, st.booleans())), st.sampled_from(CIRCUMSTANCES))
def test_it_never_refuses_because_one_more_circumstance_is_met(
    said: dict[Criterion, bool], more: Criterion
) -> None:
    force = {Criterion.EXTERNAL_FORCE: True}
    before = triage(Facts(TODAY, Kind.ACCIDENT, force | said))
    after = triage(Facts(TODAY, Kind.ACCIDENT, force | said | {more: True}))
    assert after.granted
    assert before.granted == any(said.values())


def test_it_needs_no_more_facts_once_one_circumstance_is_met() -> None:
    assert verdict(triage(accident(external_force=True, at_workplace=True))) == "work"


def test_it_asks_for_every_missing_circumstance_at_once() -> None:
    with pytest.raises(MissingFacts) as missing:
        triage(accident(external_force=True, on_usual_route=False))
    assert set(missing.value.fields) == {"at_workplace", "on_assignment", "urgent_need_with_permission"}


def test_it_does_not_take_pak_budis_errand_for_the_way_to_work() -> None:
    said = dict.fromkeys(CIRCUMSTANCES, False) | {
        Criterion.ON_USUAL_ROUTE: True,
        Criterion.EXTERNAL_FORCE: True,
    }
    facts = Facts(TODAY, Kind.ACCIDENT, said, private_errand=True)
    decided = triage(facts)
    assert decided.refusal is not None
    assert verdict(decided) == "not_work"
    assert verdict(triage(facts._replace(private_errand=False))) == "road"


def test_it_says_who_decides_and_where_to_disagree() -> None:
    decided = triage(accident(external_force=False))
    said = " ".join(sentence.id for sentence in decided.sentences)
    assert "BPJS Ketenagakerjaan yang memutuskan." in said
    assert "pengawas ketenagakerjaan" in said


def test_it_replays_what_was_known_before_violence_was_named() -> None:
    facts = Facts(TODAY, Kind.VIOLENCE, {Criterion.AT_WORKPLACE: True}, police_letter=True, visum=True)
    assert triage(facts).granted
    assert not triage(facts, known=date(2025, 2, 23)).granted


def test_it_has_words_for_every_term() -> None:
    for term in (*Kind, *Verdict, *Criterion):
        assert term.label.id
        assert term.label.en


def test_it_refuses_a_day_before_the_first_law() -> None:
    with pytest.raises(NoLawForDate):
        triage(accident(external_force=True, at_workplace=True)._replace(event_date=date(2015, 6, 30)))
