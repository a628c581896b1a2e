"""What the money of a bank line may be for: proposals with their reasons, found for all waiting lines at once.

A proposal changes nothing. It is *exact* where the line names a code of ours and its amount is the bill's to the
rupiah; *likely* where only the amount, or the payer's name with it, speaks for one bill and no other; else *possible*.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from django.db import connection

from lindung.law.text import Text


class Rank(IntEnum):
    """How sure a proposal is; the first is the surest."""

    EXACT = 1
    LIKELY = 2
    POSSIBLE = 3


RANKS = {
    Rank.EXACT: Text("Pasti", "Exact"),
    Rank.LIKELY: Text("Mungkin sekali", "Likely"),
    Rank.POSSIBLE: Text("Mungkin", "Possible"),
}

REASONS = {
    "order": Text(
        "Menyebut nomor SP2D yang sudah disahkan, dengan jumlah yang sama.",
        "Names a confirmed SP2D, of the same amount.",
    ),
    "bill_code": Text("Menyebut kode tagihan, jumlahnya sama.", "Names the bill's code, of the same amount."),
    "contribution_code": Text(
        "Menyebut kode iuran, jumlahnya sama.", "Names the kode iuran, of the same amount."
    ),
    "agreement_code": Text(
        "Menyebut kode kerja sama, jumlahnya sama dengan satu tagihannya.",
        "Names the agreement, of the amount of one of its bills.",
    ),
    "completes": Text(
        "Menggenapi tagihan yang uangnya sudah masuk sebagian.", "Completes a bill that is partly paid in."
    ),
    "name_and_amount": Text(
        "Nama pengirim dan jumlahnya sama dengan satu tagihan mandiri.",
        "The payer's name and the amount are those of one self-paid bill.",
    ),
    "amount": Text("Hanya satu tagihan bernilai sama.", "Only one open bill is of this amount."),
    "several": Text(
        "Sama dengan beberapa tagihan tertua dari satu kantong.",
        "Equals the oldest bills of one purse together.",
    ),
    "other_amount": Text(
        "Menyebut kode tagihan ini, tetapi jumlahnya lain.", "Names this bill, but the amount differs."
    ),
    "name": Text(
        "Nama pengirim sama dengan seorang peserta mandiri.", "The payer has the name of a self-payer."
    ),
    "closed": Text(
        "Menyebut tagihan yang sudah lunas, diganti atau dibatalkan; uangnya menunggu tagihan berikutnya.",
        "Names a bill that is paid, replaced or cancelled; the money waits for the next one.",
    ),
}
"""Why a line is proposed for something, by its stable code."""

PAY_CODE = "LND"


def pay_code(bill_id: int) -> str:
    """The code of a bill that a payer writes into the text of a transfer."""
    return f"{PAY_CODE}{bill_id:06}"


class Proposal(NamedTuple):
    """One way to match a line: to bills of one purse, or to a payment recorded before; ``asked`` in whole rupiah."""

    line_id: int
    rank: Rank
    reason: str
    agreement_id: int
    membership_id: int | None
    bill_ids: tuple[int, ...]
    payment_id: int | None
    asked: int


_LINES = """
WITH lines AS MATERIALIZED (
    SELECT l.id, l.sponsor_id, l.words, l.amount - coalesce(
               (SELECT sum(m.amount)::bigint FROM contributions_linematch m
                 WHERE m.line_id = l.id AND m.undone_event_id IS NULL), 0) AS amount
      FROM contributions_statementline l WHERE l.state = 'unmatched' AND {which}
), open AS MATERIALIZED (
    SELECT b.id, b.agreement_id, b.membership_id, b.sponsor_id, b.month, b.total,
           sum(b.total) OVER purse AS upto, count(*) OVER purse AS nth, array_agg(b.id) OVER purse AS ids
      FROM contributions_bill b WHERE b.status = 'final' AND b.sponsor_id IN (SELECT sponsor_id FROM lines)
    WINDOW purse AS (PARTITION BY b.agreement_id, b.membership_id ORDER BY b.month, b.id)
), said AS MATERIALIZED (
    SELECT l.id, l.sponsor_id, l.amount, w.word, w.n FROM lines l, unnest(l.words) WITH ORDINALITY AS w(word, n)
), named AS MATERIALIZED (
    SELECT s.id AS line, s.amount, b.id AS bill, b.agreement_id, b.membership_id, b.total, b.status, 'bill_code' AS reason
      FROM said s JOIN contributions_bill b
        ON b.id = (CASE WHEN s.word ~ '^LND[0-9]{{6,12}}$' THEN substr(s.word, 4)::bigint END)
       AND b.sponsor_id = s.sponsor_id AND b.status <> 'draft'
    UNION
    SELECT s.id, s.amount, b.id, b.agreement_id, b.membership_id, b.total, b.status, 'contribution_code'
      FROM contributions_contributioncode c
      JOIN said s ON s.word = upper(regexp_replace(c.code, '[^A-Za-z0-9]', '', 'g')) AND s.sponsor_id = c.sponsor_id
      JOIN contributions_bill b ON b.agreement_id = c.agreement_id AND b.month = c.month
       AND b.membership_id IS NULL AND b.status <> 'draft'
), waiting AS MATERIALIZED (
    SELECT o.*, o.total - h.amount AS lacks
      FROM open o
      JOIN ledger_account a ON a.code = CASE WHEN o.membership_id IS NULL THEN 'held:agreement:' || o.agreement_id
                                             ELSE 'held:membership:' || o.membership_id END
      JOIN ledger_balance h ON h.account_id = a.id
     WHERE o.nth = 1 AND h.amount > 0 AND h.amount < o.total
), payers AS MATERIALIZED (
    SELECT o.*, regexp_split_to_array(p.name_key, ' +') AS parts
      FROM open o JOIN membership_membership m ON m.id = o.membership_id JOIN people_person p ON p.id = m.person_id
), spoken AS MATERIALIZED (
    SELECT id, amount, sponsor_id, word AS words FROM said WHERE word ~ '^[a-z]'
    UNION ALL
    SELECT id, amount, sponsor_id, word || ' ' || lead(word) OVER (PARTITION BY id ORDER BY n) FROM said
     WHERE word ~ '^[a-z]'
), meant AS MATERIALIZED (
    SELECT DISTINCT s.id AS line, s.amount, p.id AS bill, p.agreement_id, p.membership_id, p.total
      FROM spoken s JOIN payers p ON s.sponsor_id = p.sponsor_id
       AND s.words = CASE WHEN cardinality(p.parts) > 1 THEN p.parts[1] || ' ' || p.parts[2] ELSE p.parts[1] END
       AND (cardinality(p.parts) > 1 OR s.amount = p.total)
      JOIN lines l ON l.id = s.id AND l.words @> p.parts::varchar[]
)
"""

_FOUND = """
SELECT s.id, 1, 'order', p.agreement_id, p.membership_id, ARRAY[]::bigint[], p.id, p.amount
  FROM contributions_payment p
  JOIN said s ON s.word = upper(regexp_replace(p.order_number, '[^A-Za-z0-9]', '', 'g')) AND s.sponsor_id = p.sponsor_id
 WHERE p.source <> 'bank' AND p.confirmed_at IS NOT NULL AND p.reversed_at IS NULL AND p.amount = s.amount
   AND NOT EXISTS (SELECT 1 FROM contributions_linematch m WHERE m.payment_id = p.id AND m.undone_event_id IS NULL)
