"""The pages that show agreements: the list, the story of one, the papers of a budget year, and their files."""

from typing import NamedTuple
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lindung.access.roles import Permission
from lindung.access.standing import Standing, require, standing_of
from lindung.contributions.sources import money_of
from lindung.documents import keeping
from lindung.insight import agreements as insight
from lindung.insight.agreement_today import NOT_BEGUN
from lindung.insight.alarms import alarms_about
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership.employment import EmployerUnit
from lindung.partnership import story as stories
from lindung.partnership.agreements import correctable, last_stop, steps_from, wrote
from lindung.partnership.models import Agreement, AgreementKind, AgreementState
from lindung.partnership.readiness import PAYING, YearReadiness, readiness_of, year_readiness
from lindung.web.errors import missing_when_not_in_sight

FIRST_YEAR, LAST_YEAR = 2015, 2100


class Action(NamedTuple):
    """Something that may be done next: its words, the page where it is done, whether it is the main thing."""

    label: Text
    url_name: str
    permission: Permission
    main: bool = False


_STEPS = {
    ("draft", "draft"): Action(Text("Ubah konsep", "Edit the draft"), "web:agreement_edit", Permission.WRITE_AGREEMENT),
    ("draft", "in_review"): Action(
        Text("Ajukan untuk diperiksa", "Submit for review"), "web:agreement_submit", Permission.WRITE_AGREEMENT, True
    ),
    ("in_review", "draft"): Action(
        Text("Kembalikan dengan alasan", "Send back with a reason"), "web:agreement_send_back",
        Permission.APPROVE_AGREEMENT,
    ),
    ("in_review", "signed"): Action(
        Text("Catat PKS yang ditandatangani", "Record the signed PKS"), "web:agreement_signed",
        Permission.WRITE_AGREEMENT, True,
    ),
    ("signed", "active"): Action(
        Text("Aktifkan", "Activate"), "web:agreement_activate", Permission.APPROVE_AGREEMENT, True
    ),
    ("terminated", "terminated"): Action(
        Text("Perbaiki tanggal berhenti", "Put the stop right"), "web:agreement_correct_stop",
        Permission.APPROVE_AGREEMENT,
    ),
    ("active", "ended"): Action(Text("Tutup", "Close"), "web:agreement_end", Permission.WRITE_AGREEMENT),
    ("active", "terminated"): Action(
        Text("Hentikan sebelum waktunya", "Terminate early"), "web:agreement_terminate", Permission.WRITE_AGREEMENT
    ),
}  # fmt: skip

_BUDGET = Action(Text("Catat anggaran", "Record a budget"), "web:agreement_budget", Permission.RECORD_BUDGET)
_ALWAYS = (
    Action(Text("Tambah segmen", "Add a segment"), "web:agreement_segment", Permission.WRITE_AGREEMENT),
    Action(Text("Catat MoU, PKS atau SK", "Record an MoU, PKS or SK"), "web:agreement_paper", Permission.WRITE_AGREEMENT),
    Action(Text("Catat adendum", "Record an addendum"), "web:agreement_addendum", Permission.WRITE_AGREEMENT),
    _BUDGET,
)  # fmt: skip
_LAST = ("web:agreement_end", "web:agreement_terminate")
"""What ends an agreement stands after everything else."""
_OVER = (AgreementState.ENDED, AgreementState.TERMINATED)


