"""Invariants that belong to no single room: accounts by two people, tasks that live, and what holds in every table."""

from django.db import connection

from lindung.law.text import Text
from lindung.ledger.proof import Proof

PROOFS: tuple[Proof, ...] = (
    Proof(
        "accounts.by_two_people",
        Text(
            "Tidak ada perubahan akun yang diusulkan dan disetujui orang yang sama, atau untuk dirinya sendiri.",
            "No change of an account was asked for and approved by the same person, or by its owner.",
        ),
        """
        SELECT format('account change %s (%s): asked by user %s, approved by %s', id, kind, requested_by_id, decided_by_id)
          FROM access_accountchange
         WHERE decision = 'approved'
           AND (requested_by_id = decided_by_id OR user_id IN (requested_by_id, decided_by_id)) LIMIT 20
        """,
    ),
    Proof(
        "tasks.are_alive",
        Text(
            "Tidak ada tugas yang dikerjakan oleh pekerja yang sudah 60 detik diam.",
            "No task is in the hands of a worker that has been silent for 60 seconds.",
        ),
        """
        SELECT format('task %s (%s): last sign of life %s', j.id, j.task_name, w.last_heartbeat)
          FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
         WHERE j.status = 'doing' AND coalesce(w.last_heartbeat, '-infinity') < now() - interval '60 seconds' LIMIT 20
        """,
    ),
)

# A whole NIK: region, birth date with 40 added for women, serial. Its digits stand alone: in the hash of a file they
# have neighbours.
_NIK = (
    r"(^|[^0-9A-Fa-f])[1-9][0-9]{5}(0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(0[1-9]|1[0-2])[0-9]{6}"
    r"([^0-9A-Fa-f]|$)"
)
_TYPED = {("contributions_payment", "order_number")}
"""The treasury's own number, typed from its paper: sixteen digits that may look like a NIK."""

_IN_TEXTS = """
SELECT c.table_name, c.column_name FROM information_schema.columns c
  JOIN pg_class k ON k.oid = to_regclass(format('%I.%I', c.table_schema, c.table_name))
 WHERE c.table_schema = 'public' AND k.relkind IN ('r', 'p') AND NOT k.relispartition
   AND c.data_type IN ('character varying', 'text', 'json', 'jsonb', 'ARRAY')
   AND has_table_privilege(k.oid, 'SELECT') ORDER BY 1, c.ordinal_position
"""
_WITH_EVENT = """
SELECT c.table_name, bool_or(c.column_name = 'sponsor_id') FROM information_schema.columns c
  JOIN pg_class k ON k.oid = to_regclass(format('%I.%I', c.table_schema, c.table_name))
 WHERE c.table_schema = 'public' AND k.relkind IN ('r', 'p') AND NOT k.relispartition
   AND has_table_privilege(k.oid, 'SELECT')
 GROUP BY 1 HAVING bool_or(c.column_name = 'event_id') ORDER BY 1
"""


def of_every_table() -> tuple[Proof, ...]:
    """The proofs about all tables: one that is new today is looked into today."""
    return (_without_nik(), _with_their_event())


def _without_nik() -> Proof:
    """One line for each column in which a NIK stands; the NIK itself is not said."""
    looks = [
        _NIK_IN.format(table=table, column=column, nik=_NIK)
        for table, column in _asked(_IN_TEXTS)
        if (table, column) not in _TYPED
    ]
    return Proof(
        "tables.without_nik",
        Text(
            "Tidak ada NIK utuh di kolom teks mana pun; NIK hanya ada di kolom tersegel.",
            "No whole NIK stands in any column of text; only sealed columns hold it.",
        ),
        _together(looks),
    )


def _with_their_event() -> Proof:
    looks = [
        _EVENT_OF.format(table=table, or_another_sponsor=_OTHER_SPONSOR if of_a_sponsor else "")
        for table, of_a_sponsor in _asked(_WITH_EVENT)
    ]
    return Proof(
        "tables.with_their_event",
        Text(
            "Setiap baris yang menyebut catatan jejak punya catatan itu, dari sponsor yang sama.",
            "Each row that names an event of the trail has it, of the same sponsor.",
        ),
        _together(looks),
    )


_NIK_IN = """
SELECT format('%s.%s: %s rows', '{table}', '{column}', count(*)) AS wrong FROM "{table}"
 WHERE "{column}"::text ~ '{nik}' HAVING count(*) > 0
"""
_EVENT_OF = """
SELECT format('%s of event %s: %s rows', '{table}', t.event_id, count(*)) AS wrong FROM "{table}" t
  LEFT JOIN access_auditevent v ON v.id = t.event_id
 WHERE t.event_id IS NOT NULL AND (v.id IS NULL{or_another_sponsor}) GROUP BY t.event_id
"""
_OTHER_SPONSOR = " OR v.sponsor_id IS DISTINCT FROM t.sponsor_id"


def _together(looks: list[str]) -> str:
    return f"SELECT wrong FROM ({' UNION ALL '.join(looks)}) every_table LIMIT 20"  # noqa: S608 - names from the catalogue


def _asked(question: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())
