"""Turns drafts into bills: only while they still say who belongs to the month and what it costs."""

from datetime import datetime

from django.db import transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions import billing, charges
from lindung.contributions.bill_records import BillCharge
from lindung.contributions.billing import Changed
from lindung.contributions.line_hash import lines_digest
from lindung.contributions.models import Bill, BillStatus
from lindung.engine.refusals import Refusal
from lindung.law.months import Month
from lindung.law.text import Text, joined

NAMED = 3
"""How many people a refusal names of each kind; the rest it counts."""


class NotADraft(Refusal):
    """Only a draft can become final."""

    code = "bill.not_a_draft"

    def __init__(self, month: Month) -> None:
        super().__init__(_NOT_A_DRAFT.filled(month=month.label))


class MembersChanged(Refusal):
    """The draft does not say any more what its month costs; nothing was changed."""

    code = "bill.members_changed"

    def __init__(self, month: Month, what: Text) -> None:
        super().__init__(_CHANGED.filled(month=month.label, what=what))


_NOT_A_DRAFT = Text(
    "Tagihan {month} ini bukan draf. Muat ulang halamannya dan lihat keadaannya.",
    "This bill of {month} is no draft. Load its page again and see how it stands.",
)
_CHANGED = Text(
    "Sejak draf {month} disusun ada yang berubah: {what}. Susun ulang drafnya, lalu tetapkan.",
    "Since the draft of {month} was drawn something changed: {what}. Draw it anew, then make it final.",
)
_HOW = {
    "joined": Text("masuk {names}", "joined: {names}"),
    "left": Text("keluar {names}", "left: {names}"),
    "price": Text("iurannya berubah {names}", "another contribution: {names}"),
}
_MORE = Text("{names} dan {n} orang lain", "{names} and {n} others")
_CHARGES = Text("denda atau kekurangan bulan lalu", "the fine or shortfall of an earlier month")


def finalise(*, bill_id: int, by: Actor, now: datetime) -> Bill:
    """Make a draft the bill of its month; one that is final already is returned as it is.

    From then on nobody joins or leaves the month. Raises MembersChanged, which says who, NotADraft, what `billing.drawn`
    raises of the agreement and its year, and Bill.DoesNotExist out of scope.
    """
    with transaction.atomic():
        agreement_id = Bill.objects.values_list("agreement_id", flat=True).get(pk=bill_id)
        agreement = billing.held_agreement(agreement_id)
        bill = Bill.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=bill_id)
        month = Month.of(bill.month)
        if bill.status == BillStatus.FINAL:
            return bill
        if bill.status != BillStatus.DRAFT:
            raise NotADraft(month)
        billing.hold_members(agreement, month)
        what = what_changed(bill)
        if what is not None:
            raise MembersChanged(month, what)
        audit.record(
            "bill.finalised",
            by=by,
            subject=f"bill:{bill.pk}",
            sponsor_id=bill.sponsor_id,
            detail={
                "month": str(month),
                "people": bill.people,
                "total": bill.total,
                "at": now.isoformat(),
                "lines_digest": lines_digest(bill_id=bill.pk, month=bill.month),
            },
        )
        bill.status = BillStatus.FINAL
        bill.save(update_fields=["status"])
        return bill


def what_changed(bill: Bill) -> Text | None:
    """What a bill would say otherwise if it were drawn now, with the first names; None when it would be the same."""
    changed = billing.changed_since(bill, named=NAMED)
    parts = [_HOW[each.how].filled(names=_named(each)) for each in changed]
    if _charged_otherwise(bill):
        parts.append(_CHARGES)
    return joined(tuple(parts), "; ") if parts else None


def _named(changed: Changed) -> Text:
    first = ", ".join(changed.names)
    if changed.people <= len(changed.names):
        return Text(first, first)
    return _MORE.filled(names=first, n=changed.people - len(changed.names))


def _charged_otherwise(bill: Bill) -> bool:
    """Whether another fine or shortfall would stand on it now, beside those that stand on it already."""
    carried = BillCharge.objects.filter(bill=bill).exists()
    more = charges.due_on_bill(
        agreement=bill.agreement, membership_id=bill.membership_id, month=Month.of(bill.month)
    )
    return bool(more) or (carried and _stale(bill))


def _stale(bill: Bill) -> bool:
    """A charge whose own bill is not paid any more: its money was reversed."""
    return BillCharge.objects.filter(bill=bill).exclude(from_bill__status=BillStatus.PAID).exists()
