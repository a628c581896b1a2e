"""The pages on which a list comes in: choosing a file, watching it being judged, naming columns nobody could read."""

from typing import NamedTuple

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.engine import clock
from lindung.formats.unreadable import LIMITS, Unreadable
from lindung.law.text import Text
from lindung.membership import arriving, intake, listing, mapping, problems
from lindung.membership.columns import Field, How
from lindung.partnership.agreements import OVER, AgreementOver, over_said
from lindung.partnership.models import Agreement
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.language import said
from lindung.web.pressing import done_or_back
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of
from lindung.web.today import Wrong
from lindung.web.today import shown as today_shown

NO_FILE = Text("Pilih berkas dulu, lalu tekan Unggah.", "Choose a file first, then press Upload.")


class Choice(NamedTuple):
    """A column as the page asks about it: what it holds, what may be chosen for it, and whether that is a guess."""

    column: mapping.Column
    options: tuple[tuple[str, Text, bool], ...]
    guess: Text | None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def upload(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Take a list for an agreement and show its rows; a file that cannot be read brings the page back with why."""
    if request.method != "POST":
        return _asked(request, agreement_id)
    file = request.FILES.get("file")
    refused = refused_unread(request, file)
    if file is None or refused:
        return _again(request, agreement_id, refused or NO_FILE)
    try:
        roster_id = _received(request, agreement_id, file)
    except Unreadable as unreadable:
        return _again(request, agreement_id, problems.message(unreadable.code, unreadable.where))
    except intake.SegmentNotChosen as refusal:
        return _asked(request, agreement_id, problem=refusal.text)
    except AgreementOver:
        return _asked(request, agreement_id, status=409)
    return redirect("web:roster", roster_id)


def refused_unread(request: HttpRequest, file: "UploadedFile[bytes] | None") -> Text | None:
    """Files that are too large are not even brought into memory: such a request comes without its file."""
    size = _sent_bytes(request) if file is None else file.size or 0
    return problems.message("file.too_large") if size > LIMITS.max_file_bytes else None


def _sent_bytes(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length", ""))
    except ValueError:
        return 0


def _received(request: HttpRequest, agreement_id: int, file: "UploadedFile[bytes]") -> int:
    with missing_when_not_in_sight():
        return arriving.take(
            name=file.name or "",
            content=file.read(),
            agreement_id=agreement_id,
            segment_code=request.POST.get("segment", ""),
            by=standing_of(request).actor,
            now=clock.now(),
        )


def _again(request: HttpRequest, agreement_id: int, problem: Text) -> HttpResponse:
    """Back to the page from which the file was sent, if there is such an agreement for whoever sent it."""
    with missing_when_not_in_sight():
        Agreement.objects.only("pk").get(pk=agreement_id)
    if "own-page" in request.POST:
        return _asked(request, agreement_id, problem=problem)
    return today_shown(request, wrong=Wrong(agreement_id, problem))


def _asked(
    request: HttpRequest, agreement_id: int, *, problem: Text | None = None, status: int = 200
) -> HttpResponse:
    with missing_when_not_in_sight():
        agreement = Agreement.objects.get(pk=agreement_id)
    segments = list(agreement.segments.order_by("label").values_list("code", "label"))
    context = {
        "page": "rosters",
        "agreement": agreement,
        "segments": segments if len(segments) > 1 else [],
        "chosen": request.POST.get("segment", ""),
        "problem": problem,
        "over": over_said(agreement),
    }
    return render(request, "web/roster_upload.html", context, status=422 if problem else status)


@require_safe
@never_cache
@require(Permission.SEE_ROSTERS)
def rosters(request: HttpRequest) -> HttpResponse:
    """Every list, the newest first."""
    agreements = list(Agreement.objects.order_by("title").values_list("pk", "title", "state"))
    chosen = _number(request.GET.get("kerja-sama", ""))
    context = {
        "page": "rosters",
        "listing": listing.listing(
            agreement_id=chosen or None, number=_number(request.GET.get("halaman", ""))
        ),
        "agreements": [(pk, title) for pk, title, _ in agreements],
        "taking": [(pk, title) for pk, title, state in agreements if state not in OVER],
        "chosen": chosen,
        "may_upload": standing_of(request).may(Permission.UPLOAD_ROSTER),
    }
    return render(request, "web/rosters.html", context)


def _number(asked: str) -> int:
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 9 else 0


@require_safe
@never_cache
@require(Permission.SEE_ROSTERS)
def progress(request: HttpRequest, roster_id: int) -> HttpResponse:
    """How far the judging is, asked every other second by the page; without scripts, a page of its own."""
    with missing_when_not_in_sight():
        found = listing.progress(roster_id)
    if not request.headers.get("HX-Request"):
        return redirect("web:roster", roster_id)
    answer = render(request, "web/roster_state.html", state_context(request, roster_id, found))
    if found.status not in STANDING_STILL and not found.running:
        answer.headers["HX-Refresh"] = "true"
    return answer


STANDING_STILL = frozenset({"received", "cancelled", "stopped"})
"""The states in which a list has no rows to show."""


def state_context(request: HttpRequest, roster_id: int, found: listing.Progress) -> dict[str, object]:
    """What the part of the page that shows the progress needs."""
    may = standing_of(request).may(Permission.UPLOAD_ROSTER)
    return {"progress": found, "roster_id": roster_id, "may_upload": may}


@require_http_methods(["POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def cancel(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Call the judging off."""

    def act() -> Done:
        arriving.cancel(roster_id=roster_id, by=standing_of(request).actor, now=clock.now())
        return Done(_CALLED_OFF, "web:roster", (roster_id,))

    return done_or_back(request, roster_id, act)


@require_http_methods(["POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def resume(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Judge the kept file again."""

    def act() -> Done:
        arriving.resume(roster_id=roster_id, by=standing_of(request).actor)
        return Done(_BEGUN_AGAIN, "web:roster", (roster_id,))

    return done_or_back(request, roster_id, act)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def columns(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Ask which column of a sheet (`?lembar=Data 2`) is which, and judge the list by the answer, or anew."""
    by = standing_of(request).actor
    try:
        with missing_when_not_in_sight():
            asked = mapping.question(roster_id=roster_id, by=by, sheet=_sheet(request))
    except (mapping.NothingToMap, mapping.ColumnsClosed) as why:
        messages.error(request, said(why.text))
        return redirect("web:roster", roster_id)
    form = filled(request, PageForm)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _answered(request, asked))
        if answer is not None:
            return answer
    stale = request.method == "POST" and request.POST.get("revision") != asked.seen
    typed = (
        QueryDict() if stale else request.POST
    )  # what holds now, when somebody else has answered meanwhile
    choices = [_choice(column, typed) for column in asked.columns]
    headings = typed.get("headings", "1" if asked.has_headings else "0") != "0"
    context = {"page": "rosters", "asked": asked, "choices": choices, "form": form, "headings": headings}
    context["doubtful"] = any(choice.guess for choice in choices)
    return render(request, "web/roster_columns.html", context, status=status_of(form))


def _sheet(request: HttpRequest) -> str:
    """The sheet the page showed, else the one of the address."""
    return request.POST.get("sheet", request.GET.get("lembar", ""))


def _answered(request: HttpRequest, asked: mapping.Question) -> Done:
    by = standing_of(request).actor
    asked = asked._replace(seen=request.POST.get("revision", ""))
    if "skip" in request.POST:
        mapping.skip(roster_id=asked.roster_id, asked=asked, by=by, now=clock.now())
        return Done(_SKIPPED, "web:roster", (asked.roster_id,))
    has_headings = request.POST.get("headings") != "0"
    mapping.answer(
        roster_id=asked.roster_id,
        asked=asked,
        fields=[_field(request.POST.get(f"column-{column.at}", "")) for column in asked.columns],
        has_headings=has_headings,
        by=by,
        now=clock.now(),
    )
    return Done(_MAPPED if has_headings else _MAPPED_ONCE, "web:roster", (asked.roster_id,))


def _field(sent: str) -> Field:
    return Field(sent) if sent in set(Field) else Field.OTHER


def _choice(column: mapping.Column, sent: QueryDict) -> Choice:
    now = _field(sent.get(f"column-{column.at}", column.guess))
    options = tuple((str(field), label, field == now) for field, label in mapping.LABELS.items())
    return Choice(column, options, mapping.HOW[How.GUESSED] if column.how == How.GUESSED else None)


_CALLED_OFF = Text(
    "Pemeriksaan dibatalkan. Berkasnya tetap tersimpan; belum ada baris yang dicatat.",
    "The check is called off. The file is kept; no row was stored.",
)
_BEGUN_AGAIN = Text("Daftar diperiksa lagi dari awal.", "The list is being checked again from its beginning.")
_SKIPPED = Text(
    "Lembar itu dilewati. Daftar sedang diperiksa.", "That sheet is left out. The list is being checked."
)
_MAPPED_ONCE = Text(
    "Kolom dicatat untuk daftar ini. Daftar sedang diperiksa.",
    "The columns are noted for this list. The list is being checked.",
)
_MAPPED = Text(
    "Kolom dicatat dan akan dikenali lain kali. Daftar sedang diperiksa.",
    "The columns are noted and known next time. The list is being checked.",
)
