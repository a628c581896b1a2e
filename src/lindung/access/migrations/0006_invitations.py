"""Changes of accounts by two persons, and the one-time links that some of them are carried out with."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import protected

# A decision notes its transaction; in that one alone the database lets the change happen, and never again.
DECIDING = """
CREATE FUNCTION account_change_by_two_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.decision <> '' THEN
        RAISE EXCEPTION 'this request is decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_change_decided_once';
    END IF;
    IF TG_OP = 'INSERT' AND (NEW.requested_by_id IS DISTINCT FROM lindung_actor() OR NEW.decision <> '')
        OR TG_OP = 'UPDATE' AND NEW.decided_by_id IS DISTINCT FROM lindung_actor() THEN
        RAISE EXCEPTION 'a change is asked for and decided by the two people themselves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_change_by_two_people';
    END IF;
    NEW.decided_in := CASE WHEN TG_OP = 'UPDATE' THEN pg_current_xact_id()::text ELSE '' END;
    RETURN NEW;
END $$;
CREATE TRIGGER account_change_by_two_people BEFORE INSERT OR UPDATE ON access_accountchange
    FOR EACH ROW EXECUTE FUNCTION account_change_by_two_people();

CREATE FUNCTION lindung_approved_now(whom bigint, VARIADIC kinds text[]) RETURNS boolean
LANGUAGE sql STABLE RETURN EXISTS (
    SELECT FROM access_accountchange c WHERE c.user_id = whom AND c.kind = ANY (kinds) AND c.decision = 'approved'
       AND c.decided_by_id = lindung_actor() AND c.decided_in = pg_current_xact_id_if_assigned()::text);

CREATE FUNCTION lindung_appointed_now(whom bigint, what text, organisation bigint, kelurahan text) RETURNS boolean
LANGUAGE sql STABLE RETURN lindung_approved_now(whom, 'appoint') AND EXISTS (
    SELECT FROM access_accountchange c WHERE c.user_id = whom AND c.kind = 'appoint' AND c.role = what
       AND c.organisation_id = organisation AND c.kelurahan_code = kelurahan
       AND c.decided_in = pg_current_xact_id_if_assigned()::text);
"""
UNDO_DECIDING = """
DROP FUNCTION lindung_appointed_now(bigint, text, bigint, text);
DROP FUNCTION lindung_approved_now(bigint, VARIADIC text[]);
DROP TRIGGER account_change_by_two_people ON access_accountchange;
DROP FUNCTION account_change_by_two_people();
"""

LINKS = """
CREATE FUNCTION one_time_link_of_an_approved_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.issued_by_id IS DISTINCT FROM lindung_actor() OR NOT EXISTS (
        SELECT FROM access_accountchange c WHERE c.id = NEW.change_id AND c.decision = 'approved'
           AND c.kind IN ('invite', 'reset_password')) THEN
        RAISE EXCEPTION 'a link is made for an approved change, by whoever hands it over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'one_time_link_of_an_approved_change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_time_link_of_an_approved_change BEFORE INSERT ON access_onetimelink
    FOR EACH ROW EXECUTE FUNCTION one_time_link_of_an_approved_change();
"""
UNDO_LINKS = """
DROP TRIGGER one_time_link_of_an_approved_change ON access_onetimelink;
DROP FUNCTION one_time_link_of_an_approved_change();
"""

# What an administrator may do to others' accounts, and only while an approval is being carried out.
CARRYING_OUT = """
CREATE POLICY carried_out_on_user ON access_user FOR UPDATE TO lindung_app
    USING (lindung_approved_now(id, 'deactivate', 'activate'))
    WITH CHECK (lindung_approved_now(id, 'deactivate', 'activate'));
CREATE POLICY carried_out_on_appointment ON access_appointment FOR UPDATE TO lindung_app
    USING (lindung_approved_now(user_id, 'end', 'appoint') AND lindung_manages(organisation_id))
    WITH CHECK (lindung_approved_now(user_id, 'end', 'appoint') AND lindung_manages(organisation_id));
