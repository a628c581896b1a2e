"""To be filled in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("membership", "0004_changes")]

    operations = []
