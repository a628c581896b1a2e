"""No balance is stated as of a day that comes after the word that states it."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("contributions", "0009_budgets_cover_bills")]

    operations = [
        migrations.AddConstraint(
            model_name="branchbalance",
            constraint=models.CheckConstraint(
                name="branch_balance_stands_by_its_word", condition=Q(as_of__lte=F("said_on"))
            ),
        ),
    ]
