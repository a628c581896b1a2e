"""The hash of a bill's lines, which the event of its drawing carries: so the chained trail holds the lines."""

from django.db import migrations

DIGEST = """
-- Hexadecimal sha256 over the lines of a bill in the order of their work, in two levels: a million lines never make one
-- giant text. The tariff is named by the hash of the decision, so that this cannot be exchanged either.
CREATE FUNCTION lindung_bill_lines_digest(bill bigint, of_month date) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(string_agg(part.hash, ''::bytea ORDER BY part.bucket)), 'hex') FROM (
        SELECT l.work_id >> 10 AS bucket, sha256(convert_to(string_agg(concat_ws(
                   ',', l.work_id, l.person_id, l.membership_id, l.sponsor_id, t.digest, l.amount), E'\\n'
                   ORDER BY l.work_id), 'UTF8')) AS hash
          FROM contributions_billline l LEFT JOIN contributions_tariffdecision t ON t.id = l.tariff_id
         WHERE l.month = of_month AND l.bill_id = bill GROUP BY 1) part
$$;
REVOKE ALL ON FUNCTION lindung_bill_lines_digest(bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lindung_bill_lines_digest(bigint, date) TO lindung_app;
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0011_purses")]

    operations = [
        migrations.RunSQL(DIGEST, "DROP FUNCTION lindung_bill_lines_digest(bigint, date)"),
    ]
