"""Takes confirmed money back out, when a transfer came back or an SP2D was void: asked by one, done by another.

Nothing is deleted. The entries are undone by opposite ones, the bills the money had paid are open again, and their
months are no longer paid.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count

from lindung.access import audit
from lindung.access.audit import without_numbers
from lindung.access.scope import Actor
from lindung.contributions.models import Bill, BillStatus, PaidMonth, Payment, Settlement
from lindung.contributions.payment_refusals import (
    AskedByYou,
    NobodyActs,
    NoReason,
    NotAsked,
    NotConfirmed,
)
from lindung.contributions.payments import subject_of
from lindung.contributions.purses import live_settlements
from lindung.contributions.receiving import reference_of
from lindung.contributions.releasing import released
from lindung.engine.refusals import ChangedMeanwhile
from lindung.law.months import Month
from lindung.ledger.models import Account, Entry
from lindung.ledger.posting import hold
from lindung.ledger.reversing import reverse as undo_entry


class Loss(NamedTuple):
    """A month that a reversal would open again: so many people are no longer paid for it; whole rupiah."""

    bill_id: int
    month: Month
    people: int
    amount: int


def losses(payment_id: int) -> tuple[Loss, ...]:
    """What the reversal of a payment would undo: each bill it helped to pay, and how many people lose that month."""
    bills = Bill.objects.filter(pk__in=_bill_ids(payment_id)).order_by("month", "pk")
    return tuple(Loss(bill.pk, Month.of(bill.month), _people(bill), bill.total) for bill in bills)


def ask(*, payment_id: int, reason: str, by: Actor, now: datetime) -> Payment:
    """Ask for a reversal, with a reason; another person carries it out. What is asked already is returned as it is.

    Raises NotConfirmed for money that does not count yet, NoReason, NobodyActs, Payment.DoesNotExist out of scope.
    """
    user_id = _user(by)
    if not reason.strip():
        raise NoReason
    with transaction.atomic():
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
        if payment.confirmed_at is None:
            raise NotConfirmed(payment.order_number)
        if payment.reversal_asked_at is not None:
            return payment
        _said("payment.reversal_asked", payment, by=by, reason=reason)
        payment.reversal_asked_by_id, payment.reversal_asked_at = user_id, now
        payment.reversal_reason = reason.strip()
        payment.save(update_fields=["reversal_asked_by", "reversal_asked_at", "reversal_reason"])
        return payment


def withdraw(*, payment_id: int, by: Actor, now: datetime) -> Payment:
    """Take the asking back before anybody carried it out. Raises NotAsked, NobodyActs, Payment.DoesNotExist."""
    _user(by)
    with transaction.atomic():
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
        if payment.reversal_asked_at is None or payment.reversed_at is not None:
            raise NotAsked(payment.order_number)
        _said("payment.reversal_withdrawn", payment, by=by, reason=payment.reversal_reason)
        payment.reversal_asked_by = payment.reversal_asked_at = None
        payment.reversal_reason = ""
        payment.save(update_fields=["reversal_asked_by", "reversal_asked_at", "reversal_reason"])
        return payment


def reverse(*, payment_id: int, by: Actor, now: datetime) -> None:
    """Carry out a reversal that somebody else asked for; one that is done already changes nothing.

    Every bill the payment helped to pay is open again and its months are no longer paid; what other payments gave to
    those bills is held again. A shortfall that was carried to the next bill stays carried. Raises NotConfirmed,
    NotAsked, AskedByYou, NobodyActs, ChangedMeanwhile when money moved just now, Payment.DoesNotExist out of scope.
    """
    user_id = _user(by)
    with transaction.atomic():
        bills = list(
            Bill.objects.select_for_update(of=("self",)).filter(pk__in=_bill_ids(payment_id)).order_by("pk")
        )
        live = live_settlements([bill.pk for bill in bills])
        wanted = {payment_id, *live.values_list("payment_id", flat=True)}
        kept = Payment.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
        payment = {each.pk: each for each in kept}.get(payment_id)
        if payment is None:
            raise Payment.DoesNotExist
        if payment.reversed_at is not None:
            return
        _refuse_reversing(payment, user_id)
        if set(_bill_ids(payment_id)) != {bill.pk for bill in bills}:
            raise ChangedMeanwhile
        _undone(payment, bills, by=by, now=now)


def _refuse_reversing(payment: Payment, user_id: int) -> None:
    if payment.confirmed_at is None:
        raise NotConfirmed(payment.order_number)
    if payment.reversal_asked_at is None:
        raise NotAsked(payment.order_number)
    if payment.reversal_asked_by_id == user_id:
        raise AskedByYou(payment.order_number)


def _undone(payment: Payment, bills: Sequence[Bill], *, by: Actor, now: datetime) -> None:
    settlements = list(live_settlements([bill.pk for bill in bills]).order_by("-pk"))
    instructions = [each.instruction_id for each in settlements]
    hold(Account.objects.filter(pk__in=_accounts(instructions, payment)))
    event = _said("payment.reversed", payment, by=by, reason=payment.reversal_reason)
    for settlement in settlements:
        _undo(settlement, event_id=event, now=now)
    for bill in bills:
        _reopened(bill, payment, by=by)
    released(payment, by=by, now=now)
    own = _own_entry(payment)
    if own is not None:
        undo_entry(entry=own, on=now.date(), event_id=event)
    payment.reversed_by_id, payment.reversed_at = by.user_id, now
    payment.save(update_fields=["reversed_by", "reversed_at"])


def _undo(settlement: Settlement, *, event_id: int, now: datetime) -> None:
    entry = Entry.objects.get(instruction_id=settlement.instruction_id)
    undone = undo_entry(entry=entry, on=now.date(), event_id=event_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT contributions_undo_settlement(%s, %s)", [settlement.pk, undone.instruction_id])


def _reopened(bill: Bill, payment: Payment, *, by: Actor) -> None:
    audit.record(
        "bill.reopened",
        by=by,
        subject=f"bill:{bill.pk}",
        sponsor_id=bill.sponsor_id,
        detail={"month": str(Month.of(bill.month)), "amount": bill.total, "payment": payment.pk},
    )
    bill.status = BillStatus.FINAL
    bill.save(update_fields=["status"])


def _own_entry(payment: Payment) -> Entry | None:
    """The entry by which the money came; orders of before were booked with the bill they paid."""
    return Entry.objects.filter(instruction__reference=reference_of(payment)).first()


def _accounts(instructions: Sequence[int], payment: Payment) -> set[int]:
    entries = list(Entry.objects.filter(instruction_id__in=instructions))
    own = _own_entry(payment)
    return {
        account_id
        for entry in [*entries, *([own] if own else [])]
        for account_id in entry.postings.filter(month=entry.month).values_list("account_id", flat=True)
    }


def _bill_ids(payment_id: int) -> list[int]:
    live = Settlement.objects.filter(payment_id=payment_id, reversed_by__isnull=True)
    return sorted(live.values_list("bill_id", flat=True))


def _people(bill: Bill) -> int:
    months = PaidMonth.objects.filter(
        month=bill.month, instruction__in=live_settlements([bill.pk]).values("instruction")
    )
    return int(months.aggregate(people=Count("person_id", distinct=True))["people"])


def _said(action: str, payment: Payment, *, by: Actor, reason: str) -> int:
    return audit.record(
        action,
        by=by,
        subject=subject_of(payment),
        sponsor_id=payment.sponsor_id,
        detail={"payment": payment.pk, "amount": payment.amount, "reason": without_numbers(reason.strip())},
    )


def _user(by: Actor) -> int:
    if by.user_id is None:
        raise NobodyActs
    return by.user_id
