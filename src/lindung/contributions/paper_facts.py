"""What a bill's paper says beside its lines: its charges, the money that waits for it, the proof of the books."""

from django.db.models import Q, Sum

from lindung.contributions.bill_paper import ChargeSaid, Known
from lindung.contributions.bills import ChargeShown, charges_of
from lindung.contributions.models import Bill, BillStatus
from lindung.contributions.purses import held, purse_of
from lindung.ledger import checkpoints


def known_of(bill_id: int) -> Known:
    """The facts of a bill for its papers. Raises Bill.DoesNotExist when it is not in sight."""
    bill = Bill.objects.get(pk=bill_id)
    return Known(
        charges=tuple(map(_said, charges_of(bill))),
        held=_waiting_for(bill) if bill.status == BillStatus.FINAL else None,
        fingerprint=fingerprint(),
    )


def fingerprint() -> str:
    """The short code of the newest checkpoint, by which a paper names the state of the books; "" while there is none."""
    newest = checkpoints.newest()
    return "" if newest is None else f"Sidik buku besar {newest.short}"


def _waiting_for(bill: Bill) -> int:
    """Whole rupiah of the purse that reach this bill when older bills of the purse are paid first."""
    money = held(agreement_id=bill.agreement_id, membership_id=bill.membership_id)
    older = Q(month__lt=bill.month) | Q(month=bill.month, pk__lt=bill.pk)
    before = purse_of(bill).bills().filter(older, status=BillStatus.FINAL).aggregate(all=Sum("total"))["all"]
    return min(max(0, money - (before or 0)), bill.total)


def _said(charge: ChargeShown) -> ChargeSaid:
    month = f" {charge.month.label.id}" if charge.month else ""
    return ChargeSaid(f"{charge.label.id}{month}", charge.amount)
