"""What the money of a bank line became: whole, once, and undone by an event of its own."""

import django.db.models.deletion
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, asked_once, protected

MATCHES = """
ALTER TABLE contributions_linematch
    ADD CONSTRAINT match_of_its_sponsors_line
        FOREIGN KEY (line_id, sponsor_id) REFERENCES contributions_statementline (id, sponsor_id),
    ADD CONSTRAINT match_of_its_sponsors_payment
        FOREIGN KEY (payment_id, sponsor_id) REFERENCES contributions_payment (id, sponsor_id);

-- A matched line is given out whole; of one that waits something is left. Asked at the end of the transaction.
CREATE FUNCTION match_makes_the_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE asked bigint := CASE TG_TABLE_NAME WHEN 'contributions_linematch' THEN (to_jsonb(NEW)->>'line_id')::bigint
                             ELSE (to_jsonb(NEW)->>'id')::bigint END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM contributions_statementline l,
               LATERAL (SELECT coalesce(sum(m.amount), 0) AS taken FROM contributions_linematch m
                         WHERE m.line_id = l.id AND m.undone_event_id IS NULL) given
         WHERE l.id = asked AND CASE l.state WHEN 'matched' THEN given.taken <> l.amount
                                             WHEN 'unmatched' THEN given.taken >= l.amount
                                             WHEN 'set_aside' THEN given.taken >= l.amount
                                             ELSE given.taken <> 0 END) THEN
        RAISE EXCEPTION 'the line is not given out whole'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'match_makes_the_line';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER match_makes_the_line AFTER INSERT OR UPDATE ON contributions_linematch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION match_makes_the_line();
CREATE CONSTRAINT TRIGGER matched_line_is_whole AFTER UPDATE OF state ON contributions_statementline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION match_makes_the_line();

CREATE FUNCTION match_undone_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.undone_event_id IS NULL THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'this match is undone already'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'match_undone_once';
END $$;
CREATE TRIGGER match_undone_once BEFORE UPDATE ON contributions_linematch
    FOR EACH ROW WHEN (OLD.undone_event_id IS DISTINCT FROM NEW.undone_event_id)
    EXECUTE FUNCTION match_undone_once();
"""
UNDO = """
DROP TRIGGER match_undone_once ON contributions_linematch;
DROP TRIGGER matched_line_is_whole ON contributions_statementline;
DROP TRIGGER match_makes_the_line ON contributions_linematch;
DROP FUNCTION match_undone_once();
DROP FUNCTION match_makes_the_line();
ALTER TABLE contributions_linematch DROP CONSTRAINT match_of_its_sponsors_payment,
    DROP CONSTRAINT match_of_its_sponsors_line;
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0020_statements")]

    operations = [
        migrations.CreateModel(
            name="LineMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("purse", "Uang untuk tagihan"),
                            ("order", "Uang dari SP2D yang sudah dicatat"),
                        ],
                        max_length=5,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.auditevent",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="contributions.payment",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "undone_event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.auditevent",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="contributions.statementline",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="linematch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_event__isnull", True)),
                fields=("line", "payment"),
                name="line_matched_once_to_a_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="linematch",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="match_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="linematch",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["purse", "order"])), name="match_kind_known"
            ),
        ),
        migrations.RunSQL(MATCHES, UNDO),
        protected(
            "contributions_linematch", app="SELECT, INSERT, UPDATE (undone_event_id)", adding=WHOLE_CITY
        ),
        asked_once(),
    ]
