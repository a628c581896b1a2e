"""The forms by which papers, addenda, segments, budgets and the papers of a year are recorded for an agreement."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions import resting
from lindung.engine import clock
from lindung.law.money import rupiah
from lindung.law.text import Text, joined
from lindung.partnership import agreements as room
from lindung.partnership import budgets, papers, year_papers
from lindung.partnership.budget_years import Turn, YearPaperKind
from lindung.partnership.models import Agreement, Budget, SourceOrigin, YearPaper
from lindung.web.agreement_forms import (
    AddendumForm,
    BudgetForm,
    MouForm,
    OwnSegmentForm,
    ReasonForm,
    SourceForm,
    TurnForm,
    YearPaperForm,
    sent_file,
)
from lindung.web.agreement_steps import Asking, asked, held_of, own_city, sent
from lindung.web.agreements import FIRST_YEAR, LAST_YEAR
from lindung.web.sending import Done, carried_out, filled


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def paper(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Record an MoU, a further PKS or a decree."""
    held = held_of(agreement_id)
    form = filled(request, MouForm, initial=_parties(held))

    def act() -> Done:
        papers.record_paper(
            agreement_id=held.pk,
            entry=form.entry(form.cleaned_data["kind"]),
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_RECORDED, "web:agreement", (held.pk,))

    return sent(request, form, _PAPER, held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def addendum(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Record an addendum; what it names changes with it."""
    held = held_of(agreement_id)
    form = filled(request, AddendumForm, initial=_parties(held), agreement=held)

    def act() -> Done:
        papers.record_paper(
            agreement_id=held.pk,
            entry=form.entry("addendum"),
            changes=form.changes(),
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_AMENDED, "web:agreement", (held.pk,))

    return sent(request, form, _ADDENDUM, held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def segment(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Add a group of workers; to an agreement that is not a draft any more it comes with a quota of nought."""
    held = held_of(agreement_id)
    form = filled(request, OwnSegmentForm, sponsor_id=held.sponsor_id)

    def act() -> Done:
        source = form.cleaned_data["source"]
        plan = form.plan(funding_source_id=int(source) if source else None)
        room.add_segment(agreement_id=held.pk, plan=plan, by=standing_of(request).actor)
        return Done(_SEGMENT_ADDED, "web:agreement", (held.pk,))

    return sent(request, form, _SEGMENT, held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.RECORD_BUDGET)
def budget(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Record the budget of a year from one source, add to it, or cut it."""
    held = held_of(agreement_id)
    standing = standing_of(request)
    first = {"year": standing.on.year, "source": held.funding_source_id}
    form = filled(request, BudgetForm, initial=first, sponsor_id=held.sponsor_id)

    def act() -> Done:
        told = form.cleaned_data
        _SETS_ASIDE[told["kind"]](
            agreement_id=held.pk,
            funding_source_id=int(told["source"]),
            year=told["year"],
            amount=told["amount"],
            number=told["number"],
            signed_on=told["signed_on"],
            by=standing.actor,
            today=standing.on,
        )
        return Done(_SET_ASIDE, "web:agreement", (held.pk,))

    return sent(request, form, _BUDGET, held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.RECORD_BUDGET)
def withdraw_budget(request: HttpRequest, agreement_id: int, budget_id: int) -> HttpResponse:
    """Take back a record of a budget that was made by mistake."""
    held = held_of(agreement_id)
    found = held.budgets.select_related("funding_source").filter(pk=budget_id).first()
    if found is None:
        raise Http404("no such budget")
    form = filled(request, ReasonForm)

    def act() -> Done:
        budgets.withdraw_budget(
            budget_id=budget_id,
            reason=form.cleaned_data["reason"],
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_BUDGET_WITHDRAWN, "web:agreement", (held.pk,))

    named = Text(
        "Tarik catatan anggaran {year}: {amount}", "Withdraw the record of the budget of {year}: {amount}"
    )
    heading = named.filled(year=found.year, amount=rupiah(found.amount))
    return sent(request, form, Asking(heading, _BUDGET_PURPOSE, _WITHDRAW_BUDGET), held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.RECORD_BUDGET)
def source(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Name one more pot of money of the city."""
    held = held_of(agreement_id)
    form = filled(request, SourceForm)

    def act() -> Done:
        room.add_source(
            sponsor_id=held.sponsor_id,
            origin=SourceOrigin(form.cleaned_data["origin"]),
            name=form.cleaned_data["name"],
            by=standing_of(request).actor,
        )
        return Done(_SOURCE_ADDED, "web:agreement_budget", (held.pk,))

    return sent(request, form, _SOURCE, held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.RECORD_BUDGET)
def first_source(request: HttpRequest) -> HttpResponse:
    """Name a pot of money before there is an agreement; then the agreement can be written."""
    sponsor_id = own_city(request)
    form = filled(request, SourceForm)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _source_named(request, form, sponsor_id))
        if answer is not None:
            return answer
    return asked(request, form, _SOURCE, held=None)


def _source_named(request: HttpRequest, form: SourceForm, sponsor_id: int) -> Done:
    standing = standing_of(request)
    room.add_source(
        sponsor_id=sponsor_id,
        origin=SourceOrigin(form.cleaned_data["origin"]),
        name=form.cleaned_data["name"],
        by=standing.actor,
    )
    if standing.may(Permission.WRITE_AGREEMENT):
        return Done(_FIRST_SOURCE, "web:agreement_new")
    return Done(_SOURCE_NAMED, "web:agreements")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def year_paper(request: HttpRequest, agreement_id: int, year: int, kind: str) -> HttpResponse:
    """Record the Perwal or SK of a year."""
    return _year_paper(request, agreement_id, year, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.RECORD_BUDGET)
def dpa(request: HttpRequest, agreement_id: int, year: int) -> HttpResponse:
    """Record the DPA of a year: a paper about money, so that finance may record it too."""
    return _year_paper(request, agreement_id, year, YearPaperKind.DPA.value)


def _year_paper(request: HttpRequest, agreement_id: int, year: int, kind: str) -> HttpResponse:
    wanted = _kind(kind, year)
    if wanted == YearPaperKind.PKS:
        raise Http404("a PKS is recorded among the papers")
    held = held_of(agreement_id)
    form = filled(request, YearPaperForm, paper_kind=kind)

    def act() -> Done:
        told = form.cleaned_data
        year_papers.record_year_paper(
            agreement_id=held.pk,
            kind=kind,
            year=year,
            last_year=told.get("last_year"),
            number=told["number"],
            signed_on=told["signed_on"],
            budget_code=told.get("budget_code", ""),
            file=sent_file(form),
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_RECORDED, "web:agreement_year", (held.pk, year))

    heading = Text("{name} untuk tahun {year}", "{name} for {year}").filled(name=wanted.said, year=year)
    return sent(request, form, Asking(heading, _YEAR_PURPOSE, _RECORD), held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def year_turn(request: HttpRequest, agreement_id: int, year: int, kind: str) -> HttpResponse:
    """Note at whose desk a paper of a year lies."""
    wanted = _kind(kind, year)
    held = held_of(agreement_id)
    standing = standing_of(request)
    form = filled(request, TurnForm, initial={"since": standing.on})

    def act() -> Done:
        year_papers.pass_on(
            agreement_id=held.pk,
            kind=wanted,
            year=year,
            turn=Turn(form.cleaned_data["turn"]),
            since=form.cleaned_data["since"],
            by=standing.actor,
        )
        return Done(_PASSED_ON, "web:agreement_year", (held.pk, year))

    heading = Text("Di meja siapa {name} {year}?", "At whose desk is the {name} of {year}?")
    name = Text(str(wanted.label), str(wanted.label))
    return sent(request, form, Asking(heading.filled(name=name, year=year), _TURN_PURPOSE, _NOTE), held, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_AGREEMENT)
def withdraw(request: HttpRequest, agreement_id: int, paper_id: int) -> HttpResponse:
    """Take back a year's paper that was recorded by mistake."""
    held = held_of(agreement_id)
    found = held.year_papers.filter(pk=paper_id).first()
    if found is None:
        raise Http404("no such paper")
    form = filled(request, ReasonForm)

    def act() -> Done:
        resting.withdraw(
            year_paper_id=paper_id,
            reason=form.cleaned_data["reason"],
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_WITHDRAWN, "web:agreement_year", (held.pk, found.year))

    named = Text("Tarik {number}", "Withdraw {number}").filled(number=found.number)
    purpose = joined((_holds_for(found), _WITHDRAW_PURPOSE))
    return sent(request, form, Asking(named, purpose, _WITHDRAW), held, act)


def _holds_for(paper: YearPaper) -> Text:
    text = _HOLDS if paper.year == paper.last_year else _HOLDS_LONG
    return text.filled(year=paper.year, last=paper.last_year)


def _parties(held: Agreement) -> dict[str, str]:
    return {"first_party": held.paying_office.name, "second_party": held.branch.name}


def _kind(kind: str, year: int) -> YearPaperKind:
    if kind not in YearPaperKind.values or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("no such paper")
    return YearPaperKind(kind)


_SETS_ASIDE: dict[str, Callable[..., Budget]] = {
    "first": budgets.record_budget,
    "raise": budgets.raise_budget,
    "cut": budgets.cut_budget,
}
_BUDGET_WITHDRAWN = Text(
    "Catatan anggaran ditarik; tidak dihitung lagi.",
    "The record of the budget is withdrawn and counts no more.",
)
_WITHDRAW_BUDGET = Text("Tarik catatan ini", "Withdraw this record")
_BUDGET_PURPOSE = Text(
    "Untuk anggaran yang salah dicatat. Catatannya tetap tampak, tetapi tidak dihitung lagi.",
    "For a budget recorded by mistake. Its record stays in sight and counts no more.",
)
_RECORDED = Text("Surat tercatat.", "The paper is recorded.")
_AMENDED = Text("Adendum tercatat dan berlaku.", "The addendum is recorded and in effect.")
_SEGMENT_ADDED = Text("Segmen ditambahkan.", "The segment is added.")
_SET_ASIDE = Text("Anggaran tercatat.", "The budget is recorded.")
_SOURCE_ADDED = Text("Sumber dana ditambahkan. Catat anggarannya.", "The source is added. Record its budget.")
_SOURCE_NAMED = Text("Sumber dana ditambahkan.", "The source is added.")
_FIRST_SOURCE = Text(
    "Sumber dana ditambahkan. Pilih di sini untuk kerja samanya.",
    "The source is added. Choose it here for the agreement.",
)
_PASSED_ON = Text("Tercatat di meja siapa surat itu.", "It is noted at whose desk the paper lies.")
_WITHDRAWN = Text("Surat ditarik; tidak dihitung lagi.", "The paper is withdrawn and counts no more.")
_RECORD = Text("Catat", "Record")
_NOTE = Text("Simpan", "Store")
_WITHDRAW = Text("Tarik surat ini", "Withdraw this paper")
_YEAR_PURPOSE = Text(
    "Tanpa surat ini iuran tahun itu belum bisa ditagih.",
    "Without this paper, contributions of that year cannot be billed.",
)
_TURN_PURPOSE = Text(
    "Supaya semua tahu siapa yang ditunggu.", "So that everybody knows who is being waited for."
)
_HOLDS = Text("Surat ini berlaku untuk tahun {year}.", "This paper holds for {year}.")
_HOLDS_LONG = Text(
    "Surat ini berlaku untuk tahun {year} sampai {last}; semuanya kehilangan dasarnya.",
    "This paper holds from {year} to {last}; all these years lose it.",
)
_WITHDRAW_PURPOSE = Text(
    "Untuk surat yang salah dicatat. Ia tetap tampak dalam cerita, tetapi tidak dihitung lagi.",
    "For a paper recorded by mistake. It stays in the story and counts no more.",
)
_PAPER = Asking(
    Text("Catat surat", "Record a paper"),
    Text("MoU, PKS baru, atau SK. PKS boleh lebih dulu daripada MoU, atau tanpa MoU.",
         "An MoU, a new PKS, or a decree. A PKS may come before its MoU, or have none."),
    Text("Catat surat", "Record the paper"),
)  # fmt: skip
_ADDENDUM = Asking(
    Text("Catat adendum", "Record an addendum"),
    Text("Isi hanya yang diubah adendum ini; sisanya tetap.", "Fill in only what this addendum changes."),
    Text("Catat dan ubah", "Record and change"),
)
_SEGMENT = Asking(
    Text("Tambah segmen", "Add a segment"),
    Text("Sesudah diajukan, segmen baru mulai dengan kuota 0 dan kuotanya dinaikkan lewat adendum.",
         "Once submitted, a new segment begins with a quota of 0, which an addendum raises."),
    Text("Tambah segmen", "Add the segment"),
)  # fmt: skip
_BUDGET = Asking(
    Text("Catat anggaran", "Record a budget"),
    Text("Anggaran tidak pernah diganti; tambahan atau pengurangan dicatat sebagai baris baru dengan dasarnya.",
         "A budget is never replaced; what is added or cut is a new row with its paper."),
    Text("Catat anggaran", "Record the budget"),
)  # fmt: skip
_SOURCE = Asking(
    Text("Sumber dana baru", "New funding source"),
    Text("Asal dana menentukan apakah keringanan iuran berlaku (PP 50/2025).",
         "The origin of the money decides whether a relief applies (PP 50/2025)."),
    Text("Tambah sumber dana", "Add the source"),
)  # fmt: skip
