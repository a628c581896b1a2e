"""A wage begins in a month that is not billed yet: what a bill was drawn from stays as it was."""

from django.db import migrations

WAGES = """
CREATE FUNCTION wage_before_the_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed w
                 JOIN membership_membership m ON m.id = w.membership_id
                 JOIN contributions_bill b ON b.agreement_id = m.agreement_id
                WHERE b.status <> 'cancelled' AND b.month >= w.since AND b.month >= m.since
                  AND (m.until IS NULL OR b.month < m.until)) THEN
        RAISE EXCEPTION 'a month with this wage is billed already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'wage_before_the_bill';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER wage_before_the_bill AFTER INSERT ON membership_wage
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wage_before_the_bill();
CREATE TRIGGER wage_withdrawn_before_the_bill AFTER UPDATE ON membership_wage
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wage_before_the_bill();
"""

UNDO = """
DROP TRIGGER wage_withdrawn_before_the_bill ON membership_wage;
DROP TRIGGER wage_before_the_bill ON membership_wage;
DROP FUNCTION wage_before_the_bill();
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0003_audit_views"), ("membership", "0003_employers")]

    operations = [migrations.RunSQL(WAGES, UNDO)]
