"""Takes what is due out of the outbox and sends it, one at a time, so that a crash leaves one notice unclear at most.

1. A notice is claimed (`SKIP LOCKED`) and its state `sending` is committed, with an attempt and a lease, before
   anything leaves the house.
2. It is sent, outside of any transaction.
3. What came of it is written, only if the attempt is still ours.

Between 2 and 3 a crash leaves the notice in `sending`. When its lease has run out: a channel that drops what it got
before gets it once more under the same key; a channel that can be asked is asked; else a person looks
(`unknown`), because nobody can know.
"""

import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.access.sealing import unseal
from lindung.notices.models import Channel, Notice, State
from lindung.notices.quiet import is_quiet, next_open
from lindung.notices.switching import Setting, switched_on
from lindung.notices.ways import Again, Outcome, Parcel, Refused, Sent, Unclear, Way, Ways

DELIVERER = Actor(None, "notices")
LEASE = timedelta(minutes=10)
"""Longer than any channel may take."""
WAITS = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 360))
"""Between the attempts; after the last one it is given up."""
_OURS = uuid.UUID("0b6a3e0c-6f0a-5c1e-9c55-2d1f4c6f7a10")

_CLAIM = """
UPDATE notices_notice n
   SET state = 'sending', attempt = %(attempt)s, lease_until = %(until)s, attempts = attempts + 1, reason = ''
  FROM (SELECT id FROM notices_notice
         WHERE state IN ('waiting', 'failed') AND channel = ANY (%(channels)s) AND sponsor_id = ANY (%(cities)s)
           AND not_before <= %(now)s
         ORDER BY not_before, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) due
 WHERE n.id = due.id
RETURNING n.id, n.key, n.channel, n.created_at, n.attempts, n.to_name, n.address_sealed, n.title, n.body
"""
_LATE = """
UPDATE notices_notice n SET attempt = %(attempt)s, lease_until = %(until)s
  FROM (SELECT id FROM notices_notice WHERE state = 'sending' AND lease_until < %(now)s
         ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) late
 WHERE n.id = late.id
RETURNING n.id, n.key, n.channel, n.created_at, n.attempts, n.to_name, n.address_sealed, n.title, n.body
"""


