"""Who signed a paper, its file and its period, what an addendum changes, and what a budget year still lacks.

An amendment is applied by the trigger that reads it: what holds can always be traced to the paper that said so.
"""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, protected

KEYS = """
CREATE UNIQUE INDEX paper_and_sponsor ON partnership_paper (id, sponsor_id);
CREATE UNIQUE INDEX paper_agreement_and_sponsor ON partnership_paper (id, agreement_id, sponsor_id);
ALTER TABLE partnership_paper ADD CONSTRAINT paper_document_of_its_sponsor
    FOREIGN KEY (document_id, sponsor_id) REFERENCES documents_document (id, sponsor_id);
ALTER TABLE partnership_signatory ADD CONSTRAINT signatory_of_its_sponsors_paper
    FOREIGN KEY (paper_id, sponsor_id) REFERENCES partnership_paper (id, sponsor_id);
ALTER TABLE partnership_amendment
    ADD CONSTRAINT amendment_of_its_sponsors_paper
        FOREIGN KEY (paper_id, agreement_id, sponsor_id)
        REFERENCES partnership_paper (id, agreement_id, sponsor_id),
    ADD CONSTRAINT amendment_of_its_sponsors_segment
        FOREIGN KEY (segment_id, agreement_id, sponsor_id)
        REFERENCES partnership_segment (id, agreement_id, sponsor_id);
"""
UNDO_KEYS = """
ALTER TABLE partnership_amendment DROP CONSTRAINT amendment_of_its_sponsors_segment,
    DROP CONSTRAINT amendment_of_its_sponsors_paper;
ALTER TABLE partnership_signatory DROP CONSTRAINT signatory_of_its_sponsors_paper;
ALTER TABLE partnership_paper DROP CONSTRAINT paper_document_of_its_sponsor;
DROP INDEX paper_agreement_and_sponsor, paper_and_sponsor;
"""

AMENDING = """
CREATE FUNCTION amendment_applied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE changed integer;
BEGIN
    PERFORM 1 FROM partnership_agreement a JOIN partnership_paper p ON p.agreement_id = a.id
      WHERE a.id = NEW.agreement_id AND p.id = NEW.paper_id AND p.kind = 'addendum'
        AND a.state IN ('signed', 'active') FOR NO KEY UPDATE OF a;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only an addendum to a signed or active agreement changes it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'amendment_by_an_addendum';
    END IF;
    IF NEW.term = 'quota' THEN
        UPDATE partnership_segment s SET quota = NEW.quota_is WHERE s.id = NEW.segment_id AND s.quota = NEW.quota_was;
    ELSIF NEW.term = 'until' THEN
        UPDATE partnership_agreement a SET until = NEW.until_is
         WHERE a.id = NEW.agreement_id AND a.until IS NOT DISTINCT FROM NEW.until_was;
    ELSE
        UPDATE partnership_agreement a SET arrears_borne_by = NEW.arrears_is
         WHERE a.id = NEW.agreement_id AND a.arrears_borne_by = NEW.arrears_was;
    END IF;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> 1 THEN
        RAISE EXCEPTION 'what the amendment replaces does not hold any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'amendment_of_what_holds';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER amendment_applied AFTER INSERT ON partnership_amendment
    FOR EACH ROW EXECUTE FUNCTION amendment_applied();
"""
UNDO_AMENDING = """
DROP TRIGGER amendment_applied ON partnership_amendment;
DROP FUNCTION amendment_applied();
"""

