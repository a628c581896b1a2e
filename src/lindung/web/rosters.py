"""The pages of a roster: its rows with the errors in their cells, and enrolling the ready ones."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions.prospect import Prospect, prospect
from lindung.engine import clock
from lindung.engine.refusals import Refusal, explained
from lindung.law.months import Month, months_from
from lindung.law.text import Text
from lindung.membership import coming, enrolling, listing, rosters
from lindung.membership.models import RosterStatus, Verdict
from lindung.partnership.models import Agreement, Segment
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.language import counted, said
from lindung.web.roster_rows import heading_of, line_of
from lindung.web.roster_uploads import STANDING_STILL, state_context

_TABS = (
    (None, Text("Semua", "All"), "list"),
    (Verdict.TO_FIX, Text("Perlu diperbaiki", "To fix"), "fix"),
    (Verdict.REFUSED, Text("Ditolak", "Refused"), "stop"),
    (Verdict.READY, Text("Siap", "Ready"), "good"),
    (Verdict.ENROLLED, Text("Terdaftar", "Enrolled"), "shield"),
    (Verdict.IGNORED, Text("Dilewati", "Skipped"), "skip"),
)
_ALWAYS_SHOWN = frozenset({None, Verdict.TO_FIX, Verdict.REFUSED})


class Tab(NamedTuple):
    """One filter over the rows, with how many it would show."""

    label: Text
    icon: str
    rows: int
    address: str
    chosen: bool


@require_safe
@never_cache
@require(Permission.SEE_ROSTERS)
def roster(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Show one page of a roster's rows, all of them or those of one verdict."""
    verdict = _asked_verdict(request)
    with missing_when_not_in_sight():
        found = listing.progress(roster_id)
        page = rosters.page(roster_id, verdict=verdict, number=asked_page(request))
    standing = standing_of(request)
    may_upload = standing.may(Permission.UPLOAD_ROSTER)
    if found.status == RosterStatus.UNMAPPED and may_upload:
        return redirect("web:roster_columns", roster_id)
    if found.status in STANDING_STILL or found.status == RosterStatus.UNMAPPED:
        context = {"page": "rosters", "roster": page, **state_context(request, roster_id, found)}
        return render(request, "web/roster_progress.html", context)
    ahead = _coming(page)
    context = {
        "page": "rosters",
        "wide": True,
        "roster": page,
        "roster_id": roster_id,
        "tabs": _tabs(page.counts, verdict),
        "headings": [heading_of(page.headers, at) for at in range(len(page.headers))],
        "lines": [line_of(page.headers, row) for row in page.rows],
        "previous": _address(verdict, page.number - 1) if page.number > 1 else None,
        "next": _address(verdict, page.number + 1) if page.number < page.pages else None,
        "prospect": _prospect(request, page, ahead),
        "notices": ahead.notices,
        "may_enrol": standing.may(Permission.ENROL),
        "may_upload": may_upload,
        "may_mend": standing.may(Permission.MEND_ROSTER),
        "may_see_workers": standing.may(Permission.SEE_WORKERS),
    }
    return render(request, "web/roster.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.ENROL)
def enrol(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Ask once more, then enrol the ready rows of a roster."""
    if request.method == "POST":
        return _enrolled(request, roster_id)
    return _asked_again(request, roster_id, problem=None)


def _enrolled(request: HttpRequest, roster_id: int) -> HttpResponse:
    try:
        with missing_when_not_in_sight(), transaction.atomic():
            done = enrolling.enrol(
                roster_id=roster_id,
                by=standing_of(request).actor,
                now=clock.now(),
                first_month=_asked_month(request),
            )
    except Refusal as refusal:
        return _asked_again(request, roster_id, problem=refusal.text)
    except IntegrityError as error:
        sentence = explained(error)
        if sentence is None:
            raise
        return _asked_again(request, roster_id, problem=sentence)
    messages.success(request, said(_outcome(done)))
    return redirect("web:roster", roster_id)


def _asked_again(request: HttpRequest, roster_id: int, *, problem: Text | None) -> HttpResponse:
    with missing_when_not_in_sight():
        page = rosters.page(roster_id, verdict=Verdict.READY, number=1)
    if not page.counts[Verdict.READY]:
        return redirect("web:roster", roster_id)
    ahead = _coming(page)
    context = {
        "page": "rosters",
        "roster": page,
        "prospect": _prospect(request, page, ahead),
        "notices": ahead.notices,
        "may_upload": standing_of(request).may(Permission.UPLOAD_ROSTER),
        "months": _months(request, page.agreement_id),
        "problem": problem,
    }
    return render(request, "web/enrol.html", context, status=409 if problem else 200)


def _coming(page: rosters.RosterPage) -> coming.Coming:
    """Who would be enrolled; nothing to say of a list in which nobody waits."""
    waiting = page.counts[Verdict.READY] or page.counts[Verdict.TO_FIX]
    return coming.coming(page.id) if waiting else coming.NOBODY


def _prospect(request: HttpRequest, page: rosters.RosterPage, ahead: coming.Coming) -> Prospect | None:
    """What the ready rows would cost from the first month in which they could be enrolled."""
    if not ahead.joining:
        return None
    agreement = Agreement.objects.select_related("funding_source").get(pk=page.agreement_id)
    first_month = enrolling.first_month(agreement, today=standing_of(request).on)
    segment = Segment.objects.select_related("funding_source").get(pk=page.segment_id)
    return prospect(agreement=agreement, joining=ahead.joining, first_month=first_month, segment=segment)


def _asked_month(request: HttpRequest) -> Month | None:
    """The month that was chosen; None, and so the next one, for whatever is not a month."""
    try:
        return Month.parse(request.POST.get("month", ""))
    except ValueError:
        return None


def _months(request: HttpRequest, agreement_id: int) -> list[tuple[Month, bool]]:
    """The months from which people may be enrolled, and which of them is proposed."""
    agreement = Agreement.objects.get(pk=agreement_id)
    today = standing_of(request).on
    earliest = max(Month.of(today), Month.of(agreement.since))
    proposed = _asked_month(request) or enrolling.first_month(agreement, today=today)
    months = months_from(earliest, earliest.plus(_MONTHS_AHEAD))
    return [(month, month == proposed) for month in months if agreement.covers(month.first_day())]


_MONTHS_AHEAD = 3


def _outcome(done: enrolling.Enrolment) -> Text:
    if not done.enrolled:
        return Text(
            "Tidak ada baris baru yang siap. Tidak ada yang berubah.", "No new row is ready. Nothing changed."
        )
    outcome = Text("{n} orang sudah terdaftar.", "{n} people are enrolled.")
    if done.lost:
        outcome = Text(
            "{n} orang sudah terdaftar. {lost} baris lebih dulu didaftarkan daftar lain; lihat catatannya.",
            "{n} people are enrolled. {lost} rows were enrolled by another list first; see their notes.",
        )
    return outcome.filled(n=counted(done.enrolled), lost=counted(done.lost))


def _asked_verdict(request: HttpRequest) -> Verdict | None:
    asked = request.GET.get("hasil", "")
    return Verdict(asked) if asked in Verdict.values else None


def asked_page(request: HttpRequest) -> int:
    """The page number of the address (?halaman=3), 1 for none and for what is none."""
    asked = request.GET.get("halaman", "")
    # Six digits reach past the last page of the largest roster; more would not be a page but an attack.
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 1


def _tabs(counts: dict[str, int], chosen: Verdict | None) -> list[Tab]:
    counted_tabs = ((verdict, label, icon, _count(counts, verdict)) for verdict, label, icon in _TABS)
    return [
        Tab(label, icon, count, _address(verdict, 1), verdict == chosen)
        for verdict, label, icon, count in counted_tabs
        if count or verdict in _ALWAYS_SHOWN or verdict == chosen
    ]


def _count(counts: dict[str, int], verdict: Verdict | None) -> int:
    return sum(counts.values()) if verdict is None else counts.get(verdict, 0)


def _address(verdict: Verdict | None, number: int) -> str:
    asked = {"hasil": str(verdict.value) if verdict else "", "halaman": str(number) if number > 1 else ""}
    return "?" + urlencode({name: value for name, value in asked.items() if value})