class Round(NamedTuple):
    """What one round did: notices by the state they came into."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    unknown: int = 0
    no_channel: int = 0

    @property
    def taken(self) -> int:
        """How many were taken up, whatever became of them."""
        return self.sent + self.failed + self.given_up + self.unknown


class _Claimed(NamedTuple):
    """A notice that is ours until its lease runs out."""

    id: int
    key: str
    channel: str
    created_at: datetime
    attempts: int
    to_name: str
    sealed: bytes
    title: str
    body: str
    attempt: uuid.UUID

    def parcel(self) -> Parcel:
        once = uuid.uuid5(_OURS, f"{self.id}|{self.key}|{self.created_at.timestamp()}")
        address = unseal(self.sealed, table="notices_notice", column="address_sealed", row_id=self.id)
        return Parcel(self.id, str(once), address, self.to_name, self.title, self.body)


def deliver(*, ways: Ways, now: Callable[[], datetime], most: int = 200) -> Round:
    """Send what is due, at most so many. Call it outside of any transaction: each step commits by itself.

    Quiet cities and those that are switched off are left in peace; a channel that is not set up is said so.
    """
    done = dict.fromkeys(Round._fields, 0)
    done["no_channel"] = _sorted_by_channel(ways, now())
    for _ in range(most):
        state = _finish_late(ways, now)
        if state is None:
            break
        done[state] += 1
    for _ in range(most):
        state = _next(ways, now)
        if state is None:
            break
        done[state] += 1
    return Round(**done)


def _sorted_by_channel(ways: Ways, now: datetime) -> int:
    """Who waits for a channel that is not there is told so; who waited for one that has come goes on."""
    there = [channel.value for channel in ways]
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        Notice.objects.filter(state=State.NO_CHANNEL, channel__in=there).update(
            state=State.WAITING, not_before=now, reason=""
        )
        wires = Notice.objects.filter(state__in=(State.WAITING, State.FAILED)).exclude(
            channel__in=[*there, Channel.LETTER.value]
        )
        return wires.update(state=State.NO_CHANNEL, reason="no_channel")


def _next(ways: Ways, now: Callable[[], datetime]) -> str | None:
    """Claim one, send it, say what came of it; None when nothing is due."""
    moment = now()
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        claimed = _claim(_CLAIM, moment, channels=list(ways), cities=_open_cities(moment))
    if claimed is None:
        return None
    return _told(claimed, ways[Channel(claimed.channel)].send(claimed.parcel()), ways, now)


def _finish_late(ways: Ways, now: Callable[[], datetime]) -> str | None:
    """A notice whose sender died: due anew where that is safe, asked about where one can ask, else for a person."""
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        claimed = _claim(_LATE, now())
    if claimed is None:
        return None
    way = ways.get(Channel(claimed.channel))
    return _told(claimed, _after_a_crash(way, claimed), ways, now)


def _after_a_crash(way: Way | None, claimed: _Claimed) -> Outcome:
    if way is None:
        return Unclear("crashed")
    return Again("crashed") if way.deduplicates else way.ask(claimed.parcel()) or Unclear("crashed")


def _told(claimed: _Claimed, outcome: Outcome, ways: Ways, now: Callable[[], datetime]) -> str:
    """Write what came of it; an attempt that is no longer ours has been finished by somebody else."""
    way = ways.get(Channel(claimed.channel))
    if isinstance(outcome, Unclear) and way is not None:
        outcome = Again(outcome.reason) if way.deduplicates else way.ask(claimed.parcel()) or outcome
    changes = _changes(outcome, claimed.attempts, now())
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        ours = Notice.objects.filter(pk=claimed.id, state=State.SENDING, attempt=claimed.attempt)
        ours.update(lease_until=None, **changes)
    return str(changes["state"])


def _changes(outcome: Outcome, attempts: int, now: datetime) -> Mapping[str, object]:
    match outcome:
        case Sent(reference):
            return {"state": State.SENT.value, "sent_at": now, "reference": reference}
        case Refused(reason):
            return {"state": State.GIVEN_UP.value, "reason": reason}
        case Unclear(reason):
            return {"state": State.UNKNOWN.value, "reason": reason}
        case Again(reason) if attempts > len(WAITS):
            return {"state": State.GIVEN_UP.value, "reason": reason}
        case Again(reason):
            later = now + WAITS[attempts - 1]
            return {"state": State.FAILED.value, "reason": reason, "not_before": later}


def _open_cities(now: datetime) -> list[int]:
    """The cities that tell people at this moment; what is due in a quiet one waits for its morning."""
    settings = switched_on()
    quiet = {pk: each for pk, each in settings.items() if _quiet(each, now)}
    for pk, each in quiet.items():
        _until_morning(pk, each, now)
    return [pk for pk in settings if pk not in quiet]


def _quiet(setting: Setting, now: datetime) -> bool:
    return is_quiet(now, quiet_from=setting.quiet_from, quiet_until=setting.quiet_until)


def _until_morning(sponsor_id: int, setting: Setting, now: datetime) -> None:
    morning = next_open(now, quiet_from=setting.quiet_from, quiet_until=setting.quiet_until)
    due = Notice.objects.filter(
        sponsor_id=sponsor_id, state__in=(State.WAITING, State.FAILED), not_before__lte=now
    )
    due.exclude(channel=Channel.LETTER).update(not_before=morning)


def _claim(
    statement: str,
    now: datetime,
    *,
    channels: Collection[str] = (),
    cities: Collection[int] = (),
) -> _Claimed | None:
    attempt = uuid.uuid4()
    values: dict[str, Any] = {
        "attempt": attempt,
        "until": now + LEASE,
        "now": now,
        "channels": [str(each) for each in channels],
        "cities": list(cities),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return None if row is None else _Claimed._make((*row, attempt))
