"""Decisions of earlier versions, kept as they were stored: the same facts, as known on that day, give the same
bytes."""

import json
from pathlib import Path

import pytest

from lindung.law.cases import Case, decided
from lindung.law.decision import Decision
from lindung.law.parameter import in_force

KEPT = [
    json.loads(line)
    for path in sorted((Path(__file__).parent / "kept").glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept['ask']} {kept['given']}"[:80])
def test_it_decides_as_it_once_did(kept: dict[str, object]) -> None:
    given = kept["given"]
    assert isinstance(given, dict)
    assert given["known"]
    case = Case("kept", (), str(kept["ask"]), given, {})
    again = decided(case, in_force())
    assert isinstance(again, Decision)
    assert again.to_json() == kept["decision"]


def test_it_still_reads_what_was_stored() -> None:
    assert len(KEPT) >= 33
    for kept in KEPT:
        assert Decision.from_json(kept["decision"]).to_json() == kept["decision"]
