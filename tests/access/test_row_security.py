"""The migration steps: what they refuse to write, and the way back."""

from typing import Any

import psycopg
import pytest

from conftest import Connect
from lindung.access.row_security import append_only, protected, unprotected


def test_it_refuses_a_table_name_that_is_not_one() -> None:
    with pytest.raises(ValueError, match="not a table name"):
        protected("people; DROP TABLE people")


def test_it_refuses_a_right_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="TRUNCATE"):
        protected("people", app="SELECT, TRUNCATE")


def test_it_gives_an_append_only_table_no_policy_to_change_or_remove() -> None:
    script = str(append_only("entries").sql)
    assert "FOR INSERT" in script
    assert "FOR UPDATE" not in script
    assert "FOR DELETE" not in script


def test_it_closes_the_table_again_on_the_way_back(
    probe: str, as_owner: psycopg.Connection[Any], as_role: Connect
) -> None:
    as_owner.execute(str(protected("probe").reverse_sql).encode())
    policies = as_owner.execute(
        "SELECT count(*) FROM pg_policy WHERE polrelid = 'probe'::regclass"
    ).fetchone()
    assert policies == (0,)
    flags = as_owner.execute(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'probe'"
    ).fetchone()
    assert flags == (False, False)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_role("lindung_app").execute("SELECT 1 FROM probe")


def test_it_opens_the_table_to_the_auditor_when_asked(
    probe: str, as_owner: psycopg.Connection[Any], as_role: Connect
) -> None:
    as_owner.execute(str(protected("probe").reverse_sql).encode())
    as_owner.execute(str(protected("probe", auditor=True).sql).encode())
    assert len(as_role("lindung_auditor").execute("SELECT 1 FROM probe").fetchall()) == 3


def test_it_grants_a_table_without_people_to_those_who_are_named(
    probe: str, as_owner: psycopg.Connection[Any], as_role: Connect
) -> None:
    as_owner.execute(str(protected("probe").reverse_sql).encode())
    as_owner.execute(str(unprotected("probe", app="SELECT", auditor=True).sql).encode())
    assert len(as_role("lindung_app").execute("SELECT 1 FROM probe").fetchall()) == 3
    assert len(as_role("lindung_auditor").execute("SELECT 1 FROM probe").fetchall()) == 3
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_role("lindung_loader").execute("SELECT 1 FROM probe")
