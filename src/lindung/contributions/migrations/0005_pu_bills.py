"""A membership ends, or goes on again, only in months that are not billed; auditors see wage earners too, without wages."""

from django.db import migrations

# Shortening would leave a bill with somebody who had gone; lengthening would leave somebody without his bill.
ENDS = """
CREATE FUNCTION membership_not_ended_before_its_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    shorter boolean := OLD.until IS NULL OR NEW.until < OLD.until;
    first_month date := greatest(NEW.since, least(OLD.until, NEW.until));
    after_last date := CASE WHEN OLD.until IS NULL OR NEW.until IS NULL THEN 'infinity'::date
                            ELSE greatest(OLD.until, NEW.until) END;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM contributions_bill b
                    WHERE b.agreement_id = NEW.agreement_id AND b.status <> 'cancelled'
                      AND b.month >= first_month AND b.month < after_last) THEN
        RETURN NULL;
    END IF;
    IF shorter THEN
        RAISE EXCEPTION 'a month after this end is billed already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_not_ended_before_its_bill';
    END IF;
    RAISE EXCEPTION 'the bill of this month is drawn already'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_before_the_bill';
END $$;
CREATE TRIGGER membership_not_ended_before_its_bill AFTER UPDATE OF until ON membership_membership
    FOR EACH ROW WHEN (OLD.until IS DISTINCT FROM NEW.until)
    EXECUTE FUNCTION membership_not_ended_before_its_bill();
"""

UNDO = """
DROP TRIGGER membership_not_ended_before_its_bill ON membership_membership;
DROP FUNCTION membership_not_ended_before_its_bill();
"""

VIEWS = """
CREATE VIEW audit_v.employer_units AS
SELECT u.id, g.code AS agreement, u.sponsor_id, u.office_id, u.staff_kind, u.risk_class, u.risk_basis, u.region_code,
       u.npp, u.event_id
  FROM membership_employerunit u JOIN partnership_agreement g ON g.id = u.agreement_id;

CREATE VIEW audit_v.member_changes AS
SELECT id, membership_id, sponsor_id, kind, month, reason, until_before, until_after, undoes_id, by_id, at, event_id
  FROM membership_memberchange;

GRANT SELECT ON audit_v.employer_units, audit_v.member_changes TO lindung_auditor;
"""

UNDO_VIEWS = "DROP VIEW audit_v.member_changes; DROP VIEW audit_v.employer_units;"


class Migration(migrations.Migration):
    dependencies = [("contributions", "0004_wages"), ("membership", "0004_changes")]

    operations = [migrations.RunSQL(ENDS, UNDO), migrations.RunSQL(VIEWS, UNDO_VIEWS)]
