"""What an officer decides of a whole row stands in its history; who is gone from the newest file is never ready."""

from django.db import migrations, models

# Before this rule a row that was gone became ready again when any of its cells was mended.
SET_ASIDE = """
UPDATE membership_rosterrow SET verdict = 'to_fix', problems = problems || '[[null, "row.gone", ""]]'::jsonb
 WHERE gone AND verdict = 'ready';
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0012_same_person")]

    operations = [
        migrations.RunSQL(SET_ASIDE, ""),
        migrations.AddConstraint(
            model_name="rosterrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("gone", True), ("verdict", "ready"), _negated=True),
                name="roster_row_gone_is_not_ready",
            ),
        ),
        migrations.AddField(
            model_name="rowchange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("cells", "Isi diubah"),
                    ("kept", "Tetap ikut"),
                    ("aside", "Dilewati"),
                    ("back", "Diikutkan lagi"),
                ],
                db_default="cells",
                default="cells",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="rowchange",
            name="note",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddConstraint(
            model_name="rowchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["cells", "kept", "aside", "back"])),
                name="roster_row_change_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rowchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "aside"), models.Q(("note", ""), _negated=True)),
                    models.Q(models.Q(("kind", "aside"), _negated=True), ("note", "")),
                    _connector="OR",
                ),
                name="roster_row_set_aside_says_why",
            ),
        ),
    ]
