"""Family members of a worker, seen by whoever sees the worker."""

import django.db.models.deletion
from django.db import migrations, models

from lindung.access.row_security import protected

# The inner table brings its own row security.
OF_A_PERSON = "lindung_sees(NULL) OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"


class Migration(migrations.Migration):
    dependencies = [("people", "0002_rights"), ("access", "0004_once_and_drafts")]

    operations = [
        migrations.CreateModel(
            name="FamilyMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("spouse", "Suami atau istri"),
                            ("child", "Anak"),
                            ("parent", "Orang tua"),
                            ("sibling", "Saudara kandung"),
                            ("other", "Lainnya"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("birth_date", models.DateField()),
                ("nik_sealed", models.BinaryField(null=True)),
                ("nik_index", models.BinaryField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.auditevent",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="family", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "nik_index"), name="family_nik_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("relation__in", ["spouse", "child", "parent", "sibling", "other"])
                        ),
                        name="family_relation_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="family_member_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("nik_index__isnull", True), ("nik_sealed__isnull", True)),
                            models.Q(("nik_index__length", 32), ("nik_sealed__isnull", False)),
                            _connector="OR",
                        ),
                        name="family_nik_sealed_with_its_index",
                    ),
                ],
            },
        ),
        protected("people_familymember", app="SELECT, INSERT", visible=OF_A_PERSON),
    ]
