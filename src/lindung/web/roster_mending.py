"""The pages on which a list is mended: one cell in its place, a corrected file, the workbook to take along."""

from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.access.step_up import stepped_up
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.formats.unreadable import Unreadable
from lindung.law.text import Text, joined
from lindung.membership import (
    correcting,
    correction_preview,
    handing_back,
    mending,
    problems,
    rechecking,
    rosters,
    wrong_file,
)
from lindung.membership.columns import Field
from lindung.membership.models import Correction, Roster, Verdict
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Words, spoken
from lindung.web.language import reader_language, said
from lindung.web.pressing import done_or_back
from lindung.web.roster_rows import Line, heading_of, line_of
from lindung.web.roster_uploads import refused_unread
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CellForm(PageForm):
    """One cell typed anew; a press on a suggestion sends that instead."""

    text = Words(
        label=spoken(Text("Isi yang benar", "What it should say")),
        required=False,
        max_length=mending.LONGEST_CELL,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)

    def clean(self) -> dict[str, Any]:
        """The pressed suggestion stands for the text."""
        cleaned = super().clean()
        pressed = self.data.get("suggestion", "")
        if pressed and pressed.isprintable():
            cleaned["text"] = pressed[: mending.LONGEST_CELL]
        return cleaned


class CorrectionForm(PageForm):
    """A corrected file for a list that is here."""

    file = forms.FileField(
        label=spoken(Text("Berkas yang sudah diperbaiki", "The corrected file")),
        help_text=spoken(
            Text(
                "Boleh berkas Anda sendiri atau unduhan dari sini. Belum ada yang berubah sebelum Anda setuju.",
                "Your own file or the one taken from here. Nothing changes before you agree.",
            )
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        allow_empty_file=True,
    )


_NEEDED = frozenset({Field.NAME, Field.NIK, Field.BIRTH, Field.KELURAHAN})
"""Without these nobody is enrolled: an empty cell mends nothing."""
_KEYBOARDS = {Field.NIK: "numeric", Field.FAMILY_CARD: "numeric", Field.PHONE: "tel"}
NO_CONFLICTS = correction_preview.Rows((), 0)
_LIST, _FILE = "list", "file"
_REST, _VANISH = "rest", "vanish"


class AgreementForm(PageForm):
    """Yes to a correction, and for each cell that somebody else mended meanwhile, whose text it gets."""

    def __init__(
        self,
        *args: Any,
        conflicts: correction_preview.Rows,
        most_vanish: tuple[int, int] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if most_vanish is not None:
            self.fields[_VANISH] = forms.BooleanField(
                label=spoken(_vanish_said(*most_vanish)), required=False
            )
        self._places: dict[str, correcting.Place] = {}
        for row in conflicts.shown:
            [both] = row.cells
            name = f"cell-{row.number}-{both.column}"
            self._places[name] = (row.number, both.column)
            self.fields[name] = _choice(_place_said(row, both), both.before, both.after)
        if conflicts.more:
            self.fields[_REST] = _choice(_more_said(conflicts.more))

    def chosen(self) -> correcting.Chosen:
        """What was decided; the list's newer text unless the file's was chosen."""
        mine = {place for name, place in self._places.items() if self.cleaned_data[name] == _FILE}
        return correcting.Chosen(frozenset(mine), self.cleaned_data.get(_REST) == _FILE)

    def vanish(self) -> bool:
        """Whether most rows are rightly not in the file."""
        return bool(self.cleaned_data.get(_VANISH))


def _choice(label: Text, before: str = "", after: str = "") -> forms.ChoiceField:
    kept, sent = (f": {text}" if text else "" for text in (before, after))
    choices = (
        (_LIST, spoken(Text(f"Isi daftar, lebih baru{kept}", f"The list, newer{kept}"))),
        (_FILE, spoken(Text(f"Isi berkas Anda{sent}", f"Your file{sent}"))),
    )
    return forms.ChoiceField(label=spoken(label), choices=choices, initial=_LIST, widget=forms.RadioSelect)


def _place_said(row: correction_preview.RowShown, both: correction_preview.CellShown) -> Text:
    which = ", ".join(text for text in (row.sheet, row.name, both.heading) if text)
    return Text(f"Baris {row.line}: {which}", f"Row {row.line}: {which}")


def _more_said(number: int) -> Text:
    return Text(f"{number} sel bertentangan lainnya", f"{number} more cells changed by both")


def _vanish_said(gone: int, rows: int) -> Text:
    return Text(
        f"Berkas ini benar: {gone} dari {rows} baris daftar memang tidak ikut lagi",
        f"This is the right file: {gone} of the {rows} rows are no longer part of the list",
    )


class FileNotTaken(Refusal):
    """The corrected file cannot be read."""

    code = "file.not_taken"


class Entry(NamedTuple):
    """A change of a row as shown: which column (None: several), what it said and says, masked."""

    change: mending.Change
    heading: str
    before: str
    after: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.MEND_ROSTER)
def cell(request: HttpRequest, roster_id: int, number: int, column: int) -> HttpResponse:
    """Type one cell anew: inside the table where scripts run, on a page of its own where they do not."""
    with missing_when_not_in_sight():
        roster = Roster.objects.select_related("agreement").get(pk=roster_id)
        view = rosters.row_of(roster_id, number)
        held = rechecking.held(roster, [number])[number]
    inside = bool(request.headers.get("HX-Request"))
    if not view.mendable or column >= len(view.cells):
        return _row_instead(request, roster_id, number) or redirect("web:roster_row", roster_id, number)
    text = held.row.cells[column] if column < len(held.row.cells) else ""
    masked = view.cells[column].text != text
    field = Field(roster.fields[column]) if column < len(roster.fields) else Field.OTHER
    initial = {"text": "" if masked else text, "revision": view.revision}
    # Several cells of the table may be open at once: each field has an id of its own.
    form = filled(request, CellForm, initial=initial, auto_id=f"id_{number}_{column}_%s")
    form.fields["text"].required = (masked or field in _NEEDED) and "suggestion" not in request.POST
    if field in _KEYBOARDS:
        form.fields["text"].widget.attrs["inputmode"] = _KEYBOARDS[field]
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _mended(request, roster_id, number, column, form))
        if answer is not None:
            return _row_instead(request, roster_id, number) or answer
    if form.is_bound:
        view = _shown_again(request, roster_id, number, form)
    context = {
        "page": "rosters",
        "roster": roster,
        "row": view,
        "column": column,
        "heading": heading_of(roster.headers, column),
        "cell": view.cells[column],
        "masked": masked,
        "form": form,
        "inside": inside,
        "suggestions": mending.suggestions(held.row, field, column=column, on=standing_of(request).on),
    }
    template = "web/roster_cell_form.html" if inside else "web/roster_cell.html"
    # What is swapped into the page must come with 200, also when it says what is wrong.
    return render(request, template, context, status=200 if inside else status_of(form))


