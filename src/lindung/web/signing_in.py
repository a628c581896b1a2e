"""The page behind a one-time link of the demo; all other sign-in pages are allauth's views with our templates."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access import demo_links
from lindung.engine import clock, state


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def demo_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for one press of a button, then sign in; programs that merely preview a link do not use it up."""
    if not state.is_demo() or not demo_links.is_from_this_machine(request):
        raise Http404("only in a demo, only on this machine")
    if request.method != "POST":
        return render(request, "web/demo_link.html")
    if demo_links.sign_in(request, token, now=clock.now()) is None:
        return render(request, "web/demo_link.html", {"spent": True}, status=410)
    return redirect("web:today")
