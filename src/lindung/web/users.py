"""The pages of an administrator: users and scopes, what waits for a second person, links to hand over."""

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.access import changing, directory, joining, key_requests, open_sessions
from lindung.access.account_models import WITH_A_LINK, ChangeKind, Decision
from lindung.access.models import Organisation, Role, User
from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.access.step_up import stepped_up
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.language import said
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of
from lindung.web.user_forms import InvitationForm, ReasonForm, RoleForm, starting

WAYS: dict[str, ChangeKind] = {
    "peran": ChangeKind.APPOINT,
    "akhiri": ChangeKind.END,
    "nonaktifkan": ChangeKind.DEACTIVATE,
    "aktifkan": ChangeKind.ACTIVATE,
    "kode": ChangeKind.RESET_CODE,
    "kata-sandi": ChangeKind.RESET_PASSWORD,
}
"""The changes of a user as their addresses name them."""

_ASKED = Text(
    "Usulan tersimpan. Administrator lain menyetujuinya dalam 7 hari.",
    "The request is stored. Another administrator approves it within 7 days.",
)
_APPROVED = Text("Disetujui dan dijalankan.", "Approved and carried out.")
_APPROVED_LINK = Text(
    "Disetujui. Sekarang cetak tautannya untuk diserahkan.", "Approved. Now print the link to hand over."
)
_APPROVED_KEY = Text(
    "Disetujui. Sekarang buat kuncinya; rahasianya hanya tampil sekali.",
    "Approved. Now make the key; its secret is shown only once.",
)
_DECLINED = Text("Usulan ditolak; tidak ada yang berubah.", "The request is declined; nothing changed.")
_SESSIONS_ENDED = Text(
    "Semua sesi pengguna ini diakhiri. Untuk bekerja lagi, pengguna masuk dari awal.",
    "All sessions of this user are ended. To work again, the user signs in anew.",
)

MEANINGS: dict[str, Text] = {
    ChangeKind.APPOINT: Text(
        "Peran yang sekarang berakhir pada hari peran baru mulai. Semua sesinya diakhiri.",
        "The present role ends on the day the new one starts. All sessions are ended.",
    ),
    ChangeKind.END: Text(
        "Pengguna tetap ada, tetapi tidak melihat apa pun lagi sejak tanggal itu.",
        "The user stays but sees nothing any more from that day.",
    ),
    ChangeKind.DEACTIVATE: Text(
        "Pengguna tidak dapat masuk lagi sampai akunnya diaktifkan.",
        "The user cannot sign in until the account is opened again.",
    ),
    ChangeKind.ACTIVATE: Text("Pengguna dapat masuk lagi.", "The user can sign in again."),
    ChangeKind.RESET_CODE: Text(
        "Untuk HP yang hilang. Kata sandi tetap ditanyakan; kode baru dipasang saat masuk.",
        "For a lost phone. The password is still asked; a new code is set up at sign-in.",
    ),
    ChangeKind.RESET_PASSWORD: Text(
        "Untuk kata sandi yang lupa. Kode dari HP tetap ditanyakan.",
        "For a forgotten password. The code from the phone is still asked.",
    ),
    ChangeKind.API_KEY: Text(
        "Sistem lain bekerja lewat API dengan kunci ini, sampai kuncinya dicabut.",
        "Another system works through the API with this key, until the key is revoked.",
    ),
}


class Way(NamedTuple):
    """A change that can be asked for a user, with its address."""

    label: Text
    address: str


@require_safe
@never_cache
@require(Permission.MANAGE_USERS)
def users(request: HttpRequest) -> HttpResponse:
    """List the users, what waits for a second person, and the links to hand over."""
    now = clock.now()
    context = {
        "page": "users",
        "users": directory.users_in_sight(on=standing_of(request).on, number=_asked_page(request)),
        "waiting": directory.waiting(now=now),
        "to_hand_over": directory.to_hand_over(now=now),
        "keys_to_make": directory.keys_to_make(now=now),
        "own_id": standing_of(request).actor.user_id,
    }
    return render(request, "web/users.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.MANAGE_USERS)
def invite(request: HttpRequest) -> HttpResponse:
    """Ask for a new user."""
    standing = standing_of(request)
    form = filled(request, InvitationForm, initial=starting(standing.on), organisations=_offices(request))
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _invited(request, form))
        if answer is not None:
            return answer
    return render(request, "web/user_invite.html", {"page": "users", "form": form}, status=status_of(form))


