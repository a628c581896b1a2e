"""The monthly runs: which agreements' bills of a month are drawn, wait, or were refused and why."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from lindung.access.row_security import WHOLE_CITY, asked_once, protected

KEYS = """
CREATE UNIQUE INDEX bill_run_and_sponsor ON contributions_billrun (id, sponsor_id);
ALTER TABLE contributions_billrunrow
    ADD CONSTRAINT bill_run_row_of_its_sponsors_run FOREIGN KEY (run_id, sponsor_id)
        REFERENCES contributions_billrun (id, sponsor_id),
    ADD CONSTRAINT bill_run_row_of_its_sponsors_agreement FOREIGN KEY (agreement_id, sponsor_id)
        REFERENCES partnership_agreement (id, sponsor_id),
    ADD CONSTRAINT bill_run_row_of_its_sponsors_bill FOREIGN KEY (bill_id, sponsor_id)
        REFERENCES contributions_bill (id, sponsor_id);
"""
UNDO_KEYS = """
ALTER TABLE contributions_billrunrow DROP CONSTRAINT bill_run_row_of_its_sponsors_bill,
    DROP CONSTRAINT bill_run_row_of_its_sponsors_agreement, DROP CONSTRAINT bill_run_row_of_its_sponsors_run;
DROP INDEX bill_run_and_sponsor;
"""


def number() -> tuple[str, "models.Field[Any, Any]"]:
    """The id of a row."""
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def to(table: str, *, held: bool = True, null: bool = False, name: str = "+") -> "models.Field[Any, Any]":
    """A pointer; not ``held`` where a foreign key of several columns holds it."""
    kept = django.db.models.deletion.PROTECT
    return models.ForeignKey(table, null=null, db_constraint=held, on_delete=kept, related_name=name)


class Migration(migrations.Migration):
    dependencies = [("contributions", "0018_charges")]

    operations = [
        migrations.CreateModel(
            name="BillRun",
            fields=[
                number(),
                ("month", models.DateField()),
                ("as_draft", models.BooleanField()),
                ("started_at", models.DateTimeField()),
                ("sponsor", to("access.organisation")),
                ("started_by", to(settings.AUTH_USER_MODEL)),
                ("event", to("access.auditevent")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(name="bill_run_once_per_month", fields=["sponsor", "month"]),
                    models.CheckConstraint(name="bill_run_month_is_a_first_day", condition=Q(month__day=1)),
                ]
            },
        ),
        migrations.CreateModel(
            name="BillRunRow",
            fields=[
                number(),
                (
                    "state",
                    models.CharField(
                        max_length=10,
                        choices=[("waiting", "Menunggu"), ("done", "Selesai"), ("refused", "Tidak bisa")],
                        default="waiting",
                    ),
                ),
                ("code", models.CharField(max_length=80, default="")),
                ("reason_id", models.TextField(default="")),
                ("reason_en", models.TextField(default="")),
                ("run", to("contributions.billrun", held=False, name="rows")),
                ("agreement", to("partnership.agreement", held=False)),
                ("bill", to("contributions.bill", held=False, null=True)),
                ("sponsor", to("access.organisation", held=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        name="bill_run_names_an_agreement_once", fields=["run", "agreement"]
                    ),
                    models.CheckConstraint(
                        name="bill_run_row_says_its_end",
                        condition=Q(state="waiting", bill__isnull=True, code="")
                        | Q(state="done", bill__isnull=False, code="")
                        | (
                            Q(state="refused", bill__isnull=True)
                            & ~Q(code="")
                            & ~Q(reason_id="")
                            & ~Q(reason_en="")
                        ),
                    ),
                ]
            },
        ),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        protected(
            "contributions_billrun",
            app="SELECT, INSERT, UPDATE (as_draft, started_by_id, started_at, event_id)",
            adding=WHOLE_CITY,
        ),
        protected(
            "contributions_billrunrow",
            app="SELECT, INSERT, UPDATE (state, bill_id, code, reason_id, reason_en)",
            adding=WHOLE_CITY,
        ),
        asked_once(),
    ]
