"""Bills whose names differ from the branch's own list, one line a bill, for the queue of differences."""

from lindung.contributions.by_name_rows import COMPARED

# Gives what the parts of `difference_rows` give. The source is the list, which names no import of the branch's word.
# Who differs is in the values as a digest: other people with the same counts open the line again.
BY_NAME = f"""
SELECT 'code_names', 'code_names:' || x.agreement_id || ':' || to_char(x.month, 'YYYY-MM'), x.sponsor_id, NULL::bigint,
       x.agreement_id,
       jsonb_build_object('bill', x.bill_id, 'month', x.month, 'only_ours', x.only_ours, 'amounts', x.amounts,
                          'names', x.names),
       jsonb_build_object('only_theirs', x.only_theirs, 'unknown', x.unknown), x.said_on, NULL::bigint, NULL::int
  FROM ({COMPARED}
        SELECT l.*, n.only_ours, n.only_theirs, n.amounts, n.names,
               (SELECT count(*) FROM contributions_codeline c WHERE c.code_list_id = ANY (l.ids)
                   AND c.outcome IN ('proposed', 'unknown', 'faulty')) AS unknown
          FROM (SELECT bill_id, agreement_id, month, sponsor_id, max(said_on) AS said_on, count(*) AS lists,
                       array_agg(id) AS ids FROM listed GROUP BY 1, 2, 3, 4) l
          JOIN (SELECT agreement_id, month, count(*) AS codes FROM coded GROUP BY 1, 2) k USING (agreement_id, month)
          JOIN (SELECT bill_id, count(*) FILTER (WHERE kind = 'only_ours') AS only_ours,
                       count(*) FILTER (WHERE kind = 'only_theirs') AS only_theirs,
                       count(*) FILTER (WHERE kind = 'amount') AS amounts,
                       md5(string_agg(person_id || kind, ',' ORDER BY person_id) FILTER (WHERE kind <> 'equal')) AS names
                  FROM compared GROUP BY bill_id) n USING (bill_id)
         WHERE l.lists = k.codes) x
 WHERE x.only_ours + x.only_theirs + x.amounts + x.unknown > 0
"""  # noqa: S608 - our own constants
