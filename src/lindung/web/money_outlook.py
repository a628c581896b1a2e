"""The pages of the money to come: how long it lasts, what more would buy, who loses what on which day, and refunds."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lindung.access import audit
from lindung.access.roles import Permission
from lindung.access.standing import Standing, require, standing_of
from lindung.engine import clock
from lindung.formats.sheets import Sheet, to_xlsx
from lindung.insight import losses as room
from lindung.insight import runway as money
from lindung.insight.payer_changes import payer_changes
from lindung.insight.refunds import ARTICLE, Refunds, refunds, sums
from lindung.law.money import rupiah
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Faulty, Rupiah
from lindung.web.language import counted, said
from lindung.web.paging import Pager, asked_page

USUAL = 100_000_000
"""What "one more" means while nobody has asked for another amount."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@never_cache
@require(Permission.SEE_AGREEMENTS)
def runway(request: HttpRequest) -> HttpResponse:
    """Show how long the money lasts, the January gap, and what an amount more would buy (`?tambahan=100.000.000`)."""
    standing = standing_of(request)
    asked = request.GET.get("tambahan", "")
    typed = _amount(asked)
    amount = typed or USUAL
    found = money.outlook(on=standing.on)
    paying = [purse for purse in found.purses if purse.reach.cost and purse.agreement.over is None]
    context = {
        "page": "runway",
        "found": found,
        "amount": amount,
        "asked": rupiah(amount).removeprefix("Rp") if typed or not asked else asked,
        "wrong": bool(asked) and not typed,
        "bought": [(purse, money.bought(purse, amount=amount, on=standing.on)) for purse in paying],
        "last": Month(found.year, 12),
        "changes": payer_changes(on=standing.on),
        "may_see_bills": standing.may(Permission.SEE_BILLS),
    }
    return render(request, "web/runway.html", context, status=422 if context["wrong"] else 200)


def _amount(asked: str) -> int | None:
    """What was typed in whole rupiah; None for nothing, and for what cannot be read."""
    try:
        return Rupiah(required=False).to_python(asked)
    except Faulty:
        return None


@require_safe
@never_cache
@require(Permission.SEE_COVERAGE)
def losses(request: HttpRequest, agreement_id: int | None = None) -> HttpResponse:
    """Show who loses what on which day, of one agreement or of all; the page prints on A4 and holds no number of anybody."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        found = room.losses(on=standing.on, agreement_id=agreement_id)
    own = [agreement_id] if agreement_id else []
    context = {
        "page": "runway",
        "found": found,
        "by_kecamatan": [
            (area, [each for each in found.kelurahan if each.parent == area.code]) for area in found.kecamatan
        ],
        "file": reverse("web:losses_file_of" if own else "web:losses_file", args=own),
        "people": reverse("web:losses_people_of" if own else "web:losses_people", args=own),
        "may_see_workers": standing.may(Permission.SEE_WORKERS),
        "may_see_agreements": standing.may(Permission.SEE_AGREEMENTS),
    }
    return render(request, "web/losses.html", context)


@require_safe
@never_cache
@require(Permission.SEE_COVERAGE)
@require(Permission.SEE_WORKERS)
def losses_people(request: HttpRequest, agreement_id: int | None = None) -> HttpResponse:
    """Name the people, who loses first standing first, fifty to a page; no number of anybody."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        found = room.names(on=standing.on, agreement_id=agreement_id, number=asked_page(request))
    context = {
        "page": "runway",
        "found": found,
        "on": standing.on,
        "back": reverse("web:losses_of", args=[agreement_id]) if agreement_id else reverse("web:losses"),
        "pager": Pager.of({}, number=found.number, pages=found.pages),
    }
    return render(request, "web/losses_people.html", context)


