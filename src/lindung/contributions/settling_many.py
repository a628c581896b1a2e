"""Pays many bills, each by one bank line of exactly its amount, in a dozen statements: what `accepting` does one by one."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions.matching_records import LineMatch, MatchKind
from lindung.contributions.models import Bill, BillStatus, Payment, PaymentSource, Settlement
from lindung.contributions.purses import Purse
from lindung.contributions.settling import open_months
from lindung.contributions.statement_records import LineState, StatementLine
from lindung.contributions.telling import tell_paid
from lindung.law.months import Month
from lindung.ledger.models import Account, AccountKind, InstructionKind
from lindung.ledger.posting import Line, account, hold, open_month
from lindung.ledger.posting_many import Wish, post_many


class Pair(NamedTuple):
    """A waiting line and the open bill of the same amount that it pays, in whole rupiah; ``on`` is the day it came.

    ``counted_on`` is the day the month counts as paid: the day of the money, or of the bill when that came later.
    """

    line_id: int
    bill_id: int
    agreement_id: int
    membership_id: int | None
    sponsor_id: int
    month: date
    amount: int
    fingerprint: str
    on: date
    counted_on: date

    @property
    def purse(self) -> Purse:
        """Whose bill it is."""
        return Purse(self.agreement_id, self.membership_id)


# A line that was given out before, a purse in which money waits, a bill that was opened again or carries more than its
# lines: each of these is looked at alone.
_PAIRS = """
SELECT l.id, b.id, b.agreement_id, b.membership_id, b.sponsor_id, b.month, b.total, l.fingerprint,
       least(l.booked_on, %(today)s), greatest(least(l.booked_on, %(today)s), coalesce((e.detail->>'on')::date, b.month))
  FROM unnest(%(lines)s::bigint[], %(bills)s::bigint[]) AS p(line, bill)
  JOIN contributions_statementline l ON l.id = p.line AND l.state = 'unmatched'
  JOIN contributions_bill b ON b.id = p.bill AND b.status = 'final' AND b.sponsor_id = l.sponsor_id
   AND b.total = l.amount
  JOIN access_auditevent e ON e.id = b.event_id
  LEFT JOIN ledger_account a ON a.code = CASE WHEN b.membership_id IS NULL THEN 'held:agreement:' || b.agreement_id
                                              ELSE 'held:membership:' || b.membership_id END
  LEFT JOIN ledger_balance h ON h.account_id = a.id
 WHERE coalesce(h.amount, 0) = 0
   AND NOT EXISTS (SELECT 1 FROM contributions_linematch m WHERE m.line_id = l.id)
   AND NOT EXISTS (SELECT 1 FROM contributions_settlement s WHERE s.bill_id = b.id)
   AND NOT EXISTS (SELECT 1 FROM contributions_shortfall f WHERE f.bill_id = b.id)
   AND b.total = (SELECT sum(x.amount) FROM contributions_billline x WHERE x.month = b.month AND x.bill_id = b.id)
 ORDER BY l.id
"""
_PARTS = """
SELECT l.bill_id, a.programme, sum(a.amount)::bigint
  FROM unnest(%s::bigint[], %s::date[]) AS b(id, month)
  JOIN contributions_billline l ON l.month = b.month AND l.bill_id = b.id
  JOIN contributions_tariffamount a ON a.tariff_id = l.tariff_id
 GROUP BY 1, 2 ORDER BY 1, 2
"""
_PAID_MONTHS = """
INSERT INTO contributions_paidmonth
       (month, person_id, work_id, programme, agreement_id, sponsor_id, instruction_id, amount, paid_on)
SELECT l.month, l.person_id, l.work_id, a.programme, b.agreement, l.sponsor_id, b.instruction, a.amount, b.paid_on
  FROM unnest(%s::bigint[], %s::date[], %s::bigint[], %s::bigint[], %s::date[])
       AS b(id, month, agreement, instruction, paid_on)
  JOIN contributions_billline l ON l.month = b.month AND l.bill_id = b.id
  JOIN contributions_tariffamount a ON a.tariff_id = l.tariff_id
