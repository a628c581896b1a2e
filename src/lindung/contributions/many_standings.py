"""How many people stand on a day, all at once in the database: the same answer as `cover.cover_of` gives for one.

The months that can still cover on a day are the last few, so that the cost does not grow with the years. Of these the
months since every agreement's last settled one are read for everybody; an earlier one is looked up only for whoever has
none of them. A month left out before them is looked for only where an agreement has one that was not settled by the
day. Months stand in the query as constants: the database then opens their partitions only.

Wage earners (PU) have due dates of their own, and unpaid months never end their cover: they are at risk, however
long ago the last month was paid.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from lindung.contributions.dues import months_at_risk
from lindung.contributions.standing import newest_overdue_month, oldest_covering_month
from lindung.contributions.states import CoverState
from lindung.law.months import Month
from lindung.law.terms import Segment
from lindung.partnership.models import Agreement, AgreementKind

STATES = (CoverState.PROTECTED, CoverState.AT_RISK, CoverState.PROPOSED, CoverState.LAPSED)
"""From best to worst, as the column `standing` counts them from 0."""
_COVERING = (CoverState.PROTECTED, CoverState.AT_RISK)
ENDED = len(STATES)
"""`standing` of a membership that is over: it protects no more, and nobody waits for its money."""

# Every set of programmes a membership can have; JKK is always among them.
_SETS: tuple[tuple[str, ...], ...] = (("jkk",), ("jkk", "jkm"), ("jkk", "jht"), ("jkk", "jkm", "jht"))
_KINDS = tuple((segment, programmes) for segment in (Segment.BPU, Segment.PU) for programmes in _SETS)

# A membership without a slot is a wage earner's. A joining that was taken back leaves an empty period: it is no row.
_STANDING = """
rule (pu, jkm, jht, oldest, overdue, allowed) AS (VALUES {rules}),
recent AS (
    SELECT p.person_id, p.work_id, p.month, bool_or(p.programme = 'jkk') AS jkk,
           bool_or(p.programme = 'jkm') AS jkm, bool_or(p.programme = 'jht') AS jht
      FROM contributions_paidmonth p
     WHERE p.month BETWEEN {near} AND {current} AND p.paid_on <= %(on)s {payers}
     GROUP BY p.person_id, p.work_id, p.month),
reach AS (
    SELECT m.id, m.person_id, m.work_id, m.agreement_id, m.segment_id, m.sponsor_id, m.kelurahan_code, m.since,
           m.until, m.programmes, r.pu, r.oldest, r.overdue, r.allowed, max(p.month) AS found
      FROM membership_membership m
      JOIN rule r ON r.pu = (m.slot IS NULL) AND r.jkm = ('jkm' = ANY (m.programmes))
           AND r.jht = ('jht' = ANY (m.programmes))
      LEFT JOIN recent p ON p.person_id = m.person_id AND p.work_id = m.work_id
           AND p.month >= greatest(r.oldest, m.since) AND p.jkk AND p.jkm >= r.jkm AND p.jht >= r.jht
     WHERE m.registered_on <= %(on)s AND (m.until IS NULL OR m.until > m.since) {narrowed}
     GROUP BY m.id, r.pu, r.oldest, r.overdue, r.allowed),
settled AS (
    SELECT x.*, coalesce(x.found, CASE WHEN x.until <= %(on)s OR x.since > %(on)s THEN NULL ELSE {earlier} END)
           AS reached
      FROM reach x OFFSET 0),
standing AS (
    SELECT x.*, CASE
        WHEN x.until <= %(on)s THEN 4
        WHEN x.since > %(on)s THEN 2
        WHEN x.reached IS NULL THEN CASE WHEN NOT {ever} THEN 2 WHEN x.pu THEN 1 ELSE 3 END
        WHEN x.reached < x.overdue THEN 1
        {skipped}
        ELSE 0 END AS standing
      FROM settled x)
