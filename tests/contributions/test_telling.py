"""Telling workers: whose month was paid, whose was not, each once, the dead never, by telephone or on paper."""

import json
from datetime import date

import pytest
from django.db import transaction

import world
from database import fetched
from lindung.access.scope import SystemScope, system_scope
from lindung.contributions import telling
from lindung.contributions.models import Settlement
from lindung.contributions.tasks import tell_standing
from lindung.law.months import Month
from lindung.membership import changes, joining
from lindung.membership.employment import LeaveReason
from lindung.membership.models import Membership
from lindung.notices.delivering import DELIVERER
from lindung.notices.models import Channel, Notice
from lindung.notices.outbox import Queued
from lindung.partnership.models import Agreement
from notices.conftest import MORNING, switch_on

JUNE, JULY = Month(2025, 6), Month(2025, 7)


def notices() -> list[Notice]:
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        return list(Notice.objects.order_by("to_name"))


@pytest.fixture
def town(db: None) -> world.City:
    """Ibu Siti and Pak Budi, of two kelurahan, June paid."""
    city = world.city()
    promised = world.agreement(city, budgets={2025: 10**9})
    world.enrol(city, promised, world.SITI, world.BUDI)
    world.pay(city, promised, JUNE)
    return city


def settlements(town: world.City) -> list[int]:
    with town.acting():
        return [pk for (pk,) in fetched("SELECT id FROM contributions_settlement")]


class TestPaid:
    def test_each_is_told_once_with_month_and_payer(self, town: world.City) -> None:
        switch_on(town)
        for _ in range(2):
            telling.paid_told(settlement_ids=settlements(town), now=MORNING)
        budi, siti = notices()
        assert "bulan Juni 2025 sudah dibayar oleh Kota Jambi" in siti.body
        assert (budi.kind, budi.kelurahan_code != siti.kelurahan_code) == ("cover.paid", True)

    def test_who_has_a_telephone_is_called_and_who_has_none_gets_a_letter(self, town: world.City) -> None:
        switch_on(town)
        dewi = joining.Entry(
            "Dewi Sartika",
            "1571024806900004",
            "08/06/1990",
            "Jambi",
            "P",
            "The Hok",
            "Pedagang",
            "0812-7401-2345",
        )
        with town.acting(on=date(2025, 6, 20)) as officer:
            promised = Agreement.objects.get()
            joining.join(
                agreement_id=promised.pk,
                entry=dewi,
                by=officer,
                now=world.at(date(2025, 6, 20)),
                first_month=JULY,
            )
        world.pay(town, promised, JULY)
        telling.paid_told(settlement_ids=settlements(town), now=MORNING)
        assert [(each.to_name, each.channel) for each in notices()] == [
            ("Budi Santoso", Channel.LETTER),
            ("Dewi Sartika", Channel.SMS),
            ("Siti Aminah", Channel.LETTER),
        ]
        assert notices()[1].address_masked == "+62812••••345"

    def test_the_dead_are_told_nothing(self, town: world.City) -> None:
        switch_on(town)
        with town.acting() as officer:
            [member] = Membership.objects.filter(person__name__startswith="Siti")
            changes.leave(
                membership_id=member.pk,
                last_month=JUNE,
                reason=LeaveReason.DIED,
                died_on=date(2025, 6, 29),
                by=officer,
                now=world.at(world.TODAY),
            )
        telling.paid_told(settlement_ids=settlements(town), now=MORNING)
        assert [each.to_name for each in notices()] == ["Budi Santoso"]

    def test_nobody_is_told_where_the_city_has_not_switched_it_on(self, town: world.City) -> None:
        assert telling.paid_told(settlement_ids=settlements(town), now=MORNING) == Queued()

    def test_several_months_are_one_message(self, town: world.City) -> None:
        switch_on(town)
        with town.acting():
            promised = Agreement.objects.get()
        world.pay_months(town, promised, Month(2025, 7), Month(2025, 9))
        telling.paid_told(settlement_ids=settlements(town), now=MORNING)
        budi, siti = notices()
        assert "bulan Juni 2025 sampai September 2025 sudah dibayar" in siti.body

    def test_the_wish_to_tell_goes_with_the_payment(self, town: world.City) -> None:
        switch_on(town)
        with town.acting():
            paid = list(Settlement.objects.all())
            with transaction.atomic():
                telling.tell_paid(paid)
                transaction.set_rollback(True)
            assert queued() == []
            telling.tell_paid(paid)
        assert queued() == [[each.pk for each in paid]]

    def test_a_payment_carries_the_wish_by_itself(self, town: world.City) -> None:
        switch_on(town)
        with town.acting():
            promised = Agreement.objects.get()
        before = settlements(town)
        world.pay(town, promised, JULY)
        assert queued() == [[pk for pk in settlements(town) if pk not in before]]

    def test_no_wish_is_kept_where_nobody_wants_it(self, town: world.City) -> None:
        with town.acting():
            telling.tell_paid(list(Settlement.objects.all()))
        assert queued() == []


def queued() -> list[object]:
    rows = fetched("SELECT args FROM procrastinate_jobs WHERE task_name = 'contributions.tell_paid'")
    return [json.loads(args)["settlement_ids"] for (args,) in rows]


class TestUnpaid:
    """BPU without JHT: June is the last paid month, July is overdue in August; in October four months are unpaid."""

    def test_one_at_risk_is_told_once_a_month(self, town: world.City) -> None:
        switch_on(town)
        for on in (date(2025, 8, 20), date(2025, 8, 28), date(2025, 9, 3)):
            telling.standing_told(on=on, now=MORNING)
        kinds = [(each.kind, each.key.split(":")[1]) for each in notices() if each.to_name.startswith("Siti")]
        assert sorted(kinds) == [("cover.at_risk", "2025-08"), ("cover.at_risk", "2025-09")]
        assert all("sesudah Juni 2025" in each.body or "bulan Juni 2025" in each.body for each in notices())

    def test_lost_cover_is_told_once_for_good(self, town: world.City) -> None:
        switch_on(town)
        for on in (date(2026, 2, 20), date(2026, 3, 20)):
            telling.standing_told(on=on, now=MORNING)
        assert [each.kind for each in notices()] == ["cover.lapsed", "cover.lapsed"]
        assert notices()[0].key.startswith("cover.lapsed:after-2025-06:person:")

    def test_the_protected_are_told_nothing(self, town: world.City) -> None:
        switch_on(town)
        assert telling.standing_told(on=date(2025, 6, 20), now=MORNING) == Queued()

    def test_the_daily_task_asks_the_people_once_a_day(
        self, town: world.City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LINDUNG_NOW", "2025-08-20T09:00")
        switch_on(town)
        asked = []
        told = telling.standing_told
        monkeypatch.setattr(telling, "standing_told", lambda **given: asked.append(given) or told(**given))
        tell_standing(timestamp=0)
        tell_standing(timestamp=0)
        assert (len(asked), len(notices())) == (1, 2)
