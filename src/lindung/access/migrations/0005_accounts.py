"""To be filled in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("access", "0004_once_and_drafts")]

    operations = []
