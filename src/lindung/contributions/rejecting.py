"""Rejects a recorded payment that is wrong, before anybody confirms it; the same order may then be recorded anew."""

from datetime import datetime

from django.db import transaction

from lindung.access import audit
from lindung.access.audit import without_numbers
from lindung.access.scope import Actor
from lindung.contributions.models import Payment
from lindung.contributions.payment_refusals import ConfirmedAlready, NobodyActs, NoReason
from lindung.contributions.payments import subject_of


def reject(*, payment_id: int, reason: str, by: Actor, now: datetime) -> Payment:
    """Reject a payment that nobody confirmed: its recorder or anybody else who may handle payments, with a reason.

    It stays to be read, and its number is free again. A rejected one is returned as it is. Raises ConfirmedAlready,
    NoReason, NobodyActs, Payment.DoesNotExist out of scope.
    """
    if by.user_id is None:
        raise NobodyActs
    if not reason.strip():
        raise NoReason
    with transaction.atomic():
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
        if payment.rejected_at is not None:
            return payment
        if payment.confirmed_at is not None:
            raise ConfirmedAlready(payment.order_number)
        audit.record(
            "payment.rejected",
            by=by,
            subject=subject_of(payment),
            sponsor_id=payment.sponsor_id,
            detail={
                "payment": payment.pk,
                "amount": payment.amount,
                "reason": without_numbers(reason.strip()),
            },
        )
        payment.rejected_by_id, payment.rejected_at = by.user_id, now
        payment.rejection_reason = reason.strip()
        payment.save(update_fields=["rejected_by", "rejected_at", "rejection_reason"])
        return payment
