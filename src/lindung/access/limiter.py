"""Counts attempts in one statement, so that of any number at the same moment exactly `limit` get through.

The count stands whatever becomes of the request around it: inside a transaction it is written through a
connection of its own. A window starts with the first attempt and ends `window_seconds` later.
"""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

from lindung.access.sealing import blind_index, blind_index_many

_COUNT = """
INSERT INTO access_limitercounter AS counter (key_hash, hits, ends_at) VALUES (%(key)s, 1, %(end)s)
ON CONFLICT (key_hash) DO UPDATE SET
    hits = CASE WHEN counter.ends_at <= %(now)s THEN 1 ELSE least(counter.hits, 1000000) + 1 END,
    ends_at = CASE WHEN counter.ends_at <= %(now)s THEN excluded.ends_at ELSE counter.ends_at END
RETURNING hits, ends_at
"""
_FORGET = "DELETE FROM access_limitercounter WHERE key_hash = ANY(%(keys)s)"
_SWEEP = """
DELETE FROM access_limitercounter WHERE key_hash IN (
    SELECT key_hash FROM access_limitercounter WHERE ends_at <= %(now)s LIMIT 500 FOR UPDATE SKIP LOCKED)
"""
# One new window in 32 clears away old ones: the table stays small without a job of its own.
_SWEEPING_BYTES = range(8)


class Limit(NamedTuple):
    """So many attempts under one key within so many seconds."""

    key: str
    attempts: int
    seconds: int


class Verdict(NamedTuple):
    """Whether an attempt may go on, how many are left in the window, and the seconds until it ends."""

    allowed: bool
    left: int
    retry_after: int


def hit(key: str, *, limit: int, window_seconds: int, now: datetime.datetime) -> Verdict:
    """Count one attempt under `key` (kept as a hash only) and say whether it is among the first `limit`."""
    with _own_cursor() as cursor:
        return _counted(cursor, Limit(key, limit, window_seconds), now)


def hit_all(limits: Iterable[Limit], *, now: datetime.datetime) -> bool:
    """Count one attempt under each limit in turn; at the first that is used up, stop and say False."""
    with _own_cursor() as cursor:
        return all(_counted(cursor, limit, now).allowed for limit in limits)


def forget(*keys: str) -> None:
    """Start anew for these keys: the right password was given."""
    with _own_cursor() as cursor:
        cursor.execute(_FORGET, {"keys": blind_index_many("limiter", keys)})


def sweep(*, now: datetime.datetime) -> int:
    """Remove up to 500 windows that are over; returns how many."""
    with _own_cursor() as cursor:
        cursor.execute(_SWEEP, {"now": now})
        removed: int = cursor.rowcount
    return removed


def _counted(cursor: CursorWrapper, limit: Limit, now: datetime.datetime) -> Verdict:
    key_hash = blind_index("limiter", limit.key)
    end = now + datetime.timedelta(seconds=limit.seconds)
    cursor.execute(_COUNT, {"key": key_hash, "end": end, "now": now})
    hits, ends_at = cursor.fetchone()
    if hits == 1 and key_hash[0] in _SWEEPING_BYTES:
        cursor.execute(_SWEEP, {"now": now})
    allowed = hits <= limit.attempts
    wait = 0 if allowed else max(1, int((ends_at - now).total_seconds()))
    return Verdict(allowed, max(0, limit.attempts - hits), wait)


@contextmanager
def _own_cursor() -> Iterator[CursorWrapper]:
    shared = connections[DEFAULT_DB_ALIAS]
    if not shared.in_atomic_block:
        with shared.cursor() as cursor:
            yield cursor
        return
    own = shared.copy()
    try:
        with own.cursor() as cursor:
            yield cursor
    finally:
        own.close()