"""

# The last whole month before those that are read for everybody. Without OFFSET 0 above, it would be asked anew wherever
# `reached` stands.
_EARLIER = """(
        SELECT max(whole.month) FROM (
            SELECT p.month FROM contributions_paidmonth p
             WHERE p.person_id = x.person_id AND p.work_id = x.work_id AND p.programme = ANY (x.programmes)
               AND p.month >= {first} AND p.month < {near} AND p.month >= greatest(x.oldest, x.since)
               AND p.paid_on <= %(on)s
             GROUP BY p.month HAVING count(*) = cardinality(x.programmes)) whole)"""

# How many programmes of a membership are paid for a month, as known on the day.
_PAID = """(SELECT count(*) FROM contributions_paidmonth p
             WHERE p.person_id = x.person_id AND p.work_id = x.work_id
               AND p.programme = ANY (x.programmes) AND p.month = {month} AND p.paid_on <= %(on)s)"""

_WHOLE_BETWEEN = """EXISTS (
            SELECT 1 FROM contributions_paidmonth p
             WHERE p.person_id = x.person_id AND p.work_id = x.work_id AND p.programme = ANY (x.programmes)
               AND p.month >= x.since AND {months} AND p.paid_on <= %(on)s
             GROUP BY p.month HAVING count(*) = cardinality(x.programmes))"""

# However long ago: asked of few people, and planned over all the years only when it is.
_EVER_BEFORE = """lindung_paid_whole_month_before(
            x.person_id, x.work_id, x.programmes, x.since, {before}, %(on)s)"""

# Only the newest gap counts (cover.skipped_months): when cover survived it, its months are owed; when it was too long
# for that, cover began anew after it, and what lies before is forgotten. A month not yet due is no gap.
_SKIPPED = """WHEN x.agreement_id = ANY (%(unsettled{number})s) AND {month} >= x.since AND {month} < x.reached
             AND {month} <= x.overdue AND {paid} < cardinality(x.programmes)
             THEN CASE WHEN {survived} THEN 1 ELSE 0 END"""

_UNSETTLED = """
SELECT due.month::date, m.kind = %(employer)s, array_agg(m.agreement_id)
  FROM (SELECT e.agreement_id, g.kind, min(e.since) AS first
          FROM membership_membership e JOIN partnership_agreement g ON g.id = e.agreement_id
         WHERE e.since <= %(on)s AND (e.until IS NULL OR e.until > %(on)s)
         GROUP BY 1, 2) m,
       generate_series(m.first, %(overdue)s::date, interval '1 month') due (month)
 WHERE NOT EXISTS (
    SELECT 1 FROM contributions_bill b
      JOIN contributions_settlement s ON s.bill_id = b.id
      JOIN contributions_payment o ON o.id = s.payment_id
     WHERE b.agreement_id = m.agreement_id AND b.month = due.month::date
       AND b.status = 'paid' AND o.ordered_on <= %(on)s)
 GROUP BY 1, 2 ORDER BY 1 DESC, 2
"""

# The month that every agreement with people has settled: later ones cover most people, if any month does.
_SETTLED_BY_ALL = """
SELECT min(coalesce(last.month, %(first)s))
  FROM (SELECT DISTINCT agreement_id FROM membership_membership
         WHERE since <= %(on)s AND (until IS NULL OR until > %(on)s)) m
  LEFT JOIN LATERAL (
        SELECT max(b.month) AS month FROM contributions_bill b
          JOIN contributions_settlement s ON s.bill_id = b.id
          JOIN contributions_payment o ON o.id = s.payment_id
         WHERE b.agreement_id = m.agreement_id AND b.month BETWEEN %(first)s AND %(current)s
           AND b.status = 'paid' AND o.ordered_on <= %(on)s) last ON true
