"""What must be true of the book: every wish to move money moved it once, and no rupiah came from nowhere."""

from lindung.law.text import Text
from lindung.ledger.proof import Proof

OF_ENTRIES: tuple[Proof, ...] = (
    Proof(
        "ledger.one_entry_for_each_instruction",
        Text(
            "Setiap perintah punya tepat satu jurnal, dan setiap jurnal punya perintahnya.",
            "Each instruction has exactly one entry, and each entry its instruction.",
        ),
        """
        SELECT * FROM (
            SELECT format('instruction %s (%s): %s entries', i.id, i.kind, count(e.id))
              FROM ledger_instruction i LEFT JOIN ledger_entry e ON e.instruction_id = i.id
             GROUP BY i.id, i.kind HAVING count(e.id) <> 1
             UNION ALL
            SELECT format('entry %s: no instruction %s', e.id, e.instruction_id) FROM ledger_entry e
             WHERE NOT EXISTS (SELECT 1 FROM ledger_instruction i WHERE i.id = e.instruction_id)
        ) wrong LIMIT 20
        """,
    ),
    Proof(
        "ledger.references_are_unique",
        Text("Setiap nomor perintah dipakai sekali.", "Each reference is used once."),
        """
        SELECT format('reference %s: %s instructions', reference, count(*)) FROM ledger_instruction
         GROUP BY reference HAVING count(*) > 1 LIMIT 20
        """,
    ),
    Proof(
        "ledger.entries_sum_to_zero",
        Text("Setiap jurnal seimbang.", "Each entry sums to zero."),
        """
        SELECT format('entry %s: sums to Rp%s', entry_id, sum(amount)) FROM ledger_posting
         GROUP BY month, entry_id HAVING sum(amount) <> 0 ORDER BY 1 LIMIT 20
        """,
    ),
    Proof(
        "ledger.whole_book_sums_to_zero",
        Text("Seluruh buku seimbang.", "The whole book sums to zero."),
        "SELECT format('all postings: Rp%s', sum(amount)) FROM ledger_posting HAVING sum(amount) <> 0",
    ),
    Proof(
        "ledger.entries_are_worth_their_instruction",
        Text(
            "Setiap jurnal senilai perintahnya dan punya barisnya, semua di bulannya.",
            "Each entry is worth its instruction and has its postings, all in its month.",
        ),
        """
        SELECT * FROM (
            SELECT format('entry %s: Rp%s, its instruction Rp%s', e.id, coalesce(p.amount, 0), i.amount)
              FROM ledger_entry e JOIN ledger_instruction i ON i.id = e.instruction_id
              LEFT JOIN (SELECT month, entry_id, sum(amount) FILTER (WHERE amount > 0) AS amount FROM ledger_posting
                          GROUP BY 1, 2) p ON p.entry_id = e.id AND p.month = e.month
             WHERE p.amount IS DISTINCT FROM i.amount
             UNION ALL
            SELECT format('posting %s of entry %s in %s: no such entry in that month', p.line, p.entry_id, p.month)
              FROM ledger_posting p LEFT JOIN ledger_entry e ON e.id = p.entry_id AND e.month = p.month
             WHERE e.id IS NULL
        ) wrong LIMIT 20
        """,
    ),
    Proof(
        "ledger.one_sponsor_throughout",
        Text(
            "Perintah, jurnal dan barisnya milik sponsor yang sama.",
            "Instruction, entry and postings are of the same sponsor.",
        ),
        """
        SELECT format('entry %s: sponsor %s, its instruction %s, its postings %s', e.id, e.sponsor_id, i.sponsor_id,
                      array_agg(DISTINCT p.sponsor_id))
          FROM ledger_entry e JOIN ledger_instruction i ON i.id = e.instruction_id
          JOIN ledger_posting p ON p.entry_id = e.id AND p.month = e.month
         WHERE i.sponsor_id IS DISTINCT FROM e.sponsor_id OR p.sponsor_id IS DISTINCT FROM e.sponsor_id
         GROUP BY e.id, e.sponsor_id, i.sponsor_id LIMIT 20
        """,
    ),
)
