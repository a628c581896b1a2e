"""What becomes of a page that is sent after its session has ended: kept for its writer, who signs in and finds it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.csrf import csrf_failure

from lindung.access import drafts, guessing, second_factor
from lindung.access.models import User
from lindung.access.scope import Actor, Scope, in_scope
from lindung.access.standing import signed_in_user
from lindung.access.step_up import came_from
from lindung.engine import clock

WORDS = {True: "isian", False: "ya"}
"""How the sign-in page learns why one is there: with something typed, or without."""
CUT_OFF = {True: "diakhiri-isian", False: "diakhiri"}
"""The same of a session that somebody ended from elsewhere."""
TYPED_ON = "X-Page"
"""The header in which a page that keeps its own typed work names itself."""


def answer(request: HttpRequest, user: User) -> HttpResponseBase:
    """Keep what was typed as a draft of the user whose session it was, and go to the sign-in page.

    From there the way leads back to the page on which it was typed. Nothing else is done with it.
    """
    return _to_sign_in(request, kept=request.method == "POST" and _keep(request, user))


def _to_sign_in(request: HttpRequest, *, kept: bool) -> HttpResponseBase:
    """The way to sign in; a page that asked by itself reads it in X-Sign-In, and goes there."""
    words = CUT_OFF if getattr(request, "cut_off", False) else WORDS
    query = urlencode({"next": page_of(request), "habis": words[kept]})
    address = f"{reverse('account_login')}?{query}"
    if TYPED_ON in request.headers:
        return HttpResponse(headers={"X-Sign-In": address})
    return HttpResponseRedirect(address)


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """The page for a form whose token is not this session's; for a part of a page, the way to a fresh one.

    Somebody signed in or out in another window meanwhile. A part has no place to show a page in, so the browser
    goes to the form's own page, where what was typed stands again, or to sign in first.
    """
    if not (is_part(request) and _is_ours(request)):
        return csrf_failure(request, reason=reason)
    over: User | None = getattr(request, "came_too_late", None)
    if over is not None:
        return answer(request, over)
    user = signed_in_user(request)
    if user is None:
        return _to_sign_in(request, kept=False)
    if second_factor.has_passed(request.session, user):
        _keep(request, user)
    return HttpResponseRedirect(page_of(request))


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return "HX-Request" in request.headers


def page_of(request: HttpRequest) -> str:
    """The page to come back to: where something was sent or asked from; for a part that was sent, the form's own page.

    A form inside a page has a page of its own at the address it is sent to, with its draft.
    """
    if TYPED_ON in request.headers:
        return request.headers[TYPED_ON]
    sent = request.method == "POST"
    return request.get_full_path() if sent == is_part(request) else came_from(request)


def _is_ours(request: HttpRequest) -> bool:
    """Another site cannot send htmx's own header without asking first, and would name itself as the origin."""
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def _keep(request: HttpRequest, user: User) -> bool:
    page, fields = request.headers.get(TYPED_ON, request.path), drafts.typed(request.POST)
    if not (fields and page.startswith("/") and guessing.may_keep_draft(user.pk, now=clock.now())):
        return False
    with in_scope(Scope(), actor=Actor.of(user)):
        return drafts.keep(user_id=user.pk, page=page, fields=fields, now=clock.now())
