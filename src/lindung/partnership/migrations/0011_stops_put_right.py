"""A stop that was recorded with a wrong date is put right by somebody else than who stopped; the first end is kept."""

from django.db import migrations, models

STEPS = """
INSERT INTO partnership_agreementstep (from_state, to_state, second_person, needs_reason)
    VALUES ('terminated', 'terminated', false, true);
"""
UNDO_STEPS = """
DELETE FROM partnership_agreementstep WHERE from_state = 'terminated';
"""

# What the agreement said before it was stopped is kept with the stop: no later day may go beyond it.
KEPT = """
CREATE FUNCTION agreement_change_keeps_the_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM partnership_agreement a WHERE a.id = NEW.agreement_id FOR NO KEY UPDATE;
    IF NEW.from_state = 'terminated' THEN
        SELECT c.until_before INTO NEW.until_before FROM partnership_agreementchange c
         WHERE c.agreement_id = NEW.agreement_id AND c.to_state = 'terminated' ORDER BY c.id DESC LIMIT 1;
    ELSE
        SELECT a.until INTO NEW.until_before FROM partnership_agreement a WHERE a.id = NEW.agreement_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_change_keeps_the_end BEFORE INSERT ON partnership_agreementchange
    FOR EACH ROW WHEN (NEW.to_state = 'terminated') EXECUTE FUNCTION agreement_change_keeps_the_end();

-- The step taken before it (triggers run by name) knows an earlier day only; the day that was put right is set here.
CREATE FUNCTION agreement_stop_corrected_by_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.by_id = (SELECT c.by_id FROM partnership_agreementchange c
                     WHERE c.agreement_id = NEW.agreement_id AND c.to_state = 'terminated' AND c.id < NEW.id
                     ORDER BY c.id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'another person than who stopped it corrects the day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_stop_corrected_by_another';
    END IF;
    UPDATE partnership_agreement a SET until = least(NEW.until_before, NEW."on")
     WHERE a.id = NEW.agreement_id AND a.state = 'terminated';
    RETURN NULL;
END $$;
CREATE TRIGGER agreement_stop_corrected_by_another AFTER INSERT ON partnership_agreementchange
    FOR EACH ROW WHEN (NEW.from_state = 'terminated') EXECUTE FUNCTION agreement_stop_corrected_by_another();
"""
UNDO_KEPT = """
DROP TRIGGER agreement_stop_corrected_by_another ON partnership_agreementchange;
DROP TRIGGER agreement_change_keeps_the_end ON partnership_agreementchange;
DROP FUNCTION agreement_stop_corrected_by_another();
DROP FUNCTION agreement_change_keeps_the_end();
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0010_authority_from_bpjs")]

    operations = [
        migrations.AddField(
            model_name="agreementchange",
            name="until_before",
            field=models.DateField(editable=False, help_text="by the database", null=True),
        ),
        migrations.RunSQL(STEPS, UNDO_STEPS),
        migrations.RunSQL(KEPT, UNDO_KEPT),
    ]
