"""What `payment record` and `payment confirm` do and answer: a treasury order, and the bill it pays."""

from datetime import date
from typing import NamedTuple

from lindung.access.roles import Permission
from lindung.cli.acting import acting, agreement_of
from lindung.cli.bills import bill_of
from lindung.cli.layout import show_facts
from lindung.cli.refusing import Refused
from lindung.contributions import payments
from lindung.contributions.models import Bill, BillStatus, Payment, Settlement
from lindung.engine import clock
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text

_LONGEST_NUMBER = 80


class Order(NamedTuple):
    """A treasury order as typed: for which agreement and month, its number, date, and whole rupiah."""

    agreement: str
    month: Month
    number: str
    ordered_on: date
    amount: int


class Recorded(NamedTuple):
    """A recorded order, who recorded and confirmed it, and how its bill stands now."""

    agreement: str
    month: Month
    order: str
    ordered_on: date
    amount: int
    people: int
    recorded_by: str
    confirmed_by: str | None
    bill_status: str


def recorded(order: Order, *, username: str, wet: bool) -> Recorded:
    """Record an order as this user; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.RECORD_PAYMENT, command="payment record", wet=wet) as standing:
        _refuse_odd(order)
        bill = bill_of(agreement_of(order.agreement), order.month)
        try:
            made = payments.record(
                bill_id=bill.pk,
                order_number=order.number,
                ordered_on=order.ordered_on,
                amount=order.amount,
                by=standing.actor,
                now=clock.now(),
            )
        except payments.WrongAmount as why:
            raise Refused("payment.wrong_amount", _wrong_amount(why, order.month)) from why
        except payments.NotYetOrdered as why:
            raise Refused("payment.in_future", _NOT_YET.filled(day=str(why), today=str(standing.on))) from why
        except payments.BeforeBudgetYear as why:
            raise Refused(
                "payment.before_budget_year", _OLD.filled(day=str(why), month=order.month.label)
            ) from why
        except payments.OverBudget as why:
            left, year = rupiah(max(why.left, 0)), order.month.year
            raise Refused("payment.over_budget", _NO_MONEY.filled(left=left, year=year)) from why
        except payments.PaidAlready as why:
            raise Refused("bill.paid", _PAID_ALREADY.filled(month=order.month.label, order=str(why))) from why
        except payments.OrderTaken as why:
            raise Refused("payment.order_taken", _TAKEN.filled(order=order.number)) from why
        return _shown(made, bill, order.agreement)


def confirmed(*, code: str, month: Month, order: str, username: str, wet: bool) -> Recorded:
    """Confirm an order as this user, who is not its recorder; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.CONFIRM_PAYMENT, command="payment confirm", wet=wet) as standing:
        bill = bill_of(agreement_of(code), month)
        made = _recorded_order(bill, order)
        try:
            payments.confirm(payment_id=made.pk, bill_id=bill.pk, by=standing.actor, now=clock.now())
        except payments.NotTheRecorder as why:
            raise Refused("payment.same_person", _SAME_PERSON.filled(user=username, order=order)) from why
        except payments.WrongAmount as why:
            raise Refused("payment.wrong_amount", _not_for_this_bill(bill, why, month)) from why
        made.refresh_from_db()
        bill.refresh_from_db()
        return _shown(made, bill, code)


def show(shown: Recorded) -> None:
    """Print an order and how its bill stands."""
    paid = Text("lunas; {n} orang terbayar untuk bulan ini", "paid; the month is paid for {n} people")
    open_ = Text(
        "belum lunas; tunggu pengesahan orang kedua", "unpaid; waits for a second person's confirmation"
    )
    show_facts(
        (
            (Text("SP2D", "SP2D"), shown.order),
            (Text("Tanggal", "Date"), day_label(shown.ordered_on)),
            (Text("Jumlah", "Amount"), rupiah(shown.amount)),
            (Text("Tagihan", "Bill"), f"{shown.agreement} {shown.month}"),
            (Text("Dicatat oleh", "Recorded by"), shown.recorded_by),
            (Text("Disahkan oleh", "Confirmed by"), shown.confirmed_by or "-"),
            (
                Text("Keadaan tagihan", "The bill is"),
                (paid if shown.bill_status == BillStatus.PAID else open_).filled(n=counted(shown.people)),
            ),
        )
    )


