"""Which state of a notice may follow which, held by the database; who sees and writes notices."""

from django.db import migrations

from lindung.access.row_security import WHOLE_CITY, asked_once, protected, unprotected

# A letter is printed and handed over; everything else is sent. Who looks at a notice of unknown end decides it.
STEPS = """
INSERT INTO notices_noticestep (from_state, to_state) VALUES
    ('waiting', 'sending'), ('waiting', 'no_channel'), ('waiting', 'cancelled'), ('waiting', 'printed'),
    ('no_channel', 'waiting'), ('no_channel', 'cancelled'),
    ('sending', 'sending'), ('sending', 'sent'), ('sending', 'failed'), ('sending', 'given_up'),
    ('sending', 'unknown'),
    ('failed', 'sending'), ('failed', 'no_channel'), ('failed', 'cancelled'), ('failed', 'waiting'),
    ('unknown', 'waiting'), ('unknown', 'sent'), ('unknown', 'cancelled'),
    ('given_up', 'waiting'), ('given_up', 'cancelled'),
    ('printed', 'handed_over'), ('printed', 'waiting'), ('printed', 'cancelled');
"""

TAKING_STEPS = """
CREATE FUNCTION notice_begins_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'waiting' OR NEW.attempts <> 0 THEN
        RAISE EXCEPTION 'a notice begins by waiting'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_begins_waiting';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notice_begins_waiting AFTER INSERT ON notices_notice
    FOR EACH ROW EXECUTE FUNCTION notice_begins_waiting();

CREATE FUNCTION notice_step_allowed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM notices_noticestep s WHERE s.from_state = OLD.state AND s.to_state = NEW.state) THEN
        RAISE EXCEPTION 'no step from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_step_allowed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notice_step_allowed AFTER UPDATE ON notices_notice
    FOR EACH ROW WHEN (OLD.state <> NEW.state OR OLD.attempt IS DISTINCT FROM NEW.attempt)
    EXECUTE FUNCTION notice_step_allowed();
"""
UNDO_TAKING_STEPS = """
DROP TRIGGER notice_step_allowed ON notices_notice;
DROP FUNCTION notice_step_allowed();
DROP TRIGGER notice_begins_waiting ON notices_notice;
DROP FUNCTION notice_begins_waiting();
"""

MOVING = (
    "state, not_before, attempts, attempt, lease_until, reason, reference, sent_at, printed_at, handed_over_at, "
    "handed_over_by_id, handed_over_to, changed_event_id"
)
# What is told to an officer has no kelurahan, and only who sees the whole city sees it.
IN_PLACE = "lindung_sees(sponsor_id) AND lindung_sees_place(kelurahan_code)"


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_tables"), ("access", "0013_cut_off")]

    operations = [
        migrations.RunSQL(STEPS, "DELETE FROM notices_noticestep;"),
        migrations.RunSQL(TAKING_STEPS, UNDO_TAKING_STEPS),
        protected(
            "notices_notice",
            app=f"SELECT, INSERT, UPDATE ({MOVING})",
            visible=IN_PLACE,
            adding=WHOLE_CITY,
        ),
        unprotected("notices_noticestep", app="SELECT"),
        protected("notices_noticesetting", adding=f"{WHOLE_CITY} AND set_by_id = lindung_actor()"),
        asked_once(),
    ]
