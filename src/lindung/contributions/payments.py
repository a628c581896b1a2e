"""Records money that came for a purse, and has a second person confirm it; confirmed money pays bills or waits."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions import settling
from lindung.contributions.models import Bill, BillStatus, Payment, PaymentSource, Settlement
from lindung.contributions.payment_refusals import BeforeBudgetYear as BeforeBudgetYear
from lindung.contributions.payment_refusals import BillCancelled as BillCancelled
from lindung.contributions.payment_refusals import NoAmount as NoAmount
from lindung.contributions.payment_refusals import NobodyActs as NobodyActs
from lindung.contributions.payment_refusals import NotFinal as NotFinal
from lindung.contributions.payment_refusals import NotTheRecorder as NotTheRecorder
from lindung.contributions.payment_refusals import NotYetOrdered as NotYetOrdered
from lindung.contributions.payment_refusals import OrderTaken as OrderTaken
from lindung.contributions.payment_refusals import OtherPurse as OtherPurse
from lindung.contributions.payment_refusals import OverBudget as OverBudget
from lindung.contributions.payment_refusals import PaidAlready as PaidAlready
from lindung.contributions.payment_refusals import PaymentRejected as PaymentRejected
from lindung.contributions.purses import Purse, live_settlements, purse_of
from lindung.contributions.receiving import book, saved_once
from lindung.law.months import Month
from lindung.ledger.posting import open_month


def record(
    *,
    bill_id: int,
    order_number: str,
    ordered_on: date,
    amount: int,
    by: Actor,
    now: datetime,
    more_bills: Sequence[int] = (),
    source: PaymentSource = PaymentSource.SP2D,
) -> Payment:
    """Record that money came for a bill, and for ``more_bills`` of its purse; the same order again returns it.

    Nothing is covered by this yet: a second person confirms. Any amount is taken: what lacks and what is too much is
    held in the purse (see ``settling``). Raises NotYetOrdered for a date after ``now``, NoAmount, BeforeBudgetYear for
    a date before the year of a month, OverBudget when the year's budget does not reach for the bills, OtherPurse when
    they are not of one purse, OrderTaken when the number was used for something else, PaidAlready when another order
    paid a bill, BillCancelled, NotFinal, Bill.DoesNotExist out of scope.
    """
    with transaction.atomic():
        bills = _kept_bills([bill_id, *more_bills])
        return _recorded(
            purse_of(bills[0]), bills, order_number, ordered_on, amount, by=by, now=now, source=source
        )


def record_money(
    *,
    agreement_id: int,
    membership_id: int | None = None,
    order_number: str,
    ordered_on: date,
    amount: int,
    by: Actor,
    now: datetime,
    source: PaymentSource = PaymentSource.SP2D,
) -> Payment:
    """Record money that came for a purse without a bill: confirmed, it pays the oldest open bills, or waits.

    Raises what ``record`` raises, and Agreement.DoesNotExist out of scope.
    """
    with transaction.atomic():
        purse = Purse(agreement_id, membership_id)
        return _recorded(purse, [], order_number, ordered_on, amount, by=by, now=now, source=source)


def confirm(*, payment_id: int, bill_id: int | None = None, by: Actor, now: datetime) -> Settlement | None:
    """Confirm a recorded payment: it is booked into its purse, and pays the bills it names, or the oldest open ones.

    All in one transaction. Returns the settlement of the bill asked for (of the first bill without one), or None when
    the money waits: it does not reach, or its bill is paid or cancelled. Confirming what is confirmed returns the
    same again. Raises NotTheRecorder when the recorder tries to confirm, PaymentRejected, Payment.DoesNotExist when
    it does not name that bill or is out of scope, and IntegrityError when a month of a bill is paid for somebody by
    another sponsor already.
    """
    with transaction.atomic():
        known = Payment.objects.get(pk=payment_id)
        if bill_id is not None and bill_id not in known.bill_ids:
            raise Payment.DoesNotExist
        purse, named = purse_of(known), known.bill_ids or None
        bills = settling.locked_bills(purse, named)
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
        if payment.confirmed_at is None:
            _refuse_confirming(payment, by)
            open_month(Month.of(payment.ordered_on), "ledger_posting")
            settling.open_months(bill.month for bill in bills)
            _confirmed(payment, by=by, now=now)
            settling.settle(
                agreement_id=purse.agreement_id,
                membership_id=purse.membership_id,
                bill_ids=named,
                by=by,
                now=now,
            )
        return _settlement_of(payment, bill_id)


def _settlement_of(payment: Payment, bill_id: int | None) -> Settlement | None:
    live = payment.settlements.select_related("bill").filter(reversed_by__isnull=True).order_by("pk")
    return (live if bill_id is None else live.filter(bill_id=bill_id)).first()


def _kept_bills(ids: Sequence[int]) -> list[Bill]:
    """These bills, kept for this transaction in the order of their ids. Raises Bill.DoesNotExist, OtherPurse."""
    wanted = sorted(set(ids))
    bills = list(Bill.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    if len(bills) != len(wanted):
        raise Bill.DoesNotExist
    if len({purse_of(bill) for bill in bills}) > 1:
        raise OtherPurse
    return bills


def _recorded(
    purse: Purse,
    bills: Sequence[Bill],
    order_number: str,
    ordered_on: date,
    amount: int,
    *,
    by: Actor,
    now: datetime,
    source: PaymentSource,
) -> Payment:
    user_id = _user(by)
    if ordered_on > now.date():
        raise NotYetOrdered(ordered_on, now.date())
    if amount <= 0:
        raise NoAmount
    payment = Payment(
        agreement_id=purse.agreement_id,
        membership_id=purse.membership_id,
        bill=bills[0] if bills else None,
        more_bills=[bill.pk for bill in bills[1:]],
        sponsor_id=bills[0].sponsor_id if bills else purse.sponsor_id(),
        source=source,
        order_number=order_number,
        ordered_on=ordered_on,
        amount=amount,
        recorded_by_id=user_id,
        recorded_at=now,
    )
    known = _known(payment)
    if known is not None:
        return _the_same(known, payment)
    for bill in bills:
        refuse_closed(bill)
    _refuse_unfunded(bills, ordered_on)
    payment.event_id = _event(payment, by=by)
    saved, is_new = saved_once(payment)
    return saved if is_new else _the_same(saved, payment)


def _event(payment: Payment, *, by: Actor) -> int:
    return audit.record(
        "payment.recorded",
        by=by,
        subject=subject_of(payment),
        sponsor_id=payment.sponsor_id,
        # The order's own number stays out: it may look like a telephone number or a NIK.
        detail={"ordered_on": payment.ordered_on.isoformat(), "amount": payment.amount},
    )


def subject_of(payment: Payment) -> str:
    """What an event about a payment is about: the bill it names first, else its agreement."""
    return f"bill:{payment.bill_id}" if payment.bill_id else f"agreement:{payment.agreement_id}"


def _known(payment: Payment) -> Payment | None:
    same = Payment.objects.filter(
        sponsor_id=payment.sponsor_id,
        source=payment.source,
        order_number=payment.order_number,
        rejected_at__isnull=True,
    )
    return same.first()


def _the_same(known: Payment, payment: Payment) -> Payment:
    if _content(known) != _content(payment):
        raise OrderTaken(known)
    return known


def _content(payment: Payment) -> tuple[object, ...]:
    return purse_of(payment), payment.bill_ids, payment.ordered_on, payment.amount


def _user(by: Actor) -> int:
    if by.user_id is None:
        raise NobodyActs
    return by.user_id


def refuse_closed(bill: Bill) -> None:
    """Raises PaidAlready, BillCancelled or NotFinal for a bill that nothing can be recorded for."""
    if bill.status == BillStatus.PAID:
        paid_by = live_settlements([bill.pk]).select_related("payment").order_by("-pk").first()
        raise PaidAlready(paid_by.payment.order_number if paid_by else "–", Month.of(bill.month))
    if bill.status == BillStatus.CANCELLED:
        raise BillCancelled
    if bill.status != BillStatus.FINAL:
        raise NotFinal(bill.status)


def _refuse_unfunded(bills: Sequence[Bill], ordered_on: date) -> None:
    """A month is paid from the budget of its year, and never with money that is not in it (where one is recorded)."""
    for bill in bills:
        if ordered_on.year < bill.month.year:
            raise BeforeBudgetYear(ordered_on, Month.of(bill.month))
    for year in sorted({bill.month.year for bill in bills if bill.membership_id is None}):
        wanted = sum(bill.total for bill in bills if bill.month.year == year)
        counting = bills[0].agreement.budgets.filter(year=year, withdrawn_by__isnull=True)
        budget = counting.aggregate(total=Sum("amount"))["total"]
        spent = Settlement.objects.filter(
            bill__agreement_id=bills[0].agreement_id,
            bill__membership__isnull=True,
            bill__month__year=year,
            reversed_by__isnull=True,
        )
        left = (budget or 0) - (spent.aggregate(total=Sum("amount"))["total"] or 0)
        if budget is not None and wanted > left:
            raise OverBudget(left, year)


def _refuse_confirming(payment: Payment, by: Actor) -> None:
    if payment.rejected_at is not None:
        raise PaymentRejected(payment.order_number)
    if _user(by) == payment.recorded_by_id:
        raise NotTheRecorder(payment.order_number, by.name)


def _confirmed(payment: Payment, *, by: Actor, now: datetime) -> None:
    event = audit.record(
        "payment.confirmed",
        by=by,
        subject=subject_of(payment),
        sponsor_id=payment.sponsor_id,
        detail={
            "payment": payment.pk,
            "amount": payment.amount,
            "month": str(Month.of(payment.bill.month if payment.bill else payment.ordered_on)),
        },
    )
    payment.confirmed_by_id, payment.confirmed_at = by.user_id, now
    payment.save(update_fields=["confirmed_by", "confirmed_at"])
    book(payment, event_id=event)
