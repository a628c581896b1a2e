"""Joining and leaving month by month, with who, when and why; two BPU works at a time, not in a lifetime."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import protected

SLOTS = """
UPDATE membership_membership m SET slot = w.slot FROM membership_work w WHERE w.id = m.work_id AND w.slot <> 1;
"""

WHOLE_KEYS = """
ALTER TABLE membership_memberchange ADD CONSTRAINT member_change_of_its_membership
    FOREIGN KEY (membership_id, sponsor_id) REFERENCES membership_membership (id, sponsor_id);
"""

UNDO_WHOLE_KEYS = "ALTER TABLE membership_memberchange DROP CONSTRAINT member_change_of_its_membership;"

RULES = """
-- A wage earner's work goes with its unit's agreement and takes no slot; a BPU work goes with any other and takes one.
CREATE FUNCTION membership_fits_its_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added a
                 JOIN membership_work w ON w.id = a.work_id
                 JOIN partnership_agreement g ON g.id = a.agreement_id
                 LEFT JOIN membership_employerunit u ON u.agreement_id = a.agreement_id
                WHERE (g.kind = 'employer') <> (w.kind = 'employer_unit')
                   OR w.unit_id IS DISTINCT FROM u.id OR (a.slot IS NULL) <> (w.kind = 'employer_unit')) THEN
        RAISE EXCEPTION 'the work does not fit the agreement'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_fits_its_agreement';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER membership_fits_its_agreement AFTER INSERT ON membership_membership
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION membership_fits_its_agreement();

CREATE CONSTRAINT TRIGGER membership_has_its_wage AFTER INSERT ON membership_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.slot IS NULL) EXECUTE FUNCTION membership_has_its_wage();

-- Nobody's cover ends without a word about why, in the same transaction, by whoever acts.
CREATE FUNCTION membership_end_has_its_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT m.until FROM membership_membership m WHERE m.id = NEW.id)
       IS DISTINCT FROM (SELECT c.until_after FROM membership_memberchange c
                          WHERE c.membership_id = NEW.id AND c.kind IN ('leave', 'undo')
                          ORDER BY c.id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'an end without its change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_end_has_its_change';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER membership_end_has_its_change AFTER UPDATE OF until ON membership_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.until IS DISTINCT FROM NEW.until)
    EXECUTE FUNCTION membership_end_has_its_change();

CREATE FUNCTION member_change_by_who_acts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.by_id IS DISTINCT FROM lindung_actor() THEN
        RAISE EXCEPTION 'a change is recorded by whoever acts'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'member_change_by_who_acts';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER member_change_by_who_acts BEFORE INSERT ON membership_memberchange
    FOR EACH ROW EXECUTE FUNCTION member_change_by_who_acts();
"""

UNDO_RULES = """
DROP TRIGGER member_change_by_who_acts ON membership_memberchange;
DROP TRIGGER membership_end_has_its_change ON membership_membership;
DROP TRIGGER membership_has_its_wage ON membership_membership;
DROP TRIGGER membership_fits_its_agreement ON membership_membership;
DROP FUNCTION member_change_by_who_acts();
DROP FUNCTION membership_end_has_its_change();
DROP FUNCTION membership_fits_its_agreement();
"""

# The loader alone ends a membership, as it alone begins one.
ENDING = """
GRANT UPDATE (until) ON membership_membership TO lindung_loader;
CREATE POLICY lindung_loader_update ON membership_membership FOR UPDATE TO lindung_loader
    USING (lindung_sees(sponsor_id) AND lindung_sees_place(kelurahan_code) AND lindung_writes())
    WITH CHECK (lindung_sees(sponsor_id) AND lindung_sees_place(kelurahan_code) AND lindung_writes());
"""

UNDO_ENDING = """
DROP POLICY lindung_loader_update ON membership_membership;
REVOKE UPDATE (until) ON membership_membership FROM lindung_loader;
"""

OF_A_MEMBERSHIP = """
    lindung_sees(sponsor_id)
    AND (lindung_sees_place('*') OR EXISTS (SELECT 1 FROM membership_membership m WHERE m.id = membership_id))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0003_employers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="slot",
            field=models.SmallIntegerField(db_default=1, default=1, null=True),
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_period_runs_forward",
        ),
        migrations.RemoveConstraint(
            model_name="work",
            name="work_bpu_at_most_two",
        ),
        migrations.RemoveConstraint(
            model_name="work",
            name="work_slot_once_per_person",
        ),
        migrations.RunSQL(SLOTS, migrations.RunSQL.noop),
        migrations.AlterField(model_name="work", name="slot", field=models.SmallIntegerField(default=1)),
        migrations.RemoveField(
            model_name="work",
            name="slot",
        ),
        migrations.CreateModel(
            name="MemberChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("join", "Masuk"),
                            ("leave", "Keluar"),
                            ("wage", "Upah berubah"),
                            ("undo", "Dibatalkan"),
                        ],
                        max_length=5,
                    ),
                ),
                ("month", models.DateField()),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("moved", "Pindah"),
                            ("work_ended", "Berhenti bekerja"),
                            ("died", "Meninggal"),
                            ("other_sponsor", "Dibayari pihak lain"),
                            ("holder_changed", "Jabatan diganti orang lain"),
                        ],
                        max_length=20,
                    ),
                ),
                ("until_before", models.DateField(null=True)),
                ("until_after", models.DateField(null=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="membership_period_runs_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot__isnull", True), ("slot__in", (1, 2)), _connector="OR"),
                name="membership_slot_is_one_of_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("slot__isnull", False)),
                expressions=[
                    ("person", "="),
                    ("slot", "="),
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
                name="membership_two_works_at_a_time",
            ),
        ),
        migrations.AddField(
            model_name="memberchange",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="memberchange",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.auditevent",
            ),
        ),
        migrations.AddField(
            model_name="memberchange",
            name="membership",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="membership.membership",
            ),
        ),
        migrations.AddField(
            model_name="memberchange",
            name="sponsor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="memberchange",
            name="undoes",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="membership.memberchange",
            ),
        ),
        migrations.AddField(
            model_name="memberchange",
            name="wage",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="membership.wage",
            ),
        ),
        migrations.AddConstraint(
            model_name="memberchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["join", "leave", "wage", "undo"])),
                name="member_change_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="memberchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="member_change_month_is_a_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="memberchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "leave"),
                        ("reason__in", ["moved", "work_ended", "died", "other_sponsor", "holder_changed"]),
                    ),
                    models.Q(models.Q(("kind", "leave"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="member_change_leave_has_its_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="memberchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "undo"), ("undoes__isnull", False)),
                    models.Q(models.Q(("kind", "undo"), _negated=True), ("undoes__isnull", True)),
                    _connector="OR",
                ),
                name="member_change_undo_names_what",
            ),
        ),
        migrations.RunSQL(WHOLE_KEYS, UNDO_WHOLE_KEYS),
        migrations.RunSQL(RULES, UNDO_RULES),
        migrations.RunSQL(ENDING, UNDO_ENDING),
        protected("membership_memberchange", app="SELECT", loader="SELECT, INSERT", visible=OF_A_MEMBERSHIP),
    ]
