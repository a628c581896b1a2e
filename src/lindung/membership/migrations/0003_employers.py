"""Employer units, minimum wages and wages; a work may be at an employer unit, and then names it."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, protected

WHOLE_KEYS = """
CREATE UNIQUE INDEX agreement_sponsor_and_kind ON partnership_agreement (id, sponsor_id, kind);
CREATE UNIQUE INDEX membership_and_sponsor ON membership_membership (id, sponsor_id);
ALTER TABLE membership_employerunit ADD CONSTRAINT unit_of_its_sponsors_agreement
    FOREIGN KEY (agreement_id, sponsor_id, agreement_kind)
    REFERENCES partnership_agreement (id, sponsor_id, kind);
ALTER TABLE membership_wage ADD CONSTRAINT wage_of_its_membership
    FOREIGN KEY (membership_id, sponsor_id) REFERENCES membership_membership (id, sponsor_id);
"""

UNDO_WHOLE_KEYS = """
ALTER TABLE membership_wage DROP CONSTRAINT wage_of_its_membership;
ALTER TABLE membership_employerunit DROP CONSTRAINT unit_of_its_sponsors_agreement;
DROP INDEX membership_and_sponsor, agreement_sponsor_and_kind;
"""

WAGES = """
-- Who earns a wage has one from the first month on; checked at the commit, because the wage comes after the row.
CREATE FUNCTION membership_has_its_wage() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one bigint := CASE TG_TABLE_NAME WHEN 'membership_membership' THEN (to_jsonb(NEW)->>'id')::bigint
                           ELSE (to_jsonb(NEW)->>'membership_id')::bigint END;
