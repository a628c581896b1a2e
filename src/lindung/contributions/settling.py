"""Pays bills from the money that waits in their purse: whole bills only, the oldest first."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Sum

from lindung.access import audit
from lindung.access.models import AuditEvent
from lindung.access.scope import Actor
from lindung.contributions.bill_records import BillCharge, ChargeKind
from lindung.contributions.models import Bill, BillStatus, Payment, Settlement
from lindung.contributions.purses import Left, Purse, asked, waiting_money
from lindung.contributions.telling import tell_paid
from lindung.law.months import Month
from lindung.ledger.models import AccountKind, InstructionKind
from lindung.ledger.posting import Line, account, hold, open_month, post

_BY_PROGRAMME = """
SELECT a.programme, sum(a.amount)
  FROM contributions_billline l JOIN contributions_tariffamount a ON a.tariff_id = l.tariff_id
 WHERE l.month = %s AND l.bill_id = %s GROUP BY a.programme
"""
_PAID_MONTHS = """
INSERT INTO contributions_paidmonth
       (month, person_id, work_id, programme, agreement_id, sponsor_id, instruction_id, amount, paid_on)
SELECT l.month, l.person_id, l.work_id, a.programme, %(agreement)s, l.sponsor_id, %(instruction)s, a.amount,
       %(paid_on)s
  FROM contributions_billline l JOIN contributions_tariffamount a ON a.tariff_id = l.tariff_id
 WHERE l.month = %(month)s AND l.bill_id = %(bill)s
"""
_FUNDS = ("jkk", "jkm", "jht")
"""In this order a settlement fills what a bill asks for; then its fines, then what earlier months still lack."""


class Share(NamedTuple):
    """What one payment gives to a bill, in whole rupiah."""

    payment: Payment
    amount: int


def settle(
    *,
    agreement_id: int,
    membership_id: int | None,
    bill_ids: Sequence[int] | None,
    by: Actor,
    now: datetime,
) -> list[Settlement]:
    """Pay open bills of a purse from the money that waits for it; what was settled now, in order.

    Only whole bills are paid, the oldest month first, and none after one that the money does not reach for. Several
    payments may make a bill up; what is left over stays held. ``bill_ids`` names the bills, None means all open ones.
    Nothing happens, and nothing is raised, when there is no money or no open bill. Raises IntegrityError when a month
    of a bill is paid for somebody by another sponsor already (``paid_month_once``); then nothing was settled.
    """
    purse = Purse(agreement_id, membership_id)
    with transaction.atomic():
        bills = locked_bills(purse, bill_ids)
        money = locked_money(purse)
        made = list(_settled(purse, bills, money, by=by, now=now))
        tell_paid(made)
        return made


def locked_bills(purse: Purse, bill_ids: Sequence[int] | None) -> list[Bill]:
    """The open bills of a purse, or those of them that are named, kept for this transaction; the oldest month first.

    Whoever moves money keeps bills by id, then payments by id, then balances: so nobody waits in a circle.
    """
    bills = purse.bills().order_by("pk").select_for_update(of=("self",))
    chosen = (
        bills.filter(status=BillStatus.FINAL) if bill_ids is None else bills.filter(pk__in=list(bill_ids))
    )
    return sorted(
        (bill for bill in chosen if bill.status == BillStatus.FINAL), key=lambda bill: (bill.month, bill.pk)
    )


def locked_money(purse: Purse) -> list[Left]:
    """The payments of a purse of which something is left, kept for this transaction."""
    ids = [left.payment.pk for left in waiting_money(purse)]
    list(Payment.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)))
    return waiting_money(purse)


def _settled(
    purse: Purse, bills: Sequence[Bill], money: Sequence[Left], *, by: Actor, now: datetime
) -> Iterator[Settlement]:
    plan = planned(bills, money)
    if not plan:
        return
    open_months(bill.month for bill, _ in plan)
    held = purse.account(AccountKind.HELD, sponsor_id=plan[0][0].sponsor_id)
    parts = {bill.pk: parts_of(bill) for bill, _ in plan}
    hold([held, *(line.account for lines in parts.values() for line in lines)])
    for bill, shares in plan:
        yield from pay(bill, shares, parts[bill.pk], by=by, now=now)


def planned(bills: Sequence[Bill], money: Sequence[Left]) -> list[tuple[Bill, list[Share]]]:
    """Which bills the money pays, in their order, and which payment gives how much; it stops at the first it lacks for.

    A payment that names a bill goes to it first, then the one that came first.
    """
    left = {each.payment.pk: each for each in money}
    plan = []
    for bill in bills:
        need = asked(bill)
        in_turn = sorted(
            left.values(),
            key=lambda each: (bill.pk not in each.payment.bill_ids, each.payment.ordered_on, each.payment.pk),
        )
        if sum(each.amount for each in in_turn) < need:
            break
        shares = list(_shares(need, in_turn))
        for share in shares:
            rest = left[share.payment.pk].amount - share.amount
            left[share.payment.pk] = Left(share.payment, rest)
        plan.append((bill, shares))
    return plan


def _shares(need: int, money: Sequence[Left]) -> Iterator[Share]:
    for each in money:
        amount = min(need, each.amount)
        if amount:
            yield Share(each.payment, amount)
            need -= amount


def open_months(months: Iterable[date]) -> None:
    """Room for these months, before anything is written."""
    for month in sorted(set(months)):
        open_month(Month.of(month), "ledger_posting", "contributions_paidmonth")


def parts_of(bill: Bill) -> list[Line]:
    """Where a bill's money goes, in the order in which it is filled: one account and amount for each programme.

    Fines have a fund of their own; what an earlier month lacked goes to what the purse still owes.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_PROGRAMME, [bill.month, bill.pk])
        sums = {programme: int(amount) for programme, amount in cursor.fetchall()}
    lines = [
        Line(account(f"fund:{name}", kind=AccountKind.FUND), sums[name]) for name in _FUNDS if sums.get(name)
    ]
    return [*lines, *_charged(bill)]


