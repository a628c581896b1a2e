"""People are enrolled under an agreement in force, and a month is billed only when its budget year is complete.

Both rules look from an agreement to what was made under it, so they stand here, above all the tables they join.
"""

from django.db import migrations

ENROLLING = """
CREATE FUNCTION membership_of_an_active_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnership_agreement a
                WHERE a.id IN (SELECT agreement_id FROM added) AND a.state <> 'active') THEN
        RAISE EXCEPTION 'the agreement is not active'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_of_an_active_agreement';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER membership_of_an_active_agreement AFTER INSERT ON membership_membership
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION membership_of_an_active_agreement();
"""

BILLING = """
-- What was owed before the end stays owed: an agreement that is over is billed for the months inside it.
CREATE FUNCTION bill_of_an_active_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held partnership_agreement;
    lacking text[];
BEGIN
    SELECT * INTO held FROM partnership_agreement a WHERE a.id = NEW.agreement_id FOR SHARE;
    IF held.state NOT IN ('active', 'ended', 'terminated')
       OR NEW.month < held.since OR NEW.month >= held.until THEN
        RAISE EXCEPTION 'the agreement does not cover this month'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_of_an_active_agreement';
    END IF;
    lacking := agreement_year_lacks(NEW.agreement_id, NEW.month);
    IF lacking <> '{}' THEN
        RAISE EXCEPTION 'the budget year lacks %', lacking
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_in_a_ready_year';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bill_of_an_active_agreement AFTER INSERT ON contributions_bill
    FOR EACH ROW EXECUTE FUNCTION bill_of_an_active_agreement();

CREATE FUNCTION agreement_not_ended_before_its_bills() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.until IS NOT NULL AND EXISTS (
        SELECT 1 FROM contributions_bill b
         WHERE b.agreement_id = NEW.id AND b.status <> 'cancelled' AND b.month >= NEW.until) THEN
        RAISE EXCEPTION 'months after this end are billed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_not_ended_before_its_bills';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER agreement_not_ended_before_its_bills AFTER UPDATE OF until ON partnership_agreement
    FOR EACH ROW EXECUTE FUNCTION agreement_not_ended_before_its_bills();
"""

UNDO = """
DROP TRIGGER agreement_not_ended_before_its_bills ON partnership_agreement;
DROP TRIGGER bill_of_an_active_agreement ON contributions_bill;
DROP TRIGGER membership_of_an_active_agreement ON membership_membership;
DROP FUNCTION agreement_not_ended_before_its_bills();
DROP FUNCTION bill_of_an_active_agreement();
DROP FUNCTION membership_of_an_active_agreement();
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0005_pu_bills"), ("partnership", "0006_signatories")]

    operations = [migrations.RunSQL(ENROLLING + BILLING, UNDO)]
