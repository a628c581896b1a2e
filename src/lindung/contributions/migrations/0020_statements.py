"""Bank statements: each file and each of its lines once, and what may become of a line."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, asked_once, protected

KEYS = """
CREATE UNIQUE INDEX statement_and_sponsor ON contributions_statement (id, sponsor_id);
CREATE UNIQUE INDEX statement_line_and_sponsor ON contributions_statementline (id, sponsor_id);
ALTER TABLE contributions_statement ADD CONSTRAINT statement_of_its_sponsors_document
    FOREIGN KEY (document_id, sponsor_id, sha256) REFERENCES documents_document (id, sponsor_id, sha256);
ALTER TABLE contributions_statementline ADD CONSTRAINT statement_line_of_its_sponsors_statement
    FOREIGN KEY (statement_id, sponsor_id) REFERENCES contributions_statement (id, sponsor_id);
ALTER TABLE contributions_repeatedline
    ADD CONSTRAINT repeated_line_of_its_sponsors_statement
        FOREIGN KEY (statement_id, sponsor_id) REFERENCES contributions_statement (id, sponsor_id),
    ADD CONSTRAINT repeated_line_of_its_sponsors_line
        FOREIGN KEY (line_id, sponsor_id) REFERENCES contributions_statementline (id, sponsor_id);
"""
UNDO_KEYS = """
ALTER TABLE contributions_repeatedline DROP CONSTRAINT repeated_line_of_its_sponsors_line,
    DROP CONSTRAINT repeated_line_of_its_sponsors_statement;
ALTER TABLE contributions_statementline DROP CONSTRAINT statement_line_of_its_sponsors_statement;
ALTER TABLE contributions_statement DROP CONSTRAINT statement_of_its_sponsors_document;
DROP INDEX statement_line_and_sponsor, statement_and_sponsor;
"""

COUNTED = """
-- Whether a statement's counts are those of its rows: money in (wherever it stands by now), and all that is not.
CREATE FUNCTION statement_equals_its_lines(statement bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (s.fresh, s.debit, s.foreign, s.faulty, s.total, s.known) = (
        SELECT count(*) FILTER (WHERE l.state IN ('unmatched', 'matched', 'set_aside'))::int,
               count(*) FILTER (WHERE l.state = 'debit')::int,
               count(*) FILTER (WHERE l.state = 'foreign')::int,
               count(*) FILTER (WHERE l.state = 'faulty')::int,
               coalesce(sum(l.amount) FILTER (WHERE l.state IN ('unmatched', 'matched', 'set_aside')), 0)::bigint,
               (SELECT count(*)::int FROM contributions_repeatedline r WHERE r.statement_id = s.id)
          FROM contributions_statementline l WHERE l.statement_id = s.id)
      FROM contributions_statement s WHERE s.id = statement
$$;
REVOKE ALL ON FUNCTION statement_equals_its_lines(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION statement_equals_its_lines(bigint) TO lindung_app;

-- Lines and repeated lines come with their statement; one that is added later breaks its counts.
CREATE FUNCTION statement_lines_make_the_statement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT statement_id FROM added) a
                 JOIN contributions_statement s ON s.id = a.statement_id
                WHERE (SELECT count(*) FROM contributions_statementline l WHERE l.statement_id = s.id)
                          > s.lines_count - s.known
                   OR (SELECT count(*) FROM contributions_repeatedline r WHERE r.statement_id = s.id) > s.known) THEN
        RAISE EXCEPTION 'more lines than the statement counts'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_equals_its_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER statement_lines_make_the_statement AFTER INSERT ON contributions_statementline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION statement_lines_make_the_statement();
CREATE TRIGGER repeated_lines_make_the_statement AFTER INSERT ON contributions_repeatedline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION statement_lines_make_the_statement();

-- At the end of the import: every line is there, and the money of every line in is booked under its fingerprint.
CREATE FUNCTION statement_is_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF statement_equals_its_lines(NEW.id) IS NOT TRUE THEN
        RAISE EXCEPTION 'the statement does not equal its lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_equals_its_lines';
    END IF;
    IF NEW.total <> (SELECT coalesce(sum(i.amount), 0) FROM contributions_statementline l
                       JOIN ledger_instruction i ON i.reference = 'bank:' || l.fingerprint AND i.amount = l.amount
                                                AND i.kind = 'receipt' AND i.sponsor_id = l.sponsor_id
                      WHERE l.statement_id = NEW.id AND l.state IN ('unmatched', 'matched', 'set_aside')) THEN
        RAISE EXCEPTION 'money of the statement is not booked'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_books_its_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER statement_is_whole AFTER INSERT ON contributions_statement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION statement_is_whole();
"""

STEPS = """
-- A line begins where its content puts it. Only money in moves: unmatched <-> matched, unmatched <-> set aside.
CREATE FUNCTION statement_line_step_allowed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state IN ('unmatched', 'debit', 'foreign', 'faulty') THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND (OLD.state = NEW.state AND OLD.reason = NEW.reason
       OR (OLD.state, NEW.state) IN (('unmatched', 'matched'), ('matched', 'unmatched'),
                                     ('unmatched', 'set_aside'), ('set_aside', 'unmatched'))) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'this step of the line is not allowed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_line_step_allowed';
