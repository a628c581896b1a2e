"""What a bill lacks may be set off against the next month: BPJS says so by a letter, and the bill counts as paid."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from lindung.access.row_security import WHOLE_CITY, asked_once, protected

SHORTFALLS = """
ALTER TABLE contributions_shortfall ADD CONSTRAINT shortfall_of_its_sponsors_bill
    FOREIGN KEY (bill_id, month, sponsor_id) REFERENCES contributions_bill (id, month, sponsor_id);

CREATE FUNCTION shortfall_of_an_open_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    owed contributions_bill;
BEGIN
    SELECT * INTO owed FROM contributions_bill b WHERE b.id = NEW.bill_id FOR UPDATE;
    IF owed.status = 'final' AND NEW.amount < owed.total AND NEW.declared_by_id = lindung_actor() THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'no shortfall of this bill'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'shortfall_of_an_open_bill';
END $$;
CREATE TRIGGER shortfall_of_an_open_bill AFTER INSERT ON contributions_shortfall
    FOR EACH ROW EXECUTE FUNCTION shortfall_of_an_open_bill();
"""
UNDO = """
DROP TRIGGER shortfall_of_an_open_bill ON contributions_shortfall;
DROP FUNCTION shortfall_of_an_open_bill();
ALTER TABLE contributions_shortfall DROP CONSTRAINT shortfall_of_its_sponsors_bill;
"""


def one(to: str, *, related_name: str = "+", constraint: bool = True) -> "models.Field[Any, Any]":
    """The one row this belongs to."""
    return models.OneToOneField(
        db_constraint=constraint,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=to,
    )


def of(to: str, *, constraint: bool = True, index: bool = True) -> "models.Field[Any, Any]":
    """A row this belongs to."""
    return models.ForeignKey(
        db_constraint=constraint,
        db_index=index,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0014_money_goes_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Shortfall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("told_on", models.DateField()),
                ("letter_number", models.CharField(max_length=80)),
                ("declared_at", models.DateTimeField()),
                ("bill", one("contributions.bill", related_name="shortfall", constraint=False)),
                ("declared_by", of(settings.AUTH_USER_MODEL)),
                ("event", of("access.auditevent")),
                ("instruction", one("ledger.instruction")),
                ("sponsor", of("access.organisation", constraint=False, index=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(name="shortfall_is_positive", condition=Q(amount__gt=0)),
                    models.CheckConstraint(name="shortfall_names_its_letter", condition=~Q(letter_number="")),
                ]
            },
        ),
        migrations.RunSQL(SHORTFALLS, UNDO),
        protected("contributions_shortfall", app="SELECT, INSERT", adding=WHOLE_CITY),
        asked_once(),
    ]
