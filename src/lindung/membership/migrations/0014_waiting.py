"""A judged list may be withdrawn, never one whose people are enrolled."""

from django.db import migrations, models

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
    ]
