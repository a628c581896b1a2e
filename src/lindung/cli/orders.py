"""What `payment record` and `payment confirm` do and answer: a treasury order, and the bill it pays."""

from datetime import date
from typing import NamedTuple

from django.db.models import F

from lindung.access.roles import Permission
from lindung.cli.acting import acting, agreement_of
from lindung.cli.bills import bill_of
from lindung.cli.layout import show_facts
from lindung.cli.refusing import Refused
from lindung.contributions import payments, rejecting, reversing
from lindung.contributions.models import Bill, BillStatus, Payment, PaymentSource
from lindung.contributions.payment_pages import state_of
from lindung.contributions.purses import held
from lindung.engine import clock
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text

_LONGEST_NUMBER = 80


class Order(NamedTuple):
    """A treasury order as typed: for which agreement and month, its number, date, and whole rupiah."""

    agreement: str
    month: Month
    number: str
    ordered_on: date
    amount: int
    source: str = PaymentSource.SP2D.value


class Recorded(NamedTuple):
    """A recorded order, who recorded and confirmed it, and how its bill stands now."""

    agreement: str
    month: Month
    order: str
    ordered_on: date
    amount: int
    people: int
    recorded_by: str
    confirmed_by: str | None
    bill_status: str
    state: str
    held: int


def recorded(order: Order, *, username: str, wet: bool) -> Recorded:
    """Record an order as this user; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.RECORD_PAYMENT, command="payment record", wet=wet) as standing:
        _refuse_odd(order)
        bill = bill_of(agreement_of(order.agreement), order.month)
        made = payments.record(
            bill_id=bill.pk,
            order_number=order.number,
            source=PaymentSource(order.source),
            ordered_on=order.ordered_on,
            amount=order.amount,
            by=standing.actor,
            now=clock.now(),
        )
        return _shown(made, bill, order.agreement)


def confirmed(*, code: str, month: Month, order: str, username: str, wet: bool) -> Recorded:
    """Confirm an order as this user, who is not its recorder; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.CONFIRM_PAYMENT, command="payment confirm", wet=wet) as standing:
        bill = bill_of(agreement_of(code), month)
        made = _recorded_order(bill, order)
        payments.confirm(payment_id=made.pk, by=standing.actor, now=clock.now())
        return _shown_anew(made, bill, code)


def rejected(*, code: str, month: Month, order: str, reason: str, username: str, wet: bool) -> Recorded:
    """Reject a recorded order, with a reason; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.RECORD_PAYMENT, command="payment reject", wet=wet) as standing:
        bill = bill_of(agreement_of(code), month)
        made = _recorded_order(bill, order)
        rejecting.reject(payment_id=made.pk, reason=reason, by=standing.actor, now=clock.now())
        return _shown_anew(made, bill, code)


def reversed_(
    *, code: str, month: Month, order: str, reason: str | None, username: str, wet: bool
) -> Recorded:
    """Ask for a reversal, with a reason; or carry out, without one, what somebody else asked for. Raises Refused."""
    with acting(username, Permission.REVERSE_PAYMENT, command="payment reverse", wet=wet) as standing:
        bill = bill_of(agreement_of(code), month)
        made = _recorded_order(bill, order)
        if reason is None:
            reversing.reverse(payment_id=made.pk, by=standing.actor, now=clock.now())
        else:
            reversing.ask(payment_id=made.pk, reason=reason, by=standing.actor, now=clock.now())
        return _shown_anew(made, bill, code)


def show(shown: Recorded) -> None:
    """Print an order and how its bill stands."""
    paid = Text("lunas; {n} orang terbayar untuk bulan ini", "paid; the month is paid for {n} people")
    open_ = Text("belum lunas", "unpaid")
    if shown.state == "recorded":
        open_ = Text(
            "belum lunas; tunggu pengesahan orang kedua", "unpaid; waits for a second person's confirmation"
        )
    show_facts(
        (
            (Text("SP2D", "SP2D"), shown.order),
            (Text("Tanggal", "Date"), day_label(shown.ordered_on)),
            (Text("Jumlah", "Amount"), rupiah(shown.amount)),
            (Text("Tagihan", "Bill"), f"{shown.agreement} {shown.month}"),
            (Text("Dicatat oleh", "Recorded by"), shown.recorded_by),
            (Text("Disahkan oleh", "Confirmed by"), shown.confirmed_by or "-"),
            (
                Text("Pembayaran", "The payment is"),
                _STATES[shown.state],
            ),
            (Text("Titipan", "Held money"), rupiah(shown.held)),
            (
                Text("Keadaan tagihan", "The bill is"),
                (paid if shown.bill_status == BillStatus.PAID else open_).filled(n=counted(shown.people)),
            ),
        )
    )


_STATES = {
    "recorded": Text("tercatat", "recorded"),
    "confirmed": Text("sah", "confirmed"),
    "rejected": Text("ditolak", "rejected"),
    "asked": Text(
        "pembalikan diminta, menunggu orang kedua", "asked to be reversed, waits for a second person"
    ),
    "reversed": Text("dibalik", "reversed"),
}
_NO_ORDER = Text(
    "SP2D {order} belum dicatat untuk kerja sama ini. Catat dulu: ./lindung payment record (menunggu: {waiting})",
    "SP2D {order} is not recorded for this agreement. Record it first: ./lindung payment record (waiting: {waiting})",
)


def _shown(made: Payment, bill: Bill, code: str) -> Recorded:
    return Recorded(
        agreement=code,
        month=Month.of(bill.month),
        order=made.order_number,
        ordered_on=made.ordered_on,
        amount=made.amount,
        people=bill.people,
        recorded_by=made.recorded_by.username,
        confirmed_by=made.confirmed_by.username if made.confirmed_by else None,
        bill_status=bill.status,
        state=state_of(made),
        held=held(agreement_id=bill.agreement_id, membership_id=bill.membership_id),
    )


def _shown_anew(made: Payment, bill: Bill, code: str) -> Recorded:
    made.refresh_from_db()
    bill.refresh_from_db()
    return _shown(made, bill, code)


def _refuse_odd(order: Order) -> None:
    if not 0 < len(order.number) <= _LONGEST_NUMBER:
        raise Refused(
            "payment.no_number",
            Text(
                f"Tulis nomor SP2D di --order, 1 sampai {_LONGEST_NUMBER} huruf.",
                f"Write the number of the SP2D at --order, 1 to {_LONGEST_NUMBER} letters.",
            ),
        )


def _recorded_order(bill: Bill, number: str) -> Payment:
    recorded = Payment.objects.filter(agreement=bill.agreement_id)
    made = (
        recorded.filter(order_number=number).order_by(F("rejected_at").asc(nulls_first=True), "-pk").first()
    )
    if made is not None:
        return made
    waiting = (
        recorded.filter(confirmed_at__isnull=True, rejected_at__isnull=True)
        .order_by("pk")
        .values_list("order_number", flat=True)
    )
    raise Refused(
        "payment.not_recorded", _NO_ORDER.filled(order=number, waiting=", ".join(waiting[:12]) or "-")
    )
