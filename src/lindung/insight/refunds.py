"""Months that were paid after somebody died, to be asked back of BPJS or set off (PP 44/2015 Pasal 23); nothing is deleted."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from lindung.identity import places
from lindung.law.decision import Citation
from lindung.law.months import Month
from lindung.law.text import Text

PER_PAGE = 50
ARTICLE = Citation("PP 44/2015", "23").text
"""What is paid too much is told within 14 days and set off against the next month."""

# The latest word of BPJS, or decided here; without one a leave that was recorded with the day of death. The months after
# the month of death are paid too much, whoever paid them; what went back already is no paid month any more.
_DEAD = """
WITH dead AS (
    SELECT DISTINCT ON (person_id) person_id, died_on, said
      FROM (SELECT d.person_id, d.event_date AS died_on, 'determination' AS said, 0 AS rank, d.said_on AS at, d.id
              FROM claims_determination d
             WHERE (d.programme = 'jkm' OR d.benefit = 'funeral') AND d.said_on <= %(on)s AND d.event_date <= %(on)s
            UNION ALL
            SELECT m.person_id, c.died_on, 'leave', 1, c.died_on, c.id
              FROM membership_memberchange c JOIN membership_membership m ON m.id = c.membership_id
             WHERE c.reason = 'died' AND c.died_on <= %(on)s
               AND NOT EXISTS (SELECT 1 FROM membership_memberchange u WHERE u.undoes_id = c.id)) word
     ORDER BY person_id, rank, at DESC, id DESC),
late AS (
    SELECT d.person_id, d.died_on, d.said, p.month, p.work_id, p.instruction_id, p.agreement_id,
           sum(p.amount)::bigint AS amount
      FROM dead d
      JOIN contributions_paidmonth p ON p.person_id = d.person_id
       AND p.month > d.died_on AND p.month >= (SELECT date_trunc('month', min(died_on)) FROM dead)
       AND p.paid_on <= %(on)s
     GROUP BY 1, 2, 3, 4, 5, 6, 7)
"""
_TOTALS = """
SELECT count(DISTINCT person_id), count(*), coalesce(sum(amount), 0)::bigint FROM late
"""
_ROWS = """
SELECT l.person_id, n.name, n.kelurahan_code, l.died_on, l.said, l.month, l.amount, b.id, a.code, a.title,
       CASE WHEN o.source = 'bank' THEN left(o.order_number, 8) ELSE o.order_number END, o.ordered_on
  FROM late l
  JOIN people_person n ON n.id = l.person_id
  JOIN partnership_agreement a ON a.id = l.agreement_id
  LEFT JOIN contributions_settlement s ON s.instruction_id = l.instruction_id
  LEFT JOIN contributions_bill b ON b.id = s.bill_id
  LEFT JOIN contributions_payment o ON o.id = s.payment_id
 WHERE l.person_id IN (SELECT q.id FROM people_person q WHERE q.id IN (SELECT person_id FROM late)
                        ORDER BY q.name, q.id LIMIT %(limit)s OFFSET %(offset)s)
 ORDER BY n.name, l.person_id, l.month, l.work_id
"""


_SUMS = """
SELECT b.id, a.title, l.month, coalesce(o.order_number, ''), count(DISTINCT l.person_id), sum(l.amount)::bigint
  FROM late l
  JOIN partnership_agreement a ON a.id = l.agreement_id
  LEFT JOIN contributions_settlement s ON s.instruction_id = l.instruction_id
  LEFT JOIN contributions_bill b ON b.id = s.bill_id
  LEFT JOIN contributions_payment o ON o.id = s.payment_id
 GROUP BY 1, 2, 3, 4 ORDER BY 3 DESC, 2, 1, 4
"""


class BillSum(NamedTuple):
    """What a bill and its order paid for people who had died: how many, and whole rupiah together."""

    bill_id: int | None
    title: str
    month: Month
    order: str
    people: int
    amount: int


class LateMonth(NamedTuple):
    """One month paid after the death, in whole rupiah: under which agreement, by which bill and which order."""

    month: Month
    amount: int
    code: str
    title: str
    bill_id: int | None
    order: str
    ordered_on: date | None


class Refund(NamedTuple):
    """Somebody who died, by whose word, and what was paid for the months after the month of the death."""

    person_id: int
    name: str
    kelurahan: str
    died_on: date
    said: Text
    months: tuple[LateMonth, ...]

    @property
    def amount(self) -> int:
        """All of it, in whole rupiah."""
        return sum(each.amount for each in self.months)


class Refunds(NamedTuple):
    """A page of the list, and the totals of the whole list in whole rupiah."""

    on: date
    rows: tuple[Refund, ...]
    people: int
    months: int
    amount: int
    number: int
    pages: int


def refunds(*, on: date, number: int = 1, per_page: int | None = PER_PAGE) -> Refunds:
    """The months paid after a death that is known on the day, for the people in the caller's scope, by name.

    A death is one that a determination tells, or that was recorded with a leave. Without ``per_page`` the whole list.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DEAD + _TOTALS, {"on": on})
        people, months, amount = cursor.fetchone()
        pages = 1 if per_page is None else max(1, -(-people // per_page))
        number = min(max(1, number), pages)
        offset = (number - 1) * (per_page or 0)
        cursor.execute(_DEAD + _ROWS, {"on": on, "limit": per_page, "offset": offset})
        rows = _gathered(cursor.fetchall())
    return Refunds(on, rows, people, months, int(amount), number, pages)


def sums(*, on: date) -> tuple[BillSum, ...]:
    """The same by bill and order, for whoever may know of money and not of people; the newest month first."""
    with connection.cursor() as cursor:
        cursor.execute(_DEAD + _SUMS, {"on": on})
        return tuple(
            BillSum(bill, title, Month.of(month), order, people, int(amount))
            for bill, title, month, order, people, amount in cursor.fetchall()
        )


def _gathered(rows: Sequence[tuple[Any, ...]]) -> tuple[Refund, ...]:
    by_person: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        by_person[row[0]].append(row)
    return tuple(_refund(own) for own in by_person.values())


def _refund(own: Sequence[tuple[Any, ...]]) -> Refund:
    person_id, name, kelurahan, died_on, said = own[0][:5]
    place = places.PLACES.get(kelurahan)
    months = tuple(
        LateMonth(Month.of(month), int(amount), code, title, bill, order or "", ordered)
        for *_, month, amount, bill, code, title, order, ordered in own
    )
    return Refund(person_id, name, place.name if place else kelurahan, died_on, _SAID[said], months)


_SAID = {
    "determination": Text("penetapan", "determination"),
    "leave": Text("catatan keluar", "recorded leave"),
}
