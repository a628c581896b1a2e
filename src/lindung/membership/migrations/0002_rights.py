"""Who may touch rosters, works and memberships; and the quota, which no enrolment can exceed.

Row security hangs on `sponsor_id`: a row carries the sponsor of the agreement it belongs to, and a membership the
person of its work, because the foreign keys take those columns together. One such key is also cheaper than three.
"""

from django.db import migrations

from lindung.access.row_security import WHOLE_CITY, protected

WHOLE_KEYS = """
CREATE UNIQUE INDEX roster_and_sponsor ON membership_roster (id, sponsor_id);
CREATE UNIQUE INDEX work_and_person ON membership_work (id, person_id);
CREATE UNIQUE INDEX membership_whole ON membership_membership (id, work_id, person_id, sponsor_id);
ALTER TABLE membership_roster ADD CONSTRAINT roster_of_its_sponsors_segment
    FOREIGN KEY (segment_id, agreement_id, sponsor_id)
    REFERENCES partnership_segment (id, agreement_id, sponsor_id);
ALTER TABLE membership_rosterrow ADD CONSTRAINT roster_row_of_its_sponsors_roster
    FOREIGN KEY (roster_id, sponsor_id) REFERENCES membership_roster (id, sponsor_id);
ALTER TABLE membership_membership
    ADD CONSTRAINT membership_of_its_persons_work
        FOREIGN KEY (work_id, person_id) REFERENCES membership_work (id, person_id),
    ADD CONSTRAINT membership_of_its_sponsors_segment
        FOREIGN KEY (segment_id, agreement_id, sponsor_id)
        REFERENCES partnership_segment (id, agreement_id, sponsor_id);
"""

UNDO_WHOLE_KEYS = """
ALTER TABLE membership_membership DROP CONSTRAINT membership_of_its_sponsors_segment,
    DROP CONSTRAINT membership_of_its_persons_work;
ALTER TABLE membership_rosterrow DROP CONSTRAINT roster_row_of_its_sponsors_roster;
ALTER TABLE membership_roster DROP CONSTRAINT roster_of_its_sponsors_segment;
DROP INDEX membership_whole, work_and_person, roster_and_sponsor;
"""

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
        migrations.RunSQL(WHOLE_KEYS, UNDO_WHOLE_KEYS),
        migrations.RunSQL(QUOTA, UNDO),
        protected(
            "membership_roster", app="SELECT, INSERT, UPDATE (status, headers, fields)", adding=WHOLE_CITY
        ),
        protected(
            "membership_rosterrow",
            app="SELECT, INSERT",
            loader="SELECT, UPDATE (verdict, problems, person_id)",
            visible=PLACED,
        ),
        protected("membership_work", app="SELECT", loader="SELECT, INSERT", visible=WORK),
        protected("membership_membership", app="SELECT", loader="SELECT, INSERT", visible=PLACED),
    ]
