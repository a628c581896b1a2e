"""The last month paid whole within a period of any length: asked of few people, so planned when it is asked."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION lindung_last_whole_month(
    person bigint, work bigint, wanted varchar[], since date, before date, known date
) RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT p.month FROM contributions_paidmonth p
         WHERE p.person_id = person AND p.work_id = work AND p.programme = ANY (wanted)
           AND p.month >= since AND p.month < before AND p.paid_on <= known
         GROUP BY p.month HAVING count(*) = cardinality(wanted)
         ORDER BY p.month DESC LIMIT 1);
END $$;
"""


class Migration(migrations.Migration):
    """A function that reads with the rights and the sight of whoever asks."""

    dependencies = [("contributions", "0007_branch_word")]

    operations = [
        migrations.RunSQL(
            FUNCTION,
            "DROP FUNCTION lindung_last_whole_month(bigint, bigint, varchar[], date, date, date);",
        )
    ]
