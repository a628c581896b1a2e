"""Draws a bill anew in the place of one that nobody has paid: in one step the old one gives way to the new one."""

from datetime import datetime

from django.db import connection, models, transaction
from django.utils.timezone import localdate

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions import billing, branch_word
from lindung.contributions.cancelling import OrderWaits, refuse_waiting
from lindung.contributions.drafts import finalise, what_changed
from lindung.contributions.models import Bill, BillStatus
from lindung.engine.refusals import Refusal
from lindung.law.months import Month
from lindung.law.text import Text

__all__ = ["OrderWaits", "StaysAsItIs", "finalise_all", "reopen_from", "supersede"]


class StaysAsItIs(Refusal):
    """A paid or cancelled bill is not replaced."""

    code = "bill.stays_as_it_is"


_STAYS = {
    BillStatus.PAID: Text(
        "Tagihan ini sudah lunas dan tidak diganti. Perubahan berlaku mulai bulan sesudahnya.",
        "This bill is paid and is not replaced. Changes count from the month after.",
    ),
    BillStatus.CANCELLED: Text(
        "Tagihan ini sudah dibatalkan. Susun yang baru dari halaman Susun tagihan.",
        "This bill is cancelled. Draw a new one on the page Draw a bill.",
    ),
}


def supersede(*, bill_id: int, as_draft: bool, by: Actor, now: datetime) -> Bill:
    """The new bill or draft of the month, by its members, wages and charges as they are now.

    The old one, unpaid or a draft, becomes superseded and names it. Back to a draft is the way to let somebody join or
    leave a month that is drawn: a draft holds nobody back. A bill that is superseded already gives the one that took its
    place. Raises StaysAsItIs, OrderWaits, what `billing.drawn` raises, and Bill.DoesNotExist out of scope.
    """
    with transaction.atomic():
        agreement_id = Bill.objects.values_list("agreement_id", flat=True).get(pk=bill_id)
        agreement = billing.held_agreement(agreement_id)
        old = Bill.objects.select_for_update().get(pk=bill_id)
        if old.superseded_by_id is not None:
            return Bill.objects.get(pk=old.superseded_by_id)
        if old.status in (BillStatus.PAID, BillStatus.CANCELLED):
            raise StaysAsItIs(_STAYS[BillStatus(old.status)])
        refuse_waiting(old)
        month = Month.of(old.month)
        billing.hold_members(agreement, month)
        new = _next_id()
        old.status, old.superseded_by_id = BillStatus.SUPERSEDED, new
        old.save(update_fields=["status", "superseded_by"])
        audit.record(
            "bill.superseded",
            by=by,
            subject=f"bill:{old.pk}",
            sponsor_id=old.sponsor_id,
            detail={
                "month": str(month),
                "by_bill": new,
                "codes": len(branch_word.codes_of(old)),
                "at": now.isoformat(),
            },
        )
        return billing.draw(agreement, month, by=by, today=localdate(now), as_draft=as_draft, pk=new)


def reopen_from(*, agreement_id: int, first: Month, by: Actor, now: datetime) -> list[Bill]:
    """Make drafts again of the unpaid bills of an agreement from this month on, so that people may join or leave.

    Raises what `supersede` raises, and then nothing is changed.
    """
    with transaction.atomic():
        billing.held_agreement(agreement_id)
        bills = _of(agreement_id, BillStatus.FINAL).filter(month__gte=first.first_day())
        return [
            supersede(bill_id=bill_id, as_draft=True, by=by, now=now)
            for bill_id in bills.values_list("pk", flat=True)
        ]


def finalise_all(*, agreement_id: int, by: Actor, now: datetime) -> list[Bill]:
    """Make every draft of an agreement final, oldest month first; one that changed is drawn anew in the same step."""
    with transaction.atomic():
        billing.held_agreement(agreement_id)
        return [_final(draft, by=by, now=now) for draft in _of(agreement_id, BillStatus.DRAFT)]


def _final(draft: Bill, *, by: Actor, now: datetime) -> Bill:
    billing.hold_members(draft.agreement, Month.of(draft.month))
    if what_changed(draft) is None:
        return finalise(bill_id=draft.pk, by=by, now=now)
    return supersede(bill_id=draft.pk, as_draft=False, by=by, now=now)


def _of(agreement_id: int, status: BillStatus) -> models.QuerySet[Bill]:
    found = Bill.objects.select_related("agreement__funding_source")
    return found.filter(agreement_id=agreement_id, membership__isnull=True, status=status).order_by("month")


def _next_id() -> int:
    """The id of the bill that comes: the old one names it before it is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('contributions_bill', 'id'))")
        return int(cursor.fetchone()[0])
