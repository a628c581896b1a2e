"""A reversal undoes settlements: their months move to a table of their own, and so are no longer paid."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from lindung.access.row_security import asked_once, protected
from lindung.engine.earlier import function_of

MOVER = """
CREATE INDEX settlements_of_a_bill ON contributions_settlement (bill_id) WHERE reversed_by_id IS NULL;
ALTER TABLE contributions_reversedmonth ADD CONSTRAINT reversed_month_of_a_settlement
    FOREIGN KEY (instruction_id) REFERENCES contributions_settlement (instruction_id);

-- The one way to undo a settlement: by the reversal of its own entry, where somebody else asked for the reversal of a
-- payment of that bill. Its paid months move with it. Answers how many.
CREATE FUNCTION contributions_undo_settlement(settlement bigint, reversal bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    undone contributions_settlement;
    billed date;
    moved bigint;
BEGIN
    SELECT * INTO undone FROM contributions_settlement s WHERE s.id = settlement FOR UPDATE;
    IF undone.id IS NULL
       OR NOT (lindung_sees(undone.sponsor_id) AND lindung_sees_place('*') AND lindung_writes()) THEN
        RAISE EXCEPTION 'permission denied for settlement %', settlement USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF undone.reversed_by_id IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM ledger_entry r JOIN ledger_entry e ON e.id = r.reverses_id
         WHERE r.instruction_id = reversal AND e.instruction_id = undone.instruction_id)
       OR NOT EXISTS (
        SELECT 1 FROM contributions_settlement s JOIN contributions_payment p ON p.id = s.payment_id
         WHERE s.bill_id = undone.bill_id AND p.reversal_asked_by_id <> lindung_actor() AND p.reversed_at IS NULL) THEN
        RAISE EXCEPTION 'the settlement is not undone by this'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_undone_by_its_reversal';
    END IF;
    UPDATE contributions_settlement s SET reversed_by_id = reversal WHERE s.id = settlement;
    SELECT b.month INTO billed FROM contributions_bill b WHERE b.id = undone.bill_id;
    WITH gone AS (
        DELETE FROM contributions_paidmonth m
         WHERE m.month = billed AND m.instruction_id = undone.instruction_id RETURNING m.*)
    INSERT INTO contributions_reversedmonth (month, person_id, work_id, programme, agreement_id, sponsor_id,
                                             instruction_id, amount, paid_on, reversal_instruction_id)
    SELECT month, person_id, work_id, programme, agreement_id, sponsor_id, instruction_id, amount, paid_on, reversal
      FROM gone;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END $$;
REVOKE ALL ON FUNCTION contributions_undo_settlement(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contributions_undo_settlement(bigint, bigint) TO lindung_app;

CREATE OR REPLACE FUNCTION settlement_allowed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    paid contributions_payment;
    owed contributions_bill;
BEGIN
    SELECT * INTO owed FROM contributions_bill b WHERE b.id = NEW.bill_id FOR UPDATE;
    SELECT * INTO paid FROM contributions_payment p WHERE p.id = NEW.payment_id FOR UPDATE;
    IF paid.confirmed_at IS NULL OR paid.reversed_at IS NOT NULL THEN
        RAISE EXCEPTION 'the payment is not confirmed, or was reversed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_needs_confirmation_first';
    END IF;
    IF (paid.agreement_id, paid.membership_id) IS DISTINCT FROM (owed.agreement_id, owed.membership_id) THEN
        RAISE EXCEPTION 'the payment is for another purse'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_of_one_agreement';
    END IF;
    IF NEW.reversed_by_id IS NOT NULL THEN
        RAISE EXCEPTION 'nothing begins undone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_undone_by_its_reversal';
    END IF;
    IF paid.amount < (SELECT sum(s.amount) FROM contributions_settlement s
                       WHERE s.payment_id = NEW.payment_id AND s.reversed_by_id IS NULL) THEN
        RAISE EXCEPTION 'the payment does not reach'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_within_payment';
    END IF;
    IF owed.status <> 'final' OR owed.total < (
        SELECT sum(s.amount) FROM contributions_settlement s
         WHERE s.bill_id = NEW.bill_id AND s.reversed_by_id IS NULL) THEN
        RAISE EXCEPTION 'the bill is not open, or owes less'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_of_an_open_bill';
    END IF;
    RETURN NULL;
END $$;
"""
UNDO = """
DROP FUNCTION contributions_undo_settlement(bigint, bigint);
ALTER TABLE contributions_reversedmonth DROP CONSTRAINT reversed_month_of_a_settlement;
DROP INDEX settlements_of_a_bill;
"""
UNDO += function_of("lindung.contributions.migrations.0002_proofs", "settlement_allowed")

OF_A_PERSON = """
    lindung_sees(sponsor_id)
    AND (lindung_sees_place('*') OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id))
"""


def of(room: str, *, index: bool = False) -> "models.Field[Any, Any]":
    """A row this one belongs to; what must agree with others is a key over several columns, made in SQL."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=index,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=room,
    )


def booked(*, index: bool) -> "models.Field[Any, Any]":
    """An instruction of the ledger."""
    return models.ForeignKey(
        db_index=index,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="ledger.instruction",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0013_purses_filled"),
        ("membership", "0018_own_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReversedMonth",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month",
                        "person_id",
                        "work_id",
                        "programme",
                        "instruction_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField()),
                ("programme", models.CharField(max_length=3)),
                ("amount", models.BigIntegerField()),
                ("paid_on", models.DateField()),
                ("agreement", of("partnership.agreement")),
                ("instruction", booked(index=False)),
                ("person", of("people.person")),
                ("reversal_instruction", booked(index=True)),
                ("sponsor", of("access.organisation")),
                ("work", of("membership.work")),
            ],
            options={
                "indexes": [models.Index(fields=["person", "month"], name="reversed_months_of_a_person")]
            },
        ),
        migrations.RunSQL(MOVER, UNDO),
        protected("contributions_reversedmonth", app="SELECT", visible=OF_A_PERSON),
        asked_once(),
    ]
