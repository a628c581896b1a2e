"""The same file may come for another segment of an agreement: that is a list of its own, not the old one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("membership", "0015_waits_for_its_agreement")]

    operations = [
        migrations.RemoveConstraint(model_name="roster", name="roster_file_once_per_agreement"),
        migrations.AddConstraint(
            model_name="roster",
            constraint=models.UniqueConstraint(
                name="roster_file_once_per_segment", fields=["agreement", "segment", "sha256"]
            ),
        ),
    ]
