"""The code once more before a weighty step: a reveal, an export, an approval.

Whoever sits down at an open session, or has stolen its cookie, can look; without the telephone she cannot act.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from lindung.access import drafts, second_factor
from lindung.access.standing import signed_in_user
from lindung.engine import clock

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

FRESH_FOR = 5 * 60
"""Seconds for which a code that was given is enough."""
_LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session saw its user's second factor within the last five minutes."""
    user = signed_in_user(request)
    since = None if user is None else second_factor.seconds_since(request.session, user)
    return since is not None and 0 <= since < FRESH_FOR


def stepped_up(view: "View[P]") -> "View[P]":
    """Let a page be looked at freely and be sent only with a fresh code. Stands below `@require(...)`.

    Without one the page is not carried out: what was typed is kept as its draft, the code is asked for, and then
    the page stands there again, filled in, to be sent.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method in _LOOKING or is_fresh(request):
            return view(request, *args, **kwargs)
        return ask(request)

    return guarded


def ask(request: HttpRequest) -> HttpResponseBase:
    """Keep what was typed and go to the page that asks for the code; from there back to where this was sent from."""
    user = signed_in_user(request)
    if user is not None and request.method == "POST":
        drafts.keep(user_id=user.pk, page=request.path, fields=drafts.typed(request.POST), now=clock.now())
    query = urlencode({"next": came_from(request)})
    return HttpResponseRedirect(f"{reverse('account_step_up')}?{query}")


def next_page(request: HttpRequest) -> str:
    """The page of ours to go to after the code; the first page when the address names none of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours else "/"


def came_from(request: HttpRequest) -> str:
    """The page on which something was sent: a button may send to an address that cannot be opened."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not page.path:
        return request.get_full_path()
    return f"{page.path}?{page.query}" if page.query else page.path
