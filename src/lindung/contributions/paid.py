"""Reads which months of a membership are paid, when and by which order, and how far they reach."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Sum

from lindung.contributions.models import PaidMonth
from lindung.contributions.recorded import Booked, Known, booked, taken_back_later
from lindung.law.months import Month, months_from
from lindung.membership.models import Membership


class Paid(NamedTuple):
    """When a month was paid, by which order, and how much in whole rupiah; ``recorded_on`` is when the house knew it.

    ``taken_back_on``: the money went back that day; only an answer as known before then still has such a month.
    """

    on: date
    reference: str
    amount: int
    recorded_on: date
    taken_back_on: date | None = None


def paid_months(membership: Membership, on: date, *, known: Known = Known.NOW) -> dict[Month, Paid]:
    """Months in which every programme of the membership is paid, with date, order number and amount.

    With them those of the memberships that it goes on from without a gap, whoever paid then. Paid by an order dated by
    the day. ``known`` then: and only if it was confirmed by the end of that day, also where the money has gone back
    since.
    """
    months = PaidMonth.objects.filter(
        person_id=membership.person_id,
        work_id=membership.work_id,
        programme__in=membership.programmes,
        month__gte=membership.unbroken_since,
        paid_on__lte=on,
    )
    if membership.until is not None:
        months = months.filter(month__lt=membership.until)
    rows = months.values("month").annotate(
        programmes=Count("programme"),
        on=Max("paid_on"),
        amount=Sum("amount"),
        instructions=ArrayAgg("instruction_id", distinct=True),
    )
    whole = [row for row in rows.order_by("month") if row["programmes"] == len(membership.programmes)]
    orders = booked({instruction for row in whole for instruction in row["instructions"]})
    paid = {
        Month.of(row["month"]): _paid(
            row["on"], row["amount"], [orders[each] for each in row["instructions"] if each in orders]
        )
        for row in whole
    }
    if known is Known.NOW:
        return paid
    gone = {
        month: Paid(each.on, each.reference, each.amount, each.recorded_on, each.taken_back_on)
        for month, each in taken_back_later(membership, on).items()
    }
    in_time = {month: each for month, each in paid.items() if each.recorded_on <= on}
    return dict(sorted({**gone, **in_time}.items()))


def _paid(on: date, amount: int, orders: Iterable[Booked]) -> Paid:
    known = sorted(orders, key=lambda order: order.recorded_on)
    if not known:
        return Paid(on, "", amount, on)
    return Paid(on, known[-1].reference, amount, known[-1].recorded_on)


def paid_through(paid: Collection[Month], *, current: Month) -> Month | None:
    """The last paid month up to the current one, and on from there as far as months are paid without a gap.

    A month paid ahead beyond an unpaid one says nothing about today, so it does not count yet.
    """
    reached = max((month for month in paid if month <= current), default=None)
    while reached is not None and reached.next() in paid:
        reached = reached.next()
    return reached


def skipped_months(paid: Collection[Month], *, reached: Month | None, limit: int) -> list[Month]:
    """The months left out between paid ones since cover last began: a later payment does not settle them.

    Cover begins with the first paid month, and anew with the first one after it had lapsed: after more unpaid
    months in a row than the ``limit``.
    """
    if reached is None:
        return []
    entry = reached
    for month in sorted((month for month in paid if month < reached), reverse=True):
        if month.months_until(entry) > limit + 1:
            break
        entry = month
    return [month for month in months_from(entry, reached) if month not in paid]


def last_entry(membership: Membership, paid: Collection[Month], limit: int, on: date) -> tuple[date, int]:
    """Since when, and for how many paid months, the person is in without having lapsed in between."""
    months = sorted(month for month in paid if month <= Month.of(on))
    entered = _entered_on(membership)
    for earlier, later in zip(months[-2::-1], months[:0:-1], strict=True):
        if earlier.months_until(later) > limit + 1:
            return max(entered, later.first_day()), len(months) - months.index(later)
    return entered, len(months)


def _entered_on(membership: Membership) -> date:
    """The day of enrolment; of cover that goes on from another payer, that of the membership it began with."""
    if membership.cover_since is None:
        return membership.registered_on
    first = Membership.objects.filter(work_id=membership.work_id, since=membership.cover_since)
    days = first.filter(until__gt=membership.cover_since).values_list("registered_on", flat=True)
    return min(days, default=membership.registered_on)
