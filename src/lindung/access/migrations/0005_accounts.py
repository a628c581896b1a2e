"""Row security on accounts: users, appointments, second factors, e-mail addresses, sessions, organisations.

A user is seen by herself and by whoever sees a city or a branch she was ever appointed at; an administrator sees the
users of her own organisations (`app.organisations`); signing in runs in a named system scope. Nothing set means
nothing seen. A session is found by its key alone (`app.session`), which the session store sets.
"""

from django.db import migrations
from django.db.migrations import RunSQL

from lindung.access.row_security import protected, unprotected

FUNCTIONS = """
-- The system's own errands that need to know people with accounts; the public check is not one of them.
CREATE FUNCTION lindung_serves_accounts() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN lindung_scope() LIKE 'system:%' AND lindung_scope() <> 'system:public_check';

CREATE FUNCTION lindung_manages(organisation bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN lindung_scope() = 'users' THEN
    coalesce(organisation = ANY (nullif(current_setting('app.organisations', true), '')::bigint[]), false)
    ELSE false END;

-- A city, its offices, and the branch that serves it, for whoever sees the city.
CREATE FUNCTION lindung_knows(organisation bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN lindung_scope() LIKE 'system:%' THEN lindung_serves_accounts()
    WHEN lindung_scope() = 'users' THEN lindung_manages(organisation)
    WHEN coalesce(current_setting('app.sponsors', true), '') = '' THEN false
    ELSE EXISTS (SELECT FROM access_organisation o WHERE o.id = organisation
            AND (lindung_sees(o.id) OR lindung_sees(o.parent_id)))
        OR EXISTS (SELECT FROM access_organisation c WHERE c.branch_id = organisation AND lindung_sees(c.id))
END;
"""
DROP_FUNCTIONS = """
DROP FUNCTION lindung_knows(bigint);
DROP FUNCTION lindung_manages(bigint);
DROP FUNCTION lindung_serves_accounts();
"""

SERVED = "lindung_serves_accounts()"
AUDIT_VISIBLE = """actor_id = lindung_actor()
    OR (lindung_sees(sponsor_id) AND lindung_sees_place('*'))
    OR (lindung_scope() = 'users' AND sponsor_id IS NULL)
    OR lindung_scope() LIKE 'system:%'"""
"""As 0003 had it, for the way back."""
OWN = "user_id = lindung_actor() OR lindung_serves_accounts()"
KNOWN_USER = f"""id = lindung_actor() OR {SERVED}
    OR EXISTS (SELECT FROM access_appointment a WHERE a.user_id = access_user.id AND lindung_knows(a.organisation_id))"""
KNOWN_APPOINTMENT = "user_id = lindung_actor() OR lindung_knows(organisation_id)"
BY_KEY = (
    "session_key = nullif(current_setting('app.session', true), '') OR lindung_scope() = 'system:maintenance'"
)
# An administrator follows what was done to accounts, and by whom of her own house; nothing else of a city's trail.
TRAIL = """ALTER POLICY lindung_app_select ON access_auditevent USING (
    actor_id = lindung_actor()
    OR (lindung_sees(sponsor_id) AND lindung_sees_place('*'))
    OR (lindung_scope() = 'users' AND (subject LIKE 'user:%' OR subject LIKE 'account_change:%')
        AND (lindung_manages(sponsor_id) OR EXISTS (
            SELECT FROM access_user u WHERE u.id = access_auditevent.actor_id)))
    OR lindung_scope() LIKE 'system:%')"""
UNDO_TRAIL = f"ALTER POLICY lindung_app_select ON access_auditevent USING ({AUDIT_VISIBLE})"
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


def walled(table: str, *, app: str, visible: str, adding: str, loader: str = "") -> RunSQL:
    """Close a table that had grants only; the way back gives it those grants again."""
    wall = protected(table, app=app, loader=loader, visible=visible, adding=adding)
    return RunSQL(wall.sql, f"{wall.reverse_sql}\n{unprotected(table, app=app, loader=loader).sql}")


class Migration(migrations.Migration):
    dependencies = [("access", "0004_once_and_drafts")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        # Names and addresses of offices are no secret, and scopes are made from them; only the system changes them.
        walled(
            "access_organisation",
            app="SELECT, INSERT, UPDATE (name, branch_id, region_code)",
            loader="SELECT",
            visible="true",
            adding=SERVED,
        ),
        walled(
            "access_user",
            app="SELECT, INSERT, UPDATE (password, last_login, name, email, is_active)",
            loader="SELECT",
            visible=KNOWN_USER,
            adding=f"id = lindung_actor() OR {SERVED}",
        ),
        walled(
            "access_appointment",
            app="SELECT, INSERT, UPDATE (until)",
            visible=KNOWN_APPOINTMENT,
            adding=SERVED,
        ),
        walled("mfa_authenticator", app=EVERYTHING, visible=OWN, adding=OWN),
        walled("account_emailaddress", app=EVERYTHING, visible=OWN, adding=OWN),
        walled("account_emailconfirmation", app=EVERYTHING, visible=SERVED, adding=SERVED),
        migrations.RunSQL(TRAIL, UNDO_TRAIL),
        walled("django_session", app=EVERYTHING, visible=BY_KEY, adding=BY_KEY),
    ]
