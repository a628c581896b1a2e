"""Writes judged rows of a list over those that are there: sealed again, and one revision further."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from lindung.membership import intake, sealed_rows
from lindung.membership.judging import Judged

_UPDATE = """
UPDATE membership_rosterrow r
   SET kelurahan_code = n.place, verdict = n.verdict, problems = n.problems::jsonb, sealed = n.sealed,
       nik_index = n.nik_index, twin_index = n.twin_index, revision = r.revision + 1, gone = r.gone AND NOT %s
  FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[],
              %s::bytea[]) AS n (number, place, verdict, problems, sealed, nik_index, twin_index)
 WHERE r.roster_id = %s AND r.number = n.number
"""


def rewrite(roster_id: int, rows: Sequence[Judged], *, back: bool) -> None:
    """Write these rows; ``back`` says that they stand in the newest file, also those that were gone from it.

    What they said before is recorded first (``mending.record_changes``): the database demands it.
    """
    values: list[list[Any]] = [
        [row.line for row in rows],
        [row.facts.kelurahan_code if row.facts else "" for row in rows],
        [str(row.verdict) for row in rows],
        [json.dumps(row.problems) for row in rows],
        sealed_rows.write_many(roster_id, rows),
        *map(list, zip(*intake.indexes(rows), strict=True)),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [back, *values, roster_id])
