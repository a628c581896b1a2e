"""The branch's own list behind a kode iuran: added by an import alone, every line kept with what came of it."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import asked_once, protected

KEYS = """
CREATE UNIQUE INDEX contribution_code_of_a_month
    ON contributions_contributioncode (id, agreement_id, month, code);
CREATE UNIQUE INDEX code_list_and_sponsor ON contributions_codelist (id, sponsor_id);
ALTER TABLE contributions_codelist
    ADD CONSTRAINT code_list_of_its_code FOREIGN KEY (word_id, agreement_id, month, code)
        REFERENCES contributions_contributioncode (id, agreement_id, month, code),
    ADD CONSTRAINT code_list_of_its_sponsors_agreement FOREIGN KEY (agreement_id, sponsor_id)
        REFERENCES partnership_agreement (id, sponsor_id),
    ADD CONSTRAINT code_list_of_its_file FOREIGN KEY (document_id, sponsor_id, sha256)
        REFERENCES documents_document (id, sponsor_id, sha256);
ALTER TABLE contributions_codeline
    ADD CONSTRAINT code_line_of_its_list FOREIGN KEY (code_list_id, sponsor_id)
        REFERENCES contributions_codelist (id, sponsor_id),
    ADD CONSTRAINT code_line_of_its_sponsors_person FOREIGN KEY (person_id, sponsor_id)
        REFERENCES people_personscope (person_id, sponsor_id);

-- The counts on a list are those of its lines: none lost, none added later.
CREATE FUNCTION code_list_has_all_its_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM contributions_codelist l CROSS JOIN LATERAL (
            SELECT count(*) AS lines, count(*) FILTER (WHERE c.outcome = 'recognised') AS recognised,
                   count(*) FILTER (WHERE c.outcome = 'proposed') AS proposed,
                   count(*) FILTER (WHERE c.outcome = 'unknown') AS unknown,
                   count(*) FILTER (WHERE c.outcome = 'faulty') AS faulty,
                   count(*) FILTER (WHERE c.outcome = 'total') AS totals
              FROM contributions_codeline c WHERE c.code_list_id = l.id) n
         WHERE l.id = NEW.id AND (l.lines, l.recognised, l.proposed, l.unknown, l.faulty, l.totals)
               <> (n.lines, n.recognised, n.proposed, n.unknown, n.faulty, n.totals)) THEN
        RAISE EXCEPTION 'the list does not have the lines it says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'code_list_has_all_its_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER code_list_has_all_its_lines AFTER INSERT ON contributions_codelist
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION code_list_has_all_its_lines();
"""

UNDO = """
DROP TRIGGER code_list_has_all_its_lines ON contributions_codelist;
DROP FUNCTION code_list_has_all_its_lines();
ALTER TABLE contributions_codeline DROP CONSTRAINT code_line_of_its_sponsors_person,
    DROP CONSTRAINT code_line_of_its_list;
ALTER TABLE contributions_codelist DROP CONSTRAINT code_list_of_its_file,
    DROP CONSTRAINT code_list_of_its_sponsors_agreement, DROP CONSTRAINT code_list_of_its_code;
DROP INDEX code_list_and_sponsor, contribution_code_of_a_month;
"""

# A line that comes later breaks the counts, too: asked once for a statement.
LATER = """
CREATE FUNCTION code_lines_come_with_their_list() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM contributions_codelist l
                WHERE l.id IN (SELECT code_list_id FROM added)
                  AND l.lines <> (SELECT count(*) FROM contributions_codeline c WHERE c.code_list_id = l.id)) THEN
        RAISE EXCEPTION 'the list does not have the lines it says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'code_list_has_all_its_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER code_lines_come_with_their_list AFTER INSERT ON contributions_codeline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION code_lines_come_with_their_list();
"""
UNDO_LATER = """
DROP TRIGGER code_lines_come_with_their_list ON contributions_codeline;
DROP FUNCTION code_lines_come_with_their_list();
"""

CITY = "lindung_sees(sponsor_id) AND lindung_sees_place('*')"
BY_IMPORT = "current_user = 'lindung_loader' AND lindung_scope() = 'system:branch_word'"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0013_cut_off"),
        ("contributions", "0022_own_bills"),
        ("documents", "0003_kinds"),
        ("partnership", "0012_withdrawn_budgets"),
        ("people", "0005_corrections_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CodeList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("code", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("result", models.CharField(max_length=64)),
                ("said_on", models.DateField(help_text="date of the list, as the letter or file states it")),
                ("imported_at", models.DateTimeField()),
                ("lines", models.IntegerField()),
                ("recognised", models.IntegerField()),
                (
                    "proposed",
                    models.IntegerField(
                        help_text="lines whose name and birth date fit one person of the bill"
                    ),
                ),
                ("unknown", models.IntegerField(help_text="lines that name nobody we know")),
                ("faulty", models.IntegerField(help_text="lines that cannot be read")),
                ("totals", models.IntegerField(help_text="lines that sum up the others")),
                ("damaged", models.IntegerField(help_text="lines whose NIK lost digits in a spreadsheet")),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.agreement",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "word",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contributions.contributioncode",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CodeLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "code_list_id", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.IntegerField()),
                ("sheet", models.CharField(blank=True, max_length=60)),
                ("number", models.IntegerField()),
                ("outcome", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, help_text="a stable code of REASONS", max_length=40)),
                ("found_by", models.CharField(blank=True, max_length=4)),
                ("amount", models.BigIntegerField(null=True)),
                ("sealed", models.BinaryField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "code_list",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contributions.codelist",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="codelist",
            constraint=models.UniqueConstraint(
                fields=("agreement", "month", "code", "result"), name="code_list_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="codelist",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="code_list_month_is_a_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="codelist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("faulty__gte", 0),
                    (
                        "lines",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("recognised"), "+", models.F("proposed")
                                    ),
                                    "+",
                                    models.F("unknown"),
                                ),
                                "+",
                                models.F("faulty"),
                            ),
                            "+",
                            models.F("totals"),
                        ),
                    ),
                    ("proposed__gte", 0),
                    ("recognised__gte", 0),
                    ("totals__gte", 0),
                    ("unknown__gte", 0),
                ),
                name="code_list_loses_no_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="codeline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("found_by__in", ["nik", "kpj"]),
                        ("outcome", "recognised"),
                        ("person__isnull", False),
                        ("reason", ""),
                    ),
                    models.Q(
                        ("found_by", "name"),
                        ("outcome", "proposed"),
                        ("person__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    models.Q(
                        ("found_by", ""),
                        ("outcome__in", ["unknown", "faulty"]),
                        ("person__isnull", True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    models.Q(
                        ("found_by", ""), ("outcome", "total"), ("person__isnull", True), ("reason", "")
                    ),
                    _connector="OR",
                ),
                name="code_line_says_who_or_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="codeline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="code_line_amount_not_negative"
            ),
        ),
        migrations.RunSQL(KEYS, UNDO),
        migrations.RunSQL(LATER, UNDO_LATER),
        protected(
            "contributions_codelist", app="SELECT", loader="SELECT, INSERT", visible=CITY, adding=BY_IMPORT
        ),
        protected(
            "contributions_codeline", app="SELECT", loader="SELECT, INSERT", visible=CITY, adding=BY_IMPORT
        ),
        asked_once(),
    ]
