"""What each funding source pays of a bill whose agreement is paid from several."""

from typing import NamedTuple

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.contributions.models import Bill, BillLine
from lindung.partnership.models import FundingSource, Segment


class SourceShare(NamedTuple):
    """One source, whose money it is (`PayerKind`), how many people it pays for, and whole rupiah for them together."""

    name: str
    kind: str
    people: int
    amount: int


def shares_of(bill: Bill) -> tuple[SourceShare, ...]:
    """The shares of a bill by name of the source; they sum up to its total.

    A segment is paid by its own source, or else by that of its agreement, which pays the charges too. They are counted over the whole bill, also
    for whoever sees the people of one kelurahan only.
    """
    own = bill.agreement.funding_source_id
    others = Segment.objects.filter(agreement=bill.agreement_id, funding_source__isnull=False)
    found = [(own, bill.people, bill.total)]
    if others.exclude(funding_source=own).exists():
        source = Coalesce("membership__segment__funding_source_id", own)
        lines = BillLine.objects.filter(bill=bill, month=bill.month).order_by()
        with system_scope(SystemScope.BILLING, actor=NOBODY):
            found = list(lines.values_list(source).annotate(Count("work_id"), Sum("amount")))
        found = _with_charges(found, own, bill.total - sum(int(amount) for _, _, amount in found))
    sources = FundingSource.objects.in_bulk([pk for pk, _, _ in found])
    shares = (
        SourceShare(sources[pk].name, sources[pk].kind, people, int(amount)) for pk, people, amount in found
    )
    return tuple(sorted(shares))


def _with_charges(found: list[tuple[int, int, int]], own: int, charged: int) -> list[tuple[int, int, int]]:
    """What is charged for earlier months is no segment's: the agreement's own source pays it."""
    if not charged:
        return found
    others = [each for each in found if each[0] != own]
    people, amount = next(((people, amount) for pk, people, amount in found if pk == own), (0, 0))
    return [*others, (own, people, int(amount) + charged)]
