"""The list of sessions somebody is signed in with, and how one is ended from elsewhere."""

import datetime
import ipaddress
import re
from typing import NamedTuple

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from lindung.access import second_factor
from lindung.access.audit import record
from lindung.access.models import OpenSession, User
from lindung.access.scope import Actor
from lindung.access.sealing import blind_index, seal, unseal
from lindung.access.sessions import SessionStore

NUMBER = "open_session"
"""In the session: the id of its row in the list."""
FORGOTTEN_AFTER = datetime.timedelta(days=30)
LONGEST_PAUSE = datetime.timedelta(minutes=15)
LONGEST = datetime.timedelta(hours=8)
_PLACE = {"table": "access_opensession", "column": "key_sealed"}

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


class Shown(NamedTuple):
    """One session as its owner sees it; `place` is the neighbourhood of the address, never the whole of it."""

    id: int
    device: str
    place: str
    since: datetime.datetime
    seen_at: datetime.datetime
    is_this: bool


def seen(request: HttpRequest, user: User, *, now: datetime.datetime) -> None:
    """Note that this session is in use; the first time, that it is there. The key may have changed meanwhile.

    Call it in the scope in which people sign in.
    """
    session, key = request.session, request.session.session_key
    if key is None:
        return
    number = session.get(NUMBER)
    if number is None or not _touched(number, user, key, now=now):
        session[NUMBER] = _noted(request, user, key, now=now)


def sessions_of(user_id: int, *, now: datetime.datetime, this: SessionBase | None = None) -> list[Shown]:
    """The sessions of a user that are alive, the latest first."""
    alive = OpenSession.objects.filter(user_id=user_id, ended_at=None, seen_at__gt=now - LONGEST_PAUSE)
    own = None if this is None else this.get(NUMBER)
    return [
        Shown(row.pk, row.device, row.place, row.since, row.seen_at, row.pk == own)
        for row in alive.order_by("-seen_at", "-pk")[:50]
    ]


def end(session_id: int, *, of_user: int, by: Actor, sponsor_id: int | None, now: datetime.datetime) -> None:
    """End one session at once: its cookie is worth nothing any more. Raises OpenSession.DoesNotExist."""
    found = OpenSession.objects.get(pk=session_id, user_id=of_user, ended_at=None)
    _end([found], by=by, sponsor_id=sponsor_id, now=now)


def end_all(
    *, of_user: int, by: Actor, sponsor_id: int | None, now: datetime.datetime, but: SessionBase | None = None
) -> int:
    """End every session of a user, but the one in hand when it is named; how many."""
    kept = None if but is None else but.get(NUMBER)
    found = list(OpenSession.objects.filter(user_id=of_user, ended_at=None).exclude(pk=kept or 0))
    return _end(found, by=by, sponsor_id=sponsor_id, now=now)


def ended(session: SessionBase, *, now: datetime.datetime) -> None:
    """This very session is over: signed out, or too long without a request."""
    OpenSession.objects.filter(pk=session.get(NUMBER) or 0).update(ended_at=now)


def cut_off(key: str, *, now: datetime.datetime) -> User | None:
    """Whose session this key opened before it was ended from elsewhere, told once; None for any other key.

    Keys are drawn by us and known to nobody but the browser that got them; that browser forgets the key with the
    answer. Within the time the session could have lasted, of somebody who had given both factors in it and may still
    sign in. Call it in the scope in which people sign in.
    """
    found = OpenSession.objects.filter(
        key_hash=blind_index("session", key), cut_off=True, since__gt=now - LONGEST, user__is_active=True
    )
    row = found.select_related("user").first()
    once = row is not None and OpenSession.objects.filter(pk=row.pk, cut_off=True).update(cut_off=False) == 1
    return row.user if row is not None and once else None


def _end(found: list[OpenSession], *, by: Actor, sponsor_id: int | None, now: datetime.datetime) -> int:
    for row in found:
        session = SessionStore(unseal(row.key_sealed, row_id=row.user_id, **_PLACE))
        row.cut_off = session.get(second_factor.PASSED) == row.user_id
        session.delete()
        row.ended_at = now
        row.save(update_fields=["ended_at", "cut_off"])
    for user_id in {row.user_id for row in found}:
        detail = {"sessions": len(found)}
        record("end_sessions", by=by, subject=f"user:{user_id}", sponsor_id=sponsor_id, detail=detail)
    return len(found)


def _touched(number: int, user: User, key: str, *, now: datetime.datetime) -> bool:
    fields = {"key_hash": blind_index("session", key), "key_sealed": _sealed(key, user), "seen_at": now}
    return OpenSession.objects.filter(pk=number, user=user, ended_at=None).update(**fields) == 1


def _noted(request: HttpRequest, user: User, key: str, *, now: datetime.datetime) -> int:
    OpenSession.objects.filter(user=user, seen_at__lt=now - FORGOTTEN_AFTER).delete()
    row, _ = OpenSession.objects.update_or_create(
        key_hash=blind_index("session", key),
        defaults={"user": user, "seen_at": now, "ended_at": None, "key_sealed": _sealed(key, user)},
        create_defaults={
            "user": user,
            "key_sealed": _sealed(key, user),
            "device": device_of(request.headers.get("User-Agent", "")),
            "place": place_of(request.META.get("REMOTE_ADDR", "")),
            "since": now,
            "seen_at": now,
        },
    )
    return int(row.pk)


def _sealed(key: str, user: User) -> bytes:
    return seal(key, row_id=user.pk, **_PLACE)


def device_of(agent: str) -> str:
    """What a browser says of itself in two words: "Chrome, Windows"; what nobody knows stays empty."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return ", ".join(filter(None, (browser, system)))


def place_of(address: str) -> str:
    """The neighbourhood of an address, enough to know one's office by: 203.0.113.x, 2001:db8:0:1::/64."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if known.version == 4:
        return re.sub(r"[0-9]+$", "x", str(known))
    return str(ipaddress.ip_network((known, 64), strict=False))
