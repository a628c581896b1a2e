"""Says whose a bank line's money is: one proposal, several bills at once; aside with a reason; and back.

All exact ones at once are a run (`match_runs`).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Sum

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions import matching, settling
from lindung.contributions.matching import Proposal
from lindung.contributions.matching_records import LineMatch, MatchKind
from lindung.contributions.models import Bill, BillStatus, Payment, PaymentSource
from lindung.contributions.purses import Purse
from lindung.contributions.receiving import received
from lindung.contributions.releasing import link_reference
from lindung.contributions.statement_records import LineState, StatementLine
from lindung.engine.refusals import Refusal
from lindung.law.money import rupiah
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.ledger.models import AccountKind, InstructionKind
from lindung.ledger.posting import Line, account, hold, open_month, post

LONGEST_REASON = 200
MOST_PARTS = 50


class Key(NamedTuple):
    """A proposal as a button or a machine sends it back."""

    agreement_id: int
    membership_id: int | None
    bill_ids: tuple[int, ...]
    payment_id: int | None


class Part(NamedTuple):
    """So many whole rupiah of a line for these bills of one purse (none named: its oldest open ones)."""

    agreement_id: int
    membership_id: int | None
    bill_ids: tuple[int, ...]
    amount: int


class LineElsewhere(Refusal):
    """The line does not wait any more (or is no money in); nothing was changed."""

    code = "line.not_waiting"

    def __init__(self, state: str) -> None:
        super().__init__(_ELSEWHERE.filled(state=STATES[LineState(state)]))


class NotGivenWhole(Refusal):
    """The parts are not the line's money to the rupiah; nothing was changed."""

    code = "line.parts_differ"

    def __init__(self, given: int, amount: int) -> None:
        super().__init__(_PARTS.filled(given=rupiah(given), amount=rupiah(amount)), field="parts")


class NoSuchProposal(Refusal):
    """What was proposed when the page was shown is not proposed any more; nothing was changed."""

    code = "line.proposal_gone"

    def __init__(self) -> None:
        super().__init__(_GONE)


class ReasonNeeded(Refusal):
    """A line is set aside for a reason only; nothing was changed."""

    code = "line.reason_needed"

    def __init__(self) -> None:
        super().__init__(_REASON, field="reason")


class OtherCity(Refusal):
    """The bill or payment is another city's; nothing was changed."""

    code = "line.other_city"

    def __init__(self) -> None:
        super().__init__(_OTHER_CITY, field="parts")


_ELSEWHERE = Text(
    "Baris ini tidak menunggu lagi: {state}. Muat ulang halaman.",
    "This line does not wait any more: {state}. Load the page again.",
)
_PARTS = Text(
    "Bagiannya berjumlah {given}, uang baris ini {amount}; keduanya harus sama.",
    "The parts make {given}, the line is {amount}; they must be equal.",
)
_GONE = Text(
    "Usul ini tidak berlaku lagi: tagihan atau uangnya sudah berubah. Lihat usul yang sekarang.",
    "This proposal does not hold any more: the bill or the money has changed. See what is proposed now.",
)
_REASON = Text(
    "Tulis alasan uang ini disisihkan, tanpa NIK.", "Write why this money is set aside, without a NIK."
)
_OTHER_CITY = Text("Tagihan itu milik kota lain.", "That bill belongs to another city.")
STATES = {
    LineState.UNMATCHED: Text("belum dikenali", "not yet matched"),
    LineState.MATCHED: Text("sudah dicocokkan", "matched"),
    LineState.SET_ASIDE: Text("disisihkan", "set aside"),
    LineState.DEBIT: Text("uang keluar", "money out"),
    LineState.FOREIGN: Text("mata uang asing", "foreign currency"),
    LineState.FAULTY: Text("bermasalah", "faulty"),
}


class Done(NamedTuple):
    """What a match did: the payments made or found, how many bills it paid, and what of it waits in its purses."""

    payment_ids: tuple[int, ...]
    bills_paid: int


def accept(*, line_id: int, agreement_id: int, membership_id: int | None, bill_ids: Sequence[int],
           payment_id: int | None, by: Actor, now: datetime) -> Done:  # fmt: skip
    """Accept one proposal that is made for the line now. Raises NoSuchProposal, LineElsewhere.

    The whole line goes to the purse (or is the recorded payment); what its bills do not need waits there for the next.
    """
    with transaction.atomic():
        line = _waiting(line_id)
        wanted = (agreement_id, membership_id, tuple(bill_ids), payment_id)
        found = matching.proposals([line_id])[line_id]
        if wanted not in [
            (each.agreement_id, each.membership_id, each.bill_ids, each.payment_id) for each in found
        ]:
            raise NoSuchProposal
        if payment_id is not None:
            return _linked(line, payment_id, by=by, now=now)
        part = Part(agreement_id, membership_id, tuple(bill_ids), left_of(line))
        return _given(line, [part], by=by, now=now)