def _charged(bill: Bill) -> Iterator[Line]:
    found = BillCharge.objects.filter(bill=bill).order_by().values_list("kind").annotate(Sum("amount"))
    charges = {kind: int(amount) for kind, amount in found}
    if fine := charges.get(ChargeKind.FINE):
        yield Line(account("fund:fine", kind=AccountKind.FUND), fine)
    if lacked := charges.get(ChargeKind.SHORTFALL):
        purse = Purse(bill.agreement_id, bill.membership_id)
        yield Line(purse.account(AccountKind.OWED, sponsor_id=bill.sponsor_id), lacked)


def pay(
    bill: Bill, shares: Sequence[Share], parts: list[Line], *, by: Actor, now: datetime
) -> list[Settlement]:
    """Settle an open bill whole by these shares, write its paid months, and say that it is paid.

    Its bill, payments and balances are locked and its month is open. ``parts`` is what it asks for; what the shares
    leave of them is carried to the next bill: whoever calls has booked that.
    """
    event = audit.record(
        "bill.settled",
        by=by,
        subject=f"bill:{bill.pk}",
        sponsor_id=bill.sponsor_id,
        detail={
            "month": str(Month.of(bill.month)),
            "amount": sum(share.amount for share in shares),
            "payments": [share.payment.pk for share in shares],
            "at": now.isoformat(),
        },
    )
    lines = list(parts)
    made = [_given(bill, share, taken(lines, share.amount), event_id=event) for share in shares]
    _write_paid_months(bill, instruction_id=made[-1].instruction_id, paid_on=_paid_on(bill, shares))
    bill.status = BillStatus.PAID
    bill.save(update_fields=["status"])
    return made


def taken(parts: list[Line], amount: int) -> list[Line]:
    """The next lines worth ``amount``; what is used up leaves ``parts``."""
    lines = []
    while amount:
        first = parts.pop(0)
        now = min(amount, first.amount)
        lines.append(Line(first.account, now))
        if first.amount > now:
            parts.insert(0, Line(first.account, first.amount - now))
        amount -= now
    return lines


def _given(bill: Bill, share: Share, lines: list[Line], *, event_id: int) -> Settlement:
    held = Purse(bill.agreement_id, bill.membership_id).account(AccountKind.HELD, sponsor_id=bill.sponsor_id)
    entry = post(
        kind=InstructionKind.SETTLEMENT,
        reference=_reference(bill, share.payment),
        lines=[Line(held, -share.amount), *lines],
        month=Month.of(bill.month),
        on=_value_date(bill, share),
        sponsor_id=bill.sponsor_id,
        event_id=event_id,
    )
    return Settlement.objects.create(
        payment=share.payment,
        bill=bill,
        sponsor_id=bill.sponsor_id,
        amount=share.amount,
        instruction_id=entry.instruction_id,
        event_id=event_id,
    )


def _reference(bill: Bill, payment: Payment) -> str:
    """One for each payment and bill; after a reversal the next."""
    before = Settlement.objects.filter(bill=bill, payment=payment).count()
    name = f"payment:{payment.pk}/bill:{bill.pk}"
    return f"{name}/{before + 1}" if before else name


def _value_date(bill: Bill, share: Share) -> date:
    """The day of the order; for money that came before there was a bill, the day the bill was drawn."""
    ordered = share.payment.ordered_on
    if bill.pk in share.payment.bill_ids:
        return ordered
    drawn = AuditEvent.objects.filter(pk=bill.event_id).values_list("detail__on", flat=True).first()
    return max(ordered, date.fromisoformat(drawn)) if drawn else ordered


def _paid_on(bill: Bill, shares: Sequence[Share]) -> date:
    """The month is paid on the day the last rupiah was there."""
    return max(_value_date(bill, share) for share in shares)


def _write_paid_months(bill: Bill, *, instruction_id: int, paid_on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _PAID_MONTHS,
            {
                "agreement": bill.agreement_id,
                "instruction": instruction_id,
                "paid_on": paid_on,
                "month": bill.month,
                "bill": bill.pk,
            },
        )
