"""Bills and payments over the API; whole rupiah as integers."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from lindung.access.roles import Permission
from lindung.api.cursors import cursor_after, start_of
from lindung.api.endpoint import JSON, caller, endpoint, file_endpoint
from lindung.api.shapes import (
    LARGEST,
    Answer,
    AskedDay,
    AskedMonth,
    CursorText,
    Id,
    Limit,
    Money,
    MonthText,
    Order,
    TextAnswer,
    Words,
)
from lindung.contributions import bill_pages, bill_paper, billing, payments
from lindung.contributions.bill_paper import Taken
from lindung.engine import clock
from lindung.law.months import Month
from lindung.law.text import Text

router = Router(tags=["bills"])


class BillAnswer(Answer):
    """What an agreement owes for a month, in whole rupiah; the badge says who says so."""

    id: int
    agreement_id: int
    agreement_code: str
    month: MonthText
    status: str
    people: int
    total: int
    due_on: date
    badge: TextAnswer


class PaymentAnswer(Answer):
    """A treasury order (SP2D) for a bill; it pays once a second person has confirmed it."""

    id: int
    bill_id: int
    order_number: str
    ordered_on: date
    amount: int
    recorded_by: str
    recorded_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


class ShareAnswer(Answer):
    """What one funding source pays of a bill, for how many people; ``kind`` says whose money it is."""

    name: str
    kind: str
    people: int
    amount: int


class BillWhole(Answer):
    """A bill with what each programme asks for, what each fund pays, and the orders recorded for it."""

    bill: BillAnswer
    programmes: dict[str, int]
    sources: list[ShareAnswer]
    payments: list[PaymentAnswer]


class BillPage(Answer):
    """Some bills, and where to go on."""

    items: list[BillAnswer]
    next_cursor: str | None


class LineAnswer(Answer):
    """One worker's contribution in a bill."""

    work_id: int
    member_id: int
    name: str
    nik_masked: str
    amount: int
    programmes: dict[str, int]


class LinePage(Answer):
    """Some lines, and where to go on."""

    items: list[LineAnswer]
    next_cursor: str | None


class DrawOrder(Order):
    """The month to be billed."""

    month: AskedMonth


class PaymentOrder(Order):
    """The treasury order that pays the bill, to the rupiah."""

    order_number: Annotated[Words, Field(max_length=80)]
    ordered_on: AskedDay
    amount: Money


class ConfirmOrder(Order):
    """Nothing more is needed than who confirms."""


@endpoint(router, "GET", "/bills", permission=Permission.SEE_BILLS, summary=Text("Daftar tagihan", "Bills"))
def list_bills(
    request: HttpRequest,
    agreement: Annotated[int, Field(ge=1, le=LARGEST)] | None = None,
    month: AskedMonth | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> BillPage:
    """The bills in sight, in the order they were drawn; of one agreement or month when named."""
    filters = (agreement, month) if month else (agreement,)
    after = start_of(cursor, of="bills", filters=filters)
    found = bill_pages.bills_after(
        after, limit=limit, agreement_id=agreement, month=Month.parse(month) if month else None
    )
    items = [BillAnswer.model_validate(each) for each in found.rows]
    return BillPage(items=items, next_cursor=cursor_after(found, of="bills", filters=filters))


@endpoint(
    router,
    "POST",
    "/agreements/{agreement_id}/bills",
    permission=Permission.DRAW_BILL,
    summary=Text("Susun tagihan", "Draw a bill"),
    status=201,
    media=JSON,
    keyed=True,
)
def draw_bill(request: HttpRequest, agreement_id: Id, order: DrawOrder) -> BillAnswer:
    """Draw the bill of a month; one that is drawn already is given back as it is."""
    standing = caller(request).standing
    bill = billing.draw_up(
        agreement_id=agreement_id, month=Month.parse(order.month), by=standing.actor, today=standing.on
    )
    return BillAnswer.model_validate(bill_pages.bill_whole(bill.pk).bill)


@endpoint(
    router,
    "GET",
    "/bills/{bill_id}",
    permission=Permission.SEE_BILLS,
    summary=Text("Satu tagihan", "One bill"),
)
def read_bill(request: HttpRequest, bill_id: Id) -> BillWhole:
    """One bill with its programmes, the shares of its funds and the orders recorded for it."""
    return BillWhole.model_validate(bill_pages.bill_whole(bill_id))


@file_endpoint(
    router,
    "/bills/{bill_id}/paper",
    permission=Permission.SEE_BILLS,
    summary=Text("Kertas tagihan (PDF)", "The paper of a bill (PDF)"),
    media="application/pdf",
)
def read_bill_paper(request: HttpRequest, bill_id: Id) -> bytes:
    """The bill as a tagged PDF: sums, articles, due days, shares of the kelurahan; no names."""
    standing = caller(request).standing
    return bill_paper.bill_pdf(bill_id, on=standing.on, taken=Taken(standing.actor.name, clock.now()))


@endpoint(
    router,
    "GET",
    "/bills/{bill_id}/lines",
    permission=Permission.SEE_BILLS,
    summary=Text("Baris tagihan", "The lines of a bill"),
)
def list_lines(
    request: HttpRequest,
    bill_id: Id,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> LinePage:
    """One line for each worker; names only of those in sight."""
    found = bill_pages.lines_after(bill_id, start_of(cursor, of="lines", filters=(bill_id,)), limit=limit)
    items = [LineAnswer.model_validate(each) for each in found.rows]
    return LinePage(items=items, next_cursor=cursor_after(found, of="lines", filters=(bill_id,)))


@endpoint(
    router,
    "POST",
    "/bills/{bill_id}/payments",
    permission=Permission.RECORD_PAYMENT,
    summary=Text("Catat pembayaran", "Record a payment"),
    status=201,
    media=JSON,
    keyed=True,
)
def record_payment(request: HttpRequest, bill_id: Id, order: PaymentOrder) -> PaymentAnswer:
    """Record the treasury order that pays the bill; nobody is covered by it until a second person confirms."""
    recorded = payments.record(
        bill_id=bill_id,
        order_number=order.order_number,
        ordered_on=order.ordered_on,
        amount=order.amount,
        by=caller(request).standing.actor,
        now=clock.now(),
    )
    return PaymentAnswer.model_validate(bill_pages.payment_listed(recorded.pk))


@endpoint(
    router,
    "POST",
    "/bills/{bill_id}/payments/{payment_id}/confirm",
    permission=Permission.CONFIRM_PAYMENT,
    summary=Text("Sahkan pembayaran", "Confirm a payment"),
    media=JSON,
    keyed=True,
    bodiless=True,
)
def confirm_payment(
    request: HttpRequest,
    bill_id: Id,
    payment_id: Id,
    order: ConfirmOrder = ConfirmOrder(),  # noqa: B008 - it holds nothing that could change
) -> PaymentAnswer:
    """Confirm an order that somebody else recorded: the bill is paid, and with it the month of each worker."""
    payments.confirm(
        payment_id=payment_id, bill_id=bill_id, by=caller(request).standing.actor, now=clock.now()
    )
    return PaymentAnswer.model_validate(bill_pages.payment_listed(payment_id))
