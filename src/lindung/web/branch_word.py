"""The pages of BPJS's word: files that came in, lines that were not taken, and the queue of differences."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.models import Organisation, OrganisationKind
from lindung.access.names import with_users
from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.claims import branch_word, estimating
from lindung.engine import clock
from lindung.engine.refusals import ChangedMeanwhile, Refusal
from lindung.formats.unreadable import LIMITS, Unreadable
from lindung.insight import differences
from lindung.law.text import Text
from lindung.membership import branch_import, explaining, problems
from lindung.membership.branch_records import BranchImport, NoteState, WordKind
from lindung.web.fields import Day, Words, spoken
from lindung.web.language import counted
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

PER_PAGE = 50


class Tab(NamedTuple):
    """One filter over the queue, with how many it would show."""

    label: Text
    rows: int
    address: str
    chosen: bool


class WordForm(PageForm):
    """A file from the branch: what it says, for which city, of which day."""

    kind = forms.ChoiceField(
        label=spoken(Text("Isi berkas", "What the file says")),
        choices=[(kind.value, spoken(label)) for kind, label in branch_word.KINDS.items()],
    )
    sponsor = forms.ChoiceField(label=spoken(Text("Untuk", "For")))
    said_on = Day(
        label=spoken(Text("Tanggal surat atau berkas", "Date of the letter or file")),
        help_text=spoken(
            Text("Tanggal yang tertulis pada surat BPJS.", "The date written on the letter of BPJS.")
        ),
    )
    file = forms.FileField(
        label=spoken(Text("Berkas", "File")),
        help_text=spoken(
            Text(
                "Kirim .xlsx, .xls, .ods atau .csv apa adanya. Berkas disimpan utuh; baris yang tidak dikenal "
                "ditampilkan dengan alasannya.",
                "Send .xlsx, .xls, .ods or .csv as it is. The file is kept whole; lines not recognised are shown "
                "with the reason.",
            )
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )

    def __init__(self, *args: Any, cities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sponsor"].choices = cities  # type: ignore[attr-defined]  # a ChoiceField, named above


class NoteForm(PageForm):
    """Why we differ; `fingerprint` says which two values the reader saw."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=32)
    note = Words(
        label=spoken(Text("Alasan", "Reason")),
        help_text=spoken(
            Text(
                "Tulis apa yang sudah diperiksa dan dengan siapa. Tanpa NIK.",
                "Write what was checked and with whom. No NIK.",
            )
        ),
        max_length=500,
    )


@require_safe
@never_cache
@require(Permission.SEE_DIFFERENCES)
def imports(request: HttpRequest) -> HttpResponse:
    """Show the files that came in, newest first."""
    known = BranchImport.objects.select_related("sponsor", "document").order_by("-pk")
    found, pages = _page(request, known)
    rows = with_users(found, "imported_by")
    context = {
        "page": "branch",
        "words": [(word, branch_word.KINDS[WordKind(word.kind)]) for word in rows],
        "may_import": standing_of(request).may(Permission.IMPORT_BRANCH_WORD),
        "waiting": differences.open_differences(on=standing_of(request).on),
        **pages,
    }
    return render(request, "web/branch_imports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.IMPORT_BRANCH_WORD)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Take a file with BPJS's word and go to what came of it."""
    form = filled(request, WordForm, initial={"said_on": standing_of(request).on}, cities=_cities(request))
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _brought_in(request, form.cleaned_data))
        if answer is not None:
            return answer
    return render(
        request, "web/branch_bring_in.html", {"page": "branch", "form": form}, status=status_of(form)
    )


@require_safe
@never_cache
@require(Permission.SEE_DIFFERENCES)
def imported(request: HttpRequest, word_id: int) -> HttpResponse:
    """Show what came of one file, and the lines that were not taken with their reasons."""
    known = BranchImport.objects.select_related("sponsor", "document")
    (word,) = with_users([get_object_or_404(known, pk=word_id)], "imported_by")
    number, pages = _within(request, word.unknown + word.faulty)
    context = {
        "page": "branch",
        "word": word,
        "kind": branch_word.KINDS[WordKind(word.kind)],
        "lines": branch_import.left_lines(word, number=number),
        **_neighbours(number, pages),
    }
    return render(request, "web/branch_import.html", context)


