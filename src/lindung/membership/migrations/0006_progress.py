"""How far the judging of a list has come, the sheets it has, and the ways in which it can stop."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, protected

WHOLE_KEYS = """
ALTER TABLE membership_rosterprogress ADD CONSTRAINT roster_progress_of_its_sponsors_roster
    FOREIGN KEY (roster_id, sponsor_id) REFERENCES membership_roster (id, sponsor_id);
GRANT UPDATE (sheets, mapping) ON membership_roster TO lindung_app;
"""

UNDO_WHOLE_KEYS = """
REVOKE UPDATE (sheets, mapping) ON membership_roster FROM lindung_app;
ALTER TABLE membership_rosterprogress DROP CONSTRAINT roster_progress_of_its_sponsors_roster;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0005_mending"),
    ]

    operations = [
        migrations.CreateModel(
            name="RosterProgress",
            fields=[
                (
                    "roster",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="membership.roster",
                    ),
                ),
                ("rows_done", models.IntegerField(default=0)),
                ("rows_total", models.IntegerField(help_text="unknown until the file is read", null=True)),
                ("stopped_code", models.CharField(blank=True, default="", max_length=40)),
                ("stopped_where", models.CharField(blank=True, default="", max_length=200)),
                ("cancelled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="roster",
            name="roster_status_known",
        ),
        migrations.AddField(
            model_name="roster",
            name="mapping",
            field=models.JSONField(
                db_default={}, default=dict, help_text="columns.Mapping that an officer chose"
            ),
        ),
        migrations.AddField(
            model_name="roster",
            name="sheets",
            field=models.JSONField(
                db_default=[], default=list, help_text="membership.sheets.SheetNote of each sheet"
            ),
        ),
        migrations.AlterField(
            model_name="roster",
            name="status",
            field=models.CharField(
                choices=[
                    ("received", "Diterima"),
                    ("unmapped", "Kolom belum dikenal"),
                    ("stopped", "Tidak terbaca"),
                    ("cancelled", "Dibatalkan"),
                    ("judged", "Diperiksa"),
                    ("enrolled", "Didaftarkan"),
                ],
                default="received",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="roster",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["received", "unmapped", "stopped", "cancelled", "judged", "enrolled"])
                ),
                name="roster_status_known",
            ),
        ),
        migrations.AddField(
            model_name="rosterprogress",
            name="cancelled_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rosterprogress",
            name="sponsor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rows_done__gte", 0),
                    models.Q(
                        ("rows_total__isnull", True),
                        ("rows_done__lte", models.F("rows_total")),
                        _connector="OR",
                    ),
                ),
                name="roster_progress_within_its_rows",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                    models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                    _connector="OR",
                ),
                name="roster_cancelled_who_and_when_together",
            ),
        ),
        migrations.RunSQL(WHOLE_KEYS, UNDO_WHOLE_KEYS),
        protected(
            "membership_rosterprogress",
            app="SELECT, INSERT, UPDATE (rows_done, rows_total, stopped_code, stopped_where, cancelled_by_id, cancelled_at)",
            adding=WHOLE_CITY,
        ),
    ]
