"""Facts typed by a stranger are read strictly: each fault names its field and says what to do."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from lindung.law.months import Month
from lindung.law.questions.fields import GREATEST_AMOUNT, Given, Unanswerable
from lindung.law.terms import Programme

NIK = 1571016507900001


def fault(given: Given, method: str, name: str) -> tuple[str, str]:
    """The field and the code of the only fault."""
    with pytest.raises(Unanswerable) as raised:
        getattr(given, method)(name)
    (one,) = raised.value.faults
    assert one.field in one.message.id
    assert one.field in one.message.en
    return one.field, one.code


def test_it_reads_what_is_written_as_it_should_be() -> None:
    given = Given(
        {
            "wage": 3_000_000, "on": "2026-11-22", "month": "2026-11", "has_heirs": False, "months_paid": 5,
            "programme": "JKM", "programmes": ["JKK", "jkm", "JKK"], "rate": "7/100", "name": "Siti Aminah",
        }
    )  # fmt: skip
    assert given.amount("wage") == 3_000_000
    assert given.day("on") == date(2026, 11, 22)
    assert given.month("month") == Month(2026, 11)
    assert given.flag("has_heirs") is False
    assert given.count("months_paid") == 5
    assert given.word("programme", Programme) is Programme.JKM
    assert given.words("programmes", Programme) == (Programme.JKK, Programme.JKM)
    assert given.fraction("rate") == Fraction(7, 100)
    assert given.text("name") == "Siti Aminah"


def test_it_takes_the_default_of_a_fact_that_is_absent_or_null() -> None:
    given = Given({"months_in_arrears": None})
    assert given.count("months_in_arrears", 0) == 0
    assert given.flag("has_heirs", True) is True
    assert given.day("on", date(2026, 1, 1)) == date(2026, 1, 1)
    assert given.entries("children") == ()
    assert "months_in_arrears" not in given


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (NIK, "too_large"),
        (-1, "not_an_amount"),
        (Decimal("1000000.0"), "not_an_amount"),
        (1000000.0, "not_an_amount"),
        ("1000000", "not_an_amount"),
        (True, "not_an_amount"),
        ([1], "not_an_amount"),
        (None, "missing_fact"),
    ],
)
def test_it_takes_nothing_but_whole_rupiah_for_an_amount(wrong: object, code: str) -> None:
    assert fault(Given({"wage": wrong}), "amount", "wage") == ("wage", code)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("2026-02-30", "impossible_date"),
        ("2026-13-01", "impossible_date"),
        ("22-11-2026", "not_a_date"),
        ("20261122", "not_a_date"),
        ("0001-01-01", "not_a_date"),
        ("9999-12-31", "not_a_date"),
        ("２０２６-11-22", "not_a_date"),
        (20261122, "not_a_date"),
        ("", "not_a_date"),
    ],
)
def test_it_takes_nothing_but_a_day_of_the_calendar_for_a_date(wrong: object, code: str) -> None:
    assert fault(Given({"event_date": wrong}), "day", "event_date") == ("event_date", code)


@pytest.mark.parametrize(
    ("method", "wrong", "code"),
    [
        ("month", "2026-13", "not_a_month"),
        ("month", "9999-12", "not_a_month"),
        ("count", -1, "not_a_count"),
        ("count", 1201, "not_a_count"),
        ("count", True, "not_a_count"),
        ("flag", 1, "not_a_flag"),
        ("flag", "true", "not_a_flag"),
        ("fraction", "7/0", "not_a_fraction"),
        ("fraction", "8/7", "not_a_fraction"),
        ("fraction", "0.07", "not_a_fraction"),
        ("fraction", 7, "not_a_fraction"),
        ("text", " ", "not_a_text"),
        ("entries", {"birth_date": "2018-01-01"}, "not_a_list"),
        ("entries", ["2018-01-01"], "not_a_list"),
        ("entries", [{}] * 1001, "too_many"),
        ("within", [], "not_an_object"),
    ],
)
def test_it_names_the_field_whatever_is_wrong(method: str, wrong: object, code: str) -> None:
    assert fault(Given({"fact": wrong}), method, "fact") == ("fact", code)


def test_it_lists_the_words_to_choose_from() -> None:
    with pytest.raises(Unanswerable, match="jkk, jkm, jht, jp, jkp"):
        Given({"programme": "JKN"}).word("programme", Programme)
    with pytest.raises(Unanswerable, match="programmes"):
        Given({"programmes": []}).words("programmes", Programme)


def test_it_names_all_missing_and_all_unknown_fields_at_once() -> None:
    given = Given({"programme": "JKM", "moth": 3, "evnt_date": "2026-01-01"})
    with pytest.raises(Unanswerable) as missing:
        given.require("programme", "event_date", "months_paid")
    assert [fault.field for fault in missing.value.faults] == ["event_date", "months_paid"]
    with pytest.raises(Unanswerable) as unknown:
        given.only("programme", "event_date")
    assert [fault.field for fault in unknown.value.faults] == ["moth", "evnt_date"]
    assert "event_date, programme" in unknown.value.faults[0].message.id


def test_it_names_the_path_of_a_fact_within_another() -> None:
    given = Given({"children": [{"birth_date": "2015-05-05"}, {"birth_date": "2015-02-30"}]})
    _, second = given.entries("children", "birth_date")
    assert fault(second, "day", "birth_date") == ("children[1].birth_date", "impossible_date")
    with pytest.raises(Unanswerable) as unknown:
        Given({"children": [{"nik": NIK}]}).entries("children", "birth_date")
    assert unknown.value.faults[0].field == "children[0].nik"
    inner = Given({"inflation": {"2015": "8/7"}}).within("inflation")
    assert fault(inner, "fraction", "2015") == ("inflation.2015", "not_a_fraction")


@settings(max_examples=10)
@over(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20), st.lists, max_leaves=3))
def test_it_gives_a_number_or_a_named_fault_whatever_is_typed(typed: object) -> None:
    given = Given({"wage": typed})
    if type(typed) is int and 0 <= typed <= GREATEST_AMOUNT:
        assert given.amount("wage") == typed
    else:
        assert fault(given, "amount", "wage")[0] == "wage"
