"""The pages of a roster: taking a file in, its rows with the errors in their cells, and enrolling the ready ones."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions.prospect import Prospect, prospect
from lindung.engine import clock
from lindung.engine.refusals import explained
from lindung.formats.unreadable import LIMITS, Unreadable
from lindung.law.text import Text
from lindung.membership import enrolling, intake, problems, rosters
from lindung.membership.models import Verdict
from lindung.membership.problems import ProblemKind
from lindung.partnership.models import Agreement
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.language import counted, said
from lindung.web.today import Wrong
from lindung.web.today import shown as today_shown

_NO_FILE = Text("Pilih berkas dulu, lalu tekan Unggah.", "Choose a file first, then press Upload.")

_TABS = (
    (None, Text("Semua", "All"), "list"),
    (Verdict.TO_FIX, Text("Perlu diperbaiki", "To fix"), "fix"),
    (Verdict.REFUSED, Text("Ditolak", "Refused"), "stop"),
    (Verdict.READY, Text("Siap", "Ready"), "good"),
    (Verdict.ENROLLED, Text("Terdaftar", "Enrolled"), "shield"),
    (Verdict.IGNORED, Text("Dilewati", "Skipped"), "skip"),
)
_ALWAYS_SHOWN = frozenset({None, Verdict.TO_FIX, Verdict.REFUSED})

_STOPPING = frozenset({ProblemKind.BLOCKS, ProblemKind.REFUSES})


class Tab(NamedTuple):
    """One filter over the rows, with how many it would show."""

    label: Text
    icon: str
    rows: int
    address: str
    chosen: bool


class Line(NamedTuple):
    """A row of the sheet with each cell under its header, and the headers under which something stops it."""

    row: rosters.RowView
    cells: list[tuple[str, rosters.CellView]]
    faulty: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def upload(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Take a list for an agreement and show its rows; a file that cannot be read brings the page back with why."""
    if request.method != "POST":
        return redirect("web:today")
    file = request.FILES.get("file")
    refused = _refused_unread(request, file)
    if file is None or refused:
        return today_shown(request, wrong=Wrong(agreement_id, refused or _NO_FILE))
    try:
        roster_id = _received(request, agreement_id, file)
    except Unreadable as unreadable:
        sentence = problems.message(unreadable.code, unreadable.where)
        return today_shown(request, wrong=Wrong(agreement_id, sentence))
    return redirect("web:roster", roster_id)


@require_safe
@never_cache
@require(Permission.SEE_ROSTERS)
def roster(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Show one page of a roster's rows, all of them or those of one verdict."""
    verdict = _asked_verdict(request)
    with missing_when_not_in_sight():
        page = rosters.page(roster_id, verdict=verdict, number=_asked_page(request))
    context = {
        "wide": True,
        "roster": page,
        "tabs": _tabs(page.counts, verdict),
        "lines": [_line(page.headers, row) for row in page.rows],
        "previous": _address(verdict, page.number - 1) if page.number > 1 else None,
        "next": _address(verdict, page.number + 1) if page.number < page.pages else None,
        "prospect": _prospect(request, page),
        "may_enrol": standing_of(request).may(Permission.ENROL),
        "may_see_workers": standing_of(request).may(Permission.SEE_WORKERS),
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


def _received(request: HttpRequest, agreement_id: int, file: "UploadedFile[bytes]") -> int:
    with missing_when_not_in_sight():
        return intake.receive(
            name=file.name or "",
            content=file.read(),
            agreement_id=agreement_id,
            by=standing_of(request).actor,
            now=clock.now(),
        )


def _refused_unread(request: HttpRequest, file: "UploadedFile[bytes] | None") -> Text | None:
    """Files that are too large are not even brought into memory: such a request comes without its file."""
    size = _sent_bytes(request) if file is None else file.size or 0
    return problems.message("file.too_large") if size > LIMITS.max_file_bytes else None


def _sent_bytes(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length", ""))
    except ValueError:
        return 0


def _enrolled(request: HttpRequest, roster_id: int) -> HttpResponse:
    try:
        with missing_when_not_in_sight(), transaction.atomic():
            done = enrolling.enrol(roster_id=roster_id, by=standing_of(request).actor, now=clock.now())
    except (enrolling.TooEarly, enrolling.AfterAgreement):
        return _asked_again(request, roster_id, problem=_OUTSIDE)
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
    context = {"roster": page, "prospect": _prospect(request, page), "problem": problem}
    return render(request, "web/enrol.html", context, status=409 if problem else 200)


def _prospect(request: HttpRequest, page: rosters.RosterPage) -> Prospect | None:
    """What the ready rows would cost from the first month in which they could be enrolled."""
    joining = rosters.joining(page.id) if page.counts[Verdict.READY] else {}
    if not joining:
        return None
    agreement = Agreement.objects.select_related("funding_source").get(pk=page.agreement_id)
    first_month = enrolling.first_month(agreement, today=standing_of(request).on)
    return prospect(agreement=agreement, joining=joining, first_month=first_month)


_OUTSIDE = Text(
    "Masa kerja sama ini sudah berakhir. Perpanjang lewat adendum, lalu daftarkan lagi.",
    "The period of this agreement is over. Extend it by an addendum, then enrol again.",
)


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


def _asked_page(request: HttpRequest) -> int:
    asked = request.GET.get("halaman", "")
    # Six digits reach past the last page of the largest roster; more would not be a page but an attack.
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 1


def _line(headers: tuple[str, ...], row: rosters.RowView) -> Line:
    cells = list(zip(headers, row.cells, strict=True))
    faulty = [header for header, cell in cells if any(fault.kind in _STOPPING for fault in cell.problems)]
    return Line(row, cells, faulty)


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
