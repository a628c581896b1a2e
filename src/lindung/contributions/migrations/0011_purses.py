"""A bill or a payment may be one person's own: whose purse it is, beside the agreement it stands in."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

PURSES = """
CREATE UNIQUE INDEX membership_and_agreement ON membership_membership (id, agreement_id);
ALTER TABLE contributions_bill ADD CONSTRAINT bill_of_its_agreements_membership
    FOREIGN KEY (membership_id, agreement_id) REFERENCES membership_membership (id, agreement_id);
ALTER TABLE contributions_payment ADD CONSTRAINT payment_of_its_agreements_membership
    FOREIGN KEY (membership_id, agreement_id) REFERENCES membership_membership (id, agreement_id);
CREATE INDEX bills_of_a_membership ON contributions_bill (membership_id, month) WHERE membership_id IS NOT NULL;
CREATE INDEX payments_of_a_membership ON contributions_payment (membership_id) WHERE membership_id IS NOT NULL;
"""
UNDO = """
DROP INDEX payments_of_a_membership, bills_of_a_membership;
ALTER TABLE contributions_payment DROP CONSTRAINT payment_of_its_agreements_membership;
ALTER TABLE contributions_bill DROP CONSTRAINT bill_of_its_agreements_membership;
DROP INDEX membership_and_agreement;
"""


def own(related_name: str, thing: str) -> "models.Field[Any, Any]":
    """The membership whose own money it is; null where the agreement's sponsor or employer pays."""
    return models.ForeignKey(
        "membership.membership",
        null=True,
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        help_text=f"whose own {thing} it is; null where the agreement's sponsor or employer pays",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0010_no_balance_ahead"),
        ("membership", "0018_own_words"),
    ]

    operations = [
        migrations.AddField("bill", "membership", own("own_bills", "bill")),
        migrations.AddField("payment", "membership", own("own_payments", "payment")),
        migrations.RemoveConstraint("bill", "bill_once_per_agreement_month"),
        migrations.AddConstraint(
            "bill",
            models.UniqueConstraint(
                name="bill_once_per_agreement_month",
                fields=["agreement", "month", "membership"],
                condition=~Q(status__in=["cancelled", "superseded"]),
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(PURSES, UNDO),
    ]
