"""What must be true of bank statements in the books, found row by row where it is not."""

from lindung.law.text import Text
from lindung.ledger.proof import Proof

_IN = "('unmatched', 'matched', 'set_aside')"

PROOFS: tuple[Proof, ...] = (
    Proof(
        "statement.lines",
        Text(
            "Setiap baris rekening koran terhitung: baru, sudah ada, keluar, asing atau bermasalah.",
            "Every line of a statement is counted: new, in already, out, foreign or faulty.",
        ),
        """SELECT 'lines of statement ' || s.id FROM contributions_statement s
            WHERE statement_equals_its_lines(s.id) IS NOT TRUE LIMIT 20""",
    ),
    Proof(
        "statement.receipts",
        Text(
            "Setiap baris uang masuk dibukukan sekali, dengan jumlahnya sendiri.",
            "Every line of money in is booked once, with its own amount.",
        ),
        f"""SELECT 'receipt of bank line ' || l.id FROM contributions_statementline l
              LEFT JOIN ledger_instruction i ON i.reference = 'bank:' || l.fingerprint AND i.kind = 'receipt'
             WHERE CASE WHEN l.state IN {_IN} THEN i.amount IS DISTINCT FROM l.amount ELSE i.id IS NOT NULL END
             LIMIT 20""",  # noqa: S608 - a constant
    ),
    Proof(
        "statement.receipts_have_lines",
        Text(
            "Tidak ada uang bank di buku tanpa baris rekening koran.",
            "No money of a bank is booked without a line of a statement.",
        ),
        """SELECT 'receipt by instruction ' || i.id FROM ledger_instruction i
            WHERE i.kind = 'receipt' AND NOT EXISTS (
                  SELECT 1 FROM contributions_statementline l WHERE i.reference = 'bank:' || l.fingerprint)
            LIMIT 20""",
    ),
    Proof(
        "statement.unmatched",
        Text(
            "Uang belum dikenali sama dengan sisa semua baris yang menunggu atau disisihkan.",
            "What is unmatched is what is left of all lines that wait or are set aside.",
        ),
        f"""SELECT 'unmatched of sponsor ' || coalesce(waits.sponsor_id, booked.sponsor_id) || ': '
                   || coalesce(waits.amount, 0) || ' <> ' || coalesce(booked.amount, 0)
              FROM (SELECT l.sponsor_id, sum(l.amount - coalesce((
                               SELECT sum(m.amount) FROM contributions_linematch m
                                WHERE m.line_id = l.id AND m.undone_event_id IS NULL), 0)) AS amount
                      FROM contributions_statementline l WHERE l.state IN {_IN} GROUP BY l.sponsor_id) waits
              FULL JOIN (SELECT a.sponsor_id, sum(p.amount) AS amount FROM ledger_account a
                           JOIN ledger_posting p ON p.account_id = a.id
                          WHERE a.kind = 'unmatched' GROUP BY a.sponsor_id) booked
                ON booked.sponsor_id = waits.sponsor_id
             WHERE coalesce(waits.amount, 0) <> coalesce(booked.amount, 0) LIMIT 20""",  # noqa: S608 - a constant
    ),
    Proof(
        "statement.matches",
        Text(
            "Setiap pembayaran dari bank adalah uang baris yang dicocokkan dengannya.",
            "Every payment of a bank is the money of the lines matched to it.",
        ),
        """SELECT 'lines of payment ' || p.id FROM contributions_payment p
             LEFT JOIN contributions_linematch m ON m.payment_id = p.id AND m.undone_event_id IS NULL
            WHERE p.source = 'bank'
            GROUP BY p.id, p.amount, p.reversed_at
           HAVING coalesce(sum(m.amount), 0) <> CASE WHEN p.reversed_at IS NULL THEN p.amount ELSE 0 END
            LIMIT 20""",
    ),
)
"""For ``contributions.proofs``; bank statement total = sum of its lines = receipts posted."""
