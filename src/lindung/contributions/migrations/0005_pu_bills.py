"""To be filled in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contributions", "0004_wages")]

    operations = []
