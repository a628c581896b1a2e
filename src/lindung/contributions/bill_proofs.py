"""What must be true of bills, the money that settled them, and the months that this money paid."""

from lindung.law.text import Text
from lindung.ledger.proof import Proof

# A settlement that was reversed counts no more.
_SETTLED = """
    SELECT s.bill_id, sum(s.amount) AS amount FROM contributions_settlement s
     WHERE s.reversed_by_id IS NULL GROUP BY 1
"""
_LIVE = "(SELECT * FROM contributions_settlement WHERE reversed_by_id IS NULL)"

OF_BILLS: tuple[Proof, ...] = (
    Proof(
        "bills.once_for_each_month",
        Text(
            "Setiap bulan satu kerja sama (atau satu pekerja mandiri) punya paling banyak satu tagihan yang berlaku.",
            "Each month of an agreement (or of one self-paying worker) has at most one bill in force.",
        ),
        """
        SELECT format('agreement %s, membership %s, %s: bills %s', agreement_id, membership_id, month, array_agg(id))
          FROM contributions_bill WHERE status NOT IN ('cancelled', 'superseded')
         GROUP BY agreement_id, membership_id, month HAVING count(*) > 1 LIMIT 20
        """,
    ),
    Proof(
        "bills.lines_are_worth_their_tariff",
        Text(
            "Setiap baris tagihan senilai keputusan tarifnya, dan tarif senilai program-programnya.",
            "Each line is worth its tariff decision, and a tariff the sum of its programmes.",
        ),
        """
        SELECT * FROM (
            SELECT format('bill %s, work %s: Rp%s, tariff %s Rp%s', l.bill_id, l.work_id, l.amount, t.id, t.total)
              FROM contributions_billline l LEFT JOIN contributions_tariffdecision t ON t.id = l.tariff_id
             WHERE t.total IS DISTINCT FROM l.amount
             UNION ALL
            SELECT format('tariff %s: Rp%s, its programmes Rp%s', t.id, t.total, coalesce(sum(a.amount), 0))
              FROM contributions_tariffdecision t LEFT JOIN contributions_tariffamount a ON a.tariff_id = t.id
             GROUP BY t.id HAVING t.total <> coalesce(sum(a.amount), 0)
        ) wrong LIMIT 20
        """,
    ),
    Proof(
        "bills.lines_are_as_drawn",
        Text(
            "Baris tagihan sama dengan saat disusun, menurut jejak audit.",
            "The lines of a bill are as they were drawn, by the audit trail.",
        ),
        """
        (SELECT format('agreement %s, %s: the lines of its bills are not those that event %s speaks of',
                       d.agreement_id, d.month, e.id)
           FROM (SELECT DISTINCT event_id, agreement_id, month FROM contributions_bill
                  WHERE membership_id IS NOT NULL) d
           JOIN access_auditevent e ON e.id = d.event_id AND e.detail ? 'lines_digest_of_all'
          WHERE e.detail ->> 'lines_digest_of_all'
                IS DISTINCT FROM lindung_drawing_lines_digest(d.event_id, d.agreement_id, d.month) LIMIT 20)
         UNION ALL
        (SELECT format('bill %s of %s: its lines are not those that event %s speaks of', b.id, b.month, v.id)
          FROM contributions_bill b
          JOIN LATERAL (
               SELECT e.id, e.detail ->> 'lines_digest' AS digest FROM access_auditevent e
                WHERE (e.id = b.event_id OR e.subject = 'bill:' || b.id AND e.action = 'bill.finalised')
                  AND e.detail ? 'lines_digest'
                ORDER BY e.id DESC LIMIT 1) v ON true
         WHERE b.status NOT IN ('cancelled', 'superseded')
           AND v.digest IS DISTINCT FROM lindung_bill_lines_digest(b.id, b.month) LIMIT 20)
        """,
    ),
    Proof(
        "bills.state_follows_the_money",
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
        "bills.lines_within_memberships",
        Text(
            "Setiap bulan yang ditagih ada di dalam masa kepesertaan orangnya.",
            "Each month that is billed lies within the membership of its person.",
        ),
        """
        SELECT format('bill %s, membership %s: %s is not from %s until %s', l.bill_id, l.membership_id, l.month,
                      m.since, m.until)
          FROM contributions_billline l JOIN contributions_bill b ON b.id = l.bill_id AND b.month = l.month
          LEFT JOIN membership_membership m ON m.id = l.membership_id
         WHERE b.status NOT IN ('cancelled', 'superseded') AND (
               m.id IS NULL OR m.work_id <> l.work_id OR m.person_id <> l.person_id
               OR m.agreement_id <> b.agreement_id OR l.month < m.since OR l.month >= coalesce(m.until, 'infinity'))
         LIMIT 20
        """,
    ),
    Proof(
        "bills.nobody_after_death",
        Text(
            "Tidak ada tagihan untuk bulan sesudah kematian yang sudah tercatat.",
            "No bill asks for a month after a death that was recorded before it was drawn.",
        ),
        """
        SELECT format('bill %s of %s: membership %s, who died on %s', b.id, b.month, l.membership_id, d.died_on)
          FROM membership_memberchange d
          JOIN contributions_billline l ON l.membership_id = d.membership_id AND l.month > d.died_on
          JOIN contributions_bill b ON b.id = l.bill_id AND b.month = l.month
         WHERE d.died_on IS NOT NULL AND b.event_id > d.event_id AND b.status NOT IN ('cancelled', 'superseded')
           AND NOT EXISTS (SELECT 1 FROM membership_memberchange u WHERE u.undoes_id = d.id) LIMIT 20
        """,
    ),
    Proof(
        "bills.are_their_lines_and_charges",
        Text(
            "Jumlah setiap tagihan sama dengan baris dan tambahannya.",
            "Every bill equals its lines and its charges.",
        ),
        """
        SELECT format('bill %s: Rp%s is not what it asks for', b.id, b.total) FROM contributions_bill b
         WHERE b.total <> (SELECT coalesce(sum(l.amount), 0) FROM contributions_billline l
                            WHERE l.bill_id = b.id AND l.month = b.month)
                        + (SELECT coalesce(sum(c.amount), 0) FROM contributions_billcharge c WHERE c.bill_id = b.id)
         ORDER BY b.id LIMIT 20
        """,
    ),
    Proof(
        "bills.superseded_by_their_own_kind",
        Text(
            "Setiap tagihan yang digantikan menunjuk penggantinya pada bulan yang sama.",
            "Every superseded bill names the one of its month that took its place.",
        ),
        """
        SELECT format('bill %s (%s): successor %s', b.id, b.status, b.superseded_by_id) FROM contributions_bill b
          LEFT JOIN contributions_bill n ON n.id = b.superseded_by_id AND n.agreement_id = b.agreement_id
                AND n.month = b.month AND n.membership_id IS NOT DISTINCT FROM b.membership_id
         WHERE (b.status = 'superseded') <> (n.id IS NOT NULL) ORDER BY b.id LIMIT 20
        """,
    ),
)

