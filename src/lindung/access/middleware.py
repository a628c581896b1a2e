"""What wraps every request: how long a session lives, whose rows it sees, and that two factors were given."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import urlencode

from lindung.access import open_sessions, second_factor, too_late
from lindung.access.models import User
from lindung.access.scope import NOBODY, SystemScope, in_scope, system_scope
from lindung.access.standing import (
    Standing,
    signed_in_user,
    standing_in_sight,
    standing_of,
    standing_of_nobody,
)
from lindung.access.trail import note_visit
from lindung.engine import clock

Answer = Callable[[HttpRequest], HttpResponseBase]

LONGEST_SESSION = 8 * 60 * 60
LONGEST_PAUSE = 15 * 60
"""Seconds; the computer of a kelurahan is shared."""

STARTED, SEEN = "started_at", "seen_at"
_NOTE_EVERY = 30


class SessionLifeMiddleware:
    """Finds out who asks; ends a session 8 hours after sign-in and after 15 minutes without a request.

    Stands before the scope, so it looks up user and appointment in the system's own. Requests that a page makes by
    itself (polling) do not keep a session alive. By the machine's own clock: a demo whose day stands still must end
    its sessions too.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY not in request.session:
            self._recognise(request)
            _stands(request, standing_of_nobody(clock.today()))
            return self.get_response(request)
        with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
            self._meet(request)
        response = self.get_response(request)
        _keep_private(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Whoever comes too late signs in again and finds what she typed; asked after the check against forgery."""
        user = getattr(request, "came_too_late", None)
        if user is None or not getattr(view, "login_required", True):
            return None
        return too_late.answer(request, user)

    @staticmethod
    def _recognise(request: HttpRequest) -> None:
        """Whoever comes with the cookie of a session that was ended from elsewhere is told so; nothing is hers."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if request.session.session_key is None and key.isalnum():
            with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
                user = open_sessions.cut_off(key, now=timezone.now())
            request.cut_off = user is not None  # type: ignore[attr-defined]  # read by too_late
            request.came_too_late = user  # type: ignore[attr-defined]  # read above

    def _meet(self, request: HttpRequest) -> None:
        user, now = signed_in_user(request), int(time.time())
        if user is not None and self._is_over(request, now):
            note_visit("session_over", user, request)
            open_sessions.ended(request.session, now=timezone.now())
            if second_factor.has_passed(request.session, user):
                request.came_too_late = user  # type: ignore[attr-defined]  # read above
            logout(request)
            user = None
        elif user is not None:
            self._note(request, user, now)
        today = clock.today()
        _stands(request, standing_of_nobody(today) if user is None else standing_in_sight(user, today))

    @staticmethod
    def _is_over(request: HttpRequest, now: int) -> bool:
        started, seen = request.session.get(STARTED, now), request.session.get(SEEN, now)
        return bool(now - started >= LONGEST_SESSION or now - seen >= LONGEST_PAUSE)

    @staticmethod
    def _note(request: HttpRequest, user: User, now: int) -> None:
        """Written every half minute, not at every request: each writing is a row of the database."""
        started = request.session.get(STARTED)
        request.session.setdefault(STARTED, now)
        if started is not None and is_polling(request):
            return
        if now - request.session.get(SEEN, 0) >= _NOTE_EVERY:
            request.session[SEEN] = now
            open_sessions.seen(request, user, now=timezone.now())


def is_polling(request: HttpRequest) -> bool:
    """Whether a page asks by itself how far something is; nobody need be there to see the answer."""
    by_htmx = "HX-Request" in request.headers and request.path.endswith("/kemajuan/")
    return by_htmx or "X-Polling" in request.headers


def seconds_left(session: SessionBase) -> int:
    """Until the session ends at the latest, whatever is done meanwhile; 0 for one that has not begun."""
    started = session.get(STARTED)
    return 0 if started is None else max(0, LONGEST_SESSION - (int(time.time()) - int(started)))


def _stands(request: HttpRequest, standing: Standing) -> None:
    request.standing = standing  # type: ignore[attr-defined]  # read by standing_of


class ScopeMiddleware:
    """One transaction per request, in which the database knows who asks and what is in sight.

    The page is rendered inside. An exception, also one that became a 403 or 404 page, and any answer from
    500 up roll everything back. A streamed body is produced after the transaction and sees no rows at all.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        standing = standing_of(request)
        with in_scope(standing.scope, actor=standing.actor):
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(request, "scope_failed", False):
                transaction.set_rollback(True)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """A signed-in user without an appointment gets the 403 page everywhere but at her own account."""
        standing = standing_of(request)
        if standing.user is not None and standing.appointment is None and not _is_open(request, view):
            raise PermissionDenied("no appointment")

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Whatever page comes of it, nothing of this request stays."""
        request.scope_failed = True  # type: ignore[attr-defined]  # read above


class SecondFactorMiddleware:
    """Sends a signed-in user who has not given a second factor in this session to do so, before anything else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """To the set-up without a second factor, to the question for its code with one."""
        user = signed_in_user(request)
        if user is None or not getattr(view, "login_required", True):
            return None
        if second_factor.has_passed(request.session, user):
            return None
        if not second_factor.is_set_up(user):
            return _sent_to("mfa_activate_totp", request, also_open={"account_reauthenticate"})
        return _sent_to("mfa_reauthenticate", request)


def _sent_to(name: str, request: HttpRequest, also_open: set[str] | None = None) -> HttpResponseBase | None:
    if _view_name(request) in {name, "account_logout", *(also_open or ())}:
        return None
    query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return HttpResponseRedirect(f"{resolve_url(name)}?{query}" if query else resolve_url(name))


def _is_open(request: HttpRequest, view: Any) -> bool:
    match = request.resolver_match
    name = (match.url_name if match else None) or ""
    return not getattr(view, "login_required", True) or name.startswith(("account_", "mfa_"))


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _keep_private(request: HttpRequest, response: HttpResponseBase) -> None:
    """Nothing of a signed-in user's pages stays in a shared computer; after sign-out the browser forgets them."""
    response.headers.setdefault("Cache-Control", "no-store, private")
    if signed_in_user(request) is None:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
