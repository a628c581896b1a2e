"""Why a payment is not recorded, confirmed, rejected or reversed; each says what to do instead."""

from datetime import date

from lindung.contributions.models import Payment
from lindung.engine.refusals import Refusal
from lindung.law.money import rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text


class NoAmount(Refusal):
    """An order is worth more than nothing."""

    code = "payment.no_amount"

    def __init__(self) -> None:
        super().__init__(_NO_AMOUNT, field="amount")


class OrderTaken(Refusal):
    """This order number is recorded already with another date, amount or purse; nothing was recorded."""

    code = "payment.order_taken"

    def __init__(self, known: Payment) -> None:
        said = _TAKEN.filled(
            order=known.order_number, day=day_label(known.ordered_on), amount=rupiah(known.amount)
        )
        super().__init__(said, field="order_number")
        self.payment_id = known.pk


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


class OtherPurse(Refusal):
    """One order pays bills of one purse; nothing was recorded."""

    code = "payment.other_purse"

    def __init__(self) -> None:
        super().__init__(_OTHER_PURSE, field="bills")


class PaidAlready(Refusal):
    """Another order paid this bill; nothing was recorded."""

    code = "bill.paid"

    def __init__(self, order: str, month: Month) -> None:
        super().__init__(_PAID_ALREADY.filled(month=month.label, order=order))
        self.order = order


class BillCancelled(Refusal):
    """The bill was cancelled; nothing was recorded."""

    code = "bill.cancelled"

    def __init__(self) -> None:
        super().__init__(_CANCELLED)


class NotFinal(Refusal):
    """A draft is not asked for yet, and a superseded bill no longer; nothing was recorded."""

    code = "bill.not_final"

    def __init__(self, status: str) -> None:
        super().__init__(_NOT_FINAL[status])


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


class PaymentRejected(Refusal):
    """The payment was rejected; it can be recorded anew."""

    code = "payment.rejected"

    def __init__(self, order: str) -> None:
        super().__init__(_REJECTED.filled(order=order))


class ConfirmedAlready(Refusal):
    """A confirmed payment is not rejected any more; it is reversed."""

    code = "payment.confirmed"

    def __init__(self, order: str) -> None:
        super().__init__(_CONFIRMED.filled(order=order))


class NotConfirmed(Refusal):
    """Only money that counts can go back."""

    code = "payment.not_confirmed"

    def __init__(self, order: str) -> None:
        super().__init__(_NOT_CONFIRMED.filled(order=order))


class NotAsked(Refusal):
    """A reversal is carried out only after somebody asked for it."""

    code = "payment.reversal_not_asked"

    def __init__(self, order: str) -> None:
        super().__init__(_NOT_ASKED.filled(order=order))


class AskedByYou(Refusal):
    """Somebody else than who asked carries a reversal out."""

    code = "payment.reversal_same_person"

    def __init__(self, order: str) -> None:
        super().__init__(_ASKED_BY_YOU.filled(order=order))


class NoReason(Refusal):
    """A rejection or a reversal says why."""

    code = "payment.no_reason"

    def __init__(self) -> None:
        super().__init__(_NO_REASON, field="reason")


_NO_AMOUNT = Text(
    "Nilai harus lebih dari nol. Ketik jumlah dari kertasnya.",
    "The amount must be more than zero. Type it from the paper.",
)
_TAKEN = Text(
    "Nomor {order} sudah dicatat: {amount}, tanggal {day}. Periksa nomornya; bila catatan itu salah, tolak dulu.",
    "Number {order} is recorded already: {amount} of {day}. Check the number; if that record is wrong, reject it first.",
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
_OTHER_PURSE = Text(
    "Satu pembayaran hanya untuk tagihan satu kerja sama atau satu peserta. Catat yang lain tersendiri.",
    "One payment is for bills of one agreement or one member. Record the others apart.",
)
_PAID_ALREADY = Text(
    "Tagihan {month} sudah lunas dengan {order}. Bila uang ini sungguh masuk lagi, catat sebagai titipan di halaman "
    "uang kerja samanya.",
    "The bill of {month} is paid already, by {order}. If this money really came once more, record it as held money on "
    "the money page of its agreement.",
)
_CANCELLED = Text(
    "Tagihan ini sudah dibatalkan. Buka tagihan yang baru untuk bulan yang sama, atau catat uangnya sebagai titipan di "
    "halaman uang kerja samanya.",
    "This bill is cancelled. Open the new one of the same month, or record the money as held on the money page of its "
    "agreement.",
)
_NOT_FINAL = {
    "draft": Text(
        "Tagihan ini masih draf. Tetapkan dulu, baru dibayar.",
        "This bill is still a draft. Make it final first, then pay it.",
    ),
    "superseded": Text(
        "Tagihan ini sudah digantikan. Bayar tagihan penggantinya.",
        "Another bill has taken the place of this one. Pay that one.",
    ),
}
_SAME_PERSON = Text(
    "{user} mencatat {order} sendiri; orang lain yang harus mengesahkan. Minta bendahara lain.",
    "{user} recorded {order}; somebody else has to confirm it. Ask another finance officer.",
)
_NOBODY = Text(
    "Pembayaran dicatat dan disahkan oleh orang, bukan oleh sistem. Masuk dulu.",
    "Payments are recorded and confirmed by people, never by the system. Sign in first.",
)
_REJECTED = Text(
    "{order} sudah ditolak. Catat lagi dengan isi yang benar.",
    "{order} was rejected. Record it again with what is right.",
)
_CONFIRMED = Text(
    "{order} sudah disahkan, jadi tidak bisa ditolak. Bila uangnya kembali, minta pembalikan.",
    "{order} is confirmed, so it cannot be rejected. If the money went back, ask for a reversal.",
)
_NOT_CONFIRMED = Text(
    "{order} belum disahkan, jadi tidak ada yang dibalik. Tolak saja.",
    "{order} is not confirmed, so there is nothing to reverse. Reject it instead.",
)
_NOT_ASKED = Text(
    "Belum ada yang meminta pembalikan {order}. Satu orang meminta dengan alasan, orang lain menjalankan.",
    "Nobody has asked to reverse {order}. One person asks, with a reason; another carries it out.",
)
_ASKED_BY_YOU = Text(
    "Anda sendiri yang meminta pembalikan {order}. Minta bendahara lain menjalankannya.",
    "You asked to reverse {order} yourself. Ask another finance officer to carry it out.",
)
_NO_REASON = Text("Tulis alasannya dalam satu kalimat.", "Write the reason in one sentence.")
