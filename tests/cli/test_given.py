"""What people type: months, days, amounts and programmes."""

from datetime import date

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.cli.given import DAY, MONTH, PROGRAMMES, RUPIAH
from lindung.law.money import rupiah
from lindung.law.months import Month


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_it_reads_every_amount_as_it_is_shown(amount: int) -> None:
    assert RUPIAH.convert(rupiah(amount), None, None) == amount
    assert RUPIAH.convert(str(amount), None, None) == amount


@pytest.mark.parametrize(
    "typed", ["", "50,400", "50.40", "50400.00", "-1", "1e6", "٣", "1.0000", "Rp", "50 400"]
)
def test_it_refuses_an_amount_that_could_mean_two(typed: str) -> None:
    with pytest.raises(click.BadParameter):
        RUPIAH.convert(typed, None, None)


@given(st.dates())
def test_it_reads_every_day(day: date) -> None:
    assert DAY.convert(day.isoformat(), None, None) == day


@pytest.mark.parametrize(
    "typed", ["", "22-11-2026", "20261122", "2026-W47-7", "2026-02-30", "2026-11-22T08:00"]
)
def test_it_refuses_a_day_written_another_way(typed: str) -> None:
    with pytest.raises(click.BadParameter):
        DAY.convert(typed, None, None)


def test_it_reads_a_month_and_refuses_half_of_one() -> None:
    assert MONTH.convert("2026-11", None, None) == Month(2026, 11)
    for typed in ("2026-13", "2026-1", "11-2026", "2026", "next"):
        with pytest.raises(click.BadParameter):
            MONTH.convert(typed, None, None)


def test_it_reads_programmes_in_any_case_and_names_them_when_one_is_unknown() -> None:
    assert PROGRAMMES.convert("JKM, jkk", None, None) == ("jkm", "jkk")
    with pytest.raises(click.BadParameter, match="jkk, jkm, jht, jp, jkp"):
        PROGRAMMES.convert("jkk,jkn", None, None)