CREATE POLICY carried_out_by_appointing ON access_appointment FOR INSERT TO lindung_app
    WITH CHECK (lindung_appointed_now(user_id, role, organisation_id, kelurahan_code));
CREATE POLICY seen_for_reset ON mfa_authenticator FOR SELECT TO lindung_app
    USING (lindung_approved_now(user_id, 'reset_code'));
CREATE POLICY carried_out_on_code ON mfa_authenticator FOR DELETE TO lindung_app
    USING (lindung_approved_now(user_id, 'reset_code'));

CREATE FUNCTION user_changed_by_herself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'lindung_app' AND lindung_scope() NOT LIKE 'system:%' AND
       (NEW.id IS DISTINCT FROM lindung_actor() AND (NEW.password, NEW.name, NEW.email, NEW.last_login)
            IS DISTINCT FROM (OLD.password, OLD.name, OLD.email, OLD.last_login)
        OR NEW.id = lindung_actor() AND NEW.is_active <> OLD.is_active) THEN
        RAISE EXCEPTION 'password and name are one''s own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'user_changed_by_herself';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER user_changed_by_herself BEFORE UPDATE ON access_user
    FOR EACH ROW EXECUTE FUNCTION user_changed_by_herself();

-- With fewer than two administrators nobody could approve anything any more.
CREATE FUNCTION administrators_left(organisation bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(DISTINCT a.user_id) FROM access_appointment a
      JOIN access_user u ON u.id = a.user_id JOIN access_organisation o ON o.id = a.organisation_id
     WHERE a.role = 'administrator' AND a.until IS NULL AND u.is_active AND o.id = organisation
$$;
CREATE FUNCTION two_administrators_stay() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held bigint;
BEGIN
    IF lindung_scope() LIKE 'system:%' THEN
        RETURN NULL;
    END IF;
    -- One after the other, so that of two who leave at once the second sees that the first has left.
    PERFORM pg_advisory_xact_lock(hashtext('access: administrators'));
    FOR held IN SELECT a.organisation_id FROM access_appointment a
        WHERE a.role = 'administrator' AND (TG_TABLE_NAME = 'access_appointment' AND a.id = NEW.id
           OR TG_TABLE_NAME = 'access_user' AND a.user_id = NEW.id AND a.until IS NULL)
    LOOP
        IF administrators_left(held) < 2 THEN
            RAISE EXCEPTION 'two administrators have to stay'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'two_administrators_stay';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER two_administrators_stay AFTER UPDATE ON access_appointment
    FOR EACH ROW WHEN (OLD.until IS NULL AND NEW.until IS NOT NULL) EXECUTE FUNCTION two_administrators_stay();
CREATE TRIGGER two_administrators_stay AFTER UPDATE ON access_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION two_administrators_stay();
"""
UNDO_CARRYING_OUT = """
DROP TRIGGER two_administrators_stay ON access_user;
DROP TRIGGER two_administrators_stay ON access_appointment;
DROP FUNCTION two_administrators_stay();
DROP FUNCTION administrators_left(bigint);
DROP TRIGGER user_changed_by_herself ON access_user;
DROP FUNCTION user_changed_by_herself();
DROP POLICY carried_out_on_code ON mfa_authenticator;
DROP POLICY seen_for_reset ON mfa_authenticator;
DROP POLICY carried_out_by_appointing ON access_appointment;
DROP POLICY carried_out_on_appointment ON access_appointment;
DROP POLICY carried_out_on_user ON access_user;
"""

MANAGED = "lindung_manages(organisation_id) OR lindung_serves_accounts()"
OF_MANAGED_CHANGE = """lindung_serves_accounts() OR EXISTS (
    SELECT FROM access_accountchange c WHERE c.id = change_id AND lindung_manages(c.organisation_id))"""


class Migration(migrations.Migration):
    dependencies = [("access", "0005_accounts")]

    operations = [
        migrations.CreateModel(
            name="AccountChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("name", models.CharField(blank=True, default="", max_length=120)),
                ("username", models.CharField(blank=True, default="", max_length=60)),
                ("role", models.CharField(blank=True, default="", max_length=24)),
                ("kelurahan_code", models.CharField(blank=True, default="", max_length=13)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("requested_at", models.DateTimeField()),
                ("decision", models.CharField(blank=True, default="", max_length=10)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_in", models.CharField(blank=True, default="", editable=False, max_length=20)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OneTimeLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="access.accountchange",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="accountchange",
            index=models.Index(
                condition=models.Q(("decision", "")), fields=["requested_at"], name="account_change_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "invite",
                            "appoint",
                            "end",
                            "deactivate",
                            "activate",
                            "reset_code",
                            "reset_password",
                        ],
                    )
                ),
                name="account_change_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "invite"), ("name__gt", ""), ("user__isnull", True), ("username__gt", "")
                    ),
                    models.Q(
                        models.Q(("kind", "invite"), _negated=True),
                        ("name", ""),
                        ("user__isnull", False),
                        ("username", ""),
                    ),
                    _connector="OR",
                ),
                name="account_change_names_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ("invite", "appoint")), ("role__gt", "")),
                    models.Q(models.Q(("kind__in", ("invite", "appoint")), _negated=True), ("role", "")),
                    _connector="OR",
                ),
                name="account_change_role_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kelurahan_code__gt", ""), ("role", "kelurahan_operator")),
                    models.Q(models.Q(("role", "kelurahan_operator"), _negated=True), ("kelurahan_code", "")),
                    _connector="OR",
                ),
                name="account_change_operator_has_a_kelurahan",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__gt", "")), name="account_change_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("decision", "")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("decision__in", ["approved", "declined", "lapsed"]),
                    ),
                    _connector="OR",
                ),
                name="account_change_decided_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "approved"), _negated=True),
                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                    _connector="OR",
                ),
                name="account_change_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("user__isnull", True),
                    models.Q(
                        models.Q(("user", models.F("requested_by")), _negated=True),
                        models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("user", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="account_change_not_for_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "approved"), _negated=True),
                    models.Q(
                        ("decided_at__gte", models.F("requested_at")),
                        (
                            "decided_at__lt",
                            django.db.models.expressions.CombinedExpression(
                                models.F("requested_at"), "+", models.Value(datetime.timedelta(days=7))
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="account_change_in_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", "")), fields=("user", "kind"), name="account_change_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", ""), ("kind", "invite")),
                fields=("username",),
                name="account_change_one_invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="onetimelink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True), ("used_at__isnull", True)),
                fields=("change",),
                name="one_time_link_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="onetimelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("used_at__isnull", True), ("revoked_at__isnull", True), _connector="OR"),
                name="one_time_link_used_or_revoked",
            ),
        ),
        migrations.AddConstraint(
            model_name="onetimelink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_at__gt", models.F("issued_at")),
                    (
                        "expires_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("issued_at"), "+", models.Value(datetime.timedelta(days=3))
                        ),
                    ),
                ),
                name="one_time_link_for_three_days",
            ),
        ),
        protected(
            "access_accountchange",
            app="SELECT, INSERT, UPDATE (decision, decided_by_id, decided_at)",
            visible=MANAGED,
            adding=MANAGED,
        ),
        protected(
            "access_onetimelink",
            app="SELECT, INSERT, UPDATE (used_at, revoked_at)",
            visible=OF_MANAGED_CHANGE,
            adding=OF_MANAGED_CHANGE,
        ),
        migrations.RunSQL(DECIDING, UNDO_DECIDING),
        migrations.RunSQL(LINKS, UNDO_LINKS),
        migrations.RunSQL(CARRYING_OUT, UNDO_CARRYING_OUT),
    ]