UNION ALL
SELECT line, 1, reason, agreement_id, membership_id, ARRAY[bill], NULL, total
  FROM named WHERE status = 'final' AND amount = total
UNION ALL
SELECT s.id, 1, 'agreement_code', o.agreement_id, NULL, ARRAY[o.id], NULL, o.total
  FROM partnership_agreement g
  JOIN said s ON s.word = upper(regexp_replace(g.code, '[^A-Za-z0-9]', '', 'g')) AND s.sponsor_id = g.sponsor_id
  JOIN open o ON o.agreement_id = g.id AND o.membership_id IS NULL AND o.total = s.amount
UNION ALL
SELECT l.id, 2, 'completes', w.agreement_id, w.membership_id, ARRAY[w.id], NULL, w.lacks
  FROM waiting w JOIN lines l ON l.amount = w.lacks AND l.sponsor_id = w.sponsor_id
UNION ALL
SELECT line, 2, 'name_and_amount', agreement_id, membership_id, ARRAY[bill], NULL, total FROM meant WHERE amount = total
UNION ALL
SELECT l.id, 2, 'amount', o.agreement_id, o.membership_id, ARRAY[o.bill], NULL, o.total
  FROM (SELECT sponsor_id, total, min(id) AS bill, min(agreement_id) AS agreement_id, min(membership_id) AS membership_id
          FROM open GROUP BY sponsor_id, total HAVING count(*) = 1) o
  JOIN lines l ON l.sponsor_id = o.sponsor_id AND l.amount = o.total
