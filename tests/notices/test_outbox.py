"""The outbox: written with what it tells of, once, for those whose city wants it, with nothing in it that may not be."""

import pytest
from django.db import transaction

import world
from database import at_once, fetched, forbidden
from lindung.access.models import AuditEvent, Role
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.access.sealing import unseal
from lindung.engine.refusals import ChangedMeanwhile
from lindung.law.text import Text
from lindung.notices import outbox, switching
from lindung.notices.models import Channel, Notice, State
from lindung.notices.outbox import NotNow, Told
from lindung.notices.recipients import Recipient, officers
from notices.conftest import MORNING, NIGHT, switch_on

PHONE = "+6281274012345"


def siti(place: world.City, **changes: object) -> Recipient:
    to = Recipient("person:1", "Siti Aminah", place.sponsor.pk, world.THE_HOK, person_id=1, phone=PHONE)
    return to._replace(**changes)


def told(to: Recipient, month: str = "Agustus 2026", subject: str = "2026-08") -> Told:
    return Told(to, {"name": to.name, "month": Text(month, month), "payer": "Kota Jambi"}, subject)


def queue(place: world.City, *each: Told, now: object = MORNING) -> outbox.Queued:
    with place.acting() as officer:
        return outbox.send_many(
            kind="cover.paid", told=each, by=officer, now=MORNING if now is MORNING else NIGHT
        )


def only() -> Notice:
    with system_scope(SystemScope.NOTIFYING, actor=Actor(None, "tests")):
        return Notice.objects.get()


class TestWriting:
    def test_it_keeps_the_address_sealed_and_shows_it_masked(self, jambi: world.City) -> None:
        [pk] = queue(jambi, told(siti(jambi))).ids
        row = only()
        assert (row.state, row.channel, row.address_masked) == (State.WAITING, Channel.SMS, "+62812••••345")
        assert PHONE not in str(fetched("SELECT n::text FROM notices_notice n"))
        assert row.address_sealed is not None
        opened = unseal(row.address_sealed, table="notices_notice", column="address_sealed", row_id=pk)
        assert opened == PHONE

    def test_it_says_the_same_thing_to_the_same_person_once(self, jambi: world.City) -> None:
        first = queue(jambi, told(siti(jambi)), told(siti(jambi)))
        again = queue(jambi, told(siti(jambi)), told(siti(jambi), subject="2026-09"))
        assert (len(first.ids), len(again.ids), again.known) == (1, 1, 1)

    def test_it_leaves_no_event_when_there_is_nothing_new(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        with jambi.acting():
            before = AuditEvent.objects.count()
        queue(jambi, told(siti(jambi)))
        with jambi.acting():
            assert AuditEvent.objects.count() == before

    def test_it_goes_on_paper_where_no_wire_reaches(self, jambi: world.City) -> None:
        assert queue(jambi, told(siti(jambi, phone=""))).letters == 1
        assert only().channel == Channel.LETTER

    def test_it_counts_whom_no_channel_reaches(self, jambi: world.City) -> None:
        switch_on(jambi, Channel.EMAIL)
        found = queue(jambi, told(siti(jambi)))
        assert (found.ids, found.unreached) == ((), 1)

    def test_it_writes_nothing_for_a_city_that_has_not_switched_it_on(self, db: None) -> None:
        city = world.city()
        assert queue(city, told(siti(city))) == outbox.Queued()
        switch_on(city)
        switch_on(city, is_on=False)
        assert queue(city, told(siti(city))) == outbox.Queued()

    def test_it_goes_with_the_transaction_that_it_tells_of(self, jambi: world.City) -> None:
        with transaction.atomic():
            queue(jambi, told(siti(jambi)))
            transaction.set_rollback(True)
        with jambi.acting():
            assert not Notice.objects.exists()

    def test_it_waits_for_the_morning_in_the_quiet_hours(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)), now=NIGHT)
        assert only().not_before.astimezone(world.ZONE).strftime("%d %H:%M") == "11 07:00"

    def test_it_finds_the_officers_of_a_city(self, jambi: world.City) -> None:
        with system_scope(SystemScope.NOTIFYING, actor=Actor(None, "tests")):
            found = officers(sponsor_id=jambi.sponsor.pk, roles=[Role.CITY_OFFICER], on=world.TODAY)
        assert [each.ref for each in found] == [f"user:{jambi.actor().user_id}"]


class TestRaces:
    def test_two_who_tell_the_same_at_once_tell_it_once(self, fresh_database: str) -> None:
        city = world.city()
        switch_on(city)
        results = at_once(*[lambda: queue(city, told(siti(city)))] * 2)
        assert all(isinstance(each, outbox.Queued) for each in results)
        assert fetched("SELECT count(*) FROM notices_notice") == [(0,)]  # nobody asks in no scope
        assert only().state == State.WAITING


class TestDeciding:
    def test_it_is_cancelled_with_its_reason_and_its_event(self, jambi: world.City) -> None:
        [pk] = queue(jambi, told(siti(jambi))).ids
        with jambi.acting() as officer:
            outbox.cancel(notice_id=pk, reason="Sudah pindah kota", by=officer, now=MORNING)
            assert AuditEvent.objects.get(action="notice.cancelled").detail["reason"] == "Sudah pindah kota"
        assert (only().state, only().reason) == (State.CANCELLED, "Sudah pindah kota")

    @pytest.mark.parametrize("reason", ["  ", "nomornya 081274012345", "NIK 1571025203840001"])
    def test_it_takes_no_empty_reason_and_no_numbers(self, jambi: world.City, reason: str) -> None:
        [pk] = queue(jambi, told(siti(jambi))).ids
        with jambi.acting() as officer, pytest.raises(NotNow) as caught:
            outbox.cancel(notice_id=pk, reason=reason, by=officer, now=MORNING)
        assert caught.value.field == "reason"

    def test_what_is_cancelled_stays_so(self, jambi: world.City) -> None:
        [pk] = queue(jambi, told(siti(jambi))).ids
        with jambi.acting() as officer:
            outbox.cancel(notice_id=pk, reason="Salah orang", by=officer, now=MORNING)
            with pytest.raises(NotNow):
                outbox.try_again(notice_id=pk, by=officer, now=MORNING)

    def test_another_city_finds_nothing_to_decide(self, jambi: world.City) -> None:
        [pk] = queue(jambi, told(siti(jambi))).ids
        bungo = world.city("bungo", branch=jambi.branch)
        with bungo.acting() as stranger, pytest.raises(Notice.DoesNotExist):
            outbox.cancel(notice_id=pk, reason="Iseng", by=stranger, now=MORNING)

    def test_nobody_rewrites_what_was_said(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        with jambi.acting(), forbidden():
            Notice.objects.update(body="Lain")


class TestSwitching:
    def test_it_keeps_who_set_it_and_how_it_was_before(self, jambi: world.City) -> None:
        switch_on(jambi, Channel.LETTER)
        with jambi.acting():
            found = switching.setting_of(jambi.sponsor.pk)
            assert (found.revision, found.channels, found.is_on) == (2, ("letter",), True)
            assert found.set_by == jambi.users[Role.CITY_OFFICER].name

    def test_it_refuses_who_looked_at_an_older_one(self, jambi: world.City) -> None:
        with jambi.acting() as officer, pytest.raises(ChangedMeanwhile):
            switching.switch(
                sponsor_id=jambi.sponsor.pk, is_on=False, channels=["sms"], quiet_from=20, quiet_until=7,
                revision=0, by=officer, now=MORNING,
            )  # fmt: skip
