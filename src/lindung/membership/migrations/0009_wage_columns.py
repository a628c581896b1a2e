"""A word that was told for a column may mean the wage, too: a month's or a day's."""

from django.db import migrations, models

FIELDS = [
    "line",
    "name",
    "nik",
    "family_card",
    "birth",
    "birth_place",
    "sex",
    "address",
    "rt",
    "kelurahan",
    "kecamatan",
    "occupation",
    "workplace",
    "phone",
    "wage",
    "daily_wage",
    "other",
]


class Migration(migrations.Migration):
    dependencies = [("membership", "0008_exports")]

    operations = [
        migrations.RemoveConstraint(model_name="columnword", name="column_word_field_known"),
        migrations.AddConstraint(
            model_name="columnword",
            constraint=models.CheckConstraint(
                condition=models.Q(("field__in", FIELDS)), name="column_word_field_known"
            ),
        ),
    ]
