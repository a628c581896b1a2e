"""What self-payers and changes of payer promise, as questions that find nothing when it is kept."""

from lindung.law.text import Text
from lindung.ledger.proof import Proof

PROOFS: tuple[Proof, ...] = (
    Proof(
        "own.bills_are_of_their_payer",
        Text(
            "Tagihan peserta mandiri milik satu orang; tagihan lain milik kerja samanya.",
            "A bill of an independent agreement is one person's own, any other the agreement's.",
        ),
        """
        SELECT format('bill %s of %s', b.id, a.code) FROM contributions_bill b
          JOIN partnership_agreement a ON a.id = b.agreement_id
         WHERE (a.kind = 'independent') <> (b.membership_id IS NOT NULL)
            OR (b.membership_id IS NOT NULL AND b.people <> 1) ORDER BY b.id LIMIT 20
        """,
    ),
    Proof(
        "own.lines_are_of_their_member",
        Text(
            "Baris tagihan peserta mandiri menyebut peserta yang sama dengan tagihannya.",
            "The line of an independent member's bill names the same membership as the bill.",
        ),
        """
        SELECT format('bill %s names membership %s, its line %s', b.id, b.membership_id, l.membership_id)
          FROM contributions_bill b JOIN contributions_billline l ON l.bill_id = b.id AND l.month = b.month
         WHERE b.membership_id IS NOT NULL AND l.membership_id <> b.membership_id ORDER BY b.id LIMIT 20
        """,
    ),
    Proof(
        "own.members_have_codes",
        Text(
            "Setiap peserta mandiri punya satu kode bayar yang angka periksanya benar.",
            "Each independent member has one payment code, whose check digit is right.",
        ),
        """
        SELECT format('membership %s: code %s', m.id, coalesce(c.code, 'none')) FROM membership_membership m
          JOIN partnership_agreement a ON a.id = m.agreement_id AND a.kind = 'independent'
          LEFT JOIN membership_owncode c ON c.membership_id = m.id
         WHERE c.code IS NULL OR NOT own_code_holds(c.code) ORDER BY m.id LIMIT 20
        """,
    ),
    Proof(
        "own.cover_goes_on_without_a_gap",
        Text(
            "Kepesertaan lanjutan mulai tepat ketika yang lama berakhir, untuk pekerjaan yang sama.",
            "A membership that goes on from another begins where that one ends, for the same work.",
        ),
        """
        SELECT format('membership %s since %s, said to go on since %s', m.id, m.since, m.cover_since)
          FROM membership_membership m
         WHERE m.cover_since IS NOT NULL AND m.until IS DISTINCT FROM m.since
           AND NOT EXISTS (SELECT 1 FROM membership_membership o
                            WHERE o.work_id = m.work_id AND o.id <> m.id AND o.until = m.since) ORDER BY m.id LIMIT 20
        """,
    ),
)
