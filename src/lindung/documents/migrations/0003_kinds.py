"""To be filled in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_rights")]

    operations = []
