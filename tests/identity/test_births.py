"""Birth dates and places in the forms that offices send."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.identity import births

TODAY = date(2026, 11, 22)
SITI = date(1974, 5, 12)
MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]


@pytest.mark.parametrize(
    "written",
    [
        "12-05-1974", "12/05/1974", "12.05.1974", "1974-05-12", "1974/05/12", "12/5/1974", "12-05-74", "12.05.74",
        "12 Mei 1974", "12 May 1974", "12-Mei-1974", "12 MEI 74", "12 Mei, 1974", "12Mei1974", "1974-05-12T00:00:00",
        "1974-05-12 00:00:00", "12/05/1974 00:00", "12 - 05 - 1974", "12 05 1974", "12051974", "19740512", "'12-05-1974",
        "\u200b12-05-1974", "1974-05-12T10:30:00+07:00",
    ],
)  # fmt: skip
def test_it_reads_every_order_that_offices_use(written: str) -> None:
    assert births.read(written, on=TODAY) == births.Birth(None, SITI)
    assert births.problems(written, on=TODAY) == ()


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Jambi, 12-05-1974", "Jambi"), ("JAMBI,12/05/1974", "JAMBI"), ("Jambi 12 Mei 1974", "Jambi"),
        ("Muara Bulian, 12-05-1974", "Muara Bulian"), ("Jambi / 12-05-1974", "Jambi"), ("Jambi, tgl 12-05-1974", "Jambi, tgl"),
        ("Kuala Tungkal.12-05-1974", "Kuala Tungkal"), ("Jambi-12-05-1974", "Jambi"), ("Lahir: Jambi, 12-05-1974", "Jambi"),
    ],
)  # fmt: skip
def test_it_parts_place_and_date_in_one_cell(written: str, place: str) -> None:
    assert births.read(written, on=TODAY) == births.Birth(place, SITI)


@given(st.dates(date(1927, 1, 1), TODAY))
def test_every_date_reads_back_from_every_order(born: date) -> None:
    orders = [
        f"{born:%d-%m-%Y}", f"{born:%d/%m/%Y}", born.isoformat(), f"{born.day} {MONTHS[born.month - 1]} {born.year}",
        f"Jambi, {born:%d-%m-%Y}", f"{born:%d.%m.%Y}", f"{born:%d%m%Y}",
    ]  # fmt: skip
    assert {births.read(order, on=TODAY).date for order in orders} == {born}


@given(st.dates(date(1900, 3, 1), date(2026, 11, 22)))
def test_an_excel_serial_is_the_day_it_counts(born: date) -> None:
    serial = (born - date(1899, 12, 30)).days
    assert births.read(str(serial), on=TODAY, numeric=True).date == born
    assert births.read(f"{serial}.5", on=TODAY, numeric=True).date == born


def test_a_serial_as_text_is_not_a_date() -> None:
    assert births.problems("27161", on=TODAY) == ("birth.unreadable",)


def test_a_number_that_lost_its_first_zero_is_read() -> None:
    assert births.read("5121974", on=TODAY, numeric=True).date == date(1974, 12, 5)


@pytest.mark.parametrize(
    ("year", "read"),
    [("74", 1974), ("27", 1927), ("10", 2010), ("13", 2013), ("14", None), ("20", None), ("26", None)],
)
def test_two_digits_of_a_year_mean_an_age_at_which_people_work(year: str, read: int | None) -> None:
    found = births.read(f"12-05-{year}", on=TODAY).date
    assert (found.year if found else None) == read


@pytest.mark.parametrize("written", ["05-23-1974", "31-02-1974", "00-00-1960", "12-13-1974", "1974", "Mei 1974", "12 Foo 1974", "112-05-1974",
    "12-05-0974", "Jambi", "tidak tahu", "12-05-19740", "=12-05-1974x", "1571015205740001"])  # fmt: skip
def test_what_is_no_date_is_never_guessed(written: str) -> None:
    assert births.read(written, on=TODAY).date is None
    assert births.problems(written, on=TODAY) == ("birth.unreadable",)


@pytest.mark.parametrize("written", ["", "  ", "-", "--"])
def test_an_empty_cell_is_missing(written: str) -> None:
    assert births.problems(written, on=TODAY) == ("birth.missing",)


def test_a_day_that_has_not_come_is_in_the_future() -> None:
    assert births.problems("23-11-2026", on=TODAY) == ("birth.in_future",)
    assert births.problems("22-11-2026", on=TODAY) == ()


def test_a_place_alone_is_kept() -> None:
    assert births.read("Jambi", on=TODAY) == births.Birth("Jambi", None)


@given(st.text(max_size=40), st.booleans())
def test_any_text_gets_an_answer(text: str, numeric: bool) -> None:
    assert births.problems(text, on=TODAY, numeric=numeric) in (
        (),
        ("birth.missing",),
        ("birth.unreadable",),
        ("birth.in_future",),
    )


@pytest.mark.parametrize("written", ["12-05-1899", "1880-01-01", "Jambi, 3 Mei 1745"])
def test_a_year_in_which_nobody_alive_was_born_is_said_to_be_that(written: str) -> None:
    assert births.problems(written, on=TODAY) == ("birth.long_ago",)
