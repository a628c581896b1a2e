"""What is decided here is ours on its day and on the day of writing; and no member number given here is somebody else's."""

from django.db import migrations

AUTHORITY = """
-- The day of writing: the database's own, which nobody chooses; and never before the last change of this authority,
-- where the clock of the application (LINDUNG_NOW) runs ahead of the database's.
CREATE FUNCTION lindung_authority_day(asked text) RETURNS date LANGUAGE sql VOLATILE
SECURITY DEFINER SET search_path = public, pg_temp
RETURN greatest(
    (clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date,
    (SELECT max((a.approved_at AT TIME ZONE 'Asia/Jakarta')::date)
       FROM partnership_authority a WHERE a.function = asked));

-- said_on is what the writer says: alone it would let anybody decide under an authority that is gone.
CREATE OR REPLACE FUNCTION branch_word_is_ours_to_say() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decided_by = 'here' AND NOT (
        lindung_decides_here(TG_ARGV[0], NEW.said_on)
        AND lindung_decides_here(TG_ARGV[0], lindung_authority_day(TG_ARGV[0]))) THEN
        RAISE EXCEPTION 'BPJS decides this'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_where_authority_is';
    END IF;
    RETURN NEW;
END $$;
"""

HELD_BY_ONE = """
-- Whoever was last said to have a number holds it, in whichever city. A word of BPJS is stored as it was said. Two who
-- give one number at once wait for each other.
CREATE FUNCTION member_number_is_nobody_elses() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('member_number ' || encode(NEW.kpj_index, 'hex'), 0));
    IF EXISTS (
        SELECT 1 FROM membership_membernumber held
         WHERE held.kpj_index = NEW.kpj_index AND held.person_id <> NEW.person_id AND NOT EXISTS (
               SELECT 1 FROM membership_membernumber later
                WHERE later.person_id = held.person_id AND later.kpj_index <> held.kpj_index
                  AND (later.said_on, later.id) > (held.said_on, held.id))) THEN
        RAISE EXCEPTION 'another person holds this number'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'member_number_held_by_one';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER member_number_is_nobody_elses BEFORE INSERT ON membership_membernumber
    FOR EACH ROW WHEN (NEW.decided_by = 'here') EXECUTE FUNCTION member_number_is_nobody_elses();
"""

UNDO_HELD_BY_ONE = """
DROP TRIGGER member_number_is_nobody_elses ON membership_membernumber;
DROP FUNCTION member_number_is_nobody_elses();
"""

# As 0007 had it.
UNDO = """
CREATE OR REPLACE FUNCTION branch_word_is_ours_to_say() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decided_by = 'here' AND NOT lindung_decides_here(TG_ARGV[0], NEW.said_on) THEN
        RAISE EXCEPTION 'BPJS decides this'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_where_authority_is';
    END IF;
    RETURN NEW;
END $$;
DROP FUNCTION lindung_authority_day(text);
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0017_days_that_have_come"), ("partnership", "0010_authority_from_bpjs")]

    operations = [migrations.RunSQL(AUTHORITY, UNDO), migrations.RunSQL(HELD_BY_ONE, UNDO_HELD_BY_ONE)]
