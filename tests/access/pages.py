"""A small site around the rooms' sign-in: a page that shows the trail, and pages that go wrong."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path
from django.utils import timezone

from lindung.access import demo_links
from lindung.access.audit import record
from lindung.access.models import AuditEvent
from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.access.step_up import stepped_up


def page(request: HttpRequest) -> HttpResponseBase:
    """The trail in sight, read while the template is rendered and not before."""
    template = engines["django"].from_string("{% for event in events %}[{{ event.action }}]{% endfor %}")
    return TemplateResponse(request, template, {"events": AuditEvent.objects.order_by("pk")})


def write(request: HttpRequest) -> HttpResponseBase:
    """Records an event, and then does what the address says."""
    standing = standing_of(request)
    record(
        "written",
        by=standing.actor,
        subject="x:1",
        sponsor_id=standing.scope.sponsor_ids[0],
        detail={},
    )
    match request.GET.get("then"):
        case "raise":
            raise ZeroDivisionError
        case "forbid":
            raise PermissionDenied
        case "fail":
            return HttpResponse("broken", status=503)
        case "render":
            template = engines["django"].from_string("{% for x in broken %}{% endfor %}")
            return TemplateResponse(request, template, {"broken": 1})
    return HttpResponse("written")


@require(Permission.MANAGE_USERS)
def users(request: HttpRequest) -> HttpResponseBase:
    """For administrators."""
    return HttpResponse("users")


@stepped_up
def weighty(request: HttpRequest) -> HttpResponseBase:
    """Shows, or does, something weighty."""
    return HttpResponse("done" if request.method == "POST" else "shown")


@login_not_required
def public(request: HttpRequest) -> HttpResponseBase:
    """For everybody; says how many rows the visitor sees."""
    return HttpResponse(f"{AuditEvent.objects.count()} rows")


@login_not_required
def link(request: HttpRequest, token: str) -> HttpResponseBase:
    """A demo link: a page for GET, a sign-in for POST."""
    if request.method != "POST":
        return HttpResponse("press the button")
    user = demo_links.sign_in(request, token, now=timezone.now())
    return HttpResponse("no", status=410) if user is None else HttpResponse(user.name)


urlpatterns = [
    path("", page, name="page"),
    path("write/", write, name="write"),
    path("users/", users, name="users"),
    path("weighty/", weighty, name="weighty"),
    path("public/", public, name="public"),
    path("link/<str:token>/", link, name="link"),
    path("akun/", include("lindung.access.urls")),
]