"""


def locked_pairs(wanted: Sequence[tuple[int, int]], *, today: date) -> list[Pair]:
    """Those of the (line, bill) that can be settled together now, lines and bills kept for this transaction.

    Lines are kept before bills, each by id, as everybody does who accepts a line.
    """
    lines, bills = [line for line, _ in wanted], [bill for _, bill in wanted]
    list(
        StatementLine.objects.filter(pk__in=lines)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk")
    )
    list(Bill.objects.filter(pk__in=bills).order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"lines": lines, "bills": bills, "today": today})
        return [Pair(*row) for row in cursor.fetchall()]


def settle_together(pairs: Sequence[Pair], *, run_id: int, by: Actor, now: datetime) -> None:
    """Match each line, receive its money, and settle its bill: all of them in this transaction.

    1. Room for the months; the accounts, and their balances in the order everybody keeps.
    2. One payment for each line, booked out of "unmatched" into its purse.
    3. One settlement for each bill, booked out of the purse into the funds, and its paid months.
    4. Bills paid, lines matched.

    Raises IntegrityError when the database refuses any of them; then none was settled.
    """
    if not pairs:
        return
    sponsor_id = pairs[0].sponsor_id
    open_months(pair.month for pair in pairs)
    for day in sorted({pair.on.replace(day=1) for pair in pairs}):
        open_month(Month.of(day), "ledger_posting")
    event = audit.record(
        "lines.matched_together",
        by=by,
        subject=f"match_run:{run_id}",
        sponsor_id=sponsor_id,
        detail={"lines": len(pairs), "amount": sum(pair.amount for pair in pairs), "at": now.isoformat()},
    )
    unmatched = account(f"unmatched:{sponsor_id}", kind=AccountKind.UNMATCHED, sponsor_id=sponsor_id)
    held, funds = _held(pairs, sponsor_id), _parts(pairs)
    hold([unmatched, *held.values(), *(line.account for lines in funds.values() for line in lines)])
    payments = _payments(pairs, by=by, now=now, event_id=event)
    post_many(
        kind=InstructionKind.PAYMENT,
        wishes=[
            Wish(
                f"payment:{payment.pk}",
                (Line(unmatched, -pair.amount), Line(held[pair.purse], pair.amount)),
                Month.of(pair.on),
                pair.on,
                sponsor_id,
            )
            for pair, payment in zip(pairs, payments, strict=True)
        ],
        event_id=event,
    )
    made = _settlements(pairs, payments, held, funds, event_id=event)
    tell_paid(made)
    _closed(pairs, payments, event_id=event, now=now)


def _held(pairs: Sequence[Pair], sponsor_id: int) -> dict[Purse, Account]:
    """The account of each purse, opened where there is none yet."""
    codes = {pair.purse.code(AccountKind.HELD): pair.purse for pair in pairs}
    known = set(Account.objects.filter(code__in=codes).values_list("code", flat=True))
    Account.objects.bulk_create(
        (
            Account(code=code, kind=AccountKind.HELD, sponsor_id=sponsor_id)
            for code in sorted(codes)
            if code not in known
        ),
        ignore_conflicts=True,
    )
    return {codes[each.code]: each for each in Account.objects.filter(code__in=codes)}


def _parts(pairs: Sequence[Pair]) -> dict[int, list[Line]]:
    """Which fund gets how much of each bill."""
    funds: dict[str, Account] = {}
    found: dict[int, list[Line]] = {pair.bill_id: [] for pair in pairs}
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [[pair.bill_id for pair in pairs], [pair.month for pair in pairs]])
        for bill_id, programme, amount in cursor.fetchall():
            if programme not in funds:
                funds[programme] = account(f"fund:{programme}", kind=AccountKind.FUND)
            if amount:
                found[bill_id].append(Line(funds[programme], amount))
    return found


def _payments(pairs: Sequence[Pair], *, by: Actor, now: datetime, event_id: int) -> list[Payment]:
    return Payment.objects.bulk_create(
        Payment(
            agreement_id=pair.agreement_id,
            membership_id=pair.membership_id,
            sponsor_id=pair.sponsor_id,
            source=PaymentSource.BANK,
            order_number=pair.fingerprint,
            ordered_on=pair.on,
            amount=pair.amount,
            recorded_by_id=by.person_id,
            recorded_at=now,
            confirmed_at=now,
            event_id=event_id,
        )
        for pair in pairs
    )


def _settlements(
    pairs: Sequence[Pair],
    payments: Sequence[Payment],
    held: dict[Purse, Account],
    funds: dict[int, list[Line]],
    *,
    event_id: int,
) -> list[Settlement]:
    wishes = [
        Wish(
            f"payment:{payment.pk}/bill:{pair.bill_id}",
            (Line(held[pair.purse], -pair.amount), *funds[pair.bill_id]),
            Month.of(pair.month),
            pair.counted_on,
            pair.sponsor_id,
        )
        for pair, payment in zip(pairs, payments, strict=True)
    ]
    booked = post_many(kind=InstructionKind.SETTLEMENT, wishes=wishes, event_id=event_id)
    instructions = [booked[wish.reference] for wish in wishes]
    made = Settlement.objects.bulk_create(
        Settlement(
            payment=payment,
            bill_id=pair.bill_id,
            sponsor_id=pair.sponsor_id,
            amount=pair.amount,
            instruction_id=instruction,
            event_id=event_id,
        )
        for pair, payment, instruction in zip(pairs, payments, instructions, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _PAID_MONTHS,
            [
                [pair.bill_id for pair in pairs],
                [pair.month for pair in pairs],
                [pair.agreement_id for pair in pairs],
                instructions,
                [pair.counted_on for pair in pairs],
            ],
        )
    return made


def _closed(pairs: Sequence[Pair], payments: Iterable[Payment], *, event_id: int, now: datetime) -> None:
    Bill.objects.filter(pk__in=[pair.bill_id for pair in pairs]).update(status=BillStatus.PAID)
    StatementLine.objects.filter(pk__in=[pair.line_id for pair in pairs]).update(
        state=LineState.MATCHED, event_id=event_id
    )
    LineMatch.objects.bulk_create(
        LineMatch(
            line_id=pair.line_id,
            payment_id=payment.pk,
            sponsor_id=pair.sponsor_id,
            kind=MatchKind.PURSE,
            amount=pair.amount,
            at=now,
            event_id=event_id,
        )
        for pair, payment in zip(pairs, payments, strict=True)
    )
