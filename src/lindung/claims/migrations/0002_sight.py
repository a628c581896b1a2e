"""Every table so far compares its rows with what is in sight, asked once for a statement."""

from django.db import migrations

from lindung.access.row_security import asked_once


class Migration(migrations.Migration):
    """Stands in the highest room, so that the tables of all the others are there."""

    dependencies = [
        ("access", "0010_sight"),
        ("documents", "0003_kinds"),
        ("ledger", "0002_proofs"),
        ("people", "0003_families"),
        ("partnership", "0008_authority_trail"),
        ("membership", "0009_wage_columns"),
        ("contributions", "0008_paid_before"),
        ("claims", "0001_tables"),
    ]

    operations = [asked_once()]
