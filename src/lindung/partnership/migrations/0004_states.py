"""The life of an agreement: a table of steps, every step in a history, and no other way to change what was submitted.

The app adds a step to the history; a trigger checks it against the table and moves the agreement. The app itself
holds no right to the state.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, protected, unprotected

EXISTING = "UPDATE partnership_agreement SET state = 'active';"

STEPS = """
INSERT INTO partnership_agreementstep (from_state, to_state, second_person, needs_reason) VALUES
    ('draft', 'draft', false, false),
    ('draft', 'in_review', false, false),
    ('in_review', 'draft', false, true),
    ('in_review', 'signed', false, false),
    ('signed', 'active', true, false),
    ('active', 'ended', false, false),
    ('active', 'terminated', false, true);
"""

KEYS = """
ALTER TABLE partnership_agreementchange ADD CONSTRAINT agreement_change_of_its_sponsors_agreement
    FOREIGN KEY (agreement_id, sponsor_id) REFERENCES partnership_agreement (id, sponsor_id);
"""
UNDO_KEYS = """
ALTER TABLE partnership_agreementchange DROP CONSTRAINT agreement_change_of_its_sponsors_agreement;
"""

# Who drafts is whoever acts, never a name passed along.
DRAFTS = """
CREATE FUNCTION agreement_drafted_by_its_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.drafted_by_id := lindung_actor();
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_drafted_by_its_actor BEFORE INSERT ON partnership_agreement
    FOR EACH ROW EXECUTE FUNCTION agreement_drafted_by_its_actor();

CREATE FUNCTION agreement_begins_as_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'an agreement begins as a draft'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_begins_as_a_draft';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER agreement_begins_as_a_draft AFTER INSERT ON partnership_agreement
    FOR EACH ROW EXECUTE FUNCTION agreement_begins_as_a_draft();

-- A step or an amendment changes the agreement from within its own trigger; anything else only while it is a draft.
CREATE FUNCTION agreement_terms_change_by_addendum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND OLD.state <> 'draft' AND to_jsonb(NEW) <> to_jsonb(OLD) THEN
        RAISE EXCEPTION 'a submitted agreement changes by steps and addenda'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_terms_change_by_addendum';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_terms_change_by_addendum BEFORE UPDATE ON partnership_agreement
    FOR EACH ROW EXECUTE FUNCTION agreement_terms_change_by_addendum();

-- A segment that comes later begins with no place; an addendum gives it its quota.
CREATE FUNCTION segment_terms_change_by_addendum() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() = 1
       AND (TG_OP = 'INSERT' AND NEW.quota > 0 OR TG_OP = 'UPDATE' AND to_jsonb(NEW) <> to_jsonb(OLD))
       AND (SELECT a.state FROM partnership_agreement a WHERE a.id = NEW.agreement_id) <> 'draft' THEN
        RAISE EXCEPTION 'the segments of a submitted agreement change by addenda'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'segment_terms_change_by_addendum';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER segment_terms_change_by_addendum AFTER INSERT OR UPDATE ON partnership_segment
    FOR EACH ROW EXECUTE FUNCTION segment_terms_change_by_addendum();
"""
UNDO_DRAFTS = """
DROP TRIGGER segment_terms_change_by_addendum ON partnership_segment;
DROP TRIGGER agreement_terms_change_by_addendum ON partnership_agreement;
DROP TRIGGER agreement_begins_as_a_draft ON partnership_agreement;
DROP TRIGGER agreement_drafted_by_its_actor ON partnership_agreement;
DROP FUNCTION segment_terms_change_by_addendum();
DROP FUNCTION agreement_terms_change_by_addendum();
DROP FUNCTION agreement_begins_as_a_draft();
DROP FUNCTION agreement_drafted_by_its_actor();
"""

TAKING_STEPS = """
-- The agreement is locked before its state is read: of two who take a step at once one finds it taken.
CREATE FUNCTION agreement_step_taken() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held partnership_agreement;
    step partnership_agreementstep;
BEGIN
    SELECT * INTO held FROM partnership_agreement a WHERE a.id = NEW.agreement_id FOR NO KEY UPDATE;
    SELECT * INTO step FROM partnership_agreementstep s
     WHERE s.from_state = NEW.from_state AND s.to_state = NEW.to_state AND s.from_state = held.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no step from % to % for this agreement', held.state, NEW.to_state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_step_allowed';
    END IF;
    IF step.needs_reason AND NEW.reason = '' THEN
        RAISE EXCEPTION 'this step says why'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_step_with_its_reason';
    END IF;
    IF step.second_person AND (NEW.by_id = held.drafted_by_id OR EXISTS (
        SELECT 1 FROM partnership_agreementchange c
         WHERE c.agreement_id = NEW.agreement_id AND c.by_id = NEW.by_id AND c.from_state = 'draft')) THEN
        RAISE EXCEPTION 'another person than the writer takes this step'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_step_by_a_second_person';
    END IF;
    IF NEW.to_state = 'signed' AND held.kind = 'sponsored' AND NOT EXISTS (
        SELECT 1 FROM partnership_paper p WHERE p.agreement_id = NEW.agreement_id AND p.kind = 'pks') THEN
        RAISE EXCEPTION 'the signed PKS is not recorded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_signed_with_its_pks';
    END IF;
    IF NEW.to_state = 'ended' AND (held.until IS NULL OR held.until > NEW."on") THEN
        RAISE EXCEPTION 'the period is not over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_ends_when_its_period_is_over';
    END IF;
    UPDATE partnership_agreement a
       SET state = NEW.to_state,
           until = CASE WHEN NEW.to_state = 'terminated' THEN least(a.until, NEW."on") ELSE a.until END
     WHERE a.id = NEW.agreement_id;
    RETURN NULL;
