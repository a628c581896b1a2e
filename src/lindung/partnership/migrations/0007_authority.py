"""Who decides what: one holder of each function at a time, by an instrument, agreed by two; and the question to ask."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import protected

DECIDES = """
-- Asked by every trigger that guards a decision: security definer, so that no scope hides the answer.
CREATE FUNCTION lindung_decides_here(asked text, on_day date) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (
    SELECT 1 FROM partnership_authority a
     WHERE a.function = asked AND a.decided_by = 'here' AND a.approved_by_id IS NOT NULL
       AND a.since <= on_day AND (a.until IS NULL OR a.until > on_day));
"""

TWO_PEOPLE = """
-- Who proposes, approves and withdraws is whoever acts. An approval ends the period before it; both are then final.
CREATE FUNCTION authority_by_two_people() RETURNS trigger
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
CREATE TRIGGER authority_by_two_people BEFORE INSERT OR UPDATE ON partnership_authority
    FOR EACH ROW EXECUTE FUNCTION authority_by_two_people();
"""

UNDO = """
DROP TRIGGER authority_by_two_people ON partnership_authority;
DROP FUNCTION authority_by_two_people();
DROP FUNCTION lindung_decides_here(text, date);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0006_signatories"),
        ("access", "0008_clients"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Authority",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("function", models.CharField(max_length=24)),
                ("decided_by", models.CharField(max_length=4)),
                ("instrument_kind", models.CharField(max_length=80)),
                ("instrument_number", models.CharField(max_length=80)),
                ("instrument_on", models.DateField()),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("proposed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "function__in",
                                [
                                    "member_number",
                                    "active_status",
                                    "contribution_code",
                                    "benefit_determination",
                                    "payout",
                                    "jht_balance",
                                    "care_guarantee",
                                ],
                            )
                        ),
                        name="authority_function_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by__in", ["bpjs", "here"])),
                        name="authority_decider_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("instrument_kind", ""), _negated=True),
                            models.Q(("instrument_number", ""), _negated=True),
                        ),
                        name="authority_names_its_instrument",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"
                        ),
                        name="authority_period_runs_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="authority_approved_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="authority_approval_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(
                                ("approved_by__isnull", True),
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="authority_withdrawal_whole",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("approved_by__isnull", False)),
                        expressions=[
                            ("function", "="),
                            (
                                models.Func(
                                    models.F("since"),
                                    models.F("until"),
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="authority_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(DECIDES + TWO_PEOPLE, UNDO),
        # Of no city: whoever has signed in may know who decides. Only who manages users writes it.
        protected(
            "partnership_authority",
            app="SELECT, INSERT, UPDATE (approved_by_id, approved_at, withdrawn_by_id, withdrawn_at)",
            visible="lindung_scope() <> ''",
            adding="lindung_scope() = 'users'",
        ),
    ]
