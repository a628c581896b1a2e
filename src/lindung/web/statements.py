"""The pages of bank statements: bringing one in, and seeing that every line of it stands somewhere."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.models import Organisation, OrganisationKind
from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions import statement_pages as room
from lindung.contributions import statements
from lindung.contributions.accepting import STATES
from lindung.contributions.statement_problems import StatementUnreadable
from lindung.contributions.statement_records import LineState
from lindung.engine import clock
from lindung.formats.statement_table import Told
from lindung.formats.unreadable import LIMITS, Unreadable
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Words, spoken
from lindung.web.language import counted
from lindung.web.paging import Pager, asked_page
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

KNOWN = "known"
_KNOWN_LABEL = Text("Sudah ada", "In already")


class Tab(NamedTuple):
    """One filter over the lines of a statement, with how many it would show."""

    label: Text
    rows: int
    address: str
    chosen: bool


class StatementForm(PageForm):
    """A file of the bank, and what only the sender can say of it."""

    sponsor = forms.ChoiceField(label=spoken(Text("Untuk", "For")))
    file = forms.FileField(
        label=spoken(Text("Berkas rekening koran", "Statement file")),
        help_text=spoken(
            Text(
                "MT940, camt.053, Excel atau CSV, persis seperti diunduh dari bank.",
                "MT940, camt.053, Excel or CSV, just as downloaded from the bank.",
            )
        ),
        widget=forms.FileInput(attrs={"accept": ".sta,.940,.mt940,.txt,.xml,.csv,.xlsx,.xls,.ods"}),
    )
    account = Words(
        required=False,
        max_length=40,
        label=spoken(Text("Nomor rekening", "Account number")),
        help_text=spoken(
            Text("Hanya bila tidak tertulis di dalam berkas.", "Only where the file does not say it.")
        ),
    )
    decimals = forms.ChoiceField(
        required=False,
        label=spoken(Text("Cara bank menulis uang", "How the bank writes money")),
        choices=[
            ("", spoken(Text("Terlihat dari berkasnya", "The file shows it"))),
            (",", "1.234.567,00"),
            (".", "1,234,567.00"),
        ],
    )
    days = forms.ChoiceField(
        required=False,
        label=spoken(Text("Urutan tanggal", "Order of dates")),
        choices=[
            ("dmy", spoken(Text("hari-bulan-tahun", "day-month-year"))),
            ("mdy", spoken(Text("bulan-hari-tahun", "month-day-year"))),
        ],
    )

    def __init__(self, *args: Any, cities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sponsor"].choices = cities  # type: ignore[attr-defined]  # a ChoiceField, named above


@require_safe
@never_cache
@require(Permission.SEE_MONEY)
def listed(request: HttpRequest) -> HttpResponse:
    """Show the statements that came in, newest first."""
    found = room.listed(number=asked_page(request))
    context = {
        "page": "statements",
        "found": found,
        "pager": Pager.of({}, number=found.number, pages=found.pages),
        "may_import": standing_of(request).may(Permission.IMPORT_STATEMENT),
    }
    return render(request, "web/statements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.IMPORT_STATEMENT)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Take a statement and go to what came of it."""
    form = filled(request, StatementForm, cities=_cities(request))
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _brought_in(request, form.cleaned_data))
        if answer is not None:
            return answer
    context = {"page": "statements", "form": form}
    return render(request, "web/statement_bring_in.html", context, status=status_of(form))


@require_safe
@never_cache
@require(Permission.SEE_MONEY)
def statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Show one statement: what came of its lines, all of them or those in one place."""
    asked = request.GET.get("keadaan", "")
    state = asked if asked in (*LineState.values, KNOWN) else ""
    with missing_when_not_in_sight():
        shown = room.page_of(statement_id, state=state, number=asked_page(request))
    context = {
        "page": "statements",
        "shown": shown,
        "statement": shown.statement,
        "tabs": _tabs(shown, state),
        "pager": Pager.of({"keadaan": state}, number=shown.number, pages=shown.pages),
        "may_match": standing_of(request).may(Permission.MATCH_MONEY),
    }
    return render(request, "web/statement.html", context)


_TAKEN = Text(
    "{fresh} uang masuk baru, {known} baris sudah ada, {debit} uang keluar, {other} lain. Berkasnya tersimpan utuh.",
    "{fresh} new lines of money in, {known} in already, {debit} out, {other} others. The file is kept whole.",
)


def _brought_in(request: HttpRequest, given: dict[str, Any]) -> Done:
    file = given["file"]
    if (file.size or 0) > LIMITS.max_file_bytes:
        raise StatementUnreadable(Unreadable("file.too_large"))
    came = statements.receive(
        name=file.name or "",
        content=file.read(),
        sponsor_id=int(given["sponsor"]),
        told=Told(account=given["account"], decimals=given["decimals"], days=given["days"]),
        by=standing_of(request).actor,
        now=clock.now(),
    )
    text = _TAKEN.filled(
        fresh=counted(came.fresh),
        known=counted(came.known),
        debit=counted(came.debit),
        other=counted(came.foreign + came.faulty),
    )
    return Done(text, "web:statement", (came.pk,))


def _cities(request: HttpRequest) -> list[tuple[str, str]]:
    ids = standing_of(request).scope.sponsor_ids
    cities = Organisation.objects.filter(pk__in=ids, kind=OrganisationKind.CITY).order_by("name")
    return [(str(city.pk), city.name) for city in cities]


def _tabs(shown: room.StatementPage, chosen: str) -> list[Tab]:
    tabs = [Tab(Text("Semua", "All"), sum(shown.counts.values()), "?", not chosen)]
    found = (state for state in LineState if shown.counts[state])
    tabs += [_tab(STATES[state], shown.counts[state], state.value, chosen) for state in found]
    if shown.statement.known:
        tabs.append(_tab(_KNOWN_LABEL, shown.statement.known, KNOWN, chosen))
    return tabs


def _tab(label: Text, rows: int, state: str, chosen: str) -> Tab:
    whole = Text(label.id[0].upper() + label.id[1:], label.en[0].upper() + label.en[1:])
    return Tab(whole, rows, "?" + urlencode({"keadaan": state}), state == chosen)
