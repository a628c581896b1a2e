"""Records a treasury order (SP2D), has a second person confirm it, and settles the bill it pays, once."""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Sum

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions.bill_records import BillCharge, ChargeKind
from lindung.contributions.models import Bill, BillStatus, Payment, PaymentSource, Settlement
from lindung.engine.refusals import Refusal
from lindung.law.money import rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text
from lindung.ledger.models import AccountKind, InstructionKind
from lindung.ledger.posting import Line, account, open_month, post

_BY_PROGRAMME = """
SELECT a.programme, sum(a.amount)
  FROM contributions_billline l JOIN contributions_tariffamount a ON a.tariff_id = l.tariff_id
 WHERE l.month = %s AND l.bill_id = %s GROUP BY a.programme ORDER BY a.programme
"""

_PAID_MONTHS = """
INSERT INTO contributions_paidmonth
       (month, person_id, work_id, programme, agreement_id, sponsor_id, instruction_id, amount, paid_on)
SELECT l.month, l.person_id, l.work_id, a.programme, %(agreement)s, l.sponsor_id, %(instruction)s, a.amount,
       %(paid_on)s
  FROM contributions_billline l JOIN contributions_tariffamount a ON a.tariff_id = l.tariff_id
 WHERE l.month = %(month)s AND l.bill_id = %(bill)s
"""


class WrongAmount(Refusal):
    """The order does not pay the bill to the rupiah; nothing was recorded."""

    code = "payment.wrong_amount"

    def __init__(self, *, paid: int, owed: int, month: Month) -> None:
        text = _WRONG_AMOUNT.filled(paid=rupiah(paid), owed=rupiah(owed), month=month.label)
        super().__init__(text, field="amount")
        self.paid, self.owed = paid, owed


class OrderTaken(Refusal):
    """This order number is recorded already with another date, amount or agreement; nothing was recorded."""

    code = "payment.order_taken"

    def __init__(self, order: str) -> None:
        super().__init__(_TAKEN.filled(order=order), field="order_number")


class NotYetOrdered(Refusal):
    """The date of the order has not come yet; nothing was recorded."""

    code = "payment.in_future"

    def __init__(self, day: date, today: date) -> None:
        super().__init__(_NOT_YET.filled(day=day_label(day), today=day_label(today)), field="ordered_on")


class BeforeBudgetYear(Refusal):
    """The order is older than the budget year of the month it pays; nothing was recorded."""

    code = "payment.before_budget_year"

    def __init__(self, day: date, month: Month) -> None:
        super().__init__(_OLD.filled(day=day_label(day), month=month.label), field="ordered_on")


class OverBudget(Refusal):
    """The year's budget does not reach for this bill; nothing was recorded."""

    code = "payment.over_budget"

    def __init__(self, left: int, year: int) -> None:
        super().__init__(_NO_MONEY.filled(left=rupiah(max(left, 0)), year=year))
        self.left = left


class PaidAlready(Refusal):
    """Another order paid this bill; nothing was recorded."""

    code = "bill.paid"

    def __init__(self, order: str, month: Month) -> None:
        super().__init__(_PAID_ALREADY.filled(month=month.label, order=order))
        self.order = order


class BillCancelled(Refusal):
    """The bill was cancelled; nothing was recorded."""

    code = "bill.cancelled"


class NotFinal(Refusal):
    """A draft is not asked for yet, and a superseded bill no longer; nothing was recorded."""

    code = "bill.not_final"


_NOT_FINAL = {
    BillStatus.DRAFT: Text(
        "Tagihan ini masih draf. Tetapkan dulu, baru dibayar.",
        "This bill is still a draft. Make it final first, then pay it.",
    ),
    BillStatus.SUPERSEDED: Text(
        "Tagihan ini sudah digantikan. Bayar tagihan penggantinya.",
        "Another bill has taken the place of this one. Pay that one.",
    ),
}
_CANCELLED = Text(
    "Tagihan ini sudah dibatalkan. Buka tagihan yang baru untuk bulan yang sama.",
    "This bill is cancelled. Open the new one of the same month.",
)


class NotTheRecorder(Refusal):
    """Only somebody else than the recorder can confirm a payment; nothing was confirmed."""

    code = "payment.same_person"

    def __init__(self, order: str, name: str) -> None:
        super().__init__(_SAME_PERSON.filled(user=name, order=order))


class NobodyActs(Refusal):
    """Money is recorded and confirmed by users, never by the system; nothing was recorded."""

    code = "payment.nobody_acts"

    def __init__(self) -> None:
        super().__init__(_NOBODY)


