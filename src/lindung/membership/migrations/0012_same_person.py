"""The same person in another list, by NIK or by name, birth date and kelurahan: looked up for each row that waits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("membership", "0011_ends_with_its_agreement")]

    operations = [
        migrations.AddIndex(
            model_name="rosterrow",
            index=models.Index(
                name="roster_rows_of_a_nik",
                fields=["nik_index"],
                condition=models.Q(nik_index__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="rosterrow",
            index=models.Index(
                name="roster_rows_of_twins",
                fields=["twin_index"],
                condition=models.Q(twin_index__isnull=False),
            ),
        ),
    ]
