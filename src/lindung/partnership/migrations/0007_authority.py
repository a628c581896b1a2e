"""To be filled in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnership", "0006_signatories")]

    operations = []
