"""Two cities that pay for one person each have the estimate of one event."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_sight")]

    operations = [
        migrations.RemoveConstraint(model_name="estimate", name="estimate_once"),
        migrations.AddConstraint(
            model_name="estimate",
            constraint=models.UniqueConstraint(
                name="estimate_once", fields=["person", "sponsor", "programme", "event_date", "digest"]
            ),
        ),
    ]
