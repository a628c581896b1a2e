"""What happens when a bill stays unpaid: how many people lose what, on which day, by which article."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection

from lindung.contributions.billing import due_on
from lindung.contributions.models import Bill, BillStatus
from lindung.law import arrears, limits
from lindung.law.decision import Decision
from lindung.law.months import Month
from lindung.law.terms import Segment
from lindung.law.text import Text, joined
from lindung.partnership.models import Agreement, AgreementKind

# The last month that is paid for each worker of the bill, no further back than could still cover him.
_PAID_BEFORE = """
SELECT last, count(*) FROM (
    SELECT (SELECT max(p.month) FROM contributions_paidmonth p
             WHERE p.person_id = l.person_id AND p.work_id = l.work_id AND p.paid_on <= %(on)s
               AND p.month < %(month)s AND p.month >= %(oldest)s) AS last
      FROM contributions_billline l WHERE l.bill_id = %(bill)s AND l.month = %(month)s) AS each
 GROUP BY last ORDER BY last NULLS FIRST
"""


class Group(NamedTuple):
    """People of a bill whose cover stands alike; ``paid_until`` None: they have no cover to lose.

    ``behind_from`` is the first day of arrears, ``ends_on`` the first day without cover if nothing more is paid;
    None where cover does not end by the law (wage earners).
    """

    people: int
    paid_until: Month | None
    behind_from: date | None
    ends_on: date | None


class Stage(NamedTuple):
    """What the law says about one programme after so many unpaid months, and where."""

    programme: str
    text: Text
    article: Text


class Unpaid(NamedTuple):
    """``limit`` is the number of unpaid months in a row that the law allows."""

    groups: tuple[Group, ...]
    limit: int
    after_one: tuple[Stage, ...]
    after_limit: tuple[Stage, ...]


def if_unpaid(bill_id: int, *, on: date) -> Unpaid | None:
    """The consequences of a bill that is open; None when it is paid or cancelled.

    PP 44/2015 Pasal 38 and 41 (wage earners), Pasal 39 and 42 (others), PP 46/2015 Pasal 22 (savings). Raises
    Bill.DoesNotExist when the bill is not in scope.
    """
    bill = Bill.objects.select_related("agreement").get(pk=bill_id)
    if bill.status != BillStatus.FINAL:
        return None
    agreement = bill.agreement
    segment = Segment.PU if agreement.kind == AgreementKind.EMPLOYER else Segment.BPU
    limit = limits.arrears_months(segment=segment, programmes=agreement.programmes, on=on)
    outlooks = [
        (name, arrears.outlook(segment=segment, programme=name, months_unpaid=0, on=on))
        for name in agreement.programmes
    ]
    return Unpaid(
        groups=tuple(
            _group(agreement, last, people, limit, segment) for last, people in _paid_before(bill, limit, on)
        ),
        limit=limit,
        after_one=tuple(_stage(name, outlook.next_unpaid) for name, outlook in outlooks),
        after_limit=tuple(_stage(name, outlook.beyond_limit) for name, outlook in outlooks),
    )


def _paid_before(bill: Bill, limit: int, on: date) -> list[tuple[Month | None, int]]:
    oldest = Month.of(bill.month).plus(-limit - 1).first_day()
    with connection.cursor() as cursor:
        cursor.execute(_PAID_BEFORE, {"bill": bill.pk, "month": bill.month, "oldest": oldest, "on": on})
        return [(Month.of(last) if last else None, int(people)) for last, people in cursor.fetchall()]


def _group(agreement: Agreement, last: Month | None, people: int, limit: int, segment: Segment) -> Group:
    if last is None:
        return Group(people, None, None, None)
    behind = due_on(agreement=agreement, month=last.next()) + timedelta(days=1)
    ends = due_on(agreement=agreement, month=last.plus(limit + 1)) + timedelta(days=1)
    return Group(people, last, behind, ends if segment is Segment.BPU else None)


def _stage(programme: str, decision: Decision) -> Stage:
    articles = joined(tuple(citation.text for citation in decision.citations), "; ")
    return Stage(programme, decision.steps[0].sentence, articles)
