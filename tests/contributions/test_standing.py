"""How many are covered and how far the money reaches, counted in the database, as fast after ten years as today."""

import re
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world
from contributions.conftest import Place
from contributions.histories import member, months_paid, seen
from database import fetched
from lindung.contributions import standing
from lindung.contributions.cover import CoverState
from lindung.contributions.many_standings import covered_by_agreement
from lindung.contributions.sources import AgreementMoney, money_of
from lindung.law.months import Month
from lindung.ledger.models import Instruction
from lindung.partnership.models import Agreement

JANUARY, JUNE = Month(2026, 1), Month(2025, 6)
MONTHS = [JANUARY.plus(offset) for offset in range(12)]
COVERED = (CoverState.PROTECTED, CoverState.AT_RISK)


class History(NamedTuple):
    """One person's membership and what was paid for it: month, day of the order, and of which programmes."""

    registered: int
    since: Month
    lasts: int | None
    paid: dict[Month, tuple[int, tuple[str, ...]]]


histories = st.builds(
    History,
    registered=st.integers(-40, 20),
    since=st.sampled_from(MONTHS[:6]),
    lasts=st.none() | st.integers(1, 200),
    paid=st.dictionaries(
        st.sampled_from(MONTHS),
        st.tuples(
            st.integers(-20, 60), st.sampled_from([("jkk", "jkm"), ("jkk", "jkm"), ("jkk",), ("jkm",)])
        ),
        max_size=8,
    ),
)


@pytest.fixture
def instruction(jambi: Place) -> Instruction:
    with jambi.city.acting():
        return world.settled_instruction(jambi.city)


@pytest.fixture
def farming(jambi: Place) -> Agreement:
    """An agreement nobody belongs to yet."""
    return world.agreement(jambi.city, "tani")


class TestCovered:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        lives=st.lists(histories, min_size=1, max_size=2),
        on=st.dates(date(2026, 1, 1), date(2027, 3, 31)),
    )
    def test_it_counts_exactly_those_whose_cover_says_protected_or_at_risk(
        self, jambi: Place, farming: Agreement, instruction: Instruction, lives: list[History], on: date
    ) -> None:
        with transaction.atomic():
            people = (jambi.siti, jambi.budi)
            for person_id, life in zip(people, lives, strict=False):
                live(jambi, farming, person_id, life, instruction)
            one_by_one = sum(farm_is_covered(jambi, person_id, on) for person_id in people)
            with jambi.city.acting():
                assert covered_by_agreement(on=on, agreements=[farming]) == {farming.pk: one_by_one}
            transaction.set_rollback(True)

    def test_it_counts_two_from_payment_to_the_end_of_arrears(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        counted = {day: covered(jambi, day) for day in EXPECTED}
        assert counted == EXPECTED

    def test_it_counts_a_person_once_however_many_months_are_paid(self, jambi: Place) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 9))
        assert covered(jambi, date(2025, 9, 20)) == 2

    def test_it_reads_no_month_but_the_last_few(self, jambi: Place) -> None:
        """Two years of partitions are there; October is paid, so the plan touches it and November, and no other."""
        on = date(2026, 11, 22)
        world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2026, 10))
        with jambi.city.acting(), CaptureQueriesContext(connection) as asked:
            covered_by_agreement(on=on, agreements=[jambi.agreement])
            plan = "\n".join(line for (line,) in fetched(f"EXPLAIN {asked.captured_queries[-1]['sql']}"))
        touched = {match.group() for match in re.finditer(r"contributions_paidmonth_\d{4}_\d{2}", plan)}
        assert touched == {f"contributions_paidmonth_2026_{month:02}" for month in (10, 11)}


EXPECTED = {
    date(2025, 5, 22): 0,
    date(2025, 6, 9): 0,
    date(2025, 6, 10): 2,
    date(2025, 10, 15): 2,
    date(2025, 10, 16): 0,
}


