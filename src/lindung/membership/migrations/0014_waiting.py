"""A judged list may be withdrawn; and whom a row waits for is known without opening what is wrong with it."""

from django.db import migrations, models
from django.db.models import F, Func

ENROLLED_STAYS = """
CREATE FUNCTION membership_roster_enrolled_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'people of this list are enrolled'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'roster_enrolled_stays';
END $$;
CREATE TRIGGER roster_enrolled_stays BEFORE UPDATE OF status ON membership_roster
    FOR EACH ROW WHEN (OLD.status = 'enrolled' AND NEW.status <> 'enrolled')
    EXECUTE FUNCTION membership_roster_enrolled_stays();
GRANT UPDATE (cancelled_because) ON membership_rosterprogress TO lindung_app;
"""
UNDO_ENROLLED_STAYS = """
REVOKE UPDATE (cancelled_because) ON membership_rosterprogress FROM lindung_app;
DROP TRIGGER roster_enrolled_stays ON membership_roster;
DROP FUNCTION membership_roster_enrolled_stays();
"""

# Nobody who is asked can answer these two: there is no place left, or another list enrolled the person meanwhile.
AWAITS = """
CREATE FUNCTION membership_row_awaits(verdict text, gone boolean, problems jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN verdict <> 'to_fix' THEN verdict
                WHEN gone THEN 'gone'
                WHEN jsonb_path_exists(
                    problems, '$[*][1] ? (@ == "quota.full" || @ == "register.enrolled_meanwhile")') THEN 'office'
                ELSE verdict END
$$;
"""
UNDO_AWAITS = "DROP FUNCTION membership_row_awaits(text, boolean, jsonb);"

# Who looks after one kelurahan does not see that a newer list has the same person elsewhere. The answer is yes or no,
# and only of a row that whoever asks sees. Which lists count, and what newer means: insight/waiting_rows.py.
REPLACED = """
CREATE FUNCTION membership_row_is_replaced(list bigint, line integer) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE asked record;
BEGIN
    SELECT w.nik_index, w.twin_index, l.id, l.agreement_id, l.received_at INTO asked
      FROM membership_rosterrow w JOIN membership_roster l ON l.id = w.roster_id
     WHERE w.roster_id = list AND w.number = line
       AND lindung_sees(w.sponsor_id) AND lindung_sees_place(w.kelurahan_code);
    RETURN FOUND AND (EXISTS (
        SELECT 1 FROM membership_rosterrow n JOIN membership_roster k ON k.id = n.roster_id
         WHERE n.nik_index = asked.nik_index AND NOT n.gone AND k.agreement_id = asked.agreement_id
           AND k.status NOT IN ('cancelled', 'stopped') AND (k.received_at, k.id) > (asked.received_at, asked.id))
     OR EXISTS (
        SELECT 1 FROM membership_rosterrow n JOIN membership_roster k ON k.id = n.roster_id
         WHERE n.twin_index = asked.twin_index AND NOT n.gone AND k.agreement_id = asked.agreement_id
           AND k.status NOT IN ('cancelled', 'stopped') AND (k.received_at, k.id) > (asked.received_at, asked.id)));
END $$;
REVOKE ALL ON FUNCTION membership_row_is_replaced(bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION membership_row_is_replaced(bigint, integer) TO lindung_app;
"""
UNDO_REPLACED = "DROP FUNCTION membership_row_is_replaced(bigint, integer);"


class Migration(migrations.Migration):
    dependencies = [("membership", "0013_row_decisions")]

    operations = [
        migrations.AddField(
            model_name="rosterprogress",
            name="cancelled_because",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="why a judged list was withdrawn",
                max_length=300,
            ),
        ),
        migrations.RunSQL(ENROLLED_STAYS, UNDO_ENROLLED_STAYS),
        migrations.RunSQL(AWAITS, UNDO_AWAITS),
        migrations.AddField(
            model_name="rosterrow",
            name="awaits",
            field=models.GeneratedField(
                db_persist=True,
                expression=Func(F("verdict"), F("gone"), F("problems"), function="membership_row_awaits"),
                help_text=(
                    "the verdict, or an Awaits; the database works it out, so that nobody opens the problems to count"
                ),
                output_field=models.CharField(max_length=10),
            ),
        ),
        migrations.RunSQL(REPLACED, UNDO_REPLACED),
    ]
