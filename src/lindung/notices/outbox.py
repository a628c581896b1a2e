"""The outbox: what is to be told is written in the transaction it tells of, and people decide what went wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from lindung.access.audit import record, without_numbers
from lindung.access.scope import Actor
from lindung.access.sealing import seal_many
from lindung.engine.refusals import ChangedMeanwhile, Refusal
from lindung.law.text import Text
from lindung.notices.models import Channel, Notice, State
from lindung.notices.quiet import next_open
from lindung.notices.recipients import Recipient, masked
from lindung.notices.switching import Setting, settings_of
from lindung.notices.wording import wording

_INSERT = """
INSERT INTO notices_notice
    (id, key, kind, channel, sponsor_id, kelurahan_code, person_id, to_name, address_sealed, address_masked, title, body,
     state, created_at, not_before, attempts, reason, reference, handed_over_to, event_id)
SELECT n.id, n.key, %(kind)s, n.channel, %(sponsor)s, n.kelurahan, n.person, n.name, n.sealed, n.masked, n.title, n.body,
       'waiting', %(now)s, %(not_before)s, 0, '', '', '', %(event)s
  FROM unnest(%(ids)s::bigint[], %(keys)s::text[], %(channels)s::text[], %(kelurahan)s::text[], %(people)s::bigint[],
              %(names)s::text[], %(sealed)s::bytea[], %(masked)s::text[], %(titles)s::text[], %(bodies)s::text[])
       AS n (id, key, channel, kelurahan, person, name, sealed, masked, title, body)
ON CONFLICT (key) DO NOTHING
RETURNING id, channel
"""
_AT_ONCE = 2_000
"""Notices in one statement."""


class Told(NamedTuple):
    """One thing to tell one person: ``subject`` says what happened ("2026-08"), ``values`` fill the words."""

    to: Recipient
    values: Mapping[str, str | Text]
    subject: str


class Queued(NamedTuple):
    """What came of it: written now, of these on paper, told before, and reached by no channel."""

    ids: tuple[int, ...] = ()
    letters: int = 0
    known: int = 0
    unreached: int = 0

    def plus(self, other: "Queued") -> "Queued":
        """Both together."""
        return Queued(
            self.ids + other.ids,
            self.letters + other.letters,
            self.known + other.known,
            self.unreached + other.unreached,
        )


class NotNow(Refusal):
    """What is asked cannot be done with a notice in this state."""

    code = "notice.not_now"


def send(
    *,
    kind: str,
    to: Recipient,
    values: Mapping[str, str | Text],
    subject: str,
    by: Actor,
    now: datetime,
) -> int | None:
    """Tell one person of one thing, once, when the caller's transaction stands; the notice's id.

    None where the city has not switched notices on, where no channel reaches her, and where it is told already.
    """
    return next(iter(send_many(kind=kind, told=[Told(to, values, subject)], by=by, now=now).ids), None)


def send_many(*, kind: str, told: Sequence[Told], by: Actor, now: datetime) -> Queued:
    """Tell many people, each once; those of cities that have not switched notices on are left out silently.

    Call it in a scope whose actor is `by`. Nothing leaves the house before the caller's transaction is committed.
    """
    settings = settings_of({each.to.sponsor_id for each in told})
    result = Queued()
    by_city = sorted((each for each in told if settings[each.to.sponsor_id].is_on), key=_city)
    for sponsor_id, group in groupby(by_city, key=_city):
        for part in _parts(group):
            result = result.plus(_written(kind, part, sponsor_id, settings[sponsor_id], by, now))
    return result


def key_of(kind: str, each: Told) -> str:
    """What happened and to whom: the same event is told once."""
    return f"{kind}:{each.subject}:{each.to.ref}"


def _written(
    kind: str, told: Sequence[Told], sponsor_id: int, setting: Setting, by: Actor, now: datetime
) -> Queued:
    new = {key_of(kind, each): each for each in told}
    known = set(Notice.objects.filter(key__in=new).values_list("key", flat=True))
    reached = [
        (key, each, channel)
        for key, each in new.items()
        if key not in known and (channel := each.to.reached_by(setting.channels))
    ]
    unreached = len(new) - len(known) - len(reached)
    if not reached:
        return Queued((), 0, len(told) - unreached, unreached)
    letters = sum(channel == Channel.LETTER for _, _, channel in reached)
    event_id = record(
        "notices.queued",
        by=by,
        subject=f"organisation:{sponsor_id}",
        sponsor_id=sponsor_id,
        detail={"kind": kind, "notices": len(reached), "letters": letters},
    )
    rows = _inserted(kind, reached, sponsor_id, setting, event_id, now)
    on_paper = sum(channel == Channel.LETTER for _, channel in rows)
    return Queued(tuple(id for id, _ in rows), on_paper, len(told) - unreached - len(rows), unreached)


def _inserted(
    kind: str,
    reached: Sequence[tuple[str, Told, Channel]],
    sponsor_id: int,
    setting: Setting,
    event_id: int,
    now: datetime,
) -> list[tuple[int, str]]:
    words = [wording(kind, channel, each.values, each.to.language) for _, each, channel in reached]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('notices_notice', 'id')) FROM generate_series(1, %s)",
            [len(reached)],
        )
        ids = [row[0] for row in cursor.fetchall()]
        addresses = [each.to.address(channel) for _, each, channel in reached]
        values: dict[str, Any] = {
            "kind": kind,
            "sponsor": sponsor_id,
            "now": now,
            "not_before": next_open(now, quiet_from=setting.quiet_from, quiet_until=setting.quiet_until),
            "event": event_id,
            "ids": ids,
            "keys": [key for key, _, _ in reached],
            "channels": [channel.value for _, _, channel in reached],
            "kelurahan": [each.to.kelurahan_code for _, each, _ in reached],
            "people": [each.to.person_id for _, each, _ in reached],
            "names": [each.to.name for _, each, _ in reached],
            "sealed": _sealed(ids, addresses),
            "masked": [
                masked(channel, address) for (_, _, channel), address in zip(reached, addresses, strict=True)
            ],
            "titles": [title for title, _ in words],
            "bodies": [body for _, body in words],
        }
        cursor.execute(_INSERT, values)
        return [(id, channel) for id, channel in cursor.fetchall()]


def _sealed(ids: Sequence[int], addresses: Sequence[str]) -> list[bytes | None]:
    blobs = seal_many(zip(ids, addresses, strict=True), table="notices_notice", column="address_sealed")
    return [blob if address else None for blob, address in zip(blobs, addresses, strict=True)]


def _city(each: Told) -> int:
    return each.to.sponsor_id


def _parts(group: Iterable[Told]) -> Iterator[list[Told]]:
    whole = list(group)
    for start in range(0, len(whole), _AT_ONCE):
        yield whole[start : start + _AT_ONCE]


# What people decide about a notice that is in the outbox.


def try_again(*, notice_id: int, by: Actor, now: datetime) -> None:
    """Send it once more, from the first attempt. Raises Notice.DoesNotExist out of sight, NotNow in other states."""
    _moved(notice_id, State.WAITING, "notice.tried_again", {}, by, not_before=now, attempts=0, reason="")


def cancel(*, notice_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Never send it. Raises NotNow when it is on its way or done, and without a reason."""
    said = _reason(reason)
    _moved(notice_id, State.CANCELLED, "notice.cancelled", {"reason": said}, by, reason=said)


