"""The pages that put a bill beside the branch's own list, name by name, and take that list in."""

from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions import by_name, by_name_sheets, code_list_import
from lindung.contributions.bill_paper import Taken
from lindung.contributions.by_name import KINDS, NEXT, ByName
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.formats.unreadable import LIMITS, Unreadable
from lindung.law.text import Text
from lindung.membership import problems
from lindung.web.bill_papers import file_answer
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Day, spoken
from lindung.web.language import counted, said
from lindung.web.paging import Pager, asked_page
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_ADDRESSES = {
    "only_theirs": "hanya-bpjs",
    "only_ours": "hanya-kita",
    "amount": "iuran",
    "unknown": "tidak-dikenal",
    "equal": "sama",
}


class Tab(NamedTuple):
    """One kind of names, with how many there are."""

    label: Text
    rows: int
    address: str
    chosen: bool


class ListForm(PageForm):
    """The branch's list behind one kode iuran of the bill."""

    code = forms.ChoiceField(label=spoken(Text("Kode iuran", "Kode iuran")))
    said_on = Day(label=spoken(Text("Tanggal surat atau berkas", "Date of the letter or file")))
    file = forms.FileField(
        label=spoken(Text("Berkas", "File")),
        help_text=spoken(
            Text(
                "Daftar nama dari cabang apa adanya: .xlsx, .xls, .ods atau .csv dengan NIK, KPJ atau nama.",
                "The branch's list of names as it is: .xlsx, .xls, .ods or .csv with NIK, KPJ or name.",
            )
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )

    def __init__(self, *args: Any, codes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]  # a ChoiceField, named above


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
@require(Permission.SEE_WORKERS)
@require(Permission.SEE_DIFFERENCES)
def compared(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Show a bill beside the branch's list: counts, the names of one kind, and what to do about them."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        shown = by_name.of_bill(bill_id, on=standing.on)
    kind = _asked_kind(request, shown)
    names = by_name.names(shown, on=standing.on, kind=kind, number=asked_page(request))
    context = {
        "page": "bills",
        "shown": shown,
        "bill": shown.bill,
        "names": names.rows,
        "kind": kind,
        "next_step": NEXT[kind],
        "tabs": [
            Tab(label, shown.counts[name], f"?jenis={_ADDRESSES[name]}", name == kind)
            for name, label in KINDS.items()
        ],
        "pager": Pager.of({"jenis": _ADDRESSES[kind]}, number=names.number, pages=names.pages),
        "may_import": standing.may(Permission.IMPORT_BRANCH_WORD),
    }
    return render(request, "web/by_name.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SEE_BILLS)
@require(Permission.IMPORT_BRANCH_WORD)
def bring_in(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Take the branch's list in and go to the comparison."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        shown = by_name.of_bill(bill_id, on=standing.on)
    first = (shown.missing or shown.codes or ("",))[0]
    form = filled(request, ListForm, initial={"said_on": standing.on, "code": first}, codes=shown.codes)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _brought_in(request, bill_id, form.cleaned_data))
        if answer is not None:
            return answer
    context = {"page": "bills", "bill": shown.bill, "shown": shown, "form": form}
    return render(request, "web/by_name_file.html", context, status=status_of(form))


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
@require(Permission.SEE_WORKERS)
@require(Permission.SEE_DIFFERENCES)
def sheet(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The differences as a workbook for the branch."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        made = by_name_sheets.differences_xlsx(
            bill_id,
            on=standing.on,
            taken=Taken(standing.actor.name, clock.now()),
            by=standing.actor,
            said=said,
        )
        return file_answer(made, "beda-per-nama", bill_id, "xlsx")


class NotTaken(Refusal):
    """The file cannot be read; nothing was stored."""

    code = "code_list.unreadable"


def _brought_in(request: HttpRequest, bill_id: int, given: dict[str, Any]) -> Done:
    file = given["file"]
    if (file.size or 0) > LIMITS.max_file_bytes:
        raise NotTaken(problems.message("file.too_large"), field="file")
    try:
        kept = code_list_import.receive(
            bill_id=bill_id,
            name=file.name or "",
            content=file.read(),
            code=given["code"],
            said_on=given["said_on"],
            by=standing_of(request).actor,
            now=clock.now(),
        )
    except Unreadable as why:
        raise NotTaken(problems.message(why.code, why.where), field="file") from why
    done = _TAKEN.filled(n=counted(kept.lines), known=counted(kept.recognised))
    return Done(done, "web:bill_by_name", (bill_id,))


def _asked_kind(request: HttpRequest, shown: ByName) -> str:
    """The kind that was asked for, or the first that has names."""
    asked = request.GET.get("jenis", "")
    named = next((kind for kind, address in _ADDRESSES.items() if address == asked), "")
    return named or next((kind for kind in KINDS if shown.counts[kind]), "equal")


_TAKEN = Text(
    "{n} baris masuk, {known} dikenal dengan pasti. Berkasnya tersimpan utuh.",
    "{n} lines are in, {known} recognised for certain. The file is kept whole.",
)
