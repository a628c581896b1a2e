"""A kode iuran given here is that of one agreement and month: a payment finds its bill by it."""

from django.db import migrations

FOR_ONE_BILL = """
-- In whichever city, however it is written. A word of BPJS is stored as it was said. Two who give one code at once wait
-- for each other.
CREATE FUNCTION contribution_code_is_of_one_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('contribution_code ' || upper(NEW.code), 0));
    IF EXISTS (
        SELECT 1 FROM contributions_contributioncode c
         WHERE upper(c.code) = upper(NEW.code) AND (c.agreement_id, c.month) <> (NEW.agreement_id, NEW.month)) THEN
        RAISE EXCEPTION 'another bill has this code'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contribution_code_for_one_bill';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contribution_code_is_of_one_bill BEFORE INSERT ON contributions_contributioncode
    FOR EACH ROW WHEN (NEW.decided_by = 'here') EXECUTE FUNCTION contribution_code_is_of_one_bill();
"""
UNDO = """
DROP TRIGGER contribution_code_is_of_one_bill ON contributions_contributioncode;
DROP FUNCTION contribution_code_is_of_one_bill();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_determined_once"), ("contributions", "0008_paid_before")]

    operations = [migrations.RunSQL(FOR_ONE_BILL, UNDO)]
