"""Delivery: once, in the open hours, again after a while, given up with its reason, and honest after a crash."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

import world
from database import at_once
from lindung.access.scope import SystemScope, system_scope
from lindung.notices import delivering, gateway, outbox
from lindung.notices.delivering import DELIVERER, LEASE, WAITS, Round, deliver
from lindung.notices.models import Channel, Notice, State
from lindung.notices.ways import Again, Outcome, Parcel, Refused, Sent, Unclear, Ways
from notices.conftest import MORNING, NIGHT, describe, switch_on
from notices.servers import Provider
from notices.test_outbox import queue, siti, told


class Wire:
    """A channel that answers as it is told and remembers every parcel; a real one is in test_gateway.py."""

    def __init__(self, *outcomes: Outcome, deduplicates: bool = False, knows: Outcome | None = None) -> None:
        self.outcomes = list(outcomes)
        self.deduplicates = deduplicates
        self.knows = knows
        self.sent: list[Parcel] = []

    def send(self, parcel: Parcel) -> Outcome:
        self.sent.append(parcel)
        return self.outcomes.pop(0) if self.outcomes else Sent("ref-1")

    def ask(self, parcel: Parcel) -> Outcome | None:
        return self.knows


def ways(wire: Wire) -> Ways:
    return {Channel.SMS: wire}


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def row() -> Notice:
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        return Notice.objects.get()


def crashed(place: world.City) -> None:
    """A notice whose sender was gone after it claimed it."""
    queue(place, told(siti(place)))

    class Gone(Wire):
        def send(self, parcel: Parcel) -> Outcome:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(ways=ways(Gone()), now=at(MORNING))
    assert row().state == State.SENDING


class TestSending:
    def test_it_sends_what_waits_and_keeps_the_reference(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        wire = Wire()
        assert deliver(ways=ways(wire), now=at(MORNING)) == Round(sent=1)
        [parcel] = wire.sent
        assert parcel.address == "+6281274012345"
        assert "bulan Agustus 2026 sudah dibayar oleh Kota Jambi" in parcel.body
        assert (row().state, row().reference, row().sent_at) == (State.SENT, "ref-1", MORNING)

    def test_what_is_sent_is_not_sent_again(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        wire = Wire()
        deliver(ways=ways(wire), now=at(MORNING))
        deliver(ways=ways(wire), now=at(MORNING + timedelta(days=9)))
        assert len(wire.sent) == 1

    def test_it_is_quiet_at_night_and_goes_on_in_the_morning(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        wire = Wire()
        assert deliver(ways=ways(wire), now=at(NIGHT)).taken == 0
        assert row().not_before.astimezone(world.ZONE).strftime("%d %H:%M") == "11 07:00"
        assert deliver(ways=ways(wire), now=at(NIGHT + timedelta(hours=9, minutes=1))).sent == 1

    def test_it_holds_what_waits_when_a_city_switches_off(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        switch_on(jambi, is_on=False)
        assert deliver(ways=ways(Wire()), now=at(MORNING)).taken == 0
        assert row().state == State.WAITING

    def test_it_says_that_there_is_no_channel_and_goes_on_when_there_is(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        assert deliver(ways={}, now=at(MORNING)) == Round(no_channel=1)
        assert (row().state, row().reason) == (State.NO_CHANNEL, "no_channel")
        assert deliver(ways=ways(Wire()), now=at(MORNING)).sent == 1

    def test_two_who_deliver_at_once_send_each_once(self, fresh_database: str) -> None:
        city = world.city()
        switch_on(city)
        queue(city, *[told(siti(city, ref=f"person:{n}")) for n in range(6)])
        wire = Wire()
        found = at_once(*[lambda: deliver(ways=ways(wire), now=at(MORNING))] * 2)
        assert [each for each in found if isinstance(each, Exception)] == []
        assert len({parcel.id for parcel in wire.sent}) == len(wire.sent) == 6


class TestTryingAgain:
    def test_it_waits_longer_each_time_and_then_gives_up(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        wire, moment = Wire(*[Again("gateway.later")] * 9), MORNING
        for wait in WAITS[:4]:
            assert deliver(ways=ways(wire), now=at(moment)).failed == 1
            assert row().not_before == moment + wait
            assert deliver(ways=ways(wire), now=at(moment + wait - timedelta(seconds=1))).taken == 0
            moment += wait
        assert deliver(ways=ways(wire), now=at(moment)).failed == 1
        assert deliver(ways=ways(wire), now=at(moment + WAITS[4])).given_up == 1
        assert (row().state, row().reason, row().attempts) == (State.GIVEN_UP, "gateway.later", 6)

    def test_it_gives_up_at_once_where_it_is_refused_for_good(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        assert deliver(ways=ways(Wire(Refused("gateway.refused"))), now=at(MORNING)).given_up == 1

    def test_people_may_try_it_again(self, jambi: world.City) -> None:
        [pk] = queue(jambi, told(siti(jambi))).ids
        wire = Wire(Refused("gateway.refused"))
        deliver(ways=ways(wire), now=at(MORNING))
        with jambi.acting() as officer:
            outbox.try_again(notice_id=pk, by=officer, now=MORNING)
        assert deliver(ways=ways(wire), now=at(MORNING)).sent == 1
        assert wire.sent[0].once == wire.sent[1].once

    def test_they_may_try_all_of_a_city_again(self, jambi: world.City) -> None:
        queue(jambi, *[told(siti(jambi, ref=f"person:{n}")) for n in range(3)])
        wire = Wire(*[Refused("gateway.refused")] * 3)
        deliver(ways=ways(wire), now=at(MORNING))
        with jambi.acting() as officer:
            assert outbox.try_all_again(by=officer, now=MORNING, sponsor_id=jambi.sponsor.pk) == 3
            assert outbox.try_all_again(by=officer, now=MORNING, sponsor_id=jambi.sponsor.pk) == 0
        assert deliver(ways=ways(wire), now=at(MORNING)).sent == 3


class TestAfterACrash:
    def test_it_leaves_a_lease_that_runs_in_peace(self, jambi: world.City) -> None:
        crashed(jambi)
        assert deliver(ways=ways(Wire()), now=at(MORNING + LEASE)).taken == 0

    def test_a_person_looks_where_nobody_can_know(self, jambi: world.City) -> None:
        crashed(jambi)
        wire = Wire()
        assert deliver(ways=ways(wire), now=at(MORNING + 2 * LEASE)).unknown == 1
        assert (wire.sent, row().state, row().reason) == ([], State.UNKNOWN, "crashed")

    def test_she_may_say_that_it_has_arrived(self, jambi: world.City) -> None:
        crashed(jambi)
        deliver(ways=ways(Wire()), now=at(MORNING + 2 * LEASE))
        with jambi.acting() as officer:
            outbox.arrived(notice_id=row().pk, reason="Kata Ibu Siti", by=officer, now=MORNING)
        assert row().state == State.SENT

    def test_it_goes_again_where_the_other_side_drops_the_second(self, jambi: world.City) -> None:
        crashed(jambi)
        wire = Wire(deduplicates=True)
        deliver(ways=ways(wire), now=at(MORNING + 2 * LEASE))
        assert deliver(ways=ways(wire), now=at(MORNING + 3 * LEASE)).sent == 1

    @pytest.mark.parametrize(
        ("knows", "state"),
        [(Sent("m-7"), State.SENT), (Again("crashed"), State.FAILED), (None, State.UNKNOWN)],
    )
    def test_the_other_side_is_asked_where_it_can_be(
        self, jambi: world.City, knows: Outcome | None, state: State
    ) -> None:
        crashed(jambi)
        deliver(ways=ways(Wire(knows=knows)), now=at(MORNING + 2 * LEASE))
        assert row().state == state

    def test_an_answer_that_never_came_is_unclear(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        assert deliver(ways=ways(Wire(Unclear("gateway.unclear"))), now=at(MORNING)).unknown == 1

    def test_it_is_tried_again_where_the_other_side_drops_the_second(self, jambi: world.City) -> None:
        queue(jambi, told(siti(jambi)))
        wire = Wire(Unclear("gateway.unclear"), deduplicates=True)
        assert deliver(ways=ways(wire), now=at(MORNING)).failed == 1

    def test_whoever_comes_back_too_late_changes_nothing(
        self, jambi: world.City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Frozen for an hour while sending: meanwhile its notice was put before a person."""
        queue(jambi, told(siti(jambi)))

        class Frozen(Wire):
            def send(self, parcel: Parcel) -> Outcome:
                deliver(ways=ways(Wire()), now=at(MORNING + 6 * LEASE))
                return Sent("late")

        deliver(ways=ways(Frozen()), now=at(MORNING), most=1)
        assert (row().state, row().reference) == (State.UNKNOWN, "")


