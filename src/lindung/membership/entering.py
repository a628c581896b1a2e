"""Puts judged people into the register, from a list or one by one: persons, works, memberships, wages, sight."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from django.db import connection

from lindung.access.sealing import blind_index_many, seal_many
from lindung.law import limits
from lindung.membership import own_payers, wages
from lindung.membership.employment import EmployerUnit
from lindung.membership.judging import Facts
from lindung.partnership.models import Agreement, AgreementKind, Segment

CHUNK = 5_000

_INCOMING = """
CREATE TEMP TABLE incoming (
    line int, person_id bigint, nik_index bytea, nik_sealed bytea, name text, name_key text, birth_place text,
    birth_date date, sex text, kelurahan_code text, phone_sealed bytea, phone_index bytea, occupation text,
    sector text, basis text, wage bigint, days int, monthly bigint, slot int, taken boolean
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

# Who is known keeps his id. A BPU is taken when somebody has enrolled him since the row was judged ready, or when
# both his works are in force; a wage earner may have any other work beside.
_KNOWN_PEOPLE = """
UPDATE incoming i
   SET person_id = p.id, slot = free.slot,
       taken = %(unit)s::bigint IS NULL
               AND (free.held >= %(works)s OR free.slot IS NULL OR (free.held > 0 AND NOT %(beside)s))
  FROM people_person p,
       LATERAL (SELECT count(*) AS held,
                       (SELECT min(s) FROM generate_series(1, 2) s WHERE s <> ALL (coalesce(array_agg(m.slot), '{}')))
                       AS slot
                  FROM membership_membership m
                 WHERE m.person_id = p.id AND m.slot IS NOT NULL
                   AND (m.until IS NULL OR m.until > greatest(m.since, %(since)s))) free
 WHERE p.nik_index = i.nik_index AND p.id <> i.person_id
"""

_SAME_WORK = """
    w.person_id = i.person_id AND (w.unit_id = %(unit)s
        OR (%(unit)s::bigint IS NULL AND w.kind = 'bpu' AND w.occupation = i.occupation))
"""

_WORKS = """
INSERT INTO membership_work (person_id, kind, unit_id, occupation, sector, event_id)
SELECT i.person_id, CASE WHEN %(unit)s::bigint IS NULL THEN 'bpu' ELSE 'employer_unit' END, %(unit)s,
       i.occupation, i.sector, %(event)s
  FROM incoming i
 WHERE NOT i.taken AND NOT EXISTS (SELECT 1 FROM membership_work w WHERE SAME_WORK)
 ORDER BY i.person_id ON CONFLICT DO NOTHING
""".replace("SAME_WORK", _SAME_WORK)

_MEMBERSHIPS = """
INSERT INTO membership_membership (person_id, work_id, agreement_id, segment_id, sponsor_id, kelurahan_code,
                                   programmes, registered_on, since, slot, event_id)
SELECT i.person_id, w.id, %(agreement)s, %(segment)s, %(sponsor)s, i.kelurahan_code,
       %(programmes)s, %(registered_on)s, %(since)s,
       CASE WHEN %(unit)s::bigint IS NULL THEN i.slot END, %(event)s
  FROM incoming i JOIN membership_work w ON SAME_WORK
 WHERE NOT i.taken ORDER BY i.person_id
    ON CONFLICT DO NOTHING
""".replace("SAME_WORK", _SAME_WORK)

_WAGES = """
INSERT INTO membership_wage (membership_id, sponsor_id, since, basis, amount, days, monthly, event_id)
SELECT m.id, m.sponsor_id, m.since, i.basis, i.wage, i.days, i.monthly, %(event)s
  FROM incoming i JOIN membership_membership m ON m.person_id = i.person_id AND m.event_id = %(event)s
 WHERE i.wage IS NOT NULL AND %(unit)s::bigint IS NOT NULL ORDER BY m.id
"""

# Only whom the sponsor has enrolled just now: who was taken by another list stays out of its sight.
_SEEN = """
INSERT INTO people_personscope (person_id, sponsor_id, event_id)
SELECT i.person_id, %(sponsor)s, %(event)s
  FROM incoming i JOIN membership_membership m ON m.person_id = i.person_id AND m.event_id = %(event)s
 ORDER BY i.person_id ON CONFLICT DO NOTHING
"""


class Place(NamedTuple):
    """Where people come in: agreement, segment, employer unit (None for BPU), from when, and the event of the run.

    ``beside`` lets in somebody who has another BPU work in force, which a list is asked about first. People who pay
    for themselves come with the monthly ``income`` they declare (whole rupiah; nought: lowest band); ``programmes``
    are theirs where they chose some, else those of the agreement.
    """

    agreement: Agreement
    segment: Segment
    unit_id: int | None
    registered_on: date
    since: date
    event_id: int
    beside: bool = False
    income: int | None = None
    programmes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        agreement: Agreement,
        segment: Segment,
        *,
        registered_on: date,
        since: date,
        event_id: int,
        beside: bool = False,
    ) -> "Place":
        """The place in an agreement, with its employer unit when it is an employer's."""
        units = EmployerUnit.objects.filter(agreement=agreement).values_list("pk", flat=True)
        return cls(agreement, segment, units.first(), registered_on, since, event_id, beside)

    def values(self) -> dict[str, int | str | bool | date | list[str] | None]:
        """What the statements are filled with."""
        return {
            "event": self.event_id,
            "sponsor": self.agreement.sponsor_id,
            "agreement": self.agreement.pk,
            "segment": self.segment.pk,
            "unit": self.unit_id,
            "programmes": list(self.programmes or self.agreement.programmes),
            "registered_on": self.registered_on,
            "since": self.since,
            "beside": self.beside,
            "works": limits.bpu_occupations(on=self.since),
        }


