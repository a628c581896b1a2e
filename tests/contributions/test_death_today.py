"""What the heirs of Ibu Siti would get if she died on a day, not at work: waiting time, arrears, re-entry."""

from datetime import date

import pytest

import world
from contributions.conftest import Place
from contributions.histories import seen
from lindung.contributions.consequences import Consequence
from lindung.law.months import Month

pytestmark = pytest.mark.django_db

JUNE = Month(2025, 6)


def death(jambi: Place, on: date) -> Consequence | None:
    (work,) = seen(jambi, jambi.siti, on).works
    return next((step for step in work.next_steps if step.when.en.startswith("In case of death")), None)


def test_it_pays_the_funeral_only_in_the_first_three_months(jambi: Place) -> None:
    world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 7))
    said = death(jambi, date(2025, 7, 20))
    assert said is not None
    assert said.text.id.startswith("Santunan JKM Rp10.000.000.")
    assert "Permenaker 1/2025 (article not yet read)" in said.article.en


def test_it_pays_in_full_after_three_months_of_contributions_and_membership(jambi: Place) -> None:
    world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 8))
    said = death(jambi, date(2025, 8, 22))
    assert said is not None
    assert said.text.id.startswith("Santunan JKM Rp42.000.000.")


def test_it_holds_back_the_rest_while_months_are_unpaid(jambi: Place) -> None:
    """PP 44/2015 Pasal 42: the funeral at once, the rest once the arrears are settled."""
    world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 8))
    said = death(jambi, date(2025, 10, 20))
    assert said is not None
    assert "Rp42.000.000: Rp10.000.000 untuk pemakaman dibayar dulu, Rp32.000.000 setelah" in said.text.id
    assert "tunggakan 2 bulan" in said.text.id
    assert "PP 44/2015 Pasal 42" in said.article.id
    assert "PP 44/2015 Article 42" in said.article.en
    assert "Pasal" not in said.article.en


def test_it_counts_one_month_of_arrears_as_one_in_english(jambi: Place) -> None:
    world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 8))
    said = death(jambi, date(2025, 9, 20))
    assert said is not None
    assert "Rp32.000.000 after the arrears of 1 month are settled" in said.text.en


def test_it_starts_the_waiting_time_again_after_cover_had_lapsed(jambi: Place) -> None:
    """Four months unpaid end the cover; who comes back has one month, whatever was paid before."""
    world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 9))
    world.pay(jambi.city, jambi.agreement, Month(2026, 2))
    said = death(jambi, date(2026, 2, 12))
    assert said is not None
    assert said.text.id.startswith("Santunan JKM Rp10.000.000.")


def test_it_keeps_the_waiting_time_over_a_gap_that_the_law_forgives(jambi: Place) -> None:
    """Three months unpaid in a row are arrears, not the end."""
    world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 9))
    world.pay(jambi.city, jambi.agreement, Month(2026, 1))
    said = death(jambi, date(2026, 1, 12))
    assert said is not None
    assert said.text.id.startswith("Santunan JKM Rp42.000.000")


def test_it_says_nothing_once_the_cover_has_lapsed(jambi: Place) -> None:
    world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 8))
    assert death(jambi, date(2026, 3, 1)) is None
