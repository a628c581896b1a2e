"""Enrols the ready rows of a roster: one set-based transaction, all of them or none."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from django.db import connection

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.access.sealing import blind_index_many, seal_many
from lindung.engine import collecting
from lindung.law.months import Month
from lindung.membership import sealed_rows
from lindung.membership.judging import Facts
from lindung.membership.models import Roster, RosterStatus, Verdict
from lindung.partnership.models import Agreement, Segment

CHUNK = 5_000

_INCOMING = """
CREATE TEMP TABLE incoming (
    line int, person_id bigint, nik_index bytea, nik_sealed bytea, name text, name_key text, birth_place text,
    birth_date date, sex text, kelurahan_code text, phone_sealed bytea, phone_index bytea, occupation text,
    sector text, taken boolean
) ON COMMIT DROP
"""

# Ordered by the blind index, so that two enrolments that share people take their locks in one order.
_PEOPLE = """
INSERT INTO people_person (id, name, name_key, birth_place, birth_date, sex, kelurahan_code, nik_sealed,
                           nik_index, phone_sealed, phone_index, event_id)
SELECT person_id, name, name_key, birth_place, birth_date, sex, kelurahan_code, nik_sealed,
       nik_index, phone_sealed, phone_index, %(event)s
  FROM incoming ORDER BY nik_index
    ON CONFLICT (nik_index) DO NOTHING
"""

# Who is known keeps his id. He is taken when somebody has enrolled him since the row was judged ready.
_KNOWN_PEOPLE = """
UPDATE incoming i
   SET person_id = p.id,
       taken = EXISTS (SELECT 1 FROM membership_membership m
                        WHERE m.person_id = p.id AND (m.until IS NULL OR m.until > %(registered_on)s))
            OR 2 <= (SELECT count(*) FROM membership_work w
                      WHERE w.person_id = p.id AND w.kind = 'bpu' AND w.occupation <> i.occupation)
  FROM people_person p WHERE p.nik_index = i.nik_index AND p.id <> i.person_id
"""

_WORKS = """
INSERT INTO membership_work (person_id, kind, slot, occupation, sector, event_id)
SELECT i.person_id, 'bpu', 1 + (SELECT count(*) FROM membership_work w
                                 WHERE w.person_id = i.person_id AND w.kind = 'bpu'),
       i.occupation, i.sector, %(event)s
  FROM incoming i
 WHERE NOT i.taken AND NOT EXISTS (SELECT 1 FROM membership_work w
                                    WHERE w.person_id = i.person_id AND w.kind = 'bpu'
                                      AND w.occupation = i.occupation)
 ORDER BY i.person_id ON CONFLICT DO NOTHING
"""

_MEMBERSHIPS = """
INSERT INTO membership_membership (person_id, work_id, agreement_id, segment_id, sponsor_id, kelurahan_code,
                                   programmes, registered_on, since, event_id)
SELECT i.person_id, w.id, %(agreement)s, %(segment)s, %(sponsor)s, i.kelurahan_code,
       %(programmes)s, %(registered_on)s, %(since)s, %(event)s
  FROM incoming i
  JOIN membership_work w ON w.person_id = i.person_id AND w.kind = 'bpu' AND w.occupation = i.occupation
 WHERE NOT i.taken ORDER BY i.person_id
    ON CONFLICT DO NOTHING
"""

# Only whom the sponsor has enrolled just now: who was taken by another list stays out of its sight.
_SEEN = """
INSERT INTO people_personscope (person_id, sponsor_id, event_id)
SELECT i.person_id, %(sponsor)s, %(event)s
  FROM incoming i JOIN membership_membership m ON m.person_id = i.person_id AND m.event_id = %(event)s
 ORDER BY i.person_id ON CONFLICT DO NOTHING
"""

# A row whose work was taken by another enrolment since it was judged stays out and says so.
_ROWS = """
UPDATE membership_rosterrow r
   SET verdict = CASE WHEN m.id IS NULL THEN 'to_fix' ELSE 'enrolled' END,
       person_id = CASE WHEN m.id IS NULL THEN NULL ELSE i.person_id END,
       problems = CASE WHEN m.id IS NULL
                       THEN r.problems || '[[null, "register.enrolled_meanwhile", ""]]'::jsonb
                       ELSE r.problems END
  FROM incoming i
  LEFT JOIN membership_membership m ON m.person_id = i.person_id AND m.event_id = %(event)s
 WHERE r.roster_id = %(roster)s AND r.number = i.line