@require_safe
@never_cache
@require(Permission.SEE_AGREEMENTS)
def agreements(request: HttpRequest) -> HttpResponse:
    """Show one page of the agreements in sight."""
    standing = standing_of(request)
    asked = request.GET.get("halaman", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 1
    listed = insight.agreements(on=standing.on, number=number)
    context = {
        "page": "agreements",
        "listed": listed,
        "on": standing.on,
        "previous": listed.number - 1,
        "next": listed.number + 1 if listed.number < listed.pages else 0,
        "may_write": standing.may(Permission.WRITE_AGREEMENT) and bool(standing.scope.sponsor_ids),
    }
    return render(request, "web/agreements.html", context)


@require_safe
@never_cache
@require(Permission.SEE_AGREEMENTS)
def agreement(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Show the story of one agreement, its money, and what may be done next."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        story = stories.story(agreement_id=agreement_id)
    held = story.agreement
    waits = held.state == AgreementState.SIGNED and wrote(held, by=standing.actor)
    papers = readiness_of([held], years=_years(standing), on=standing.on)
    years = [papers[held.pk, year] for year in _years(standing)]
    money = money_of([held], on=standing.on)[held.pk]
    owed = insight.owed_from(held, money=money, on=standing.on) if held.state in _OVER else None
    context = {
        "page": "agreements",
        "story": story,
        "money": money,
        "years": years,
        "gap": _gap(held, years, owed),
        "alarms": alarms_about(held, on=standing.on, money=money),
        "begun": held.state not in NOT_BEGUN,
        "actions": []
        if waits and not standing.may(Permission.WRITE_AGREEMENT)
        else _actions(held, standing, owed),
        "waits_for_second": waits,
        "unit": EmployerUnit.objects.filter(agreement=held).first(),
        "may_record_budget": standing.may(Permission.RECORD_BUDGET),
    }
    return render(request, "web/agreement_story.html", context)


@require_safe
@never_cache
@require(Permission.SEE_AGREEMENTS)
def agreement_year(request: HttpRequest, agreement_id: int, year: int) -> HttpResponse:
    """Show what a budget year has and lacks, and whose turn it is; the page prints on one sheet."""
    standing = standing_of(request)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("no such budget year")
    with missing_when_not_in_sight():
        held = Agreement.objects.select_related("funding_source", "paying_office").get(pk=agreement_id)
    context = {
        "page": "agreements",
        "agreement": held,
        "readiness": year_readiness(agreement=held, year=year, on=standing.on),
        "first_of_year": Month(year, 1),
        "paying": PAYING,
        "on": standing.on,
        "before": year - 1,
        "after": year + 1,
        "papers": held.year_papers.filter(
            year__lte=year, last_year__gte=year, withdrawn_by__isnull=True
        ).order_by("pk"),
        "may_write": standing.may(Permission.WRITE_AGREEMENT),
    }
    return render(request, "web/agreement_year.html", context)


@require_safe
@never_cache
@require(Permission.SEE_AGREEMENTS)
def agreement_document(request: HttpRequest, agreement_id: int, document_id: int) -> HttpResponse:
    """Hand out a file of the agreement's story, never to be shown by the browser itself; that is on the trail."""
    with missing_when_not_in_sight():
        document = stories.document_of(agreement_id=agreement_id, document_id=document_id)
    content = keeping.fetch(document, by=standing_of(request).actor)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _years(standing: Standing) -> tuple[int, int]:
    return standing.on.year, standing.on.year + 1


def _gap(held: Agreement, years: list[YearReadiness], owed: Month | None) -> YearReadiness | None:
    """The year that is not payable: next year's while the agreement is in force, any that is owed when it is over."""
    asked = years if held.state in _OVER else years[-1:]
    gaps = (year for year in asked if not year.ready and insight.needs_papers(held, year.year, owed=owed))
    return next(gaps, None)


def _actions(held: Agreement, standing: Standing, owed: Month | None) -> list[Action]:
    """What this role may do from this state. Who wrote the draft is not offered its activation.

    Money can be set aside as long as a month is ``owed``, also when the agreement is over.
    """
    found = [_STEPS[held.state, state.value] for state in steps_from(held)]
    if held.state not in _OVER:
        found += [
            action for action in _ALWAYS if action.url_name != "web:agreement_addendum" or _amendable(held)
        ]
    elif owed is not None:
        found.append(_BUDGET)
    if held.kind == AgreementKind.INDEPENDENT:
        found = [action for action in found if action is not _BUDGET]
    allowed = [action for action in found if standing.may(action.permission)]
    if held.state == AgreementState.TERMINATED and not _stop_is_open(held, standing):
        allowed = [action for action in allowed if action.url_name != "web:agreement_correct_stop"]
    if held.until is None or held.until > standing.on:
        allowed = [action for action in allowed if action.url_name != "web:agreement_end"]
    if held.state == AgreementState.SIGNED and wrote(held, by=standing.actor):
        allowed = [action for action in allowed if action.url_name != "web:agreement_activate"]
    return sorted(allowed, key=lambda action: (not action.main, action.url_name in _LAST))


def _stop_is_open(held: Agreement, standing: Standing) -> bool:
    """Whether this person may still put the day of the stop right."""
    stop = last_stop(held)
    return stop.by_id != standing.actor.user_id and correctable(held, stop, on=standing.on)


def _amendable(held: Agreement) -> bool:
    return held.state in (AgreementState.SIGNED, AgreementState.ACTIVE)
