"""What is decided here was ours to decide on its day, and is still ours on the day on which it is written."""

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
    dependencies = [("membership", "0012_same_person"), ("partnership", "0010_authority_from_bpjs")]

    operations = [migrations.RunSQL(AUTHORITY, UNDO)]
