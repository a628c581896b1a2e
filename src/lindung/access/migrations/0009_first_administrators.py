"""The first administrators of a city or a branch: invited by the installation, while there is nobody who could be asked."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

# As 0006 wrote it, and one case more: nobody asks and nobody approves where there is no administrator at all.
BY_NOBODY = """
CREATE OR REPLACE FUNCTION account_change_by_two_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.decision <> '' THEN
        RAISE EXCEPTION 'this request is decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_change_decided_once';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.requested_by_id IS NULL THEN
        -- One after the other: of two who begin at once the second sees what the first has done.
        PERFORM pg_advisory_xact_lock(hashtext('access: administrators'));
        IF lindung_scope() <> 'system:maintenance' OR lindung_actor() IS NOT NULL
            OR administrators_left(NEW.organisation_id) > 0 THEN
            RAISE EXCEPTION 'only where there is no administrator yet'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'account_change_first_administrators';
        END IF;
    ELSIF TG_OP = 'INSERT' AND (NEW.requested_by_id IS DISTINCT FROM lindung_actor() OR NEW.decision <> '')
        OR TG_OP = 'UPDATE' AND NEW.decided_by_id IS DISTINCT FROM lindung_actor() THEN
        RAISE EXCEPTION 'a change is asked for and decided by the two people themselves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_change_by_two_people';
    END IF;
    NEW.decided_in := CASE WHEN TG_OP = 'UPDATE' THEN pg_current_xact_id()::text ELSE '' END;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION one_time_link_of_an_approved_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.issued_by_id IS DISTINCT FROM lindung_actor() OR NOT EXISTS (
        SELECT FROM access_accountchange c WHERE c.id = NEW.change_id AND c.decision = 'approved'
           AND c.kind IN ('invite', 'reset_password')
           AND (NEW.issued_by_id IS NOT NULL OR c.requested_by_id IS NULL)) THEN
        RAISE EXCEPTION 'a link is made for an approved change, by whoever hands it over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'one_time_link_of_an_approved_change';
    END IF;
    RETURN NEW;
END $$;
"""
UNDO_BY_NOBODY = """
CREATE OR REPLACE FUNCTION account_change_by_two_people() RETURNS trigger
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
CREATE OR REPLACE FUNCTION one_time_link_of_an_approved_change() RETURNS trigger
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
"""


def _user() -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0008_clients")]

    operations = [
        migrations.AlterField(model_name="accountchange", name="requested_by", field=_user()),
        migrations.AlterField(model_name="onetimelink", name="issued_by", field=_user()),
        migrations.RemoveConstraint(model_name="accountchange", name="account_change_decided_whole"),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                name="account_change_decided_whole",
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision__in=["approved", "declined", "lapsed"], decided_by__isnull=False)
                & Q(decided_at__isnull=False)
                | Q(requested_by__isnull=True, decision="approved", decided_by__isnull=True)
                & Q(decided_at__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                name="account_change_asked_by_somebody",
                condition=Q(requested_by__isnull=False)
                | Q(kind="invite", role="administrator", decision="approved", decided_by__isnull=True),
            ),
        ),
        migrations.RunSQL(BY_NOBODY, UNDO_BY_NOBODY),
    ]
