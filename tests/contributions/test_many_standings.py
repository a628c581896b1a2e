"""How many people stand together: the same answer as for each alone, whatever was paid, skipped or ended."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import employers
import world
from contributions.conftest import Place
from contributions.histories import member, months_paid, seen
from lindung.access.models import Role
from lindung.contributions import reversing
from lindung.contributions.cover import CoverState
from lindung.contributions.many_standings import ENDED, STATES, standing_of_members
from lindung.contributions.models import Payment
from lindung.law.months import Month, months_from
from lindung.ledger.models import Instruction
from lindung.membership.employment import EmployerUnit
from lindung.partnership.models import Agreement

JUNE = Month(2025, 6)
MONTHS = list(months_from(JUNE, Month(2026, 6)))


def standings(place: Place, on: date, role: Role = Role.CITY_OFFICER) -> dict[int, int]:
    """The standing of each person in sight, as the database computes it."""
    with place.city.acting(role, on=on), connection.cursor() as cursor:
        asked = standing_of_members(on=on)
        query = f"WITH {asked.tables} SELECT person_id, min(standing) FROM standing GROUP BY 1"
        cursor.execute(query, asked.values)
        return dict(cursor.fetchall())


def alone(place: Place, person_id: int, on: date) -> int:
    """The same, from the page of the person; what is over stands apart here."""
    state = seen(place, person_id, on).state
    return STATES.index(state) if state in STATES else ENDED


def test_it_follows_a_city_that_pays_late_and_then_not_at_all(jambi: Place) -> None:
    world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 8))
    days = [date(2025, 6, 1), date(2025, 9, 15), date(2025, 9, 16), date(2025, 12, 15), date(2025, 12, 17)]
    found = [STATES[standings(jambi, day)[jambi.siti]] for day in days]
    assert found == [
        CoverState.PROPOSED,
        CoverState.PROTECTED,
        CoverState.AT_RISK,
        CoverState.AT_RISK,
        CoverState.LAPSED,
    ]


def test_it_remembers_a_month_that_was_skipped(jambi: Place) -> None:
    """September was never paid: also in December somebody owes it."""
    for month in (JUNE, Month(2025, 7), Month(2025, 8), Month(2025, 10), Month(2025, 11), Month(2025, 12)):
        world.pay(jambi.city, jambi.agreement, month)
    on = date(2025, 12, 20)
    assert STATES[standings(jambi, on)[jambi.siti]] == CoverState.AT_RISK
    assert alone(jambi, jambi.siti, on) == standings(jambi, on)[jambi.siti]


def test_money_that_went_back_settles_no_month(jambi: Place) -> None:
    """July, paid on the tenth, went back in August and was paid anew at Christmas: in September it was owed."""
    july = Month(2025, 7)
    world.pay_months(jambi.city, jambi.agreement, JUNE, july)
    back = world.at(date(2025, 8, 20))
    with jambi.city.acting() as officer:
        payment = Payment.objects.latest("pk")
        reversing.ask(payment_id=payment.pk, reason="dikembalikan bank", by=officer, now=back)
    with jambi.city.acting(Role.FINANCE_OFFICER) as treasurer:
        reversing.reverse(payment_id=payment.pk, by=treasurer, now=back)
    world.pay(jambi.city, jambi.agreement, july.next())
    bill = world.bill(jambi.city, jambi.agreement, july)
    order = world.order(jambi.city, bill, on=date(2025, 12, 25), number="SP2D/lagi")
    world.confirm(jambi.city, bill, order)
    on = date(2025, 9, 1)
    assert STATES[standings(jambi, on)[jambi.siti]] == CoverState.AT_RISK
    assert alone(jambi, jambi.siti, on) == standings(jambi, on)[jambi.siti]


def test_it_forgets_a_gap_that_ended_the_cover(jambi: Place) -> None:
    for month in (JUNE, Month(2025, 12), Month(2026, 1)):
        world.pay(jambi.city, jambi.agreement, month)
    on = date(2026, 1, 20)
    assert STATES[standings(jambi, on)[jambi.siti]] == CoverState.PROTECTED
    assert alone(jambi, jambi.siti, on) == standings(jambi, on)[jambi.siti]


def test_it_shows_an_operator_his_kelurahan_and_another_city_nobody(jambi: Place) -> None:
    world.pay(jambi.city, jambi.agreement, JUNE)
    on = date(2025, 6, 20)
    assert set(standings(jambi, on)) == {jambi.siti, jambi.budi}
    assert set(standings(jambi, on, Role.KELURAHAN_OPERATOR)) == {jambi.siti}
    bungo = Place(world.city("bungo", branch=jambi.city.branch), jambi.agreement, 0, 0)
    assert standings(bungo, on) == {}


def test_arrears_put_a_wage_earner_at_risk_and_never_end_the_cover(jambi: Place) -> None:
    """June is due on 15 July, July on 15 August; Ibu Siti's sweeping is never paid for, her job at the office is."""
    unit = employers.unit(jambi.city)
    employers.employ(jambi.city, unit, world.STRANGER)
    with jambi.city.acting():
        stranger = world.person_id(world.STRANGER)
    days = [date(2025, 7, 1), date(2025, 8, 15), date(2025, 8, 16), date(2026, 6, 30), date(2028, 1, 1)]
    assert {standings(jambi, day)[stranger] for day in days} == {STATES.index(CoverState.PROPOSED)}
    world.pay(jambi.city, unit.agreement, JUNE)
    found = [STATES[standings(jambi, day)[stranger]] for day in days]
    assert found == [CoverState.PROTECTED] * 2 + [CoverState.AT_RISK] * 3
    assert found == [seen(jambi, stranger, day).state for day in days]


