"""A monthly run draws the bills of people who pay for themselves too: one for each person, said together in its row."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("contributions", "0027_own_lines_digest")]

    operations = [
        migrations.AddField("billrunrow", "own_people", models.IntegerField(null=True)),
        migrations.AddField("billrunrow", "own_total", models.BigIntegerField(null=True)),
        migrations.RemoveConstraint("billrunrow", "bill_run_row_says_its_end"),
        migrations.AddConstraint(
            "billrunrow",
            models.CheckConstraint(
                name="bill_run_row_says_its_end",
                condition=Q(
                    state="waiting",
                    bill__isnull=True,
                    own_people__isnull=True,
                    own_total__isnull=True,
                    code="",
                )
                | Q(
                    state="done",
                    bill__isnull=False,
                    own_people__isnull=True,
                    own_total__isnull=True,
                    code="",
                )
                | Q(
                    state="done",
                    bill__isnull=True,
                    own_people__isnull=False,
                    own_people__gte=0,
                    own_total__isnull=False,
                    own_total__gte=0,
                    code="",
                )
                | (
                    Q(
                        state="refused",
                        bill__isnull=True,
                        own_people__isnull=True,
                        own_total__isnull=True,
                    )
                    & ~Q(code="")
                    & ~Q(reason_id="")
                    & ~Q(reason_en="")
                ),
            ),
        ),
        migrations.RunSQL(
            "GRANT UPDATE (own_people, own_total) ON contributions_billrunrow TO lindung_app",
            "REVOKE UPDATE (own_people, own_total) ON contributions_billrunrow FROM lindung_app",
        ),
    ]
