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
from lindung.law.months import Month, months_from
from lindung.law.terms import Segment
from lindung.partnership.models import Agreement, AgreementKind

STATES = (CoverState.PROTECTED, CoverState.AT_RISK, CoverState.PROPOSED, CoverState.LAPSED)
"""From best to worst, as the column `standing` counts them from 0."""
_COVERING = (CoverState.PROTECTED, CoverState.AT_RISK)
ENDED = len(STATES)
"""`standing` of a membership that is over: it protects no more, and nobody waits for its money."""

# Every set of programmes a membership can have, JKK always among them, in the order of `kind` in the query.
_SETS: tuple[tuple[str, ...], ...] = (("jkk",), ("jkk", "jkm"), ("jkk", "jht"), ("jkk", "jkm", "jht"))
_KINDS = tuple((segment, programmes) for segment in (Segment.BPU, Segment.PU) for programmes in _SETS)

# A membership without a slot is a wage earner's. A joining that was taken back leaves an empty period: it is no row.
# The kind of a membership is its place in `_KINDS`, from 1. Without OFFSET 0 `reached` would be computed wherever it
# stands.
_STANDING = """
recent AS (
    SELECT p.person_id, p.work_id, p.month, bool_or(p.programme = 'jkk') AS jkk,
           bool_or(p.programme = 'jkm') AS jkm, bool_or(p.programme = 'jht') AS jht
      FROM contributions_paidmonth p
     WHERE p.month BETWEEN {near} AND {current} AND p.paid_on <= %(on)s {payers}
     GROUP BY p.person_id, p.work_id, p.month),
newest AS (
    SELECT person_id, work_id, max(month) FILTER (WHERE jkk) AS basic,
           max(month) FILTER (WHERE jkk AND jkm) AS jkm, max(month) FILTER (WHERE jkk AND jht) AS jht,
           max(month) FILTER (WHERE jkk AND jkm AND jht) AS jkm_jht
      FROM recent GROUP BY person_id, work_id),
member AS (
    SELECT m.id, m.person_id, m.work_id, m.agreement_id, m.segment_id, m.sponsor_id, m.kelurahan_code, m.since,
           coalesce(m.cover_since, m.since) AS begins, m.until, m.programmes, m.slot IS NULL AS pu,
           1 + CASE WHEN m.slot IS NULL THEN 4 ELSE 0 END + CASE WHEN 'jkm' = ANY (m.programmes) THEN 1 ELSE 0 END
             + CASE WHEN 'jht' = ANY (m.programmes) THEN 2 ELSE 0 END AS kind
      FROM membership_membership m
     WHERE m.registered_on <= %(on)s AND (m.until IS NULL OR m.until > m.since) {narrowed} OFFSET 0),
ruled AS (
    SELECT m.*, (%(oldest)s::date[])[m.kind] AS oldest, (%(overdue)s::date[])[m.kind] AS overdue,
           (%(allowed)s::int[])[m.kind] AS allowed,
           CASE (m.kind - 1) %% 4 WHEN 0 THEN n.basic WHEN 1 THEN n.jkm WHEN 2 THEN n.jht ELSE n.jkm_jht END AS newest
      FROM member m LEFT JOIN newest n ON n.person_id = m.person_id AND n.work_id = m.work_id),
settled AS (
    SELECT x.*, CASE
        WHEN x.until <= %(on)s OR x.since > %(on)s THEN NULL
        WHEN x.newest >= greatest(x.oldest, x.begins) THEN x.newest
        ELSE lindung_last_whole_month(x.person_id, x.work_id, x.programmes, greatest(x.oldest, x.begins), {near}, %(on)s)
        END AS reached
      FROM ruled x OFFSET 0),
standing AS (
    SELECT x.*, CASE
        WHEN x.until <= %(on)s THEN 4
        WHEN x.since > %(on)s THEN 2
        WHEN x.reached IS NULL THEN CASE WHEN {ever} IS NULL THEN 2 WHEN x.pu THEN 1 ELSE 3 END
        WHEN x.reached < x.overdue THEN 1
        {skipped}
        ELSE 0 END AS standing
      FROM settled x)
"""

# How many programmes of a membership are paid for a month, as known on the day.
_PAID = """(SELECT count(*) FROM contributions_paidmonth p
             WHERE p.person_id = x.person_id AND p.work_id = x.work_id
               AND p.programme = ANY (x.programmes) AND p.month = {month} AND p.paid_on <= %(on)s)"""

_WHOLE_BETWEEN = """EXISTS (
            SELECT 1 FROM contributions_paidmonth p
             WHERE p.person_id = x.person_id AND p.work_id = x.work_id AND p.programme = ANY (x.programmes)
               AND p.month >= x.begins AND {months} AND p.paid_on <= %(on)s
             GROUP BY p.month HAVING count(*) = cardinality(x.programmes))"""

# However long ago: asked of few people, and planned over all the years only when it is.
_LAST_BEFORE = "lindung_last_whole_month(x.person_id, x.work_id, x.programmes, x.begins, {before}, %(on)s)"

# Only the newest gap counts (cover.skipped_months): when cover survived it, its months are owed; when it was too long
# for that, cover began anew after it, and what lies before is forgotten. A month not yet due is no gap.
_SKIPPED = """WHEN (x.agreement_id = ANY (%(unsettled{number})s) OR {month} < x.since)
             AND {month} >= x.begins AND {month} < x.reached AND {month} <= x.overdue AND {paid} < cardinality(x.programmes)
             THEN CASE WHEN {survived} THEN 1 ELSE 0 END"""

