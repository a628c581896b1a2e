"""Who is on the branch's list and who is on our bill, asked of the database for one bill or for all."""

from datetime import date
from typing import Any, NamedTuple

from django.db import connection

# The lists that hold: the newest of each kode iuran that holds for its month. One word may split a month into several
# codes; a later word replaces them all. A bill is compared once every code of it has its list.
COMPARED = """
WITH newest AS (
    SELECT DISTINCT ON (agreement_id, month) agreement_id, month, word_id, id
      FROM contributions_contributioncode WHERE said_on <= %(on)s
     ORDER BY agreement_id, month, said_on DESC, id DESC),
coded AS (
    SELECT DISTINCT c.agreement_id, c.month, c.code FROM newest n
      JOIN contributions_contributioncode c ON c.agreement_id = n.agreement_id AND c.month = n.month
           AND (c.id = n.id OR c.word_id = n.word_id)),
listed AS (
    SELECT DISTINCT ON (l.agreement_id, l.month, l.code) l.id, l.agreement_id, l.month, l.code, l.sponsor_id,
           l.said_on, b.id AS bill_id
      FROM contributions_codelist l JOIN coded USING (agreement_id, month, code)
      JOIN contributions_bill b ON b.agreement_id = l.agreement_id AND b.month = l.month AND b.membership_id IS NULL
           AND b.status IN ('final', 'paid')
     WHERE l.said_on <= %(on)s AND (%(bill)s::bigint IS NULL OR b.id = %(bill)s)
     ORDER BY l.agreement_id, l.month, l.code, l.said_on DESC, l.id DESC),
theirs AS (
    SELECT l.bill_id, c.person_id, sum(c.amount)::bigint AS amount, count(*) AS lines, bool_or(c.amount IS NULL) AS unsaid,
           min(c.code_list_id) AS list_id, min(c.place) AS place
      FROM listed l JOIN contributions_codeline c ON c.code_list_id = l.id AND c.outcome = 'recognised'
     GROUP BY l.bill_id, c.person_id),
ours AS (
    SELECT y.bill_id, y.person_id, sum(y.amount)::bigint AS amount
      FROM contributions_billline y JOIN (SELECT DISTINCT bill_id, month FROM listed) l
           ON l.bill_id = y.bill_id AND l.month = y.month
     GROUP BY y.bill_id, y.person_id),
compared AS (
    SELECT bill_id, person_id, o.amount AS ours, t.amount AS theirs, t.list_id, t.place, t.lines,
           CASE WHEN o.person_id IS NULL THEN 'only_theirs' WHEN t.person_id IS NULL THEN 'only_ours'
                WHEN t.unsaid OR t.amount = o.amount THEN 'equal' ELSE 'amount' END AS kind
      FROM theirs t FULL JOIN ours o USING (bill_id, person_id))
"""
_PAGE = f"""{COMPARED}
SELECT c.person_id, coalesce(p.name, ''), coalesce(p.kelurahan_code, ''), c.ours, c.theirs, c.list_id, c.place, c.lines
  FROM compared c LEFT JOIN people_person p ON p.id = c.person_id
 WHERE c.kind = %(kind)s ORDER BY p.name, c.person_id LIMIT %(most)s OFFSET %(skip)s
"""  # noqa: S608 - our own constants
_SUMS = f"""{COMPARED}
SELECT coalesce(p.kelurahan_code, ''), c.kind, count(*), count(c.ours), coalesce(sum(c.ours), 0)::bigint,
       count(c.place), coalesce(sum(c.theirs), 0)::bigint
  FROM compared c LEFT JOIN people_person p ON p.id = c.person_id GROUP BY 1, 2
"""  # noqa: S608 - our own constants
_LISTS = f"{COMPARED} SELECT id FROM listed ORDER BY code"  # noqa: S608 - our own constants


def asked(query: str, *, bill_id: int, on: date, **more: Any) -> list[tuple[Any, ...]]:
    """The rows of one of this module's questions about a bill, as known on the day."""
    with connection.cursor() as cursor:
        cursor.execute(query, {"bill": bill_id, "on": on, **more})
        return list(cursor.fetchall())


def lists(*, bill_id: int, on: date) -> list[int]:
    """The ids of the lists that hold for a bill."""
    return [pk for (pk,) in asked(_LISTS, bill_id=bill_id, on=on)]


def page(*, bill_id: int, on: date, kind: str, most: int, skip: int) -> list[tuple[Any, ...]]:
    """Some people of one kind: id, name, kelurahan, our amount, theirs, list, place, their lines."""
    return asked(_PAGE, bill_id=bill_id, on=on, kind=kind, most=most, skip=skip)


class Sum(NamedTuple):
    """The people of one kind in one kelurahan: how many, and on each side how many with whole rupiah together."""

    kelurahan: str
    kind: str
    people: int
    our_people: int
    our_amount: int
    their_people: int
    their_amount: int


def sums(*, bill_id: int, on: date) -> list[Sum]:
    """The whole comparison of a bill in sums: by kelurahan, and by kind equal, amount, only_theirs or only_ours."""
    return [
        Sum(code, kind, *(int(each) for each in counted))
        for code, kind, *counted in asked(_SUMS, bill_id=bill_id, on=on)
    ]
