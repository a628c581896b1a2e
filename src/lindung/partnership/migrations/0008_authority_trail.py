"""Who decides what concerns every city alike: administrators and whoever sees a whole city follow what was done about it."""

from django.db import migrations

# Such an event belongs to no city, so that the rules on cities hide it; it names nobody but who acted.
FOLLOWED = """
CREATE POLICY authority_is_followed ON access_auditevent FOR SELECT TO lindung_app
    USING (subject LIKE 'authority:%' AND (lindung_scope() = 'users' OR lindung_sees_place('*')));
"""
UNDO = "DROP POLICY authority_is_followed ON access_auditevent;"


class Migration(migrations.Migration):
    dependencies = [("partnership", "0007_authority"), ("access", "0005_accounts")]

    operations = [migrations.RunSQL(FOLLOWED, UNDO)]
