"""An addendum takes no place away from somebody who holds it."""

from django.db import migrations

# Counted are those who hold a place when the addendum begins to hold, or later. The segment is locked by the
# amendment that has just changed it (triggers run by name), so that nobody is enrolled meanwhile.
FLOOR = """
CREATE FUNCTION quota_not_below_its_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM partnership_segment s WHERE s.id = NEW.segment_id FOR UPDATE;
    IF NEW.quota_is < (SELECT count(*)
                         FROM membership_membership m JOIN partnership_paper p ON p.id = NEW.paper_id
                        WHERE m.segment_id = NEW.segment_id
                          AND (m.until IS NULL OR m.until > greatest(m.since, coalesce(p.since, p.signed_on)))) THEN
        RAISE EXCEPTION 'more people than the new quota are members'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quota_not_below_its_members';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER quota_not_below_its_members AFTER INSERT ON partnership_amendment
    FOR EACH ROW WHEN (NEW.quota_is < NEW.quota_was) EXECUTE FUNCTION quota_not_below_its_members();
"""
UNDO_FLOOR = """
DROP TRIGGER quota_not_below_its_members ON partnership_amendment;
DROP FUNCTION quota_not_below_its_members();
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0009_wage_columns"), ("partnership", "0008_authority_trail")]

    operations = [migrations.RunSQL(FLOOR, UNDO_FLOOR)]
