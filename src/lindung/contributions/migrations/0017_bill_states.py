"""A bill may begin as a draft and give its place to another bill; the steps it may take stand in a table."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from lindung.engine.earlier import function_of

ALL_STATES = ["draft", "final", "paid", "cancelled", "superseded"]

STEPS = """
INSERT INTO contributions_billstep (before, after) VALUES
    ('', 'draft'), ('draft', 'final'), ('draft', 'cancelled'), ('draft', 'superseded'), ('final', 'superseded');
"""

# What of a bill is settled: the one place that knows which settlements count.
SETTLED = """
CREATE FUNCTION bill_settled(bill bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(s.amount), 0)::bigint FROM contributions_settlement s
     WHERE s.bill_id = bill AND s.reversed_by_id IS NULL
$$;
REVOKE ALL ON FUNCTION bill_settled(bigint) FROM PUBLIC;
"""
UNDO_SETTLED = "DROP FUNCTION bill_settled(bigint);"

TAKING_STEPS = """
CREATE OR REPLACE FUNCTION bill_step_allowed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was text := CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.status END;
    settled bigint;
    carried bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = NEW.status THEN
        IF OLD.superseded_by_id IS NOT DISTINCT FROM NEW.superseded_by_id THEN RETURN NEW; END IF;
    ELSIF EXISTS (SELECT 1 FROM contributions_billstep s WHERE s.before = was AND s.after = NEW.status) THEN
        IF NEW.status NOT IN ('paid', 'cancelled', 'superseded') AND was <> 'paid' THEN RETURN NEW; END IF;
        settled := bill_settled(NEW.id);
        SELECT coalesce(sum(l.amount), 0) INTO carried FROM contributions_shortfall l WHERE l.bill_id = NEW.id;
        -- Paid is what settlements and a shortfall make whole; open again only when all its settlements are undone; and
        -- none is given up with money in it.
        IF (CASE WHEN NEW.status = 'paid' THEN settled > 0 AND settled + carried = NEW.total
                 WHEN was = 'paid' THEN settled = 0
                 ELSE settled + carried = 0 END) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'this step of the bill is not allowed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_step_allowed';
END $$;
"""
STEPS_BEFORE = function_of("lindung.contributions.migrations.0016_bill_steps", "bill_step_allowed")

# The old bill must make room before the new one comes, so its successor is looked for at the end.
SUPERSEDING = """
CREATE FUNCTION bill_superseded_within_its_purse() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM contributions_bill n
                    WHERE n.id = NEW.superseded_by_id AND n.id <> NEW.id AND n.agreement_id = NEW.agreement_id
                      AND n.month = NEW.month AND n.membership_id IS NOT DISTINCT FROM NEW.membership_id) THEN
        RAISE EXCEPTION 'a bill is superseded by another one of its purse and month'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_superseded_within_its_purse';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bill_superseded_within_its_purse AFTER UPDATE OF superseded_by_id ON contributions_bill
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.superseded_by_id IS NOT NULL)
    EXECUTE FUNCTION bill_superseded_within_its_purse();
GRANT UPDATE (superseded_by_id) ON contributions_bill TO lindung_app;
-- What a bill asks for must hold when it is asked for: of a draft, on the day it becomes final.
CREATE TRIGGER bill_final_of_an_active_agreement AFTER UPDATE OF status ON contributions_bill
    FOR EACH ROW WHEN (OLD.status = 'draft' AND NEW.status = 'final')
    EXECUTE FUNCTION bill_of_an_active_agreement();
"""
UNDO_SUPERSEDING = """
DROP TRIGGER bill_final_of_an_active_agreement ON contributions_bill;
REVOKE UPDATE (superseded_by_id) ON contributions_bill FROM lindung_app;
DROP TRIGGER bill_superseded_within_its_purse ON contributions_bill;
DROP FUNCTION bill_superseded_within_its_purse();
"""

# Rules of other tables that look at bills: {bill} says which bills hold them.
GUARDS = """
CREATE OR REPLACE FUNCTION membership_before_the_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM contributions_bill b
                 JOIN (SELECT DISTINCT agreement_id, since, until FROM added) a ON a.agreement_id = b.agreement_id
                WHERE {bill} AND b.month >= a.since AND (a.until IS NULL OR b.month < a.until)) THEN
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
                    WHERE b.agreement_id = NEW.agreement_id AND {bill}
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

CREATE OR REPLACE FUNCTION wage_before_the_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed w
                 JOIN membership_membership m ON m.id = w.membership_id
                 JOIN contributions_bill b ON b.agreement_id = m.agreement_id
                WHERE {bill} AND b.month >= w.since AND b.month >= m.since
                  AND (m.until IS NULL OR b.month < m.until)) THEN
        RAISE EXCEPTION 'a month with this wage is billed already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'wage_before_the_bill';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION agreement_not_ended_before_its_bills() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.until IS NOT NULL AND EXISTS (
        SELECT 1 FROM contributions_bill b
         WHERE b.agreement_id = NEW.id AND {bill} AND b.month >= NEW.until) THEN
        RAISE EXCEPTION 'months after this end are billed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_not_ended_before_its_bills';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION budget_covers_its_bills() RETURNS trigger
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
     WHERE b.agreement_id = NEW.agreement_id AND {bill}
       AND b.month >= make_date(NEW.year, 1, 1) AND b.month < make_date(NEW.year + 1, 1, 1);
    IF total < taken THEN
        RAISE EXCEPTION 'the bills of the year take more than is left'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_covers_its_bills';
    END IF;
    RETURN NULL;
END $$;
"""


def guards(bill: str) -> str:
    """The rules as they stand when this says which bills (``b``) hold them."""
    return GUARDS.replace("{bill}", bill)


def status(*states: str) -> "models.Field[Any, Any]":
    """The status with these choices."""
    named = {
        "draft": "Draf",
        "final": "Final",
        "paid": "Lunas",
        "cancelled": "Dibatalkan",
        "superseded": "Digantikan",
    }
    return models.CharField(
        max_length=10, choices=[(state, named[state]) for state in states], default="final"
    )


class Migration(migrations.Migration):
    dependencies = [("contributions", "0016_bill_steps")]

    operations = [
        migrations.RunSQL(
            STEPS,
            "DELETE FROM contributions_billstep WHERE 'draft' IN (before, after) OR after = 'superseded';",
        ),
        migrations.AlterField("bill", "status", status(*ALL_STATES)),
        migrations.AlterField(
            "bill", "total", models.BigIntegerField(help_text="its lines and its charges together")
        ),
        migrations.AddField(
            "bill",
            "superseded_by",
            models.ForeignKey(
                "contributions.bill",
                null=True,
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                help_text="the bill of the same purse and month that took its place",
            ),
        ),
        migrations.RemoveConstraint("bill", "bill_status_known"),
        migrations.AddConstraint(
            "bill", models.CheckConstraint(name="bill_status_known", condition=Q(status__in=ALL_STATES))
        ),
        migrations.AddConstraint(
            "bill",
            models.CheckConstraint(
                name="bill_superseded_by_another",
                condition=Q(status="superseded", superseded_by__isnull=False)
                | (~Q(status="superseded") & Q(superseded_by__isnull=True)),
            ),
        ),
        migrations.RunSQL(SETTLED, UNDO_SETTLED),
        migrations.RunSQL(TAKING_STEPS, STEPS_BEFORE),
        migrations.RunSQL(SUPERSEDING, UNDO_SUPERSEDING),
        migrations.RunSQL(guards("b.status IN ('final', 'paid')"), guards("b.status <> 'cancelled'")),
    ]
