"""From nothing to a database of this version, here or on a server that others run."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from lindung.engine import addresses, keys, postgres, provision
from lindung.engine.troubles import DatabaseUnreachable, KeysDoNotFit, MayNotAdminister

ENSURE = "from lindung.engine import provision; provision.ensure()"
SECRET = "rahasia"


@pytest.fixture(autouse=True)
def no_connections_left(django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def] # pytest-django's own
    """Migrating here goes through Django's connections to servers that are gone afterwards."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()


@pytest.fixture
def elsewhere(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of "somebody else's" server: a second embedded one with an administrator who is no superuser."""
    theirs = empty_home / "theirs"
    monkeypatch.setenv("LINDUNG_HOME", str(theirs))
    postgres.ensure()
    with psycopg.connect(**addresses.as_administrator(database="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE dba LOGIN CREATEROLE CREATEDB PASSWORD '{SECRET}'")
        connection.execute(f"CREATE ROLE guest LOGIN PASSWORD '{SECRET}'")
        connection.execute("CREATE DATABASE jambi OWNER dba")
    socket = postgres.status().socket
    monkeypatch.setenv("LINDUNG_HOME", str(empty_home / "ours"))
    yield f"postgresql://dba:{SECRET}@/jambi?host={socket}"
    monkeypatch.delenv("LINDUNG_DATABASE_URL", raising=False)
    monkeypatch.setenv("LINDUNG_HOME", str(theirs))
    postgres.stop()


def tables() -> set[str]:
    with psycopg.connect(**addresses.as_role(addresses.APP)) as connection:
        rows = connection.execute("SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public'")
        found = dict(rows.fetchall())
    assert set(found.values()) == {"lindung_owner"}
    return set(found)


def test_it_goes_from_nothing_to_all_tables_and_is_quick_when_nothing_is_to_be_done(empty_home: Path) -> None:
    provision.ensure()
    assert {"access_user", "django_session", "lindung_installation"} <= tables()
    started = time.monotonic()
    provision.ensure()
    assert time.monotonic() - started < 0.5


def test_eight_first_starts_at_once_all_succeed(empty_home: Path) -> None:
    asking = [subprocess.Popen([sys.executable, "-c", ENSURE]) for _ in range(8)]
    assert [process.wait(timeout=180) for process in asking] == [0] * 8
    assert "access_user" in tables()


def test_a_new_version_is_noticed(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert provision.is_current()
    monkeypatch.setattr(provision, "stamp", lambda: "of the next version")
    assert not provision.is_current()
    provision.ensure()
    assert provision.is_current()


def test_only_the_owners_connection_may_migrate(fresh_database: str) -> None:
    from django.core.management import call_command

    with pytest.raises(Exception, match="permission denied|must be owner"):
        call_command("migrate", "contenttypes", "zero", database="default", verbosity=0)


def test_it_works_on_a_server_of_others_with_a_role_that_may_only_create_roles(
    elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_DATABASE_URL", elsewhere)
    provision.ensure()
    assert "access_user" in tables()
    provision.ensure(thorough=True)
    assert provision.is_current()
    assert postgres.status().initialised is False, "no server of our own was made"


def test_a_process_that_only_serves_is_not_told_the_administrators_password(
    elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_DATABASE_URL", elsewhere)
    provision.ensure()
    bare = addresses.without_credentials()
    assert bare is not None
    assert "dba" not in bare
    assert SECRET not in bare
    monkeypatch.setenv("LINDUNG_DATABASE_URL", bare)
    assert "access_user" in tables()


def test_a_role_that_may_not_create_roles_is_told_what_it_lacks(
    elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_DATABASE_URL", elsewhere.replace("dba", "guest"))
    with pytest.raises(MayNotAdminister, match="CREATEROLE"):
        provision.ensure()


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("postgresql://dba@/jambi?host=/nowhere", "Check LINDUNG_DATABASE_URL"),
        ("postgresql://dba@localhost", "names no database"),
        ("jambi kota", "cannot be read"),
    ],
)
def test_a_useless_address_is_explained(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch, url: str, advice: str
) -> None:
    monkeypatch.setenv("LINDUNG_DATABASE_URL", url)
    with pytest.raises(DatabaseUnreachable, match=advice):
        provision.ensure()


def test_a_second_installation_may_not_take_over_the_database_of_the_first(
    elsewhere: str, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_DATABASE_URL", elsewhere)
    provision.ensure()
    monkeypatch.setenv("LINDUNG_HOME", str(empty_home / "second"))
    with pytest.raises(KeysDoNotFit, match="keys"):
        provision.ensure()
    monkeypatch.setenv("LINDUNG_HOME", str(empty_home / "ours"))
    assert "access_user" in tables(), "the first installation's passwords still hold"


def test_a_database_sealed_with_other_keys_is_refused(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provision.ensure()
    monkeypatch.setattr(keys, "fingerprint", lambda: "of other keys")
    with pytest.raises(KeysDoNotFit, match="Restore the keys folder"):
        provision.ensure()
