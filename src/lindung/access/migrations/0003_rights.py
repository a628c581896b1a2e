"""Which role may touch what in access, and in the tables Django and allauth bring along.

Users, organisations, appointments and sessions must be readable before a scope exists (the scope is made
from them), so they have grants and no row security. The audit trail has policies of its own: everybody adds
in her own name and reads her own events; the rest of a city's trail is for those who see the whole city.
"""

from django.db import migrations

from lindung.access.row_security import append_only, unprotected

AUDIT_VISIBLE = """actor_id = lindung_actor()
    OR (lindung_sees(sponsor_id) AND lindung_sees_place('*'))
    OR (lindung_scope() = 'users' AND sponsor_id IS NULL)
    OR lindung_scope() LIKE 'system:%'"""

# Readers add too: looking at a full NIK is an event.
AUDIT_ADDING = """actor_id IS NOT DISTINCT FROM lindung_actor()
    AND lindung_scope() <> ''
    AND (sponsor_id IS NULL OR lindung_sees(sponsor_id)
         OR lindung_scope() = 'users' OR lindung_scope() LIKE 'system:%')"""

# The same rule that audit.py applies, for whoever writes by SQL.
NO_NIK = """ALTER TABLE access_auditevent ADD CONSTRAINT audit_detail_without_nik CHECK
    ((subject || ' ' || detail::text) !~ '(^|[^0-9A-Fa-f])[0-9]{16}([^0-9A-Fa-f]|$)')"""

# Blocks of the trail are closed by transaction number; nobody slips an event into a closed one.
TXID = """
CREATE FUNCTION audit_of_this_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.txid := pg_current_xact_id();
    RETURN NEW;
END $$;
CREATE TRIGGER audit_of_this_transaction BEFORE INSERT ON access_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_of_this_transaction();
"""
UNDO_TXID = """
DROP TRIGGER audit_of_this_transaction ON access_auditevent;
DROP FUNCTION audit_of_this_transaction();
"""

CACHE = """
CREATE TABLE lindung_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX lindung_cache_by_expiry ON lindung_cache (expires);
"""

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_scope"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        unprotected(
            "access_organisation",
            app="SELECT, INSERT, UPDATE (name, branch_id, region_code)",
            loader="SELECT",
        ),
        unprotected(
            "access_user",
            app="SELECT, INSERT, UPDATE (password, last_login, name, email, is_active)",
            loader="SELECT",
        ),
        unprotected("access_appointment", app="SELECT, INSERT, UPDATE (until)"),
        unprotected("access_limitercounter", app=EVERYTHING),
        unprotected("access_signinlink", app="SELECT, INSERT, UPDATE (used_at)"),
        append_only("access_auditevent", visible=AUDIT_VISIBLE, adding=AUDIT_ADDING),
        migrations.RunSQL(TXID, UNDO_TXID),
        migrations.RunSQL(NO_NIK, "ALTER TABLE access_auditevent DROP CONSTRAINT audit_detail_without_nik"),
        unprotected("django_session", app=EVERYTHING),
        unprotected("account_emailaddress", app=EVERYTHING),
        unprotected("account_emailconfirmation", app=EVERYTHING),
        unprotected("mfa_authenticator", app=EVERYTHING),
        unprotected("django_content_type", app="SELECT"),
        unprotected("django_migrations", app="SELECT"),
        migrations.RunSQL(CACHE, "DROP TABLE lindung_cache"),
        unprotected("lindung_cache", app=EVERYTHING),
    ]
