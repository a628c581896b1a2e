"""Many invented members of one agreement, written at once: what a measurement of money starts from, not what it measures."""

import psycopg

from benchmarks.city import DAY, City
from lindung.engine import addresses

_LOAD = """
SET session_replication_role = replica;
CREATE TEMP TABLE crowd AS
SELECT nextval('people_person_id_seq') AS person, nextval('membership_work_id_seq') AS work, n
  FROM generate_series(1, %(people)s) AS n;
INSERT INTO people_person (id, name, name_key, birth_place, birth_date, sex, kelurahan_code, nik_sealed, nik_index,
                           event_id)
SELECT person, 'Orang ' || n, 'orang ' || n, '', date '1970-01-01' + (n %% 10000), 'M', %(place)s,
       sha256(int8send(person)), sha256(int8send(person)), %(event)s FROM crowd;
INSERT INTO people_personscope (person_id, sponsor_id, event_id) SELECT person, %(sponsor)s, %(event)s FROM crowd;
INSERT INTO membership_work (id, person_id, kind, occupation, sector, event_id)
SELECT work, person, 'bpu', 'buruh', 'other', %(event)s FROM crowd;
INSERT INTO membership_membership (person_id, work_id, agreement_id, segment_id, sponsor_id, kelurahan_code, programmes,
                                   registered_on, since, slot, event_id)
SELECT person, work, %(agreement)s, %(segment)s, %(sponsor)s, %(place)s, '{jkk,jkm}', %(on)s, %(since)s, 1, %(event)s
  FROM crowd;
SET session_replication_role = origin;
"""
PLACE = "15.71.07.1001"


def enrol(city: City, people: int, *, since: str = "2025-06-01") -> None:
    """So many members from that month on, then statistics as a database that has run for a day has them."""
    with psycopg.connect(**addresses.as_administrator(), autocommit=True) as connection:
        found = connection.execute("SELECT max(id) FROM access_auditevent").fetchone()
        values = {
            "people": people, "place": PLACE, "event": found and found[0], "sponsor": city.sponsor_id,
            "agreement": city.agreement_id, "segment": city.segment_id, "on": DAY, "since": since,
        }  # fmt: skip
        psycopg.ClientCursor(connection).execute(_LOAD, values)
        connection.execute("VACUUM ANALYZE")
