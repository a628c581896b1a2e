"""The invariants of this room: memberships, lists and what went out of the house."""

from lindung.law.text import Text
from lindung.ledger.proof import Proof

PROOFS: tuple[Proof, ...] = (
    Proof(
        "memberships.do_not_overlap",
        Text(
            "Tidak ada dua kepesertaan yang bertumpuk untuk satu pekerjaan.",
            "No two memberships of one work overlap.",
        ),
        """
        SELECT format('work %s: memberships %s and %s', work_id, id, next) FROM (
            SELECT id, work_id, until, lead(id) OVER w AS next, lead(since) OVER w AS next_since
              FROM membership_membership WHERE until IS NULL OR until > since
            WINDOW w AS (PARTITION BY work_id ORDER BY since, id)) m
         WHERE next_since < coalesce(until, 'infinity') LIMIT 20
        """,
    ),
    Proof(
        "memberships.of_their_persons_work",
        Text(
            "Setiap kepesertaan milik orang yang punya pekerjaan itu.",
            "Each membership is of the person whose work it is.",
        ),
        """
        SELECT format('membership %s: person %s, work %s of person %s', m.id, m.person_id, m.work_id, w.person_id)
          FROM membership_membership m LEFT JOIN membership_work w ON w.id = m.work_id
         WHERE w.person_id IS DISTINCT FROM m.person_id LIMIT 20
        """,
    ),
    Proof(
        "rosters.files_once",
        Text(
            "Tidak ada berkas daftar yang diterima dua kali untuk kelompok pekerja yang sama.",
            "No file of a list was taken twice for the same group of workers.",
        ),
        """
        SELECT format('agreement %s, segment %s: lists %s are one file', agreement_id, segment_id, array_agg(id))
          FROM membership_roster WHERE status <> 'cancelled'
         GROUP BY agreement_id, segment_id, sha256 HAVING count(*) > 1 LIMIT 20
        """,
    ),
    Proof(
        "rosters.enrolled_rows_have_their_person",
        Text(
            "Baris daftar yang terdaftar menyebut orangnya, dan orang itu peserta kerja samanya.",
            "An enrolled row of a list names its person, who is a member under its agreement.",
        ),
        """
        SELECT format('list %s, row %s: person %s', r.roster_id, r.number, r.person_id)
          FROM membership_rosterrow r JOIN membership_roster l ON l.id = r.roster_id
         WHERE r.verdict = 'enrolled' AND (r.person_id IS NULL OR NOT EXISTS (
               SELECT 1 FROM membership_membership m WHERE m.person_id = r.person_id))
         LIMIT 20
        """,
    ),
    Proof(
        "imports.lines_add_up",
        Text(
            "Setiap berkas BPJS: baris = diterima + tidak dikenal + salah, dan yang tidak diterima tersimpan.",
            "Each file of BPJS: lines = accepted + unknown + faulty, and those not taken are kept.",
        ),
        """
        SELECT format('import %s: %s lines, %s + %s + %s, %s kept apart', i.id, i.lines, i.accepted, i.unknown, i.faulty,
                      count(l.number))
          FROM membership_branchimport i LEFT JOIN membership_branchline l ON l.word_id = i.id
         GROUP BY i.id HAVING i.lines <> i.accepted + i.unknown + i.faulty OR i.unknown + i.faulty <> count(l.number) LIMIT 20
        """,
    ),
    Proof(
        "exports.by_two_people",
        Text(
            "Tidak ada ekspor yang diminta dan disetujui orang yang sama, atau yang besar tanpa persetujuan.",
            "No export was asked for and approved by the same person, or a large one fetched unapproved.",
        ),
        """
        SELECT format('export %s: asked by user %s, approved by %s', id, requested_by_id, approved_by_id)
          FROM membership_exportrequest
         WHERE requested_by_id = approved_by_id
            OR needs_second AND fetched_at IS NOT NULL AND approved_by_id IS NULL LIMIT 20
        """,
    ),
)
