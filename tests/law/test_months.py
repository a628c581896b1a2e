"""Months, half-open periods, ages."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.months import (
    Month,
    NotAMonth,
    Period,
    age_on,
    birthday,
    day_label,
    duration,
    months_from,
    months_later,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
MONTHS = st.builds(Month.of, DAYS)


def test_it_reads_and_writes_a_month() -> None:
    november = Month.parse("2026-11")
    assert november == Month(2026, 11)
    assert str(november) == "2026-11"
    assert november.label == ("November 2026", "November 2026")
    assert Month(2026, 8).label == ("Agustus 2026", "August 2026")


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-00", "2026-1", "26-11", "0000-11", "2026/11", "٢٠٢٦-١١", "2026-11-01"],
)
def test_it_refuses_what_is_not_a_month(text: str) -> None:
    with pytest.raises(NotAMonth, match="2026-11"):
        Month.parse(text)


@settings(max_examples=25)
@given(MONTHS)
def test_it_is_half_open(month: Month) -> None:
    assert month.contains(month.first_day())
    assert month.contains(month.last_day())
    assert not month.contains(month.end())
    assert month.end() == month.next().first_day() == month.last_day() + timedelta(days=1)
    assert Month.parse(str(month)) == month


@settings(max_examples=25)
@given(MONTHS, st.integers(-600, 600))
def test_it_counts_months_forth_and_back(month: Month, count: int) -> None:
    assert month.plus(count).plus(-count) == month
    assert month.months_until(month.plus(count)) == count
    assert (month.plus(count) > month) == (count > 0)


def test_it_walks_from_month_to_month() -> None:
    walked = list(months_from(Month(2025, 11), Month(2026, 2)))
    assert walked == [Month(2025, 11), Month(2025, 12), Month(2026, 1), Month(2026, 2)]
    assert list(months_from(Month(2026, 2), Month(2026, 1))) == []


@settings(max_examples=25)
@given(DAYS, DAYS)
def test_it_ages_on_the_birthday(birth: date, on: date) -> None:
    age = age_on(birth, on)
    assert birthday(birth, age) <= on < birthday(birth, age + 1)


def test_it_lets_a_leap_day_child_age_on_the_first_of_march() -> None:
    born = date(2012, 2, 29)
    assert age_on(born, date(2025, 2, 28)) == 12
    assert age_on(born, date(2025, 3, 1)) == 13
    assert birthday(born, 12) == date(2024, 2, 29)


def test_it_ends_months_later_on_the_last_day_where_there_is_no_such_day() -> None:
    assert months_later(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert months_later(date(2025, 5, 22), 3) == date(2025, 8, 22)


def test_it_holds_a_period_up_to_its_end() -> None:
    period = Period(date(2025, 6, 1), date(2025, 7, 1))
    assert period.contains(date(2025, 6, 1))
    assert period.contains(date(2025, 6, 30))
    assert not period.contains(date(2025, 7, 1))
    assert Period(date(2025, 6, 1)).contains(date(2099, 1, 1))


PERIODS = st.builds(
    Period,
    st.dates(date(2025, 1, 1), date(2025, 2, 28)),
    st.none() | st.dates(date(2025, 1, 1), date(2025, 2, 28)),
)


@settings(max_examples=25)
@given(PERIODS, PERIODS)
def test_it_overlaps_exactly_when_a_day_is_shared(one: Period, other: Period) -> None:
    days = [date(2025, 1, 1) + timedelta(days=count) for count in range(70)]
    shared = any(one.contains(day) and other.contains(day) for day in days)
    assert one.overlaps(other) == other.overlaps(one) == shared


def test_it_says_a_day() -> None:
    assert day_label(date(2019, 12, 2)) == ("2 Desember 2019", "2 December 2019")


@pytest.mark.parametrize(
    ("count", "indonesian", "english"),
    [(0, "0 bulan", "0 months"), (1, "1 bulan", "1 month"), (3, "3 bulan", "3 months")],
)
def test_it_says_how_long_so_many_months_are(count: int, indonesian: str, english: str) -> None:
    assert duration(count) == (indonesian, english)
