"""A kind of agreement for people who pay for themselves through a group: it needs no budget and no papers of a year."""

from django.db import migrations, models
from django.db.models import Q

# The kind names whose money it is; a segment of other money would be a sponsored one in disguise.
PAYS_ITSELF = """
CREATE FUNCTION independent_agreement_pays_itself() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one bigint := CASE TG_TABLE_NAME WHEN 'partnership_agreement' THEN (to_jsonb(NEW)->>'id')::bigint
                           ELSE (to_jsonb(NEW)->>'agreement_id')::bigint END;
BEGIN
    IF EXISTS (SELECT 1 FROM partnership_agreement a
                WHERE a.id = one AND a.kind = 'independent'
                  AND EXISTS (SELECT 1 FROM partnership_fundingsource f
                               WHERE f.kind <> 'self'
                                 AND (f.id = a.funding_source_id
                                      OR f.id IN (SELECT s.funding_source_id FROM partnership_segment s
                                                   WHERE s.agreement_id = a.id)))) THEN
        RAISE EXCEPTION 'independent members pay for themselves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'independent_agreement_pays_itself';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER independent_agreement_pays_itself AFTER INSERT OR UPDATE OF kind, funding_source_id
    ON partnership_agreement FOR EACH ROW EXECUTE FUNCTION independent_agreement_pays_itself();
CREATE TRIGGER independent_segment_pays_itself AFTER INSERT OR UPDATE OF funding_source_id ON partnership_segment
    FOR EACH ROW WHEN (NEW.funding_source_id IS NOT NULL) EXECUTE FUNCTION independent_agreement_pays_itself();
"""
UNDO = """
DROP TRIGGER independent_segment_pays_itself ON partnership_segment;
DROP TRIGGER independent_agreement_pays_itself ON partnership_agreement;
DROP FUNCTION independent_agreement_pays_itself();
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0012_withdrawn_budgets")]

    operations = [
        migrations.AlterField(
            model_name="agreement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sponsored", "Bukan penerima upah, dibayar pemerintah daerah"),
                    ("employer", "Penerima upah, didaftarkan pemberi kerja"),
                    ("independent", "Peserta mandiri, lewat wadah"),
                ],
                db_default="sponsored",
                default="sponsored",
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint(model_name="agreement", name="agreement_kind_known"),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                name="agreement_kind_known",
                condition=Q(kind__in=["sponsored", "employer", "independent"]),
            ),
        ),
        migrations.RunSQL(PAYS_ITSELF, UNDO),
    ]
