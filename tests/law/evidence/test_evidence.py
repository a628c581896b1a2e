"""The papers a family needs: every paper has its case, every condition is tried both ways, nothing moves unseen."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.spoken import unspoken_numbers
from lindung.law import cases, evidence
from lindung.law.cases import Case
from lindung.law.decision import Confidence, Decision, Step
from lindung.law.evidence import papers as evidence_papers
from lindung.law.evidence.facts import BECAUSE, CLAIMS, COUNTS, FACTS, FLAGS, WORDS, Claim
from lindung.law.evidence.papers import Need, Paper, papers_of
from lindung.law.parameter import UnusableParameter, in_force
from lindung.law.proving import BROKEN, FIRST_LAW
from lindung.law.questions import asking
from lindung.law.questions import evidence as question
from lindung.law.questions.fields import Given
from lindung.law.terms import Programme

CASES = Path(__file__).parents[1] / "cases"
ALL = [case for case in cases.read(CASES) if case.ask == "evidence"]
ANSWERED = [case for case in ALL if "error" not in case.expect]
PAPERS = evidence_papers.in_force()


def codes(case: Case) -> list[str]:
    listed = case.expect.get("codes", [])
    assert isinstance(listed, list)
    return listed


def test_it_has_a_case_for_every_paper() -> None:
    assert {code for case in ANSWERED for code in codes(case)} == {paper.code for paper in PAPERS}


def facts(case: Case) -> evidence.Facts:
    typed = Given(dict(case.given))
    return question.facts_of(typed, typed.word("programme", Programme))[0]


def test_it_tries_every_condition_both_ways() -> None:
    """For each condition a listed case where it holds, and one that lacks the paper for this condition only."""
    told = [(facts(case), asking.decide("evidence", dict(case.given)), case) for case in ANSWERED]
    untried = []
    for paper in PAPERS:
        for condition in paper.when:
            concerned = [one for one in told if paper.concerns(one[0].programme, one[0].claim)]
            held = any(
                step.key == f"evidence.{paper.code}" and step.working["applies"]
                for _, decision, _ in concerned
                for step in decision.steps
            )
            other = paper._replace(when=tuple(one for one in paper.when if one != condition))
            lacking = [case for _, _, case in concerned if paper.code not in codes(case)]
            failed = any(_differs(case, paper, other) for case in lacking)
            if not (held and failed):
                untried.append(f"{paper.code}: {condition}")
    assert untried == []


def _differs(case: Case, paper: Paper, other: Paper) -> bool:
    return bool(_with(case, [other if one is paper else one for one in PAPERS]))


def _with(case: Case, papers: list[Paper]) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence_papers, "in_force", lambda: tuple(papers))
        try:
            return list(cases.differences(case, in_force()))
        except BROKEN as broken:
            return [repr(broken)]


def mutants(paper: Paper) -> Iterator[tuple[str, Paper | None]]:
    """The paper gone, without one condition, without one source, each source a day off, out of its group."""
    yield "gone", None
    if paper.group:
        yield "out of its group", paper._replace(group="")
    for place, source in enumerate(paper.sources):
        yield (
            f"without source {place}",
            paper._replace(sources=paper.sources[:place] + paper.sources[place + 1 :]),
        )
        if source.since > FIRST_LAW:
            for days in (-1, 1):
                moved = source._replace(since=source.since + timedelta(days=days))
                sources = (*paper.sources[:place], moved, *paper.sources[place + 1 :])
                yield f"{source.since} moved by {days}", paper._replace(sources=sources)
        doubted = source._replace(
            confidence=Confidence.SECONDARY
            if source.confidence is Confidence.UNVERIFIED
            else Confidence.UNVERIFIED
        )
        sources = (*paper.sources[:place], doubted, *paper.sources[place + 1 :])
        yield f"source {place} otherwise sure", paper._replace(sources=sources)


def _nearest(paper: Paper, what: str) -> list[Case]:
    """The cases of the paper's programmes, first those about the day that moved, then those that name it."""
    day = date.fromisoformat(what[:10]) if what[:2] == "20" else None
    days = {str(day), str(day - timedelta(days=1))} if day else set()
    concerned = [case for case in ALL if _programme(case) in paper.programmes]
    return sorted(
        concerned,
        key=lambda case: (case.given.get("event_date") not in days, paper.code not in str(case.expect)),
    )


def _programme(case: Case) -> str:
    return str(case.given.get("programme", "")).lower()


def test_it_notices_every_paper_that_changes() -> None:
    unnoticed = []
    for paper in PAPERS:
        for what, changed in mutants(paper):
            papers = [changed if one is paper else one for one in PAPERS]
            left = [one for one in papers if one is not None]
            if not any(_with(case, left) for case in _nearest(paper, what)):
                unnoticed.append(f"{paper.code} {what}")
    assert unnoticed == []


def test_it_asks_for_no_fact_that_decides_nothing() -> None:
    used = {condition.fact for paper in PAPERS for condition in paper.when}
    assert used == set(FACTS)
    written = {
        f"{condition.fact}={value}"
        for paper in PAPERS
        for condition in paper.when
        for value in condition.values
    }
    assert written == set(BECAUSE)


