"""JSON lines in, JSON lines out: no line is lost, and a line that cannot be read is told so."""

import json

import pytest

from lindung.law.questions import lines
from lindung.law.questions.fields import Unanswerable

STREET_CLEANER = (
    b'{"programme": "JKM", "segment": "BPU", "event_date": "2026-05-10", "member_since": "2025-11-01", '
    b'"months_paid": 5}'
)


def error(line: bytes) -> dict[str, object]:
    said = lines.answer("benefit", line)
    assert set(said) == {"error"}
    found = json.loads(json.dumps(said))["error"]
    assert found["faults"][0]["message"]["id"]
    assert found["faults"][0]["message"]["en"]
    return dict(found)


def test_it_answers_a_line_with_the_amount() -> None:
    said = lines.answer("benefit", STREET_CLEANER)
    assert (said["decision"], said["total"]) == ("granted", 42_000_000)
    assert len(str(said["hash"])) == 64


def test_it_answers_the_same_whatever_the_order_of_the_facts() -> None:
    facts = json.loads(STREET_CLEANER)
    turned = json.dumps(dict(reversed(facts.items()))).encode()
    assert lines.answer("benefit", turned) == lines.answer("benefit", STREET_CLEANER)


def test_it_reads_a_file_saved_with_a_byte_order_mark() -> None:
    assert lines.parsed(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"wage": ' + b"9" * 5000 + b"}", "not_json"),
        (b'{"wage": NaN}', "not_json"),
        (b'{"wage": Infinity}', "not_json"),
        (b'{"name": "\xff"}', "not_utf8"),
        (b'"' + b"x" * 1_000_001 + b'"', "too_long"),
        (b"[]", "not_an_object"),
        (b"42000000", "not_an_object"),
        (b'{"wage": 1, "wage": 2}', "written_twice"),
        (b"{}", "missing_fact"),
        (b'{"programm": "JKM"}', "unknown_field"),
    ],
)
def test_it_says_what_is_wrong_with_a_line(line: bytes, code: str) -> None:
    assert error(line)["code"] == code


@pytest.mark.parametrize("amount", [b"1000000.0", b"1e6", b"-1", b"1571016507900001", b'"1.000.000"'])
def test_it_never_takes_a_decimal_a_debt_or_a_nik_for_an_amount(amount: bytes) -> None:
    line = STREET_CLEANER[:-1] + b', "wage": ' + amount + b"}"
    assert error(line)["fields"] == ["wage"]


@pytest.mark.parametrize("name", ["event_date", "segment", "months_paid"])
def test_it_names_the_fact_that_is_left_out(name: str) -> None:
    facts = json.loads(STREET_CLEANER)
    del facts[name]
    assert error(json.dumps(facts).encode())["fields"] == [name]


def test_it_refuses_what_is_no_text_of_json() -> None:
    with pytest.raises(Unanswerable, match="tertulis dua kali"):
        lines.parsed(b'{"a": {"b": 1, "b": 2}}')
