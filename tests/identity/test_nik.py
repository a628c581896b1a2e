"""NIK: what is repaired, what is refused, what is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.identity import nik

SITI, BUDI = "1571015205740001", "1571010101740010"

wellformed = st.builds(
    lambda province, area, born, female, serial: (
        f"{province}{area:04d}{born.day + 40 * female:02d}{born:%m%y}{serial:04d}",
        born,
        "F" if female else "M",
    ),
    st.sampled_from(sorted(nik.PROVINCES)),
    st.integers(0, 9999),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.booleans(),
    st.integers(1, 9999),
)


@given(wellformed)
def test_a_number_built_from_parts_reads_back(made: tuple[str, date, str]) -> None:
    number, born, sex = made
    assert nik.problems(number) == ()
    read = nik.read(number)
    assert (read.number, read.sex, read.serial) == (number, sex, number[12:])
    assert (read.province, read.regency, read.district) == (number[:2], number[:4], number[:6])
    assert born in read.births
    assert {(birth.day, birth.month, birth.year % 100) for birth in read.births} == {
        (born.day, born.month, born.year % 100)
    }


@given(st.text(st.sampled_from("0123456789.eE+'-, \u200b\u00a0x"), max_size=25) | st.text())
def test_compacting_twice_changes_nothing_more(text: str) -> None:
    assert nik.compact(nik.compact(text)) == nik.compact(text)
    assert not nik.repaired(nik.compact(text))


@given(st.text(max_size=30), st.booleans())
def test_any_text_gets_an_answer(text: str, numeric: bool) -> None:
    wrong = nik.problems(text, numeric=numeric)
    assert all(code.startswith("nik.") for code in wrong)
    assert wrong or len(nik.compact(text)) == 16


@pytest.mark.parametrize(
    "written",
    [
        "'1571015205740001", "1571 0152 0574 0001", "15.71.01.520574.0001", "1571-0152-0574-0001", '"1571015205740001"',
        "1571015205740001\u200b", "\ufeff1571015205740001", "\u00a01571015205740001\n", "1571015205740001.0", "1571015205740001,0", "1571015205740001,00", "`1571015205740001",
    ],
)  # fmt: skip
def test_marks_around_the_digits_are_taken_off_and_the_repair_is_known(written: str) -> None:
    assert nik.compact(written) == SITI
    assert nik.problems(written) == ()
    assert nik.repaired(written)


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("", ("nik.missing",)),
        (" - ", ("nik.missing",)),
        ("belum ada", ("nik.not_digits",)),
        ("157101520574000O", ("nik.not_digits",)),
        ("١٥٧١٠١٥٢٠٥٧٤٠٠٠١", ("nik.not_digits",)),
        ("=1571015205740001", ("nik.not_digits",)),
        ("157101520574001", ("nik.length",)),
        ("157101520574001.0", ("nik.length",)),
        ("15710152057400011", ("nik.length",)),
        ("1.57101E+15", ("nik.scientific",)),
        ("1,57101E+15", ("nik.scientific",)),
        ("1.57101520574E15", ("nik.scientific",)),
        ("0071015205740001", ("nik.province_unknown",)),
        ("2271015205740001", ("nik.province_unknown",)),
        ("1571013202740001", ("nik.date_impossible",)),
        ("1571017102740001", ("nik.date_impossible",)),
        ("1571018102740001", ("nik.date_impossible",)),
        ("1571014001740001", ("nik.date_impossible",)),
        ("1571010013740001", ("nik.date_impossible",)),
        ("9971017102740001", ("nik.province_unknown", "nik.date_impossible")),
        ("1571015205740000", ("nik.serial_zero",)),
    ],
)
def test_a_broken_number_is_refused_with_its_reason(written: str, codes: tuple[str, ...]) -> None:
    assert nik.problems(written) == codes
    with pytest.raises(ValueError, match=codes[0]):
        nik.read(written)


def test_a_number_cell_that_ends_in_zero_may_have_lost_its_last_digit() -> None:
    assert nik.problems(BUDI) == ()
    assert nik.problems(BUDI, numeric=True) == ("nik.excel_rounded",)
    assert nik.problems(SITI, numeric=True) == ()
    assert nik.problems("1571013202740000", numeric=True) == ("nik.excel_rounded", "nik.date_impossible")


def test_both_centuries_are_given_where_both_exist() -> None:
    assert nik.read("1571016902040003").births == (date(1904, 2, 29), date(2004, 2, 29))
    assert nik.read("1571016902000003").births == (date(2000, 2, 29),), "1900 was no leap year"
    assert nik.read("1571010105050003").births == (date(1905, 5, 1), date(2005, 5, 1))


@pytest.mark.parametrize("province", ["54", "91", "92", "93", "94", "95", "96", "97"])
def test_provinces_of_the_past_and_of_papua_are_known(province: str) -> None:
    assert nik.problems(f"{province}71015205740001") == ()


def test_it_shows_neither_birth_date_nor_serial() -> None:
    assert nik.masked(SITI) == "157101••••••••01"
    assert nik.masked("") == ""
    assert set(nik.masked("15710152057")) == {"•"}
    assert set(nik.masked("1571015205740001 1571015205740001")) == {"•"}
