"""Bills of people who pay for themselves: one of each person and month, set-based for a million; others' bills stay apart.

A bill that one person owes says nothing about another's month: the rules that keep a month as it was billed look at
the bills of the agreement as a whole, or at the person's own.
"""

from django.db import migrations

KIND = """
CREATE FUNCTION bill_is_of_its_payer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT agreement_id, membership_id IS NOT NULL AS own FROM added) b
                 JOIN partnership_agreement a ON a.id = b.agreement_id
                WHERE (a.kind = 'independent') <> b.own) THEN
        RAISE EXCEPTION 'whose bill it is does not fit the agreement'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_is_of_its_payer';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bill_is_of_its_payer AFTER INSERT ON contributions_bill
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bill_is_of_its_payer();
"""
UNDO_KIND = """
DROP TRIGGER bill_is_of_its_payer ON contributions_bill;
DROP FUNCTION bill_is_of_its_payer();
"""

# The same rule as that of one bill, asked once for each agreement and month of a statement: a million self-payers are
# billed in one statement. The function for one bill stays, for a bill that becomes final later.
ACTIVE = """
DROP TRIGGER bill_of_an_active_agreement ON contributions_bill;
CREATE FUNCTION bills_of_active_agreements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    billed record;
    held partnership_agreement;
    lacking text[];
BEGIN
    FOR billed IN SELECT DISTINCT agreement_id, month FROM added ORDER BY 1, 2 LOOP
        SELECT * INTO held FROM partnership_agreement a WHERE a.id = billed.agreement_id FOR SHARE;
        IF held.state NOT IN ('active', 'ended', 'terminated')
           OR billed.month < held.since OR billed.month >= held.until THEN
            RAISE EXCEPTION 'the agreement does not cover this month'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_of_an_active_agreement';
        END IF;
        lacking := agreement_year_lacks(billed.agreement_id, billed.month);
        IF lacking <> '{}' THEN
            RAISE EXCEPTION 'the budget year lacks %', lacking
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_in_a_ready_year';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER bills_of_active_agreements AFTER INSERT ON contributions_bill
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bills_of_active_agreements();
"""
UNDO_ACTIVE = """
DROP TRIGGER bills_of_active_agreements ON contributions_bill;
DROP FUNCTION bills_of_active_agreements();
CREATE TRIGGER bill_of_an_active_agreement AFTER INSERT ON contributions_bill
    FOR EACH ROW EXECUTE FUNCTION bill_of_an_active_agreement();
"""

JOINING = """
CREATE OR REPLACE FUNCTION membership_before_the_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM contributions_bill b
                 JOIN (SELECT DISTINCT agreement_id, since, until FROM added) a ON a.agreement_id = b.agreement_id
                WHERE b.status IN ('final', 'paid'){shared}
                  AND b.month >= a.since AND (a.until IS NULL OR b.month < a.until)) THEN
        RAISE EXCEPTION 'the bill of this month is drawn already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_before_the_bill';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION membership_not_ended_before_its_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    shorter boolean := OLD.until IS NULL OR NEW.until < OLD.until;
    first_month date := greatest(NEW.since, least(OLD.until, NEW.until));
    after_last date := CASE WHEN OLD.until IS NULL OR NEW.until IS NULL THEN 'infinity'::date
                            ELSE greatest(OLD.until, NEW.until) END;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM contributions_bill b
                    WHERE b.agreement_id = NEW.agreement_id AND b.status IN ('final', 'paid'){own}
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
"""
JOINING_NOW = JOINING.format(
    shared=" AND b.membership_id IS NULL", own=" AND (b.membership_id IS NULL OR b.membership_id = NEW.id)"
)
JOINING_BEFORE = JOINING.format(shared="", own="")

# As with wages: a bill stays what its income made it.
INCOME = """
CREATE FUNCTION own_income_before_the_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed i JOIN contributions_bill b ON b.membership_id = i.membership_id
                WHERE b.status IN ('final', 'paid') AND b.month >= i.since) THEN
        RAISE EXCEPTION 'a month with this income is billed already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'own_income_before_the_bill';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER own_income_before_the_bill AFTER INSERT ON membership_ownincome
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION own_income_before_the_bill();
CREATE TRIGGER own_income_withdrawn_before_the_bill AFTER UPDATE ON membership_ownincome
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION own_income_before_the_bill();
"""
UNDO_INCOME = """
DROP TRIGGER own_income_withdrawn_before_the_bill ON membership_ownincome;
DROP TRIGGER own_income_before_the_bill ON membership_ownincome;
DROP FUNCTION own_income_before_the_bill();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0021_matching"),
        ("membership", "0019_own_payers"),
    ]

    operations = [
        migrations.RunSQL(KIND, UNDO_KIND),
        migrations.RunSQL(ACTIVE, UNDO_ACTIVE),
        migrations.RunSQL(JOINING_NOW, JOINING_BEFORE),
        migrations.RunSQL(INCOME, UNDO_INCOME),
    ]
