"""Until when many people are covered if nothing more is paid, all at once: the same days as `cover.cover_of` gives for one.

It goes on from the table of `many_standings`: of each person the membership that stands best, its last paid month with those
paid ahead, and its end. The law's days are then computed once for each such group, however many people it has.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from lindung.contributions.dues import due, months_at_risk
from lindung.contributions.many_standings import ENDED, STATES, standing_of_members
from lindung.contributions.states import CoverState
from lindung.law.months import Month
from lindung.law.terms import Segment

AHEAD, BEHIND, LAPSED = (
    STATES.index(state) for state in (CoverState.PROTECTED, CoverState.AT_RISK, CoverState.LAPSED)
)
PER_PAGE = 50

# Months paid ahead count as far as they follow without a gap. The last month of whoever lapsed, or of a wage earner who is
# long behind, lies before the months that still cover. Whoever left by himself loses nothing by a payment; whose agreement
# was stopped does.
_ENDS = """
WITH {tables},
ahead AS (
    SELECT w.id, max(w.month) AS month
      FROM (SELECT x.id, p.month, row_number() OVER (PARTITION BY x.id ORDER BY p.month) AS place
              FROM standing x
              JOIN contributions_paidmonth p ON p.person_id = x.person_id AND p.work_id = x.work_id
               AND p.programme = ANY (x.programmes)
             WHERE x.reached = %(current)s AND p.month > {current} AND p.paid_on <= %(on)s
               AND (x.until IS NULL OR p.month < x.until)
             GROUP BY x.id, p.month, x.programmes HAVING count(*) = cardinality(x.programmes)) w
     WHERE w.month = ({current} + w.place * interval '1 month')::date
     GROUP BY w.id),
ends AS (
    SELECT x.id, x.person_id, x.agreement_id, x.kelurahan_code, x.pu, x.programmes, x.standing, x.until,
           CASE WHEN x.standing IN ({covered}) AND x.reached IS NOT NULL THEN coalesce(a.month, x.reached)
                WHEN x.standing = {ended} THEN
                     lindung_last_whole_month(x.person_id, x.work_id, x.programmes, x.since, x.until, %(on)s)
                WHEN x.standing <> {proposed} THEN
                     lindung_last_whole_month(x.person_id, x.work_id, x.programmes, x.since, x.oldest, %(on)s)
           END AS last
      FROM standing x LEFT JOIN ahead a ON a.id = x.id
     WHERE x.standing <> {ended} OR EXISTS (
           SELECT 1 FROM membership_memberchange c
            WHERE c.membership_id = x.id AND c.reason = 'agreement_over' AND c.until_after = x.until)),
person AS (
    SELECT DISTINCT ON (person_id) * FROM ends WHERE standing <> {proposed} AND last IS NOT NULL
     ORDER BY person_id, standing, last DESC, id)
"""
_GROUPED = """
SELECT agreement_id, kelurahan_code, pu, programmes, standing, last, until, count(*)
  FROM person GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
_NAMED = """
SELECT e.agreement_id, e.kelurahan_code, e.pu, e.programmes, e.standing, e.last, e.until, p.id, p.name, count(*) OVER ()
  FROM person e JOIN people_person p ON p.id = e.person_id
 ORDER BY e.standing DESC, e.last, e.until NULLS LAST, p.name, p.id LIMIT %(limit)s OFFSET %(offset)s
"""


class Ends(NamedTuple):
    """People who stand alike and until when they are covered if nothing more is paid.

    ``standing`` is an index into `STATES`, or `ENDED`. ``at_risk_from``: the first day behind since the last
    paid month, None for whoever leaves before it or has only an earlier month open. ``lapses_on``: the first day without cover, None for wage earners who stay.
    ``employer_from``: the first day on which a wage earner's employer pays first (PP 44/2015 Pasal 38, 41).
    """

    agreement_id: int
    kelurahan_code: str
    wage_earner: bool
    programmes: tuple[str, ...]
    standing: int
    paid_until: Month
    at_risk_from: date | None
    lapses_on: date | None
    employer_from: date | None

    @property
    def covered(self) -> bool:
        """Whether they are protected today, in arrears or not."""
        return self.standing in (AHEAD, BEHIND)

    @property
    def lapsed(self) -> bool:
        """Whether their cover is over already."""
        return self.standing in (LAPSED, ENDED)


class Named(NamedTuple):
    """One person with the days of his cover."""

    person_id: int
    name: str
    ends: Ends


def ends_of(*, on: date, agreement_id: int | None = None) -> list[tuple[Ends, int]]:
    """How many people of each group there are in the caller's sight, each person once, of one agreement or of all.

    Whoever has never been paid for has nothing to lose, and is in none.
    """
    query, values = _asked(on, agreement_id)
    with connection.cursor() as cursor:
        cursor.execute(query + _GROUPED, values)
        return [(_ends(row[:7], on), row[7]) for row in cursor.fetchall()]


def named_ends(*, on: date, agreement_id: int | None = None, number: int = 1) -> tuple[list[Named], int]:
    """Fifty of them by name, who loses first standing first, and how many there are in all."""
    query, values = _asked(on, agreement_id)
    values |= {"limit": PER_PAGE, "offset": (number - 1) * PER_PAGE}
    with connection.cursor() as cursor:
        cursor.execute(query + _NAMED, values)
        rows = cursor.fetchall()
    return [Named(row[7], row[8], _ends(row[:7], on)) for row in rows], rows[0][9] if rows else 0


def _asked(on: date, agreement_id: int | None) -> tuple[str, dict[str, Any]]:
    asked = standing_of_members(
        on=on, narrowed="" if agreement_id is None else " AND m.agreement_id = %(agreement)s"
    )
    current = Month.of(on).first_day()
    query = _ENDS.format(
        tables=asked.tables,
        current=f"date '{current}'",
        covered=f"{AHEAD}, {BEHIND}",
        proposed=STATES.index(CoverState.PROPOSED),
        ended=ENDED,
    )
    return query, asked.values | {"current": current, "agreement": agreement_id}


def _ends(row: tuple[Any, ...], on: date) -> Ends:
    agreement_id, kelurahan, of_wages, programmes, standing, last, until = row
    days = _days(Month.of(last), tuple(programmes), until, of_wages, on)
    at_risk, lapses, employer = days
    if standing == BEHIND and at_risk is not None and at_risk > on:
        at_risk = (
            None  # A skipped month is open: since when they are behind, the last paid month does not say.
        )
    if standing == ENDED:
        at_risk, employer = None, None
    return Ends(
        agreement_id,
        kelurahan,
        of_wages,
        tuple(programmes),
        standing,
        Month.of(last),
        at_risk,
        lapses,
        employer,
    )


@lru_cache(maxsize=4_096)
def _days(
    last: Month, programmes: tuple[str, ...], until: date | None, of_wages: bool, on: date
) -> tuple[date | None, date | None, date | None]:
    """First day behind, first day without cover, first day on which the employer pays first."""
    segment = Segment.PU if of_wages else Segment.BPU
    limit = months_at_risk(programmes, on=on, segment=segment)
    behind = due(last.next(), programmes, segment=segment) + timedelta(days=1)
    beyond = due(last.plus(limit + 1), programmes, segment=segment) + timedelta(days=1)
    leaves_first = until is not None and until <= behind
    ends = [until] if until is not None else []
    if not of_wages:
        ends.append(beyond)
    return None if leaves_first else behind, min(ends, default=None), beyond if of_wages else None
