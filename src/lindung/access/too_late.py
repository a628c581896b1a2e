"""What becomes of a page that is sent after its session has ended: kept for its writer, who signs in and finds it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from lindung.access import drafts
from lindung.access.models import User
from lindung.access.scope import Actor, Scope, in_scope
from lindung.access.step_up import came_from
from lindung.engine import clock

WORDS = {True: "isian", False: "ya"}
"""How the sign-in page learns why one is there: with something typed, or without."""


def answer(request: HttpRequest, user: User) -> HttpResponseBase:
    """Keep what was typed as a draft of the user whose session it was, and go to the sign-in page.

    From there the way leads back to the page on which it was typed. A part of a page gets told to load the whole.
    """
    kept = request.method == "POST" and _keep(request, user)
    back = came_from(request) if request.method == "POST" else request.get_full_path()
    query = urlencode({"next": back, "habis": WORDS[kept]})
    address = f"{reverse('account_login')}?{query}"
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _keep(request: HttpRequest, user: User) -> bool:
    with in_scope(Scope(), actor=Actor.of(user)):
        return drafts.keep(
            user_id=user.pk, page=request.path, fields=drafts.typed(request.POST), now=clock.now()
        )
