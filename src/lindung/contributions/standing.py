"""How many people of an agreement are covered on a day, counted in the database, and how its money stands."""

from contextlib import AbstractContextManager
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Min

from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.contributions.dues import due, months_at_risk, segment_of
from lindung.contributions.models import Bill, BillStatus
from lindung.contributions.prospect import budgeted, year_costs
from lindung.law.months import Month
from lindung.law.terms import Segment
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement
from lindung.partnership.runway import Runway, runway

# A month that still covers on the day is one of the last few, so that history is never read: cost does not
# grow with the years. The bounds are written as constants too, or the planner would prepare every partition.
# A person is covered when every programme of the membership is paid for such a month; as that month has come and
# lies within the membership, the membership has begun.
_COVERED = """
SELECT count(DISTINCT m.person_id)
  FROM membership_membership m
 WHERE m.agreement_id = %(agreement)s AND m.registered_on <= %(on)s
   AND (m.until IS NULL OR m.until > %(on)s)
   AND EXISTS (
        SELECT 1 FROM contributions_paidmonth p
         WHERE p.person_id = m.person_id AND p.work_id = m.work_id AND p.programme = ANY(m.programmes)
           AND p.month BETWEEN %(oldest)s AND %(current)s AND p.month >= m.since AND p.paid_on <= %(on)s
         GROUP BY p.month HAVING count(*) = cardinality(m.programmes))
"""


class Money(NamedTuple):
    """The budget of a year for one agreement, in whole rupiah, and how far it reaches."""

    year: int
    budget: int
    monthly: int
    runway: Runway


def covered(*, agreement: Agreement, on: date) -> int:
    """How many people of the agreement are protected or at risk on the day, as known on that day."""
    with connection.cursor() as cursor:
        oldest = _oldest(agreement, on).first_day()
        current = Month.of(on).first_day()
        values: dict[str, int | date] = {
            "agreement": agreement.pk,
            "on": on,
            "oldest": oldest,
            "current": current,
        }
        cursor.execute(_COVERED, values)
        (count,) = cursor.fetchone()
    return int(count)


def _oldest(agreement: Agreement, on: date) -> Month:
    """A wage earner is covered since any month that was ever paid: what stays unpaid is the employer's debt."""
    if segment_of(agreement) is Segment.PU:
        return min(Month.of(agreement.since), Month.of(on))
    return oldest_covering_month(on=on, programmes=tuple(agreement.programmes))


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


def paid_until(*, agreement: Agreement, first: Month | None, on: date) -> Month | None:
    """The last month up to which every month since the ``first`` is settled by an order dated by that day.

    A month that was skipped is not hidden by a later one that is paid.
    """
    bills = Bill.objects.filter(
        agreement=agreement, status=BillStatus.PAID, settlements__payment__ordered_on__lte=on
    )
    settled = {Month.of(month) for month in bills.values_list("month", flat=True)}
    reached = None
    month = first
    while month in settled:
        reached, month = month, month.next()
    return reached


def first_month(*, agreement: Agreement) -> Month | None:
    """The month from which the first member is to be paid for; None while nobody is enrolled: nothing is owed."""
    with _all_members():
        members = Membership.objects.filter(agreement=agreement).exclude(until__lte=F("since"))
        since = members.aggregate(first=Min("since"))["first"]
    return Month.of(since) if since else None


def money(*, agreement: Agreement, on: date) -> Money:
    """The year's budget against its months: bills where they are drawn, today's members' price for the rest.

    A budget year is the calendar year; months before the agreement starts cost nothing.
    """
    with _all_members():
        costs = year_costs(agreement=agreement, year=on.year)
    budget = budgeted(agreement=agreement, year=on.year)
    current = dict(costs).get(Month.of(on), 0)
    return Money(on.year, budget, current, runway(budget=budget, costs=costs))


def _all_members() -> AbstractContextManager[None]:
    """Money is counted over the whole agreement, also for whoever sees the people of one kelurahan only."""
    return system_scope(SystemScope.BILLING, actor=NOBODY)