_SETTLED = """
SELECT m.agreement_id, m.kind = %(employer)s, m.kind = %(own)s, m.first, m.chain, m.chained,
       coalesce(array_agg(s.month) FILTER (WHERE s.month IS NOT NULL), '{}')
  FROM (SELECT e.agreement_id, g.kind, min(e.since) AS first, min(e.cover_since) AS chain,
               max(e.since) FILTER (WHERE e.cover_since IS NOT NULL) AS chained
          FROM membership_membership e JOIN partnership_agreement g ON g.id = e.agreement_id
         WHERE e.since <= %(on)s AND (e.until IS NULL OR e.until > %(on)s)
         GROUP BY 1, 2) m
  LEFT JOIN (SELECT b.agreement_id, b.month
               FROM contributions_bill b
               JOIN contributions_settlement t ON t.bill_id = b.id AND t.reversed_by_id IS NULL
               JOIN contributions_payment o ON o.id = t.payment_id
              WHERE b.status = 'paid' AND b.membership_id IS NULL
              GROUP BY b.id HAVING max(o.ordered_on) <= %(on)s
             ) s ON s.agreement_id = m.agreement_id
 GROUP BY 1, 2, 3, 4, 5, 6
"""
# Of people who pay for themselves no bill settles a month for all; the last month that anybody paid says where to read.
_LAST_PAID = """
SELECT max(p.month) FROM contributions_paidmonth p
 WHERE p.agreement_id = %(agreement)s AND p.programme = 'jkk' AND p.month BETWEEN %(first)s AND %(current)s
   AND p.paid_on <= %(on)s
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
    """The oldest month that still covers, the newest one that is past its due date, unpaid months allowed."""

    oldest: date
    overdue: date
    allowed: int


class _Settled(NamedTuple):
    """An agreement that has people on the day: since when, and the months that its bills had settled by then.

    ``own``: its people pay for themselves, so that no month is settled for all. ``before`` are the
    months for which others were to pay, of people whose cover goes on from there: no bill of this one says anything.
    """

    agreement_id: int
    of_wages: bool
    own: bool
    first: Month
    before: tuple[Month, ...]
    months: frozenset[Month]


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
    first = Month.of(min(rule.oldest for rule in rules))
    settled = _settled(on)
    unsettled = _unsettled(settled, overdue=Month.of(max(rule.overdue for rule in rules)))
    near = first if people is not None else _settled_by_all(settled, first, on)
    values: dict[str, Any] = {"on": on, **_rule_values(rules)}
    values |= {} if people is None else {"people": list(people)}
    values |= {f"unsettled{number}": each.agreements for number, each in enumerate(unsettled)}
    tables = _STANDING.format(
        near=_constant(near),
        current=_constant(Month.of(on)),
        ever=_LAST_BEFORE.format(before="x.oldest"),
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
        oldest=oldest_covering_month(on=on, programmes=programmes, segment=segment).first_day(),
        overdue=newest_overdue_month(on=on, programmes=programmes, segment=segment).first_day(),
        allowed=months_at_risk(programmes, on=on, segment=segment),
    )


def _rule_values(rules: Sequence[_Rule]) -> dict[str, Any]:
    return {name: [getattr(rule, name) for rule in rules] for name in _Rule._fields}


def _settled(on: date) -> list[_Settled]:
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, _kinds() | {"on": on})
        return [
            _Settled(pk, of_wages, own, Month.of(first), _before(*chain), frozenset(map(Month.of, months)))
            for pk, of_wages, own, first, *chain, months in cursor.fetchall()
        ]


def _before(chain: date | None, chained: date | None) -> tuple[Month, ...]:
    return tuple(months_from(Month.of(chain), Month.of(chained).plus(-1))) if chain and chained else ()


def _kinds() -> dict[str, str]:
    return {"employer": AgreementKind.EMPLOYER.value, "own": AgreementKind.INDEPENDENT.value}


def _unsettled(settled: Sequence[_Settled], *, overdue: Month) -> list[_Unsettled]:
    """Months left out since the first of the members, the newest first; after the last settled one none is left out."""
    left_out: dict[tuple[Month, bool], list[int]] = {}
    for each in settled:
        last = min(overdue, max(each.months, default=overdue))
        for month in months_from(each.first, last):
            if month not in each.months:
                left_out.setdefault((month, each.of_wages), []).append(each.agreement_id)
        for month in each.before:
            left_out.setdefault((month, False), [])
    return [_Unsettled(*key, left_out[key]) for key in sorted(left_out, reverse=True)]


def _settled_by_all(settled: Sequence[_Settled], first: Month, on: date) -> Month:
    """From `first` to the current month: the last one that every agreement has settled; later ones cover most people."""
    current = Month.of(on)
    reached = [
        _last_paid(each.agreement_id, first, on)
        if each.own
        else max((m for m in each.months if first <= m <= current), default=first)
        for each in settled
    ]
    return min(reached, default=first)


def _last_paid(agreement_id: int, first: Month, on: date) -> Month:
    values: dict[str, Any] = {
        "agreement": agreement_id,
        "first": first.first_day(),
        "current": Month.of(on).first_day(),
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LAST_PAID, values)
        (month,) = cursor.fetchone()
    return Month.of(month) if month else first


def _skipped(unsettled: Sequence[_Unsettled], *, allowed: int) -> Iterator[str]:
    for number, each in enumerate(unsettled):
        told = _constant(each.month)
        yield _SKIPPED.format(
            number=number,
            month=told,
            paid=_PAID.format(month=told),
            survived=_LAST_BEFORE.format(before=told) + " IS NOT NULL"
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
