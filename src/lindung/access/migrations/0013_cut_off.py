"""Of a session that was ended from elsewhere: whether both factors had been given, so that what comes after it is kept."""

from django.db import migrations, models

GRANT = "GRANT UPDATE (cut_off) ON access_opensession TO lindung_app;"
UNDO = "REVOKE UPDATE (cut_off) ON access_opensession FROM lindung_app;"


class Migration(migrations.Migration):
    dependencies = [("access", "0012_keys_by_two")]

    operations = [
        migrations.AddField(
            model_name="opensession",
            name="cut_off",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="ended from elsewhere while both factors were given",
            ),
        ),
        migrations.RunSQL(GRANT, UNDO),
    ]
