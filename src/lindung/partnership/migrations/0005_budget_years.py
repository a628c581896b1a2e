"""Where money comes from in the words of the budget, budgets that grow row by row, and what a budget year needs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, protected, unprotected

NEEDS = """
INSERT INTO partnership_yearneed (agreement_kind, payer, paper)
SELECT 'sponsored', payer, paper
  FROM unnest(ARRAY['apbd', 'apbn', 'village']) payer, unnest(ARRAY['perwal', 'sk', 'pks', 'dpa']) paper
UNION ALL
SELECT 'sponsored', payer, paper
  FROM unnest(ARRAY['baznas', 'csr', 'employer', 'self', 'other']) payer, unnest(ARRAY['sk', 'pks']) paper
UNION ALL
SELECT 'employer', payer, 'dpa' FROM unnest(ARRAY['apbd', 'apbn', 'village']) payer;
"""

KEYS = """
ALTER TABLE partnership_yearpaper
    ADD CONSTRAINT year_paper_of_its_sponsors_agreement
        FOREIGN KEY (agreement_id, sponsor_id) REFERENCES partnership_agreement (id, sponsor_id),
    ADD CONSTRAINT year_paper_document_of_its_sponsor
        FOREIGN KEY (document_id, sponsor_id) REFERENCES documents_document (id, sponsor_id);
ALTER TABLE partnership_yearturn ADD CONSTRAINT year_turn_of_its_sponsors_agreement
    FOREIGN KEY (agreement_id, sponsor_id) REFERENCES partnership_agreement (id, sponsor_id);
CREATE INDEX year_papers_by_year ON partnership_yearpaper (agreement_id, kind, year, last_year);
CREATE INDEX year_turns_newest ON partnership_yearturn (agreement_id, year, kind, id);
"""
UNDO_KEYS = """
DROP INDEX year_turns_newest, year_papers_by_year;
ALTER TABLE partnership_yearturn DROP CONSTRAINT year_turn_of_its_sponsors_agreement;
ALTER TABLE partnership_yearpaper DROP CONSTRAINT year_paper_document_of_its_sponsor,
    DROP CONSTRAINT year_paper_of_its_sponsors_agreement;
"""

TRIGGERS = """
-- A raise follows a budget: money cannot be added to nothing.
CREATE FUNCTION budget_raise_follows_a_budget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.raises AND NOT EXISTS (
        SELECT 1 FROM partnership_budget b WHERE b.agreement_id = NEW.agreement_id AND b.year = NEW.year
           AND b.funding_source_id = NEW.funding_source_id AND NOT b.raises) THEN
        RAISE EXCEPTION 'there is no budget to raise'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_raise_follows_a_budget';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER budget_raise_follows_a_budget AFTER INSERT ON partnership_budget
    FOR EACH ROW EXECUTE FUNCTION budget_raise_follows_a_budget();

-- A withdrawal is by whoever acts, and final.
CREATE FUNCTION year_paper_withdrawn_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) <> to_jsonb(OLD)
       AND (OLD.withdrawn_by_id IS NOT NULL OR NEW.withdrawn_by_id IS DISTINCT FROM lindung_actor()) THEN
        RAISE EXCEPTION 'a year paper is withdrawn once, by the one who acts'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_paper_withdrawn_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER year_paper_withdrawn_once BEFORE UPDATE ON partnership_yearpaper
    FOR EACH ROW EXECUTE FUNCTION year_paper_withdrawn_once();
"""
UNDO_TRIGGERS = """
DROP TRIGGER year_paper_withdrawn_once ON partnership_yearpaper;
DROP TRIGGER budget_raise_follows_a_budget ON partnership_budget;
DROP FUNCTION year_paper_withdrawn_once();
DROP FUNCTION budget_raise_follows_a_budget();
"""

# Turns and papers are recorded by whoever acts, never under another's name; anybody of the city may withdraw.
WITHDRAWING = f"""
ALTER POLICY lindung_app_insert ON partnership_yearpaper
    WITH CHECK ({WHOLE_CITY} AND recorded_by_id = lindung_actor());
