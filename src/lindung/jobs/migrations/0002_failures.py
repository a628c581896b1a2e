"""Why a task failed, and who closed it: no data of anybody, so everybody who may see the page sees all of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import asked_once, protected, unprotected


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_rights"),
        ("access", "0013_cut_off"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JobFailure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job_id", models.BigIntegerField()),
                ("task", models.CharField(max_length=128)),
                ("attempt", models.IntegerField()),
                ("error", models.CharField(help_text="the class of the exception", max_length=120)),
                ("sentence", models.CharField(max_length=300)),
                ("sentence_en", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["job_id", "-id"], name="job_failures_of_a_job")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sentence", ""), _negated=True)
                        & models.Q(("sentence_en", ""), _negated=True),
                        name="job_failure_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JobClosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job_id", models.BigIntegerField(unique=True)),
                ("reason", models.CharField(max_length=200)),
                ("closed_at", models.DateTimeField()),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="job_closure_says_why"
                    )
                ],
            },
        ),
        unprotected("jobs_jobfailure", app="SELECT, INSERT"),
        protected(
            "jobs_jobclosure", visible="true", adding="closed_by_id = lindung_actor() AND lindung_writes()"
        ),
        asked_once(),
    ]
