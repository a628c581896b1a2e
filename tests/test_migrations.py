"""The schema and the models say the same, and every migration of ours finds its way back and forth again."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from lindung.engine.router import OWNER_CONNECTION

ROOMS = sorted(
    {model._meta.app_label for model in apps.get_models() if model.__module__.startswith("lindung.")}
)
SCHEMA = """
    SELECT 'column', table_name || '.' || column_name, data_type || is_nullable || coalesce(column_default, '')
      FROM information_schema.columns WHERE table_schema IN ('public', 'audit_v')
    UNION ALL
    SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    UNION ALL
    SELECT 'index', schemaname || '.' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'policy', tablename || '.' || policyname, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies
    UNION ALL
    SELECT 'right', grantee || ' ' || table_name, privilege_type
      FROM information_schema.role_table_grants WHERE table_schema IN ('public', 'audit_v')
    UNION ALL
    SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
      FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'function', proname, md5(prosrc) FROM pg_proc WHERE proname LIKE ANY
      (ARRAY['lindung%', 'ledger%', 'bill%', 'payment%', 'settlement%', 'tariff%', 'membership%'])
"""


@pytest.mark.django_db(databases=["default", OWNER_CONNECTION])
def test_it_has_a_migration_for_everything_the_models_say() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, interactive=False, stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(f"run makemigrations:\n{said.getvalue()}")


def test_it_goes_back_to_nothing_and_forth_to_the_same_schema(fresh_database: str) -> None:
    """Made for a mistake on the day of an upgrade. Every room stands on access, so all of them go with it."""
    before = schema()
    call_command("migrate", "access", "zero", database=OWNER_CONNECTION, verbosity=0, interactive=False)
    assert {name for kind, name, _ in schema() if kind != "right" and belongs_to_us(name)} == set()
    call_command("migrate", database=OWNER_CONNECTION, verbosity=0, interactive=False)
    after = schema()
    assert sorted(before - after) == []
    assert sorted(after - before) == []


def test_it_can_undo_every_single_step() -> None:
    """A step without a way back would be found on the worst of days."""
    steps = [
        (label, name, operation)
        for (label, name), migration in MigrationLoader(None).disk_migrations.items()
        if label in ROOMS
        for operation in migration.operations
    ]
    assert len(steps) > 50
    assert [step for step in steps if not step[2].reversible] == []


def belongs_to_us(name: str) -> bool:
    return any(part.startswith(f"{room}_") for room in ROOMS for part in name.split("."))


def schema() -> set[tuple[str, str, str]]:
    """Everything the migrations make, in words that two runs can share."""
    with connections[OWNER_CONNECTION].cursor() as cursor:
        cursor.execute(SCHEMA)
        return set(cursor.fetchall())
