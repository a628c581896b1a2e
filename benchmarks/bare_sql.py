"""The baseline: the rows an enrolment must write, written by plain SQL from values that are ready in memory.

Same tables, constraints, triggers, row security, roles and sealing; no reading, no judging, no comparing.
"""

import hashlib
import json
import time
from datetime import date
from typing import Any

import psycopg

from benchmarks.city import DAY, City
from lindung.access.sealing import blind_index_many, seal_bytes, seal_many
from lindung.engine import addresses
from lindung.membership import intake, sealed_rows
from lindung.membership.judging import Judged

SINCE = date(2025, 6, 1)
SETTINGS = ("app.actor", "app.actor_name", "app.scope", "app.sponsors", "app.kelurahan")


def measured(city: City, content: bytes) -> float:
    """Seconds for the bare writes of the people in this file."""
    rows = intake.read(content, on=DAY, occupation="buruh").rows
    started = time.perf_counter()
    with psycopg.connect(**addresses.as_role(addresses.APP)) as connection, connection.cursor() as cursor:
        values = (str(city.officer.user_id), city.officer.name, "system:enrolling", "*", "*")
        for name, value in zip(SETTINGS, values, strict=True):
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        roster = _roster(cursor, city, content)
        _roster_rows(cursor, city, roster, rows)
        _people(cursor, city, roster, rows)
    return round(time.perf_counter() - started, 2)


def _one(cursor: psycopg.Cursor[Any], query: str, values: list[Any]) -> int:
    found = cursor.execute(query, values).fetchone()
    return int(found[0]) if found else 0


def _event(cursor: psycopg.Cursor[Any], city: City, action: str) -> int:
    return _one(
        cursor,
        "INSERT INTO access_auditevent (actor_id, actor_name, action, subject, sponsor_id, detail)"
        " VALUES (%s, %s, %s, 'bare', %s, '{}') RETURNING id",
        [city.officer.user_id, city.officer.name, action, city.sponsor_id],
    )


def _roster(cursor: psycopg.Cursor[Any], city: City, content: bytes) -> int:
    document = _one(cursor, "SELECT nextval('documents_document_id_seq')", [])
    digest = hashlib.sha256(content).hexdigest()
    sealed = seal_bytes(content, table="documents_document", column="content", row_id=document)
    cursor.execute(
        "INSERT INTO documents_document (id, kind, name, sha256, size, content, sponsor_id, received_by_id,"
        " received_by_name, received_at) VALUES (%s, 'roster', 'bare', %s, %s, %s, %s, %s, %s, now())",
        [document, digest, len(content), sealed, city.sponsor_id, city.officer.user_id, city.officer.name],
    )
    return _one(
        cursor,
        "INSERT INTO membership_roster (agreement_id, segment_id, sponsor_id, document_id, sha256, status, headers,"
        " fields, received_by_id, received_at, event_id)"
        " VALUES (%s, %s, %s, %s, %s, 'received', '{}', '{}', %s, now(), %s) RETURNING id",
        [
            city.agreement_id,
            city.segment_id,
            city.sponsor_id,
            document,
            digest,
            city.officer.user_id,
            _event(cursor, city, "received"),
        ],
    )


def _roster_rows(cursor: psycopg.Cursor[Any], city: City, roster: int, rows: list[Judged]) -> None:
    cursor.execute(
        "CREATE TEMP TABLE rows (number int, kelurahan text, problems jsonb, sealed bytea) ON COMMIT DROP"
    )
    with cursor.copy("COPY rows FROM STDIN") as copy:
        for row, sealed in zip(rows, sealed_rows.write_many(roster, rows), strict=True):
            place = row.facts.kelurahan_code if row.facts else ""
            copy.write_row((row.line, place, json.dumps(row.problems), sealed))
    cursor.execute(
        "INSERT INTO membership_rosterrow (roster_id, number, sponsor_id, kelurahan_code, verdict, problems, sealed)"
        " SELECT %s, number, %s, kelurahan, 'ready', problems, sealed FROM rows",
        [roster, city.sponsor_id],
    )


def _people(cursor: psycopg.Cursor[Any], city: City, roster: int, rows: list[Judged]) -> None:
    event = _event(cursor, city, "enrolled")
    cursor.execute("SET LOCAL ROLE lindung_loader")
    cursor.execute(
        "CREATE TEMP TABLE new (line int, id bigint, nik_index bytea, nik_sealed bytea, name text, name_key text,"
        " birth_place text, birth_date date, sex text, kelurahan text, phone_sealed bytea, phone_index bytea,"
        " occupation text, sector text) ON COMMIT DROP"
    )
    ids = [
        found[0]
        for found in cursor.execute(
            "SELECT nextval('people_person_id_seq') FROM generate_series(1, %s)", [len(rows)]
        )
    ]
    facts = [row.facts for row in rows if row.facts]
    niks, phones = [fact.nik for fact in facts], [fact.phone for fact in facts]
    sealed = zip(
        seal_many(zip(ids, niks, strict=True), table="people_person", column="nik_sealed"),
        seal_many(zip(ids, phones, strict=True), table="people_person", column="phone_sealed"),
        blind_index_many("nik", niks),
        blind_index_many("phone", phones),
        strict=True,
    )
    with cursor.copy("COPY new FROM STDIN") as copy:
        for person, row, f, (nik, phone, nik_index, phone_index) in zip(
            ids, rows, facts, sealed, strict=True
        ):
            copy.write_row(
                (row.line, person, nik_index, nik, f.name, f.name_key, f.birth_place, f.birth_date,
                 f.sex, f.kelurahan_code, phone, phone_index, f.occupation, f.sector)
            )  # fmt: skip
    for statement in STATEMENTS:
        cursor.execute(
            statement,
            {
                "event": event,
                "sponsor": city.sponsor_id,
                "agreement": city.agreement_id,
                "segment": city.segment_id,
                "day": DAY,
                "since": SINCE,
                "roster": roster,
            },
        )


STATEMENTS = (
    """INSERT INTO people_person (id, name, name_key, birth_place, birth_date, sex, kelurahan_code, nik_sealed,
              nik_index, phone_sealed, phone_index, event_id)
       SELECT id, name, name_key, birth_place, birth_date, sex, kelurahan, nik_sealed, nik_index, phone_sealed,
              phone_index, %(event)s FROM new""",
    "INSERT INTO people_personscope (person_id, sponsor_id, event_id) SELECT id, %(sponsor)s, %(event)s FROM new",
    """INSERT INTO membership_work (person_id, kind, occupation, sector, event_id)
       SELECT id, 'bpu', occupation, sector, %(event)s FROM new""",
    """INSERT INTO membership_membership (person_id, work_id, agreement_id, segment_id, sponsor_id, kelurahan_code,
              programmes, registered_on, since, event_id)
       SELECT n.id, w.id, %(agreement)s, %(segment)s, %(sponsor)s, n.kelurahan, '{jkk,jkm}', %(day)s, %(since)s,
              %(event)s FROM new n JOIN membership_work w ON w.person_id = n.id""",
    """UPDATE membership_rosterrow r SET verdict = 'enrolled', person_id = n.id FROM new n
        WHERE r.roster_id = %(roster)s AND r.number = n.line""",
)
