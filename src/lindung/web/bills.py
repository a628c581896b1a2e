"""The pages that show bills: the list, one bill with its law, and its people."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.claims.determined import dead_in_bill
from lindung.contributions import bills as room
from lindung.contributions import branch_word, payment_pages, unpaid
from lindung.contributions.matching import pay_code
from lindung.contributions.models import Bill, BillStatus
from lindung.insight import own_purses
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.paging import Pager, asked_page

_STATUSES = (
    (None, Text("Semua", "All"), "list"),
    (BillStatus.DRAFT, Text("Draf", "Drafts"), "fix"),
    (BillStatus.FINAL, Text("Belum lunas", "Unpaid"), "wait"),
    (BillStatus.PAID, Text("Lunas", "Paid"), "good"),
    (BillStatus.CANCELLED, Text("Dibatalkan", "Cancelled"), "skip"),
    (BillStatus.SUPERSEDED, Text("Digantikan", "Superseded"), "turn"),
)


class Tab(NamedTuple):
    """One filter over the bills."""

    label: Text
    icon: str
    address: str
    chosen: bool


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def bills(request: HttpRequest) -> HttpResponse:
    """List the bills in sight, newest month first, by year and by status."""
    standing = standing_of(request)
    year, status = _asked_year(request), _asked_status(request)
    shown = room.listed(year=year, status=status, number=asked_page(request), on=standing.on)
    asked = {"tahun": str(year or ""), "keadaan": status or ""}
    context = {
        "page": "bills",
        "bills": shown,
        "tabs": [_tab(label, icon, asked, value, status) for value, label, icon in _STATUSES],
        "year": year,
        "status": status,
        "pager": Pager.of(asked, number=shown.number, pages=shown.pages),
        "may_draw": standing.may(Permission.DRAW_BILL),
        "groups": own_purses.groups(),
    }
    return render(request, "web/bills.html", context)


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def bill(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Show one bill: what it asks and why, for whom, how far its payment is, and what follows if it stays unpaid."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        shown = room.page_of(bill_id, on=standing.on)
        losses = unpaid.if_unpaid(bill_id, on=standing.on)
        codes = branch_word.codes_of(Bill.objects.get(pk=bill_id))
    context = {
        "page": "bills",
        "shown": shown,
        "bill": shown.bill,
        "unpaid": losses,
        "dead": dead_in_bill(bill_id, month=shown.bill.month, on=standing.on),
        "codes": codes,
        "pay_code": pay_code(bill_id),
        "money": payment_pages.money_of(bill_id),
        "settled": [payment for payment in shown.payments if payment.confirmed_at],
        "waiting": [payment for payment in shown.payments if not payment.confirmed_at],
        "is_open": shown.bill.status == BillStatus.FINAL,
        "is_draft": shown.bill.status == BillStatus.DRAFT,
        "may_record": standing.may(Permission.RECORD_PAYMENT),
        "may_confirm": standing.may(Permission.CONFIRM_PAYMENT),
        "may_cancel": standing.may(Permission.DRAW_BILL),
        "may_see_workers": standing.may(Permission.SEE_WORKERS),
    }
    return render(request, "web/bill.html", context)


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
@require(Permission.SEE_WORKERS)
def people(request: HttpRequest, bill_id: int) -> HttpResponse:
    """List the workers of a bill, fifty to a page, with the number of their card masked."""
    with missing_when_not_in_sight():
        shown = room.lines_of(bill_id, number=asked_page(request), on=standing_of(request).on)
    pager = Pager.of({}, number=shown.number, pages=shown.pages)
    return render(
        request, "web/bill_people.html", {"page": "bills", "shown": shown, "bill": shown.bill, "pager": pager}
    )


def _tab(label: Text, icon: str, asked: dict[str, str], value: BillStatus | None, chosen: str | None) -> Tab:
    kept = {**asked, "keadaan": value.value if value else ""}
    return Tab(
        label, icon, "?" + urlencode({name: each for name, each in kept.items() if each}), value == chosen
    )


def _asked_status(request: HttpRequest) -> BillStatus | None:
    asked = request.GET.get("keadaan", "")
    return BillStatus(asked) if asked in BillStatus.values else None


def _asked_year(request: HttpRequest) -> int | None:
    asked = request.GET.get("tahun", "")
    return (
        int(asked) if len(asked) == 4 and asked.isascii() and asked.isdigit() and int(asked) > 2000 else None
    )
