"""An agreement may be an employer's own; a segment may be paid from another source than its agreement."""

import django.db.models.deletion
from django.db import migrations, models

SOURCE = """
ALTER TABLE partnership_segment ADD CONSTRAINT segment_paid_by_its_sponsors_source
    FOREIGN KEY (funding_source_id, sponsor_id) REFERENCES partnership_fundingsource (id, sponsor_id);
"""
UNDO = "ALTER TABLE partnership_segment DROP CONSTRAINT segment_paid_by_its_sponsors_source;"


class Migration(migrations.Migration):
    dependencies = [("partnership", "0002_rights")]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sponsored", "Bukan penerima upah, dibayar pemerintah daerah"),
                    ("employer", "Penerima upah, didaftarkan pemberi kerja"),
                ],
                default="sponsored",
                db_default="sponsored",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["sponsored", "employer"])), name="agreement_kind_known"
            ),
        ),
        migrations.AddField(
            model_name="segment",
            name="funding_source",
            field=models.ForeignKey(
                db_constraint=False,
                help_text="whose money pays these workers; null: the agreement's own source",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partnership.fundingsource",
            ),
        ),
        migrations.RunSQL(SOURCE, UNDO),
    ]
