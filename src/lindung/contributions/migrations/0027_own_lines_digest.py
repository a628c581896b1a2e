"""One hash over the lines of all bills that one event drew: the trail holds the bills of self-payers too."""

from django.db import migrations

DIGEST = """
-- Hexadecimal sha256 over the bills of one drawing, each by the hash of its lines, in the order of the bills; in two
-- levels, as the hash of one bill. A bill that was replaced or cancelled since still has its lines.
CREATE FUNCTION lindung_drawing_lines_digest(event bigint, agreement bigint, of_month date) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(string_agg(part.hash, ''::bytea ORDER BY part.bucket)), 'hex') FROM (
        SELECT one.bill_id >> 10 AS bucket, sha256(string_agg(one.hash, ''::bytea ORDER BY one.bill_id)) AS hash FROM (
            SELECT l.bill_id, sha256(convert_to(string_agg(concat_ws(
                       ',', l.bill_id, l.work_id, l.person_id, l.membership_id, l.sponsor_id, t.digest, l.amount), E'\\n'
                       ORDER BY l.work_id), 'UTF8')) AS hash
              FROM contributions_bill b
              JOIN contributions_billline l ON l.bill_id = b.id AND l.month = b.month
              LEFT JOIN contributions_tariffdecision t ON t.id = l.tariff_id
             WHERE b.agreement_id = agreement AND b.month = of_month AND b.event_id = event AND l.month = of_month
             GROUP BY l.bill_id) one
         GROUP BY 1) part
$$;
REVOKE ALL ON FUNCTION lindung_drawing_lines_digest(bigint, bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lindung_drawing_lines_digest(bigint, bigint, date) TO lindung_app;
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0026_match_runs")]

    operations = [
        migrations.RunSQL(DIGEST, "DROP FUNCTION lindung_drawing_lines_digest(bigint, bigint, date)"),
    ]