_WRONG_AMOUNT = Text(
    "SP2D bernilai {paid}, tagihan {month} {owed}; keduanya harus sama. Periksa nilai dan bulannya.",
    "The SP2D is worth {paid}, the bill of {month} {owed}; they must be equal. Check amount and month.",
)
_TAKEN = Text(
    "SP2D {order} sudah dicatat dengan tanggal, nilai atau kerja sama lain. Periksa nomornya.",
    "SP2D {order} is recorded already with another date, amount or agreement. Check its number.",
)
_NOT_YET = Text(
    "Tanggal SP2D {day} belum tiba (hari ini {today}). Periksa tanggalnya.",
    "The date {day} has not come yet (today is {today}). Check the date.",
)
_OLD = Text(
    "Tanggal SP2D {day} lebih tua daripada tahun anggaran {month}. Periksa tahunnya.",
    "The date {day} is older than the budget year of {month}. Check its year.",
)
_NO_MONEY = Text(
    "Anggaran {year} tinggal {left}, tidak cukup untuk tagihan ini. Minta tambahan anggaran dulu.",
    "Of the budget {year} only {left} is left, not enough for this bill. Ask for more budget first.",
)
_PAID_ALREADY = Text(
    "Tagihan {month} sudah lunas dengan SP2D {order}. Tidak ada yang perlu dicatat.",
    "The bill of {month} is paid already, by SP2D {order}. There is nothing to record.",
)
_SAME_PERSON = Text(
    "{user} mencatat SP2D {order} sendiri; orang lain yang harus mengesahkan. Minta bendahara lain.",
    "{user} recorded SP2D {order}; somebody else has to confirm it. Ask another finance officer.",
)
_NOBODY = Text(
    "Pembayaran dicatat dan disahkan oleh orang, bukan oleh sistem. Masuk dulu.",
    "Payments are recorded and confirmed by people, never by the system. Sign in first.",
)


def record(
    *, bill_id: int, order_number: str, ordered_on: date, amount: int, by: Actor, now: datetime
) -> Payment:
    """Record that a treasury order pays a bill; recording the same order again returns it.

    Nothing is covered by this yet: a second person confirms. Raises NotYetOrdered for a date after ``now``,
    BeforeBudgetYear for one before the month's year, OverBudget when the year's budget does not reach,
    WrongAmount when the order is not worth the bill, OrderTaken when the number was used for something else,
    PaidAlready when another order paid the bill, BillCancelled, NotFinal, Bill.DoesNotExist out of scope.
    """
    user_id = _user(by)
    if ordered_on > now.date():
        raise NotYetOrdered(ordered_on, now.date())
    with transaction.atomic():
        bill = Bill.objects.select_for_update().get(pk=bill_id)
        known = Payment.objects.filter(
            sponsor_id=bill.sponsor_id, source=PaymentSource.SP2D, order_number=order_number
        ).first()
        if known is not None:
            _refuse_other_use(known, bill, ordered_on=ordered_on, amount=amount)
            return known
        _refuse_unpayable(bill, amount)
        _refuse_unfunded(bill, ordered_on)
        event = audit.record(
            "payment.recorded",
            by=by,
            subject=f"bill:{bill.pk}",
            sponsor_id=bill.sponsor_id,
            # The order's own number stays out: it may look like a telephone number or a NIK.
            detail={"ordered_on": ordered_on.isoformat(), "amount": amount},
        )
        return Payment.objects.create(
            agreement_id=bill.agreement_id,
            bill=bill,
            sponsor_id=bill.sponsor_id,
            order_number=order_number,
            ordered_on=ordered_on,
            amount=amount,
            recorded_by_id=user_id,
            recorded_at=now,
            event_id=event,
        )


def confirm(*, payment_id: int, bill_id: int, by: Actor, now: datetime) -> Settlement:
    """Confirm a recorded payment and settle its bill: ledger entry, paid months, bill paid, in one transaction.

    Confirming what is confirmed and settled returns the settlement that is there. Raises NotTheRecorder when
    the recorder tries to confirm, PaidAlready when another order paid the bill, BillCancelled, WrongAmount when the
    payment is not worth the bill, and IntegrityError when a month of the bill is paid for somebody already.
    """
    with transaction.atomic():
        bill = Bill.objects.select_for_update().get(pk=bill_id)
        payment = Payment.objects.select_for_update().get(pk=payment_id, bill=bill)
        settled = Settlement.objects.filter(payment=payment, bill=bill).first()
        if settled is not None:
            return settled
        if _user(by) == payment.recorded_by_id:
            raise NotTheRecorder(payment.order_number, by.name)
        _refuse_closed(bill)
        left = payment.amount - _used(payment)
        if left < bill.total:
            raise WrongAmount(paid=left, owed=bill.total, month=Month.of(bill.month))
        open_month(Month.of(bill.month), "ledger_posting", "contributions_paidmonth")
        _confirmed(payment, by=by, now=now)
        return _settle(bill, payment, by=by)


