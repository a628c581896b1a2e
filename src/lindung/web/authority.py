"""The page "Kewenangan": who decides each function, by which instrument; one proposes, another approves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.engine import clock
from lindung.engine.refusals import Refusal, explained
from lindung.law.text import Text
from lindung.partnership import authority
from lindung.partnership.authority import DECIDERS, FUNCTIONS, Proposal
from lindung.partnership.deciders import Authority, Decider, Function
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Day, Words, spoken
from lindung.web.language import said
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_PROPOSED = Text(
    "Usul tersimpan. Administrator lain harus menyetujuinya.",
    "The proposal is stored. Another administrator has to approve it.",
)
_PROPOSED_HERE = Text(
    "Usul tersimpan. Administrator BPJS Ketenagakerjaan harus menyetujuinya.",
    "The proposal is stored. An administrator of BPJS Ketenagakerjaan has to approve it.",
)
_APPROVED = Text("Disetujui. Berlaku sejak tanggal mulainya.", "Approved. It holds from its first day.")
_WITHDRAWN = Text("Usul ditarik. Tidak ada yang berubah.", "The proposal is withdrawn. Nothing changed.")


class ProposalForm(PageForm):
    """Who is to decide a function, since when, and the paper that says so."""

    function = forms.ChoiceField(
        label=spoken(Text("Kewenangan", "Authority")),
        choices=[(function.value, spoken(label)) for function, label in FUNCTIONS.items()],
    )
    decided_by = forms.ChoiceField(
        label=spoken(Text("Ditetapkan oleh", "Decided by")),
        choices=[(decider.value, spoken(label)) for decider, label in DECIDERS.items()],
    )
    instrument_kind = Words(
        label=spoken(Text("Jenis surat", "Kind of instrument")),
        help_text=spoken(
            Text("Misalnya: perjanjian kerja sama, surat kuasa.", "Such as: agreement, mandate.")
        ),
        max_length=80,
    )
    instrument_number = Words(label=spoken(Text("Nomor surat", "Its number")), max_length=80)
    instrument_on = Day(label=spoken(Text("Tanggal surat", "Its date")))
    since = Day(
        label=spoken(Text("Berlaku mulai", "Holds from")),
        help_text=spoken(
            Text("Ketetapan sebelumnya berakhir pada hari ini juga.", "What held before ends on this day.")
        ),
    )
    until = Day(label=spoken(Text("Sampai sebelum tanggal", "Until before")), required=False)


@require_safe
@never_cache
@require(Permission.SEE_AUTHORITY)
def overview(request: HttpRequest) -> HttpResponse:
    """Show who decides what today, what waits for approval, and what was decided before."""
    return _shown(request)


def _shown(request: HttpRequest, *, problem: Text | None = None) -> HttpResponse:
    standing = standing_of(request)
    context = {
        "page": "authority",
        "functions": authority.overview(on=standing.on),
        "history": [_told(record) for record in authority.history()],
        "may_set": standing.may(Permission.SET_AUTHORITY),
        "reader_id": standing.actor.user_id,
        "gives": authority.gives(by=standing.actor, on=standing.on),
        "problem": problem,
    }
    return render(request, "web/authority.html", context, status=409 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SET_AUTHORITY)
def propose(request: HttpRequest) -> HttpResponse:
    """Take a proposal; it changes nothing until somebody else approves."""
    form = filled(request, ProposalForm, initial={"since": standing_of(request).on})
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _proposed(request, form.cleaned_data))
        if answer is not None:
            return answer
    context = {"page": "authority", "form": form}
    return render(request, "web/authority_proposal.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SET_AUTHORITY)
def decide(request: HttpRequest, authority_id: int) -> HttpResponse:
    """Approve or withdraw a proposal, from the overview; opened by address it leads back there."""
    if request.method != "POST":
        return redirect("web:authority")
    act = authority.withdraw if request.POST.get("act") == "withdraw" else authority.approve
    by = standing_of(request).actor
    try:
        with missing_when_not_in_sight(), transaction.atomic():
            act(authority_id=authority_id, by=by, now=clock.now())
    except (Refusal, IntegrityError) as refusal:
        sentence = refusal.text if isinstance(refusal, Refusal) else explained(refusal)
        if sentence is None:
            raise
        return _shown(request, problem=sentence)
    messages.success(request, said(_WITHDRAWN if act is authority.withdraw else _APPROVED))
    return redirect("web:authority")


def _proposed(request: HttpRequest, given: dict[str, Any]) -> Done:
    proposal = Proposal(
        function=Function(given["function"]),
        decided_by=Decider(given["decided_by"]),
        instrument_kind=given["instrument_kind"],
        instrument_number=given["instrument_number"],
        instrument_on=given["instrument_on"],
        since=given["since"],
        until=given["until"],
    )
    authority.propose(proposal=proposal, by=standing_of(request).actor, now=clock.now())
    return Done(_PROPOSED if proposal.decided_by == Decider.BPJS else _PROPOSED_HERE, "web:authority")


def _told(record: Authority) -> dict[str, Any]:
    """A record with its words for the table of what was decided before."""
    return {
        "record": record,
        "function": FUNCTIONS[Function(record.function)],
        "decider": DECIDERS[Decider(record.decided_by)],
    }
