"""People who pay for themselves: the income they declare, their payment code, and cover that goes on from another payer."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from lindung.access.row_security import asked_once, protected

# Damm's check digit finds every wrong digit and every swap of two neighbours. Neither sees a row, so that a constraint
# may ask it. A new code takes its digits from a random UUID and from nothing about the person.
CODES = """
CREATE FUNCTION own_code_remainder(digits text) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    steps constant text := '0317598642' || '7092154863' || '4206871359' || '1750983426' || '6123045978'
                        || '3674209581' || '5869720134' || '8945362017' || '9438617205' || '2581436790';
    reached int := 0;
BEGIN
    FOR place IN 1..length(digits) LOOP
        reached := substr(steps, reached * 10 + substr(digits, place, 1)::int + 1, 1)::int;
    END LOOP;
    RETURN reached;
END $$;

CREATE FUNCTION own_code_holds(code text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN code ~ '^[1-9][0-9]{11}$' AND own_code_remainder(code) = 0;
END $$;

CREATE FUNCTION own_code_new() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    drawn bigint := ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 16, 15))::bit(60)::bigint;
    digits text := (10000000000 + drawn % 90000000000)::text;
BEGIN
    RETURN digits || own_code_remainder(digits);
END $$;
ALTER TABLE membership_owncode ADD CONSTRAINT own_code_is_twelve_digits CHECK (own_code_holds(code));
"""
UNDO_CODES = """
ALTER TABLE membership_owncode DROP CONSTRAINT own_code_is_twelve_digits;
DROP FUNCTION own_code_new();
DROP FUNCTION own_code_holds(text);
DROP FUNCTION own_code_remainder(text);
"""

KEYS = """
ALTER TABLE membership_ownincome ADD CONSTRAINT own_income_of_its_membership
    FOREIGN KEY (membership_id, sponsor_id) REFERENCES membership_membership (id, sponsor_id);
ALTER TABLE membership_owncode ADD CONSTRAINT own_code_of_its_membership
    FOREIGN KEY (membership_id, sponsor_id) REFERENCES membership_membership (id, sponsor_id);
"""
UNDO_KEYS = """
ALTER TABLE membership_owncode DROP CONSTRAINT own_code_of_its_membership;
ALTER TABLE membership_ownincome DROP CONSTRAINT own_income_of_its_membership;
"""

RULES = """
CREATE FUNCTION own_income_of_a_self_payer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added o
                 JOIN membership_membership m ON m.id = o.membership_id
                 JOIN partnership_agreement a ON a.id = m.agreement_id
                WHERE a.kind <> 'independent') THEN
        RAISE EXCEPTION 'somebody else pays for this membership'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'own_income_of_a_self_payer';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER own_income_of_a_self_payer AFTER INSERT ON membership_ownincome
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION own_income_of_a_self_payer();
CREATE TRIGGER own_code_of_a_self_payer AFTER INSERT ON membership_owncode
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION own_income_of_a_self_payer();

-- Cover goes on only from a membership of the same work that ends where this one begins.
CREATE FUNCTION membership_goes_on_from_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM membership_membership m
                    WHERE m.work_id = NEW.work_id AND m.person_id = NEW.person_id AND m.id <> NEW.id
                      AND m.until = NEW.since AND m.until > m.since
                      AND coalesce(m.cover_since, m.since) = NEW.cover_since) THEN
        RAISE EXCEPTION 'there is no membership to go on from'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_goes_on_from_another';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER membership_goes_on_from_another AFTER INSERT ON membership_membership
    FOR EACH ROW WHEN (NEW.cover_since IS NOT NULL) EXECUTE FUNCTION membership_goes_on_from_another();
"""
UNDO_RULES = """
DROP TRIGGER membership_goes_on_from_another ON membership_membership;
DROP TRIGGER own_code_of_a_self_payer ON membership_owncode;
DROP TRIGGER own_income_of_a_self_payer ON membership_ownincome;
DROP FUNCTION membership_goes_on_from_another();
DROP FUNCTION own_income_of_a_self_payer();
"""
OF_A_MEMBERSHIP = """
    lindung_sees(sponsor_id)
    AND (lindung_sees_place('*') OR EXISTS (SELECT 1 FROM membership_membership m WHERE m.id = membership_id))
"""


def key(to: str, *, constrained: bool = True, null: bool = False) -> "models.ForeignKey[object, object]":
    """A key without an index of its own."""
    return models.ForeignKey(
        to,
        null=null,
        db_index=False,
        db_constraint=constrained,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0018_own_words"),
        ("partnership", "0013_independent"),
    ]

    operations = [
        migrations.AddField(
            "membership",
            "cover_since",
            models.DateField(
                null=True,
                help_text="first day of the work's memberships that this goes on from without a gap; null: its own",
            ),
        ),
        migrations.CreateModel(
            name="OwnIncome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
                ("monthly", models.BigIntegerField()),
                ("event", key("access.auditevent")),
                (
                    "membership",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incomes",
                        to="membership.membership",
                    ),
                ),
                ("sponsor", key("access.organisation", constrained=False)),
                ("withdrawn", key("access.auditevent", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("withdrawn__isnull", True)),
                        fields=("membership", "since"),
                        name="own_income_once_per_month",
                    ),
                    models.CheckConstraint(
                        condition=Q(("since__day", 1)), name="own_income_month_is_a_first_day"
                    ),
                    models.CheckConstraint(condition=Q(("monthly__gte", 0)), name="own_income_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnCode",
            fields=[
                (
                    "membership",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="own_code",
                        serialize=False,
                        to="membership.membership",
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True)),
                ("sponsor", key("access.organisation", constrained=False)),
            ],
        ),
        migrations.RunSQL(KEYS, UNDO_KEYS),
        migrations.RunSQL(CODES, UNDO_CODES),
        migrations.RunSQL(RULES, UNDO_RULES),
        protected(
            "membership_ownincome",
            app="SELECT",
            loader="SELECT, INSERT, UPDATE (withdrawn_id)",
            visible=OF_A_MEMBERSHIP,
        ),
        protected("membership_owncode", app="SELECT", loader="SELECT, INSERT", visible=OF_A_MEMBERSHIP),
        asked_once(),
    ]
