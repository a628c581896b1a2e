"""Agreements, papers, segments, funding sources and budgets."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=160)),
                (
                    "programmes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3), size=None
                    ),
                ),
                ("monthly_income", models.BigIntegerField(blank=True, null=True)),
                (
                    "arrears_borne_by",
                    models.CharField(
                        choices=[
                            ("sponsor", "Pemerintah daerah"),
                            ("participant", "Peserta atau ahli waris"),
                            ("unsaid", "Belum diatur dalam PKS"),
                        ],
                        default="unsaid",
                        max_length=12,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "paying_office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
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
            name="FundingSource",
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
                        choices=[
                            ("apbd", "APBD"),
                            ("apbn", "APBN"),
                            ("village", "Dana desa"),
                            ("baznas", "Baznas"),
                            ("csr", "CSR perusahaan"),
                            ("employer", "Pemberi kerja"),
                            ("self", "Peserta sendiri"),
                            ("other", "Lainnya"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
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
            name="Budget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budgets",
                        to="partnership.agreement",
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
                    "funding_source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.fundingsource",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="agreement",
            name="funding_source",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partnership.fundingsource",
            ),
        ),
        migrations.CreateModel(
            name="Paper",
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
                        choices=[
                            ("mou", "Nota kesepahaman (MoU)"),
                            ("pks", "Perjanjian kerja sama (PKS)"),
                            ("sk", "Surat keputusan (SK)"),
                            ("addendum", "Adendum"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.CharField(max_length=80)),
                ("signed_at", models.CharField(help_text="place of signing", max_length=80)),
                ("signed_on", models.DateField()),
                ("first_party", models.CharField(max_length=160)),
                (
                    "second_party",
                    models.CharField(
                        blank=True, help_text="empty for an SK: one party decides", max_length=160
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="partnership.agreement",
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
            name="Segment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40)),
                ("label", models.CharField(max_length=120)),
                (
                    "occupation",
                    models.CharField(help_text="used when a row names no occupation", max_length=80),
                ),
                ("quota", models.IntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="segments",
                        to="partnership.agreement",
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
        migrations.AddConstraint(
            model_name="fundingsource",
            constraint=models.UniqueConstraint(fields=("sponsor", "name"), name="funding_source_named_once"),
        ),
        migrations.AddConstraint(
            model_name="fundingsource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["apbd", "apbn", "village", "baznas", "csr", "employer", "self", "other"])
                ),
                name="funding_source_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.UniqueConstraint(
                fields=("agreement", "funding_source", "year"), name="budget_once_per_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="budget_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 2015), ("year__lte", 2100)), name="budget_year_plausible"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"
                ),
                name="agreement_period_runs_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("programmes__contained_by", ["jkk", "jkm", "jht"]), ("programmes__contains", ["jkk"])
                ),
                name="agreement_has_known_programmes",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("monthly_income__isnull", True), ("monthly_income__gte", 0), _connector="OR"
                ),
                name="agreement_income_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("arrears_borne_by__in", ["sponsor", "participant", "unsaid"])),
                name="agreement_arrears_bearer_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                fields=("agreement", "kind", "number"), name="paper_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["mou", "pks", "sk", "addendum"])), name="paper_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "sk"), models.Q(("second_party", ""), _negated=True), _connector="OR"
                ),
                name="paper_of_two_parties_names_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.UniqueConstraint(
                fields=("agreement", "code"), name="segment_once_per_agreement"
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.CheckConstraint(
                condition=models.Q(("quota__gte", 0)), name="segment_quota_not_negative"
            ),
        ),
    ]
