"""Money comes for a purse, not only to the rupiah for one bill; a payment has more states than recorded and confirmed."""

from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from lindung.engine.earlier import function_of

STEPS = """
-- Each step is taken by whoever acts, never in a name passed along: recorded, then confirmed or rejected; confirmed,
-- then a reversal asked, and carried out by somebody else (or the asking taken back). Nothing else ever changes.
-- What came by a bank line is confirmed by the statement: whoever says whose it is records it.
CREATE OR REPLACE FUNCTION payment_by_two_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_by_id IS NOT NULL OR NEW.recorded_by_id IS DISTINCT FROM lindung_actor() THEN
            RAISE EXCEPTION 'a payment is recorded and confirmed by the two people themselves'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_confirmed_by_a_second_person';
        END IF;
        IF NEW.rejected_at IS NULL AND NEW.reversal_asked_at IS NULL AND NEW.reversed_at IS NULL THEN
            RETURN NEW;
        END IF;
    ELSIF (OLD.confirmed_by_id, OLD.confirmed_at) IS DISTINCT FROM (NEW.confirmed_by_id, NEW.confirmed_at) THEN
        IF OLD.confirmed_at IS NULL AND OLD.rejected_at IS NULL AND NEW.confirmed_by_id = lindung_actor() THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a payment is recorded and confirmed by the two people themselves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_confirmed_by_a_second_person';
    ELSIF OLD.rejected_at IS NULL AND NEW.rejected_at IS NOT NULL THEN
        IF OLD.confirmed_at IS NULL AND NEW.rejected_by_id = lindung_actor() THEN RETURN NEW; END IF;
    ELSIF OLD.reversed_at IS NULL AND NEW.reversed_at IS NOT NULL THEN
        IF EXISTS (SELECT 1 FROM contributions_settlement s
                    WHERE s.payment_id = NEW.id AND s.reversed_by_id IS NULL) THEN
            RAISE EXCEPTION 'bills are still settled by this payment'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_reversed_whole';
        END IF;
        IF OLD.reversal_asked_by_id IS NOT NULL AND NEW.reversed_by_id = lindung_actor()
           AND OLD.reversal_asked_by_id = NEW.reversal_asked_by_id THEN RETURN NEW; END IF;
    ELSIF OLD.reversed_at IS NULL AND OLD.reversal_asked_at IS DISTINCT FROM NEW.reversal_asked_at THEN
        IF NEW.reversal_asked_at IS NULL
           OR (OLD.reversal_asked_at IS NULL AND NEW.reversal_asked_by_id = lindung_actor()) THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'this step of the payment is not allowed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_step_allowed';
END $$;

-- Confirmed money stands in the book: out of the sponsor's account, or, by a bank line, out of what came unmatched.
-- Orders of before were booked straight with the bill they paid.
CREATE FUNCTION payment_is_booked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.confirmed_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM ledger_instruction i JOIN ledger_entry e ON e.instruction_id = i.id
          JOIN ledger_posting p ON p.month = e.month AND p.entry_id = e.id AND p.amount = -NEW.amount
          JOIN ledger_account a ON a.id = p.account_id
         WHERE i.reference = 'payment:' || NEW.id AND i.kind = 'payment' AND i.amount = NEW.amount
           AND a.sponsor_id = NEW.sponsor_id
           AND a.kind = CASE WHEN NEW.source = 'bank' THEN 'unmatched' ELSE 'sponsor' END) THEN
        RAISE EXCEPTION 'the confirmed payment is not booked'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_booked';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payment_is_booked AFTER INSERT OR UPDATE OF confirmed_at ON contributions_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment_is_booked();

GRANT UPDATE (rejected_by_id, rejected_at, rejection_reason, reversal_asked_by_id, reversal_asked_at,
              reversal_reason, reversed_by_id, reversed_at) ON contributions_payment TO lindung_app;
CREATE INDEX payments_of_a_purse ON contributions_payment (agreement_id, membership_id);
"""
UNDO = """
DROP INDEX payments_of_a_purse;
REVOKE UPDATE (rejected_by_id, rejected_at, rejection_reason, reversal_asked_by_id, reversal_asked_at,
               reversal_reason, reversed_by_id, reversed_at) ON contributions_payment FROM lindung_app;
DROP TRIGGER payment_is_booked ON contributions_payment;
DROP FUNCTION payment_is_booked();
"""
UNDO += function_of("lindung.contributions.migrations.0002_proofs", "payment_by_two_people")