@require_safe
@never_cache
@require(Permission.SEE_DIFFERENCES)
def queue(request: HttpRequest) -> HttpResponse:
    """Show where we differ from BPJS: the open ones, or those that somebody explained."""
    state = "explained" if request.GET.get("keadaan") == "dijelaskan" else "open"
    group = request.GET.get("jenis", "")
    group = group if group in differences.GROUPS else ""
    found = differences.page(
        on=standing_of(request).on, group=group, state=state, number=_asked_page(request)
    )
    context = {
        "page": "branch",
        "found": found,
        "state": state,
        "tabs": _tabs(found, group, state),
        "other": _address(group, "explained" if state == "open" else "open"),
        **_neighbours(found.number, found.pages),
        "query": _address(group, state)[1:],
    }
    return render(request, "web/differences.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SEE_DIFFERENCES)
def difference(request: HttpRequest, key: str) -> HttpResponse:
    """Show one difference with both values and their source; take the reason of whoever looked into it."""
    standing = standing_of(request)
    found = differences.one(key=key, on=standing.on)
    if found is None:
        raise Http404("both sides agree by now, or it is not in sight")
    form = filled(request, NoteForm, initial={"fingerprint": found.fingerprint})
    may_note = standing.may(Permission.IMPORT_BRANCH_WORD)
    if request.method == "POST" and may_note and form.is_valid():
        answer = carried_out(request, form, lambda: _noted(request, found, form.cleaned_data))
        if answer is not None:
            return answer
    context = {
        "page": "branch",
        "found": found,
        "form": form,
        "may_note": may_note,
        "estimate": estimating.told(found.estimate_id) if found.estimate_id else None,
        "may_see_worker": standing.may(Permission.SEE_WORKERS),
        "may_change": standing.may(Permission.CHANGE_MEMBERS),
    }
    return render(request, "web/difference.html", context, status=status_of(form))


class NotTaken(Refusal):
    """The file cannot be read; nothing was stored."""

    code = "branch_word.unreadable"


def _brought_in(request: HttpRequest, given: dict[str, Any]) -> Done:
    file = given["file"]
    if (file.size or 0) > LIMITS.max_file_bytes:
        raise NotTaken(problems.message("file.too_large"), field="file")
    try:
        word = branch_word.receive(
            kind=WordKind(given["kind"]),
            name=file.name or "",
            content=file.read(),
            sponsor_id=int(given["sponsor"]),
            said_on=given["said_on"],
            by=standing_of(request).actor,
            now=clock.now(),
        )
    except Unreadable as why:
        raise NotTaken(problems.message(why.code, why.where), field="file") from why
    left = word.unknown + word.faulty
    return Done(_TAKEN.filled(n=counted(word.accepted), left=counted(left)), "web:branch_import", (word.pk,))


_TAKEN = Text(
    "{n} baris masuk, {left} baris tidak. Berkasnya tersimpan utuh.",
    "{n} lines are in, {left} are not. The file is kept whole.",
)
_NOTED = Text("Tercatat atas nama Anda.", "Recorded in your name.")


def _noted(request: HttpRequest, found: differences.Difference, given: dict[str, Any]) -> Done:
    if given["fingerprint"] != found.fingerprint:
        raise ChangedMeanwhile
    explaining.note(
        difference=found.key,
        fingerprint=found.fingerprint,
        sponsor_id=found.sponsor_id,
        state=NoteState.OPEN if found.state == "explained" else NoteState.EXPLAINED,
        text=given["note"],
        by=standing_of(request).actor,
        now=clock.now(),
    )
    return Done(_NOTED, "web:differences")


def _cities(request: HttpRequest) -> list[tuple[str, str]]:
    ids = standing_of(request).scope.sponsor_ids
    cities = Organisation.objects.filter(pk__in=ids, kind=OrganisationKind.CITY).order_by("name")
    return [(str(city.pk), city.name) for city in cities]


def _tabs(found: differences.Page, group: str, state: str) -> list[Tab]:
    def of(asked: str) -> int:
        return sum(n for (kind, stands), n in found.counts.items() if asked in ("", kind) and stands == state)

    groups = {"": Text("Semua", "All"), **differences.GROUPS}
    return [Tab(label, of(key), _address(key, state), key == group) for key, label in groups.items()]


def _address(group: str, state: str) -> str:
    asked = {"jenis": group, "keadaan": "dijelaskan" if state == "explained" else ""}
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _asked_page(request: HttpRequest) -> int:
    asked = request.GET.get("halaman", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 1


def _within(request: HttpRequest, rows: int) -> tuple[int, int]:
    pages = max(1, -(-rows // PER_PAGE))
    return min(_asked_page(request), pages), pages


def _page(
    request: HttpRequest, rows: "QuerySet[BranchImport]"
) -> tuple[list[BranchImport], dict[str, int | None]]:
    number, pages = _within(request, rows.count())
    return list(rows[(number - 1) * PER_PAGE : number * PER_PAGE]), _neighbours(number, pages)


def _neighbours(number: int, pages: int) -> dict[str, int | None]:
    return {
        "number": number,
        "pages": pages,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < pages else None,
    }
