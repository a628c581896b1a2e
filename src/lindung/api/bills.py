"""Bills and payments over the API; whole rupiah as integers."""

from datetime import date, datetime
from typing import Annotated, Literal

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
from lindung.contributions import bill_pages, bill_paper, billing, payments, rejecting
from lindung.contributions.bill_paper import Taken
from lindung.contributions.models import Payment, PaymentSource
from lindung.contributions.paper_facts import known_of
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
    """Money for a bill; it counts once a second person has confirmed it.

    ``state`` is recorded, confirmed, rejected, asked (a reversal waits) or reversed; ``settled`` is what of it has paid
    bills, the rest is held for the next ones. ``bill_ids`` are the bills it names.
    """

    id: int
    bill_id: int
    bill_ids: list[int]
    source: str
    state: str
    order_number: str
    ordered_on: date
    amount: int
    settled: int
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


class ChargeAnswer(Answer):
    """What a bill asks for beside its lines: a fine for a bill paid late, or what an earlier bill still lacks."""

    kind: str
    amount: int
    from_bill_id: int | None
    articles: list[TextAnswer]


class DueAnswer(Answer):
    """The last day to pay one programme's contribution in time, and the article that says so."""

    programme: str
    on: date
    article: TextAnswer


class BillWhole(Answer):
    """A bill with what each programme asks for, its charges, what each fund pays, and the orders recorded for it.

    ``held`` is money that waits for bills of the agreement, ``lacks`` what this one needs beyond that to be paid.
    """

    bill: BillAnswer
    held: int
    lacks: int
    programmes: dict[str, int]
    charges: list[ChargeAnswer]
    due: list[DueAnswer]
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
    """The treasury order for the bill, or the receipt; ``more_bills`` are further bills of the same agreement.

    Too little is held until the rest comes, too much until the next bill.
    """

    order_number: Annotated[Words, Field(max_length=80)]
    ordered_on: AskedDay
    amount: Money
    more_bills: Annotated[list[Annotated[int, Field(ge=1, le=LARGEST)]], Field(max_length=24)] = []
    source: Literal["sp2d", "receipt"] = "sp2d"


class RejectOrder(Order):
    """Why the record is wrong."""

    reason: Annotated[Words, Field(max_length=300)]


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
    taken = Taken(standing.actor.name, clock.now())
    return bill_paper.bill_pdf(bill_id, on=standing.on, taken=taken, known=known_of(bill_id))


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
    """Record the money that came for the bill; nobody is covered by it until a second person confirms."""
    recorded = payments.record(
        bill_id=bill_id,
        order_number=order.order_number,
        ordered_on=order.ordered_on,
        amount=order.amount,
        more_bills=order.more_bills,
        source=PaymentSource(order.source),
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
    """Confirm what somebody else recorded: if it reaches, the bill is paid, and the month of each worker."""
    payments.confirm(
        payment_id=payment_id, bill_id=bill_id, by=caller(request).standing.actor, now=clock.now()
    )
    return PaymentAnswer.model_validate(bill_pages.payment_listed(payment_id))


@endpoint(
    router,
    "POST",
    "/bills/{bill_id}/payments/{payment_id}/reject",
    permission=Permission.RECORD_PAYMENT,
    summary=Text("Tolak catatan pembayaran", "Reject a recorded payment"),
    media=JSON,
    keyed=True,
)
def reject_payment(request: HttpRequest, bill_id: Id, payment_id: Id, order: RejectOrder) -> PaymentAnswer:
    """Reject a record that nobody confirmed, with a reason; its number can then be recorded again."""
    if bill_id not in Payment.objects.get(pk=payment_id).bill_ids:
        raise Payment.DoesNotExist
    rejecting.reject(
        payment_id=payment_id, reason=order.reason, by=caller(request).standing.actor, now=clock.now()
    )
    return PaymentAnswer.model_validate(bill_pages.payment_listed(payment_id))
