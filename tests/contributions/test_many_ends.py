"""Until when many people are covered, together: the same days as the page of each says, whatever was paid or ended."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import employers
import world
from contributions.conftest import Place
from contributions.histories import seen
from contributions.test_many_standings import DAYS, HISTORIES, LASTING, MONTHS, History, live
from lindung.access.models import Role
from lindung.contributions.cover import CoverState
from lindung.contributions.many_ends import Ends, ends_of, named_ends
from lindung.contributions.many_standings import STATES
from lindung.law.months import Month
from lindung.ledger.models import Instruction
from lindung.membership.employment import EmployerUnit

JUNE = Month(2025, 6)


def ends(place: Place, person_id: int, on: date, role: Role = Role.CITY_OFFICER) -> Ends | None:
    """The days of one person, out of the list of all."""
    with place.city.acting(role, on=on):
        rows, _ = named_ends(on=on)
    return next((row.ends for row in rows if row.person_id == person_id), None)


def test_a_semester_paid_ahead_reaches_over_the_months_to_come(jambi: Place) -> None:
    """On 20 June all months until November are paid: the first unpaid one is December, the fourth is March."""
    for month in (JUNE.plus(offset) for offset in range(6)):
        world.pay(jambi.city, jambi.agreement, month, on=date(2025, 6, 10))
    found = ends(jambi, jambi.siti, date(2025, 6, 20))
    assert found is not None
    assert found.paid_until == Month(2025, 11)
    assert (found.at_risk_from, found.lapses_on) == (date(2025, 12, 16), date(2026, 3, 17))


def test_a_month_paid_beyond_a_gap_says_nothing_about_today(jambi: Place) -> None:
    for month in (JUNE, Month(2025, 8)):
        world.pay(jambi.city, jambi.agreement, month, on=date(2025, 6, 10))
    found = ends(jambi, jambi.siti, date(2025, 6, 20))
    assert found is not None
    assert found.paid_until == JUNE


def test_it_counts_each_person_once_and_nobody_who_was_never_paid_for(jambi: Place) -> None:
    other = world.agreement(jambi.city, "ojek")
    world.enrol(jambi.city, other, *world.crowd(3))
    world.pay(jambi.city, jambi.agreement, JUNE)
    on = date(2025, 6, 20)
    with jambi.city.acting(on=on):
        assert sum(people for _, people in ends_of(on=on)) == 2
        assert ends_of(on=on, agreement_id=other.pk) == []
    with jambi.city.acting(Role.KELURAHAN_OPERATOR, on=on):
        assert sum(people for _, people in ends_of(on=on)) == 1


@pytest.fixture
def settled(jambi: Place) -> Instruction:
    """The order by which the months of the histories are paid."""
    with jambi.city.acting():
        return world.settled_instruction(jambi.city)


@pytest.fixture
def office(jambi: Place) -> EmployerUnit:
    return employers.unit(jambi.city)


@settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(paid=HISTORIES, since=st.sampled_from(MONTHS[:4]), lasts=LASTING, day=DAYS)
def test_it_says_the_days_that_the_page_of_each_says(
    jambi: Place, settled: Instruction, paid: History, since: Month, lasts: int | None, day: date
) -> None:
    with transaction.atomic():
        live(jambi, jambi.agreement, settled, paid=paid, since=since, lasts=lasts)
        agrees(jambi, day)
        transaction.set_rollback(True)


@settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(paid=HISTORIES, since=st.sampled_from(MONTHS[:4]), lasts=LASTING, day=DAYS)
def test_it_says_the_same_of_wage_earners(
    jambi: Place,
    settled: Instruction,
    office: EmployerUnit,
    paid: History,
    since: Month,
    lasts: int | None,
    day: date,
) -> None:
    with transaction.atomic():
        live(jambi, office.agreement, settled, paid=paid, since=since, lasts=lasts)
        agrees(jambi, day)
        transaction.set_rollback(True)


def agrees(place: Place, day: date) -> None:
    """Of Ibu Siti's works only the second is ever paid for: its days are hers, while it lasts."""
    found = ends(place, place.siti, day)
    works = [
        work
        for work in seen(place, place.siti, day).works
        if work.state in (CoverState.PROTECTED, CoverState.AT_RISK, CoverState.LAPSED)
        and (work.until is None or work.until > day)
    ]
    if not works:
        assert found is None
        return
    (work,) = works
    assert found is not None
    assert STATES[found.standing] == work.state
    assert found.lapses_on == work.lapses_on
    if work.state is CoverState.PROTECTED:
        assert found.at_risk_from == work.at_risk_from
    elif found.at_risk_from is not None and work.at_risk_from is not None:
        assert work.at_risk_from <= found.at_risk_from  # a month left out earlier is not looked for
