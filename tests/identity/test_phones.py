"""Phone numbers: one form, or an honest no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.identity import phones


@pytest.mark.parametrize(
    "written",
    [
        "081274012345", "0812-7401-2345", "+62 812 7401 2345", "62812 7401 2345", "6281274012345", "81274012345",
        "0062 81274012345", "+62 (0)812-7401-2345", "0812.7401.2345", "'081274012345", "81274012345.0",
        "081274012345 / 085266001122", "081274012345, 0852", "081274012345 atau 0741 12345", "\u202a+6281274012345\u202c",
    ],
)  # fmt: skip
def test_it_reads_a_mobile_number_however_it_is_written(written: str) -> None:
    assert phones.clean(written) == "+6281274012345"
    assert phones.problems(written) == ()


def test_it_reads_a_fixed_line_with_its_area() -> None:
    assert phones.clean("(0741) 123456") == phones.clean("+62741123456") == "+62741123456"


@pytest.mark.parametrize(
    "written",
    [
        "belum ada",
        "0812",
        "8.12E+11",
        "081274012345678901",
        "+6012345678",
        "112",
        "0112345678",
        "=0812",
        "tidak",
    ],
)
def test_what_cannot_be_called_is_refused(written: str) -> None:
    assert phones.clean(written) is None
    assert phones.problems(written) == ("phone.unreadable",)


@pytest.mark.parametrize("written", ["", "  ", "-", "0"])
def test_no_phone_is_no_problem(written: str) -> None:
    assert phones.clean(written) is None
    assert phones.problems(written) == ()


@given(st.text(max_size=25) | st.from_regex(r"\A(\+?62|0|)[ -]?[2-9][0-9 .\-]{5,14}\Z"))
def test_reading_twice_changes_nothing_more(text: str) -> None:
    number = phones.clean(text)
    if number is not None:
        assert number.startswith("+62")
        assert phones.clean(number) == number
