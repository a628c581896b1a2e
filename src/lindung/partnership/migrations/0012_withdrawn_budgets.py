"""A budget recorded by mistake is withdrawn and stays to be read; a cut is a row below zero; their sum never is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import VISIBLE

RIGHTS = f"""
GRANT UPDATE (withdrawn_by_id, withdrawn_at, withdrawn_because) ON partnership_budget TO lindung_app;
CREATE POLICY lindung_app_update ON partnership_budget FOR UPDATE TO lindung_app
    USING (({VISIBLE}) AND lindung_writes()) WITH CHECK (({VISIBLE}) AND lindung_writes());
"""
UNDO_RIGHTS = """
DROP POLICY lindung_app_update ON partnership_budget;
REVOKE UPDATE (withdrawn_by_id, withdrawn_at, withdrawn_because) ON partnership_budget FROM lindung_app;
"""

TRIGGERS = """
-- A withdrawal is by whoever acts, and final.
CREATE FUNCTION budget_withdrawn_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) <> to_jsonb(OLD)
       AND (OLD.withdrawn_by_id IS NOT NULL OR NEW.withdrawn_by_id IS DISTINCT FROM lindung_actor()) THEN
        RAISE EXCEPTION 'a budget is withdrawn once, by the one who acts'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_withdrawn_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_withdrawn_once BEFORE UPDATE ON partnership_budget
    FOR EACH ROW EXECUTE FUNCTION budget_withdrawn_once();

-- A change follows a budget, also when rows are withdrawn, and what is left of it is never below zero. Those who
-- change the money of one agreement at once wait for each other.
CREATE OR REPLACE FUNCTION budget_raise_follows_a_budget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first bigint;
    changes bigint;
    total numeric;
BEGIN
    PERFORM 1 FROM partnership_agreement a WHERE a.id = NEW.agreement_id FOR NO KEY UPDATE;
    SELECT count(*) FILTER (WHERE NOT b.raises), count(*) FILTER (WHERE b.raises), coalesce(sum(b.amount), 0)
      INTO first, changes, total
      FROM partnership_budget b
     WHERE b.agreement_id = NEW.agreement_id AND b.year = NEW.year
       AND b.funding_source_id = NEW.funding_source_id AND b.withdrawn_by_id IS NULL;
    IF changes > 0 AND first = 0 THEN
        RAISE EXCEPTION 'there is no budget to change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_raise_follows_a_budget';
    END IF;
    IF total < 0 THEN
        RAISE EXCEPTION 'a budget would be below zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_not_below_zero';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER budget_raise_follows_a_budget ON partnership_budget;
CREATE TRIGGER budget_raise_follows_a_budget AFTER INSERT OR UPDATE ON partnership_budget
    FOR EACH ROW EXECUTE FUNCTION budget_raise_follows_a_budget();
"""
# As 0005 had it.
UNDO_TRIGGERS = """
DROP TRIGGER budget_raise_follows_a_budget ON partnership_budget;
CREATE OR REPLACE FUNCTION budget_raise_follows_a_budget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.raises AND NOT EXISTS (
        SELECT 1 FROM partnership_budget b WHERE b.agreement_id = NEW.agreement_id AND b.year = NEW.year
           AND b.funding_source_id = NEW.funding_source_id AND NOT b.raises) THEN
        RAISE EXCEPTION 'there is no budget to raise'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_raise_follows_a_budget';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER budget_raise_follows_a_budget AFTER INSERT ON partnership_budget
    FOR EACH ROW EXECUTE FUNCTION budget_raise_follows_a_budget();
DROP TRIGGER budget_withdrawn_once ON partnership_budget;
DROP FUNCTION budget_withdrawn_once();
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0011_stops_put_right")]

    operations = [
        migrations.RemoveConstraint(model_name="budget", name="budget_once_per_year"),
        migrations.RemoveConstraint(model_name="budget", name="budget_raised_once_by_a_paper"),
        migrations.RemoveConstraint(model_name="budget", name="budget_is_positive"),
        migrations.AddField(
            model_name="budget",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(model_name="budget", name="withdrawn_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="budget",
            name="withdrawn_because",
            field=models.CharField(blank=True, db_default="", default="", max_length=400),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.UniqueConstraint(
                name="budget_once_per_year",
                fields=["agreement", "funding_source", "year"],
                condition=models.Q(("raises", False), ("withdrawn_by__isnull", True)),
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.UniqueConstraint(
                name="budget_raised_once_by_a_paper",
                fields=["agreement", "funding_source", "year", "number"],
                condition=models.Q(("raises", True), ("withdrawn_by__isnull", True)),
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                name="budget_is_positive",
                condition=models.Q(amount__gt=0) | models.Q(raises=True, amount__lt=0),
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                name="budget_withdrawal_whole",
                condition=models.Q(
                    models.Q(
                        ("withdrawn_at__isnull", True),
                        ("withdrawn_because", ""),
                        ("withdrawn_by__isnull", True),
                    ),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        models.Q(("withdrawn_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
            ),
        ),
        migrations.RunSQL(TRIGGERS, UNDO_TRIGGERS),
        migrations.RunSQL(RIGHTS, UNDO_RIGHTS),
    ]
