"""One's own account: sessions and how to end them, the known computer, and what keeps typed work."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.access import devices, guessing, open_sessions
from lindung.access.models import Role
from lindung.access.standing import standing_of
from lindung.access.step_up import stepped_up
from lindung.engine import clock
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Words, spoken
from lindung.web.language import said
from lindung.web.sending import ONCE, Done, PageForm, carried_out, filled, keep_draft, status_of

_ENDED = Text("Sesi itu diakhiri.", "That session is ended.")
_OTHERS_ENDED = Text("Semua sesi lain diakhiri.", "All other sessions are ended.")
_FORGOTTEN = Text(
    "Komputer itu tidak dikenal lagi; kode ditanyakan setiap kali masuk.",
    "That computer is no longer known; the code is asked at each sign-in.",
)
_KNOWN = Text(
    "Komputer ini dikenal selama 90 hari. Kode ditanyakan sekali sehari untuk tiap pengguna.",
    "This computer is known for 90 days. The code is asked once a day for each user.",
)


class DeviceForm(PageForm):
    """The name by which a computer is found again."""

    name = Words(
        label=spoken(Text("Nama komputer", "Name of the computer")),
        help_text=spoken(Text("Misalnya: komputer loket 1.", "For example: computer at counter 1.")),
        max_length=60,
    )


@require_safe
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in, and the known computers of one's kelurahan."""
    standing = standing_of(request)
    user_id = standing.actor.user_id or 0
    context = {
        "page": "account",
        "sessions": open_sessions.sessions_of(user_id, now=timezone.now(), this=request.session),
        "is_operator": _is_operator(request),
        "devices": devices.known(now=clock.now()) if _is_operator(request) else [],
    }
    return render(request, "web/sessions.html", context)


@require_POST
@never_cache
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        open_sessions.end(
            session_id,
            of_user=standing.actor.user_id or 0,
            by=standing.actor,
            sponsor_id=_sponsor(request),
            now=timezone.now(),
        )
    if request.session.get(open_sessions.NUMBER) == session_id:
        logout(request)  # nothing can be written any more into a session that is gone
        return redirect("account_login")
    messages.success(request, said(_ENDED))
    return redirect("web:account_sessions")


@require_POST
@never_cache
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    standing = standing_of(request)
    open_sessions.end_all(
        of_user=standing.actor.user_id or 0,
        by=standing.actor,
        sponsor_id=_sponsor(request),
        now=timezone.now(),
        but=request.session,
    )
    messages.success(request, said(_OTHERS_ENDED))
    return redirect("web:account_sessions")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@stepped_up
def register_device(request: HttpRequest) -> HttpResponse:
    """Make the computer one sits at known to its kelurahan; with a fresh code."""
    form = filled(request, DeviceForm)
    if request.method == "POST" and form.is_valid():
        token = devices.token_of(form.cleaned_data[ONCE])
        answer = carried_out(request, form, lambda: _registered(request, form, token))
        if answer is not None:
            devices.set_cookie(answer, token, secure=request.is_secure())
            return answer
    return render(request, "web/device.html", {"page": "account", "form": form}, status=status_of(form))


@require_POST
@never_cache
def forget_device(request: HttpRequest, device_id: int) -> HttpResponse:
    """Let a computer be as any other again; to be found by an operator of its kelurahan only."""
    if not _is_operator(request):
        raise Http404("device")
    with missing_when_not_in_sight():
        devices.forget(device_id=device_id, by=standing_of(request).actor, now=clock.now())
    messages.success(request, said(_FORGOTTEN))
    return redirect("web:account_sessions")


@require_POST
@never_cache
def save_draft(request: HttpRequest) -> HttpResponse:
    """Keep what stands in a page that is being filled in (204), or say that it is too much (413) or too often (429)."""
    page = request.headers.get("X-Page", "")
    if not guessing.may_keep_draft(standing_of(request).actor.user_id or 0, now=clock.now()):
        return HttpResponse(status=429)
    kept = page.startswith("/") and keep_draft(request, page=page, now=clock.now())
    return HttpResponse(status=204 if kept else 413)


@require_POST
@never_cache
def stay(request: HttpRequest) -> HttpResponse:
    """Stay signed in: asking is enough."""
    return HttpResponse(status=204)


def _registered(request: HttpRequest, form: DeviceForm, token: str) -> Done:
    standing = standing_of(request)
    devices.register(
        token=token,
        name=form.cleaned_data["name"],
        appointment=standing.appointment,
        by=standing.actor,
        now=clock.now(),
    )
    return Done(_KNOWN, "web:account_sessions")


def _is_operator(request: HttpRequest) -> bool:
    held = standing_of(request).appointment
    return held is not None and held.role == Role.KELURAHAN_OPERATOR


def _sponsor(request: HttpRequest) -> int | None:
    held = standing_of(request).appointment
    return held.organisation.sponsor_id if held else None