class TestPaidUntil:
    def test_it_is_the_last_month_settled_as_known_on_the_day(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        world.pay(jambi.city, jambi.agreement, Month(2025, 7), on=date(2025, 7, 20))
        with jambi.city.acting():
            known = {
                day: paid_until(jambi, day)
                for day in (date(2025, 6, 9), date(2025, 7, 19), date(2025, 7, 20))
            }
        assert known == {date(2025, 6, 9): None, date(2025, 7, 19): JUNE, date(2025, 7, 20): Month(2025, 7)}

    def test_it_does_not_let_a_paid_month_hide_a_skipped_one(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        world.pay(jambi.city, jambi.agreement, Month(2025, 8))
        with jambi.city.acting():
            reached = paid_until(jambi, world.TODAY)
        assert reached == JUNE

    def test_it_ignores_a_bill_that_is_drawn_but_not_settled(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        world.order(jambi.city, drawn)
        with jambi.city.acting():
            assert paid_until(jambi, world.TODAY) is None


class TestMoney:
    def test_it_takes_bills_where_they_are_drawn_and_todays_members_for_the_rest(self, jambi: Place) -> None:
        """Two people until August, three from September: 2 x 3 months + 3 x 4 months of Rp16.800 in 2025."""
        promised = world.agreement(jambi.city, "lain", budgets={2025: 18 * 16_800 - 1})
        world.enrol(jambi.city, promised, *world.crowd(2))
        world.pay_months(jambi.city, promised, JUNE, Month(2025, 8))
        world.enrol(jambi.city, promised, world.STRANGER, since=Month(2025, 9))
        money = told(jambi, promised, date(2025, 9, 20))
        assert (money.year, money.runway.budget, money.monthly) == (2025, 302_399, 50_400)
        assert (money.runway.paid_in_full, money.runway.short) == (Month(2025, 11), Month(2025, 12))
        assert money.runway.shortfall == 1

    def test_it_reaches_the_end_of_the_year_when_the_budget_is_enough(self, jambi: Place) -> None:
        promised = world.agreement(jambi.city, "lain", budgets={2026: 12 * 16_800})
        world.enrol(jambi.city, promised, world.STRANGER)
        runway = told(jambi, promised, world.TODAY).runway
        assert (runway.paid_in_full, runway.short, runway.shortfall) == (Month(2026, 12), None, 0)

    def test_it_knows_no_budget_of_another_year(self, jambi: Place) -> None:
        promised = world.agreement(jambi.city, "lain", budgets={2025: 10**9})
        world.enrol(jambi.city, promised, world.STRANGER)
        money = told(jambi, promised, world.TODAY)
        assert (money.runway.budget, money.runway.paid_in_full, money.runway.short) == (0, None, JANUARY)


def told(jambi: Place, promised: Agreement, on: date) -> AgreementMoney:
    with jambi.city.acting():
        return money_of([promised], on=on)[promised.pk]


def covered(jambi: Place, on: date) -> int:
    with jambi.city.acting():
        return covered_by_agreement(on=on, agreements=[jambi.agreement])[jambi.agreement.pk]


def paid_until(jambi: Place, on: date) -> Month | None:
    pk = jambi.agreement.pk
    return standing.paid_until_by_agreement(first_months={pk: JUNE}, on=on)[pk]


def live(jambi: Place, farming: Agreement, person_id: int, life: History, instruction: Instruction) -> None:
    first = life.since.first_day()
    until = None if life.lasts is None else first + timedelta(days=life.lasts)
    registered = first + timedelta(days=life.registered)
    farm = member(jambi, farming, person_id, since=first, until=until, registered_on=registered)
    for month, (days, programmes) in life.paid.items():
        paid_on = month.first_day() + timedelta(days=days)
        months_paid(jambi, farm, {month: paid_on}, by=instruction, programmes=programmes)


def farm_is_covered(jambi: Place, person_id: int, on: date) -> bool:
    return any(work.work == "farmer" and work.state in COVERED for work in seen(jambi, person_id, on).works)
