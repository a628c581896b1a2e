"""A paper bears a date on which it can have been signed: not after the day it is recorded, not before its time.

Rows are checked as they are added; what was recorded before stays as it is and can be withdrawn.
"""

from django.db import migrations, models

PAPERS = """
CREATE FUNCTION paper_dated_when_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.recorded_on IS NULL OR NEW.signed_on > NEW.recorded_on THEN
        RAISE EXCEPTION 'a paper is signed before it is recorded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'paper_signed_when_recorded';
    END IF;
    IF NEW.signed_on < (CASE WHEN NEW.kind IN ('mou', 'pks') THEN date '2014-01-01' ELSE date '2015-01-01' END) THEN
        RAISE EXCEPTION 'a paper is not older than what it is about'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'paper_date_plausible';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER paper_dated_when_recorded BEFORE INSERT ON partnership_paper
    FOR EACH ROW EXECUTE FUNCTION paper_dated_when_recorded();
"""
UNDO_PAPERS = """
DROP TRIGGER paper_dated_when_recorded ON partnership_paper;
DROP FUNCTION paper_dated_when_recorded();
"""

# A Perwal is the legal base of many years: it may be older than two years before the first it is recorded for.
YEAR_PAPERS = """
CREATE FUNCTION year_paper_dated_when_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.signed_on > (NEW.recorded_at AT TIME ZONE 'Asia/Jakarta')::date THEN
        RAISE EXCEPTION 'a paper is signed before it is recorded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_paper_signed_when_recorded';
    END IF;
    IF NEW.signed_on < date '2015-01-01'
       OR (NEW.kind <> 'perwal' AND extract(year FROM NEW.signed_on) < NEW.year - 2) THEN
        RAISE EXCEPTION 'a paper of a year is signed at the earliest two years before it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_paper_date_plausible';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER year_paper_dated_when_recorded BEFORE INSERT ON partnership_yearpaper
    FOR EACH ROW EXECUTE FUNCTION year_paper_dated_when_recorded();
"""
UNDO_YEAR_PAPERS = """
DROP TRIGGER year_paper_dated_when_recorded ON partnership_yearpaper;
DROP FUNCTION year_paper_dated_when_recorded();
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0008_authority_trail")]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="recorded_on",
            field=models.DateField(help_text="null: before this was kept", null=True),
        ),
        migrations.RunSQL(PAPERS, UNDO_PAPERS),
        migrations.RunSQL(YEAR_PAPERS, UNDO_YEAR_PAPERS),
    ]
