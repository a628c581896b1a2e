"""Says before a payment is confirmed what it will do: which bills it pays, what lacks, and what is held."""

from collections.abc import Sequence
from typing import NamedTuple

from lindung.contributions.models import Bill, BillStatus, Payment
from lindung.contributions.purses import Left, Purse, asked, purse_of, waiting_money
from lindung.contributions.settling import planned
from lindung.law.months import Month


class Pays(NamedTuple):
    """A bill that would be paid, for so many people; whole rupiah."""

    bill_id: int
    month: Month
    people: int
    total: int


class Foreseen(NamedTuple):
    """What would happen; ``lacking`` and ``lacks`` name the first open bill that the money does not reach for.

    ``held`` is what would wait in the purse afterwards, ``waits`` what waits there already; whole rupiah.
    """

    pays: tuple[Pays, ...]
    lacking: Month | None
    lacks: int
    held: int
    waits: int


def if_confirmed(payment_id: int) -> Foreseen:
    """What confirming a recorded payment would do now. Raises Payment.DoesNotExist when it is not in sight."""
    payment = Payment.objects.get(pk=payment_id)
    purse = purse_of(payment)
    return _foreseen(purse, payment.bill_ids or None, [Left(payment, payment.amount)])


def if_settled(*, agreement_id: int, membership_id: int | None) -> Foreseen:
    """What settling the open bills from the money that waits would do now."""
    return _foreseen(Purse(agreement_id, membership_id), None, [])


def _foreseen(purse: Purse, named: Sequence[int] | None, more: list[Left]) -> Foreseen:
    open_bills = purse.bills().filter(status=BillStatus.FINAL).order_by("month", "pk")
    bills = list(open_bills if named is None else open_bills.filter(pk__in=named))
    waiting = waiting_money(purse)
    plan = planned(bills, [*waiting, *more])
    money = sum(left.amount for left in [*waiting, *more])
    held = money - sum(share.amount for _, shares in plan for share in shares)
    first = bills[len(plan)] if len(plan) < len(bills) else None
    return Foreseen(
        pays=tuple(_pays(bill) for bill, _ in plan),
        lacking=Month.of(first.month) if first else None,
        lacks=asked(first) - held if first else 0,
        held=held,
        waits=sum(left.amount for left in waiting),
    )


def _pays(bill: Bill) -> Pays:
    return Pays(bill.pk, Month.of(bill.month), bill.people, bill.total)
