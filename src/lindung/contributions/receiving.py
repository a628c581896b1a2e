"""Puts money that came into its purse: the one place where a confirmed payment is booked."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions.models import Payment, PaymentSource
from lindung.contributions.payment_refusals import NobodyActs, OrderTaken
from lindung.contributions.purses import Purse, purse_of
from lindung.engine.refusals import constraint_of
from lindung.law.months import Month
from lindung.ledger.models import Account, AccountKind, InstructionKind
from lindung.ledger.posting import Line, account, hold, open_month, post


def received(
    *,
    agreement_id: int,
    membership_id: int | None,
    source: PaymentSource,
    reference: str,
    amount: int,
    on: date,
    by: Actor,
    now: datetime,
    unmatched_of: int | None = None,
) -> Payment:
    """Money of a bank line put into the purse it is for; it waits there until ``settling.settle`` uses it.

    The statement is the evidence, so ``source`` is BANK and one person is enough, who says whose money it is:
    ``unmatched_of`` is the sponsor whose unmatched account it leaves, which must hold that much. An SP2D or a receipt
    goes through ``payments.record`` and a second person instead. ``reference`` is the line's own (its fingerprint);
    the same one with the same content returns the first payment.

    Raises OrderTaken when the reference was used with other content, NobodyActs for the system, ValueError for
    another source, and IntegrityError ``balance_not_below_its_floor`` when no such money is unmatched.
    """
    if source != PaymentSource.BANK or unmatched_of is None:
        raise ValueError(
            "only a bank line, out of a sponsor's unmatched money, is received without two people"
        )
    if by.user_id is None:
        raise NobodyActs
    purse = Purse(agreement_id, membership_id)
    with transaction.atomic():
        known = Payment.objects.filter(sponsor_id=unmatched_of, source=source, order_number=reference).first()
        if known is not None:
            return _same(known, purse, amount=amount, on=on)
        open_month(Month.of(on), "ledger_posting")
        event = audit.record(
            "payment.received",
            by=by,
            subject=f"agreement:{agreement_id}",
            sponsor_id=unmatched_of,
            detail={"ordered_on": on.isoformat(), "amount": amount},
        )
        payment = Payment(
            agreement_id=agreement_id,
            membership_id=membership_id,
            sponsor_id=unmatched_of,
            source=source,
            order_number=reference,
            ordered_on=on,
            amount=amount,
            recorded_by_id=by.user_id,
            recorded_at=now,
            confirmed_at=now,
            event_id=event,
        )
        payment, is_new = saved_once(payment)
        if not is_new:
            return _same(payment, purse, amount=amount, on=on)
        book(payment, event_id=event)
        return payment


def _same(known: Payment, purse: Purse, *, amount: int, on: date) -> Payment:
    if (purse_of(known), known.amount, known.ordered_on) != (purse, amount, on):
        raise OrderTaken(known)
    return known


def saved_once(payment: Payment) -> tuple[Payment, bool]:
    """Add a payment, or find the one that somebody added under its number at the same moment; and whether it is new."""
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) != "payment_order_once_per_sponsor":
            raise
        same = Payment.objects.filter(
            sponsor_id=payment.sponsor_id,
            source=payment.source,
            order_number=payment.order_number,
            rejected_at__isnull=True,
        )
        return same.get(), False
    return payment, True


def book(payment: Payment, *, event_id: int) -> None:
    """Book a payment that is confirmed in this transaction: out of where it came from, into its purse.

    Its month is open already (``open_month`` of its date).
    """
    held = purse_of(payment).account(AccountKind.HELD, sponsor_id=payment.sponsor_id)
    lines = [Line(came_from(payment), -payment.amount), Line(held, payment.amount)]
    hold(line.account for line in lines)
    post(
        kind=InstructionKind.PAYMENT,
        reference=reference_of(payment),
        lines=lines,
        month=Month.of(payment.ordered_on),
        on=payment.ordered_on,
        sponsor_id=payment.sponsor_id,
        event_id=event_id,
    )


def reference_of(payment: Payment) -> str:
    """Under which reference a payment is booked."""
    return f"payment:{payment.pk}"


def came_from(payment: Payment) -> Account:
    """The account a payment's money leaves: what came unmatched by a bank line, else what its sponsor put in."""
    kind = AccountKind.UNMATCHED if payment.source == PaymentSource.BANK else AccountKind.SPONSOR
    code = f"{kind.value}:{payment.sponsor_id}"
    return account(code, kind=kind, sponsor_id=payment.sponsor_id)
