"""A correction says what the person's row held before, in the corrector's own name, and whether the card was seen."""

from django.db import migrations, models

PROOF = """
-- The record is written first: the newest correction of the person says what the row said and says now.
CREATE OR REPLACE FUNCTION people_correction_is_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.name_key <> OLD.name_key AND NEW.name = OLD.name) OR NOT EXISTS (
        SELECT 1 FROM people_personcorrection c
         WHERE c.person_id = NEW.id
           AND c.revision = (SELECT max(revision) FROM people_personcorrection WHERE person_id = NEW.id)
           AND c.before = jsonb_build_object('name', OLD.name, 'birth_place', OLD.birth_place,
                                             'birth_date', OLD.birth_date, 'sex', OLD.sex)
           AND c.after = jsonb_build_object('name', NEW.name, 'birth_place', NEW.birth_place,
                                            'birth_date', NEW.birth_date, 'sex', NEW.sex)) THEN
        RAISE EXCEPTION 'the correction of the person is not recorded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_correction_is_kept';
    END IF;
    RETURN NULL;
END $$;
"""

UNDO_PROOF = """
CREATE OR REPLACE FUNCTION people_correction_is_kept() RETURNS trigger
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
"""

NAME = """
-- Whoever acts is written down under the name the house knows; nobody signs with another's.
CREATE FUNCTION people_correction_in_own_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF lindung_actor() IS NOT NULL THEN
        NEW.corrected_by_name := (SELECT u.name FROM access_user u WHERE u.id = lindung_actor());
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_correction_in_own_name BEFORE INSERT ON people_personcorrection FOR EACH ROW
    EXECUTE FUNCTION people_correction_in_own_name();
"""

UNDO_NAME = """
DROP TRIGGER person_correction_in_own_name ON people_personcorrection;
DROP FUNCTION people_correction_in_own_name();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_corrections")]

    operations = [
        migrations.AddField(
            model_name="personcorrection",
            name="card_seen",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(PROOF, UNDO_PROOF),
        migrations.RunSQL(NAME, UNDO_NAME),
    ]
