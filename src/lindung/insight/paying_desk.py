"""What a finance officer has before her: the months to pay, the most urgent first, and what each waits for."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lindung.contributions.bills import BillRow, open_bills
from lindung.insight.agreement_today import AgreementToday
from lindung.law.months import Month


class Waits(StrEnum):
    """What a month to pay waits for."""

    CONFIRM = "confirm"
    ORDER = "order"
    BILL = "bill"


class ToPay(NamedTuple):
    """A month of an agreement that is not paid; ``total`` in whole rupiah, an estimate while no bill is drawn."""

    title: str
    office: str
    month: Month
    people: int | None
    total: int
    due_on: date
    overdue: bool
    waits: Waits
    bill_id: int | None


def to_pay(agreements: Iterable[AgreementToday], *, on: date) -> tuple[ToPay, ...]:
    """Every drawn bill that is unpaid and, of each agreement, its next month while no bill of it is drawn.

    First what waits for a confirmation, then by due day.
    """
    drawn = open_bills(on=on)
    known = {(bill.agreement_id, bill.month) for bill in drawn}
    months = [_drawn(bill) for bill in drawn]
    months += [
        _expected(each) for each in agreements if each.owes and (each.id, each.next_month) not in known
    ]
    return tuple(
        sorted(months, key=lambda month: (month.waits is not Waits.CONFIRM, month.due_on, month.title))
    )


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
