"""How pages take what is sent: read as people write, refused in words, carried out once."""

import datetime

import pytest
from django import forms

from lindung.law.months import Month
from lindung.web.fields import Day, Faulty, MonthChoice, Rupiah, Words


@pytest.mark.parametrize("typed", ["1250000", "1.250.000", "Rp 1.250.000", "rp1.250.000,00", "1 250 000"])
def test_it_reads_rupiah_as_people_write_them(typed: str) -> None:
    assert Rupiah().clean(typed) == 1_250_000


@pytest.mark.parametrize("typed", ["1.250,50", "1,250,000", "12.50", "-5", "1e6", "NaN", "9" * 40, "1.2500"])
def test_it_takes_nothing_else_for_money(typed: str) -> None:
    with pytest.raises(Faulty):
        Rupiah().clean(typed)


@pytest.mark.parametrize("typed", ["2026-12-31", "31-12-2026", "31/12/2026", "31.12.2026"])
def test_it_reads_a_day(typed: str) -> None:
    assert Day().clean(typed) == datetime.date(2026, 12, 31)


@pytest.mark.parametrize("typed", ["31-02-2026", "2026-13-01", "kemarin", "01-01-0001"])
def test_it_refuses_a_day_that_is_none(typed: str) -> None:
    with pytest.raises(Faulty):
        Day().clean(typed)


@pytest.mark.parametrize("typed", ["2026-12", "12-2026", "12/2026"])
def test_it_reads_a_month(typed: str) -> None:
    assert MonthChoice().clean(typed) == Month(2026, 12)


@pytest.mark.parametrize("field", [Rupiah, Day, MonthChoice, Words])
def test_it_asks_for_what_is_required(field: type[forms.Field]) -> None:
    with pytest.raises(forms.ValidationError):
        field().clean("")


def test_it_takes_no_sign_that_nobody_sees() -> None:
    with pytest.raises(Faulty):
        Words().clean("Siti\x00Aminah")
