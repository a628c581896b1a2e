"""Officers are told of alarms and people of their offer: each once, and only where the city tells anybody."""

from datetime import date

import pytest

import world
from contributions.conftest import Place
from contributions.test_handing_over import stopped
from database import fetched
from insight.test_runway import with_money
from lindung.access.appointing import appoint
from lindung.access.models import Role, User
from lindung.access.scope import SystemScope, system_scope
from lindung.insight import alarm_notices, offer_notices
from lindung.law.months import Month
from lindung.membership import joining
from lindung.notices.delivering import DELIVERER
from lindung.notices.models import Notice
from lindung.notices.outbox import Queued
from lindung.partnership.models import Agreement
from notices.conftest import switch_on

ON = date(2026, 11, 8)
"""37 days before the contribution of December, which the budget does not reach for, is due."""


def notices(kind: str) -> list[Notice]:
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        return list(Notice.objects.filter(kind=kind).order_by("to_name", "pk"))


class TestAlarms:
    def test_each_officer_is_told_once_at_each_step(self, jambi: Place) -> None:
        made = with_money(jambi, "satu", people=2, months=6)
        with system_scope(SystemScope.DEMO, actor=world.BUILDER):
            for role in (Role.FINANCE_OFFICER, Role.MAYOR, Role.BRANCH_OFFICER):
                user = User.objects.create_user(
                    role.value, name=role.label, email=f"{role.value}@jambi.example"
                )
                place = jambi.city.branch if role == Role.BRANCH_OFFICER else jambi.city.sponsor
                appoint(
                    user,
                    role=role,
                    organisation=place,
                    kelurahan_code="",
                    since=world.APPOINTED,
                    by=world.BUILDER,
                    now=world.at(world.APPOINTED),
                )
        switch_on(jambi.city)
        for day in (ON, date(2026, 11, 9)):
            alarm_notices.alarms_told(on=day, now=world.at(day))
        told = [each for each in notices("alarm.budget_60") if made.title in each.body]
        whom = sorted([Role.FINANCE_OFFICER.label, Role.MAYOR.label])
        assert [each.to_name for each in told] == whom, (
            "the branch is told of cover that ends, not of budgets"
        )
        assert "sampai November 2026" in told[0].body
        assert "Desember 2026 kurang Rp33.600" in told[0].body
        alarm_notices.alarms_told(on=date(2026, 12, 1), now=world.at(date(2026, 12, 1)))
        assert len([each for each in notices("alarm.budget_30") if made.title in each.body]) == 2

    def test_nobody_is_told_where_it_is_not_switched_on(self, jambi: Place) -> None:
        with_money(jambi, "satu", people=2, months=6)
        assert alarm_notices.alarms_told(on=ON, now=world.at(ON)) == Queued()


class TestOffers:
    @pytest.fixture
    def stops(self, jambi: Place) -> Agreement:
        """The agreement of Ibu Siti, Pak Budi and, with a telephone, Dewi Sartika stops with September 2025."""
        dewi = joining.Entry(
            "Dewi Sartika", "1571024806900004", "08/06/1990", "Jambi", "P", "The Hok", "Pedagang", "0812-7401-2345"
        )  # fmt: skip
        with jambi.city.acting() as officer:
            joining.join(
                agreement_id=jambi.agreement.pk, entry=dewi, by=officer, now=world.at(date(2025, 6, 20)),
                first_month=Month(2025, 7),
            )  # fmt: skip
        stopped(jambi, date(2025, 9, 1))
        with jambi.city.acting():
            return Agreement.objects.get(pk=jambi.agreement.pk)

    def test_who_has_a_number_is_told_once_of_price_and_month(self, jambi: Place, stops: Agreement) -> None:
        switch_on(jambi.city)
        on = date(2025, 9, 2)
        for _ in range(2):
            offer_notices.offers_told(agreement_id=stops.pk, on=on, now=world.at(on))
        (told,) = notices(offer_notices.KIND)
        assert told.to_name == "Dewi Sartika"
        assert told.address_masked == "+62812••••345"
        assert "mulai September 2025" in told.body

    def test_an_officer_asks_for_it_and_a_task_does_it(self, jambi: Place, stops: Agreement) -> None:
        off = pytest.raises(offer_notices.NobodyToldYet, match="not switched on")
        with jambi.city.acting() as officer, off:
            offer_notices.ask(agreement_id=stops.pk, by=officer, now=world.at(ON))
        switch_on(jambi.city)
        with jambi.city.acting() as officer:
            offer_notices.ask(agreement_id=stops.pk, by=officer, now=world.at(ON))
        asked = (
            "SELECT args ->> 'agreement_id' FROM procrastinate_jobs WHERE task_name = 'insight.tell_offers'"
        )
        assert fetched(asked) == [(str(stops.pk),)]

    def test_while_the_city_goes_on_nobody_is_told(self, jambi: Place) -> None:
        switch_on(jambi.city)
        with jambi.city.acting() as officer, pytest.raises(offer_notices.NobodyToldYet, match="no end yet"):
            offer_notices.ask(agreement_id=jambi.agreement.pk, by=officer, now=world.at(ON))
