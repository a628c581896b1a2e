"""The forms by which an agreement is written, submitted, sent back, signed, activated, ended or terminated."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access.models import Organisation
from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.access.step_up import stepped_up
from lindung.engine import clock
from lindung.law.money import counted
from lindung.law.months import Month, day_label
from lindung.law.text import Text, joined
from lindung.membership import ending
from lindung.partnership import agreements as room
from lindung.partnership.models import Agreement, AgreementKind
from lindung.web.agreement_forms import (
    ConfirmForm,
    EditForm,
    NewAgreementForm,
    PaperForm,
    ReasonForm,
    TerminateForm,
)
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of


class Asking:
    """What a form's page says around its inputs; ``sure`` is what it asks about once more, beside what was typed."""

    def __init__(self, heading: Text, purpose: Text, button: Text, sure: Text | None = None) -> None:
        self.heading, self.purpose, self.button, self.sure = heading, purpose, button, sure

    def with_members(self, held: Agreement, *, on: date | None, today: date) -> "Asking":
        """The same, and how many memberships end with the agreement; while it has no end, how many it has."""
        members = ending.members_at_end(agreement_id=held.pk, until=on or today)
        said = (_WITH_MEMBERS if on else _OPEN_ENDED).filled(n=counted(members))
        if on and not members:
            said = _WITHOUT_MEMBERS
        return Asking(self.heading, joined((self.purpose, said)), self.button)

    def of_stop(self, held: Agreement, *, on: date) -> "Asking":
        """The same, and who loses the cover from which day when it stops on that one."""
        last = ending.last_month(on)
        said = _STOP_MEANS.filled(
            n=counted(ending.members_paid_until(agreement_id=held.pk, until=on)),
            day=day_label(last.end()),
            month=last.label,
        )
        return Asking(self.heading, self.purpose, _SURE, said)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def new(request: HttpRequest) -> HttpResponse:
    """Write the first draft of an agreement."""
    sponsor = Organisation.objects.get(pk=own_city(request))
    form = filled(request, NewAgreementForm, sponsor_id=sponsor.pk)
    if request.method == "POST" and form.is_valid():

        def act() -> Done:
            kind = form.cleaned_data["kind"] or AgreementKind.SPONSORED
            by = standing_of(request).actor
            own = kind == AgreementKind.INDEPENDENT
            source = room.own_source(sponsor_id=sponsor.pk, by=by).pk if own else None
            made = room.draft_agreement(
                code=form.cleaned_data["code"],
                sponsor_id=sponsor.pk,
                branch_id=_branch_id(sponsor),
                terms=form.terms(source_id=source),
                segments=(form.plan(),),
                kind=kind,
                by=by,
                now=clock.now(),
            )
            return Done(_DRAFTED, "web:agreement", (made.pk,))

        answer = carried_out(request, form, act)
        if answer is not None:
            return answer
    return asked(request, form, _NEW, held=None, sources=room.has_source(sponsor_id=sponsor.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def edit(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Rewrite a draft that nobody else has rewritten meanwhile."""
    held = held_of(agreement_id)
    now_said = {
        "title": held.title,
        "paying_office": held.paying_office_id,
        "funding_source": held.funding_source_id,
        "programmes": held.programmes,
        "since": held.since,
        "until": held.until,
        "monthly_income": held.monthly_income,
        "arrears_borne_by": held.arrears_borne_by,
        "revision": held.revision,
    }
    form = filled(request, EditForm, initial=now_said, sponsor_id=held.sponsor_id)

    def act() -> Done:
        room.edit_draft(
            agreement_id=held.pk,
            revision=form.cleaned_data["revision"],
            terms=form.terms(),
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_EDITED, "web:agreement", (held.pk,))

    return sent(request, form, _EDIT, held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def submit(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Hand the draft over for review."""
    return _step(
        request, agreement_id, ConfirmForm, _SUBMIT, lambda form, given: room.submit(**given), _SUBMITTED
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.APPROVE_AGREEMENT)
def send_back(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Give the draft back with what is to be mended."""
    return _step(
        request,
        agreement_id,
        ReasonForm,
        _SEND_BACK,
        lambda form, given: room.send_back(reason=form.cleaned_data["reason"], **given),
        _SENT_BACK,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def signed(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Record the PKS that was signed."""
    held = held_of(agreement_id)
    parties = {"first_party": held.paying_office.name, "second_party": held.branch.name}
    form = filled(request, PaperForm, initial=parties)

    def act() -> Done:
        room.record_signed(
            agreement_id=held.pk, paper=form.entry("pks"), by=standing_of(request).actor, now=clock.now()
        )
        return Done(_SIGNED, "web:agreement", (held.pk,))

    return sent(request, form, _SIGN, held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.APPROVE_AGREEMENT)
@stepped_up
def activate(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Put the agreement in force, as the second person, with a fresh code."""
    return _step(
        request, agreement_id, ConfirmForm, _ACTIVATE, lambda form, given: room.activate(**given), _ACTIVATED
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def end(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Close an agreement whose period is over."""
    held = held_of(agreement_id)
    form = filled(request, ConfirmForm)

    def act() -> Done:
        over = ending.end(agreement_id=held.pk, by=standing_of(request).actor, now=clock.now())
        return Done(_over(_ENDED, over), "web:agreement", (held.pk,))

    asking = _END.with_members(held, on=held.until, today=standing_of(request).on)
    return sent(request, form, asking, held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
@stepped_up
def terminate(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Stop an agreement before its time: asked once more, with whom it costs the cover and from which day."""
    held = held_of(agreement_id)
    today = standing_of(request).on
    asking = _TERMINATE.with_members(held, on=today, today=today)
    return _stopping(request, held, asking, ending.terminate, _TERMINATED)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.APPROVE_AGREEMENT)
@stepped_up
def correct_stop(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Put the day of a stop right, as somebody else than who stopped."""
    return _stopping(request, held_of(agreement_id), _CORRECT_STOP, ending.correct_stop, _STOP_CORRECTED)


def _stopping(
    request: HttpRequest, held: Agreement, asking: Asking, act: Callable[..., ending.Over], done: Text
) -> HttpResponse:
    form = filled(request, TerminateForm)
    if request.method == "POST" and form.is_valid() and not form.is_sure():
        return asked(request, form, asking.of_stop(held, on=form.cleaned_data["on"]), held=held, status=200)

    def stopped() -> Done:
        over = act(
            agreement_id=held.pk,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_over(done, over), "web:agreement", (held.pk,))

    return sent(request, form, asking, held, stopped)


def held_of(agreement_id: int) -> Agreement:
    """The agreement, or the page that is not there."""
    with missing_when_not_in_sight():
        return Agreement.objects.select_related("paying_office", "branch", "sponsor", "funding_source").get(
            pk=agreement_id
        )


def sent(
    request: HttpRequest, form: PageForm, asking: Asking, held: Agreement, act: Callable[[], Done]
) -> HttpResponse:
    """Carry a valid form out, or show it with its faults."""
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, act)
        if answer is not None:
            return answer
    return asked(request, form, asking, held=held)


def asked(
    request: HttpRequest,
    form: PageForm,
    asking: Asking,
    *,
    held: Agreement | None,
    sources: bool | None = None,
    status: int | None = None,
) -> HttpResponse:
    """The page of a form; with ``sources``, whether the city has any, it leads to adding one."""
    context = {
        "page": "agreements",
        "form": form,
        "asking": asking,
        "agreement": held,
        "offers_source": sources is not None and standing_of(request).may(Permission.RECORD_BUDGET),
        "has_source": sources,
    }
    return render(request, "web/agreement_form.html", context, status=status or status_of(form))


def _step(
    request: HttpRequest,
    agreement_id: int,
    kind: type[PageForm],
    asking: Asking,
    act: Callable[[PageForm, dict[str, Any]], object],
    done: Text,
) -> HttpResponse:
    held = held_of(agreement_id)
    form = filled(request, kind)

    def taken() -> Done:
        act(form, {"agreement_id": held.pk, "by": standing_of(request).actor, "now": clock.now()})
        return Done(done, "web:agreement", (held.pk,))

    return sent(request, form, asking, held, taken)


def _over(done: Text, over: ending.Over) -> Text:
    """What was done, and whose membership ended by it."""
    if not over.members:
        return done
    last = Month.of(over.until).plus(-1)
    return joined((done, _MEMBERS_ENDED.filled(n=counted(over.members), month=last.label)))


def own_city(request: HttpRequest) -> int:
    """The one city in sight, or the page that is not there."""
    cities = standing_of(request).scope.sponsor_ids
    if len(cities) != 1:
        raise Http404("no one city")
    return cities[0]


def _branch_id(sponsor: Organisation) -> int:
    if sponsor.branch_id is None:
        raise Http404("no branch serves this city")
    return sponsor.branch_id


_DRAFTED = Text(
    "Konsep tersimpan. Ajukan bila sudah lengkap.", "The draft is stored. Submit it when complete."
)
_EDITED = Text("Konsep diperbarui.", "The draft is updated.")
_SUBMITTED = Text("Kerja sama diajukan. Menunggu diperiksa.", "Submitted. It waits for review.")
_SENT_BACK = Text("Konsep dikembalikan ke penulisnya.", "The draft went back to its writer.")
_SIGNED = Text(
    "PKS tercatat. Menunggu diaktifkan orang kedua.", "The PKS is recorded. A second person activates it."
)
_ACTIVATED = Text(
    "Kerja sama berlaku. Daftar pekerja bisa diunggah.", "In force. Lists of workers can be uploaded."
)
_ENDED = Text("Kerja sama ditutup.", "The agreement is closed.")
_TERMINATED = Text("Kerja sama dihentikan.", "The agreement is terminated.")
_STOP_CORRECTED = Text("Tanggal berhentinya diperbaiki.", "The day it stops is put right.")
_STOP_MEANS = Text(
    "{n} orang tidak dibayari lagi mulai {day}; bulan terakhir yang dibayar {month}. Cocokkan tanggal dan tahunnya "
    "dengan suratnya, lalu tekan sekali lagi. Bila ternyata salah, hanya orang lain yang bisa memperbaiki tanggalnya.",
    "{n} people are no longer paid for from {day}; {month} is the last month paid. Compare day and year with the "
    "letter, then press once more. If it turns out wrong, only somebody else can put the day right.",
)
_SURE = Text("Ya, tanggalnya benar", "Yes, the day is right")
_MEMBERS_ENDED = Text(
    "Kepesertaan {n} orang berakhir; bulan terakhirnya {month}.",
    "The memberships of {n} people ended; their last month is {month}.",
)
_WITH_MEMBERS = Text(
    "Kepesertaan {n} orang berakhir bersamanya.",
    "The memberships of {n} people end with it.",
)
_OPEN_ENDED = Text(
    "Kerja sama ini tanpa batas akhir dan punya {n} peserta: belum bisa ditutup. Kalau harus berhenti, hentikan dengan "
    "tanggalnya.",
    "This agreement is open-ended and has {n} members: it cannot be closed yet. If it has to stop, terminate it with a "
    "day.",
)
_WITHOUT_MEMBERS = Text("Tidak ada peserta yang tertinggal.", "It leaves no member behind.")

_NEW = Asking(
    Text("Kerja sama baru", "New agreement"),
    Text("Tulis konsepnya; belum ada yang mengikat sebelum diajukan, ditandatangani dan diaktifkan.",
         "Write the draft; nothing binds before it is submitted, signed and activated."),
    Text("Simpan konsep", "Store the draft"),
)  # fmt: skip
_EDIT = Asking(
    Text("Ubah konsep", "Edit the draft"),
    Text("Selama masih konsep, isinya boleh diubah.", "While it is a draft, it may be rewritten."),
    Text("Simpan perubahan", "Store the changes"),
)
_SUBMIT = Asking(
    Text("Ajukan untuk diperiksa", "Submit for review"),
    Text("Sesudah diajukan, isinya tidak berubah lagi kecuali dikembalikan kepada Anda.",
         "Once submitted it does not change, unless it is sent back to you."),
    Text("Ya, ajukan", "Yes, submit"),
)  # fmt: skip
_SEND_BACK = Asking(
    Text("Kembalikan konsep", "Send the draft back"),
    Text("Tulis apa yang perlu diperbaiki; penulisnya akan membacanya.", "Write what is to be mended; its writer reads it."),
    Text("Kembalikan", "Send back"),
)  # fmt: skip
_SIGN = Asking(
    Text("PKS yang ditandatangani", "The signed PKS"),
    Text(
        "Catat PKS beserta pindaian dan penanda tangannya.",
        "Record the PKS with its scan and its signatories.",
    ),
    Text("Catat PKS", "Record the PKS"),
)
_ACTIVATE = Asking(
    Text("Aktifkan kerja sama", "Activate the agreement"),
    Text("Anda orang kedua: cocokkan isinya dengan PKS yang dipindai, baru aktifkan.",
         "You are the second person: compare it with the scanned PKS, then activate it."),
    Text("Ya, aktifkan", "Yes, activate"),
)  # fmt: skip
_END = Asking(
    Text("Tutup kerja sama", "Close the agreement"),
    Text("Untuk kerja sama yang masanya sudah lewat; bulan di dalamnya tetap bisa ditagih.",
         "For an agreement whose period is over; months inside it can still be billed."),
    Text("Ya, tutup", "Yes, close"),
)  # fmt: skip
_TERMINATE = Asking(
    Text("Hentikan kerja sama", "Terminate the agreement"),
    Text("Perlindungan pekerja berhenti bila iurannya tidak dibayar lagi. Tulis mulai kapan dan mengapa.",
         "Workers lose protection once contributions stop. Say from when and why."),
    Text("Ya, hentikan", "Yes, terminate"),
)  # fmt: skip
_CORRECT_STOP = Asking(
    Text("Perbaiki tanggal berhenti", "Put the stop right"),
    Text("Untuk tanggal berhenti yang salah ditulis. Yang kepesertaannya berakhir karena penghentian itu ikut berubah.",
         "For a stop with a wrong day. Whoever's membership that stop ended follows."),
    Text("Ya, perbaiki", "Yes, put it right"),
)  # fmt: skip