@contextmanager
def entered(ready: Sequence[tuple[int, Facts]], place: Place) -> Iterator[int]:
    """Enter (line, facts) in one statement a table and give how many came in; the others were taken meanwhile.

    Inside, the loader's role and the temporary table ``incoming`` (line, person_id) are still there, so that the
    caller can mark his rows. Call it in a scope that sees every sponsor. Wages follow the law of the first month.
    """
    values = place.values()
    with connection.cursor() as cursor:
        # Only this role may add people and memberships; it ends with the transaction or here.
        cursor.execute("SET LOCAL ROLE lindung_loader")
        cursor.execute(_INCOMING)
        ids = _drawn_ids(len(ready))
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for start in range(0, len(ready), CHUNK):
                part = slice(start, start + CHUNK)
                for row in _incoming(ids[part], ready[part], place):
                    copy.write_row(row)
        cursor.execute("ANALYZE incoming")
        for statement in (_PEOPLE, _KNOWN_PEOPLE, _WORKS):
            cursor.execute(statement, values)
        cursor.execute(_MEMBERSHIPS, values)
        came = int(cursor.rowcount)
        for statement in (_WAGES, _SEEN):
            cursor.execute(statement, values)
        if place.agreement.kind == AgreementKind.INDEPENDENT:
            income = place.agreement.monthly_income if place.income is None else place.income
            own_payers.entered(event_id=place.event_id, income=own_payers.given(income))
        yield came
        cursor.execute("DROP TABLE incoming")
        cursor.execute("SET LOCAL ROLE NONE")


def _drawn_ids(count: int) -> list[int]:
    """Ids drawn before the rows exist, because a sealed number is bound to the id of its row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('people_person_id_seq') FROM generate_series(1, %s)", [count])
        return [person_id for (person_id,) in cursor.fetchall()]


def _incoming(
    ids: Sequence[int], ready: Sequence[tuple[int, Facts]], place: Place
) -> Iterator[tuple[object, ...]]:
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
        _month_wages(facts, place),
        strict=True,
    )
    for person_id, (line, row), nik_sealed, nik_index, phone_sealed, phone_index, month in sealed:
        # fmt: off
        yield (
            line, person_id, nik_index, nik_sealed, row.name, row.name_key, row.birth_place, row.birth_date, row.sex,
            row.kelurahan_code, phone_sealed if row.phone else None, phone_index if row.phone else None,
            row.occupation, row.sector, row.wage_basis, row.wage, month.days, month.monthly, 1, False,
        )
        # fmt: on


def _month_wages(facts: Sequence[Facts], place: Place) -> Iterator[wages.MonthWage]:
    """The month's wage of each, the law asked once for each different wage; nothing for a BPU."""
    asked: dict[tuple[str, int | None], wages.MonthWage] = {("", None): wages.MonthWage(0, 0)}
    for row in facts:
        key = (row.wage_basis, row.wage) if place.unit_id is not None else ("", None)
        if key not in asked:
            asked[key] = wages.month_wage(basis=row.wage_basis, amount=row.wage or 0, on=place.since)
        yield asked[key]
