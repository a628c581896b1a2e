"""All exact matches are accepted by a run with a plan of its own, in steps that can be taken up again."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from lindung.access.row_security import WHOLE_CITY, asked_once, protected

KEYS = """
CREATE UNIQUE INDEX match_run_and_sponsor ON contributions_matchrun (id, sponsor_id);
ALTER TABLE contributions_matchrunline
    ADD CONSTRAINT match_run_line_of_its_run
        FOREIGN KEY (run_id, sponsor_id) REFERENCES contributions_matchrun (id, sponsor_id),
    ADD CONSTRAINT match_run_line_of_its_line
        FOREIGN KEY (line_id, sponsor_id) REFERENCES contributions_statementline (id, sponsor_id);
"""
UNDO_KEYS = """
ALTER TABLE contributions_matchrunline DROP CONSTRAINT match_run_line_of_its_line,
    DROP CONSTRAINT match_run_line_of_its_run;
DROP INDEX match_run_and_sponsor;
"""


def of(to: str, *, constraint: bool = True, index: bool = True, name: str = "+") -> "models.Field[Any, Any]":
    """A row this belongs to."""
    return models.ForeignKey(
        db_constraint=constraint,
        db_index=index,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=name,
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0025_code_lines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MatchRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("lines_count", models.IntegerField()),
                ("accepted", models.IntegerField(default=0)),
                ("passed_over", models.IntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("event", of("access.auditevent", index=False)),
                ("sponsor", of("access.organisation", constraint=False)),
                ("started_by", of(settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        name="match_run_one_at_a_time",
                        fields=["sponsor"],
                        condition=Q(finished_at__isnull=True),
                    ),
                    models.CheckConstraint(
                        name="match_run_counts_its_lines",
                        condition=Q(accepted__gte=0, passed_over__gte=0)
                        & Q(lines_count__gte=F("accepted") + F("passed_over"))
                        & (Q(finished_at__isnull=True) | Q(lines_count=F("accepted") + F("passed_over"))),
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="MatchRunLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id",
                        "line_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("agreement_id", models.BigIntegerField()),
                ("membership_id", models.BigIntegerField(null=True)),
                ("bill_id", models.BigIntegerField(null=True)),
                ("payment_id", models.BigIntegerField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", "Menunggu"), ("accepted", "Diterima"), ("passed", "Dilewati")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("line", of("contributions.statementline", constraint=False, index=False)),
                ("run", of("contributions.matchrun", index=False, name="plan")),
                ("sponsor", of("access.organisation", constraint=False, index=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(outcome=""), fields=["run", "line"], name="planned_lines_that_wait"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="match_run_outcome_known",
                        condition=Q(outcome__in=["", "accepted", "passed"]),
                    )
                ],
            },
        ),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        protected(
            "contributions_matchrun",
            app="SELECT, INSERT, UPDATE (lines_count, accepted, passed_over, finished_at)",
            adding=WHOLE_CITY,
        ),
        protected("contributions_matchrunline", app="SELECT, INSERT, UPDATE (outcome)", adding=WHOLE_CITY),
        asked_once(),
    ]