FAMILY = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from([str(word) for word in words]) for name, words in WORDS.items()},
        **{name: st.booleans() for name in FLAGS if name != "has_heirs"},
        **{name: st.integers(0, 12) for name in COUNTS},
        "amount": st.integers(0, 10**12),
        "event_date": st.dates(FIRST_LAW).map(str).filter(lambda day: day < "2027"),
    },
)


NEEDS_A_MARRIAGE = (("heir", "spouse"), ("several_spouses", True))


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    programme = draw(st.sampled_from([one for one in Programme if one is not Programme.JKP]))
    claim = draw(st.sampled_from(sorted(CLAIMS[programme])))
    field = "outcome" if programme in (Programme.JKM, Programme.JKK) else "reason"
    family = draw(FAMILY)
    if family.get("marriage") in ("divorced", "none"):
        family = {name: value for name, value in family.items() if (name, value) not in NEEDS_A_MARRIAGE}
    if (family.get("heir"), family.get("heir_is_minor")) == ("parent", True):
        del family["heir_is_minor"]
    if family.get("heirs_count") == 0 and (family.get("heir") or family.get("children_studying")):
        del family["heirs_count"]
    if (programme is Programme.JP or claim is Claim.STOPPED_WORK) and "segment" in family:
        family["segment"] = "pu" if programme is Programme.JP else "bpu"
    return {"programme": programme.upper(), field: str(claim)} | family


@given(questions())
@settings(max_examples=8, deadline=None)
def test_it_says_every_paper_once_with_its_need_and_moves_no_money(asked: dict[str, Any]) -> None:
    decision = asking.decide("evidence", asked)
    assert decision.granted
    assert decision.total == 0
    keys = [step.key for step in decision.steps]
    assert len(set(keys)) == len(keys)
    for step in papers(decision):
        working = step.working
        assert working["need"] in list(Need)
        assert bool(working["because"]) or working["need"] in (Need.REQUIRED, Need.ALTERNATIVE)
        assert working["applies"] is not bool(working["unsaid"])
        rivals = [one for one in papers(decision) if one.working["group"] == working["group"] != ""]
        assert (len(rivals) > 1) == (working["need"] == Need.ALTERNATIVE)


def papers(decision: Decision) -> list[Step]:
    return [step for step in decision.steps if step.key.startswith("evidence.")]


@given(questions())
@settings(max_examples=8, deadline=None)
def test_it_says_no_number_that_it_does_not_hold(asked: dict[str, Any]) -> None:
    assert unspoken_numbers(asking.decide("evidence", asked)) == set()


@given(questions())
@settings(max_examples=10, deadline=None)
def test_it_replays_to_the_same_bytes_and_reads_back(asked: dict[str, Any]) -> None:
    decision = asking.decide("evidence", asked)
    assert asking.decide("evidence", dict(reversed(asked.items()))).to_json() == decision.to_json()
    assert Decision.from_json(decision.to_json()).digest() == decision.digest()


@given(questions())
@settings(max_examples=8, deadline=None)
def test_it_asks_for_less_the_more_is_said(asked: dict[str, Any]) -> None:
    """A fact that is said may settle papers, but brings in none that was not listed before."""
    whole = {step.key for step in papers(asking.decide("evidence", asked))}
    for fact in [name for name in asked if name in (*WORDS, *FLAGS, *COUNTS)]:
        less = {name: value for name, value in asked.items() if name != fact}
        assert whole <= {step.key for step in papers(asking.decide("evidence", less))}


def test_it_knows_the_claims_of_every_programme() -> None:
    assert {claim for claims in CLAIMS.values() for claim in claims} == set(Claim)


SOUND = (CASES.parents[2] / "src/lindung/law/papers/pension.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('confidence = "secondary"', 'confidence = "read_in_law"', "Dibaca dalam naskah, tetapi tanpa pasal"),
        ('confidence = "secondary"', 'confidence = "sure"', "tidak dikenal"),
        ('programmes = ["jp"]', 'programmes = ["jpx"]', "tidak dikenal"),
        ('claims = ["total_disability"]', 'claims = ["resignation"]', "Klaim ini tidak ada"),
        ("[[paper.source]]", "[[paper.origin]]", "tidak dikenal"),
        ('code = "unable_to_work_letter"', 'code = "pension_form"', "dipakai dua kali"),
        ('code = "pension_form"', 'code = "pension_form"\nwhen = ["heir=uncle"]', "Syarat heir=uncle"),
        ('code = "pension_form"', 'code = "pension_form"\nwhen = "heir=spouse"', "when harus daftar"),
        ('code = "pension_form"', 'code = "pension_form"\nsource = []', "TOML"),
        ("since = 2015-07-01", "since = 1.5", "desimal"),
    ],
)
def test_it_refuses_papers_that_are_not_sound(before: str, after: str, problem: str) -> None:
    assert before in SOUND
    with pytest.raises(UnusableParameter, match=problem):
        papers_of({"pension.toml": SOUND.replace(before, after, 1)})


def test_it_refuses_a_paper_without_a_source() -> None:
    text = SOUND.split("[[paper.source]]")[0]
    with pytest.raises(UnusableParameter, match="Tidak ada sumber"):
        papers_of({"pension.toml": text})