def arrived(*, notice_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Somebody found out that a notice of unknown end has arrived; ``reason`` says from whom. Raises NotNow."""
    said = _reason(reason)
    _moved(notice_id, State.SENT, "notice.arrived", {"reason": said}, by, sent_at=now, reason=said)


def try_all_again(*, by: Actor, now: datetime, sponsor_id: int) -> int:
    """Every notice of a city that was given up is sent once more; how many."""
    failed = Notice.objects.filter(sponsor_id=sponsor_id, state=State.GIVEN_UP)
    count = failed.count()
    if count:
        event_id = record(
            "notices.tried_again",
            by=by,
            subject=f"organisation:{sponsor_id}",
            sponsor_id=sponsor_id,
            detail={"notices": count},
        )
        failed.update(state=State.WAITING, not_before=now, attempts=0, reason="", changed_event_id=event_id)
    return count


def steps_from(state: str) -> frozenset[str]:
    """The states a person may put a notice of this state into."""
    return _BY_PEOPLE.get(state, frozenset())


_BY_PEOPLE: dict[str, frozenset[str]] = {
    State.WAITING: frozenset({State.CANCELLED}),
    State.NO_CHANNEL: frozenset({State.CANCELLED}),
    State.FAILED: frozenset({State.WAITING, State.CANCELLED}),
    State.UNKNOWN: frozenset({State.WAITING, State.SENT, State.CANCELLED}),
    State.GIVEN_UP: frozenset({State.WAITING, State.CANCELLED}),
    State.PRINTED: frozenset({State.WAITING, State.CANCELLED}),
}


def _moved(
    notice_id: int, to: State, action: str, detail: dict[str, str], by: Actor, **changes: object
) -> None:
    notice = Notice.objects.only("pk", "state", "sponsor_id", "kind").get(pk=notice_id)
    if to not in steps_from(notice.state):
        raise NotNow(_NOT_NOW)
    event_id = record(
        action,
        by=by,
        subject=f"notice:{notice_id}",
        sponsor_id=notice.sponsor_id,
        detail={"kind": notice.kind, "was": notice.state, **detail},
    )
    same = Notice.objects.filter(pk=notice_id, state=notice.state)
    if same.update(state=to, changed_event_id=event_id, **changes) != 1:
        raise ChangedMeanwhile


def _reason(reason: str) -> str:
    said = reason.strip()[:200]
    if not said:
        raise NotNow(_SAY_WHY, field="reason", code="notice.reason_missing")
    if without_numbers(said) != said:
        raise NotNow(_NO_NUMBERS, field="reason", code="notice.personal_data")
    return said


_NOT_NOW = Text(
    "Pemberitahuan ini sudah berubah keadaannya. Buka lagi halamannya.",
    "This notice has moved on meanwhile. Open the page again.",
)
_SAY_WHY = Text("Tulis alasannya.", "Write the reason.")
_NO_NUMBERS = Text(
    "Jangan menulis NIK atau nomor telepon di alasan. Hapus nomornya, lalu kirim lagi.",
    "Do not write a NIK or a telephone number into the reason. Remove it and send again.",
)
