"""What must be true of the branch's lists behind the kode iuran."""

from lindung.law.text import Text
from lindung.ledger.proof import Proof

OF_LISTS: tuple[Proof, ...] = (
    Proof(
        "code_list.lines",
        Text(
            "Setiap daftar cabang punya tepat baris yang disebutnya, dan setiap baris punya hasilnya.",
            "Every list of the branch has just the lines that it says, and every line what became of it.",
        ),
        """
        SELECT 'list ' || l.id || ' of ' || l.code || ': ' || n.lines || ' lines, says ' || l.lines
          FROM contributions_codelist l CROSS JOIN LATERAL (
               SELECT count(*) AS lines, count(*) FILTER (WHERE c.outcome = 'recognised') AS recognised,
                      count(*) FILTER (WHERE c.outcome = 'proposed') AS proposed,
                      count(*) FILTER (WHERE c.outcome = 'unknown') AS unknown,
                      count(*) FILTER (WHERE c.outcome = 'faulty') AS faulty,
                      count(*) FILTER (WHERE c.outcome = 'total') AS totals
                 FROM contributions_codeline c WHERE c.code_list_id = l.id) n
         WHERE (l.lines, l.recognised, l.proposed, l.unknown, l.faulty, l.totals)
               <> (n.lines, n.recognised, n.proposed, n.unknown, n.faulty, n.totals)
         ORDER BY l.id LIMIT 20
        """,
    ),
)