def _mended(request: HttpRequest, roster_id: int, number: int, column: int, form: CellForm) -> Done:
    mending.mend_cell(
        roster_id=roster_id,
        line=number,
        column=column,
        text=form.cleaned_data["text"],
        revision=form.cleaned_data["revision"],
        by=standing_of(request).actor,
        now=clock.now(),
    )
    told = _told(rosters.row_of(roster_id, number), form.cleaned_data["revision"])
    return Done(told, f"{reverse('web:roster_row', args=[roster_id, number])}")


def _told(row: rosters.RowView, revision: int) -> Text:
    """What became of the row, and what still stops it."""
    if row.revision == revision:
        return _SAME
    stopping = row.stopping
    if not stopping:
        return _MENDED if row.verdict != Verdict.IGNORED else _NOBODY
    return _STILL.filled(what=joined(tuple(fault.message for fault in stopping)))


def _shown_again(request: HttpRequest, roster_id: int, number: int, form: CellForm) -> rosters.RowView:
    """The row as it stands after a refusal; the form now answers to this state, so that it can be sent again."""
    view = rosters.row_of(roster_id, number)
    sent = request.POST.copy()
    sent["revision"] = str(view.revision)
    form.data = sent
    return view


def _row_instead(request: HttpRequest, roster_id: int, number: int) -> HttpResponse | None:
    """The row as it is now, in place of the old one; its message stands in the row itself."""
    if not request.headers.get("HX-Request"):
        return None
    list(messages.get_messages(request))
    context = {"each": _line(request, roster_id, number), **_rights(request), "roster_id": roster_id}
    return _row_in_place(request, context)


