"""BPJS's word: the files it came in, member numbers and states; added by an import alone, or where the authority is ours."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, protected

KEYS = """
CREATE UNIQUE INDEX document_with_its_hash ON documents_document (id, sponsor_id, sha256);
CREATE UNIQUE INDEX branch_import_kind_and_sponsor ON membership_branchimport (id, kind, sponsor_id);
CREATE UNIQUE INDEX branch_import_and_sponsor ON membership_branchimport (id, sponsor_id);
ALTER TABLE membership_branchimport ADD CONSTRAINT branch_import_of_its_file
    FOREIGN KEY (document_id, sponsor_id, sha256) REFERENCES documents_document (id, sponsor_id, sha256);
ALTER TABLE membership_branchline ADD CONSTRAINT branch_line_of_its_import
    FOREIGN KEY (word_id, sponsor_id) REFERENCES membership_branchimport (id, sponsor_id);
ALTER TABLE membership_membernumber
    ADD CONSTRAINT member_number_of_its_import FOREIGN KEY (word_id, word_kind, sponsor_id)
        REFERENCES membership_branchimport (id, kind, sponsor_id),
    ADD CONSTRAINT member_number_of_its_sponsors_person FOREIGN KEY (person_id, sponsor_id)
        REFERENCES people_personscope (person_id, sponsor_id);
ALTER TABLE membership_branchstatus
    ADD CONSTRAINT branch_status_of_its_import FOREIGN KEY (word_id, word_kind, sponsor_id)
        REFERENCES membership_branchimport (id, kind, sponsor_id),
    ADD CONSTRAINT branch_status_of_its_sponsors_person FOREIGN KEY (person_id, sponsor_id)
        REFERENCES people_personscope (person_id, sponsor_id);
"""

UNDO_KEYS = """
ALTER TABLE membership_branchstatus DROP CONSTRAINT branch_status_of_its_sponsors_person,
    DROP CONSTRAINT branch_status_of_its_import;
ALTER TABLE membership_membernumber DROP CONSTRAINT member_number_of_its_sponsors_person,
    DROP CONSTRAINT member_number_of_its_import;
ALTER TABLE membership_branchline DROP CONSTRAINT branch_line_of_its_import;
ALTER TABLE membership_branchimport DROP CONSTRAINT branch_import_of_its_file;
DROP INDEX branch_import_and_sponsor, branch_import_kind_and_sponsor, document_with_its_hash;
"""

AUTHORITY = """
-- What is decided here needs the authority of its day; the argument names the function.
CREATE FUNCTION branch_word_is_ours_to_say() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decided_by = 'here' AND NOT lindung_decides_here(TG_ARGV[0], NEW.said_on) THEN
        RAISE EXCEPTION 'BPJS decides this'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_where_authority_is';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER member_number_is_ours_to_say BEFORE INSERT ON membership_membernumber
    FOR EACH ROW EXECUTE FUNCTION branch_word_is_ours_to_say('member_number');
CREATE TRIGGER branch_status_is_ours_to_say BEFORE INSERT ON membership_branchstatus
    FOR EACH ROW EXECUTE FUNCTION branch_word_is_ours_to_say('active_status');

CREATE FUNCTION difference_note_in_ones_own_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.noted_by_id IS DISTINCT FROM lindung_actor() THEN
        RAISE EXCEPTION 'a note is written by whoever acts'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'difference_note_in_ones_own_name';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER difference_note_in_ones_own_name BEFORE INSERT ON membership_differencenote
    FOR EACH ROW EXECUTE FUNCTION difference_note_in_ones_own_name();
