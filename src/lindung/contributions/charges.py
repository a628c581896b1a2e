"""What an earlier month adds to the next bill: the fine of wage earners' late contributions, and what is still owed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from lindung.contributions.bill_records import BillCharge, ChargeKind
from lindung.contributions.dues import segment_of
from lindung.contributions.models import Bill
from lindung.law.contributions import lateness, settlement
from lindung.law.contributions.steps import together
from lindung.law.decision import Decision
from lindung.law.months import Month
from lindung.law.terms import Programme, Segment
from lindung.partnership.models import Agreement


class Charge(NamedTuple):
    """One charge as it will stand on a bill: whole rupiah, the bill it comes from, the law's decision."""

    kind: ChargeKind
    amount: int
    from_bill_id: int
    decision: Decision


class Shortfall(NamedTuple):
    """What a bill that counts as paid still lacks, in whole rupiah, and what it asked for."""

    bill_id: int
    month: Month
    asked: int
    lacking: int


class _Late(NamedTuple):
    """A bill that was paid after it was due: its month, the day the last of its money was ordered."""

    bill_id: int
    month: Month
    paid_on: date


# The day of the last order that made a bill whole is the day it was paid.
_PAID_LATE = """
SELECT b.id, b.month, max(p.ordered_on)
  FROM contributions_bill b
  JOIN contributions_settlement s ON s.bill_id = b.id AND s.reversed_by_id IS NULL
  JOIN contributions_payment p ON p.id = s.payment_id
 WHERE b.agreement_id = %(agreement)s AND b.membership_id IS NOT DISTINCT FROM %(membership)s
   AND b.status = 'paid' AND b.month < %(month)s
   AND NOT EXISTS (SELECT 1 FROM contributions_billcharge c
                    WHERE c.from_bill_id = b.id AND c.kind = 'fine' AND NOT c.released)
 GROUP BY b.id HAVING max(p.ordered_on) > b.due_on ORDER BY b.month, b.id
"""

_BY_PROGRAMME = """
SELECT a.programme, sum(a.amount)::bigint
  FROM contributions_billline l JOIN contributions_tariffamount a ON a.tariff_id = l.tariff_id
 WHERE l.month = %s AND l.bill_id = %s GROUP BY 1 ORDER BY array_position(ARRAY['jkk', 'jkm', 'jht'], a.programme::text)
"""

_SHORT = """
SELECT b.id, b.month, b.total, s.amount
  FROM contributions_shortfall s JOIN contributions_bill b ON b.id = s.bill_id
 WHERE b.agreement_id = %(agreement)s AND b.membership_id IS NOT DISTINCT FROM %(membership)s
   AND b.status = 'paid' AND b.month < %(month)s
   AND NOT EXISTS (SELECT 1 FROM contributions_billcharge c
                    WHERE c.from_bill_id = b.id AND c.kind = 'shortfall' AND NOT c.released)
 ORDER BY b.month, b.id
"""


def due_on_bill(*, agreement: Agreement, membership_id: int | None, month: Month) -> list[Charge]:
    """What the bill of a purse for the month carries of earlier months, each once: fines first, then shortfalls.

    A fine is asked of wage earners' employers only, of a bill that was paid late: 2 % of each programme's contribution
    for each month of lateness, with the next contribution (PP 44/2015 Pasal 22, PP 46/2015 Pasal 20). A shortfall is set
    off against the next month (PP 44/2015 Pasal 23). ``membership_id`` None: the sponsor's or employer's own purse.
    """
    purse = {"agreement": agreement.pk, "membership": membership_id, "month": month.first_day()}
    fines = _fines(_late(purse)) if segment_of(agreement) is Segment.PU else []
    return [*fines, *shortfalls(open_shortfalls(purse))]


def shortfalls(open_: Iterable[Shortfall]) -> list[Charge]:
    """The charges over these shortfalls."""
    return [
        Charge(
            ChargeKind.SHORTFALL,
            each.lacking,
            each.bill_id,
            settlement.settle(
                settlement.Facts(due=each.asked, paid=each.asked - each.lacking, month=each.month)
            ),
        )
        for each in open_
    ]


def open_shortfalls(purse: dict[str, int | date | None]) -> list[Shortfall]:
    """The shortfalls of a purse's earlier months that no bill carries yet."""
    with connection.cursor() as cursor:
        cursor.execute(_SHORT, purse)
        return [
            Shortfall(pk, Month.of(month), asked, lacking) for pk, month, asked, lacking in cursor.fetchall()
        ]


def write(bill: Bill, charges: Sequence[Charge]) -> None:
    """Store the charges of a bill that has no lines yet."""
    BillCharge.objects.bulk_create(
        BillCharge(
            bill=bill,
            sponsor_id=bill.sponsor_id,
            kind=charge.kind,
            amount=charge.amount,
            from_bill_id=charge.from_bill_id,
            decision=charge.decision.to_json(),
            event_id=bill.event_id,
        )
        for charge in charges
    )


def _late(purse: dict[str, int | date | None]) -> list[_Late]:
    with connection.cursor() as cursor:
        cursor.execute(_PAID_LATE, purse)
        return [_Late(pk, Month.of(month), paid_on) for pk, month, paid_on in cursor.fetchall()]


def _fines(late: Sequence[_Late]) -> list[Charge]:
    charges = []
    for each in late:
        first, *others = [
            lateness.fine(lateness.Facts(Segment.PU, Programme(programme), amount, each.month, each.paid_on))
            for programme, amount in _contributions(each)
        ]
        decision = together(first, *others)._replace(
            alternatives=tuple(other for one in (first, *others) for other in one.alternatives)
        )
        if decision.total > 0:
            charges.append(Charge(ChargeKind.FINE, decision.total, each.bill_id, decision))
    return charges


def _contributions(late: _Late) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_BY_PROGRAMME, [late.month.first_day(), late.bill_id])
        return [(programme, int(amount)) for programme, amount in cursor.fetchall()]
