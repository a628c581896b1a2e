"""A question about all the years, which few people are asked: planned when it is put, not with every list of people."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION lindung_paid_whole_month_before(
    person bigint, work bigint, wanted varchar[], since date, before date, known date
) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM contributions_paidmonth p
         WHERE p.person_id = person AND p.work_id = work AND p.programme = ANY (wanted)
           AND p.month >= since AND p.month < before AND p.paid_on <= known
         GROUP BY p.month HAVING count(*) = cardinality(wanted));
END $$;
"""


class Migration(migrations.Migration):
    """A function that reads with the rights and the sight of whoever asks."""

    dependencies = [("contributions", "0007_branch_word")]

    operations = [
        migrations.RunSQL(
            FUNCTION,
            "DROP FUNCTION lindung_paid_whole_month_before(bigint, bigint, varchar[], date, date, date);",
        )
    ]