# The one text of the rule: the refusal of a bill asks it, and so does the page. A PKS is in force in a month that its
# period touches; an addendum that moved the end of the agreement carries the PKS on.
LACKS = """
CREATE FUNCTION agreement_year_lacks(agreement bigint, month date) RETURNS text[] LANGUAGE sql STABLE AS $$
SELECT coalesce(array_agg(DISTINCT n.paper::text ORDER BY n.paper::text), '{}')
  FROM partnership_agreement a
  JOIN partnership_yearneed n ON n.agreement_kind = a.kind AND n.payer IN (
       SELECT f.kind FROM partnership_fundingsource f
        WHERE f.id = a.funding_source_id
           OR f.id IN (SELECT s.funding_source_id FROM partnership_segment s WHERE s.agreement_id = a.id))
 WHERE a.id = agreement
   AND NOT CASE n.paper WHEN 'pks' THEN EXISTS (
           SELECT 1 FROM partnership_paper p
            WHERE p.agreement_id = a.id
              AND (p.kind = 'pks' OR EXISTS (SELECT 1 FROM partnership_amendment m WHERE m.paper_id = p.id AND m.term = 'until'))
              AND coalesce(p.since, p.signed_on) < (month + interval '1 month')
              AND (p.until IS NULL OR p.until > month))
       ELSE EXISTS (
           SELECT 1 FROM partnership_yearpaper y
            WHERE y.agreement_id = a.id AND y.kind = n.paper AND y.withdrawn_by_id IS NULL
              AND extract(year FROM month) BETWEEN y.year AND y.last_year)
       END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0005_budget_years")]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "term",
                    models.CharField(
                        choices=[
                            ("quota", "Kuota"),
                            ("until", "Masa berlaku"),
                            ("arrears", "Penanggung tunggakan"),
                        ],
                        max_length=8,
                    ),
                ),
                ("quota_was", models.IntegerField(null=True)),
                ("quota_is", models.IntegerField(null=True)),
                ("until_was", models.DateField(null=True)),
                ("until_is", models.DateField(null=True)),
                ("arrears_was", models.CharField(blank=True, default="", max_length=12)),
                ("arrears_is", models.CharField(blank=True, default="", max_length=12)),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="partnership.agreement",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.auditevent"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="partnership.paper",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.segment",
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
                            models.Q(
                                ("arrears_is", ""),
                                ("arrears_was", ""),
                                ("quota_is__isnull", False),
                                ("quota_was__isnull", False),
                                ("segment__isnull", False),
                                ("term", "quota"),
                                ("until_is__isnull", True),
                                ("until_was__isnull", True),
                            ),
                            models.Q(
                                ("arrears_is", ""),
                                ("arrears_was", ""),
                                ("quota_is__isnull", True),
                                ("quota_was__isnull", True),
                                ("segment__isnull", True),
                                ("term", "until"),
                            ),
                            models.Q(
                                ("quota_is__isnull", True),
                                ("quota_was__isnull", True),
                                ("segment__isnull", True),
                                ("term", "arrears"),
                                ("until_is__isnull", True),
                                ("until_was__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="amendment_of_one_term",
                    ),
                    models.UniqueConstraint(
                        fields=("paper", "term", "segment"),
                        name="amendment_once_per_paper",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signatory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("position", models.CharField(max_length=160)),
                (
                    "party",
                    models.CharField(
                        choices=[("first", "Pihak pertama"), ("second", "Pihak kedua"), ("witness", "Saksi")],
                        max_length=8,
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatories",
                        to="partnership.paper",
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
                    models.UniqueConstraint(fields=("paper", "name"), name="signatory_once_per_paper"),
                    models.CheckConstraint(
                        condition=models.Q(("party__in", ["first", "second", "witness"])),
                        name="signatory_party_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("position", ""), _negated=True)
                        ),
                        name="signatory_is_named",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="paper",
            name="document",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.document",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="since",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="paper",
            name="until",
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True),
                    ("until__gt", django.db.models.functions.comparison.Coalesce("since", "signed_on")),
                    _connector="OR",
                ),
                name="paper_period_runs_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind", "mou")),
                expressions=[("sponsor", "="), ("number", "="), ("signed_on", "<>")],
                name="mou_number_has_one_date",
            ),
        ),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        migrations.RunSQL(AMENDING, UNDO_AMENDING),
        migrations.RunSQL(LACKS, "DROP FUNCTION agreement_year_lacks(bigint, date);"),
        protected("partnership_signatory", app="SELECT, INSERT", adding=WHOLE_CITY),
        protected("partnership_amendment", app="SELECT, INSERT", adding=WHOLE_CITY),
    ]
