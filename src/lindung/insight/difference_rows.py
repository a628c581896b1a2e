"""Where our records and BPJS's word differ, asked of the database in one query for every kind of word."""

import json
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from lindung.contributions.standing import oldest_covering_month
from lindung.insight.name_rows import BY_NAME
from lindung.insight.own_rows import OWN_PARTS

# Each part gives: kind, key (stable), sponsor, person, agreement, ours, theirs, said_on, word, line.
# Only BPJS's own word is compared with our records; with what was decided here, in `own_rows`.

_SHARED_NUMBER = """
SELECT 'kpj_shared', 'kpj_shared:' || encode(substring(n.kpj_index FROM 1 FOR 12), 'hex'), n.sponsor_id, max(n.person_id),
       NULL::bigint, jsonb_build_object('shared_by', jsonb_agg(DISTINCT n.person_id)),
       jsonb_build_object('number', max(n.id)), max(n.said_on),
       (array_agg(n.word_id ORDER BY n.id DESC))[1], (array_agg(n.line ORDER BY n.id DESC))[1]
  FROM membership_membernumber n WHERE n.decided_by = 'bpjs' AND n.said_on <= %(on)s
 GROUP BY n.sponsor_id, n.kpj_index HAVING count(DISTINCT n.person_id) > 1
"""

_SEVERAL_NUMBERS = """
SELECT 'kpj_several', 'kpj_several:' || n.person_id, n.sponsor_id, n.person_id, NULL::bigint,
       jsonb_build_object('number', min(n.id)), jsonb_build_object('number', max(n.id)), max(n.said_on),
       (array_agg(n.word_id ORDER BY n.id DESC))[1], (array_agg(n.line ORDER BY n.id DESC))[1]
  FROM membership_membernumber n WHERE n.decided_by = 'bpjs' AND n.said_on <= %(on)s
 GROUP BY n.sponsor_id, n.person_id HAVING count(DISTINCT n.kpj_index) > 1
"""

# By the rule of the membership a month was paid for. Of a wage earner whose membership runs, any paid month covers:
# later arrears are the employer's (PP 44/2015 Pasal 38 and 41). Of anybody else one of the last few does.
_STATUS = """
SELECT CASE WHEN s.active THEN 'status_active' ELSE 'status_inactive' END, 'status:' || s.person_id, s.sponsor_id,
       s.person_id, NULL::bigint, jsonb_build_object('paid_until', p.until),
       jsonb_build_object('active', s.active, 'since', s.since, 'reason', s.reason), s.said_on, s.word_id, s.line
  FROM (SELECT DISTINCT ON (person_id) * FROM membership_branchstatus
         WHERE decided_by = 'bpjs' AND said_on <= %(on)s ORDER BY person_id, said_on DESC, id DESC) s
  LEFT JOIN LATERAL (
      SELECT max(m.month) AS until,
             bool_or(e.slot IS NULL AND e.id IS NOT NULL AND (e.until IS NULL OR e.until > %(on)s)) AS employed,
             bool_or(m.month >= CASE WHEN 'jht' = ANY (e.programmes) THEN %(oldest_jht)s ELSE %(oldest)s END) AS recent
        FROM contributions_paidmonth m
        LEFT JOIN membership_membership e ON e.person_id = m.person_id AND e.work_id = m.work_id
             AND e.since <= m.month AND (e.until IS NULL OR e.until > m.month)
       WHERE m.person_id = s.person_id AND m.paid_on <= %(on)s) p ON true
 WHERE CASE WHEN s.active THEN NOT coalesce(p.employed OR p.recent, false)
            ELSE coalesce(p.employed OR p.until >= s.since, false) END
"""

# The codes of one month that stand in one file are parts of one bill; a later file replaces an earlier one.
_CODE = """
SELECT 'code', 'code:' || c.agreement_id || ':' || to_char(c.month, 'YYYY-MM'), c.sponsor_id, NULL::bigint, c.agreement_id,
       jsonb_build_object('amount', b.total, 'people', b.people, 'month', c.month, 'bill', b.id),
       jsonb_build_object('amount', c.amount, 'people', c.people, 'code', c.code), c.said_on, c.word_id, c.line
  FROM (SELECT DISTINCT ON (agreement_id, month) agreement_id, month, sponsor_id, said_on, word_id, max(line) AS line,
               sum(amount)::bigint AS amount, sum(people)::int AS people, string_agg(code, ', ' ORDER BY line) AS code
          FROM contributions_contributioncode WHERE decided_by = 'bpjs' AND said_on <= %(on)s
         GROUP BY agreement_id, month, sponsor_id, said_on, word_id
         ORDER BY agreement_id, month, said_on DESC, word_id DESC) c
  LEFT JOIN LATERAL (SELECT sum(y.total)::bigint AS total, sum(y.people)::int AS people, min(y.id) AS id
                       FROM contributions_bill y
                      WHERE y.agreement_id = c.agreement_id AND y.month = c.month
                        AND y.status NOT IN ('cancelled', 'superseded')) b ON true
 WHERE (b.total, b.people) IS DISTINCT FROM (c.amount, c.people)
"""