def split(*, line_id: int, parts: Sequence[Part], by: Actor, now: datetime) -> Done:
    """Give a line's money to several bills, also of several purses, and also unlike any proposal.

    Raises NotGivenWhole unless the parts are the line's money to the rupiah, OtherCity, LineElsewhere.
    """
    with transaction.atomic():
        line = _waiting(line_id)
        given, left = sum(part.amount for part in parts), left_of(line)
        if given != left or len(parts) > MOST_PARTS or any(part.amount <= 0 for part in parts):
            raise NotGivenWhole(given, left)
        for part in parts:
            _refuse_other_city(line, part)
        return _given(line, parts, by=by, now=now)


def matched_by(
    *,
    line_id: int,
    key: Key | None,
    bills: Sequence[tuple[int, int]],
    by: Actor,
    now: datetime,
) -> Done:
    """Match a line as a machine says it: by the key of a proposal, or by bills and amounts.

    Raises StatementLine.DoesNotExist out of sight, NoSuchProposal when neither is said, or both, and all that
    ``accept`` and ``split`` raise.
    """
    StatementLine.objects.only("pk").get(pk=line_id)  # out of sight is said first
    if key is not None and not bills:
        return accept(line_id=line_id, **key._asdict(), by=by, now=now)
    if key is not None or not bills:
        raise NoSuchProposal
    known = Bill.objects.in_bulk([bill_id for bill_id, _ in bills])
    if any(bill_id not in known for bill_id, _ in bills):
        raise OtherCity
    parts = [
        Part(known[bill_id].agreement_id, known[bill_id].membership_id, (bill_id,), amount)
        for bill_id, amount in bills
    ]
    return split(line_id=line_id, parts=parts, by=by, now=now)


def accept_found(each: Proposal, *, by: Actor, now: datetime) -> Done:
    """Accept an exact proposal that was found before, while its line waits and its bill is open for just that amount.

    Raises NoSuchProposal, LineElsewhere.
    """
    line = _waiting(each.line_id)
    if each.payment_id is not None:
        return _linked(line, each.payment_id, by=by, now=now)
    bills = Bill.objects.filter(pk__in=each.bill_ids, status=BillStatus.FINAL, total=left_of(line))
    if bills.count() != len(each.bill_ids):
        raise NoSuchProposal
    part = Part(each.agreement_id, each.membership_id, each.bill_ids, left_of(line))
    return _given(line, [part], by=by, now=now)


def tried(act: Callable[[], Done]) -> bool:
    """Carry it out in a savepoint; False when the rooms or the database refused it, and nothing changed."""
    try:
        with transaction.atomic():
            act()
    except (Refusal, IntegrityError):
        return False
    return True


