"""Puts the money of a bank line back into the queue when the payment it became is reversed."""

from datetime import datetime

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions.matching_records import LineMatch, MatchKind
from lindung.contributions.models import Payment
from lindung.contributions.statement_records import LineState, StatementLine
from lindung.ledger.models import Entry
from lindung.ledger.reversing import reverse


def link_reference(line: StatementLine, payment_id: int, nth: int) -> str:
    """Under which reference a line's money is booked as that of a payment recorded before."""
    name = f"bank:{line.fingerprint}/payment:{payment_id}"
    return name if nth == 1 else f"{name}/{nth}"


def released(payment: Payment, *, by: Actor, now: datetime) -> None:
    """Undo every match of a payment that is being reversed; the lines wait again with what they have left.

    Money that came with the line goes back with the payment's own entry; the money of an order that was found again in
    the bank goes back here. Call it inside the reversal, before that entry is undone.
    """
    live = LineMatch.objects.select_for_update(of=("self",)).filter(
        payment=payment, undone_event__isnull=True
    )
    for match in live.order_by("pk"):
        line = StatementLine.objects.select_for_update(of=("self",)).defer("sealed").get(pk=match.line_id)
        event = audit.record(
            "line.released",
            by=by,
            subject=f"bank_line:{line.pk}",
            sponsor_id=line.sponsor_id,
            detail={"amount": match.amount, "payment": payment.pk},
        )
        match.undone_event_id = event
        match.save(update_fields=["undone_event"])
        if line.state == LineState.MATCHED:
            line.state, line.event_id = LineState.UNMATCHED, event
            line.save(update_fields=["state", "event"])
        if match.kind == MatchKind.ORDER:
            nth = LineMatch.objects.filter(line=line, payment=payment, pk__lte=match.pk).count()
            booked = Entry.objects.get(instruction__reference=link_reference(line, payment.pk, nth))
            reverse(entry=booked, on=now.date(), event_id=event)
