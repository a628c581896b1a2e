"""The invariants of this room: each agreement came to its state step by step, and each power by two people."""

from lindung.law.text import Text
from lindung.ledger.proof import Proof

PROOFS: tuple[Proof, ...] = (
    Proof(
        "agreements.came_step_by_step",
        Text(
            "Setiap kerja sama sampai ke keadaannya lewat langkah-langkah yang ada di daftar langkah.",
            "Each agreement came to its state by steps that the table of steps has.",
        ),
        """
        SELECT * FROM (
            SELECT format('agreement %s: step %s from %s to %s', c.agreement_id, c.id, c.from_state, c.to_state)
              FROM (SELECT c.*, coalesce(lag(c.to_state) OVER (PARTITION BY c.agreement_id ORDER BY c.id), 'draft')
                           AS before FROM partnership_agreementchange c) c
             WHERE c.from_state <> c.before OR NOT EXISTS (
                   SELECT 1 FROM partnership_agreementstep s
                    WHERE s.from_state = c.from_state AND s.to_state = c.to_state)
             UNION ALL
            SELECT format('agreement %s: is %s, its last step led to %s', a.id, a.state, l.to_state)
              FROM partnership_agreement a
              LEFT JOIN LATERAL (SELECT c.to_state FROM partnership_agreementchange c
                                  WHERE c.agreement_id = a.id ORDER BY c.id DESC LIMIT 1) l ON true
             WHERE a.state <> coalesce(l.to_state, 'draft')
        ) wrong LIMIT 20
        """,
    ),
    Proof(
        "agreements.second_person_where_asked",
        Text(
            "Langkah yang butuh orang kedua tidak diambil oleh penyusunnya.",
            "A step that asks for a second person was not taken by the writer.",
        ),
        """
        SELECT format('agreement %s: step %s to %s by user %s, who wrote it', a.id, c.id, c.to_state, c.by_id)
          FROM partnership_agreementchange c JOIN partnership_agreement a ON a.id = c.agreement_id
          JOIN partnership_agreementstep s ON s.from_state = c.from_state AND s.to_state = c.to_state
         WHERE s.second_person AND c.by_id = a.drafted_by_id LIMIT 20
        """,
    ),
    Proof(
        "authority.by_two_people",
        Text(
            "Tidak ada kewenangan yang diusulkan dan disetujui orang yang sama.",
            "No power was proposed and approved by the same person.",
        ),
        """
        SELECT format('authority %s (%s): user %s both times', id, function, proposed_by_id) FROM partnership_authority
         WHERE proposed_by_id = approved_by_id LIMIT 20
        """,
    ),
)
