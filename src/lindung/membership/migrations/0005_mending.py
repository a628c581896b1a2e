"""A row may be mended, and what it said before is kept; corrected files; headings that a city taught us."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, protected

PLACED = "lindung_sees(sponsor_id) AND lindung_sees_place(kelurahan_code)"

RIGHTS = f"""
GRANT UPDATE (kelurahan_code, verdict, problems, sealed, person_id, revision, gone, nik_index, twin_index)
    ON membership_rosterrow TO lindung_app;
CREATE POLICY lindung_app_update ON membership_rosterrow FOR UPDATE TO lindung_app
    USING ({PLACED} AND lindung_writes()) WITH CHECK ({PLACED} AND lindung_writes());
GRANT UPDATE (revision) ON membership_roster TO lindung_app;
"""

UNDO_RIGHTS = """
REVOKE UPDATE (revision) ON membership_roster FROM lindung_app;
DROP POLICY lindung_app_update ON membership_rosterrow;
REVOKE UPDATE (kelurahan_code, verdict, problems, sealed, person_id, revision, gone, nik_index, twin_index)
    ON membership_rosterrow FROM lindung_app;
"""

WHOLE_KEYS = """
ALTER TABLE membership_rowchange ADD CONSTRAINT roster_row_change_of_its_sponsors_roster
    FOREIGN KEY (roster_id, sponsor_id) REFERENCES membership_roster (id, sponsor_id);
ALTER TABLE membership_correction ADD CONSTRAINT correction_of_its_sponsors_roster
    FOREIGN KEY (roster_id, sponsor_id) REFERENCES membership_roster (id, sponsor_id);
"""

UNDO_WHOLE_KEYS = """
ALTER TABLE membership_correction DROP CONSTRAINT correction_of_its_sponsors_roster;
ALTER TABLE membership_rowchange DROP CONSTRAINT roster_row_change_of_its_sponsors_roster;
"""

PROOFS = """
-- Whoever is enrolled is changed on his own page, with a date; the list keeps what he was enrolled by.
CREATE FUNCTION membership_row_enrolled_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an enrolled row is not changed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'roster_row_enrolled_stays';
END $$;
CREATE TRIGGER roster_row_enrolled_stays BEFORE UPDATE ON membership_rosterrow
    FOR EACH ROW WHEN (OLD.verdict = 'enrolled' AND (NEW.verdict, NEW.kelurahan_code, NEW.person_id, NEW.sealed)
                       IS DISTINCT FROM (OLD.verdict, OLD.kelurahan_code, OLD.person_id, OLD.sealed))
    EXECUTE FUNCTION membership_row_enrolled_stays();

-- Looked at when all is written, because the change names the revision that the row has then.
CREATE FUNCTION membership_row_change_is_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.revision <= OLD.revision OR NOT EXISTS (
        SELECT 1 FROM membership_rowchange c
         WHERE c.roster_id = NEW.roster_id AND c.number = NEW.number AND c.revision = NEW.revision) THEN
        RAISE EXCEPTION 'the change of the row is not recorded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'roster_row_change_is_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER roster_row_change_is_kept AFTER UPDATE ON membership_rosterrow
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.sealed IS DISTINCT FROM NEW.sealed)
    EXECUTE FUNCTION membership_row_change_is_kept();
"""

UNDO_PROOFS = """
DROP TRIGGER roster_row_change_is_kept ON membership_rosterrow;
DROP FUNCTION membership_row_change_is_kept();
DROP TRIGGER roster_row_enrolled_stays ON membership_rosterrow;
DROP FUNCTION membership_row_enrolled_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("membership", "0004_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=120)),
                ("field", models.CharField(max_length=20)),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.IntegerField()),
                ("changed", models.IntegerField()),
                ("added", models.IntegerField()),
                ("gone", models.IntegerField()),
                ("received_at", models.DateTimeField()),
                ("stored_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RowChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("revision", models.IntegerField()),
                ("kelurahan_code", models.CharField(blank=True, max_length=13)),
                ("column", models.SmallIntegerField(null=True)),
                ("before", models.BinaryField()),
                ("after", models.BinaryField()),
                ("changed_by_name", models.CharField(max_length=120)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="roster",
            name="revision",
            field=models.IntegerField(db_default=1, default=1, help_text="raised by every change of a row"),
        ),
        migrations.AddField(
            model_name="rosterrow",
            name="gone",
            field=models.BooleanField(
                db_default=False, default=False, help_text="not in the newest correction"
            ),
        ),
        migrations.AddField(
            model_name="rosterrow",
            name="nik_index",
            field=models.BinaryField(help_text="blind index, to count a person of two lists once", null=True),
        ),
        migrations.AddField(
            model_name="rosterrow",
            name="twin_index",
            field=models.BinaryField(help_text="blind index of name, birth date and kelurahan", null=True),
        ),
        migrations.AddField(
            model_name="rosterrow",
            name="revision",
            field=models.IntegerField(db_default=1, default=1, help_text="raised whenever the cells change"),
        ),
        migrations.AddField(
            model_name="columnword",
            name="set_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="columnword",
            name="sponsor",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="document",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.document",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="received_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="roster",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="membership.roster",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="sponsor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="stored_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rowchange",
            name="changed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rowchange",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.auditevent",
            ),
        ),
        migrations.AddField(
            model_name="rowchange",
            name="roster",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="membership.roster",
            ),
        ),
        migrations.AddField(
            model_name="rowchange",
            name="sponsor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="columnword",
            constraint=models.UniqueConstraint(
                fields=("sponsor", "words"), name="column_word_once_per_sponsor"
            ),
        ),
        migrations.AddConstraint(
            model_name="columnword",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "field__in",
                        [
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
                            "other",
                        ],
                    )
                ),
                name="column_word_field_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                fields=("roster", "document", "revision"), name="correction_once_per_revision"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("added__gte", 0), ("changed__gte", 0), ("gone__gte", 0)),
                name="correction_counts_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stored_at__isnull", True), ("stored_by__isnull", True)),
                    models.Q(("stored_at__isnull", False), ("stored_by__isnull", False)),
                    _connector="OR",
                ),
                name="correction_stored_who_and_when_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="rowchange",
            constraint=models.UniqueConstraint(
                fields=("roster", "number", "revision"), name="roster_row_change_once_per_revision"
            ),
        ),
        migrations.AddConstraint(
            model_name="rowchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("revision__gte", 2)), name="roster_row_change_follows_the_first"
            ),
        ),
        migrations.RunSQL(WHOLE_KEYS, UNDO_WHOLE_KEYS),
        migrations.RunSQL(PROOFS, UNDO_PROOFS),
        migrations.RunSQL(RIGHTS, UNDO_RIGHTS),
        protected("membership_rowchange", visible=PLACED),
        protected(
            "membership_correction",
            app="SELECT, INSERT, UPDATE (stored_by_id, stored_at)",
            visible="lindung_sees(sponsor_id) AND lindung_sees_place('*')",
            adding=WHOLE_CITY,
        ),
        protected(
            "membership_columnword",
            app="SELECT, INSERT, UPDATE (field, set_by_id, set_at)",
            adding=WHOLE_CITY,
        ),
    ]