"""

_COVERED = """
WITH {tables}
SELECT agreement_id, count(DISTINCT person_id) FROM standing WHERE standing = ANY (%(covered)s) GROUP BY 1
"""


class Asked(NamedTuple):
    """Common table expressions of which the last is `standing`, and the values they take."""

    tables: str
    values: dict[str, Any]


class _Rule(NamedTuple):
    """The oldest month that still covers, the newest one that is past its due date, unpaid months allowed.

    ``pu`` is for wage earners, ``jkm`` and ``jht`` for whoever has these programmes.
    """

    pu: bool
    jkm: bool
    jht: bool
    oldest: date
    overdue: date
    allowed: int


_TYPES = {
    "pu": "boolean",
    "jkm": "boolean",
    "jht": "boolean",
    "oldest": "date",
    "overdue": "date",
    "allowed": "int",
}


class _Unsettled(NamedTuple):
    """Agreements, all of wage earners or none, of which no bill had settled the month by the day."""

    month: Month
    of_wages: bool
    agreements: list[int]


def standing_of_members(*, on: date, narrowed: str = "", people: Sequence[int] | None = None) -> Asked:
    """The table `standing`: a row for each membership in the caller's scope that was registered by the day.

    Its columns are those of a membership and `standing`, an index into `STATES`, or `ENDED`. `narrowed` is more SQL
    about the membership `m`, beginning with AND; its values are the caller's to add. With `people` only theirs.
    """
    rules = [_rule(segment, programmes, on) for segment, programmes in _KINDS]
    values: dict[str, Any] = {"on": on, "overdue": max(rule.overdue for rule in rules)}
    unsettled = _unsettled(values)
    first = Month.of(min(rule.oldest for rule in rules))
    near = _constant(_settled_by_all(first, on) if people is None else first)
    values |= {} if people is None else {"people": list(people)}
    values |= _rule_values(rules)
    values |= {f"unsettled{number}": each.agreements for number, each in enumerate(unsettled)}
    tables = _STANDING.format(
        rules=", ".join(_rule_rows(len(rules))),
        near=near,
        current=_constant(Month.of(on)),
        earlier=_EARLIER.format(first=_constant(first), near=near),
        ever=_EVER_BEFORE.format(before="x.oldest"),
        skipped="\n".join(_skipped(unsettled, allowed=max(rule.allowed for rule in rules))),
        narrowed=narrowed + ("" if people is None else " AND m.person_id = ANY (%(people)s)"),
        payers="" if people is None else "AND p.person_id = ANY (%(people)s)",
    )
    return Asked(tables, values)


def covered_by_agreement(*, on: date, agreements: Sequence[Agreement]) -> dict[int, int]:
    """How many people of each agreement are protected or at risk on the day, as known on that day."""
    ids = [each.pk for each in agreements]
    asked = standing_of_members(on=on, narrowed=" AND m.agreement_id = ANY (%(agreements)s)")
    values = asked.values | {"agreements": ids, "covered": [STATES.index(state) for state in _COVERING]}
    with connection.cursor() as cursor:
        cursor.execute(_COVERED.format(tables=asked.tables), values)
        found = dict(cursor.fetchall())
    return {pk: found.get(pk, 0) for pk in ids}


def _rule(segment: Segment, programmes: tuple[str, ...], on: date) -> _Rule:
    return _Rule(
        pu=segment is Segment.PU,
        jkm="jkm" in programmes,
        jht="jht" in programmes,
        oldest=oldest_covering_month(on=on, programmes=programmes, segment=segment).first_day(),
        overdue=newest_overdue_month(on=on, programmes=programmes, segment=segment).first_day(),
        allowed=months_at_risk(programmes, on=on, segment=segment),
    )


def _rule_values(rules: Sequence[_Rule]) -> dict[str, Any]:
    return {
        f"{name}{number}": value
        for number, rule in enumerate(rules)
        for name, value in rule._asdict().items()
    }


def _rule_rows(count: int) -> Iterator[str]:
    for number in range(count):
        yield "(" + ", ".join(f"%({name}{number})s::{kind}" for name, kind in _TYPES.items()) + ")"


def _unsettled(values: dict[str, Any]) -> list[_Unsettled]:
    """Months that no bill of an agreement had settled by the day, since the first of its members there still are."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSETTLED, values | {"employer": AgreementKind.EMPLOYER.value})
        return [
            _Unsettled(Month.of(month), of_wages, agreements)
            for month, of_wages, agreements in cursor.fetchall()
        ]


def _settled_by_all(first: Month, on: date) -> Month:
    """From `first` to the month of the day: the last one that every agreement with people on the day has settled."""
    with connection.cursor() as cursor:
        values = {"on": on, "first": first.first_day(), "current": Month.of(on).first_day()}
        cursor.execute(_SETTLED_BY_ALL, values)
        (month,) = cursor.fetchone()
    return Month.of(month) if month else first


def _skipped(unsettled: Sequence[_Unsettled], *, allowed: int) -> Iterator[str]:
    for number, each in enumerate(unsettled):
        told = _constant(each.month)
        yield _SKIPPED.format(
            number=number,
            month=told,
            paid=_PAID.format(month=told),
            survived=_EVER_BEFORE.format(before=told)
            if each.of_wages
            else _WHOLE_BETWEEN.format(months=_near(each.month, allowed)),
        )


def _near(month: Month, allowed: int) -> str:
    """The months from which the cover of a BPU reaches over this unpaid one."""
    told = _constant(month)
    return (
        f"p.month >= {_constant(month.plus(-allowed))} AND p.month < {told} "
        f"AND p.month >= {told} - x.allowed * interval '1 month'"
    )


def _constant(month: Month) -> str:
    return f"date '{month.first_day()}'"
