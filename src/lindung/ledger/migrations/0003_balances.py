"""Money that waits and money that lacks get accounts, and each account a balance that is kept with its postings."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from lindung.access.row_security import asked_once, protected

ACCOUNTS = ["sponsor", "bank", "unmatched", "held", "owed", "fund", "member"]
OWNED = ["sponsor", "bank", "unmatched", "held", "owed"]
INSTRUCTIONS = ["payment", "receipt", "settlement", "refund", "credit", "yield", "payout", "reversal"]

BALANCES = """
-- What an account may not fall below, or rise above: money that waits cannot be spent twice, and nobody gets more
-- back than he put in.
CREATE FUNCTION ledger_floor(kind varchar) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN CASE WHEN kind IN ('unmatched', 'held', 'member') THEN 0 END;
CREATE FUNCTION ledger_ceiling(kind varchar) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN CASE WHEN kind IN ('sponsor', 'bank', 'owed') THEN 0 END;
-- The order in which everybody who moves money locks balances, so that nobody waits in a circle.
CREATE FUNCTION ledger_rank(kind varchar) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN CASE kind WHEN 'sponsor' THEN 1 WHEN 'bank' THEN 1 WHEN 'unmatched' THEN 2 WHEN 'held' THEN 3
                 WHEN 'owed' THEN 4 WHEN 'member' THEN 5 ELSE 6 END;

INSERT INTO ledger_balance (account_id, sponsor_id, amount, floor, ceiling)
SELECT a.id, a.sponsor_id, coalesce(sum(p.amount), 0), ledger_floor(a.kind), ledger_ceiling(a.kind)
  FROM ledger_account a LEFT JOIN ledger_posting p ON p.account_id = a.id GROUP BY a.id;

CREATE FUNCTION ledger_account_begins_at_zero() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO ledger_balance (account_id, sponsor_id, amount, floor, ceiling)
    VALUES (NEW.id, NEW.sponsor_id, 0, ledger_floor(NEW.kind), ledger_ceiling(NEW.kind));
    RETURN NULL;
END $$;
CREATE TRIGGER account_begins_at_zero AFTER INSERT ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_account_begins_at_zero();

-- Whoever will write several entries takes all their balances before the first; within one statement the trigger does.
CREATE FUNCTION ledger_hold_balances(accounts bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- The tables first that a new month's partitions lock: whoever makes room holds them and then wants balances.
    LOCK TABLE ledger_account, ledger_entry IN ROW EXCLUSIVE MODE;
    PERFORM 1 FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
      WHERE b.account_id = ANY (accounts) ORDER BY ledger_rank(a.kind), b.account_id FOR NO KEY UPDATE OF b;
END $$;
REVOKE ALL ON FUNCTION ledger_hold_balances(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_hold_balances(bigint[]) TO lindung_app, lindung_loader;

CREATE FUNCTION ledger_keep_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ledger_hold_balances(ARRAY(SELECT DISTINCT account_id FROM added));
    UPDATE ledger_balance b SET amount = b.amount + moved.amount
      FROM (SELECT account_id, sum(amount)::bigint AS amount FROM added GROUP BY account_id) moved
     WHERE moved.account_id = b.account_id AND moved.amount <> 0;
    RETURN NULL;
END $$;
-- Named so that it comes after the trigger that looks whether the entries sum to zero.
CREATE TRIGGER postings_kept_in_balances AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_balances();
"""
UNDO = """
DROP TRIGGER postings_kept_in_balances ON ledger_posting;
DROP FUNCTION ledger_keep_balances();
DROP FUNCTION ledger_hold_balances(bigint[]);
DROP TRIGGER account_begins_at_zero ON ledger_account;
DROP FUNCTION ledger_account_begins_at_zero();
DROP FUNCTION ledger_rank(varchar);
DROP FUNCTION ledger_ceiling(varchar);
DROP FUNCTION ledger_floor(varchar);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_proofs"), ("access", "0010_sight")]

    operations = [
        migrations.AlterField(
            "account",
            "kind",
            models.CharField(
                choices=[
                    ("sponsor", "Pembayaran sponsor"),
                    ("bank", "Rekening bank"),
                    ("unmatched", "Uang belum jelas"),
                    ("held", "Titipan"),
                    ("owed", "Kekurangan"),
                    ("fund", "Dana jaminan"),
                    ("member", "Saldo peserta"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "instruction",
            "kind",
            models.CharField(
                choices=[
                    ("payment", "Pembayaran iuran"),
                    ("receipt", "Uang masuk rekening"),
                    ("settlement", "Pelunasan tagihan"),
                    ("refund", "Pengembalian uang"),
                    ("credit", "Kredit JHT"),
                    ("yield", "Hasil pengembangan"),
                    ("payout", "Pembayaran manfaat"),
                    ("reversal", "Pembalikan"),
                ],
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint("account", "account_kind_known"),
        migrations.AddConstraint(
            "account", models.CheckConstraint(name="account_kind_known", condition=Q(kind__in=ACCOUNTS))
        ),
        migrations.RemoveConstraint("account", "account_of_a_sponsor_names_him"),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                name="account_of_a_sponsor_names_him",
                condition=~Q(kind__in=OWNED) | Q(sponsor__isnull=False),
            ),
        ),
        migrations.RemoveConstraint("instruction", "instruction_kind_known"),
        migrations.AddConstraint(
            "instruction",
            models.CheckConstraint(name="instruction_kind_known", condition=Q(kind__in=INSTRUCTIONS)),
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="balance",
                        serialize=False,
                        to="ledger.account",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("floor", models.BigIntegerField(null=True)),
                ("ceiling", models.BigIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="balance_not_below_its_floor",
                        condition=Q(floor__isnull=True) | Q(amount__gte=models.F("floor")),
                    ),
                    models.CheckConstraint(
                        name="balance_not_above_its_ceiling",
                        condition=Q(ceiling__isnull=True) | Q(amount__lte=models.F("ceiling")),
                    ),
                ]
            },
        ),
        protected("ledger_balance", app="SELECT"),
        migrations.RunSQL(BALANCES, UNDO),
        asked_once(),
    ]
