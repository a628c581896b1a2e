"""The pages of a monthly run: all agreements' bills of a month asked for at once, and what became of each."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions import runs
from lindung.engine import clock
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import MonthChoice, spoken
from lindung.web.paging import Pager, asked_page
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of


class StartForm(PageForm):
    """Which month's bills are drawn together, and as what."""

    month = MonthChoice(
        label=spoken(Text("Bulan iuran", "Contribution month")),
        help_text=spoken(Text("Bulan dan tahun, misalnya 01-2027.", "Month and year, such as 01-2027.")),
    )
    how = forms.ChoiceField(
        label=spoken(Text("Disusun sebagai", "Drawn as")),
        choices=[
            ("draft", spoken(Text("Draf, untuk diperiksa dulu", "Drafts, to be looked at first"))),
            ("final", spoken(Text("Tagihan, siap dibayar", "Bills, ready to be paid"))),
        ],
        widget=forms.RadioSelect,
    )


class AgainForm(PageForm):
    """The order to try again; it holds nothing else."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DRAW_BILL)
def start(request: HttpRequest) -> HttpResponse:
    """Ask for all bills of a month, and see the runs of other months."""
    form = filled(request, StartForm, initial={"month": Month.of(standing_of(request).on), "how": "draft"})
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _started(request, form))
        if answer is not None:
            return answer
    context = {"page": "bills", "form": form, "runs": runs.recent()}
    return render(request, "web/bill_runs.html", context, status=status_of(form))


def _started(request: HttpRequest, form: StartForm) -> Done:
    month = form.cleaned_data["month"]
    started = runs.start(
        month=month,
        as_draft=form.cleaned_data["how"] == "draft",
        by=standing_of(request).actor,
        now=clock.now(),
    )
    return Done(_STARTED.filled(month=month.label), "web:bill_run", (started[0],))


@require_safe
@never_cache
@require(Permission.DRAW_BILL)
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far a run is, and what became of each agreement: what was refused first, with its reason."""
    with missing_when_not_in_sight():
        found = runs.progress(run_id)
    return render(request, "web/bill_run.html", _context(request, found))


@require_safe
@never_cache
@require(Permission.DRAW_BILL)
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The part of the page that shows the progress, asked every other second; the whole page once it is done."""
    with missing_when_not_in_sight():
        found = runs.progress(run_id)
    if not request.headers.get("HX-Request"):
        return redirect("web:bill_run", run_id)
    answer = render(request, "web/bill_run_state.html", {"run": found})
    if not found.waiting:
        answer.headers["HX-Refresh"] = "true"
    return answer


@require_http_methods(["POST"])
@never_cache
@require(Permission.DRAW_BILL)
def again(request: HttpRequest, run_id: int) -> HttpResponse:
    """Go on with what waits, and try once more what was refused."""
    with missing_when_not_in_sight():
        found = runs.progress(run_id)
    form = filled(request, AgainForm)

    def act() -> Done:
        runs.start(month=found.month, as_draft=found.as_draft, by=standing_of(request).actor, now=clock.now())
        return Done(_STARTED.filled(month=found.month.label), "web:bill_run", (run_id,))

    answer = carried_out(request, form, act) if form.is_valid() else None
    if answer is None and form.errors:
        return render(request, "web/bill_run.html", _context(request, found) | {"form": form}, status=422)
    return answer or redirect("web:bill_run", run_id)


_STARTED = Text(
    "Penyusunan tagihan {month} dimulai. Halaman ini boleh ditutup.",
    "Drawing the bills of {month} has begun. You may close this page.",
)


def _context(request: HttpRequest, found: runs.Progress) -> dict[str, Any]:
    lines, number, pages = runs.lines(found.id, number=asked_page(request))
    return {
        "page": "bills",
        "run": found,
        "lines": lines,
        "pager": Pager.of({}, number=number, pages=pages),
        "form": AgainForm(),
    }
