"""Up to which month agreements are paid, and which months can still cover on a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Max, Q

from lindung.contributions.dues import due, months_at_risk
from lindung.contributions.models import Bill, BillStatus
from lindung.law.months import Month
from lindung.law.terms import Segment
from lindung.partnership.models import Agreement


def oldest_covering_month(*, on: date, programmes: tuple[str, ...], segment: str = Segment.BPU) -> Month:
    """The earliest month that, as the last one paid, still covers on the day (unpaid up to the limit of the law).

    For a wage earner it is the earliest one after which nothing has changed yet: an older one covers as well, but
    the employer pays first (PP 44/2015 Pasal 38 and 41).
    """
    latest_overdue = newest_overdue_month(on=on, programmes=programmes, segment=segment)
    return latest_overdue.plus(-months_at_risk(programmes, on=on, segment=segment))


def newest_overdue_month(*, on: date, programmes: tuple[str, ...], segment: str = Segment.BPU) -> Month:
    """The last month whose due date lies before the day: of a BPU this or the last one, of a wage earner one earlier."""
    month = Month.of(on)
    while due(month, programmes, segment=segment) >= on:
        month = month.plus(-1)
    return month


class SettledSoFar(NamedTuple):
    """``until``: the last month up to which every one is settled; ``newest``: the last settled one, whatever was skipped."""

    until: Month | None
    newest: Month | None


def settled_by_agreement(*, first_months: Mapping[int, Month | None], on: date) -> dict[int, SettledSoFar]:
    """How far each agreement's months are settled by orders dated by that day, from its first month on."""
    settled = _settled(list(first_months), on)
    return {
        pk: SettledSoFar(_reached(month, settled[pk]), max(settled[pk], default=None))
        for pk, month in first_months.items()
    }


def paid_until_by_agreement(*, first_months: Mapping[int, Month | None], on: date) -> dict[int, Month | None]:
    """The last month up to which every month since an agreement's first one is settled by an order dated by that day.

    A month that was skipped is not hidden by a later one that is paid.
    """
    return {pk: each.until for pk, each in settled_by_agreement(first_months=first_months, on=on).items()}


def next_unpaid(
    agreement: Agreement, *, first_month: Month | None, paid_until: Month | None
) -> tuple[Month, bool]:
    """The first month that is not paid, and whether it is owed: somebody is to be paid for, in the agreement's period."""
    month = paid_until.next() if paid_until else first_month or Month.of(agreement.since)
    return month, first_month is not None and agreement.covers(max(month.first_day(), agreement.since))


def _settled(agreement_ids: Sequence[int], on: date) -> dict[int, set[Month]]:
    live = Max("settlements__payment__ordered_on", filter=Q(settlements__reversed_by__isnull=True))
    paid = Bill.objects.filter(agreement__in=agreement_ids, status=BillStatus.PAID, membership__isnull=True)
    bills = paid.annotate(paid_on=live).filter(paid_on__lte=on)
    settled: dict[int, set[Month]] = {pk: set() for pk in agreement_ids}
    for pk, month in bills.values_list("agreement_id", "month"):
        settled[pk].add(Month.of(month))
    return settled


def _reached(first: Month | None, settled: set[Month]) -> Month | None:
    reached, month = None, first
    while month in settled:
        reached, month = month, month.next()
    return reached