_DETERMINATION = """
SELECT 'determination', 'determination:' || d.person_id || ':' || d.programme || ':' || d.event_date, d.sponsor_id,
       d.person_id, NULL::bigint, jsonb_build_object('amount', e.total, 'estimate', e.id),
       jsonb_build_object('amount', d.amount, 'number', d.number, 'decided_on', d.decided_on,
                          'event_date', d.event_date, 'programme', d.programme),
       d.said_on, d.word_id, d.line
  FROM (SELECT person_id, programme, event_date, sponsor_id, sum(amount)::bigint AS amount, max(said_on) AS said_on,
               max(decided_on) AS decided_on, string_agg(DISTINCT number, ', ') AS number,
               (array_agg(word_id ORDER BY id DESC))[1] AS word_id, (array_agg(line ORDER BY id DESC))[1] AS line
          FROM (SELECT DISTINCT ON (person_id, programme, event_date, benefit) *
                  FROM claims_determination WHERE decided_by = 'bpjs' AND said_on <= %(on)s
                 ORDER BY person_id, programme, event_date, benefit, said_on DESC, id DESC) newest
         GROUP BY person_id, programme, event_date, sponsor_id) d
  JOIN LATERAL (SELECT e.id, e.total FROM claims_estimate e
                 WHERE e.person_id = d.person_id AND e.programme = d.programme AND e.event_date = d.event_date
                 ORDER BY e.id DESC LIMIT 1) e ON true
 WHERE e.total <> d.amount
"""

_BALANCE = """
SELECT 'balance', 'balance:' || b.person_id, b.sponsor_id, b.person_id, NULL::bigint,
       jsonb_build_object('amount', p.amount), jsonb_build_object('amount', b.balance, 'as_of', b.as_of),
       b.said_on, b.word_id, b.line
  FROM (SELECT DISTINCT ON (person_id) * FROM contributions_branchbalance
         WHERE decided_by = 'bpjs' AND said_on <= %(on)s ORDER BY person_id, as_of DESC, id DESC) b
  LEFT JOIN LATERAL (SELECT coalesce(sum(m.amount), 0)::bigint AS amount FROM contributions_paidmonth m
                      WHERE m.person_id = b.person_id AND m.programme = 'jht' AND m.paid_on <= b.as_of) p ON true
 WHERE p.amount <> b.balance
"""

# A death that a determination of either side tells, while we still enrol the person or have billed a month after it.
_DEATH = """
SELECT CASE d.decided_by WHEN 'here' THEN 'death_here' ELSE 'death' END, 'death:' || d.person_id, d.sponsor_id, d.person_id, NULL::bigint,
       jsonb_build_object('memberships', m.open, 'enrolled_to', m.until - 1, 'billed_until', b.until, 'months', b.months),
       jsonb_build_object('number', d.number, 'decided_on', d.decided_on, 'event_date', d.event_date,
                          'programme', d.programme),
       d.said_on, d.word_id, d.line
  FROM (SELECT DISTINCT ON (person_id) * FROM claims_determination
         WHERE said_on <= %(on)s AND event_date <= %(on)s
           AND (programme = 'jkm' OR benefit = 'funeral') ORDER BY person_id, said_on DESC, id DESC) d
  LEFT JOIN LATERAL (SELECT jsonb_agg(x.id ORDER BY x.id) FILTER (WHERE x.until IS NULL) AS open, max(x.until) AS until
                       FROM membership_membership x
                      WHERE x.person_id = d.person_id AND x.sponsor_id = d.sponsor_id
                        AND (x.until IS NULL OR x.until > greatest(%(on)s, date_trunc('month', d.event_date)
                                                                           + interval '1 month'))
                     HAVING count(*) > 0) m ON true
  LEFT JOIN LATERAL (SELECT max(l.month) AS until, count(DISTINCT l.month) AS months
                       FROM contributions_billline l JOIN contributions_bill y ON y.id = l.bill_id
                      WHERE l.person_id = d.person_id AND l.sponsor_id = d.sponsor_id AND l.month > d.event_date
                        AND y.status IN ('final', 'paid')) b ON true
 WHERE m.open IS NOT NULL OR m.until IS NOT NULL OR b.until IS NOT NULL
"""

