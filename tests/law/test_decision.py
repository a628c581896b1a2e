"""A decision can be stored whole and read back; a damaged one is refused."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lindung.law import arrears, contributions, eligibility
from lindung.law.decision import Citation, Confidence, Decision, NotADecision, weakest
from lindung.law.months import Month

NOVEMBER = Month(2026, 11)
SITI = contributions.bpu(month=NOVEMBER, programmes={"jkk", "jkm"}, payer="apbd")


def examples() -> list[Decision]:
    return [
        SITI,
        contributions.bpu(
            month=NOVEMBER, programmes={"jkk", "jkm", "jht"}, payer="self", monthly_income=18_500_000
        ),
        contributions.pu(
            month=Month(2025, 2), wage=3_002_500, risk_class="low", programmes={"jkk", "jkm"}, in_jkp=True
        ),
        eligibility.bpu(birth_date=date(1961, 1, 1), on=date(2026, 11, 22)),
        arrears.consequence(segment="bpu", programme="jkm", months_unpaid=4, on=date(2026, 11, 22)),
        arrears.jkm_waiting(registered_on=date(2026, 6, 10), paid_months=3, on=date(2026, 8, 10)),
    ]


@pytest.mark.parametrize("decision", examples(), ids=lambda decision: decision.question)
def test_it_reads_back_what_it_stored(decision: Decision) -> None:
    again = Decision.from_json(decision.to_json())
    assert again == decision
    assert again.digest() == decision.digest()


def test_it_is_canonical() -> None:
    text = SITI.to_json()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert len(SITI.digest()) == 64
    assert (
        contributions.bpu(month=NOVEMBER, programmes=["jkm", "jkk", "jkk"], payer="apbd").digest()
        == SITI.digest()
    )


def test_it_has_another_digest_for_other_facts() -> None:
    assert (
        contributions.bpu(month=NOVEMBER, programmes={"jkk", "jkm"}, payer="apbn").digest() != SITI.digest()
    )


def damages() -> list[Callable[[dict[str, Any]], object]]:
    return [
        lambda stored: stored.update(total=16_801),
        lambda stored: stored.update(outcome="perhaps"),
        lambda stored: stored.update(extra=1),
        lambda stored: stored.update(format=2),
        lambda stored: stored.pop("facts"),
        lambda stored: stored["steps"][0].update(amount="10000"),
        lambda stored: stored["steps"][0].update(amount=True),
        lambda stored: stored["steps"][0].update(amount=10_001),
        lambda stored: stored["steps"][0].pop("citation"),
        lambda stored: stored["steps"][0]["label"].pop("en"),
        lambda stored: stored["used"][0].update(since="yesterday"),
        lambda stored: stored.update(steps="none"),
        lambda stored: stored.update(facts=[1]),
        lambda stored: stored["facts"].update(rate=0.5),
    ]


@pytest.mark.parametrize("damage", damages())
def test_it_refuses_a_damaged_text(damage: Callable[[dict[str, Any]], object]) -> None:
    stored = json.loads(SITI.to_json())
    damage(stored)
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with pytest.raises(NotADecision):
        Decision.from_json(text)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "{}", "12"])
def test_it_refuses_what_is_no_decision(text: str) -> None:
    with pytest.raises(NotADecision, match="not a whole decision"):
        Decision.from_json(text)


def test_it_sums_its_steps_by_component() -> None:
    half = contributions.bpu(month=NOVEMBER, programmes={"jkk", "jkm"}, payer="self")
    assert [step.amount for step in half.steps] == [10_000, -5_000, 6_800, -3_400]
    assert (half.amount("jkk"), half.amount("jkm"), half.amount("jk"), half.total) == (5_000, 3_400, 0, 8_400)


def test_it_cites_in_both_languages() -> None:
    cited = Citation("PP 44/2015", "20", "3", "II").text
    assert cited == ("PP 44/2015 Pasal 20 ayat (3), Lampiran II", "PP 44/2015 Article 20(3), Annex II")
    assert Citation("PP 82/2019", "I angka 3").text == (
        "PP 82/2019 Pasal I angka 3",
        "PP 82/2019 Article I number 3",
    )
    assert Citation("PP 46/2015", "4 dan 13").text == (
        "PP 46/2015 Pasal 4 dan 13",
        "PP 46/2015 Article 4 and 13",
    )
    assert Citation("PP 6/2025", "unread").text.en == "PP 6/2025 (article not yet read)"


def test_it_is_no_surer_than_its_least_sure_value() -> None:
    assert weakest(Confidence.READ_IN_LAW, Confidence.SECONDARY) is Confidence.SECONDARY
    assert weakest(Confidence.UNVERIFIED, Confidence.SECONDARY) is Confidence.UNVERIFIED


@pytest.mark.parametrize("decision", examples(), ids=lambda decision: decision.question)
def test_it_can_be_read_aloud(decision: Decision) -> None:
    assert 1 <= len(decision.sentences) <= 16
    for sentence in decision.sentences:
        for wording in sentence:
            assert wording.endswith(".")
            assert "{" not in wording
            assert "_" not in wording
