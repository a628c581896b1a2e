"""The pages of exports: asking for one, approving a colleague's, fetching one's own once."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.access.models import Organisation
from lindung.access.roles import Permission
from lindung.access.standing import Standing, require, standing_of
from lindung.access.step_up import stepped_up
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.insight import exports as insight
from lindung.law.text import Text
from lindung.membership import exporting
from lindung.membership.models import ExportFormat, ExportRequest, ExportWhat
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Words, spoken
from lindung.web.language import reader_language
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_WHAT = {
    ExportWhat.WORKERS: Text("pekerja", "workers"),
    ExportWhat.COVERAGE: Text("cakupan", "coverage"),
    ExportWhat.ROSTER: Text("hasil daftar", "results of a list"),
}


class ExportForm(PageForm):
    """What kind of file, what for, and whether with whole NIK."""

    sponsor = forms.TypedChoiceField(label=spoken(Text("Kota", "City")), coerce=int)
    format = forms.ChoiceField(
        label=spoken(Text("Jenis berkas", "Kind of file")),
        help_text=spoken(
            Text("Untuk dibuka di Excel, pilih Excel: angka panjang tetap utuh.", "For Excel choose Excel.")
        ),
        choices=[
            (ExportFormat.XLSX.value, spoken(Text("Excel (xlsx)", "Excel (xlsx)"))),
            (ExportFormat.CSV.value, spoken(Text("Teks (csv)", "Text (csv)"))),
        ],
        widget=forms.RadioSelect,
        initial=ExportFormat.XLSX.value,
    )
    purpose = Words(
        label=spoken(Text("Untuk apa?", "What for?")),
        help_text=spoken(
            Text("Tertulis di berkas, bersama nama Anda.", "It stands in the file, with your name.")
        ),
        max_length=200,
    )
    nik = forms.ChoiceField(
        label=spoken(Text("NIK di berkas", "NIK in the file")),
        choices=[
            ("masked", spoken(Text("Disamarkan", "Masked"))),
            ("whole", spoken(Text("Lengkap; perlu disahkan rekan", "Whole; a colleague must approve"))),
        ],
        widget=forms.RadioSelect,
        initial="masked",
    )

    def __init__(self, *args: Any, cities: list[tuple[int, str]], may_reveal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sponsor"].choices = cities  # type: ignore[attr-defined]  # a choice field, as declared above
        if len(cities) == 1:
            self.fields["sponsor"].widget = forms.HiddenInput()
            self.fields["sponsor"].initial = cities[0][0]
        if not may_reveal:
            del self.fields["nik"]


class Line(NamedTuple):
    """An export with what can be done with it by the one who reads."""

    asked: ExportRequest
    what: Text
    state: Text
    colour: str
    icon: str
    may_approve: bool
    may_fetch: bool


@require_safe
@never_cache
@require(Permission.EXPORT)
def exports(request: HttpRequest) -> HttpResponse:
    """Show the exports of two days: one's own, and those that wait for somebody's approval."""
    return _listed(request)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.EXPORT)
def export_new(request: HttpRequest) -> HttpResponse:
    """Ask for an export of what the page before it showed."""
    standing, what = standing_of(request), _what(request)
    with missing_when_not_in_sight():
        insight.look_up(what, _choice(request))
    may_reveal = standing.may(Permission.REVEAL_NIK) and what == ExportWhat.WORKERS
    form = filled(request, ExportForm, cities=_cities(standing), may_reveal=may_reveal)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _asked(request, form, what))
        if answer is not None:
            return answer
    context = {"page": "exports", "form": form, "what": _WHAT[what], "most": exporting.MOST_ALONE}
    return render(request, "web/export_new.html", context, status=status_of(form))


@require_POST
@never_cache
@require(Permission.EXPORT)
@stepped_up
def export_approve(request: HttpRequest, export_id: int) -> HttpResponse:
    """Approve a colleague's export, with a fresh code."""
    form = PageForm(request.POST)
    if form.is_valid():
        answer = carried_out(request, form, lambda: _approved(request, export_id))
        if answer is not None:
            return answer
    return _listed(request, form=form)