def _row_in_place(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    """A row says itself that it replaces a row: a form or link inside one of its cells may have asked for it."""
    answer = render(request, "web/roster_row.html", context)
    answer.headers["HX-Retarget"] = "closest tr"
    answer.headers["HX-Reswap"] = "outerHTML"
    return answer


@require_safe
@never_cache
@require(Permission.SEE_ROSTERS)
def row(request: HttpRequest, roster_id: int, number: int) -> HttpResponse:
    """One row with every cell and everything that was ever changed in it."""
    with missing_when_not_in_sight():
        each = _line(request, roster_id, number)
        roster = Roster.objects.get(pk=roster_id)
    context = {"page": "rosters", "each": each, "roster_id": roster_id, **_rights(request)}
    if request.headers.get("HX-Request"):
        return _row_in_place(request, context)
    history = [_entry(roster, change) for change in mending.history(roster_id=roster_id, line=number)]
    return render(request, "web/roster_line.html", {**context, "history": history})


def _line(request: HttpRequest, roster_id: int, number: int) -> Line:
    roster = Roster.objects.get(pk=roster_id)
    return line_of(roster.headers, rosters.row_of(roster_id, number))


def _rights(request: HttpRequest) -> dict[str, bool]:
    standing = standing_of(request)
    return {
        "may_mend": standing.may(Permission.MEND_ROSTER),
        "may_see_workers": standing.may(Permission.SEE_WORKERS),
        "may_keep": standing.may(Permission.ENROL),
        "may_set_aside": standing.may(Permission.UPLOAD_ROSTER),
    }


def _entry(roster: Roster, change: mending.Change) -> Entry:
    fields = tuple(Field(name) for name in roster.fields)
    if change.column is None:
        return Entry(change, "", _shown_all(change.before, fields), _shown_all(change.after, fields))
    texts = [
        rosters.shown(cells[change.column], fields, change.column) if change.column < len(cells) else ""
        for cells in (change.before, change.after)
    ]
    return Entry(change, heading_of(roster.headers, change.column), *texts)


def _shown_all(cells: tuple[str, ...], fields: tuple[Field, ...]) -> str:
    return ", ".join(rosters.shown(text, fields, at) for at, text in enumerate(cells) if text.strip())


@require_http_methods(["POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def recheck(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Judge the open rows again against each other, the register and the quota."""

    def act() -> Done:
        rechecking.recheck(roster_id=roster_id, by=standing_of(request).actor, on=standing_of(request).on)
        return Done(_RECHECKED, "web:roster", (roster_id,))

    return done_or_back(request, roster_id, act)


@require_POST
@never_cache
@require(Permission.UPLOAD_ROSTER)
@stepped_up
def download(request: HttpRequest, roster_id: int) -> HttpResponse:
    """The officer's own workbook with what became of each row, for a fresh code: whole NIK stand in it."""
    try:
        with missing_when_not_in_sight():
            name, content = handing_back.workbook_of(
                roster_id=roster_id,
                by=standing_of(request).actor,
                now=clock.now(),
                english=reader_language() == "en",
            )
    except Refusal as refusal:
        messages.error(request, said(refusal.text))
        return redirect("web:roster", roster_id)
    answer = HttpResponse(content, content_type=_XLSX)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def correct(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Take a corrected file and lead to the summary of what it would change."""
    with missing_when_not_in_sight():
        page = rosters.page(roster_id, verdict=None, number=1)
    form = filled(request, CorrectionForm)
    too_large = request.method == "POST" and refused_unread(request, request.FILES.get("file"))
    others: list[int] = []
    if request.method == "POST" and not too_large and form.is_valid():
        file = form.cleaned_data["file"]
        answer = carried_out(request, form, lambda: _compared(request, roster_id, file, others))
        if answer is not None:
            return answer
    context = {"page": "rosters", "roster": page, "form": form, "too_large": too_large or None}
    context["other_list"] = others[0] if others else None
    return render(request, "web/roster_correct.html", context, status=status_of(form))


def _compared(request: HttpRequest, roster_id: int, file: "UploadedFile[bytes]", others: list[int]) -> Done:
    """``others`` gets the list of which the file is a download, when it is that of another one."""
    try:
        correction_id = correcting.compare(
            roster_id=roster_id,
            name=file.name or "",
            content=file.read(),
            by=standing_of(request).actor,
            now=clock.now(),
        )
    except wrong_file.OtherList as other:
        others.append(other.roster_id)
        raise
    except Unreadable as why:
        raise FileNotTaken(problems.message(why.code, why.where), field="file", code=why.code) from why
    return Done(_COMPARED, "web:roster_correction", (roster_id, correction_id))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.UPLOAD_ROSTER)
def correction(request: HttpRequest, roster_id: int, correction_id: int) -> HttpResponse:
    """Show what a corrected file would change, and store it when agreed to."""
    with missing_when_not_in_sight():
        found = Correction.objects.select_related("document").get(pk=correction_id, roster_id=roster_id)
        page = rosters.page(roster_id, verdict=None, number=1)
        shown = correction_preview.preview(correction_id=correction_id, by=standing_of(request).actor)
    conflicts, most = (shown.conflicts, shown.most_vanish) if shown else (NO_CONFLICTS, None)
    form = filled(request, AgreementForm, conflicts=conflicts, most_vanish=most)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _corrected(request, found, form))
        if answer is not None:
            return answer
    context = {"page": "rosters", "roster": page, "correction": found, "form": form, "preview": shown}
    context |= _rights(request)
    return render(request, "web/roster_correction.html", context, status=status_of(form))


def _corrected(request: HttpRequest, found: Correction, form: "AgreementForm") -> Done:
    correcting.store(
        correction_id=found.pk,
        by=standing_of(request).actor,
        now=clock.now(),
        chosen=form.chosen(),
        vanish=form.vanish(),
    )
    return Done(_CORRECTED, "web:roster", (found.roster_id,))


_SAME = Text(
    "Isinya sama seperti sebelumnya; tidak ada yang berubah.", "It says the same as before; nothing changed."
)
_STILL = Text("Disimpan; masih perlu diperbaiki: {what}", "Stored; still to mend: {what}")
_NOBODY = Text(
    "Disimpan; baris ini sekarang tidak terbaca sebagai orang.",
    "Stored; the row does not read as a person now.",
)
_MENDED = Text("Baris diperbaiki dan diperiksa lagi.", "The row is mended and checked again.")
_RECHECKED = Text(
    "Baris yang belum terdaftar sudah diperiksa lagi.", "The rows not enrolled yet are checked again."
)
_COMPARED = Text(
    "Berkas dibandingkan. Periksa ringkasannya, lalu setujui.", "The file is compared. Look, then agree."
)
_CORRECTED = Text("Perbaikan disimpan dan diperiksa.", "The correction is stored and checked.")
