"""Undoes an entry by a new one with the opposite postings; the first stays as it was, and is undone once."""

from datetime import date

from lindung.law.months import Month
from lindung.ledger.models import Entry, InstructionKind
from lindung.ledger.posting import Line, post


def reverse(*, entry: Entry, on: date, event_id: int) -> Entry:
    """Book the opposite of an entry, in the same month, and return it; a second call returns the first one.

    ``on`` is the value date of the reversal. Raises IntegrityError when an account has no longer the money that
    would have to go back (``balance_not_below_its_floor``).
    """
    return post(
        kind=InstructionKind.REVERSAL,
        reference=f"reversal:{entry.pk}",
        lines=[
            Line(each.account, -each.amount)
            for each in entry.postings.select_related("account").order_by("line")
        ],
        month=Month.of(entry.month),
        on=on,
        sponsor_id=entry.sponsor_id,
        event_id=event_id,
        reverses=entry,
    )
