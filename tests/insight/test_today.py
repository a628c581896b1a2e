"""The page "Hari ini": who is covered, what it costs, how far the money reaches, and what needs a person first."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from contributions.conftest import Place
from lindung.access.models import Role
from lindung.insight import today as insight
from lindung.insight.agreement_today import AgreementToday
from lindung.insight.needs import Need
from lindung.insight.today import Today
from lindung.law.months import Month
from lindung.membership.models import Verdict
from lindung.partnership.models import Agreement

JUNE, OCTOBER = Month(2025, 6), Month(2025, 10)
NOVEMBER_20 = date(2025, 11, 20)


def told(place: world.City, on: date, role: Role = Role.CITY_OFFICER) -> Today:
    with place.acting(role, on=on):
        return insight.today(on=on)


def one(place: world.City, on: date) -> AgreementToday:
    (only,) = told(place, on).agreements
    return only


def needs(place: world.City, on: date) -> list[tuple[str, str]]:
    return [(need.kind, need.severity) for need in told(place, on).needs]


class TestFigures:
    def test_it_adds_up_two_agreements(self, jambi: Place) -> None:
        """Two sweepers and three religious officers, budgets for seven and for eight months of 2025."""
        budgeted = [
            with_budget(jambi, "satu", world.crowd(2), months=7, extra=1_000),
            with_budget(jambi, "dua", world.crowd(3, after=2), months=8),
        ]
        for each in budgeted:
            world.pay_months(jambi.city, each, JUNE, OCTOBER)
        shown = told(jambi.city, date(2025, 10, 22))
        first, second = (each for each in shown.agreements if each.code in {one.code for one in budgeted})
        assert (shown.covered, shown.monthly_cost) == (
            5,
            7 * world.PRICE,
        )  # the five, and two who are not paid
        assert (second.code, second.covered, second.monthly_cost) == ("satu-jambi", 2, 33_600)
        assert (first.covered, first.monthly_cost) == (3, 50_400)

    def test_it_says_until_when_the_money_of_an_agreement_reaches(self, jambi: Place) -> None:
        """Seven months are payable in 2025, from June: all of them, so nothing is short."""
        promised = with_budget(jambi, "satu", world.crowd(2), months=7)
        shown = agreement_of(jambi, promised, date(2025, 10, 22))
        assert (shown.budget_year, shown.budget) == (2025, 235_200)
        assert (shown.funds_until, shown.shortfall_month, shown.shortfall) == (Month(2025, 12), None, 0)

    def test_it_says_what_the_short_month_lacks(self, jambi: Place) -> None:
        promised = with_budget(jambi, "satu", world.crowd(2), months=6, extra=10_000)
        shown = agreement_of(jambi, promised, date(2025, 10, 22))
        assert (shown.funds_until, shown.shortfall_month, shown.shortfall) == (
            Month(2025, 11),
            Month(2025, 12),
            23_600,
        )

    def test_it_takes_the_earliest_end_among_the_agreements(self, jambi: Place) -> None:
        city = world.city("merangin")
        for worker, code, months in zip(world.crowd(2), ("satu", "dua"), (6, 5), strict=True):
            promised = world.agreement(city, code, budgets={2025: months * world.PRICE})
            world.enrol(city, promised, worker)
        assert told(city, date(2025, 10, 22)).funds_until == Month(2025, 10)

    def test_it_names_no_month_when_one_agreement_cannot_pay_its_first(self, jambi: Place) -> None:
        city = world.city("merangin")
        for worker, code, budget in zip(world.crowd(2), ("satu", "dua"), (10**9, 1), strict=True):
            promised = world.agreement(city, code, budgets={2025: budget})
            world.enrol(city, promised, worker)
        assert told(city, date(2025, 10, 22)).funds_until is None

    def test_it_keeps_the_names_of_a_whole_list_when_an_addition_comes(self, jambi: Place) -> None:
        """Four wait in July; the addition of August repeats one of them, rightly this time, and brings another."""
        with jambi.city.acting(on=date(2025, 8, 1)):
            people, wrong = world.crowd(4), [Verdict.TO_FIX] * 4
            older = world.roster(jambi.city, jambi.agreement, *people, on=date(2025, 7, 1), verdicts=wrong)
            addition = [people[0], *world.crowd(1, after=10)]
            world.roster(
                jambi.city, jambi.agreement, *addition, on=date(2025, 8, 1), verdicts=[Verdict.READY]
            )
        shown = one(jambi.city, date(2025, 8, 2))
        assert (shown.to_fix, shown.ready, shown.to_mend_roster_id) == (3, 2, older.pk)
        assert one(jambi.city, date(2027, 2, 2)).to_fix == 3, "a year and a half later they still wait"

    def test_who_stood_with_a_wrong_nik_waits_once_when_a_newer_list_names_him_rightly(
        self, jambi: Place
    ) -> None:
        """The NIK tells nothing about the two rows; name, birth date and kelurahan do."""
        right, other = world.crowd(2)
        with jambi.city.acting(on=date(2025, 8, 1)):
            wrong = [right._replace(nik=right.nik[:15]), other]
            verdicts = [Verdict.TO_FIX] * 2
            world.roster(jambi.city, jambi.agreement, *wrong, on=date(2025, 7, 1), verdicts=verdicts)
            world.roster(jambi.city, jambi.agreement, right, on=date(2025, 8, 1))
        shown = one(jambi.city, date(2025, 8, 2))
        assert (shown.to_fix, shown.ready) == (1, 1)

    def test_it_counts_the_rows_of_a_list(self, jambi: Place) -> None:
        with jambi.city.acting(on=date(2025, 7, 1)):
            verdicts = [Verdict.TO_FIX, Verdict.TO_FIX, Verdict.REFUSED]
            listed = world.roster(
                jambi.city, jambi.agreement, *world.crowd(6), on=date(2025, 7, 1), verdicts=verdicts
            )
        shown = one(jambi.city, date(2025, 7, 2))
        assert (shown.ready, shown.to_fix, shown.refused, shown.roster_id) == (3, 2, 1, listed.pk)

    def test_it_forgets_no_ready_row_of_an_older_list(self, jambi: Place) -> None:
        """Three wait in the list of July; the one of August has two, of whom one is to fix and one refused."""
        with jambi.city.acting(on=date(2025, 8, 1)):
            older = world.roster(jambi.city, jambi.agreement, *world.crowd(3), on=date(2025, 7, 1))
            verdicts = [Verdict.TO_FIX, Verdict.REFUSED]
            people = world.crowd(2, after=3)
            newer = world.roster(jambi.city, jambi.agreement, *people, on=date(2025, 8, 1), verdicts=verdicts)
        shown = one(jambi.city, date(2025, 8, 2))
        assert (shown.ready, shown.to_fix, shown.refused) == (3, 1, 1)
        assert (shown.roster_id, shown.ready_roster_id) == (newer.pk, older.pk)
        leads = {need.kind: need.url_args for need in told(jambi.city, date(2025, 8, 2)).needs}
        assert (leads["ready"], leads["to_fix"]) == ((older.pk,), (newer.pk,))

    def test_it_leads_to_the_newest_list_with_ready_rows_and_counts_both(self, jambi: Place) -> None:
        with jambi.city.acting(on=date(2025, 8, 1)):
            world.roster(jambi.city, jambi.agreement, *world.crowd(3), on=date(2025, 7, 1))
            newer = world.roster(jambi.city, jambi.agreement, *world.crowd(1, after=3), on=date(2025, 8, 1))
        shown = one(jambi.city, date(2025, 8, 2))
        assert (shown.ready, shown.ready_roster_id) == (4, newer.pk)

    def test_it_shows_the_quota_beside_the_covered(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        shown = one(jambi.city, date(2025, 6, 20))
        assert (shown.covered, shown.quota, shown.office) == (2, 5_000, "Dinas Tenaga Kerja")

    def test_it_is_empty_for_a_city_without_agreements(self, jambi: Place) -> None:
        shown = told(world.city("merangin"), world.TODAY)
        assert (shown.covered, shown.monthly_cost, shown.agreements, shown.needs) == (0, 0, (), ())

    def test_it_shows_the_mayor_what_it_shows_the_officer(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        assert told(jambi.city, NOVEMBER_20, Role.MAYOR) == told(jambi.city, NOVEMBER_20)

    def test_it_shows_a_kelurahan_operator_the_money_of_the_whole_city(self, jambi: Place) -> None:
        """He sees one of the two people, but a month costs what it costs."""
        operator = told(jambi.city, world.TODAY, Role.KELURAHAN_OPERATOR)
        assert operator.monthly_cost == told(jambi.city, world.TODAY).monthly_cost == 2 * world.PRICE

    def test_it_shows_another_city_nothing(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        bungo = world.city("bungo", branch=jambi.city.branch)
        assert told(bungo, NOVEMBER_20).agreements == ()
        assert len(told(bungo, NOVEMBER_20, Role.BRANCH_OFFICER).agreements) == 1


class TestNeeds:
    def test_it_asks_for_nothing_when_all_is_paid_and_the_next_month_is_far(self, jambi: Place) -> None:
        promised = with_budget(jambi, "satu", world.crowd(2), months=7)
        world.pay_months(jambi.city, promised, JUNE, OCTOBER)
        world.pay_months(jambi.city, jambi.agreement, JUNE, OCTOBER)
        kinds = {
            need.kind for need in told(jambi.city, date(2025, 10, 20)).needs if promised.title in need.text.id
        }
        assert kinds == set()

    @pytest.mark.parametrize(
        ("day", "kind", "severity"),
        [(7, "due", "soon"), (17, "due", "soon"), (18, "unpaid", "now"), (22, "unpaid", "now")],
    )
    def test_it_warns_ten_days_before_a_month_is_due_and_calls_when_it_is_late(
        self, jambi: Place, day: int, kind: str, severity: str
    ) -> None:
        """November 2025 is due on Monday the 17th, because the 15th is a Saturday."""
        world.pay_months(jambi.city, jambi.agreement, JUNE, OCTOBER)
        assert (kind, severity) in needs(jambi.city, date(2025, 11, day))
        assert not {"due", "unpaid"} & {kind for kind, _ in needs(jambi.city, date(2025, 11, 6))}

    def test_it_asks_for_payment_in_words_that_say_what_to_do(self, jambi: Place) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, OCTOBER)
        assert payment_need(jambi).text.id == (
            "Pekerja rentan: iuran November 2025 belum dibayar dan lewat jatuh tempo (17 November 2025)."
            " Susun tagihan, lalu bayar sekarang."
        )
        world.bill(jambi.city, jambi.agreement, Month(2025, 11))
        assert "sudah disusun tetapi belum lunas" in payment_need(jambi).text.id

    def test_it_puts_first_what_cannot_wait(self, jambi: Place) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, OCTOBER)
        with jambi.city.acting(on=NOVEMBER_20):
            world.roster(
                jambi.city, jambi.agreement, *world.crowd(2), on=NOVEMBER_20, verdicts=[Verdict.TO_FIX]
            )
        assert needs(jambi.city, NOVEMBER_20) == [
            ("unpaid", "now"),
            ("ready", "now"),
            ("shortfall", "soon"),
            ("to_fix", "info"),
        ]

    def test_it_leads_to_the_list_that_waits(self, jambi: Place) -> None:
        with jambi.city.acting(on=NOVEMBER_20):
            listed = world.roster(jambi.city, jambi.agreement, *world.crowd(2), on=NOVEMBER_20)
        ready = next(need for need in told(jambi.city, NOVEMBER_20).needs if need.kind == "ready")
        assert (ready.url_name, ready.url_args) == ("web:roster", (listed.pk,))
        assert ready.text.en == "Pekerja rentan: 2 people are ready to be enrolled. Open the list."

    def test_it_asks_for_no_payment_while_an_agreement_has_nobody(self, jambi: Place) -> None:
        """A new agreement whose list is not yet in owes nothing, however old its first month is."""
        city = world.city("merangin")
        world.agreement(city, budgets={2025: 10**9})
        assert needs(city, NOVEMBER_20) == []

    def test_it_asks_for_the_first_month_of_the_first_member_not_of_the_agreement(self, jambi: Place) -> None:
        """The agreement holds from June; its first people start in September."""
        city = world.city("merangin")
        promised = world.agreement(city, budgets={2025: 10**9})
        world.enrol(city, promised, world.STRANGER, since=Month(2025, 9), registered_on=date(2025, 8, 20))
        shown = one(city, date(2025, 9, 20))
        assert (shown.next_month, shown.next_due) == (Month(2025, 9), date(2025, 9, 15))


class TestCost:
    def test_it_asks_as_many_questions_after_two_years_as_after_two_months(self, jambi: Place) -> None:
        on = date(2026, 12, 31)
        world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 7))
        young = asked(jambi.city, on)
        world.pay_months(jambi.city, jambi.agreement, Month(2025, 8), Month(2025, 12))
        assert asked(jambi.city, on) == young

    def test_it_asks_no_more_for_two_hundred_people_than_for_two(self, jambi: Place) -> None:
        few = asked(jambi.city, world.TODAY)
        world.enrol(jambi.city, jambi.agreement, *world.crowd(200))
        assert asked(jambi.city, world.TODAY) == few

    def test_it_asks_no_more_for_many_agreements_than_for_one(self, jambi: Place) -> None:
        alone = asked(jambi.city, world.TODAY)
        for number in range(2):
            world.enrol(
                jambi.city, world.agreement(jambi.city, f"lain-{number}"), *world.crowd(1, after=number)
            )
        assert asked(jambi.city, world.TODAY) == alone


def asked(place: world.City, on: date) -> int:
    with place.acting(on=on), CaptureQueriesContext(connection) as queries:
        insight.today(on=on)
    return len(queries)


def with_budget(
    jambi: Place, code: str, people: list[world.Worker], *, months: int, extra: int = 0
) -> Agreement:
    """An agreement of these people whose budget of 2025 pays so many months, and so many rupiah more."""
    budget = len(people) * months * world.PRICE + extra
    promised = world.agreement(jambi.city, code, budgets={2025: budget})
    world.enrol(jambi.city, promised, *people)
    return promised


def agreement_of(jambi: Place, promised: Agreement, on: date) -> AgreementToday:
    return next(each for each in told(jambi.city, on).agreements if each.id == promised.pk)


def payment_need(jambi: Place) -> Need:
    return next(need for need in told(jambi.city, NOVEMBER_20).needs if need.kind == "unpaid")
