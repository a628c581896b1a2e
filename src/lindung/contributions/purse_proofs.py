"""What purses promise: money is booked once, what is held is what is left, and what was undone is undone whole."""

from lindung.law.text import Text
from lindung.ledger.proof import Proof

_LIVE = "(SELECT * FROM contributions_settlement WHERE reversed_by_id IS NULL)"

OF_PURSES: tuple[Proof, ...] = (
    Proof(
        "money.payments_are_booked",
        Text(
            "Setiap pembayaran yang sah dibukukan satu kali, persis nilainya.",
            "Each confirmed payment is booked once, for exactly its amount.",
        ),
        """
        SELECT format('payment %s: Rp%s', p.id, p.amount) FROM contributions_payment p
          LEFT JOIN ledger_instruction i ON i.reference = 'payment:' || p.id
         WHERE p.confirmed_at IS NOT NULL AND i.amount IS DISTINCT FROM p.amount
           AND NOT EXISTS (SELECT 1 FROM contributions_settlement s JOIN ledger_instruction o ON o.id = s.instruction_id
                            WHERE s.payment_id = p.id AND o.kind = 'payment' AND s.amount = p.amount)
         ORDER BY p.id LIMIT 20
        """,
    ),
    Proof(
        "money.no_month_of_undone_money",
        Text(
            "Bulan yang uangnya kembali tidak lagi tercatat terbayar.",
            "A month whose money went back is no longer paid.",
        ),
        """
        SELECT format('month %s of work %s by instruction %s', m.month, m.work_id, m.instruction_id)
          FROM contributions_settlement s JOIN contributions_paidmonth m ON m.instruction_id = s.instruction_id
         WHERE s.reversed_by_id IS NOT NULL LIMIT 20
        """,
    ),
    Proof(
        "money.undone_by_its_own_reversal",
        Text(
            "Setiap pelunasan yang dibatalkan dibalik oleh jurnalnya sendiri.",
            "Each settlement that was undone was undone by the reversal of its own entry.",
        ),
        """
        SELECT format('settlement %s: undone by another entry', s.id) FROM contributions_settlement s
          JOIN ledger_entry e ON e.instruction_id = s.instruction_id
          LEFT JOIN ledger_entry r ON r.instruction_id = s.reversed_by_id
         WHERE s.reversed_by_id IS NOT NULL AND r.reverses_id IS DISTINCT FROM e.id
         UNION ALL
        SELECT format('payment %s was reversed, its entry was not', p.id) FROM contributions_payment p
          JOIN ledger_instruction i ON i.reference = 'payment:' || p.id JOIN ledger_entry e ON e.instruction_id = i.id
         WHERE p.reversed_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_id = e.id) LIMIT 20
        """,
    ),
    Proof(
        "money.held_is_what_is_left",
        Text(
            "Titipan sama dengan uang sah yang belum melunasi tagihan.",
            "What is held is exactly the confirmed money that has settled nothing yet.",
        ),
        f"""
        WITH came AS (
            SELECT CASE WHEN p.membership_id IS NULL THEN 'held:agreement:' || p.agreement_id
                        ELSE 'held:membership:' || p.membership_id END AS code,
                   p.amount - coalesce((SELECT sum(s.amount) FROM {_LIVE} s WHERE s.payment_id = p.id), 0) AS amount
              FROM contributions_payment p JOIN ledger_instruction i ON i.reference = 'payment:' || p.id
             WHERE p.reversed_at IS NULL)
        SELECT format('%s: Rp%s held, Rp%s left', coalesce(a.code, c.code), coalesce(a.amount, 0), coalesce(c.amount, 0))
          FROM (SELECT code, sum(amount) AS amount FROM came GROUP BY code) c
          FULL JOIN (SELECT x.code, b.amount FROM ledger_account x JOIN ledger_balance b ON b.account_id = x.id
                      WHERE x.kind = 'held' AND x.code ~ '^held:(agreement|membership):[0-9]+$') a ON a.code = c.code
         WHERE coalesce(a.amount, 0) <> coalesce(c.amount, 0) ORDER BY 1 LIMIT 20
        """,  # noqa: S608 - put together from constants of this file
    ),
    Proof(
        "money.owed_is_what_was_carried",
        Text(
            "Kekurangan yang dibawa tidak lebih daripada yang dinyatakan dengan surat.",
            "No purse owes more from carried shortfalls than was said by letter.",
        ),
        """
        SELECT format('%s: Rp%s, by letter Rp%s', a.code, b.amount, coalesce(l.amount, 0))
          FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
          LEFT JOIN (SELECT CASE WHEN x.membership_id IS NULL THEN 'owed:agreement:' || x.agreement_id
                                 ELSE 'owed:membership:' || x.membership_id END AS code, sum(s.amount) AS amount
                       FROM contributions_shortfall s JOIN contributions_bill x ON x.id = s.bill_id GROUP BY 1) l
                 ON l.code = a.code
         WHERE a.kind = 'owed' AND b.amount < -coalesce(l.amount, 0) ORDER BY 1 LIMIT 20
        """,
    ),
)
