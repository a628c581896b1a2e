"""A paper under billed months stays until the right one is there; one that nothing rests on goes at once."""

from datetime import date

import pytest

import world
from lindung.contributions import cancelling, resting
from lindung.contributions.cancelling import CancelReason
from lindung.law.months import Month
from lindung.partnership import year_papers
from lindung.partnership.models import Agreement, YearPaper
from world import SITI, City

JUNE = Month(2025, 6)
ON = date(2025, 8, 20)


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    """Its Perwal spans 2025 to 2027; June and July 2025 are billed."""
    made = world.agreement(jambi)
    world.enrol(jambi, made, SITI)
    world.pay(jambi, made, JUNE)
    world.bill(jambi, made, Month(2025, 7))
    return made


def paper(place: City, promised: Agreement, kind: str, year: int) -> YearPaper:
    with place.acting():
        return promised.year_papers.filter(kind=kind, year__lte=year, last_year__gte=year).latest("pk")


def withdrawn(place: City, which: YearPaper) -> YearPaper:
    with place.acting(on=ON) as officer:
        return resting.withdraw(year_paper_id=which.pk, reason="Salah", by=officer, now=world.at(ON))


def test_a_perwal_of_several_years_stays_under_the_months_billed_on_it(
    jambi: City, rentan: Agreement
) -> None:
    perwal = paper(jambi, rentan, "perwal", 2025)
    with pytest.raises(resting.MonthsRestOnIt) as caught:
        withdrawn(jambi, perwal)
    assert "Juni 2025 sampai Juli 2025" in caught.value.text.id
    assert "untuk tahun 2025;" in caught.value.text.id
    with jambi.acting():
        perwal.refresh_from_db()
    assert perwal.withdrawn_by_id is None


def test_once_the_right_one_is_recorded_the_wrong_one_goes(jambi: City, rentan: Agreement) -> None:
    wrong = paper(jambi, rentan, "perwal", 2025)
    with jambi.acting(on=ON) as officer:
        year_papers.record_year_paper(
            agreement_id=rentan.pk,
            kind="perwal",
            year=2025,
            number="PERWAL/9",
            signed_on=date(2025, 1, 5),
            by=officer,
            now=world.at(ON),
        )
    withdrawn(jambi, wrong)
    assert world.bill(jambi, rentan, Month(2025, 8)).people == 1


def test_a_year_without_a_bill_loses_its_paper(jambi: City, rentan: Agreement) -> None:
    assert withdrawn(jambi, paper(jambi, rentan, "sk", 2026)).withdrawn_by_id is not None


def test_a_cancelled_bill_rests_on_nothing(jambi: City) -> None:
    made = world.agreement(jambi)
    world.enrol(jambi, made, SITI)
    drawn = world.bill(jambi, made, JUNE)
    with jambi.acting(on=ON) as officer:
        cancelling.cancel(bill_id=drawn.pk, reason=CancelReason.MEMBERS, by=officer, now=world.at(ON))
    withdrawn(jambi, paper(jambi, made, "dpa", 2025))
