"""What a bill asks for beside its lines: fines and shortfalls of earlier months; its total is both together."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from lindung.access.row_security import WHOLE_CITY, asked_once, protected

KEYS = """
CREATE UNIQUE INDEX bill_and_sponsor ON contributions_bill (id, sponsor_id);
ALTER TABLE contributions_billcharge
    ADD CONSTRAINT charge_of_its_sponsors_bill FOREIGN KEY (bill_id, sponsor_id)
        REFERENCES contributions_bill (id, sponsor_id),
    ADD CONSTRAINT charge_from_its_sponsors_bill FOREIGN KEY (from_bill_id, sponsor_id)
        REFERENCES contributions_bill (id, sponsor_id);
"""
UNDO_KEYS = """
ALTER TABLE contributions_billcharge DROP CONSTRAINT charge_from_its_sponsors_bill,
    DROP CONSTRAINT charge_of_its_sponsors_bill;
DROP INDEX bill_and_sponsor;
"""

# Charges come before the lines; the lines then make the total with them, and a charge added later breaks the sum.
SUMS = """
CREATE OR REPLACE FUNCTION bill_lines_make_the_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM contributions_bill b
         WHERE b.id IN (SELECT bill_id FROM added)
           AND (b.total - (SELECT coalesce(sum(c.amount), 0) FROM contributions_billcharge c WHERE c.bill_id = b.id),
                b.people) <> (SELECT coalesce(sum(l.amount), 0), count(*)
                                FROM contributions_billline l
                               WHERE l.bill_id = b.id AND l.month = b.month)) THEN
        RAISE EXCEPTION 'the bill does not equal its lines and charges'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_equals_its_lines';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION bill_charges_come_first() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added c JOIN contributions_bill b ON b.id = c.bill_id
                 JOIN contributions_billline l ON l.bill_id = b.id AND l.month = b.month) THEN
        RAISE EXCEPTION 'the bill is whole already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_equals_its_lines';
    END IF;
    IF EXISTS (SELECT 1 FROM added c JOIN contributions_bill b ON b.id = c.bill_id
                 JOIN contributions_bill f ON f.id = c.from_bill_id
                WHERE f.id = b.id OR f.agreement_id <> b.agreement_id
                   OR f.membership_id IS DISTINCT FROM b.membership_id) THEN
        RAISE EXCEPTION 'a charge comes from another bill of the same purse'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_from_its_own_purse';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bill_charges_come_first AFTER INSERT ON contributions_billcharge
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bill_charges_come_first();

-- A bill that is given up sets its charges free: the next one carries them.
CREATE FUNCTION bill_releases_its_charges() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE contributions_billcharge SET released = true WHERE bill_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER bill_releases_its_charges AFTER UPDATE OF status ON contributions_bill
    FOR EACH ROW WHEN (OLD.status <> NEW.status AND NEW.status IN ('cancelled', 'superseded'))
    EXECUTE FUNCTION bill_releases_its_charges();
"""
SUMS_BEFORE = """
DROP TRIGGER bill_releases_its_charges ON contributions_bill;
DROP FUNCTION bill_releases_its_charges();
DROP TRIGGER bill_charges_come_first ON contributions_billcharge;
DROP FUNCTION bill_charges_come_first();
CREATE OR REPLACE FUNCTION bill_lines_make_the_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM contributions_bill b
         WHERE b.id IN (SELECT bill_id FROM added)
           AND (b.total, b.people) <> (SELECT coalesce(sum(l.amount), 0)::bigint, count(*)::int
                                         FROM contributions_billline l
                                        WHERE l.bill_id = b.id AND l.month = b.month)) THEN
        RAISE EXCEPTION 'the bill does not equal its lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_equals_its_lines';
    END IF;
    RETURN NULL;
END $$;
"""

VIEW = """
CREATE VIEW audit_v.bill_charges AS
SELECT id, bill_id, sponsor_id, kind, amount, from_bill_id, decision, released, event_id FROM contributions_billcharge;
GRANT SELECT ON audit_v.bill_charges TO lindung_auditor;
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0017_bill_states")]

    operations = [
        migrations.CreateModel(
            name="BillCharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(max_length=10, choices=[("fine", "Denda"), ("shortfall", "Kekurangan")]),
                ),
                ("amount", models.BigIntegerField()),
                ("decision", models.TextField(default="")),
                ("released", models.BooleanField(default=False, db_default=False)),
                (
                    "bill",
                    models.ForeignKey(
                        "contributions.bill",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                    ),
                ),
                (
                    "from_bill",
                    models.ForeignKey(
                        "contributions.bill",
                        null=True,
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        "access.organisation",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        "access.auditevent", on_delete=django.db.models.deletion.PROTECT, related_name="+"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        name="charge_once_per_bill",
                        fields=["from_bill", "kind"],
                        condition=Q(released=False),
                    ),
                    models.CheckConstraint(name="charge_is_positive", condition=Q(amount__gt=0)),
                    models.CheckConstraint(
                        name="charge_kind_known", condition=Q(kind__in=["fine", "shortfall"])
                    ),
                ]
            },
        ),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        migrations.RunSQL(SUMS, SUMS_BEFORE),
        protected("contributions_billcharge", app="SELECT, INSERT", adding=WHOLE_CITY),
        migrations.RunSQL(VIEW, "DROP VIEW audit_v.bill_charges;"),
        asked_once(),
    ]
