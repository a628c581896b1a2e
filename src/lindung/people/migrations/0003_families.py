"""To be filled in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0002_rights")]

    operations = []
