"""A payment, a purse and the money of a bill as people read them: who did what when, what is paid, what waits."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from lindung.access.names import with_users
from lindung.contributions.models import Bill, BillStatus, Payment, PaymentSource, Settlement
from lindung.contributions.money_records import Shortfall
from lindung.contributions.purses import Purse, asked, held, purse_of
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.ledger.models import AccountKind
from lindung.ledger.posting import balance
from lindung.partnership.models import Agreement

SHOWN = 50
"""The newest payments of a purse that its page lists."""
_ACTORS = ("recorded_by", "confirmed_by", "rejected_by", "reversal_asked_by", "reversed_by")
_SOURCES = {
    PaymentSource.SP2D: Text("SP2D", "SP2D"),
    PaymentSource.RECEIPT: Text("Bukti setor", "Receipt"),
    PaymentSource.BANK: Text("Rekening koran", "Bank statement"),
}


class Part(NamedTuple):
    """What of a payment went to a bill; ``undone`` when a reversal took it back."""

    bill_id: int
    month: Month
    amount: int
    undone: bool


class PaymentSeen(NamedTuple):
    """A payment with all its states; names are empty and moments None where nobody did it. Whole rupiah.

    ``state`` is recorded, confirmed, rejected, asked (a reversal waits for its second person) or reversed.
    """

    id: int
    agreement_id: int
    title: str
    code: str
    order: str
    source: Text
    ordered_on: date
    amount: int
    left: int
    state: str
    recorded_by_id: int
    recorded_by: str
    recorded_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    rejected_by: str
    rejected_at: datetime | None
    rejection_reason: str
    asked_by_id: int | None
    asked_by: str
    asked_at: datetime | None
    reversal_reason: str
    reversed_by: str
    reversed_at: datetime | None
    parts: tuple[Part, ...]
    named: tuple[int, ...]


class OpenBill(NamedTuple):
    """A bill of the purse that is not paid; whole rupiah."""

    id: int
    month: Month
    total: int


class PursePage(NamedTuple):
    """An agreement's own purse: what waits in it, what it owes from carried shortfalls, and its newest payments."""

    agreement_id: int
    title: str
    code: str
    held: int
    owed: int
    open_bills: tuple[OpenBill, ...]
    payments: tuple[PaymentSeen, ...]


class Undone(NamedTuple):
    """A part of a bill that was paid until its money went back."""

    payment_id: int
    order: str
    amount: int
    reason: str
    on: date | None


class BillMoney(NamedTuple):
    """How far the money of a bill is: what waits in its purse, what lacks, what was carried, what went back."""

    held: int
    asked: int
    lacks: int
    shortfall: Shortfall | None
    undone: tuple[Undone, ...]


def payment_page(payment_id: int) -> PaymentSeen:
    """One payment. Raises Payment.DoesNotExist when it is not in sight."""
    found = Payment.objects.select_related("agreement").filter(pk=payment_id)
    shown = _seen(found)
    if not shown:
        raise Payment.DoesNotExist
    return shown[0]


def purse_page(agreement_id: int) -> PursePage:
    """The agreement's own purse. Raises Agreement.DoesNotExist when it is not in sight."""
    agreement = Agreement.objects.get(pk=agreement_id)
    purse = Purse(agreement_id, None)
    waiting = purse.bills().filter(status=BillStatus.FINAL).order_by("month", "pk")
    newest = purse.payments().select_related("agreement").order_by("-pk")[:SHOWN]
    return PursePage(
        agreement_id=agreement_id,
        title=agreement.title,
        code=agreement.code,
        held=held(agreement_id=agreement_id, membership_id=None),
        owed=-balance(purse.code(AccountKind.OWED)),
        open_bills=tuple(OpenBill(bill.pk, Month.of(bill.month), bill.total) for bill in waiting),
        payments=_seen(newest),
    )


def other_open_bills(bill_id: int) -> tuple[OpenBill, ...]:
    """The other open bills of the same purse, the oldest first. Raises Bill.DoesNotExist when it is not in sight."""
    bill = Bill.objects.get(pk=bill_id)
    others = purse_of(bill).bills().filter(status=BillStatus.FINAL).exclude(pk=bill_id)
    return tuple(OpenBill(each.pk, Month.of(each.month), each.total) for each in others.order_by("month"))


def money_of(bill_id: int) -> BillMoney:
    """The money of a bill. Raises Bill.DoesNotExist when it is not in sight."""
    bill = Bill.objects.get(pk=bill_id)
    waits = held(agreement_id=bill.agreement_id, membership_id=bill.membership_id)
    undone = Settlement.objects.select_related("payment").filter(bill=bill, reversed_by__isnull=False)
    need = asked(bill)
    return BillMoney(
        held=waits,
        asked=need,
        lacks=max(0, need - waits) if bill.status == BillStatus.FINAL else 0,
        shortfall=Shortfall.objects.filter(bill=bill).first(),
        undone=tuple(_undone(each) for each in undone.order_by("pk")),
    )


def _undone(settlement: Settlement) -> Undone:
    payment = settlement.payment
    on = payment.reversed_at.date() if payment.reversed_at else None
    return Undone(payment.pk, payment.shown_number, settlement.amount, payment.reversal_reason, on)


def _seen(payments: QuerySet[Payment]) -> tuple[PaymentSeen, ...]:
    rows = with_users(payments, *_ACTORS)
    parts = _parts([each.pk for each in rows])
    return tuple(_one(each, parts[each.pk]) for each in rows)


def _parts(payment_ids: Sequence[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for each in Settlement.objects.select_related("bill").filter(payment__in=payment_ids).order_by("pk"):
        undone = each.reversed_by_id is not None
        found[each.payment_id].append(Part(each.bill_id, Month.of(each.bill.month), each.amount, undone))
    return found


def _one(payment: Payment, parts: Sequence[Part]) -> PaymentSeen:
    used = sum(part.amount for part in parts if not part.undone)
    counts = payment.confirmed_at is not None and payment.reversed_at is None
    return PaymentSeen(
        id=payment.pk,
        agreement_id=payment.agreement_id,
        title=payment.agreement.title,
        code=payment.agreement.code,
        order=payment.shown_number,
        source=_SOURCES[PaymentSource(payment.source)],
        ordered_on=payment.ordered_on,
        amount=payment.amount,
        left=payment.amount - used if counts else 0,
        state=state_of(payment),
        recorded_by_id=payment.recorded_by_id,
        recorded_by=payment.recorded_by.name,
        recorded_at=payment.recorded_at,
        confirmed_by=payment.confirmed_by.name if payment.confirmed_by else "",
        confirmed_at=payment.confirmed_at,
        rejected_by=payment.rejected_by.name if payment.rejected_by else "",
        rejected_at=payment.rejected_at,
        rejection_reason=payment.rejection_reason,
        asked_by_id=payment.reversal_asked_by_id,
        asked_by=payment.reversal_asked_by.name if payment.reversal_asked_by else "",
        asked_at=payment.reversal_asked_at,
        reversal_reason=payment.reversal_reason,
        reversed_by=payment.reversed_by.name if payment.reversed_by else "",
        reversed_at=payment.reversed_at,
        parts=tuple(parts),
        named=tuple(payment.bill_ids),
    )


def state_of(payment: Payment) -> str:
    """How far a payment is, as one word (see PaymentSeen)."""
    if payment.reversed_at is not None:
        return "reversed"
    if payment.reversal_asked_at is not None:
        return "asked"
    if payment.rejected_at is not None:
        return "rejected"
    return "confirmed" if payment.confirmed_at is not None else "recorded"
