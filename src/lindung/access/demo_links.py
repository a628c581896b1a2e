"""Signing in to the demo by a one-time link: on a demo's state folder and from this very machine only."""

import datetime
import ipaddress
import secrets

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from lindung.access import second_factor
from lindung.access.models import SignInLink, User
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.access.sealing import blind_index
from lindung.engine import state

VALID_FOR = datetime.timedelta(hours=24)
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_PROXY_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


class NotADemo(Exception):
    """Sign-in links and codes are made only for a demo, whose people are invented."""


def make(user: User, *, now: datetime.datetime) -> str:
    """A new token, good for one sign-in within 24 hours; only its hash is kept. Raises NotADemo."""
    _refuse_outside_demo()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(token_hash=_hash(token), user=user, expires_at=now + VALID_FOR)
    return token


def consume(token: str, *, now: datetime.datetime, remote_addr: str) -> User | None:
    """The user of this link, exactly once; None when it is used, too old, unknown, or asked from elsewhere.

    Call it for a POST: programs that preview links make GET requests.
    """
    if not state.is_demo() or not is_loopback(remote_addr):
        return None
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        link = (
            SignInLink.objects.filter(token_hash=_hash(token), user__is_active=True)
            .select_related("user")
            .first()
        )
    if link is None:
        return None
    unused = SignInLink.objects.filter(pk=link.pk, used_at__isnull=True, expires_at__gt=now)
    # Of two at the same moment one waits for the other's row, and then finds it used.
    return link.user if unused.update(used_at=now) == 1 else None


def sign_in(request: HttpRequest, token: str, *, now: datetime.datetime) -> User | None:
    """Use the link up and make the session its user's, second factor included; None as `consume`."""
    if not is_from_this_machine(request):
        return None
    user = consume(token, now=now, remote_addr=request.META["REMOTE_ADDR"])
    if user is not None:
        get_adapter(request).login(request, user)
        second_factor.note_passed(request.session, user)
    return user


def totp_code(user: User) -> second_factor.Code:
    """The code of this moment for a user of the demo. Raises NotADemo."""
    _refuse_outside_demo()
    return second_factor.current_code(user)


def is_from_this_machine(request: HttpRequest) -> bool:
    """True for a browser on this machine that asks for this machine, with no proxy in between."""
    host = (
        request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    )
    proxied = any(name in request.META for name in _PROXY_HEADERS)
    return is_loopback(request.META.get("REMOTE_ADDR", "")) and host in LOCAL_NAMES and not proxied


def is_loopback(address: str) -> bool:
    """True for 127.0.0.0/8 and ::1."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _refuse_outside_demo() -> None:
    if not state.is_demo():
        raise NotADemo("This state folder is not a demo.")


def _hash(token: str) -> bytes:
    return blind_index("sign_in_link", token)
