"""What an officer decides of a whole row, or a whole list: it stays in, it is left out or taken back, and the way back."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access.roles import Permission
from lindung.access.scope import Actor
from lindung.access.standing import require, standing_of
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.membership import arriving, rosters, row_decisions
from lindung.membership.models import Verdict
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Words, spoken
from lindung.web.language import said
from lindung.web.pressing import done_or_back
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of


class AsideForm(PageForm):
    """Why a row is left out."""

    note = Words(
        label=spoken(Text("Alasannya", "The reason")),
        help_text=spoken(
            Text(
                "Misalnya: judul kedua, baris jumlah, sudah pindah. Jangan tulis NIK.",
                "For example: a second heading, a total, moved away. Write no NIK.",
            )
        ),
        max_length=row_decisions.LONGEST_NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)


class WithdrawForm(PageForm):
    """Why a whole list is taken back."""

    reason = Words(
        label=spoken(Text("Alasannya", "The reason")),
        help_text=spoken(
            Text(
                "Misalnya: salah berkas, daftar tahun lalu.", "For example: the wrong file, last year's list."
            )
        ),
        max_length=arriving.LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class _Decide(Protocol):
    def __call__(self, *, roster_id: int, line: int, revision: int, by: Actor, now: datetime) -> Verdict: ...


@require_http_methods(["POST"])
@never_cache
@require(Permission.ENROL)
def keep(request: HttpRequest, roster_id: int, number: int) -> HttpResponse:
    """He does belong, though the newest corrected file no longer names him."""
    return _decided(request, roster_id, number, row_decisions.keep, _KEPT)


@require_http_methods(["POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def take_back(request: HttpRequest, roster_id: int, number: int) -> HttpResponse:
    """Undo that the row was left out."""
    return _decided(request, roster_id, number, row_decisions.take_back, _TAKEN_BACK)


def _decided(request: HttpRequest, roster_id: int, number: int, decide: _Decide, told: Text) -> HttpResponse:
    def act() -> Done:
        decide(
            roster_id=roster_id,
            line=number,
            revision=_revision(request),
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(told, "web:roster_row", (roster_id, number))

    return done_or_back(request, roster_id, act)


def _revision(request: HttpRequest) -> int:
    """The revision of the row as it was shown; one that nothing can have for what is none."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 9 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def set_aside(request: HttpRequest, roster_id: int, number: int) -> HttpResponse:
    """Ask why the row is left out, then leave it out."""
    with missing_when_not_in_sight():
        row = rosters.row_of(roster_id, number)
    if not row.mendable and request.method != "POST":
        return redirect("web:roster_row", roster_id, number)
    form = filled(request, AsideForm, initial={"revision": row.revision})
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, _leaving_out(request, roster_id, number, form))
        if answer is not None:
            return answer
    context = {"page": "rosters", "roster_id": roster_id, "row": row, "form": form}
    return render(request, "web/roster_aside.html", context, status=status_of(form))


def _leaving_out(request: HttpRequest, roster_id: int, number: int, form: AsideForm) -> Callable[[], Done]:
    def act() -> Done:
        row_decisions.set_aside(
            roster_id=roster_id,
            line=number,
            revision=form.cleaned_data["revision"],
            note=form.cleaned_data["note"],
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_LEFT_OUT, "web:roster_row", (roster_id, number))

    return act


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def withdraw(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Ask why a judged list is taken back, then take it back."""
    with missing_when_not_in_sight():
        page = rosters.page(roster_id, verdict=None, number=1)
    form = filled(request, WithdrawForm)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _withdrawn(request, roster_id, form))
        if answer is not None:
            return answer
    elif request.method != "POST":
        try:
            arriving.refuse_withdrawing(page.status)
        except Refusal as refusal:
            messages.error(request, said(refusal.text))
            return redirect("web:roster", roster_id)
    context = {"page": "rosters", "roster": page, "form": form}
    return render(request, "web/roster_withdraw.html", context, status=status_of(form))


def _withdrawn(request: HttpRequest, roster_id: int, form: WithdrawForm) -> Done:
    arriving.withdraw(
        roster_id=roster_id,
        reason=form.cleaned_data["reason"],
        by=standing_of(request).actor,
        now=clock.now(),
    )
    return Done(_WITHDRAWN, "web:roster", (roster_id,))


_WITHDRAWN = Text(
    "Daftar ditarik. Barisnya tidak menunggu siapa pun lagi.",
    "The list is withdrawn. Its rows wait for nobody any more.",
)
_KEPT = Text(
    "Orang ini tetap ikut dan barisnya diperiksa lagi.", "This person stays in, and the row is checked again."
)
_TAKEN_BACK = Text("Baris ini diikutkan lagi dan diperiksa.", "The row is in again, and checked.")
_LEFT_OUT = Text("Baris ini dilewati. Alasannya tercatat.", "The row is left out. The reason is on record.")
