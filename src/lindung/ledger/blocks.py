"""Closes what is finished into blocks that hash it and the block before, and finds where a block no longer fits."""

from typing import NamedTuple

from django.db import connection

from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.ledger.models import Chain

CLOSER = Actor(None, "Lindung")
TABLES = {Chain.ENTRIES.value: "ledger_entry", Chain.EVENTS.value: "access_auditevent"}
"""Whose `txid` says which block a row is of."""


class Tip(NamedTuple):
    """Where a chain ends: its newest block, and the rows of all its blocks together."""

    number: int
    until_txid: int
    hash: bytes
    rows: int


def close() -> dict[str, int]:
    """Close every row whose transaction has ended and before which none still runs; how many blocks that made.

    Each block is a transaction of its own: who is stopped in the middle has closed whole blocks, and the next one
    goes on. What is empty makes no block; of two who close at once the second finds the work done. A transaction
    that stays open holds up what was written after it began, and nothing else.

    Raises IntegrityError (block_goes_forward) where the database was filled from a dump: its transactions count
    anew, so that nothing can be closed that nobody could add to later (docs/verify.md).
    """
    return {chain: _closed(chain) for chain in Chain.values}


def _closed(chain: str) -> int:
    made = 0
    while _close_one(chain) is not None:
        made += 1
    return made


def _close_one(chain: str) -> int | None:
    with system_scope(SystemScope.MAINTENANCE, actor=CLOSER), connection.cursor() as cursor:
        cursor.execute("SELECT lindung_close_block(%s)", [chain])
        (number,) = cursor.fetchone()
    return None if number is None else int(number)


def tips() -> dict[str, Tip]:
    """The newest block of each chain that has one."""
    with connection.cursor() as cursor:
        cursor.execute(_TIPS)
        return {
            chain: Tip(number, int(until), bytes(hash_), int(rows))
            for chain, number, until, hash_, rows in cursor.fetchall()
        }


def block_at(chain: str, number: int) -> Tip | None:
    """The block of this number, with the rows up to and with it; None when it is not there."""
    with connection.cursor() as cursor:
        cursor.execute(_AT, [chain, number])
        found = cursor.fetchone()
    return None if found is None else Tip(number, int(found[0]), bytes(found[1]), int(found[2]))


_TIPS = """
SELECT DISTINCT ON (chain) chain, number, until_txid::text, hash, sum(rows) OVER (PARTITION BY chain)
  FROM ledger_block ORDER BY chain, number DESC
"""
_AT = """
SELECT b.until_txid::text, b.hash, (SELECT sum(r.rows) FROM ledger_block r WHERE r.chain = b.chain AND r.number <= b.number)
  FROM ledger_block b WHERE b.chain = %s AND b.number = %s
"""

# Said here once more and not asked of the functions by which blocks are closed: whoever changes those to hide
# something has not changed this.
_EVENT = """
SELECT v.id, json_build_array(
           v.id, v.txid::text, (extract(epoch FROM v.at) * 1000000)::bigint, v.actor_id, v.actor_name, v.action,
           v.subject, v.sponsor_id, v.detail)::text AS said
  FROM access_auditevent v WHERE v.txid >= b.from_txid AND v.txid < b.until_txid
"""
_ENTRY = """
SELECT e.id, json_build_array(
           e.id, e.txid::text, e.sponsor_id, e.month, e."on", e.reverses_id, i.id, i.kind, i.reference, i.amount,
           i.sponsor_id, i.event_id, p.lines)::text AS said
  FROM ledger_entry e
  LEFT JOIN ledger_instruction i ON i.id = e.instruction_id
  LEFT JOIN LATERAL (
       SELECT json_agg(json_build_array(l.line, a.code, l.amount, l.sponsor_id) ORDER BY l.line) AS lines
         FROM ledger_posting l LEFT JOIN ledger_account a ON a.id = l.account_id
        WHERE l.month = e.month AND l.entry_id = e.id) p ON true
 WHERE e.txid >= b.from_txid AND e.txid < b.until_txid
"""
_MISFITS = """
SELECT format('%s block %s, closed %s: %s', b.chain, b.number, to_char(b.closed_at, 'YYYY-MM-DD HH24:MI'),
              CASE WHEN NOT b.fits THEN 'does not follow the block before'
                   WHEN NOT b.says THEN 'its hash is not of what it says'
                   WHEN coalesce(d.n, 0) <> b.rows THEN format('%s rows when closed, %s now', b.rows, coalesce(d.n, 0))
                   ELSE 'a row has changed' END)
  FROM (SELECT c.*,
               c.number = 1 + coalesce(lag(c.number) OVER w, 0)
               AND c.from_txid = coalesce(lag(c.until_txid) OVER w, '0'::xid8)
               AND c.previous = coalesce(lag(c.hash) OVER w, decode(repeat('00', 32), 'hex')) AS fits,
               c.hash = sha256(convert_to(jsonb_build_array(
                   c.chain, c.number, c.from_txid::text, c.until_txid::text, c.rows, encode(c.digest, 'hex'),
                   encode(c.previous, 'hex'), (extract(epoch FROM c.closed_at) * 1000000)::bigint)::text, 'UTF8')) AS says
          FROM ledger_block c WHERE c.chain = '{chain}' WINDOW w AS (ORDER BY c.number)) b
  LEFT JOIN LATERAL (
       SELECT sum(part.n) AS n, sha256(string_agg(part.hash, ''::bytea ORDER BY part.bucket)) AS digest
         FROM (SELECT r.id >> 10 AS bucket, count(*) AS n,
                      sha256(convert_to(string_agg(r.said, E'\\n' ORDER BY r.id), 'UTF8')) AS hash
                 FROM ({rows}) r GROUP BY 1) part) d ON true
 WHERE NOT b.fits OR NOT b.says OR d.digest IS DISTINCT FROM b.digest OR coalesce(d.n, 0) <> b.rows
UNION ALL
SELECT format('{chain} row %s: of transaction %s, which has not begun yet', s.id, s.txid)
  FROM {table} s WHERE s.txid >= pg_snapshot_xmax(pg_current_snapshot()) AND s.txid IS DISTINCT FROM pg_current_xact_id_if_assigned()
 ORDER BY 1 LIMIT 20
"""


def misfits(chain: Chain) -> str:
    """The question that finds blocks of a chain whose rows, hash or place are not what they were when closed."""
    rows = _EVENT if chain == Chain.EVENTS else _ENTRY
    return _MISFITS.format(chain=chain.value, rows=rows, table=TABLES[chain])