NOBODY_AND_NEVER = Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
SOMEBODY_ONCE = Q(confirmed_by__isnull=False, confirmed_at__isnull=False)


def person() -> "models.Field[Any, Any]":
    """Somebody who acted."""
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


def check(name: str, condition: Q) -> migrations.AddConstraint:
    """A check of the payments."""
    return migrations.AddConstraint("payment", models.CheckConstraint(name=name, condition=condition))


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0011_purses"),
        ("ledger", "0003_balances"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "payment",
            "source",
            models.CharField(
                choices=[("sp2d", "SP2D"), ("receipt", "Bukti setor"), ("bank", "Rekening koran")],
                default="sp2d",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "payment",
            "order_number",
            models.CharField(help_text="number of the SP2D, receipt or bank line", max_length=80),
        ),
        migrations.AlterField(
            "payment",
            "ordered_on",
            models.DateField(help_text="date of the SP2D, or the day the money came"),
        ),
        migrations.AddField(
            "payment",
            "more_bills",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                default=list,
                help_text="further bills the order is for, beside `bill`",
                size=None,
            ),
        ),
        migrations.AddField("payment", "rejected_by", person()),
        migrations.AddField("payment", "rejected_at", models.DateTimeField(null=True)),
        migrations.AddField("payment", "rejection_reason", models.TextField(default="")),
        migrations.AddField("payment", "reversal_asked_by", person()),
        migrations.AddField("payment", "reversal_asked_at", models.DateTimeField(null=True)),
        migrations.AddField("payment", "reversal_reason", models.TextField(default="")),
        migrations.AddField("payment", "reversed_by", person()),
        migrations.AddField("payment", "reversed_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("payment", "payment_order_once_per_sponsor"),
        migrations.AddConstraint(
            "payment",
            models.UniqueConstraint(
                name="payment_order_once_per_sponsor",
                fields=["sponsor", "source", "order_number"],
                condition=Q(rejected_at__isnull=True),
            ),
        ),
        migrations.RemoveConstraint("payment", "payment_source_known"),
        check("payment_source_known", Q(source__in=["sp2d", "receipt", "bank"])),
        migrations.RemoveConstraint("payment", "payment_confirmation_whole"),
        check(
            "payment_confirmation_whole",
            ~Q(source="bank") & (NOBODY_AND_NEVER | SOMEBODY_ONCE)
            | Q(source="bank", confirmed_by__isnull=True, confirmed_at__isnull=False),
        ),
        check(
            "payment_rejection_whole",
            Q(rejected_by__isnull=True, rejected_at__isnull=True, rejection_reason="")
            | Q(rejected_by__isnull=False, rejected_at__isnull=False, confirmed_at__isnull=True)
            & ~Q(rejection_reason=""),
        ),
        check(
            "payment_reversal_whole",
            Q(
                reversal_asked_by__isnull=True,
                reversal_asked_at__isnull=True,
                reversal_reason="",
                reversed_by__isnull=True,
                reversed_at__isnull=True,
            )
            | Q(reversal_asked_by__isnull=False, reversal_asked_at__isnull=False, confirmed_at__isnull=False)
            & ~Q(reversal_reason="")
            & (
                Q(reversed_by__isnull=True, reversed_at__isnull=True)
                | Q(reversed_by__isnull=False, reversed_at__isnull=False)
            ),
        ),
        check(
            "payment_reversed_by_a_second_person",
            Q(reversed_by__isnull=True) | ~Q(reversed_by=F("reversal_asked_by")),
        ),
        # What a reversal undid stays, and counts no more; the trigger above asks for it.
        migrations.AddField(
            "settlement",
            "reversed_by",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.instruction",
            ),
        ),
        migrations.RemoveConstraint("settlement", "settlement_once_per_payment_and_bill"),
        migrations.AddConstraint(
            "settlement",
            models.UniqueConstraint(
                name="settlement_once_per_payment_and_bill",
                fields=["payment", "bill"],
                condition=Q(reversed_by__isnull=True),
            ),
        ),
        migrations.RunSQL(STEPS, UNDO),
    ]
