"""Who may touch rosters, works and memberships; and the quota, which no enrolment can exceed."""

from django.db import migrations

from lindung.access.row_security import protected

QUOTA = """
-- Locks the segments it counts, so that two enrolments cannot both take the last place.
CREATE FUNCTION membership_within_quota() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM partnership_segment s
      WHERE s.id IN (SELECT segment_id FROM added) ORDER BY s.id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM partnership_segment s
         WHERE s.id IN (SELECT segment_id FROM added)
           AND s.quota < (SELECT count(*) FROM membership_membership m
                           WHERE m.segment_id = s.id
                             AND (m.until IS NULL OR m.until > (SELECT min(since) FROM added)))) THEN
        RAISE EXCEPTION 'the quota of the segment is exceeded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_within_quota';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER membership_within_quota AFTER INSERT ON membership_membership
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION membership_within_quota();
"""

UNDO = """
DROP TRIGGER membership_within_quota ON membership_membership;
DROP FUNCTION membership_within_quota();
"""

# A work is seen by whoever sees its person; the inner table brings its own row security.
WORK = "lindung_sees(NULL) OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
PLACED = "lindung_sees(sponsor_id) AND lindung_sees_place(kelurahan_code)"


class Migration(migrations.Migration):
    dependencies = [("membership", "0001_tables"), ("people", "0002_rights"), ("partnership", "0002_rights")]

    operations = [
        migrations.RunSQL(QUOTA, UNDO),
        protected("membership_roster", app="SELECT, INSERT, UPDATE (status, headers, fields)"),
        protected(
            "membership_rosterrow",
            app="SELECT, INSERT",
            loader="SELECT, UPDATE (verdict, problems, person_id)",
            visible=PLACED,
        ),
        protected("membership_work", app="SELECT", loader="SELECT, INSERT", visible=WORK),
        protected("membership_membership", app="SELECT", loader="SELECT, INSERT", visible=PLACED),
    ]