_TAKEN = Text(
    "SP2D {order} sudah dicatat dengan tanggal, nilai atau kerja sama lain. Periksa nomornya.",
    "SP2D {order} is recorded already with another date, amount or agreement. Check its number.",
)
_SAME_PERSON = Text(
    "{user} mencatat SP2D {order} sendiri; orang lain yang harus mengesahkan. Ulangi dengan --by bendahara lain.",
    "{user} recorded SP2D {order}; somebody else has to confirm it. Repeat with --by another finance officer.",
)
_NOT_YET = Text(
    "Tanggal SP2D {day} belum tiba (hari ini {today}). Periksa --date.",
    "The date {day} has not come yet (today is {today}). Check --date.",
)
_OLD = Text(
    "Tanggal SP2D {day} lebih tua daripada tahun anggaran {month}. Periksa tahunnya di --date.",
    "The date {day} is older than the budget year of {month}. Check the year at --date.",
)
_NO_MONEY = Text(
    "Anggaran {year} tinggal {left}, tidak cukup untuk tagihan ini. Minta tambahan anggaran dulu.",
    "Of the budget {year} only {left} is left, not enough for this bill. Ask for more budget first.",
)
_PAID_ALREADY = Text(
    "Tagihan {month} sudah lunas dengan SP2D {order}. Tidak ada yang perlu dicatat.",
    "The bill of {month} is paid already, by SP2D {order}. There is nothing to record.",
)
_NO_ORDER = Text(
    "SP2D {order} belum dicatat untuk kerja sama ini. Catat dulu: ./lindung payment record (menunggu: {waiting})",
    "SP2D {order} is not recorded for this agreement. Record it first: ./lindung payment record (waiting: {waiting})",
)


def _shown(made: Payment, bill: Bill, code: str) -> Recorded:
    return Recorded(
        agreement=code,
        month=Month.of(bill.month),
        order=made.order_number,
        ordered_on=made.ordered_on,
        amount=made.amount,
        people=bill.people,
        recorded_by=made.recorded_by.username,
        confirmed_by=made.confirmed_by.username if made.confirmed_by else None,
        bill_status=bill.status,
    )


def _refuse_odd(order: Order) -> None:
    if not 0 < len(order.number) <= _LONGEST_NUMBER:
        raise Refused(
            "payment.no_number",
            Text(
                f"Tulis nomor SP2D di --order, 1 sampai {_LONGEST_NUMBER} huruf.",
                f"Write the number of the SP2D at --order, 1 to {_LONGEST_NUMBER} letters.",
            ),
        )


def _recorded_order(bill: Bill, number: str) -> Payment:
    recorded = Payment.objects.filter(agreement=bill.agreement_id)
    made = recorded.filter(order_number=number).first()
    if made is not None:
        return made
    waiting = recorded.filter(confirmed_by__isnull=True).order_by("pk").values_list("order_number", flat=True)
    raise Refused(
        "payment.not_recorded", _NO_ORDER.filled(order=number, waiting=", ".join(waiting[:12]) or "-")
    )


def _wrong_amount(why: payments.WrongAmount, month: Month) -> Text:
    text = Text(
        "SP2D bernilai {paid}, tagihan {month} {owed}; keduanya harus sama. Periksa --amount atau --month.",
        "The SP2D is worth {paid}, the bill of {month} {owed}; they must be equal. Check --amount or --month.",
    )
    return text.filled(paid=rupiah(why.paid), owed=rupiah(why.owed), month=month.label)


def _not_for_this_bill(bill: Bill, why: payments.WrongAmount, month: Month) -> Text:
    if bill.status == BillStatus.PAID:
        settled = Settlement.objects.select_related("payment").get(bill=bill)
        return _PAID_ALREADY.filled(month=month.label, order=settled.payment.order_number)
    return _wrong_amount(why, month)
