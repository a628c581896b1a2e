"""To be filled in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnership", "0005_budget_years")]

    operations = []
