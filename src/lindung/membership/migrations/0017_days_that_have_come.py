"""Nobody is active or inactive since a day after the word that says so; and a death is recorded with its day."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("membership", "0016_a_file_for_each_segment")]

    operations = [
        migrations.AddConstraint(
            model_name="branchstatus",
            constraint=models.CheckConstraint(
                name="branch_status_holds_by_its_word", condition=Q(since__lte=F("said_on"))
            ),
        ),
        migrations.AddField(model_name="memberchange", name="died_on", field=models.DateField(null=True)),
        # Of the deaths recorded so far nobody was asked the day.
        AddConstraintNotValid(
            model_name="memberchange",
            constraint=models.CheckConstraint(
                name="member_change_death_has_its_day",
                condition=Q(reason="died", died_on__isnull=False)
                | (~Q(reason="died") & Q(died_on__isnull=True)),
            ),
        ),
    ]