"""
WITHDRAWING_BEFORE = f"ALTER POLICY lindung_app_insert ON partnership_yearpaper WITH CHECK ({WHOLE_CITY});"


class Migration(migrations.Migration):
    dependencies = [("partnership", "0004_states"), ("documents", "0003_kinds")]

    operations = [
        migrations.CreateModel(
            name="YearNeed",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agreement_kind",
                        "payer",
                        "paper",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("agreement_kind", models.CharField(max_length=10)),
                ("payer", models.CharField(max_length=10)),
                (
                    "paper",
                    models.CharField(
                        choices=[("perwal", "Perwal"), ("sk", "SK"), ("pks", "PKS"), ("dpa", "DPA")],
                        max_length=10,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="YearPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("perwal", "Perwal"), ("sk", "SK"), ("pks", "PKS"), ("dpa", "DPA")],
                        max_length=10,
                    ),
                ),
                ("year", models.IntegerField()),
                ("last_year", models.IntegerField()),
                ("number", models.CharField(max_length=80)),
                ("signed_on", models.DateField()),
                (
                    "budget_code",
                    models.CharField(
                        blank=True, default="", help_text="of a DPA: its budget line", max_length=80
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_because", models.CharField(blank=True, default="", max_length=400)),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="year_papers",
                        to="partnership.agreement",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
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
                    "recorded_by",
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
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_by__isnull", True)),
                        fields=("agreement", "kind", "year", "number"),
                        name="year_paper_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["perwal", "sk", "dpa"])),
                        name="year_paper_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_year__gte", models.F("year")),
                            ("last_year__lte", 2100),
                            ("year__gte", 2015),
                        ),
                        name="year_paper_years_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "perwal"), ("last_year", models.F("year")), _connector="OR"
                        ),
                        name="year_paper_of_one_year_only",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "dpa"), models.Q(("budget_code", ""), _negated=True)),
                            models.Q(models.Q(("kind", "dpa"), _negated=True), ("budget_code", "")),
                            _connector="OR",
                        ),
                        name="year_paper_dpa_has_its_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_because", ""),
                                ("withdrawn_by__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawn_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="year_paper_withdrawal_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="YearTurn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("perwal", "Perwal"), ("sk", "SK"), ("pks", "PKS"), ("dpa", "DPA")],
                        max_length=10,
                    ),
                ),
                ("year", models.IntegerField()),
                (
                    "turn",
                    models.CharField(
                        choices=[
                            ("pptk", "PPTK"),
                            ("ppk_skpd", "PPK-SKPD"),
                            ("treasurer", "Bendahara pengeluaran"),
                            ("kpa", "KPA"),
                            ("bpkad", "BPKAD"),
                            ("legal", "Bagian Hukum"),
                            ("mayor", "Wali kota"),
                            ("branch", "Kantor cabang BPJS"),
                        ],
                        max_length=10,
                    ),
                ),
                ("since", models.DateField()),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="year_turns",
                        to="partnership.agreement",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.auditevent"
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["perwal", "sk", "pks", "dpa"]),
                            ("year__gte", 2015),
                            ("year__lte", 2100),
                        ),
                        name="year_turn_of_a_known_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "turn__in",
                                ["pptk", "ppk_skpd", "treasurer", "kpa", "bpkad", "legal", "mayor", "branch"],
                            )
                        ),
                        name="year_turn_at_a_known_desk",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="budget",
            name="budget_once_per_year",
        ),
        migrations.AddField(
            model_name="budget",
            name="event",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.auditevent",
            ),
        ),
        migrations.AddField(
            model_name="budget",
            name="number",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="budget",
            name="raises",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="budget",
            name="signed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="fundingsource",
            name="origin",
            field=models.CharField(
                choices=[
                    ("apbd", "APBD"),
                    ("dbh_sawit", "DBH sawit"),
                    ("dbhcht", "DBHCHT (cukai tembakau)"),
                    ("apbn", "APBN"),
                    ("village", "Dana desa"),
                    ("bkbk", "BKBK (bantuan keuangan untuk desa)"),
                    ("baznas", "Baznas"),
                    ("csr", "CSR perusahaan"),
                    ("sertakan", "SERTAKAN (dibayar ASN atau pegawai)"),
                    ("other", "Lainnya"),
                ],
                max_length=10,
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.UniqueConstraint(
                condition=models.Q(("raises", False)),
                fields=("agreement", "funding_source", "year"),
                name="budget_once_per_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.UniqueConstraint(
                condition=models.Q(("raises", True)),
                fields=("agreement", "funding_source", "year", "number"),
                name="budget_raised_once_by_a_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("raises", False),
                    models.Q(models.Q(("number", ""), _negated=True), ("signed_on__isnull", False)),
                    _connector="OR",
                ),
                name="budget_raise_names_its_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingsource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("origin__isnull", True),
                    models.Q(("kind", "apbd"), ("origin__in", ["apbd", "dbh_sawit", "dbhcht"])),
                    models.Q(("kind", "apbn"), ("origin", "apbn")),
                    models.Q(("kind", "village"), ("origin__in", ["village", "bkbk"])),
                    models.Q(("kind", "baznas"), ("origin", "baznas")),
                    models.Q(("kind", "csr"), ("origin", "csr")),
                    models.Q(("kind", "other"), ("origin__in", ["sertakan", "other"])),
                    _connector="OR",
                ),
                name="funding_source_origin_is_its_payers",
            ),
        ),
        migrations.RunSQL(NEEDS, "DELETE FROM partnership_yearneed;"),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        migrations.RunSQL(TRIGGERS, UNDO_TRIGGERS),
        unprotected("partnership_yearneed", app="SELECT"),
        protected(
            "partnership_yearpaper",
            app="SELECT, INSERT, UPDATE (withdrawn_by_id, withdrawn_at, withdrawn_because)",
            adding=WHOLE_CITY,
        ),
        migrations.RunSQL(WITHDRAWING, WITHDRAWING_BEFORE),
        protected(
            "partnership_yearturn", app="SELECT, INSERT", adding=f"{WHOLE_CITY} AND by_id = lindung_actor()"
        ),
    ]