_PARTS = " UNION ALL ".join(
    (_SHARED_NUMBER, _SEVERAL_NUMBERS, _STATUS, _CODE, _DETERMINATION, _BALANCE, _DEATH, BY_NAME, *OWN_PARTS)
)
# A note holds only while both values are what they were when it was written.
_FOUND = f"""
WITH differing (kind, key, sponsor_id, person_id, agreement_id, ours, theirs, said_on, word_id, line) AS ({_PARTS}),
found AS (
    SELECT d.*, md5(d.ours::text || d.theirs::text) AS fingerprint, coalesce(n.state, 'open') AS state,
           n.note, n.noted_at, n.noted_by_id
      FROM differing d
      LEFT JOIN LATERAL (SELECT x.* FROM membership_differencenote x
                          WHERE x.difference = d.key AND x.sponsor_id = d.sponsor_id
                            AND x.fingerprint = md5(d.ours::text || d.theirs::text)
                          ORDER BY x.id DESC LIMIT 1) n ON true)
"""  # noqa: S608 - our own constants
_CHOSEN = """
 WHERE (%(kind)s = '' OR f.kind LIKE %(kind)s || '%%') AND (%(state)s = '' OR f.state = %(state)s)
   AND (%(key)s = '' OR f.key = %(key)s)
"""
_ROWS = f"""{_FOUND}
SELECT f.kind, f.key, f.sponsor_id, f.person_id, f.agreement_id, f.ours, f.theirs, f.said_on, f.word_id, f.line,
       f.fingerprint, f.state, f.note, f.noted_at, u.name, p.name, a.title, doc.name
  FROM found f
  LEFT JOIN access_user u ON u.id = f.noted_by_id
  LEFT JOIN people_person p ON p.id = f.person_id
  LEFT JOIN partnership_agreement a ON a.id = f.agreement_id
  LEFT JOIN membership_branchimport w ON w.id = f.word_id
  LEFT JOIN documents_document doc ON doc.id = w.document_id
{_CHOSEN} ORDER BY f.said_on DESC, f.key LIMIT %(most)s OFFSET %(skip)s
"""  # noqa: S608 - our own constants
_COUNTS = f"{_FOUND} SELECT split_part(f.kind, '_', 1), f.state, count(*) FROM found f GROUP BY 1, 2"  # noqa: S608 - our own


class Found(NamedTuple):
    """One difference as the database tells it; `ours` and `theirs` hold the two values.

    `word_id` and `line` are None of a death that was determined here.
    """

    kind: str
    key: str
    sponsor_id: int
    person_id: int | None
    agreement_id: int | None
    ours: Any
    theirs: Any
    said_on: date
    word_id: int | None
    line: int | None
    fingerprint: str
    state: str
    note: str | None
    noted_at: Any
    noted_by: str | None
    person: str | None
    agreement: str | None
    file: str | None


def found(
    *, on: date, group: str = "", state: str = "", key: str = "", most: int = 50, skip: int = 0
) -> list[Found]:
    """The differences in the caller's sight, newest word first; of one group, state or key when named."""
    chosen: dict[str, Any] = {"kind": group, "state": state, "key": key, "most": most, "skip": skip}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {**_days(on), **chosen})
        # Django's driver hands JSON over as text.
        rows = [Found(*row) for row in cursor.fetchall()]
    return [row._replace(ours=json.loads(row.ours), theirs=json.loads(row.theirs)) for row in rows]


def counts(*, on: date) -> dict[tuple[str, str], int]:
    """How many differences there are by group (kpj, status, code, determination, balance, death) and state."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, _days(on))
        return {(group, state): count for group, state, count in cursor.fetchall()}


def _days(on: date) -> dict[str, date | None]:
    """The day, and the oldest months that still cover on it by the law on arrears of who is no wage earner."""
    sets = {"oldest": ("jkk", "jkm"), "oldest_jht": ("jkk", "jkm", "jht")}
    oldest = {
        name: oldest_covering_month(on=on, programmes=programmes).first_day()
        for name, programmes in sets.items()
    }
    return {"on": on, "bill": None, **oldest}
