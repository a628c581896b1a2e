"""What BPJS decides leaves it only by its own administrator, by a paper that is signed; and who agreed is named to all."""

import django.contrib.postgres.constraints
from django.db import migrations, models

GIVES = """
-- Asked for the day of an approval: does this person administer accounts at BPJS then.
CREATE FUNCTION lindung_gives_authority(who bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (
    SELECT 1 FROM access_appointment a JOIN access_organisation o ON o.id = a.organisation_id
     WHERE a.user_id = who AND a.role = 'administrator' AND o.kind = 'branch'
       AND a.since <= on_day AND (a.until IS NULL OR a.until > on_day));
"""

TWO_PEOPLE = """
-- Who proposes, approves and withdraws is whoever acts, and is named. An approval ends the period before it; both are
-- then final.
CREATE OR REPLACE FUNCTION authority_by_two_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE acting text;
BEGIN
    IF pg_trigger_depth() > 1 THEN RETURN NEW; END IF;
    acting := coalesce((SELECT u.name FROM access_user u WHERE u.id = lindung_actor()), '');
    IF TG_OP = 'INSERT' AND NEW.approved_by_id IS NULL AND NEW.withdrawn_by_id IS NULL
       AND NEW.proposed_by_id = lindung_actor() THEN
        NEW.proposed_by_name := acting;
        PERFORM authority_dated(NEW.instrument_on, NEW.since, NEW.proposed_at);
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.approved_by_id IS NULL AND OLD.withdrawn_by_id IS NULL THEN
        IF NEW.withdrawn_by_id = lindung_actor() AND NEW.approved_by_id IS NULL THEN
            NEW.withdrawn_by_name := acting;
            RETURN NEW;
        END IF;
        IF NEW.approved_by_id = lindung_actor() AND NEW.withdrawn_by_id IS NULL THEN
            NEW.approved_by_name := acting;
            PERFORM authority_dated(NEW.instrument_on, NEW.since, NEW.approved_at);
            IF NEW.approved_by_id <> NEW.proposed_by_id THEN
                -- What BPJS decides is BPJS's to give. Without its time the approval is refused by its own rule.
                IF NEW.decided_by <> 'bpjs' AND NEW.approved_at IS NOT NULL AND NOT lindung_gives_authority(
                    NEW.approved_by_id, (NEW.approved_at AT TIME ZONE 'Asia/Jakarta')::date) THEN
                    RAISE EXCEPTION 'an administrator of BPJS approves what leaves BPJS'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'authority_given_by_bpjs';
                END IF;
                UPDATE partnership_authority a SET until = NEW.since
                 WHERE a.function = NEW.function AND a.approved_by_id IS NOT NULL AND a.since < NEW.since
                   AND (a.until IS NULL OR a.until > NEW.since);
            END IF;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'an authority is proposed and approved by the two people themselves'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'authority_approved_by_a_second_person';
END $$;
"""

DATED = """
CREATE FUNCTION authority_dated(instrument_on date, since date, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF instrument_on > (at AT TIME ZONE 'Asia/Jakarta')::date THEN
        RAISE EXCEPTION 'an instrument is signed before it is recorded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'authority_instrument_signed_by_then';
    END IF;
    IF since < instrument_on THEN
        RAISE EXCEPTION 'an authority begins with its instrument'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'authority_begins_with_its_instrument';
    END IF;
END $$;
"""

# As 0007 had it.
TWO_PEOPLE_BEFORE = """
CREATE OR REPLACE FUNCTION authority_by_two_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN RETURN NEW; END IF;
    IF TG_OP = 'INSERT' AND NEW.approved_by_id IS NULL AND NEW.withdrawn_by_id IS NULL
       AND NEW.proposed_by_id = lindung_actor() THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.approved_by_id IS NULL AND OLD.withdrawn_by_id IS NULL THEN
        IF NEW.withdrawn_by_id = lindung_actor() AND NEW.approved_by_id IS NULL THEN RETURN NEW; END IF;
        IF NEW.approved_by_id = lindung_actor() AND NEW.withdrawn_by_id IS NULL THEN
            IF NEW.approved_by_id <> NEW.proposed_by_id THEN
                UPDATE partnership_authority a SET until = NEW.since
                 WHERE a.function = NEW.function AND a.approved_by_id IS NOT NULL AND a.since < NEW.since
                   AND (a.until IS NULL OR a.until > NEW.since);
            END IF;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'an authority is proposed and approved by the two people themselves'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'authority_approved_by_a_second_person';
END $$;
"""
UNDO = f"""
{TWO_PEOPLE_BEFORE}
DROP FUNCTION authority_dated(date, date, timestamptz);
DROP FUNCTION lindung_gives_authority(bigint, date);
"""

NAMES = """
ALTER TABLE partnership_authority DISABLE TRIGGER authority_by_two_people;
UPDATE partnership_authority a
   SET proposed_by_name = coalesce((SELECT u.name FROM access_user u WHERE u.id = a.proposed_by_id), ''),
       approved_by_name = coalesce((SELECT u.name FROM access_user u WHERE u.id = a.approved_by_id), ''),
       withdrawn_by_name = coalesce((SELECT u.name FROM access_user u WHERE u.id = a.withdrawn_by_id), '');
ALTER TABLE partnership_authority ENABLE TRIGGER authority_by_two_people;
"""


def _named(field: str) -> migrations.AddField:
    return migrations.AddField(
        model_name="authority",
        name=field,
        field=models.CharField(
            blank=True, db_default="", default="", help_text="by the database", max_length=120
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("partnership", "0009_paper_dates")]

    operations = [
        _named("proposed_by_name"),
        _named("approved_by_name"),
        _named("withdrawn_by_name"),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="authority",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("withdrawn_by__isnull", True)),
                expressions=[("instrument_kind", "="), ("instrument_number", "="), ("instrument_on", "<>")],
                name="authority_instrument_has_one_date",
            ),
        ),
        migrations.RunSQL(GIVES + DATED + TWO_PEOPLE, UNDO),
    ]