def set_aside(*, line_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Put a line out of the queue: its money stays unmatched in the books, with the reason beside it."""
    said = audit.without_numbers(" ".join(reason.split()))[:LONGEST_REASON]
    if not said:
        raise ReasonNeeded
    with transaction.atomic():
        line = _waiting(line_id)
        _moved(line, LineState.SET_ASIDE, "line.set_aside", {"at": now.isoformat()}, by=by, reason=said)


def take_back(*, line_id: int, by: Actor, now: datetime) -> None:
    """Put a line that was set aside into the queue again. Raises LineElsewhere."""
    with transaction.atomic():
        line = _locked(line_id)
        if line.state != LineState.SET_ASIDE:
            raise LineElsewhere(line.state)
        _moved(line, LineState.UNMATCHED, "line.taken_back", {"at": now.isoformat()}, by=by)


def left_of(line: StatementLine) -> int:
    """Whole rupiah of a line that no match has taken: all of it, but where only some of its payments were reversed."""
    live = LineMatch.objects.filter(line=line, undone_event__isnull=True)
    return line.amount - int(live.aggregate(taken=Sum("amount"))["taken"] or 0)


def _waiting(line_id: int) -> StatementLine:
    line = _locked(line_id)
    if line.state != LineState.UNMATCHED:
        raise LineElsewhere(line.state)
    return line


def _locked(line_id: int) -> StatementLine:
    """The line, kept for this transaction. Raises StatementLine.DoesNotExist out of sight."""
    return StatementLine.objects.select_for_update(of=("self",)).defer("sealed").get(pk=line_id)


def _refuse_other_city(line: StatementLine, part: Part) -> None:
    purse = Purse(part.agreement_id, part.membership_id)
    bills = (
        purse.bills()
        .filter(pk__in=part.bill_ids, sponsor_id=line.sponsor_id)
        .exclude(status=BillStatus.CANCELLED)
    )
    if not part.bill_ids or bills.count() != len(set(part.bill_ids)):
        raise OtherCity


def _moved(
    line: StatementLine,
    state: LineState,
    action: str,
    detail: dict[str, object],
    *,
    by: Actor,
    reason: str = "",
) -> int:
    event = audit.record(
        action,
        by=by,
        subject=f"bank_line:{line.pk}",
        sponsor_id=line.sponsor_id,
        detail={"amount": line.amount, **detail},
    )
    line.state, line.reason, line.event_id = state, reason, event
    line.save(update_fields=["state", "reason", "event"])
    return event


def _given(line: StatementLine, parts: Sequence[Part], *, by: Actor, now: datetime) -> Done:
    """Money out of "unmatched" into each part's purse, and whole bills paid from there."""
    _open_months(line, parts, now)
    event = _moved(line, LineState.MATCHED, "line.matched", {"parts": len(parts)}, by=by)
    payments, paid = [], 0
    for number, part in enumerate(parts, start=1):
        payment = received(
            agreement_id=part.agreement_id,
            membership_id=part.membership_id,
            source=PaymentSource.BANK,
            reference=_reference(line, number),
            amount=part.amount,
            on=_day(line, now),
            by=by,
            now=now,
            unmatched_of=line.sponsor_id,
        )
        _matched(line, payment.pk, MatchKind.PURSE, part.amount, event, now)
        settled = settling.settle(
            agreement_id=part.agreement_id,
            membership_id=part.membership_id,
            bill_ids=part.bill_ids or None,
            by=by,
            now=now,
        )
        payments.append(payment.pk)
        paid += len({each.bill_id for each in settled})
    return Done(tuple(payments), paid)


def _open_months(line: StatementLine, parts: Sequence[Part], now: datetime) -> None:
    """Room for every month this will write to, before anything is written."""
    open_month(Month.of(_day(line, now)), "ledger_posting")
    months = Bill.objects.filter(
        agreement_id__in={part.agreement_id for part in parts}, status=BillStatus.FINAL
    ).values_list("month", flat=True)
    for month in sorted(set(months)):
        open_month(Month.of(month), "ledger_posting", "contributions_paidmonth")


def _reference(line: StatementLine, number: int) -> str:
    """The line's own reference, and which match of it this is: after an undone one the next."""
    before = LineMatch.objects.filter(line=line).count()
    return f"{line.fingerprint}/{before + 1}" if before or number > 1 else line.fingerprint


def _day(line: StatementLine, now: datetime) -> date:
    """The day the money came; a bank whose clock is ahead of ours does not bring it tomorrow."""
    return min(line.booked_on, now.date())


def _matched(
    line: StatementLine, payment_id: int, kind: MatchKind, amount: int, event_id: int, now: datetime
) -> None:
    LineMatch.objects.create(
        line=line,
        payment_id=payment_id,
        sponsor_id=line.sponsor_id,
        kind=kind,
        amount=amount,
        at=now,
        event_id=event_id,
    )


def _linked(line: StatementLine, payment_id: int, *, by: Actor, now: datetime) -> Done:
    """The money of a recorded order, seen again in the bank: unmatched -> sponsor, so that it counts once."""
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    amount = left_of(line)
    if payment.amount != amount or payment.sponsor_id != line.sponsor_id or payment.reversed_at is not None:
        raise NoSuchProposal
    before = LineMatch.objects.filter(line=line, payment=payment).count()
    month = Month.of(_day(line, now))
    open_month(month, "ledger_posting")
    event = _moved(line, LineState.MATCHED, "line.matched", {"payment": payment.pk}, by=by)
    owner = line.sponsor_id
    sponsor = account(f"sponsor:{owner}", kind=AccountKind.SPONSOR, sponsor_id=owner)
    unmatched = account(f"unmatched:{owner}", kind=AccountKind.UNMATCHED, sponsor_id=owner)
    hold([sponsor, unmatched])
    post(
        kind=InstructionKind.REFUND,
        reference=link_reference(line, payment.pk, before + 1),
        lines=[Line(unmatched, -amount), Line(sponsor, amount)],
        month=month,
        on=_day(line, now),
        sponsor_id=owner,
        event_id=event,
    )
    _matched(line, payment.pk, MatchKind.ORDER, amount, event, now)
    return Done((payment.pk,), 0)
