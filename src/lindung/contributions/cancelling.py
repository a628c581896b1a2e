"""Cancels a bill that nobody has paid, so that a right one can be drawn in its place."""

from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions.models import Bill, BillStatus, Payment
from lindung.engine.refusals import Refusal
from lindung.law.months import Month
from lindung.law.text import Text


class CancelReason(models.TextChoices):
    """Why a bill is cancelled."""

    MEMBERS = "members", "Daftar peserta berubah"
    MISTAKE = "mistake", "Salah bulan atau salah kerja sama"
    BUDGET = "budget", "Dananya tidak ada"
    BRANCH = "branch", "Berbeda dengan kode iuran BPJS"

    @property
    def text(self) -> Text:
        """The reason in both languages."""
        return _REASONS[self]


_REASONS = {
    CancelReason.MEMBERS: Text("Daftar peserta berubah", "The list of members changed"),
    CancelReason.MISTAKE: Text("Salah bulan atau salah kerja sama", "Wrong month or wrong agreement"),
    CancelReason.BUDGET: Text("Dananya tidak ada", "There is no money for it"),
    CancelReason.BRANCH: Text("Berbeda dengan kode iuran BPJS", "It differs from the kode iuran of BPJS"),
}


class BillPaid(Refusal):
    """A paid bill stays as it is."""

    code = "bill.paid"


class Superseded(Refusal):
    """Another bill has taken its place; that one may be cancelled."""

    code = "bill.superseded"


class OrderWaits(Refusal):
    """An order is recorded for the bill and waits for its second person."""

    code = "bill.order_waits"


_PAID = Text(
    "Tagihan ini sudah lunas, jadi tidak bisa dibatalkan. Perlindungannya sudah berjalan.",
    "This bill is paid, so it cannot be cancelled. Its cover is in force.",
)
_SUPERSEDED = Text(
    "Tagihan ini sudah digantikan tagihan lain. Buka penggantinya.",
    "Another bill has taken the place of this one. Open that one.",
)
_WAITS = Text(
    "SP2D {order} sudah dicatat untuk tagihan ini dan menunggu pengesahan. Minta bendahara mengesahkannya.",
    "SP2D {order} is recorded for this bill and waits for confirmation. Ask the finance officer to confirm it.",
)


def cancel(*, bill_id: int, reason: CancelReason, by: Actor, now: datetime) -> Bill:
    """Cancel an open bill or a draft; a bill that is cancelled already is returned as it is.

    Its lines stay to be read; a new bill of the month may be drawn. Raises BillPaid, Superseded, OrderWaits, and
    Bill.DoesNotExist out of scope.
    """
    with transaction.atomic():
        bill = Bill.objects.select_for_update().get(pk=bill_id)
        if bill.status == BillStatus.CANCELLED:
            return bill
        if bill.status == BillStatus.PAID:
            raise BillPaid(_PAID)
        if bill.status == BillStatus.SUPERSEDED:
            raise Superseded(_SUPERSEDED)
        refuse_waiting(bill)
        audit.record(
            "bill.cancelled",
            by=by,
            subject=f"bill:{bill.pk}",
            sponsor_id=bill.sponsor_id,
            detail={"reason": reason.value, "month": str(Month.of(bill.month)), "at": now.isoformat()},
        )
        bill.status = BillStatus.CANCELLED
        bill.save(update_fields=["status"])
        return bill


def refuse_waiting(bill: Bill) -> None:
    """Raises OrderWaits when an order recorded for the bill waits for its second person."""
    named = Q(bill=bill) | Q(agreement=bill.agreement_id, more_bills__contains=[bill.pk])
    waiting = Payment.objects.filter(named, confirmed_at__isnull=True, rejected_at__isnull=True).first()
    if waiting is not None:
        raise OrderWaits(_WAITS.filled(order=waiting.order_number))