UNION ALL
SELECT l.id, 2, 'several', o.agreement_id, o.membership_id, o.ids, NULL, o.upto
  FROM (SELECT sponsor_id, upto, min(id) AS last FROM open WHERE nth > 1
         GROUP BY sponsor_id, upto HAVING count(*) = 1) one
  JOIN open o ON o.id = one.last
  JOIN lines l ON l.sponsor_id = o.sponsor_id AND l.amount = o.upto
UNION ALL
SELECT line, 3, CASE WHEN status = 'final' THEN 'other_amount' ELSE 'closed' END, agreement_id, membership_id,
       CASE WHEN status = 'final' THEN ARRAY[bill] ELSE ARRAY[]::bigint[] END, NULL, total
  FROM named WHERE status <> 'final' OR amount <> total
UNION ALL
SELECT line, 3, 'name', agreement_id, membership_id, ARRAY[min(bill)], NULL, min(total)
  FROM meant WHERE amount <> total GROUP BY line, agreement_id, membership_id
"""
_EACH = "SELECT * FROM found ORDER BY 1, 2, 3, 4, 5, 6"


def proposals(line_ids: Sequence[int]) -> dict[int, list[Proposal]]:
    """What each of these waiting lines may be for, the surest first; a bill is proposed to a line once.

    Only what the caller sees is proposed, and only within the line's own city. A line that does not wait has none.
    """
    found: dict[int, list[Proposal]] = {line_id: [] for line_id in line_ids}
    seen: set[tuple[object, ...]] = set()
    for each in _asked(line_ids):
        same = (each.line_id, each.agreement_id, each.membership_id, each.bill_ids, each.payment_id)
        if same not in seen:
            seen.add(same)
            found[each.line_id].append(each)
    return found


# The lines with one exact proposal and no other, whose bill or order no other line names exactly: two lines that both pay
# one bill to the rupiah are one payment too many, and a person has to look at them.
_ALONE = """
SELECT line, rank, reason, agreement, membership, bills, payment, asked
  FROM (SELECT once.*, count(*) OVER (PARTITION BY line) AS ways,
               count(*) OVER (PARTITION BY agreement, membership, bills, payment) AS rivals
          FROM (SELECT DISTINCT ON (line, agreement, membership, bills, payment) * FROM found WHERE rank = 1
                 ORDER BY line, agreement, membership, bills, payment, reason) once) alone
 WHERE ways = 1 AND rivals = 1
"""


_PLAN = f"""
INSERT INTO contributions_matchrunline (run_id, line_id, sponsor_id, agreement_id, membership_id, bill_id, payment_id, outcome)
SELECT %s, line, %s, agreement, membership, bills[1], payment, '' FROM ({_ALONE}) one
"""  # noqa: S608 - put together from constants of this file


def plan(*, run_id: int, sponsor_id: int) -> int:
    """Write down the lines of a city that are exact and alone as the plan of a run; how many it has."""
    with connection.cursor() as cursor:
        cursor.execute(_statement("l.sponsor_id = %s", _PLAN), [sponsor_id, run_id, sponsor_id])
        return int(cursor.rowcount)


def count_exact() -> int:
    """How many lines in sight are exact and alone."""
    with connection.cursor() as cursor:
        cursor.execute(_statement("true", f"SELECT count(*) FROM ({_ALONE}) one"))  # noqa: S608 - constants
        (count,) = cursor.fetchone()
    return int(count)


def _statement(which: str, selecting: str) -> str:
    found = f"{_LINES.format(which=which)}, found(line, rank, reason, agreement, membership, bills, payment, asked)"
    # Looked into, not kept: who asks for exact ones only is spared the search for all others.
    return f"{found} AS NOT MATERIALIZED ({_FOUND}) {selecting}"


def _asked(line_ids: Sequence[int]) -> list[Proposal]:
    with connection.cursor() as cursor:
        cursor.execute(_statement("l.id = ANY (%s)", _EACH), [list(line_ids)])
        return [
            Proposal(line, Rank(rank), reason, agreement, membership, tuple(bills), payment, int(asked))
            for line, rank, reason, agreement, membership, bills, payment, asked in cursor.fetchall()
        ]
