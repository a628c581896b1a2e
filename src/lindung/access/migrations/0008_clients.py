"""Keys of other systems, the tokens they hold, and the cities a partner serves.

Like users and appointments they are read before a scope exists (the scope is made from them), so they have
grants and no row security; what they promise is held by checks and triggers.
"""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import unprotected

_ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
_PERMISSIONS = django.contrib.postgres.fields.ArrayField(
    base_field=models.CharField(max_length=40), size=None
)

TRIGGERS = """
CREATE FUNCTION served_city_allowed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM access_organisation i, access_organisation c
         WHERE i.id = NEW.integrator_id AND i.kind = 'integrator' AND c.id = NEW.city_id AND c.kind = 'city') THEN
        RAISE EXCEPTION 'only a partner serves a city'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'served_city_of_an_integrator';
    END IF;
    IF lindung_actor() IS DISTINCT FROM
        (CASE TG_OP WHEN 'INSERT' THEN NEW.given_by_id ELSE NEW.ended_by_id END) THEN
        RAISE EXCEPTION 'in another name'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'served_city_in_own_name';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER served_city_allowed BEFORE INSERT OR UPDATE ON access_servedcity
    FOR EACH ROW EXECUTE FUNCTION served_city_allowed();

CREATE FUNCTION api_client_allowed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'revoked for good'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_client_revoked_for_good';
    END IF;
    IF lindung_actor() IS DISTINCT FROM
        (CASE TG_OP WHEN 'INSERT' THEN NEW.created_by_id ELSE NEW.revoked_by_id END) THEN
        RAISE EXCEPTION 'in another name'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_client_in_own_name';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER api_client_allowed BEFORE INSERT OR UPDATE ON access_apiclient
    FOR EACH ROW EXECUTE FUNCTION api_client_allowed();
"""
UNDO_TRIGGERS = """
DROP TRIGGER api_client_allowed ON access_apiclient;
DROP TRIGGER served_city_allowed ON access_servedcity;
DROP FUNCTION api_client_allowed();
DROP FUNCTION served_city_allowed();
"""


def _user(*, null: bool = False, related_name: str = "+") -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0007_devices")]

    operations = [
        migrations.CreateModel(
            name="ServedCity",
            fields=[
                ("id", _ID.clone()),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                ("ended_by", _user(null=True)),
                ("given_by", _user()),
                (
                    "integrator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="served",
                        to="access.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("integrator", "city"),
                        name="served_city_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="served_city_end_whole",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="ApiClient",
            fields=[
                ("id", _ID.clone()),
                ("client_id", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("permissions", _PERMISSIONS.clone()),
                ("secret_hash", models.BinaryField(max_length=32)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("created_by", _user()),
                ("revoked_by", _user(null=True)),
                ("user", _user(related_name="api_clients")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("created_by", models.F("user")), _negated=True),
                        name="api_client_made_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("permissions__len__gt", 0)), name="api_client_may_do_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="api_client_revocation_whole",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", _ID.clone()),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("permissions", _PERMISSIONS.clone()),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to="access.apiclient",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="api_token_by_expiry")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__gt", models.F("issued_at")),
                            (
                                "expires_at__lte",
                                models.expressions.CombinedExpression(
                                    models.F("issued_at"), "+", models.Value(datetime.timedelta(minutes=15))
                                ),
                            ),
                        ),
                        name="api_token_lives_a_quarter_hour",
                    )
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, UNDO_TRIGGERS),
        unprotected("access_servedcity", app="SELECT, INSERT, UPDATE (ended_by_id, ended_at)"),
        unprotected("access_apiclient", app="SELECT, INSERT, UPDATE (revoked_by_id, revoked_at)"),
        # Tokens that are over are swept away: what was done with them stands on the trail.
        unprotected("access_apitoken", app="SELECT, INSERT, UPDATE (revoked_at), DELETE"),
    ]
