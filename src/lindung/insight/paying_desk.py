"""What a finance officer has before her: the months to pay, the most urgent first, and what each waits for."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q

from lindung.contributions.bills import BillRow, open_bills
from lindung.contributions.models import Payment
from lindung.contributions.purses import held_of_agreements
from lindung.contributions.statement_pages import Unclaimed, unclaimed
from lindung.insight.agreement_today import AgreementToday
from lindung.law.months import Month


class Waits(StrEnum):
    """What a month to pay waits for."""

    CONFIRM = "confirm"
    ORDER = "order"
    BILL = "bill"


class ToPay(NamedTuple):
    """A month of an agreement that is not paid; ``total`` in whole rupiah, an estimate while no bill is drawn.

    ``lacks`` is what is still missing where money for it came and does not reach; else None.
    """

    title: str
    office: str
    month: Month
    people: int | None
    total: int
    due_on: date
    overdue: bool
    waits: Waits
    bill_id: int | None
    lacks: int | None = None


class Step(NamedTuple):
    """Money that waits for the second person: to be confirmed, or to be taken back; ``first_id`` may not do it."""

    payment_id: int
    order: str
    amount: int
    reverses: bool
    first_id: int


class MoneyWaiting(NamedTuple):
    """What waits beside the bills: bank lines nobody has claimed, and payments that wait for a second person."""

    unclaimed: Unclaimed
    steps: tuple[Step, ...]


MOST_STEPS = 20


def money_waiting() -> MoneyWaiting:
    """The money in the caller's scope that waits for somebody and is not on a bill of the list, oldest first."""
    asked = Q(reversal_asked_at__isnull=False, reversed_at__isnull=True)
    recorded = Q(bill__isnull=True, confirmed_at__isnull=True, rejected_at__isnull=True)
    found = Payment.objects.filter(asked | recorded).order_by("pk")[:MOST_STEPS]
    return MoneyWaiting(unclaimed(), tuple(_step(each) for each in found))


def _step(payment: Payment) -> Step:
    first = payment.reversal_asked_by_id or payment.recorded_by_id
    reverses = payment.reversal_asked_at is not None
    return Step(payment.pk, payment.shown_number, payment.amount, reverses, first)


def to_pay(agreements: Iterable[AgreementToday], *, on: date) -> tuple[ToPay, ...]:
    """Every drawn bill that is unpaid and, of each agreement, its next month while no bill of it is drawn.

    First what waits for a confirmation, then by due day.
    """
    drawn = open_bills(on=on)
    known = {(bill.agreement_id, bill.month) for bill in drawn}
    lacks = _lacks(drawn)
    months = [_drawn(bill)._replace(lacks=lacks.get(bill.id)) for bill in drawn]
    months += [
        _expected(each) for each in agreements if each.owes and (each.id, each.next_month) not in known
    ]
    return tuple(
        sorted(months, key=lambda month: (month.waits is not Waits.CONFIRM, month.due_on, month.title))
    )


def _lacks(drawn: Iterable[BillRow]) -> dict[int, int]:
    """Of each agreement's oldest bill what it lacks, where money waits for it and does not reach."""
    oldest: dict[int, BillRow] = {}
    for bill in sorted(drawn, key=lambda bill: bill.month):
        oldest.setdefault(bill.agreement_id, bill)
    held = held_of_agreements(tuple(oldest))
    return {bill.id: bill.total - held[of] for of, bill in oldest.items() if 0 < held.get(of, 0) < bill.total}


def _drawn(bill: BillRow) -> ToPay:
    waits = Waits.CONFIRM if bill.waits else Waits.ORDER
    return ToPay(
        bill.title,
        bill.office,
        bill.month,
        bill.people,
        bill.total,
        bill.due_on,
        bill.overdue,
        waits,
        bill.id,
    )


def _expected(each: AgreementToday) -> ToPay:
    return ToPay(
        title=each.title,
        office=each.office,
        month=each.next_month,
        people=None,
        total=each.next_cost,
        due_on=each.next_due,
        overdue=each.overdue,
        waits=Waits.BILL,
        bill_id=None,
    )
