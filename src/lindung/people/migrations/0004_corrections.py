"""A person's name, birth and sex may be put right, by who sees the person, and what they were before is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import asked_once, protected

# The inner table brings its own row security.
OF_A_PERSON = "lindung_sees(NULL) OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
BY_ITS_ACTOR = (
    f"({OF_A_PERSON}) AND lindung_writes() AND corrected_by_id IS NOT DISTINCT FROM lindung_actor()"
)

PERSON = """
    (lindung_sees(NULL) OR EXISTS (
        SELECT 1 FROM people_personscope s WHERE s.person_id = people_person.id AND lindung_sees(s.sponsor_id)))
    AND lindung_sees_place(kelurahan_code) AND lindung_writes()
"""

RIGHTS = f"""
GRANT UPDATE (name, name_key, birth_place, birth_date, sex) ON people_person TO lindung_app;
CREATE POLICY lindung_app_update ON people_person FOR UPDATE TO lindung_app
    USING ({PERSON}) WITH CHECK ({PERSON});
"""

UNDO_RIGHTS = """
DROP POLICY lindung_app_update ON people_person;
REVOKE UPDATE (name, name_key, birth_place, birth_date, sex) ON people_person FROM lindung_app;
"""

PROOF = """
-- The record is written first: the newest correction of the person says what the row says now.
CREATE FUNCTION people_correction_is_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM people_personcorrection c
         WHERE c.person_id = NEW.id
           AND c.revision = (SELECT max(revision) FROM people_personcorrection WHERE person_id = NEW.id)
           AND c.after = jsonb_build_object('name', NEW.name, 'birth_place', NEW.birth_place,
                                            'birth_date', NEW.birth_date, 'sex', NEW.sex)) THEN
        RAISE EXCEPTION 'the correction of the person is not recorded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_correction_is_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER person_correction_is_kept AFTER UPDATE ON people_person FOR EACH ROW
    WHEN ((OLD.name, OLD.name_key, OLD.birth_place, OLD.birth_date, OLD.sex)
          IS DISTINCT FROM (NEW.name, NEW.name_key, NEW.birth_place, NEW.birth_date, NEW.sex))
    EXECUTE FUNCTION people_correction_is_kept();
"""

UNDO_PROOF = """
DROP TRIGGER person_correction_is_kept ON people_person;
DROP FUNCTION people_correction_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_sight"),
        ("people", "0003_families"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.IntegerField()),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("reason", models.CharField(max_length=200)),
                ("corrected_by_name", models.CharField(max_length=120)),
                ("corrected_at", models.DateTimeField()),
                (
                    "corrected_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "revision"), name="person_correction_once_per_revision"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="person_correction_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True),
                        name="person_correction_changes_something",
                    ),
                ],
            },
        ),
        protected("people_personcorrection", app="SELECT, INSERT", visible=OF_A_PERSON, adding=BY_ITS_ACTOR),
        migrations.RunSQL(RIGHTS, UNDO_RIGHTS),
        migrations.RunSQL(PROOF, UNDO_PROOF),
        asked_once(),
    ]