"""


class TooEarly(Exception):
    """The first contribution month lies before the enrolment or the agreement; the argument is the earliest."""


class AfterAgreement(Exception):
    """The first contribution month lies after the end of the agreement; the argument is that end."""


class Enrolment(NamedTuple):
    """How many people were enrolled now, how many rows had lost a race, and the audit event of the run."""

    enrolled: int
    lost: int
    event_id: int | None


@collecting.paused()
def enrol(*, roster_id: int, by: Actor, now: datetime, first_month: Month | None = None) -> Enrolment:
    """Enrol every ready row of a roster; a second call finds nothing ready and changes nothing.

    ``first_month`` is the first contribution month; when not given, that of ``first_month()`` (PP 44/2015
    Pasal 6: cover starts with the number and the first paid contribution). Raises Roster.DoesNotExist when
    the caller does not see the whole list or only reads, TooEarly or AfterAgreement for a month in which
    nobody can begin, and IntegrityError when the quota would be exceeded or the month's bill is drawn already.

    1. Lock the roster, then its segment: two enrolments into one quota wait for each other.
    2. Open the sealed rows, draw the ids first and seal each number for its new row.
    3. As the loader role: people, works, memberships, who may see them, each in one statement.
    4. Mark the rows; write one audit event whose id every touched row carries.
    """
    agreement = _agreement_in_sight(roster_id)
    since = _begin(agreement, first_month, now.date())
    with system_scope(SystemScope.ENROLLING, actor=by):
        roster = Roster.objects.get(pk=roster_id)
        segment = Segment.objects.select_for_update().get(pk=roster.segment_id)
        ready = _ready(roster)
        if not ready:
            return Enrolment(0, 0, None)
        event = audit.record(
            "roster.enrolled",
            by=by,
            subject=f"roster:{roster_id}",
            sponsor_id=roster.sponsor_id,
            detail={"rows": len(ready), "since": since.isoformat()},
        )
        enrolled = _enrol(
            ready, roster, agreement, segment, registered_on=now.date(), since=since, event=event
        )
        roster.status = RosterStatus.ENROLLED
        roster.save(update_fields=["status"])
    return Enrolment(enrolled, len(ready) - enrolled, event)


def first_month(agreement: Agreement, *, today: date) -> Month:
    """The contribution month from which people enrolled today are paid for, when nobody names another.

    The month after today, or the agreement's first month when that comes later. Whether the agreement still
    holds then, and whether the month's bill is drawn already, is found out when they are enrolled.
    """
    return max(Month.of(today).next(), Month.of(agreement.since))


def _begin(agreement: Agreement, named: Month | None, today: date) -> date:
    """The first day of cover: never backwards, since an accident may have happened already."""
    earliest = max(Month.of(today), Month.of(agreement.since))
    month = named or first_month(agreement, today=today)
    if month < earliest:
        raise TooEarly(str(earliest))
    if agreement.until is not None and month.first_day() >= agreement.until:
        raise AfterAgreement(agreement.until.isoformat())
    return month.first_day()


def _agreement_in_sight(roster_id: int) -> Agreement:
    """The roster's agreement, in the caller's own scope and before the system's, with the roster locked.

    Only who may write can lock, and only who sees the whole city sees the file: a kelurahan's operator,
    who sees some rows of the list, cannot enrol all of it.
    """
    rosters = Roster.objects.select_for_update(of=("self",)).select_related("agreement")
    return rosters.get(pk=roster_id, document__kind="roster").agreement


def _ready(roster: Roster) -> list[tuple[int, Facts]]:
    rows = roster.rows.filter(verdict=Verdict.READY).order_by("number").values_list("number", "sealed")
    found: list[tuple[int, Facts]] = []
    stored = rows.iterator(chunk_size=CHUNK)
    while chunk := [(line, bytes(sealed)) for line, sealed in islice(stored, CHUNK)]:
        opened = sealed_rows.read_many(roster.pk, chunk)
        found += [(line, row.facts) for (line, _), row in zip(chunk, opened, strict=True) if row.facts]
    return found


def _enrol(
    ready: list[tuple[int, Facts]],
    roster: Roster,
    agreement: Agreement,
    segment: Segment,
    *,
    registered_on: date,
    since: date,
    event: int,
) -> int:
    values: dict[str, int | date | list[str]] = {
        "event": event,
        "roster": roster.pk,
        "sponsor": roster.sponsor_id,
        "agreement": agreement.pk,
        "segment": segment.pk,
        "programmes": agreement.programmes,
        "registered_on": registered_on,
        "since": since,
    }
    with connection.cursor() as cursor:
        # Only this role may add people and memberships; it ends with the transaction or here.
        cursor.execute("SET LOCAL ROLE lindung_loader")
        cursor.execute(_INCOMING)
        ids = _drawn_ids(len(ready))
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for start in range(0, len(ready), CHUNK):
                for row in _incoming(ids[start : start + CHUNK], ready[start : start + CHUNK]):
                    copy.write_row(row)
        cursor.execute("ANALYZE incoming")
        for statement in (_PEOPLE, _KNOWN_PEOPLE, _WORKS):
            cursor.execute(statement, values)
        cursor.execute(_MEMBERSHIPS, values)
        enrolled = cursor.rowcount
        for statement in (_SEEN, _ROWS):
            cursor.execute(statement, values)
        cursor.execute("DROP TABLE incoming")
        cursor.execute("SET LOCAL ROLE NONE")
    return int(enrolled)


def _drawn_ids(count: int) -> list[int]:
    """Ids drawn before the rows exist, because a sealed number is bound to the id of its row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('people_person_id_seq') FROM generate_series(1, %s)", [count])
        return [person_id for (person_id,) in cursor.fetchall()]


def _incoming(ids: list[int], ready: list[tuple[int, Facts]]) -> Iterator[tuple[object, ...]]:
    """The rows of the temporary table: numbers sealed for the ids they will have, and their blind indexes."""
    facts = [row for _, row in ready]
    niks = zip(ids, [row.nik for row in facts], strict=True)
    phones = zip(ids, [row.phone for row in facts], strict=True)
    sealed = zip(
        ids,
        ready,
        seal_many(niks, table="people_person", column="nik_sealed"),
        blind_index_many("nik", [row.nik for row in facts]),
        seal_many(phones, table="people_person", column="phone_sealed"),
        blind_index_many("phone", [row.phone for row in facts]),
        strict=True,
    )
    for person_id, (line, row), nik_sealed, nik_index, phone_sealed, phone_index in sealed:
        # fmt: off
        yield (
            line, person_id, nik_index, nik_sealed, row.name, row.name_key, row.birth_place, row.birth_date, row.sex,
            row.kelurahan_code, phone_sealed if row.phone else None, phone_index if row.phone else None,
            row.occupation, row.sector, False,
        )
        # fmt: on
