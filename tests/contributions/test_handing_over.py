"""From one payer to the next: no month lost, none double, cover and the months of JKM go on, and every gap is said."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import selfpay
import world
from contributions.conftest import Place
from contributions.histories import seen
from contributions.test_many_standings import alone, standings
from database import refused
from lindung.contributions import handing_over
from lindung.contributions.handing_over import Handed, MonthsWouldBeLost, NotToThem
from lindung.contributions.many_standings import STATES
from lindung.contributions.models import PaidMonth
from lindung.contributions.states import CoverState
from lindung.law.months import Month, months_from
from lindung.membership import ending
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement

JUNE, JULY, AUGUST = Month(2025, 6), Month(2025, 7), Month(2025, 8)


@pytest.fixture
def wadah(jambi: Place) -> Agreement:
    return selfpay.independent(jambi.city)


def stopped(place: Place, on: date) -> None:
    """The city stops: `on` is the first day it does not pay."""
    with place.city.acting(on=on) as officer:
        ending.terminate(
            agreement_id=place.agreement.pk, on=on, reason="Dana habis", by=officer, now=world.at(on)
        )


def alone_from(
    place: Place, person: int, wadah: Agreement, on: date, *, told: bool = False, income: int | None = None
) -> Handed:
    member = selfpay.membership(place.city, person, place.agreement)
    with place.city.acting(on=on) as officer:
        return handing_over.accept(
            membership_id=member.pk,
            agreement_id=wadah.pk,
            income=income,
            gap_told=told,
            by=officer,
            now=world.at(on),
        )


def sponsored_from(place: Place, own: Membership, target: Agreement, on: date) -> Handed:
    with place.city.acting(on=on) as officer:
        return handing_over.take_over(
            membership_id=own.pk, agreement_id=target.pk, by=officer, now=world.at(on)
        )


class TestTheCityStops:
    def test_she_goes_on_from_the_first_month_the_city_does_not_pay(
        self, jambi: Place, wadah: Agreement
    ) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, AUGUST)
        stopped(jambi, date(2025, 9, 1))
        handed = alone_from(jambi, jambi.siti, wadah, date(2025, 9, 3))
        member = handed.membership
        assert handed.start == (Month(2025, 9), ())
        assert (member.since, member.cover_since) == (date(2025, 9, 1), date(2025, 6, 1))

    def test_cover_goes_on_and_so_do_the_months_of_jkm(self, jambi: Place, wadah: Agreement) -> None:
        """The city paid June to August; on 5 September nothing is due yet, and 42 million would be paid at a death."""
        world.pay_months(jambi.city, jambi.agreement, JUNE, AUGUST)
        stopped(jambi, date(2025, 9, 1))
        alone_from(jambi, jambi.siti, wadah, date(2025, 9, 3))
        cover = seen(jambi, jambi.siti, date(2025, 9, 5))
        (work,) = [each for each in cover.works if each.pays_alone]
        assert cover.state == CoverState.PROTECTED
        assert (work.paid_until, work.arrears, work.lapses_on) == (AUGUST, 0, date(2025, 12, 16))
        death = next(step for step in work.next_steps if step.badge)
        assert "Rp42.000.000" in death.text.id
        assert work.payer.id == "Peserta sendiri, lewat Wadah wadah"
        assert "peserta atau ahli warisnya" in work.arrears_borne_by.id

    def test_the_figures_of_many_say_the_same_on_every_day(self, jambi: Place, wadah: Agreement) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, AUGUST)
        stopped(jambi, date(2025, 9, 1))
        own = alone_from(jambi, jambi.siti, wadah, date(2025, 9, 3)).membership
        selfpay.pay_own(jambi.city, own, Month(2025, 11))
        for day in (date(2025, 9, 5), date(2025, 9, 20), date(2025, 11, 20), date(2026, 3, 20)):
            assert standings(jambi, day)[jambi.siti] == alone(jambi, jambi.siti, day), day

    def test_a_month_the_city_left_unpaid_is_still_owed_after_it(
        self, jambi: Place, wadah: Agreement
    ) -> None:
        """July was never paid by the city; she pays September herself: at risk, on her page and in the figures."""
        for month in (JUNE, AUGUST):
            world.pay(jambi.city, jambi.agreement, month)
        stopped(jambi, date(2025, 9, 1))
        own = alone_from(jambi, jambi.siti, wadah, date(2025, 9, 3)).membership
        selfpay.pay_own(jambi.city, own, Month(2025, 9))
        on = date(2025, 9, 20)
        assert seen(jambi, jambi.siti, on).state == CoverState.AT_RISK
        assert STATES[standings(jambi, on)[jambi.siti]] == CoverState.AT_RISK

    def test_who_comes_while_cover_lasts_pays_the_months_since(self, jambi: Place, wadah: Agreement) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, AUGUST)
        stopped(jambi, date(2025, 9, 1))
        assert alone_from(jambi, jambi.siti, wadah, date(2025, 12, 10)).start == (Month(2025, 9), ())

    def test_who_comes_after_it_lapsed_is_told_which_months_nobody_paid(
        self, jambi: Place, wadah: Agreement
    ) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, AUGUST)
        stopped(jambi, date(2025, 9, 1))
        late = date(2026, 1, 20)
        with pytest.raises(MonthsWouldBeLost, match="4"):
            alone_from(jambi, jambi.siti, wadah, late)
        handed = alone_from(jambi, jambi.siti, wadah, late, told=True)
        assert handed.start.first == Month(2026, 1)
        assert handed.membership.cover_since is None

    def test_nobody_goes_over_twice_or_to_another_sponsor_this_way(
        self, jambi: Place, wadah: Agreement
    ) -> None:
        stopped(jambi, date(2025, 9, 1))
        alone_from(jambi, jambi.siti, wadah, date(2025, 9, 3), told=True)
        with refused("membership_one_per_work_at_a_time"):
            alone_from(jambi, jambi.siti, wadah, date(2025, 9, 3), told=True)
        with pytest.raises(NotToThem):
            alone_from(jambi, jambi.budi, world.agreement(jambi.city, "lain"), date(2025, 9, 3))


class TestTheCityTakesOver:
    def test_from_the_first_month_that_nobody_has_paid_or_been_billed_for(
        self, jambi: Place, wadah: Agreement
    ) -> None:
        stopped(jambi, date(2025, 7, 1))
        own = alone_from(jambi, jambi.siti, wadah, date(2025, 6, 20), told=True).membership
        for month in (JULY, AUGUST, Month(2025, 9)):
            selfpay.pay_own(jambi.city, own, month, on=date(2025, 7, 10))
        new = world.agreement(jambi.city, "baru")
        handed = sponsored_from(jambi, own, new, date(2025, 8, 5))
        assert handed.start == (Month(2025, 10), ())
        assert handed.membership.cover_since == date(2025, 6, 1)

    def test_who_never_paid_alone_is_the_citys_from_the_first_month(
        self, jambi: Place, wadah: Agreement
    ) -> None:
        stopped(jambi, date(2025, 7, 1))
        own = alone_from(jambi, jambi.siti, wadah, date(2025, 6, 20), told=True).membership
        handed = sponsored_from(jambi, own, world.agreement(jambi.city, "baru"), date(2025, 6, 25))
        assert handed.start == (JULY, ())
        with jambi.city.acting():
            own.refresh_from_db()
        assert own.until == own.since, "it never was"


CHANGES = st.lists(
    st.tuples(st.sampled_from(["alone", "city"]), st.integers(1, 3), st.booleans()), min_size=1, max_size=4
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_whatever_changes_no_month_is_lost_and_none_has_two_payers(
    jambi: Place, changes: list[tuple[str, int, bool]]
) -> None:
    """Payers change in random months, with months paid ahead or not; every month between has exactly one payer."""
    from django.db import transaction

    with transaction.atomic():
        wadah, other = selfpay.independent(jambi.city), world.agreement(jambi.city, "lain")
        now, member = JUNE, selfpay.membership(jambi.city, jambi.siti, jambi.agreement)
        for to, months, paid in changes:
            for month in months_from(now, now.plus(months - 1)):
                _paid(jambi, member, month) if paid else None
            now = now.plus(months - 1)
            member = _changed(jambi, member, {"alone": wadah, "city": other}[to], now) or member
            now = max(now, Month.of(member.since))
        with jambi.city.acting():
            held = [
                (each.since, each.until)
                for each in Membership.objects.filter(person_id=jambi.siti).order_by("since", "pk")
                if each.until is None or each.until > each.since
            ]
            keys = list(PaidMonth.objects.values_list("month", "work_id", "programme"))
        assert held[0][0] == JUNE.first_day()
        assert [until for _, until in held[:-1]] == [since for since, _ in held[1:]]
        assert held[-1][1] is None
        assert len(keys) == len(set(keys))
        transaction.set_rollback(True)


def _paid(place: Place, member: Membership, month: Month) -> None:
    if not member.since <= month.first_day():
        return
    if member.agreement.kind == "independent":
        selfpay.pay_own(place.city, member, month)
    elif not PaidMonth.objects.filter(month=month.first_day(), agreement=member.agreement).exists():
        world.pay(place.city, member.agreement, month)


def _changed(place: Place, member: Membership, target: Agreement, now: Month) -> Membership | None:
    if target.pk == member.agreement_id:
        return None
    on = now.first_day().replace(day=20)
    with place.city.acting(on=on) as officer:
        to = handing_over.accept if target.kind == "independent" else handing_over.take_over
        handed = to(membership_id=member.pk, agreement_id=target.pk, by=officer, now=world.at(on))
        return Membership.objects.select_related("agreement").get(pk=handed.membership.pk)