"""

UNDO_AUTHORITY = """
DROP TRIGGER difference_note_in_ones_own_name ON membership_differencenote;
DROP FUNCTION difference_note_in_ones_own_name();
DROP TRIGGER branch_status_is_ours_to_say ON membership_branchstatus;
DROP TRIGGER member_number_is_ours_to_say ON membership_membernumber;
DROP FUNCTION branch_word_is_ours_to_say();
"""

# A word of BPJS comes in by the loader inside an import; what is decided here, by whoever sees the whole city.
BY_IMPORT = "current_user = 'lindung_loader' AND lindung_scope() = 'system:branch_word'"
SAYING = f"({BY_IMPORT} AND decided_by = 'bpjs') OR (current_user <> 'lindung_loader' AND decided_by = 'here' AND {WHOLE_CITY})"
CITY = "lindung_sees(sponsor_id) AND lindung_sees_place('*')"
OF_A_PERSON = """lindung_sees(sponsor_id)
    AND (lindung_sees_place('*') OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id))"""


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0006_progress"),
        ("access", "0008_clients"),
        ("documents", "0003_kinds"),
        ("people", "0003_families"),
        ("partnership", "0007_authority"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BranchImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("sha256", models.CharField(max_length=64)),
                ("said_on", models.DateField(help_text="date of the word, as the letter or file states it")),
                ("imported_at", models.DateTimeField()),
                ("lines", models.IntegerField()),
                ("accepted", models.IntegerField()),
                ("unknown", models.IntegerField(help_text="lines that name nobody and nothing we know")),
                ("faulty", models.IntegerField(help_text="lines that cannot be read")),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.auditevent"
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BranchLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "word_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(help_text="line in the sheet, as the officer sees it")),
                ("outcome", models.CharField(max_length=8)),
                ("reason", models.CharField(help_text="a stable code of left_lines.toml", max_length=40)),
                ("sealed", models.BinaryField()),
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
                (
                    "word",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="left",
                        to="membership.branchimport",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BranchStatus",
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
                ("active", models.BooleanField()),
                ("since", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=120)),
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
                (
                    "word",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="membership.branchimport",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DifferenceNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("difference", models.CharField(max_length=60)),
                ("fingerprint", models.CharField(max_length=32)),
                ("state", models.CharField(max_length=10)),
                ("note", models.CharField(max_length=500)),
                ("noted_at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.auditevent"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MemberNumber",
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
                ("kpj_sealed", models.BinaryField()),
                ("kpj_index", models.BinaryField()),
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
                (
                    "word",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="membership.branchimport",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="branchimport",
            index=models.Index(fields=["sponsor", "-id"], name="branch_imports_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="branchimport",
            constraint=models.UniqueConstraint(
                fields=("sponsor", "kind", "sha256"), name="branch_import_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="branchimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["member_number", "status", "contribution_code", "balance", "determination"])
                ),
                name="branch_import_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="branchimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted__gte", 0),
                    (
                        "lines",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("accepted"), "+", models.F("unknown")
                            ),
                            "+",
                            models.F("faulty"),
                        ),
                    ),
                ),
                name="branch_import_loses_no_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="branchline",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["unknown", "faulty"])), name="branch_line_outcome_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="branchstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("word_kind", "status"),
                    models.Q(
                        models.Q(("decided_by", "bpjs"), ("line__isnull", False), ("word__isnull", False)),
                        models.Q(("decided_by", "here"), ("line__isnull", True), ("word__isnull", True)),
                        _connector="OR",
                    ),
                ),
                name="branch_status_names_its_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="branchstatus",
            constraint=models.UniqueConstraint(fields=("word", "line"), name="branch_status_once_per_line"),
        ),
        migrations.AddIndex(
            model_name="differencenote",
            index=models.Index(fields=["difference", "-id"], name="notes_of_a_difference"),
        ),
        migrations.AddConstraint(
            model_name="differencenote",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["explained", "open"])), name="difference_note_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="differencenote",
            constraint=models.CheckConstraint(
                condition=models.Q(("note__length__gte", 5)), name="difference_note_says_why"
            ),
        ),
        migrations.AddIndex(
            model_name="membernumber",
            index=models.Index(fields=["kpj_index"], name="member_numbers_by_number"),
        ),
        migrations.AddConstraint(
            model_name="membernumber",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("word_kind", "member_number"),
                    models.Q(
                        models.Q(("decided_by", "bpjs"), ("line__isnull", False), ("word__isnull", False)),
                        models.Q(("decided_by", "here"), ("line__isnull", True), ("word__isnull", True)),
                        _connector="OR",
                    ),
                ),
                name="member_number_names_its_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="membernumber",
            constraint=models.UniqueConstraint(fields=("word", "line"), name="member_number_once_per_line"),
        ),
        migrations.AddConstraint(
            model_name="membernumber",
            constraint=models.CheckConstraint(
                condition=models.Q(("kpj_index__length", 32)), name="member_number_index_is_a_blind_index"
            ),
        ),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        migrations.RunSQL(AUTHORITY, UNDO_AUTHORITY),
        protected(
            "membership_branchimport", app="SELECT", loader="SELECT, INSERT", visible=CITY, adding=BY_IMPORT
        ),
        protected(
            "membership_branchline", app="SELECT", loader="SELECT, INSERT", visible=CITY, adding=BY_IMPORT
        ),
        protected("membership_membernumber", loader="SELECT, INSERT", visible=OF_A_PERSON, adding=SAYING),
        protected("membership_branchstatus", loader="SELECT, INSERT", visible=OF_A_PERSON, adding=SAYING),
        protected("membership_differencenote", visible=CITY, adding=WHOLE_CITY),
    ]