@require_POST
@never_cache
@require(Permission.EXPORT)
@stepped_up
def export_fetch(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """Hand the file out, once, for a fresh code."""
    standing = standing_of(request)
    try:
        with missing_when_not_in_sight():
            made = insight.fetch(
                request_id=export_id,
                by=standing.actor,
                on=standing.on,
                now=clock.now(),
                language=reader_language(),
            )
    except Refusal as refusal:
        return _listed(request, wrong=refusal.text)
    return FileResponse(made.content, as_attachment=True, filename=made.name, content_type=made.content_type)


def _asked(request: HttpRequest, form: ExportForm, what: ExportWhat) -> Done:
    standing, given = standing_of(request), form.cleaned_data
    wish = insight.Wish(
        what=what,
        choice=_choice(request),
        format=ExportFormat(given["format"]),
        whole_nik=given.get("nik") == "whole",
        purpose=given["purpose"],
        sponsor_id=given["sponsor"],
    )
    asked = insight.ask(wish, by=standing.actor, on=standing.on, now=clock.now())
    return Done(_WAITS if asked.needs_second else _READY, "web:exports")


def _approved(request: HttpRequest, export_id: int) -> Done:
    exporting.approve(request_id=export_id, by=standing_of(request).actor, now=clock.now())
    return Done(_APPROVED, "web:exports")


def _listed(request: HttpRequest, *, form: PageForm | None = None, wrong: Text | None = None) -> HttpResponse:
    standing, now = standing_of(request), clock.now()
    context = {
        "page": "exports",
        "lines": [_line(asked, standing, now) for asked in exporting.recent(now=now)],
        "form": form or PageForm(),
        "refused": form is not None,
        "wrong": wrong,
    }
    return render(request, "web/exports.html", context, status=409 if wrong or form is not None else 200)


def _line(asked: ExportRequest, standing: Standing, now: Any) -> Line:
    own = asked.requested_by_id == standing.actor.user_id
    waits = asked.needs_second and asked.approved_by_id is None
    over = asked.fetched_at is None and now >= exporting.ends_at(asked)
    state, colour, icon = _state(asked, waits=waits, over=over)
    open_still = asked.fetched_at is None and not over
    return Line(
        asked=asked,
        what=_WHAT[ExportWhat(asked.what)],
        state=state,
        colour=colour,
        icon=icon,
        may_approve=open_still and waits and not own,
        may_fetch=open_still and not waits and own,
    )


def _state(asked: ExportRequest, *, waits: bool, over: bool) -> tuple[Text, str, str]:
    if asked.fetched_at is not None:
        return Text("Sudah diunduh", "Fetched"), "is-good", "good"
    if over:
        return Text("Lewat waktu", "Too old"), "soft", "skip"
    if waits:
        return Text("Menunggu pengesahan", "Waits for approval"), "is-fix", "wait"
    return Text("Siap diunduh", "Ready"), "is-note", "good"


def _what(request: HttpRequest) -> ExportWhat:
    asked = request.GET.get("isi", "")
    if asked not in ExportWhat.values:
        raise Http404("export")
    return ExportWhat(asked)


def _choice(request: HttpRequest) -> dict[str, Any]:
    """The filter of the page before, as the address carries it."""
    numbers = {"agreement": "kerja-sama", "roster": "daftar"}
    words = {"kelurahan": "kelurahan", "standing": "keadaan"}
    choice: dict[str, Any] = {
        name: _number(request.GET[word]) for name, word in numbers.items() if request.GET.get(word)
    }
    return choice | {name: request.GET[word][:20] for name, word in words.items() if request.GET.get(word)}


def _number(asked: str) -> int:
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 18):
        raise ObjectDoesNotExist(asked[:20])
    return int(asked)


def _cities(standing: Standing) -> list[tuple[int, str]]:
    found = Organisation.objects.filter(pk__in=standing.scope.sponsor_ids).order_by("name")
    return list(found.values_list("pk", "name"))


_READY = Text(
    "Ekspor siap. Unduh sekali dalam 24 jam.", "The export is ready. Fetch it once within 24 hours."
)
_WAITS = Text(
    "Ekspor menunggu pengesahan rekan. Setelah disahkan, unduh dari halaman ini.",
    "The export waits for a colleague's approval. Then fetch it from this page.",
)
_APPROVED = Text("Ekspor disahkan. Pemintanya dapat mengunduh.", "Approved. The one who asked can fetch it.")