def test_a_joining_that_was_taken_back_is_no_membership(jambi: Place) -> None:
    """Also before the month in which it would have begun."""
    july = Month(2025, 7).first_day()
    unit = employers.unit(jambi.city)
    taken_back = member(jambi, unit.agreement, jambi.siti, since=july, until=july, occupation="cleaner")
    with jambi.city.acting(), connection.cursor() as cursor:
        for on in (date(2025, 6, 20), date(2025, 7, 20)):
            asked = standing_of_members(on=on)
            cursor.execute(f"WITH {asked.tables} SELECT id FROM standing", asked.values)
            assert taken_back.pk not in {found for (found,) in cursor.fetchall()}


HISTORIES = st.dictionaries(
    st.sampled_from(MONTHS),
    st.tuples(st.integers(min_value=0, max_value=40), st.sampled_from(((), ("jkk",), ("jkk", "jkm")))),
    max_size=len(MONTHS),
)
"""Which months are paid, how many days after the first of the month the money came, and for what: () is everything."""
LASTING = st.none() | st.integers(min_value=0, max_value=12)
"""For how many months somebody stays; 0 is a joining that was taken back."""
DAYS = st.dates(date(2025, 6, 1), date(2026, 9, 30))
History = dict[Month, tuple[int, tuple[str, ...]]]


@pytest.fixture
def settled(jambi: Place) -> Instruction:
    """The order by which the months of the histories are paid."""
    with jambi.city.acting():
        return world.settled_instruction(jambi.city)


@pytest.fixture
def office(jambi: Place) -> EmployerUnit:
    return employers.unit(jambi.city)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paid=HISTORIES, since=st.sampled_from(MONTHS[:4]), lasts=LASTING, day=DAYS)
def test_it_says_of_everybody_what_is_said_of_each(
    jambi: Place, settled: Instruction, paid: History, since: Month, lasts: int | None, day: date
) -> None:
    with transaction.atomic():
        live(jambi, jambi.agreement, settled, paid=paid, since=since, lasts=lasts)
        assert standings(jambi, day)[jambi.siti] == best_alone(jambi, day)
        transaction.set_rollback(True)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        assert standings(jambi, day)[jambi.siti] == best_alone(jambi, day)
        transaction.set_rollback(True)


def live(
    place: Place, promised: Agreement, by: Instruction, *, paid: History, since: Month, lasts: int | None
) -> None:
    """A second work of Ibu Siti's, with the months that were paid for it."""
    until = None if lasts is None else since.plus(lasts).first_day()
    work = member(place, promised, place.siti, since=since.first_day(), until=until)
    for month, (late, programmes) in paid.items():
        on = month.first_day() + timedelta(days=late)
        months_paid(place, work, {month: on}, by=by, programmes=programmes)


def best_alone(place: Place, on: date) -> int:
    """Of her two works the sweeping is never paid for, so the other one decides unless it is over."""
    ranks = []
    for work in seen(place, place.siti, on).works:
        over = work.state == CoverState.NEVER or (work.until is not None and work.until <= on)
        ranks.append(ENDED if over else STATES.index(work.state))
    return min(ranks)
