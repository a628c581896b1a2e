"""People who stand twice in one list: once more, under one number with somebody else, or under two numbers."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.membership import duplicates
from lindung.membership.judging import Judged
from lindung.membership.models import Verdict
from membership.rows import BUDI, SITI, STRANGER, judge

NIK, NAME = 2, 1


def marked(*rows: dict[str, str]) -> list[Judged]:
    """The rows judged from line 7 on, with doubles marked."""
    judged = [judge(row, line=line) for line, row in enumerate(rows, start=7)]
    return duplicates.marked(judged, nik_column=NIK, name_column=NAME)


def told(*rows: dict[str, str]) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """The verdict of each row, and what the comparison with the others has added: code and line."""
    return [
        (
            row.verdict,
            tuple((code, lines) for _, code, lines in row.problems if code.startswith("duplicate.")),
        )
        for row in marked(*rows)
    ]


READY = ("ready", ())
SAME_NIK = {"NIK": SITI["NIK"]}


def test_it_leaves_people_alone_who_stand_there_once() -> None:
    assert told(SITI, BUDI, STRANGER) == [READY] * 3


@pytest.mark.parametrize(
    "again",
    [
        SITI,
        SITI | {"NIK": "'1571085205749001"},
        SITI | {"Nama": "Hj. SITI AMINAH, S.Pd"},
        SITI | {"Nama": "Siti Aminah binti Ahmad"},
        SITI | {"Nama": "Siti Aminnah"},
        SITI | {"Kelurahan": "Legok", "Pekerjaan": "Penjahit"},
    ],
)
def test_the_same_person_again_is_refused_and_the_first_row_stays(again: dict[str, str]) -> None:
    assert told(SITI, BUDI, again) == [READY, READY, ("refused", (("duplicate.in_file", "7"),))]


def test_three_rows_of_one_person_leave_one() -> None:
    assert told(SITI, SITI, BUDI, SITI) == [
        READY,
        ("refused", (("duplicate.in_file", "7"),)),
        READY,
        ("refused", (("duplicate.in_file", "7"),)),
    ]


def test_the_first_row_that_is_ready_stays_even_if_it_is_not_the_first() -> None:
    without_kelurahan, without_birth = SITI | {"Kelurahan": ""}, SITI | {"Tgl Lahir": "31-02-1974"}
    for broken in (without_kelurahan, without_birth):
        assert told(broken, SITI, SITI) == [
            ("refused", (("duplicate.in_file", "8"),)),
            READY,
            ("refused", (("duplicate.in_file", "8"),)),
        ]


def test_rows_of_one_person_of_which_none_is_ready_keep_their_own_faults() -> None:
    broken = SITI | {"Kelurahan": ""}
    assert told(broken, broken) == [("to_fix", ()), ("to_fix", ())]


def test_two_people_under_one_nik_are_both_to_be_fixed() -> None:
    clash = BUDI | SAME_NIK
    assert told(SITI, clash) == [
        ("to_fix", (("duplicate.conflict", "8"),)),
        ("to_fix", (("duplicate.conflict", "7"),)),
    ]


def test_one_name_with_two_birth_dates_under_one_nik_is_for_somebody_to_look_at() -> None:
    assert [verdict for verdict, _ in told(SITI, SITI | {"Tgl Lahir": "12-05-1975"})] == ["to_fix", "to_fix"]


def test_three_people_under_one_nik_name_each_other() -> None:
    first, *others = told(SITI, BUDI | SAME_NIK, STRANGER | SAME_NIK)
    assert first == ("to_fix", (("duplicate.conflict", "8, 9"),))
    assert others == [("to_fix", (("duplicate.conflict", "7"),))] * 2


def test_a_double_beside_a_stranger_under_one_nik_leaves_nobody_ready() -> None:
    """Whose number it is nobody can tell, however the three rows follow each other."""
    for order in permutations((SITI, SITI, BUDI | SAME_NIK)):
        assert Verdict.READY not in [verdict for verdict, _ in told(*order)]


def test_a_stranger_whose_row_is_not_ready_still_casts_doubt_on_the_number() -> None:
    first, second = told(SITI, BUDI | SAME_NIK | {"Kelurahan": ""})
    assert first == ("to_fix", (("duplicate.conflict", "8"),))
    assert second[1] == (("duplicate.conflict", "7"),)


def test_a_row_without_a_name_is_not_taken_for_the_same_person() -> None:
    assert [verdict for verdict, _ in told(SITI, SITI | {"Nama": ""})] == ["to_fix", "to_fix"]


def test_two_numbers_of_seemingly_one_person_hold_up_the_later_row() -> None:
    other_number = SITI | {"NIK": "1571085205749002", "Nama": "SITI AMINAH"}
    assert told(SITI, other_number, other_number | {"NIK": "1571085205749003"}) == [
        READY,
        ("to_fix", (("duplicate.likely", "7"),)),
        ("to_fix", (("duplicate.likely", "7"),)),
    ]


def test_twins_of_another_name_kelurahan_or_day_are_nobody_s_double() -> None:
    twin = SITI | {"NIK": "1571085205749002"}
    for difference in ({"Nama": "Siti Khadijah"}, {"Kelurahan": "Legok"}, {"Tgl Lahir": "13-05-1974"}):
        assert told(SITI, twin | difference) == [READY, READY]


def test_a_row_that_is_to_be_fixed_holds_up_no_namesake() -> None:
    assert told(SITI | {"NIK": ""}, SITI)[1] == READY


def test_incomplete_numbers_are_compared_with_nobody() -> None:
    assert told(SITI | {"NIK": "15710852"}, SITI | {"NIK": "15710852"}) == [("to_fix", ()), ("to_fix", ())]


PEOPLE = st.sampled_from(
    [
        SITI,
        BUDI,
        STRANGER,
        BUDI | SAME_NIK,
        STRANGER | SAME_NIK,
        SITI | {"NIK": "1571085205749002"},
        SITI | {"Kelurahan": ""},
        SITI | {"Tgl Lahir": ""},
        {},
        {"Nama": "JUMLAH"},
    ]
)


@given(st.lists(PEOPLE, max_size=12))
def test_no_row_is_lost_and_no_number_is_ready_twice(rows: list[dict[str, str]]) -> None:
    found = marked(*rows)
    assert [row.line for row in found] == list(range(7, 7 + len(rows)))
    ready = [row.facts.nik for row in found if row.verdict == Verdict.READY and row.facts]
    assert len(ready) == len(set(ready))
    for before, after in zip(
        [judge(row, line=line) for line, row in enumerate(rows, start=7)], found, strict=True
    ):
        assert after.problems[: len(before.problems)] == before.problems, "nothing found before is forgotten"
        assert (after.cells, after.facts) == (before.cells, before.facts)


@given(st.lists(PEOPLE, max_size=8))
def test_a_problem_points_at_another_line_of_the_same_list(rows: list[dict[str, str]]) -> None:
    for row in marked(*rows):
        for _, code, lines in row.problems:
            if code.startswith("duplicate."):
                assert {int(line) for line in lines.split(", ")} < set(range(7, 7 + len(rows)))
                assert str(row.line) not in lines.split(", ")
