"""What an agreement that is over still asks for: the papers and the money of the months that nobody has paid."""

from datetime import date

import pytest

import world
from lindung.access.models import Role
from lindung.insight import today as insight
from lindung.law.months import Month
from lindung.membership import ending
from lindung.partnership import year_papers
from lindung.partnership.models import Agreement
from world import BUDI, SITI, City

TODAY = date(2026, 11, 22)


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    """Siti and Budi from December 2026; the DPA of 2027 is missing."""
    made = world.agreement(jambi, since=Month(2026, 12))
    world.enrol(jambi, made, SITI, BUDI, since=Month(2026, 12), registered_on=TODAY)
    with jambi.acting() as officer:
        dpa = made.year_papers.get(kind="dpa", year=2027)
        year_papers.withdraw_year_paper(year_paper_id=dpa.pk, reason="Salah", by=officer, now=world.at(TODAY))
    return made


def stopped(place: City, promised: Agreement, on: date) -> None:
    with place.acting(on=TODAY) as officer:
        ending.terminate(
            agreement_id=promised.pk, on=on, reason="Dana dialihkan", by=officer, now=world.at(TODAY)
        )


def gaps(place: City) -> list[str]:
    with place.acting(Role.FINANCE_OFFICER, on=TODAY):
        return [need.text.en for need in insight.today(on=TODAY).needs if need.kind == "year_gap"]


def test_the_year_that_is_still_owed_is_asked_for(jambi: City, rentan: Agreement) -> None:
    before = gaps(jambi)
    stopped(jambi, rentan, date(2027, 3, 1))
    assert gaps(jambi) == before != []


def test_a_year_in_which_it_owes_nothing_is_not(jambi: City, rentan: Agreement) -> None:
    stopped(jambi, rentan, date(2027, 1, 1))
    assert gaps(jambi) == []


def test_who_never_had_anybody_owes_nothing(jambi: City) -> None:
    made = world.agreement(jambi, since=Month(2026, 12))
    with jambi.acting() as officer:
        dpa = made.year_papers.get(kind="dpa", year=2027)
        year_papers.withdraw_year_paper(year_paper_id=dpa.pk, reason="Salah", by=officer, now=world.at(TODAY))
    assert len(gaps(jambi)) == 1
    stopped(jambi, made, date(2027, 3, 1))
    assert gaps(jambi) == []
