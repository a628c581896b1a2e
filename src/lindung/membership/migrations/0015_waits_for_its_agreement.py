"""Whoever is taken back into an agreement and whoever ends it wait for each other, so that the second sees the first."""

from django.db import migrations

# What is renamed gives the first day after the last month, and was called the last day.
_RENAMED = "ALTER FUNCTION {was}(date) RENAME TO {day_after};"
_RULES = """
CREATE OR REPLACE FUNCTION agreement_over_leaves_no_member() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnership_agreement a JOIN membership_membership m ON m.agreement_id = a.id
                WHERE a.id = NEW.agreement_id AND a.state IN ('ended', 'terminated')
                  AND (m.until IS NULL OR m.until > greatest(m.since, {day_after}(a.until)))) THEN
        RAISE EXCEPTION 'an agreement that is over has members'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_over_leaves_no_member';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION membership_not_beyond_its_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    {lock}
    IF EXISTS (SELECT 1 FROM partnership_agreement a
                WHERE a.id = NEW.agreement_id AND a.state IN ('ended', 'terminated')
                  AND (NEW.until IS NULL OR NEW.until > greatest(NEW.since, {day_after}(a.until)))) THEN
        RAISE EXCEPTION 'the agreement is over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_not_beyond_its_agreement';
    END IF;
    RETURN NULL;
END $$;
"""
_WAITING = "PERFORM 1 FROM partnership_agreement a WHERE a.id = NEW.agreement_id FOR SHARE;"
_OLD, _NEW = "agreement_last_day", "agreement_day_after_last_month"
DO = (_RENAMED + _RULES).format(was=_OLD, day_after=_NEW, lock=_WAITING)
UNDO = (_RENAMED + _RULES).format(was=_NEW, day_after=_OLD, lock="")


class Migration(migrations.Migration):
    dependencies = [("membership", "0014_waiting")]

    operations = [migrations.RunSQL(DO, UNDO)]
