"""Who changes from one payer to another: without a gap, with one, or in between; and that no month is paid twice."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection

from lindung.law.text import Text

YEAR = timedelta(days=365)

# Two memberships of a person that follow one another under different agreements, the later one beginning within a year of
# the day; and whoever ended within the last year with nothing after it.
_CHANGES = """
WITH way AS (
    SELECT m.person_id, m.agreement_id, m.since, m.until,
           lag(m.agreement_id) OVER w AS before, lag(m.until) OVER w AS ended,
           lead(m.since) OVER w AS next
      FROM membership_membership m
     WHERE m.until IS NULL OR m.until > m.since
    WINDOW w AS (PARTITION BY m.person_id ORDER BY m.since, m.id))
SELECT count(*) FILTER (WHERE before <> agreement_id AND ended = since AND since BETWEEN %(first)s AND %(last)s),
       count(*) FILTER (WHERE before <> agreement_id AND ended < since AND since BETWEEN %(first)s AND %(last)s),
       count(*) FILTER (WHERE until BETWEEN %(first)s AND %(on)s AND next IS NULL AND NOT EXISTS (
           SELECT 1 FROM membership_membership o
            WHERE o.person_id = way.person_id AND (o.until IS NULL OR o.until > %(on)s))
         AND NOT EXISTS (
           SELECT 1 FROM membership_memberchange c JOIN membership_membership d ON d.id = c.membership_id
            WHERE d.person_id = way.person_id AND c.reason = 'died'))
  FROM way
"""
# The key of the table itself: with it no second payment of a work's month and programme can be stored.
_KEY = """
SELECT count(*) FROM pg_constraint c
 WHERE c.conrelid = 'contributions_paidmonth'::regclass AND c.contype = 'p' AND c.convalidated
   AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
         WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)) = ARRAY['month', 'person_id', 'programme', 'work_id']
"""


class PayerChanges(NamedTuple):
    """People within a year of the day; ``key_holds``: the database itself refuses a month that is paid twice."""

    seamless: int
    with_gap: int
    in_between: int
    key_holds: bool

    @property
    def paid_twice(self) -> Text:
        """How many months of a work are paid by two, with the proof."""
        return _NONE if self.key_holds else _UNPROVEN


def payer_changes(*, on: date) -> PayerChanges:
    """How payers follow one another for the people in the caller's scope, in two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, {"on": on, "first": on - YEAR, "last": on + YEAR})
        seamless, with_gap, in_between = cursor.fetchone()
        cursor.execute(_KEY)
        (keys,) = cursor.fetchone()
    return PayerChanges(seamless, with_gap, in_between, keys == 1)


_NONE = Text(
    "0: kunci tabel bulan lunas (orang, pekerjaan, program, bulan) menolak pembayaran kedua.",
    "0: the key of the paid months (person, work, programme, month) refuses a second payment.",
)
_UNPROVEN = Text(
    "Kunci tabel bulan lunas tidak ditemukan. Hubungi pengelola Lindung.",
    "The key of the paid months is not there. Call the Lindung administrator.",
)
