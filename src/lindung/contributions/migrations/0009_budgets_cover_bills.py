"""A budget is not cut or withdrawn below what the bills of its year already take."""

from django.db import migrations

COVERS = """
CREATE FUNCTION budget_covers_its_bills() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    total numeric;
    taken numeric;
BEGIN
    IF TG_OP = 'INSERT' AND NEW.amount > 0 THEN RETURN NULL; END IF;
    IF TG_OP = 'UPDATE' AND NEW.amount < 0 THEN RETURN NULL; END IF;
    SELECT coalesce(sum(b.amount), 0) INTO total FROM partnership_budget b
     WHERE b.agreement_id = NEW.agreement_id AND b.year = NEW.year AND b.withdrawn_by_id IS NULL;
    SELECT coalesce(sum(b.total), 0) INTO taken FROM contributions_bill b
     WHERE b.agreement_id = NEW.agreement_id AND b.status <> 'cancelled'
       AND b.month >= make_date(NEW.year, 1, 1) AND b.month < make_date(NEW.year + 1, 1, 1);
    IF total < taken THEN
        RAISE EXCEPTION 'the bills of the year take more than is left'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_covers_its_bills';
    END IF;
    RETURN NULL;
END $$;
-- Named so that it comes after the trigger that holds the agreement.
CREATE TRIGGER budget_still_covers_its_bills AFTER INSERT OR UPDATE ON partnership_budget
    FOR EACH ROW EXECUTE FUNCTION budget_covers_its_bills();
"""
UNDO = """
DROP TRIGGER budget_still_covers_its_bills ON partnership_budget;
DROP FUNCTION budget_covers_its_bills();
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0008_paid_before"), ("partnership", "0012_withdrawn_budgets")]

    operations = [migrations.RunSQL(COVERS, UNDO)]