OF_MONEY: tuple[Proof, ...] = (
    Proof(
        "months.paid_are_those_of_paid_bills",
        Text(
            "Bulan yang dibayar sama dengan baris tagihan yang lunas, program demi program, ke dua arah.",
            "The paid months are the lines of the paid bills, programme by programme, both ways.",
        ),
        """
        SELECT format('%s, person %s, work %s, %s: paid Rp%s, billed Rp%s', coalesce(m.month, l.month),
                      coalesce(m.person_id, l.person_id), coalesce(m.work_id, l.work_id),
                      coalesce(m.programme, l.programme), m.amount, l.amount)
          FROM contributions_paidmonth m
          FULL JOIN (
               SELECT l.month, l.person_id, l.work_id, a.programme, a.amount, b.agreement_id, l.sponsor_id
                 FROM contributions_bill b
                 JOIN contributions_billline l ON l.bill_id = b.id AND l.month = b.month
                 JOIN contributions_tariffamount a ON a.tariff_id = l.tariff_id
                WHERE b.status = 'paid') l
            ON l.month = m.month AND l.person_id = m.person_id AND l.work_id = m.work_id AND l.programme = m.programme
         WHERE (m.amount, m.agreement_id, m.sponsor_id) IS DISTINCT FROM (l.amount, l.agreement_id, l.sponsor_id)
         LIMIT 20
        """,
    ),
    Proof(
        "months.paid_once",
        Text(
            "Tidak ada bulan yang dibayar dua kali untuk satu pekerjaan dan program, atau oleh dua sponsor.",
            "No month of a work and programme is paid twice, or by two sponsors.",
        ),
        """
        SELECT format('%s, work %s, %s: paid %s times, sponsors %s', month, work_id, programme, count(*),
                      array_agg(DISTINCT sponsor_id))
          FROM contributions_paidmonth GROUP BY month, work_id, programme HAVING count(*) > 1 LIMIT 20
        """,
    ),
    Proof(
        "months.paid_by_a_settlement_of_their_bill",
        Text(
            "Setiap bulan yang dibayar menyebut perintah yang melunasi tagihan bulan itu.",
            "Each paid month names an instruction that settled the bill of that month.",
        ),
        """
        SELECT format('%s, work %s, %s: instruction %s settled no bill of it', m.month, m.work_id, m.programme,
                      m.instruction_id)
          FROM contributions_paidmonth m
         WHERE NOT EXISTS (
               SELECT 1 FROM contributions_settlement s JOIN contributions_bill b ON b.id = s.bill_id
                WHERE s.instruction_id = m.instruction_id AND s.reversed_by_id IS NULL
                  AND b.month = m.month AND b.agreement_id = m.agreement_id) LIMIT 20
        """,
    ),
    Proof(
        "settlements.each_its_instruction",
        Text(
            "Setiap pelunasan senilai perintahnya, dan setiap perintah pelunasan punya pelunasannya.",
            "Each settlement is worth its instruction, and each instruction to settle has its settlement.",
        ),
        """
        SELECT * FROM (
            SELECT format('settlement %s: Rp%s, instruction %s Rp%s', s.id, s.amount, s.instruction_id, i.amount)
              FROM contributions_settlement s LEFT JOIN ledger_instruction i ON i.id = s.instruction_id
             WHERE (i.amount, i.sponsor_id) IS DISTINCT FROM (s.amount, s.sponsor_id)
             UNION ALL
            SELECT format('instruction %s (%s): no settlement', i.id, i.reference) FROM ledger_instruction i
             WHERE i.reference ~ '^payment:[0-9]+/bill:[0-9]+(/[0-9]+)?$'
               AND NOT EXISTS (SELECT 1 FROM contributions_settlement s WHERE s.instruction_id = i.id)
        ) wrong LIMIT 20
        """,
    ),
    Proof(
        "payments.reach_for_what_they_settled",
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
        "payments.by_two_people",
        Text(
            "Setiap pembayaran disahkan, dan setiap pembalikan dijalankan, oleh orang kedua.",
            "Each payment is confirmed, and each reversal carried out, by a second person.",
        ),
        """
        SELECT format('payment %s: the same person twice', p.id) FROM contributions_payment p
         WHERE p.recorded_by_id = p.confirmed_by_id OR p.reversal_asked_by_id = p.reversed_by_id
            OR (p.source <> 'bank' AND p.confirmed_at IS NOT NULL AND p.confirmed_by_id IS NULL)
         ORDER BY p.id LIMIT 20
        """,
    ),
    Proof(
        "budgets.cover_what_is_spent",
        Text(
            "Tidak ada tahun yang dibayar melebihi anggarannya, bila anggarannya tercatat.",
            "No year was paid beyond its budget, where one is recorded.",
        ),
        f"""
        SELECT format('agreement %s, %s: spent Rp%s, budget Rp%s', b.agreement_id, b.year, sum(b.settled), g.amount)
          FROM (SELECT b.agreement_id, extract(year FROM b.month)::int AS year, s.amount AS settled
                  FROM contributions_bill b JOIN ({_SETTLED}) s ON s.bill_id = b.id
                 WHERE b.membership_id IS NULL) b
          JOIN (SELECT agreement_id, year, sum(amount) AS amount FROM partnership_budget
                 WHERE withdrawn_by_id IS NULL GROUP BY 1, 2) g
            ON g.agreement_id = b.agreement_id AND g.year = b.year
         GROUP BY b.agreement_id, b.year, g.amount HAVING sum(b.settled) > g.amount LIMIT 20
        """,  # noqa: S608 - put together from constants of this file
    ),
)