BEGIN
    IF EXISTS (SELECT 1 FROM membership_membership m JOIN membership_work w ON w.id = m.work_id
                WHERE m.id = one AND w.kind = 'employer_unit' AND (m.until IS NULL OR m.until > m.since)
                  AND NOT EXISTS (SELECT 1 FROM membership_wage g
                                   WHERE g.membership_id = one AND g.since = m.since AND g.withdrawn_id IS NULL)) THEN
        RAISE EXCEPTION 'a wage earner without a wage'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_has_its_wage';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER wage_is_not_taken_away AFTER UPDATE ON membership_wage
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION membership_has_its_wage();
"""

UNDO_WAGES = """
DROP TRIGGER wage_is_not_taken_away ON membership_wage;
DROP FUNCTION membership_has_its_wage();
"""

# What is stored of a membership is seen by whoever sees it; in a whole city that needs no look-up.
OF_A_MEMBERSHIP = """
    lindung_sees(sponsor_id)
    AND (lindung_sees_place('*') OR EXISTS (SELECT 1 FROM membership_membership m WHERE m.id = membership_id))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_once_and_drafts"),
        ("membership", "0002_rights"),
        ("partnership", "0003_kinds_and_sources"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EmployerUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agreement_kind",
                    models.CharField(
                        db_default="employer", default="employer", editable=False, max_length=10
                    ),
                ),
                (
                    "staff_kind",
                    models.CharField(
                        choices=[
                            ("non_asn", "Pegawai non-ASN"),
                            ("pppk_paruh_waktu", "PPPK paruh waktu"),
                            ("cleaners", "Petugas kebersihan"),
                            ("outsourced", "Tenaga alih daya"),
                        ],
                        max_length=20,
                    ),
                ),
                ("risk_class", models.CharField(help_text="a RiskClass of the law", max_length=10)),
                ("risk_basis", models.CharField(max_length=160)),
                (
                    "region_code",
                    models.CharField(
                        help_text="region whose minimum wage holds, such as 15.71", max_length=13
                    ),
                ),
                ("npp", models.CharField(blank=True, max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name="MinimumWage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region_code", models.CharField(max_length=13)),
                ("year", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                ("decree_number", models.CharField(max_length=120)),
                ("decree_date", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Wage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
                (
                    "basis",
                    models.CharField(choices=[("monthly", "Bulanan"), ("daily", "Harian")], max_length=7),
                ),
                ("amount", models.BigIntegerField()),
                ("days", models.SmallIntegerField(default=1)),
                ("monthly", models.BigIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="work",
            name="work_occupation_once_per_person",
        ),
        migrations.AddField(
            model_name="employerunit",
            name="agreement",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="unit",
                to="partnership.agreement",
            ),
        ),
        migrations.AddField(
            model_name="employerunit",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.auditevent"
            ),
        ),
        migrations.AddField(
            model_name="employerunit",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
            ),
        ),
        migrations.AddField(
            model_name="employerunit",
            name="sponsor",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="work",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="works",
                to="membership.employerunit",
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "employer_unit"), ("unit__isnull", False)),
                    models.Q(models.Q(("kind", "employer_unit"), _negated=True), ("unit__isnull", True)),
                    _connector="OR",
                ),
                name="work_of_an_employer_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "bpu")),
                fields=("person", "kind", "occupation"),
                name="work_occupation_once_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.UniqueConstraint(fields=("person", "unit"), name="work_unit_once_per_person"),
        ),
        migrations.AddField(
            model_name="minimumwage",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.auditevent"
            ),
        ),
        migrations.AddField(
            model_name="minimumwage",
            name="sponsor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
            ),
        ),
        migrations.AddField(
            model_name="wage",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.auditevent",
            ),
        ),
        migrations.AddField(
            model_name="wage",
            name="membership",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wages",
                to="membership.membership",
            ),
        ),
        migrations.AddField(
            model_name="wage",
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
            model_name="wage",
            name="withdrawn",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.auditevent",
            ),
        ),
        migrations.AddConstraint(
            model_name="employerunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreement_kind", "employer")), name="unit_of_an_employers_agreement"
            ),
        ),
        migrations.AddConstraint(
            model_name="employerunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("staff_kind__in", ["non_asn", "pppk_paruh_waktu", "cleaners", "outsourced"])
                ),
                name="unit_staff_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="employerunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("risk_class__in", ["very_low", "low", "medium", "high", "very_high"])),
                name="unit_risk_class_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="employerunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("risk_basis", ""), _negated=True), name="unit_risk_class_has_its_basis"
            ),
        ),
        migrations.AddConstraint(
            model_name="employerunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("npp__regex", "^([0-9]{8})?$")), name="unit_npp_is_eight_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="minimumwage",
            constraint=models.UniqueConstraint(
                fields=("sponsor", "region_code", "year"), name="minimum_wage_once_per_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="minimumwage",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="minimum_wage_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="minimumwage",
            constraint=models.CheckConstraint(
                condition=models.Q(("decree_number", ""), _negated=True), name="minimum_wage_names_its_decree"
            ),
        ),
        migrations.AddConstraint(
            model_name="wage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn__isnull", True)),
                fields=("membership", "since"),
                name="wage_once_per_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="wage",
            constraint=models.CheckConstraint(
                condition=models.Q(("since__day", 1)), name="wage_month_is_a_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="wage",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="wage_is_positive"),
        ),
        migrations.AddConstraint(
            model_name="wage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis", "monthly"), ("days", 1)),
                    models.Q(("basis", "daily"), ("days__gte", 1), ("days__lte", 31)),
                    _connector="OR",
                ),
                name="wage_basis_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="wage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "monthly",
                        django.db.models.expressions.CombinedExpression(
                            models.F("amount"), "*", models.F("days")
                        ),
                    )
                ),
                name="wage_monthly_follows",
            ),
        ),
        migrations.RunSQL(WHOLE_KEYS, UNDO_WHOLE_KEYS),
        migrations.RunSQL(WAGES, UNDO_WAGES),
        protected(
            "membership_employerunit", app="SELECT, INSERT, UPDATE (npp)", loader="SELECT", adding=WHOLE_CITY
        ),
        protected("membership_minimumwage", app="SELECT, INSERT", adding=WHOLE_CITY),
        protected(
            "membership_wage",
            app="SELECT",
            loader="SELECT, INSERT, UPDATE (withdrawn_id)",
            visible=OF_A_MEMBERSHIP,
        ),
    ]