@require_safe
@never_cache
@require(Permission.SEE_COVERAGE)
def losses_file(request: HttpRequest, agreement_id: int | None = None) -> HttpResponse:
    """The list as a workbook: by day and by kelurahan, counts only, no names."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        found = room.losses(on=standing.on, agreement_id=agreement_id)
    code = found.agreement.code if found.agreement else said(_ALL)
    sheets = [
        Sheet(
            said(_BY_DAY),
            [said(column) for column in _DAY_COLUMNS],
            [
                [stop.day.isoformat() if stop.day else "", said(stop.text), counted(stop.people)]
                for stop in found.stops
            ],
        ),
        Sheet(
            said(_BY_PLACE),
            [said(column) for column in _PLACE_COLUMNS],
            [_place_row(each, found) for each in found.kelurahan],
        ),
        Sheet(
            said(_IN_WORDS),
            [said(column) for column in _WORD_COLUMNS],
            [
                [each.programme.upper(), said(each.text), said(each.article)]
                for each in (*found.words, *found.employed_words)
            ],
        ),
        _about(standing, code),
    ]
    return _file(f"kehilangan-{code}-{standing.on.isoformat()}.xlsx", sheets)


def _place_row(each: room.Area, found: room.Losses) -> list[str]:
    above = {area.code: area.name for area in found.kecamatan}
    return [
        above.get(each.parent, ""),
        each.name,
        each.code,
        counted(each.covered),
        counted(each.behind),
        each.first_day.isoformat() if each.first_day else "",
        counted(each.first_people),
        counted(each.lapsed),
    ]


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def refund_list(request: HttpRequest) -> HttpResponse:
    """Show the months paid after a death: by person, or only by bill and order to whoever may not see workers."""
    standing = standing_of(request)
    if not standing.may(Permission.SEE_WORKERS):
        found_sums = sums(on=standing.on)
        people, amount = sum(each.people for each in found_sums), sum(each.amount for each in found_sums)
        context = {
            "page": "runway",
            "sums": found_sums,
            "person_months": people,
            "amount": amount,
            "article": ARTICLE,
        }
        return render(request, "web/refund_sums.html", context)
    found = refunds(on=standing.on, number=asked_page(request))
    context = {
        "page": "runway",
        "found": found,
        "article": ARTICLE,
        "pager": Pager.of({}, number=found.number, pages=found.pages),
    }
    return render(request, "web/refunds.html", context)


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
@require(Permission.SEE_WORKERS)
def refunds_file(request: HttpRequest) -> HttpResponse:
    """The whole list as a workbook for BPJS, without any number of a person; that it was taken is on the trail."""
    standing = standing_of(request)
    found = refunds(on=standing.on, per_page=None)
    held = standing.appointment
    audit.record(
        "refunds.taken",
        by=standing.actor,
        subject="refunds:all",
        sponsor_id=held.organisation.sponsor_id if held else None,
        detail={"people": found.people, "months": found.months, "amount": found.amount},
    )
    sheet = Sheet(said(_REFUNDS), [said(column) for column in _REFUND_COLUMNS], _refund_rows(found))
    return _file(f"pengembalian-{standing.on.isoformat()}.xlsx", [sheet, _about(standing, said(ARTICLE))])


def _refund_rows(found: Refunds) -> list[list[str]]:
    rows = [
        [
            str(each.person_id),
            each.name,
            each.kelurahan,
            each.died_on.isoformat(),
            said(each.said),
            str(month.month),
            str(month.amount),
            month.code,
            str(month.bill_id or ""),
            month.order,
            month.ordered_on.isoformat() if month.ordered_on else "",
        ]
        for each in found.rows
        for month in each.months
    ]
    return [*rows, [said(_SUM), "", "", "", "", "", str(found.amount), "", "", "", ""]]


def _about(standing: Standing, what: str) -> Sheet:
    """Who took the file when, and of what: a sheet of its own, so that the table stays a table."""
    values = (
        what,
        standing.on.isoformat(),
        standing.user.name if standing.user else "",
        f"{clock.now():%Y-%m-%d %H:%M}",
    )
    rows = [[said(label), value] for label, value in zip(_ABOUT, values, strict=True)]
    return Sheet("Keterangan", ["", ""], rows)


def _file(name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    answer = HttpResponse(to_xlsx(sheets), content_type=_XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


_ALL = Text("semua", "all")
_BY_DAY = Text("Menurut hari", "By day")
_BY_PLACE = Text("Per kelurahan", "By kelurahan")
_IN_WORDS = Text("Yang hilang", "What is lost")
_REFUNDS = Text("Pengembalian", "Refunds")
_SUM = Text("Jumlah", "Total")
_DAY_COLUMNS = (Text("Tanggal", "Day"), Text("Yang terjadi", "What happens"), Text("Orang", "People"))
_PLACE_COLUMNS = (
    Text("Kecamatan", "Kecamatan"),
    Text("Kelurahan", "Kelurahan"),
    Text("Kode", "Code"),
    Text("Terlindungi", "Covered"),
    Text("Menunggak", "Behind"),
    Text("Lepas pertama", "First lapse"),
    Text("Orang yang lepas", "People who lapse"),
    Text("Sudah lepas", "Lapsed already"),
)
_WORD_COLUMNS = (Text("Program", "Programme"), Text("Akibat", "What follows"), Text("Dasar", "Article"))
_REFUND_COLUMNS = (
    Text("Nomor peserta di Lindung", "Number in Lindung"),
    Text("Nama", "Name"),
    Text("Kelurahan", "Kelurahan"),
    Text("Meninggal", "Died"),
    Text("Menurut", "According to"),
    Text("Bulan", "Month"),
    Text("Iuran", "Contribution"),
    Text("Kerja sama", "Agreement"),
    Text("Tagihan", "Bill"),
    Text("SP2D", "SP2D"),
    Text("Tanggal SP2D", "Date of the SP2D"),
)
_ABOUT = (
    Text("Isi", "Content"),
    Text("Keadaan", "As of"),
    Text("Diunduh oleh", "Downloaded by"),
    Text("Diunduh pada", "Downloaded at"),
)
