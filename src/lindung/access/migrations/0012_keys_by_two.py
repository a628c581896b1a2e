"""Keys of other systems are asked for by one administrator and approved by another, as every access is."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_KINDS = ["invite", "appoint", "end", "deactivate", "activate", "reset_code", "reset_password"]

# As 0008 wrote it, but that noting a use is no withdrawal; and a key is what two people agreed on, once.
TWO = """
CREATE OR REPLACE FUNCTION api_client_allowed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'revoked for good'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_client_revoked_for_good';
    END IF;
    IF TG_OP = 'INSERT' AND lindung_actor() IS DISTINCT FROM NEW.created_by_id
        OR TG_OP = 'UPDATE' AND (NEW.revoked_by_id, NEW.revoked_at) IS DISTINCT FROM (OLD.revoked_by_id, OLD.revoked_at)
            AND lindung_actor() IS DISTINCT FROM NEW.revoked_by_id THEN
        RAISE EXCEPTION 'in another name'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_client_in_own_name';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION api_client_of_an_approved_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- The builder of the example has nobody to ask.
    IF NEW.change_id IS NULL AND lindung_scope() = 'system:demo' THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM access_accountchange c WHERE c.id = NEW.change_id AND c.kind = 'api_key'
           AND c.decision = 'approved' AND c.name = NEW.name
           AND NEW.permissions <@ c.permissions AND c.permissions <@ NEW.permissions
           AND (c.user_id = NEW.user_id OR EXISTS (
                SELECT FROM access_appointment a WHERE a.user_id = NEW.user_id
                   AND a.organisation_id = c.partner_id AND a.role = 'integrator'))) THEN
        RAISE EXCEPTION 'a key is what two administrators agreed on'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_client_of_an_approved_change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER api_client_of_an_approved_change BEFORE INSERT ON access_apiclient
    FOR EACH ROW EXECUTE FUNCTION api_client_of_an_approved_change();
GRANT UPDATE (last_used_at) ON access_apiclient TO lindung_app;
"""
UNDO_TWO = """
REVOKE UPDATE (last_used_at) ON access_apiclient FROM lindung_app;
DROP TRIGGER api_client_of_an_approved_change ON access_apiclient;
DROP FUNCTION api_client_of_an_approved_change();
CREATE OR REPLACE FUNCTION api_client_allowed() RETURNS trigger
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
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0011_no_past_roles")]

    operations = [
        migrations.AddField(
            model_name="accountchange",
            name="partner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="accountchange",
            name="permissions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="apiclient",
            name="change",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="api_client",
                to="access.accountchange",
            ),
        ),
        migrations.AddField(
            model_name="apiclient", name="last_used_at", field=models.DateTimeField(null=True)
        ),
        migrations.RemoveConstraint(model_name="accountchange", name="account_change_kind_known"),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                name="account_change_kind_known", condition=Q(kind__in=[*_KINDS, "api_key"])
            ),
        ),
        migrations.RemoveConstraint(model_name="accountchange", name="account_change_names_whom"),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                name="account_change_names_whom",
                condition=Q(kind="invite", user__isnull=True, name__gt="", username__gt="")
                | Q(kind="api_key", name__gt="", username="")
                | (~Q(kind__in=["invite", "api_key"]) & Q(user__isnull=False, name="", username="")),
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                name="account_change_key_whole",
                condition=Q(kind="api_key", permissions__len__gt=0)
                & (Q(user__isnull=True, partner__isnull=False) | Q(user__isnull=False, partner__isnull=True))
                | (~Q(kind="api_key") & Q(partner__isnull=True, permissions__len=0)),
            ),
        ),
        migrations.RunSQL(TWO, UNDO_TWO),
    ]
