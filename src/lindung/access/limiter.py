"""Counts attempts in one statement, so that of any number at the same moment exactly `limit` get through.

The count stands whatever becomes of the request around it: inside a transaction it is written through a
connection of its own. A window starts with the first attempt and ends `window_seconds` later.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

from lindung.access.sealing import blind_index

_COUNT = """
INSERT INTO access_limitercounter AS counter (key_hash, hits, ends_at) VALUES (%(key)s, 1, %(end)s)
ON CONFLICT (key_hash) DO UPDATE SET
    hits = CASE WHEN counter.ends_at <= %(now)s THEN 1 ELSE least(counter.hits, 1000000) + 1 END,
    ends_at = CASE WHEN counter.ends_at <= %(now)s THEN excluded.ends_at ELSE counter.ends_at END
RETURNING hits, ends_at
"""
_FORGET = "DELETE FROM access_limitercounter WHERE key_hash = %(key)s"
_SWEEP = """
DELETE FROM access_limitercounter WHERE key_hash IN (
    SELECT key_hash FROM access_limitercounter WHERE ends_at <= %(now)s LIMIT 500 FOR UPDATE SKIP LOCKED)
"""
# One new window in 32 clears away old ones: the table stays small without a job of its own.
_SWEEPING_BYTES = range(8)


class Verdict(NamedTuple):
    """Whether an attempt may go on, how many are left in the window, and the seconds until it ends."""

    allowed: bool
    left: int
    retry_after: int


def hit(key: str, *, limit: int, window_seconds: int, now: datetime.datetime) -> Verdict:
    """Count one attempt under `key` (kept as a hash only) and say whether it is among the first `limit`."""
    key_hash = blind_index("limiter", key)
    end = now + datetime.timedelta(seconds=window_seconds)
    with _own_cursor() as cursor:
        cursor.execute(_COUNT, {"key": key_hash, "end": end, "now": now})
        hits, ends_at = cursor.fetchone()
        if hits == 1 and key_hash[0] in _SWEEPING_BYTES:
            cursor.execute(_SWEEP, {"now": now})
    allowed = hits <= limit
    wait = 0 if allowed else max(1, int((ends_at - now).total_seconds()))
    return Verdict(allowed, max(0, limit - hits), wait)


def forget(key: str) -> None:
    """Start anew for this key: the right password was given."""
    with _own_cursor() as cursor:
        cursor.execute(_FORGET, {"key": blind_index("limiter", key)})


def sweep(*, now: datetime.datetime) -> int:
    """Remove up to 500 windows that are over; returns how many."""
    with _own_cursor() as cursor:
        cursor.execute(_SWEEP, {"now": now})
        removed: int = cursor.rowcount
    return removed


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
