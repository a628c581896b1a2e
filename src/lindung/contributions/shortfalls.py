"""Sets off what a bill lacks against the next month, when BPJS's letter says so (PP 44/2015 Pasal 23)."""

from datetime import date, datetime

from django.db import transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions import settling
from lindung.contributions.models import Bill, BillStatus
from lindung.contributions.money_records import Shortfall
from lindung.contributions.payment_refusals import NobodyActs
from lindung.contributions.purses import Purse, asked, purse_of
from lindung.engine.refusals import Refusal
from lindung.law.money import rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text
from lindung.ledger.models import AccountKind, InstructionKind
from lindung.ledger.posting import Line, hold, post


class NothingLacks(Refusal):
    """The bill is not open, or its money reaches; there is nothing to carry over."""

    code = "shortfall.nothing_lacks"


class NothingCame(Refusal):
    """No money came yet: a bill of which nothing is paid is not carried over."""

    code = "shortfall.nothing_came"


class TellsTheFuture(Refusal):
    """BPJS's letter is dated after today."""

    code = "shortfall.in_future"

    def __init__(self, told_on: date) -> None:
        super().__init__(_FUTURE.filled(day=day_label(told_on)), field="told_on")


class NoLetter(Refusal):
    """A shortfall is carried over by a letter."""

    code = "shortfall.no_letter"


def declare(*, bill_id: int, told_on: date, letter_number: str, by: Actor, now: datetime) -> Shortfall:
    """Carry what an open bill lacks to the next bill of its purse: it is paid by the money that waits, and no more.

    A bill whose shortfall was carried already returns that one. Raises NothingLacks, NothingCame, TellsTheFuture,
    NoLetter, NobodyActs, Bill.DoesNotExist out of scope.
    """
    if by.user_id is None:
        raise NobodyActs
    if told_on > now.date():
        raise TellsTheFuture(told_on)
    if not letter_number.strip():
        raise NoLetter(_NO_LETTER, field="letter_number")
    with transaction.atomic():
        bill = Bill.objects.select_for_update(of=("self",)).get(pk=bill_id)
        known = Shortfall.objects.filter(bill=bill).first()
        if known is not None:
            return known
        money = settling.locked_money(purse_of(bill))
        came = sum(each.amount for each in money)
        lacks = asked(bill) - came
        if bill.status != BillStatus.FINAL or lacks <= 0:
            raise NothingLacks(_NOTHING_LACKS)
        if came <= 0:
            raise NothingCame(_NOTHING_CAME.filled(total=rupiah(bill.total)))
        settling.open_months([bill.month])
        made = _carried(bill, lacks, told_on=told_on, letter_number=letter_number.strip(), by=by, now=now)
        settling.settle(
            agreement_id=bill.agreement_id,
            membership_id=bill.membership_id,
            bill_ids=[bill.pk],
            by=by,
            now=now,
        )
        return made


def _carried(
    bill: Bill, lacks: int, *, told_on: date, letter_number: str, by: Actor, now: datetime
) -> Shortfall:
    event = audit.record(
        "bill.shortfall_carried",
        by=by,
        subject=f"bill:{bill.pk}",
        sponsor_id=bill.sponsor_id,
        detail={"month": str(Month.of(bill.month)), "amount": lacks, "told_on": told_on.isoformat()},
    )
    purse = Purse(bill.agreement_id, bill.membership_id)
    held = purse.account(AccountKind.HELD, sponsor_id=bill.sponsor_id)
    owed = purse.account(AccountKind.OWED, sponsor_id=bill.sponsor_id)
    parts = settling.parts_of(bill)
    hold([held, owed, *(line.account for line in parts)])
    settling.taken(parts, bill.total - lacks)
    entry = post(
        kind=InstructionKind.SETTLEMENT,
        reference=f"shortfall:{bill.pk}",
        lines=[Line(owed, -lacks), *parts],
        month=Month.of(bill.month),
        on=now.date(),
        sponsor_id=bill.sponsor_id,
        event_id=event,
    )
    return Shortfall.objects.create(
        bill=bill,
        month=bill.month,
        sponsor_id=bill.sponsor_id,
        amount=lacks,
        told_on=told_on,
        letter_number=letter_number,
        declared_by_id=by.person_id,
        declared_at=now,
        instruction_id=entry.instruction_id,
        event_id=event,
    )


_NOTHING_LACKS = Text(
    "Tagihan ini sudah lunas, dibatalkan, atau uangnya cukup. Tidak ada kekurangan yang dibawa.",
    "This bill is paid or cancelled, or its money reaches. There is nothing to carry over.",
)
_NOTHING_CAME = Text(
    "Belum ada uang untuk tagihan {total} ini. Catat pembayarannya dulu; hanya kekurangannya yang bisa dibawa.",
    "No money came for this bill of {total} yet. Record its payment first; only what lacks can be carried over.",
)
_FUTURE = Text(
    "Tanggal surat {day} belum tiba. Periksa tanggalnya.",
    "The date {day} of the letter has not come yet. Check the date.",
)
_NO_LETTER = Text(
    "Tulis nomor surat BPJS yang menyatakan kekurangannya.", "Write the number of BPJS's letter about it."
)