END $$;
CREATE TRIGGER statement_line_step_allowed BEFORE INSERT OR UPDATE ON contributions_statementline
    FOR EACH ROW EXECUTE FUNCTION statement_line_step_allowed();
"""
UNDO = """
DROP TRIGGER statement_line_step_allowed ON contributions_statementline;
DROP TRIGGER statement_is_whole ON contributions_statement;
DROP TRIGGER repeated_lines_make_the_statement ON contributions_repeatedline;
DROP TRIGGER statement_lines_make_the_statement ON contributions_statementline;
DROP FUNCTION statement_line_step_allowed();
DROP FUNCTION statement_is_whole();
DROP FUNCTION statement_lines_make_the_statement();
DROP FUNCTION statement_equals_its_lines(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0019_runs"),
        ("ledger", "0003_balances"),
        ("documents", "0003_kinds"),
        ("membership", "0007_branch_word"),
    ]

    operations = [
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                (
                    "format",
                    models.CharField(
                        choices=[("mt940", "MT940"), ("camt053", "camt.053"), ("table", "Tabel")],
                        max_length=8,
                    ),
                ),
                ("account", models.CharField(max_length=34)),
                ("currency", models.CharField(max_length=3)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("opening", models.BigIntegerField(null=True)),
                ("closing", models.BigIntegerField(null=True)),
                ("lines_count", models.IntegerField()),
                ("fresh", models.IntegerField()),
                ("known", models.IntegerField()),
                ("debit", models.IntegerField()),
                ("foreign", models.IntegerField()),
                ("faulty", models.IntegerField()),
                ("total", models.BigIntegerField()),
                ("imported_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.document"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.auditevent"
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("booked_on", models.DateField()),
                ("valued_on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("cents", models.SmallIntegerField()),
                ("credit", models.BooleanField()),
                ("currency", models.CharField(max_length=3)),
                ("sealed", models.BinaryField()),
                ("masked", models.TextField()),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unmatched", "Belum dikenali"),
                            ("matched", "Sudah dicocokkan"),
                            ("set_aside", "Disisihkan"),
                            ("debit", "Uang keluar"),
                            ("foreign", "Mata uang asing"),
                            ("faulty", "Bermasalah"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
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
                    "sponsor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="contributions.statement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RepeatedLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
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
                    "statement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeats",
                        to="contributions.statement",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeats",
                        to="contributions.statementline",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(
                fields=("sponsor", "sha256"), name="statement_file_once_per_sponsor"
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["mt940", "camt053", "table"])),
                name="statement_format_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("debit__gte", 0),
                    ("faulty__gte", 0),
                    ("foreign__gte", 0),
                    ("fresh__gte", 0),
                    ("known__gte", 0),
                    (
                        "lines_count",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("fresh"), "+", models.F("known")
                                    ),
                                    "+",
                                    models.F("debit"),
                                ),
                                "+",
                                models.F("foreign"),
                            ),
                            "+",
                            models.F("faulty"),
                        ),
                    ),
                ),
                name="statement_counts_every_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_day__lte", models.F("last_day"))),
                name="statement_days_run_forward",
            ),
        ),
        migrations.AddIndex(
            model_name="statementline",
            index=models.Index(
                condition=models.Q(("state", "unmatched")),
                fields=["sponsor", "booked_on", "id"],
                name="lines_that_wait",
            ),
        ),
        migrations.AddIndex(
            model_name="statementline",
            index=models.Index(fields=["sponsor", "amount"], name="lines_of_an_amount"),
        ),
        migrations.AddConstraint(
            model_name="statementline",
            constraint=models.UniqueConstraint(
                fields=("sponsor", "fingerprint"), name="statement_line_counts_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementline",
            constraint=models.UniqueConstraint(
                fields=("statement", "number"), name="statement_line_once_in_its_file"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["unmatched", "matched", "set_aside", "debit", "foreign", "faulty"])
                ),
                name="statement_line_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0), ("cents__gte", 0), ("cents__lt", 100)),
                name="statement_line_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("unmatched", "matched", "set_aside")), _negated=True),
                    models.Q(("amount__gt", 0), ("cents", 0), ("credit", True), ("currency", "IDR")),
                    _connector="OR",
                ),
                name="statement_line_of_whole_rupiah",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["set_aside", "faulty"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="statement_line_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="repeatedline",
            constraint=models.UniqueConstraint(
                fields=("statement", "number"), name="repeated_line_once_in_its_file"
            ),
        ),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        migrations.RunSQL(COUNTED + STEPS, UNDO),
        protected("contributions_statement", adding=WHOLE_CITY),
        protected(
            "contributions_statementline",
            app="SELECT, INSERT, UPDATE (state, reason, event_id)",
            adding=WHOLE_CITY,
        ),
        protected("contributions_repeatedline", adding=WHOLE_CITY),
        asked_once(),
    ]