END $$;
CREATE TRIGGER agreement_step_taken AFTER INSERT ON partnership_agreementchange
    FOR EACH ROW EXECUTE FUNCTION agreement_step_taken();
"""
UNDO_TAKING_STEPS = """
DROP TRIGGER agreement_step_taken ON partnership_agreementchange;
DROP FUNCTION agreement_step_taken();
"""

# Who sees one kelurahan reads the agreements of the city, and writes none of them.
_WRITTEN_BY_THE_CITY = ("fundingsource", "agreement", "paper", "segment", "budget")
_CHANGED_BY_THE_CITY = ("agreement", "segment")
_BEFORE = "(lindung_sees(sponsor_id)) AND lindung_writes()"


def _policies(rule: str) -> str:
    adding = [
        f"ALTER POLICY lindung_app_insert ON partnership_{t} WITH CHECK ({rule});"
        for t in _WRITTEN_BY_THE_CITY
    ]
    changing = [
        f"ALTER POLICY lindung_app_update ON partnership_{t} USING ({rule}) WITH CHECK ({rule});"
        for t in _CHANGED_BY_THE_CITY
    ]
    return "\n".join(adding + changing)


DRAFT_COLUMNS = "title, paying_office_id, funding_source_id, programmes, monthly_income, arrears_borne_by, since, revision"
SEGMENT_COLUMNS = "label, occupation, funding_source_id"
RIGHTS = f"""
GRANT UPDATE ({DRAFT_COLUMNS}) ON partnership_agreement TO lindung_app;
GRANT UPDATE ({SEGMENT_COLUMNS}) ON partnership_segment TO lindung_app;
"""
UNDO_RIGHTS = f"""
REVOKE UPDATE ({SEGMENT_COLUMNS}) ON partnership_segment FROM lindung_app;
REVOKE UPDATE ({DRAFT_COLUMNS}) ON partnership_agreement FROM lindung_app;
"""
BY_ITS_ACTOR = f"{WHOLE_CITY} AND by_id = lindung_actor()"


class Migration(migrations.Migration):
    dependencies = [("partnership", "0003_kinds_and_sources"), ("access", "0004_once_and_drafts")]

    operations = [
        migrations.CreateModel(
            name="AgreementChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("draft", "Konsep"),
                            ("in_review", "Diperiksa"),
                            ("signed", "Ditandatangani"),
                            ("active", "Berlaku"),
                            ("ended", "Berakhir"),
                            ("terminated", "Dihentikan"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "Konsep"),
                            ("in_review", "Diperiksa"),
                            ("signed", "Ditandatangani"),
                            ("active", "Berlaku"),
                            ("ended", "Berakhir"),
                            ("terminated", "Dihentikan"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
                ("reason", models.CharField(blank=True, default="", max_length=400)),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="partnership.agreement",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.auditevent"
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "from_state__in",
                                ["draft", "in_review", "signed", "active", "ended", "terminated"],
                            ),
                            (
                                "to_state__in",
                                ["draft", "in_review", "signed", "active", "ended", "terminated"],
                            ),
                        ),
                        name="agreement_change_between_known_states",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "from_state",
                        "to_state",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("draft", "Konsep"),
                            ("in_review", "Diperiksa"),
                            ("signed", "Ditandatangani"),
                            ("active", "Berlaku"),
                            ("ended", "Berakhir"),
                            ("terminated", "Dihentikan"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "Konsep"),
                            ("in_review", "Diperiksa"),
                            ("signed", "Ditandatangani"),
                            ("active", "Berlaku"),
                            ("ended", "Berakhir"),
                            ("terminated", "Dihentikan"),
                        ],
                        max_length=10,
                    ),
                ),
                ("second_person", models.BooleanField()),
                ("needs_reason", models.BooleanField()),
            ],
        ),
        migrations.AddField(
            model_name="agreement",
            name="drafted_by",
            field=models.ForeignKey(
                editable=False,
                help_text="by the database",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="revision",
            field=models.IntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="agreement",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Konsep"),
                    ("in_review", "Diperiksa"),
                    ("signed", "Ditandatangani"),
                    ("active", "Berlaku"),
                    ("ended", "Berakhir"),
                    ("terminated", "Dihentikan"),
                ],
                db_default="draft",
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "in_review", "signed", "active", "ended", "terminated"])
                ),
                name="agreement_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["ended", "terminated"]), _negated=True),
                    ("until__isnull", False),
                    _connector="OR",
                ),
                name="agreement_over_has_an_end",
            ),
        ),
        # Agreements that are there have been enrolled into and billed: they are in force.
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
        migrations.RunSQL(STEPS, "DELETE FROM partnership_agreementstep;"),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        migrations.RunSQL(DRAFTS, UNDO_DRAFTS),
        migrations.RunSQL(TAKING_STEPS, UNDO_TAKING_STEPS),
        migrations.RunSQL(_policies(WHOLE_CITY), _policies(_BEFORE)),
        migrations.RunSQL(RIGHTS, UNDO_RIGHTS),
        unprotected("partnership_agreementstep", app="SELECT"),
        protected("partnership_agreementchange", app="SELECT, INSERT", adding=BY_ITS_ACTOR),
    ]
