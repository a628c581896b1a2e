"""Nobody is active or inactive since a day that comes after the word that says so."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("membership", "0012_same_person")]

    operations = [
        migrations.AddConstraint(
            model_name="branchstatus",
            constraint=models.CheckConstraint(
                name="branch_status_holds_by_its_word", condition=Q(since__lte=F("said_on"))
            ),
        ),
    ]
