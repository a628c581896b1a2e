"""The page "Pekerja": the people in sight, narrowed by agreement, kelurahan and standing, and the search for one."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import Standing, require, standing_of
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.identity import places
from lindung.insight import workers
from lindung.law.text import Text
from lindung.partnership.models import Agreement
from lindung.people import searching
from lindung.web.fields import Day, Faulty, Words, spoken
from lindung.web.sending import PageForm, status_of
from lindung.web.standings import LOOKS, StandingLook


class StandingTab(NamedTuple):
    """One standing, how many people have it, and the list narrowed to them."""

    look: StandingLook | None
    people: int
    address: str
    chosen: bool


class SearchForm(PageForm):
    """A name, or a NIK with its birth date."""

    name = Words(
        label=spoken(Text("Nama", "Name")),
        help_text=spoken(Text("Sekurangnya tiga huruf.", "At least three letters.")),
        max_length=200,
        required=False,
    )
    birth_date = Day(label=spoken(Text("Tanggal lahir", "Birth date")), required=False)
    nik = Words(
        label=spoken(Text("NIK", "NIK (identity number)")),
        help_text=spoken(
            Text("Hanya bersama tanggal lahir; nomor saja tidak dicari.", "Only with the birth date.")
        ),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@require_safe
@never_cache
@require(Permission.SEE_WORKERS)
def worker_list(request: HttpRequest) -> HttpResponse:
    """Show a page of the people in sight."""
    standing = standing_of(request)
    chosen = _chosen(request)
    shown = workers.page(on=standing.on, chosen=chosen, after=_number(request, "setelah"))
    context = {
        "page": "workers",
        "on": standing.on,
        "rows": _lines(shown.rows),
        "tabs": _tabs(workers.counts(on=standing.on, chosen=chosen), chosen),
        "chosen": chosen,
        "agreements": _agreements(),
        "kelurahan": _kelurahan(standing),
        "next": _address(chosen, setelah=shown.after) if shown.after else None,
        "began": "setelah" not in request.GET,
        "first": _address(chosen),
        "export": _export_address(standing, chosen),
    }
    return render(request, "web/workers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SEE_WORKERS)
def search(request: HttpRequest) -> HttpResponse:
    """Search by name, or by NIK with birth date; what was asked stands in no address."""
    form = SearchForm(request.POST) if request.method == "POST" else SearchForm()
    rows: list[tuple[workers.WorkerRow, StandingLook]] | None = None
    if request.method == "POST" and form.is_valid():
        rows = _found(request, form)
    context = {"page": "workers", "form": form, "rows": rows, "most": searching.MOST}
    return render(request, "web/search.html", context, status=200 if rows is not None else status_of(form))


def _found(request: HttpRequest, form: SearchForm) -> list[tuple[workers.WorkerRow, StandingLook]] | None:
    standing, given = standing_of(request), form.cleaned_data
    sought = searching.Sought(given["name"], given["birth_date"], given["nik"])
    try:
        found = searching.search(
            sought, by=standing.actor, sponsor_id=_only_sponsor(standing), now=clock.now()
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, Faulty(refusal.text))
        return None
    return _lines(workers.rows_of(found, on=standing.on))


def _lines(rows: tuple[workers.WorkerRow, ...]) -> list[tuple[workers.WorkerRow, StandingLook]]:
    return [(row, LOOKS[row.standing]) for row in rows]


def _chosen(request: HttpRequest) -> workers.Chosen:
    place, standing = request.GET.get("kelurahan", ""), request.GET.get("keadaan", "")
    return workers.Chosen(
        agreement_id=_number(request, "kerja-sama"),
        kelurahan_code=place if place in places.PLACES else "",
        standing=standing if standing in workers.STANDINGS else "",
    )


def _number(request: HttpRequest, name: str) -> int | None:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 18 else None


def _agreements() -> list[tuple[int, str]]:
    return list(Agreement.objects.order_by("title", "pk").values_list("pk", "title"))


def _kelurahan(standing: Standing) -> list[places.Place]:
    own = standing.scope.kelurahan_code
    seen = [place for place in places.PLACES.values() if not own or place.code == own]
    return sorted(seen, key=lambda place: place.name)


def _tabs(counts: Mapping[str, int], chosen: workers.Chosen) -> list[StandingTab]:
    everybody = StandingTab(
        None, sum(counts.values()), _address(chosen._replace(standing="")), not chosen.standing
    )
    return [everybody] + [
        StandingTab(look, counts[key], _address(chosen._replace(standing=key)), chosen.standing == key)
        for key, look in LOOKS.items()
        if counts[key] or chosen.standing == key
    ]


def _address(chosen: workers.Chosen, **more: Any) -> str:
    asked = {
        "kerja-sama": chosen.agreement_id,
        "kelurahan": chosen.kelurahan_code,
        "keadaan": chosen.standing,
        **more,
    }
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _export_address(standing: Standing, chosen: workers.Chosen) -> str | None:
    return _address(chosen, isi="workers") if standing.may(Permission.EXPORT) else None


def _only_sponsor(standing: Standing) -> int | None:
    """The city in whose trail a search stands; a branch that serves several has it in its own only."""
    ids = standing.scope.sponsor_ids
    return ids[0] if len(ids) == 1 else None
