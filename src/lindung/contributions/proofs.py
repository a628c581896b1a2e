"""What bills, payments and paid months promise together, as questions that find nothing when it is kept."""

from lindung.contributions import statement_proofs
from lindung.law.text import Text
from lindung.ledger.proof import Proof

_LIVE = "(SELECT * FROM contributions_settlement WHERE reversed_by_id IS NULL)"

PROOFS: tuple[Proof, ...] = (
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
        "money.bills_say_what_their_money_says",
        Text(
            "Tagihan lunas persis bila pelunasan dan kekurangan yang dibawa sama dengan jumlahnya.",
            "A bill is paid exactly when its settlements and its carried shortfall make its total.",
        ),
        f"""
        SELECT format('bill %s is %s: Rp%s of Rp%s', b.id, b.status, coalesce(s.amount, 0), b.total)
          FROM contributions_bill b LEFT JOIN contributions_shortfall l ON l.bill_id = b.id
          LEFT JOIN (SELECT bill_id, sum(amount) AS amount FROM {_LIVE} x GROUP BY bill_id) s ON s.bill_id = b.id
         WHERE CASE WHEN b.status = 'paid' THEN coalesce(s.amount, 0) + coalesce(l.amount, 0) <> b.total
                    ELSE s.amount IS NOT NULL END ORDER BY b.id LIMIT 20
        """,  # noqa: S608 - put together from constants of this file
    ),
    Proof(
        "money.payments_are_not_overspent",
        Text(
            "Tidak ada pembayaran yang melunasi lebih daripada nilainya.",
            "No payment settles more than it is worth, and none that is not confirmed, or was reversed, settles.",
        ),
        f"""
        SELECT format('payment %s: Rp%s of Rp%s', p.id, sum(s.amount), p.amount)
          FROM {_LIVE} s JOIN contributions_payment p ON p.id = s.payment_id GROUP BY p.id
        HAVING sum(s.amount) > p.amount OR p.confirmed_at IS NULL OR p.reversed_at IS NOT NULL
         ORDER BY p.id LIMIT 20
        """,  # noqa: S608 - put together from constants of this file
    ),
    Proof(
        "money.paid_months_are_settled_lines",
        Text(
            "Bulan yang terbayar persis baris tagihan yang lunas, rupiah demi rupiah.",
            "The paid months are exactly the lines of the paid bills, rupiah for rupiah.",
        ),
        f"""
        SELECT format('bill %s: lines Rp%s, paid months Rp%s', b.id, l.amount, coalesce(m.amount, 0))
          FROM contributions_bill b
          JOIN LATERAL (SELECT coalesce(sum(x.amount), 0) AS amount FROM contributions_billline x
                         WHERE x.month = b.month AND x.bill_id = b.id) l ON true
          JOIN LATERAL (SELECT sum(x.amount) AS amount FROM contributions_paidmonth x
                         WHERE x.month = b.month AND x.instruction_id IN (
                               SELECT s.instruction_id FROM {_LIVE} s WHERE s.bill_id = b.id)) m ON true
         WHERE coalesce(m.amount, 0) <> CASE WHEN b.status = 'paid' THEN l.amount ELSE 0 END
         ORDER BY b.id LIMIT 20
        """,  # noqa: S608 - put together from constants of this file
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
        SELECT format('settlement %s', s.id) FROM contributions_settlement s
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
    Proof(
        "money.two_people",
        Text(
            "Setiap pembayaran disahkan, dan setiap pembalikan dijalankan, oleh orang kedua.",
            "Each payment is confirmed, and each reversal carried out, by a second person.",
        ),
        """
        SELECT format('payment %s', p.id) FROM contributions_payment p
         WHERE p.recorded_by_id = p.confirmed_by_id OR p.reversal_asked_by_id = p.reversed_by_id
            OR (p.source <> 'bank' AND p.confirmed_at IS NOT NULL AND p.confirmed_by_id IS NULL)
         ORDER BY p.id LIMIT 20
        """,
    ),
)
PROOFS += statement_proofs.PROOFS