KILLED = """
    import os, signal, django
    django.setup()
    from datetime import datetime
    from lindung.notices import delivering, gateway
    told = delivering._told
    def killed(*args):  # between the send and the mark
        os.kill(os.getpid(), signal.SIGKILL)
    delivering._told = killed
    moment = datetime.fromisoformat(os.environ["MOMENT"])
    delivering.deliver(ways=gateway.from_file(), now=lambda: moment)
"""


@pytest.mark.faults
@pytest.mark.parametrize(
    ("more", "state", "arrived"),
    [
        ((), State.UNKNOWN, 1),
        (("deduplicates = true",), State.SENT, 2),
        (('[sms.ask]\nurl = "{url}/status/{{once}}"',), State.SENT, 1),
    ],
)
def test_it_survives_a_real_kill_between_the_send_and_the_mark(
    fresh_database: str,
    provider: Provider,
    described: Path,
    more: tuple[str, ...],
    state: State,
    arrived: int,
) -> None:
    """kill -9 after the provider took it: never lost, never under a second key."""
    describe(described, provider, *[line.format(url=provider.url) for line in more])
    city = world.city()
    switch_on(city)
    queue(city, told(siti(city)))
    connection.close()
    process = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "lindung.settings", "MOMENT": MORNING.isoformat()},
        check=False,
    )
    assert process.returncode == -signal.SIGKILL
    assert (row().state, len(provider.got)) == (State.SENDING, 1)
    for after in (2, 3):
        delivering.deliver(ways=gateway.from_file(), now=at(MORNING + after * LEASE))
    assert row().state == state
    assert len(provider.once) == arrived
    assert len(set(provider.once)) == 1
