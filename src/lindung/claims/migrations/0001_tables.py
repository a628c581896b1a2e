"""Estimates, which are ours, and determinations, which are BPJS's unless the authority is here."""

import django.db.models.deletion
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, protected

KEYS = """
ALTER TABLE claims_estimate
    ADD CONSTRAINT estimate_is_its_decision CHECK (
        total = (decision::jsonb ->> 'total')::bigint
        AND digest = encode(sha256(convert_to(decision, 'UTF8')), 'hex')),
    ADD CONSTRAINT estimate_of_its_sponsors_person FOREIGN KEY (person_id, sponsor_id)
        REFERENCES people_personscope (person_id, sponsor_id);
ALTER TABLE claims_determination
    ADD CONSTRAINT determination_of_its_import FOREIGN KEY (word_id, word_kind, sponsor_id)
        REFERENCES membership_branchimport (id, kind, sponsor_id),
    ADD CONSTRAINT determination_of_its_sponsors_person FOREIGN KEY (person_id, sponsor_id)
        REFERENCES people_personscope (person_id, sponsor_id);
CREATE TRIGGER determination_is_ours_to_say BEFORE INSERT ON claims_determination
    FOR EACH ROW EXECUTE FUNCTION branch_word_is_ours_to_say('benefit_determination');
"""

UNDO = """
DROP TRIGGER determination_is_ours_to_say ON claims_determination;
ALTER TABLE claims_determination DROP CONSTRAINT determination_of_its_sponsors_person,
    DROP CONSTRAINT determination_of_its_import;
ALTER TABLE claims_estimate DROP CONSTRAINT estimate_of_its_sponsors_person,
    DROP CONSTRAINT estimate_is_its_decision;
"""

# As in membership: a word of BPJS comes in by the loader inside an import; what is decided here, by the whole city.
SAYING = f"""(current_user = 'lindung_loader' AND lindung_scope() = 'system:branch_word' AND decided_by = 'bpjs')
    OR (current_user <> 'lindung_loader' AND decided_by = 'here' AND {WHOLE_CITY})"""
OF_A_PERSON = """lindung_sees(sponsor_id)
    AND (lindung_sees_place('*') OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id))"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0008_clients"),
        ("membership", "0007_branch_word"),
        ("people", "0003_families"),
    ]

    operations = [
        migrations.CreateModel(
            name="Estimate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("programme", models.CharField(max_length=3)),
                ("event_date", models.DateField()),
                ("digest", models.CharField(max_length=64)),
                ("total", models.BigIntegerField()),
                ("decision", models.TextField()),
                ("computed_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Determination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decided_by", models.CharField(max_length=4)),
                ("said_on", models.DateField()),
                ("word_kind", models.CharField(max_length=20)),
                ("line", models.IntegerField(null=True)),
                ("programme", models.CharField(max_length=3)),
                ("event_date", models.DateField()),
                ("benefit", models.CharField(max_length=12)),
                ("amount", models.BigIntegerField()),
                ("number", models.CharField(max_length=80)),
                ("decided_on", models.DateField()),
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
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="determination",
            name="word",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="membership.branchimport",
            ),
        ),
        migrations.AddField(
            model_name="estimate",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.auditevent",
            ),
        ),
        migrations.AddField(
            model_name="estimate",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="estimate",
            name="sponsor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="determination",
            index=models.Index(
                fields=["person", "programme", "event_date"], name="determinations_of_an_event"
            ),
        ),
        migrations.AddConstraint(
            model_name="determination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("word_kind", "determination"),
                    models.Q(
                        models.Q(("decided_by", "bpjs"), ("line__isnull", False), ("word__isnull", False)),
                        models.Q(("decided_by", "here"), ("line__isnull", True), ("word__isnull", True)),
                        _connector="OR",
                    ),
                ),
                name="determination_names_its_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="determination",
            constraint=models.UniqueConstraint(fields=("word", "line"), name="determination_once_per_line"),
        ),
        migrations.AddConstraint(
            model_name="determination",
            constraint=models.CheckConstraint(
                condition=models.Q(("programme__in", ["jkk", "jkm", "jht", "jp", "jkp"])),
                name="determination_programme_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="determination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("benefit__in", ["whole", "lump_sum", "periodic", "funeral", "scholarship", "other"])
                ),
                name="determination_benefit_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="determination",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="determination_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="determination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", ""), _negated=True),
                    ("decided_on__gte", models.F("event_date")),
                    ("decided_on__lte", models.F("said_on")),
                ),
                name="determination_has_number_and_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="estimate",
            constraint=models.UniqueConstraint(
                fields=("person", "programme", "event_date", "digest"), name="estimate_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="estimate",
            constraint=models.CheckConstraint(
                condition=models.Q(("programme__in", ["jkk", "jkm", "jht", "jp", "jkp"])),
                name="estimate_programme_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="estimate",
            constraint=models.CheckConstraint(
                condition=models.Q(("computed_on__gte", models.F("event_date"))),
                name="estimate_after_its_event",
            ),
        ),
        migrations.RunSQL(KEYS, UNDO),
        protected("claims_estimate", visible=OF_A_PERSON, adding=WHOLE_CITY),
        protected("claims_determination", loader="SELECT, INSERT", visible=OF_A_PERSON, adding=SAYING),
    ]
