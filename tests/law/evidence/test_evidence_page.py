"""The tables of docs/how-we-compute/evidence.md are recomputed, every one of them."""

import pytest

from law.pages import Cells, each, tables
from lindung.law.decision import Confidence
from lindung.law.evidence import papers as evidence_papers
from lindung.law.questions import asking
from lindung.law.questions.fields import Unanswerable

PAGE = tables("evidence.md")
SAID = {"names_differ": False, "has_bank_account": True, "represented": False}
WIDOW: dict[str, object] = SAID | {
    "programme": "JKM",
    "segment": "BPU",
    "event_date": "2026-05-10",
    "place_of_death": "home",
    "death_certificate": "issued",
    "has_heirs": True,
    "heir": "spouse",
    "marriage": "registered",
    "several_spouses": False,
    "heirs_count": 1,
    "heir_is_minor": False,
    "children_studying": 0,
    "amount": 42_000_000,
}
ACCIDENT: dict[str, object] = SAID | {"programme": "JKK", "segment": "BPU", "on_assignment": False}
SAVINGS: dict[str, object] = SAID | {"programme": "JHT", "amount": 12_000_000}
EVERYBODY = ("savings_form", "member_card", "worker_identity", "family_card", "bank_book")


def codes(facts: dict[str, object]) -> list[str]:
    answer = asking.answer("evidence", facts)
    found = answer["codes"]
    assert isinstance(found, list)
    return found


def cell(papers: list[str]) -> str:
    return ", ".join(papers) or "-"


def said(family: str) -> dict[str, object]:
    """heir=child heir_is_minor=true as facts."""
    pairs = (fact.split("=") for fact in family.split())
    return {name: {"true": True, "false": False}.get(value, _typed(value)) for name, value in pairs}


def _typed(value: str) -> str | int:
    return int(value) if value.isdigit() else value


def test_it_recomputes_every_table_of_the_page() -> None:
    assert set(PAGE) == {"claim", "widow", "family", "accident", "reason", "unverified"}


@each(PAGE["claim"])
def test_it_shows_which_claims_have_no_list(row: Cells) -> None:
    asked = {"programme": row["claim"]} | said(row["facts"].replace(",", ""))
    with pytest.raises(Unanswerable) as fault:
        asking.decide("evidence", asked)
    assert [one.field for one in fault.value.faults] == [row["field"]]
    left = {name: value for name, value in asked.items() if name != row["field"]}
    if row["claim"] == "JKM":
        assert codes(left)


@each(PAGE["widow"])
def test_it_shows_the_whole_list(row: Cells) -> None:
    assert cell(codes(WIDOW)) == row["papers"]


@each(PAGE["family"])
def test_it_shows_what_one_fact_changes(row: Cells) -> None:
    before, after = codes(WIDOW), codes(WIDOW | said(row["family"]))
    assert cell([code for code in after if code not in before]) == row["more"]
    assert cell([code for code in before if code not in after]) == row["fewer"]


@each(PAGE["accident"])
def test_it_shows_the_papers_of_an_accident(row: Cells) -> None:
    first = codes(ACCIDENT | {"accident": row["accident"]})
    second = codes(ACCIDENT | {"accident": row["accident"], "outcome": "recovered", "paid_by_family": True})
    assert cell([code for code in first if code not in EVERYBODY]) == row["to report"]
    assert cell([code for code in second if code not in first]) == row["when recovered, paid by the family"]


@each(PAGE["reason"])
def test_it_shows_the_papers_of_each_reason(row: Cells) -> None:
    found = codes(SAVINGS | {"reason": row["reason"]})
    assert cell([code for code in found if code not in EVERYBODY]) == row["papers"]


def test_it_hides_nothing_that_is_not_verified() -> None:
    newest = {paper.code: paper.sources[-1] for paper in evidence_papers.in_force()}
    assert {row["unverified"]: row["source"] for row in PAGE["unverified"]} == {
        code: source.citation.regulation
        for code, source in newest.items()
        if source.confidence is Confidence.UNVERIFIED
    }
