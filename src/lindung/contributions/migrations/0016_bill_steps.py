"""The steps of a bill stand in a table; each new status is the sum of its money; auditors see where money went."""

from django.db import migrations, models

from lindung.access.row_security import unprotected
from lindung.engine.earlier import function_of

STEPS = """
INSERT INTO contributions_billstep (before, after) VALUES
    ('', 'final'), ('final', 'paid'), ('final', 'cancelled'), ('paid', 'final');

-- Which step may follow which stands in the table. Beyond that: paid is what settlements and a shortfall make whole;
-- a bill opens again only when all its settlements are undone; and none leaves for good with money in it.
CREATE OR REPLACE FUNCTION bill_step_allowed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was varchar := '';
    settled bigint;
    carried bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.status = NEW.status THEN RETURN NEW; END IF;
        was := OLD.status;
    END IF;
    SELECT coalesce(sum(s.amount), 0) INTO settled FROM contributions_settlement s
     WHERE s.bill_id = NEW.id AND s.reversed_by_id IS NULL;
    SELECT coalesce(sum(l.amount), 0) INTO carried FROM contributions_shortfall l WHERE l.bill_id = NEW.id;
    IF EXISTS (SELECT 1 FROM contributions_billstep t WHERE t.before = was AND t.after = NEW.status)
       AND (CASE WHEN NEW.status = 'paid' THEN settled > 0 AND settled + carried = NEW.total
                 WHEN was = 'paid' THEN settled = 0
                 WHEN NEW.status IN ('cancelled', 'superseded') THEN settled + carried = 0
                 ELSE true END) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'this step of the bill is not allowed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_step_allowed';
END $$;
"""
UNDO = "DELETE FROM contributions_billstep;\n"
UNDO += function_of("lindung.contributions.migrations.0002_proofs", "bill_step_allowed")

VIEWS = """
DROP VIEW audit_v.payments;
CREATE VIEW audit_v.payments AS
SELECT p.id, p.order_number, p.ordered_on, p.amount, p.recorded_by_id, p.confirmed_by_id, s.bill_id,
       s.amount AS settled, s.instruction_id, p.agreement_id, p.membership_id, p.source, p.confirmed_at,
       p.rejected_by_id, p.rejected_at, p.rejection_reason, p.reversal_asked_by_id, p.reversed_by_id, p.reversed_at,
       s.reversed_by_id AS settlement_reversed_by
  FROM contributions_payment p LEFT JOIN contributions_settlement s ON s.payment_id = p.id;

CREATE VIEW audit_v.shortfalls AS
SELECT id, bill_id, sponsor_id, month, amount, told_on, letter_number, declared_by_id, instruction_id
  FROM contributions_shortfall;

CREATE VIEW audit_v.reversed_months AS
SELECT month, person_id, work_id, programme, agreement_id, sponsor_id, instruction_id, amount, paid_on,
       reversal_instruction_id
  FROM contributions_reversedmonth;

CREATE VIEW audit_v.kept_balances AS
SELECT a.code AS account, b.amount, b.floor, b.ceiling
  FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id;

GRANT SELECT ON audit_v.payments, audit_v.shortfalls, audit_v.reversed_months, audit_v.kept_balances
    TO lindung_auditor;
"""
UNDO_VIEWS = """
DROP VIEW audit_v.kept_balances;
DROP VIEW audit_v.reversed_months;
DROP VIEW audit_v.shortfalls;
DROP VIEW audit_v.payments;
CREATE VIEW audit_v.payments AS
SELECT p.id, p.order_number, p.ordered_on, p.amount, p.recorded_by_id, p.confirmed_by_id, s.bill_id,
       s.amount AS settled, s.instruction_id
  FROM contributions_payment p LEFT JOIN contributions_settlement s ON s.payment_id = p.id;
GRANT SELECT ON audit_v.payments TO lindung_auditor;
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0015_shortfalls")]

    operations = [
        migrations.CreateModel(
            name="BillStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "before",
                        "after",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("before", models.CharField(max_length=10)),
                ("after", models.CharField(max_length=10)),
            ],
        ),
        migrations.RunSQL(STEPS, UNDO),
        unprotected("contributions_billstep", app="SELECT"),
        migrations.RunSQL(VIEWS, UNDO_VIEWS),
    ]
