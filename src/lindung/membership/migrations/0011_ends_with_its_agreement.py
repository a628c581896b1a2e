"""A membership ends with its agreement, at the latest: nobody stays a member of an agreement that is over."""

from django.db import migrations, models

# Months are whole: who is a member of a month that the agreement reaches into is one until the month is over.
RULES = """
CREATE FUNCTION agreement_last_day(until date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
SELECT (date_trunc('month', until - 1) + interval '1 month')::date
$$;

CREATE FUNCTION agreement_over_leaves_no_member() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnership_agreement a JOIN membership_membership m ON m.agreement_id = a.id
                WHERE a.id = NEW.agreement_id AND a.state IN ('ended', 'terminated')
                  AND (m.until IS NULL OR m.until > greatest(m.since, agreement_last_day(a.until)))) THEN
        RAISE EXCEPTION 'an agreement that is over has members'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_over_leaves_no_member';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agreement_over_leaves_no_member AFTER INSERT ON partnership_agreementchange
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.to_state IN ('ended', 'terminated'))
    EXECUTE FUNCTION agreement_over_leaves_no_member();

CREATE FUNCTION membership_not_beyond_its_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnership_agreement a
                WHERE a.id = NEW.agreement_id AND a.state IN ('ended', 'terminated')
                  AND (NEW.until IS NULL OR NEW.until > greatest(NEW.since, agreement_last_day(a.until)))) THEN
        RAISE EXCEPTION 'the agreement is over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_not_beyond_its_agreement';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER membership_not_beyond_its_agreement AFTER UPDATE OF until ON membership_membership
    FOR EACH ROW WHEN (NEW.until IS NULL OR NEW.until > OLD.until)
    EXECUTE FUNCTION membership_not_beyond_its_agreement();
"""
UNDO_RULES = """
DROP TRIGGER membership_not_beyond_its_agreement ON membership_membership;
DROP TRIGGER agreement_over_leaves_no_member ON partnership_agreementchange;
DROP FUNCTION membership_not_beyond_its_agreement();
DROP FUNCTION agreement_over_leaves_no_member();
DROP FUNCTION agreement_last_day(date);
"""
REASONS = [
    ("moved", "Pindah"),
    ("work_ended", "Berhenti bekerja"),
    ("died", "Meninggal"),
    ("other_sponsor", "Dibayari pihak lain"),
    ("holder_changed", "Jabatan diganti orang lain"),
    ("agreement_over", "Kerja samanya berakhir"),
]


class Migration(migrations.Migration):
    dependencies = [("membership", "0010_quota_floor")]

    operations = [
        migrations.AlterField(
            model_name="memberchange",
            name="reason",
            field=models.CharField(blank=True, choices=REASONS, max_length=20),
        ),
        migrations.RemoveConstraint(model_name="memberchange", name="member_change_leave_has_its_reason"),
        migrations.AddConstraint(
            model_name="memberchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "leave"), ("reason__in", [value for value, _ in REASONS])),
                    models.Q(models.Q(("kind", "leave"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="member_change_leave_has_its_reason",
            ),
        ),
        migrations.RunSQL(RULES, UNDO_RULES),
    ]
