"""What is determined here under one number is determined once, for each city that is told."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_estimates_of_each_city")]

    operations = [
        migrations.AddConstraint(
            model_name="determination",
            constraint=models.UniqueConstraint(
                name="determination_here_once",
                fields=["person", "sponsor", "programme", "event_date", "benefit", "number"],
                condition=Q(decided_by="here"),
            ),
        ),
    ]