@require_safe
@never_cache
@require(Permission.MANAGE_USERS)
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show one user: roles, sessions, requests, and what can be asked."""
    now, own_id = clock.now(), standing_of(request).actor.user_id
    with missing_when_not_in_sight():
        found = directory.user_in_sight(user_id)
    context = {
        "page": "users",
        "found": found,
        "roles": directory.roles_of(found),
        "sessions": open_sessions.sessions_of(found.pk, now=timezone.now()),
        "changes": directory.changes_of(found, now=now),
        "ways": [] if found.pk == own_id else _ways(found),
    }
    return render(request, "web/user.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.MANAGE_USERS)
def ask(request: HttpRequest, user_id: int, way: str) -> HttpResponse:
    """Ask for a change of a user; another administrator decides."""
    kind = WAYS.get(way)
    if kind is None:
        raise Http404(way)
    with missing_when_not_in_sight():
        found = directory.user_in_sight(user_id)
    form = _form_for(request, kind)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _asked(request, form, kind, found))
        if answer is not None:
            return answer
    context = {
        "page": "users",
        "form": form,
        "found": found,
        "label": directory.KINDS[kind],
        "meaning": MEANINGS[kind],
    }
    return render(request, "web/user_ask.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.MANAGE_USERS)
@stepped_up
def change(request: HttpRequest, change_id: int) -> HttpResponse:
    """Show a request; approve or decline it, with a fresh code."""
    now, standing = clock.now(), standing_of(request)
    form = filled(request, PageForm)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _decided(request, change_id))
        if answer is not None:
            return answer
    with missing_when_not_in_sight():
        found = directory.change_in_sight(change_id, now=now)
    context = {
        "page": "users",
        "form": form,
        "change": found,
        "meaning": MEANINGS.get(found.kind),
        "may_approve": found.is_open and standing.actor.user_id not in (found.requested_by_id, found.user_id),
        "may_decline": found.is_open and standing.actor.user_id != found.user_id,
        "gives_link": found.decision == Decision.APPROVED and found.kind in WITH_A_LINK,
        "gives_key": found.decision == Decision.APPROVED and found.kind == ChangeKind.API_KEY,
        "key_is_due": not found.is_made and key_requests.is_fresh(found.decided_at, now=now),
        "opens": key_requests.labels_of(found.permissions),
    }
    return render(request, "web/user_change.html", context, status=status_of(form))


@require_POST
@never_cache
@require(Permission.MANAGE_USERS)
@stepped_up
def link(request: HttpRequest, change_id: int) -> HttpResponse:
    """Make a one-time link and show it on a sheet to hand over, this once."""
    now, by = clock.now(), standing_of(request).actor
    with missing_when_not_in_sight():
        found = directory.change_in_sight(change_id, now=now)
        try:
            issued = joining.issue(change_id=change_id, by=by, now=now)
        except Refusal as refusal:
            context = {"page": "users", "problem": refusal.text, "change": found}
            return render(request, "web/user_link.html", context, status=409)
    address = request.build_absolute_uri(reverse("web:join", args=[issued.token]))
    sheet = {"page": "users", "change": found, "address": address, "expires_at": issued.expires_at}
    return render(request, "web/user_link.html", sheet)


@require_POST
@never_cache
@require(Permission.MANAGE_USERS)
def revoke_link(request: HttpRequest, change_id: int) -> HttpResponse:
    """Let the link that was handed over stop working; protective, so one person is enough."""
    with missing_when_not_in_sight():
        joining.revoke(change_id=change_id, by=standing_of(request).actor, now=clock.now())
    return redirect("web:user_change", change_id)


@require_POST
@never_cache
@require(Permission.MANAGE_USERS)
def end_sessions(request: HttpRequest, user_id: int) -> HttpResponse:
    """End every session of a user; protective, so one person is enough."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        found = directory.user_in_sight(user_id)
    held = standing.appointment
    open_sessions.end_all(
        of_user=found.pk,
        by=standing.actor,
        sponsor_id=held.organisation.sponsor_id if held else None,
        now=timezone.now(),
    )
    messages.success(request, said(_SESSIONS_ENDED))
    return redirect("web:user", user_id)


def _offices(request: HttpRequest) -> list[Organisation]:
    return directory.organisations_managed(standing_of(request).scope.organisation_ids)


def _form_for(request: HttpRequest, kind: ChangeKind) -> ReasonForm:
    initial = starting(standing_of(request).on)
    if kind == ChangeKind.APPOINT:
        return filled(request, RoleForm, initial=initial, organisations=_offices(request))
    return filled(request, ReasonForm, initial=initial)


def _terms(form: RoleForm) -> changing.Terms:
    given = form.cleaned_data
    return changing.Terms(
        role=Role(given["role"]),
        organisation=form.office(),
        since=given["since"],
        kelurahan_code=given["kelurahan"],
        until=given["until"],
    )


def _invited(request: HttpRequest, form: InvitationForm) -> Done:
    given = form.cleaned_data
    made = changing.invite(
        name=given["name"],
        username=given["username"],
        terms=_terms(form),
        reason=given["reason"],
        by=standing_of(request).actor,
        now=clock.now(),
    )
    return Done(_ASKED, "web:user_change", (made.pk,))


def _asked(request: HttpRequest, form: ReasonForm, kind: ChangeKind, about: User) -> Done:
    by, now, reason = standing_of(request).actor, clock.now(), form.cleaned_data["reason"]
    if isinstance(form, RoleForm):
        made = changing.ask_for_role(user=about, terms=_terms(form), reason=reason, by=by, now=now)
    else:
        since = form.cleaned_data["since"]
        made = changing.ask(kind=kind, user=about, since=since, reason=reason, by=by, now=now)
    return Done(_ASKED, "web:user_change", (made.pk,))


def _decided(request: HttpRequest, change_id: int) -> Done:
    approve = request.POST.get("decision") == "approve"
    standing = standing_of(request)
    made = changing.decide(
        change_id=change_id, approve=approve, by=standing.actor, now=clock.now(), today=standing.on
    )
    if not approve:
        return Done(_DECLINED, "web:user_change", (change_id,))
    text = _APPROVED_KEY if made.kind == ChangeKind.API_KEY else _APPROVED
    text = _APPROVED_LINK if made.kind in WITH_A_LINK else text
    return Done(text, "web:user_change", (change_id,))


def _ways(found: User) -> list[Way]:
    """What can be asked: an account that is closed can only be opened again."""
    fitting = {way: kind for way, kind in WAYS.items() if (kind == ChangeKind.ACTIVATE) != found.is_active}
    return [
        Way(directory.KINDS[kind], reverse("web:user_ask", args=[found.pk, way]))
        for way, kind in fitting.items()
    ]


def _asked_page(request: HttpRequest) -> int:
    asked = request.GET.get("halaman", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 1