def _user(by: Actor) -> int:
    if by.user_id is None:
        raise NobodyActs
    return by.user_id


def _refuse_other_use(known: Payment, bill: Bill, *, ordered_on: date, amount: int) -> None:
    if (known.bill_id, known.ordered_on, known.amount) != (bill.pk, ordered_on, amount):
        raise OrderTaken(known.order_number)


def _refuse_unpayable(bill: Bill, amount: int) -> None:
    _refuse_closed(bill)
    if amount != bill.total:
        raise WrongAmount(paid=amount, owed=bill.total, month=Month.of(bill.month))


def _refuse_closed(bill: Bill) -> None:
    paid_by = Settlement.objects.select_related("payment").filter(bill=bill).first()
    if paid_by is not None:
        raise PaidAlready(paid_by.payment.order_number, Month.of(bill.month))
    if bill.status == BillStatus.CANCELLED:
        raise BillCancelled(_CANCELLED)
    if bill.status in _NOT_FINAL:
        raise NotFinal(_NOT_FINAL[BillStatus(bill.status)])


def _refuse_unfunded(bill: Bill, ordered_on: date) -> None:
    """A month is paid from the budget of its year, and never with money that is not in it (where one is recorded)."""
    year = bill.month.year
    if ordered_on.year < year:
        raise BeforeBudgetYear(ordered_on, Month.of(bill.month))
    counting = bill.agreement.budgets.filter(year=year, withdrawn_by__isnull=True)
    budget = counting.aggregate(total=Sum("amount"))["total"]
    spent = Settlement.objects.filter(bill__agreement_id=bill.agreement_id, bill__month__year=year)
    left = (budget or 0) - (spent.aggregate(total=Sum("amount"))["total"] or 0)
    if budget is not None and bill.total > left:
        raise OverBudget(left, year)


def _used(payment: Payment) -> int:
    return payment.settlements.aggregate(total=Sum("amount"))["total"] or 0


def _confirmed(payment: Payment, *, by: Actor, now: datetime) -> None:
    if payment.confirmed_by_id is None:
        payment.confirmed_by_id, payment.confirmed_at = by.user_id, now
        payment.save(update_fields=["confirmed_by", "confirmed_at"])


def _settle(bill: Bill, payment: Payment, *, by: Actor) -> Settlement:
    month = Month.of(bill.month)
    event = audit.record(
        "payment.confirmed",
        by=by,
        subject=f"bill:{bill.pk}",
        sponsor_id=bill.sponsor_id,
        detail={"payment": payment.pk, "amount": bill.total, "month": str(month)},
    )
    entry = post(
        kind=InstructionKind.PAYMENT,
        reference=f"payment:{payment.pk}/bill:{bill.pk}",
        lines=_lines(bill),
        month=month,
        on=payment.ordered_on,
        sponsor_id=bill.sponsor_id,
        event_id=event,
    )
    settlement = Settlement.objects.create(
        payment=payment,
        bill=bill,
        sponsor_id=bill.sponsor_id,
        amount=bill.total,
        instruction_id=entry.instruction_id,
        event_id=event,
    )
    _write_paid_months(bill, instruction_id=entry.instruction_id, paid_on=payment.ordered_on)
    bill.status = BillStatus.PAID
    bill.save(update_fields=["status"])
    return settlement


def _lines(bill: Bill) -> list[Line]:
    """Out of the sponsor's account, into one control account per programme (JKK and JKM have no members' own).

    Fines have an account of their own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_PROGRAMME, [bill.month, bill.pk])
        sums = [(programme, int(amount)) for programme, amount in cursor.fetchall()]
    fine = BillCharge.objects.filter(bill=bill, kind=ChargeKind.FINE).aggregate(sum=Sum("amount"))["sum"]
    sums += [("fine", int(fine))] if fine else []
    paid = account(f"sponsor:{bill.sponsor_id}", kind=AccountKind.SPONSOR, sponsor_id=bill.sponsor_id)
    funds = [Line(account(f"fund:{name}", kind=AccountKind.FUND), amount) for name, amount in sums]
    return [Line(paid, -bill.total), *funds]


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
