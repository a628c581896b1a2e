"""What the balances promise: each is the sum of its postings and within its bounds; a reversal is an exact opposite."""

from lindung.law.text import Text
from lindung.ledger.proof import Proof

OF_BALANCES: tuple[Proof, ...] = (
    Proof(
        "ledger.balances_are_sums",
        Text(
            "Saldo setiap akun sama dengan jumlah jurnalnya.",
            "The balance of each account is the sum of its postings.",
        ),
        """
        SELECT format('account %s: balance %s, postings %s', a.code, b.amount, coalesce(p.amount, 0))
          FROM ledger_account a LEFT JOIN ledger_balance b ON b.account_id = a.id
          LEFT JOIN (SELECT account_id, sum(amount) AS amount FROM ledger_posting GROUP BY 1) p ON p.account_id = a.id
         WHERE b.amount IS DISTINCT FROM coalesce(p.amount, 0) ORDER BY a.id LIMIT 20
        """,
    ),
    Proof(
        "ledger.balances_within_bounds",
        Text(
            "Titipan tidak pernah minus, kekurangan tidak pernah menjadi kelebihan.",
            "Held money is never negative, and what is owed never turns into a surplus.",
        ),
        """
        SELECT format('account %s: Rp%s', a.code, b.amount)
          FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
         WHERE b.amount < ledger_floor(a.kind) OR b.amount > ledger_ceiling(a.kind) ORDER BY a.id LIMIT 20
        """,
    ),
    Proof(
        "ledger.reversals_are_opposites",
        Text(
            "Setiap pembalikan membalik jurnalnya dengan tepat.",
            "Each reversal is the exact opposite of its entry.",
        ),
        """
        SELECT format('entry %s does not undo entry %s', r.id, r.reverses_id) FROM ledger_entry r
         WHERE r.reverses_id IS NOT NULL AND EXISTS (
               SELECT 1 FROM ledger_posting p WHERE p.entry_id IN (r.id, r.reverses_id)
                GROUP BY p.account_id HAVING sum(p.amount) <> 0) ORDER BY r.id LIMIT 20
        """,
    ),
)
