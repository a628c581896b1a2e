"""Exports: asked for by one, approved by another when they are large, fetched once; and the list of people by name.

Whoever sees the whole of a city may ask, also those who change nothing (an auditor takes lists along).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import protected

SEEN = "lindung_sees(sponsor_id) AND lindung_sees_place('*')"
OWN = f"{SEEN} AND requested_by_id = lindung_actor() AND approved_by_id IS NULL AND fetched_at IS NULL"

POLICIES = f"""
CREATE POLICY lindung_app_insert ON membership_exportrequest FOR INSERT TO lindung_app WITH CHECK ({OWN});
CREATE POLICY lindung_app_update ON membership_exportrequest FOR UPDATE TO lindung_app
    USING ({SEEN}) WITH CHECK ({SEEN});
GRANT INSERT, UPDATE (approved_by_id, approved_at, fetched_at, fetched_rows) ON membership_exportrequest TO lindung_app;
GRANT USAGE ON SEQUENCE membership_exportrequest_id_seq TO lindung_app;
"""
UNDO_POLICIES = """
DROP POLICY lindung_app_update ON membership_exportrequest;
DROP POLICY lindung_app_insert ON membership_exportrequest;
"""

# An approval is given once, by the one who acts; a file is fetched once, by the one who asked, within a day.
STEPS = """
CREATE FUNCTION export_step_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id
        AND (OLD.approved_by_id IS NOT NULL OR NEW.approved_by_id IS DISTINCT FROM lindung_actor()
             OR OLD.fetched_at IS NOT NULL OR NEW.approved_at >= OLD.requested_at + interval '24 hours'))
       OR (NEW.approved_at IS DISTINCT FROM OLD.approved_at AND OLD.approved_at IS NOT NULL)
       OR (NEW.fetched_at IS DISTINCT FROM OLD.fetched_at
           AND (OLD.fetched_at IS NOT NULL OR OLD.requested_by_id IS DISTINCT FROM lindung_actor()
                OR NEW.fetched_at >= coalesce(OLD.approved_at, OLD.requested_at) + interval '24 hours'))
       OR (NEW.fetched_rows IS DISTINCT FROM OLD.fetched_rows AND OLD.fetched_rows IS NOT NULL) THEN
        RAISE EXCEPTION 'this export may not take this step'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'export_step_allowed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER export_step_allowed BEFORE UPDATE ON membership_exportrequest
    FOR EACH ROW EXECUTE FUNCTION export_step_allowed();
"""
UNDO_STEPS = """
DROP TRIGGER export_step_allowed ON membership_exportrequest;
DROP FUNCTION export_step_allowed();
"""

# The list "Pekerja" goes on from the last name shown. Measured with 100,000 people: see docs/benchmarks.md.
BY_NAME = "CREATE INDEX people_by_name ON people_person (name, id)"
BY_BIRTH = "CREATE INDEX people_by_birth_date ON people_person (birth_date)"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_rights"),
        ("membership", "0007_branch_word"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("workers", "Pekerja"), ("coverage", "Cakupan"), ("roster", "Hasil daftar")],
                        max_length=10,
                    ),
                ),
                ("choice", models.JSONField(default=dict)),
                ("format", models.CharField(choices=[("csv", "CSV"), ("xlsx", "Excel")], max_length=4)),
                ("whole_nik", models.BooleanField(default=False)),
                ("purpose", models.CharField(max_length=200)),
                ("rows", models.IntegerField()),
                ("needs_second", models.BooleanField()),
                ("requested_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("fetched_at", models.DateTimeField(null=True)),
                ("fetched_rows", models.IntegerField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "requested_by",
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
            ],
            options={
                "indexes": [models.Index(fields=["sponsor", "-id"], name="exports_of_a_sponsor")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["workers", "coverage", "roster"])),
                        name="export_what_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["csv", "xlsx"])), name="export_format_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True), name="export_says_what_for"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rows__gte", 0)), name="export_rows_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("needs_second", True),
                            models.Q(("rows__lt", 500), ("whole_nik", False)),
                            _connector="OR",
                        ),
                        name="export_of_many_needs_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="export_approved_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="export_approval_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fetched_at__isnull", True), ("fetched_rows__isnull", True)),
                            models.Q(
                                ("fetched_at__isnull", False),
                                ("fetched_rows__isnull", False),
                                ("fetched_rows__lte", models.F("rows")),
                            ),
                            _connector="OR",
                        ),
                        name="export_fetch_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fetched_at__isnull", True),
                            ("needs_second", False),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="export_fetched_after_approval",
                    ),
                ],
            },
        ),
        migrations.RunSQL(STEPS, UNDO_STEPS),
        protected("membership_exportrequest", app="SELECT", visible=SEEN),
        migrations.RunSQL(POLICIES, UNDO_POLICIES),
        migrations.RunSQL(BY_NAME, "DROP INDEX people_by_name"),
        migrations.RunSQL(BY_BIRTH, "DROP INDEX people_by_birth_date"),
    ]
