"""The tables a lawyer can read and extend: every case holds, and together they prove every stored value."""

import re
from pathlib import Path

import pytest

from law.conftest import CASES
from lindung.law.cases import RULES, NotACase, read
from lindung.law.decision import Decision, Outcome
from lindung.law.parameter import in_force
from lindung.law.proving import Proof
from lindung.law.questions import asking

ALL = read(CASES)


FILES = sorted({case.id.partition(":")[0] for case in ALL})


@pytest.mark.parametrize("file", FILES)
def test_it_is_as_the_table_says(file: str, proof: Proof) -> None:
    assert [problem for problem in proof.wrong if problem.startswith(f"{file}: ")] == []


def test_it_cites_every_stored_value(proof: Proof) -> None:
    assert proof.uncited == ()


def test_it_has_a_case_for_every_stored_article(proof: Proof) -> None:
    assert proof.uncovered == ()


def test_it_notices_every_stored_number_and_day_that_moves_by_one(proof: Proof) -> None:
    assert proof.survivors == ()
    assert proof.mutants > 1000
    assert proof.holds


def test_it_names_its_article_in_every_case_that_is_decided() -> None:
    assert [case.id for case in ALL if not case.articles and "error" not in case.expect] == []


def test_it_calls_every_case_by_a_name_of_its_own() -> None:
    names = [case.id for case in ALL]
    assert [name for name in set(names) if names.count(name) > 1] == []


def test_it_refuses_a_case_that_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "half.toml").write_text('[[case]]\nname = "Without article"\nask = "benefit"\n')
    with pytest.raises(NotACase, match=r"half\.toml: Without article"):
        read(tmp_path)


def decisions() -> dict[str, Decision]:
    """What every case of the door that is decided says."""
    return {
        case.id: asking.decide(asking.called(case.ask), dict(case.given), law=in_force())
        for case in ALL
        if case.ask not in RULES and "error" not in case.expect
    }


DECIDED = decisions()
AMOUNT = re.compile(r"Rp([0-9]{1,3}(?:\.[0-9]{3})*)")


def numbers(decision: Decision) -> set[int]:
    """Every number that the decision was made of or gives."""
    steps = decision.steps + decision.deductions
    found = [step.amount for step in steps]
    found += [value for step in steps for value in step.working.values() if isinstance(value, int)]
    found += [value for value in decision.facts.values() if isinstance(value, int)]
    found += [payment.amount for payment in decision.schedule]
    found += [other.total for other in decision.alternatives]
    found += [decision.total, decision.net, sum(payment.amount for payment in decision.schedule)]
    return {abs(number) for number in found}


def said_out_of_nothing(decision: Decision) -> list[str]:
    """The sentences that say an amount which the decision does not have; what would change it speaks of
    another case, with other amounts."""
    known = numbers(decision)
    other = {*decision.what_would_change, decision.refusal.would_change if decision.refusal else None}
    said = [wording for sentence in decision.sentences if sentence not in other for wording in sentence]
    return [one for one in said if {int(found.replace(".", "")) for found in AMOUNT.findall(one)} - known]


def test_it_says_only_amounts_that_stand_in_its_steps() -> None:
    assert {id: wrong for id, one in DECIDED.items() if (wrong := said_out_of_nothing(one))} == {}


def badly_said(decision: Decision) -> list[str]:
    """The sentences that are empty, have a gap, or show a word of the program."""
    said = [wording for sentence in decision.sentences for wording in sentence]
    return [
        one
        for one in said
        if not one.strip() or not one.endswith(".") or re.search(r"[{}_]|  |None|True", one)
    ]


def test_it_says_every_sentence_whole_and_in_both_languages() -> None:
    assert {id: wrong for id, one in DECIDED.items() if (wrong := badly_said(one))} == {}
    assert [id for id, one in DECIDED.items() if not one.sentences] == []


def test_it_can_be_kept_and_read_back() -> None:
    kept = list(DECIDED.items())[1::3]
    assert [id for id, one in kept if Decision.from_json(one.to_json()) != one] == []


def test_it_pays_nothing_when_it_refuses_and_says_what_would_change_it() -> None:
    refused = {id: one for id, one in DECIDED.items() if one.outcome is Outcome.REFUSED}
    assert [id for id, one in refused.items() if one.refusal is None or one.total] == []
    assert [id for id, one in DECIDED.items() if one.refusal and id not in refused] == []
    assert all(one.refusal.would_change.id for one in refused.values() if one.refusal)


def test_it_gives_the_same_bytes_whenever_it_is_asked_again() -> None:
    again = {case.id: case for case in ALL if case.id in DECIDED}
    for id in list(DECIDED)[::3]:
        said = asking.decide(asking.called(again[id].ask), dict(again[id].given), law=in_force())
        assert said.digest() == DECIDED[id].digest(), id
