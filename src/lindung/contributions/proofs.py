"""What must be true of stored bills and their charges, asked of the database as a whole."""

from lindung.law.text import Text
from lindung.ledger.proof import Proof

PROOFS: tuple[Proof, ...] = (
    Proof(
        "bill.total",
        Text(
            "Jumlah setiap tagihan sama dengan baris dan tambahannya.",
            "Every bill equals its lines and its charges.",
        ),
        """
        SELECT 'bill ' || b.id FROM contributions_bill b
         WHERE b.total <> (SELECT coalesce(sum(l.amount), 0) FROM contributions_billline l
                            WHERE l.bill_id = b.id AND l.month = b.month)
                        + (SELECT coalesce(sum(c.amount), 0) FROM contributions_billcharge c WHERE c.bill_id = b.id)
         ORDER BY b.id LIMIT 20
        """,
    ),
    Proof(
        "bill.superseded",
        Text(
            "Setiap tagihan yang digantikan menunjuk penggantinya pada bulan yang sama.",
            "Every superseded bill names the one of its month that took its place.",
        ),
        """
        SELECT 'bill ' || b.id FROM contributions_bill b
          LEFT JOIN contributions_bill n ON n.id = b.superseded_by_id AND n.agreement_id = b.agreement_id
                AND n.month = b.month AND n.membership_id IS NOT DISTINCT FROM b.membership_id
         WHERE (b.status = 'superseded') <> (n.id IS NOT NULL) ORDER BY b.id LIMIT 20
        """,
    ),
)
