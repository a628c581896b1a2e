"""The roles inside the database: each has what it needs and no more."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from lindung.engine import addresses, roles
from lindung.engine.troubles import DatabaseTooOld, UnsafeRole

Connection = psycopg.Connection[Any]
Connect = Callable[[str], Connection]
ALL = ["lindung_app", "lindung_auditor", "lindung_loader", "lindung_owner"]


@pytest.fixture
def as_superuser(fresh_database: str) -> Connection:
    """A connection of the embedded server's administrator to a database of this test alone."""
    return psycopg.connect(**addresses.as_administrator(), autocommit=True)


def one(connection: Connection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def test_no_role_of_ours_is_special(as_owner: Connection) -> None:
    specials = as_owner.execute(
        "SELECT rolname, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication"
        " FROM pg_roles WHERE rolname LIKE 'lindung_%' ORDER BY 1"
    ).fetchall()
    assert specials == [(role, False) for role in ALL]


def test_the_owner_owns_the_database_and_its_schema(fresh_database: str, as_owner: Connection) -> None:
    assert one(
        as_owner, "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
    ) == ("lindung_owner")
    assert one(as_owner, "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'") == (
        "lindung_owner"
    )


@pytest.mark.parametrize("role", ["lindung_app", "lindung_loader", "lindung_auditor"])
def test_only_the_owner_may_create_tables(fresh_database: str, as_role: Connect, role: str) -> None:
    connection = as_role(role)
    connection.execute(
        "SET default_transaction_read_only = off"
    )  # the auditor's belt; here we test the braces
    with pytest.raises(InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (a int)")


@pytest.mark.parametrize("role", ["lindung_app", "lindung_loader"])
def test_app_and_loader_may_have_temporary_tables(fresh_database: str, as_role: Connect, role: str) -> None:
    assert one(as_role(role), "WITH t AS (SELECT 1) SELECT count(*) FROM t") == 1
    as_role(role).execute("CREATE TEMP TABLE staging (a int)")


def test_the_app_has_the_loaders_rights_only_when_it_takes_them(
    fresh_database: str, as_role: Connect, as_owner: Connection
) -> None:
    as_owner.execute("CREATE TABLE loaded (a int); GRANT INSERT ON loaded TO lindung_loader")
    app = as_role("lindung_app")
    with pytest.raises(InsufficientPrivilege):
        app.execute("INSERT INTO loaded VALUES (1)")
    with app.transaction():
        app.execute("SET LOCAL ROLE lindung_loader")
        app.execute("INSERT INTO loaded VALUES (1)")
    assert one(app, "SELECT current_user::text") == "lindung_app"


def test_the_loader_cannot_sign_in(fresh_database: str) -> None:
    parameters = {**addresses.as_role("lindung_app"), "user": "lindung_loader"}
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**parameters)


def test_the_auditor_only_reads(fresh_database: str, as_role: Connect, as_owner: Connection) -> None:
    as_owner.execute("CREATE TABLE seen (a int); GRANT ALL ON seen TO lindung_auditor")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        as_role("lindung_auditor").execute("INSERT INTO seen VALUES (1)")


def test_strangers_may_not_even_connect(fresh_database: str, as_superuser: Connection) -> None:
    with as_superuser as connection:
        acl = one(connection, "SELECT datacl::text FROM pg_database WHERE datname = current_database()")
    assert "{=" not in acl
    assert ",=" not in acl


def test_the_extensions_are_there(as_owner: Connection) -> None:
    assert one(as_owner, "SELECT unaccent('Ségara')") == "Segara"
    assert one(as_owner, "SELECT similarity('siti', 'sitti') > 0.3") is True
    as_owner.execute("CREATE TEMP TABLE t (a int, p daterange, EXCLUDE USING gist (a WITH =, p WITH &&))")


def test_the_app_works_in_jakarta_time_and_does_not_wait_for_ever(as_role: Connect) -> None:
    app = as_role("lindung_app")
    settings = (
        "current_setting('timezone'), current_setting('lock_timeout'), current_setting('statement_timeout')"
    )
    assert one(app, f"SELECT {settings}") == ("Asia/Jakarta", "10s", "1min")


def test_establishing_again_puts_everything_right(as_superuser: Connection) -> None:
    with as_superuser as connection:
        connection.execute("ALTER ROLE lindung_app SUPERUSER INHERIT PASSWORD 'other'")
        connection.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
        roles.establish(connection)
        roles.establish(connection)
    with psycopg.connect(**addresses.as_role("lindung_app")) as app:
        roles.refuse_unsafe_role(app)
        with pytest.raises(InsufficientPrivilege):
            app.execute("CREATE TABLE mine (a int)")


def test_the_app_role_may_serve(as_role: Connect) -> None:
    roles.refuse_unsafe_role(as_role("lindung_app"))


def test_a_superuser_may_not_serve(as_superuser: Connection) -> None:
    with as_superuser as connection, pytest.raises(UnsafeRole, match="superuser"):
        roles.refuse_unsafe_role(connection)


def test_the_owner_of_the_tables_may_not_serve(fresh_database: str, as_owner: Connection) -> None:
    with pytest.raises(UnsafeRole, match="owner of tables"):
        roles.refuse_unsafe_role(as_owner)


@pytest.mark.parametrize(
    ("harm", "repair", "danger"),
    [
        ("ALTER ROLE lindung_app BYPASSRLS", "ALTER ROLE lindung_app NOBYPASSRLS", "row security"),
        ("GRANT lindung_owner TO lindung_app", "REVOKE lindung_owner FROM lindung_app", "owner of tables"),
        (
            "GRANT CREATE ON SCHEMA public TO lindung_loader",
            "REVOKE CREATE ON SCHEMA public FROM lindung_loader",
            "create tables",
        ),
    ],
)
def test_django_refuses_to_connect_as_soon_as_the_app_role_has_too_much(
    as_superuser: Connection, harm: str, repair: str, danger: str
) -> None:
    from django.db import connection

    with as_superuser as administrator:
        administrator.execute(harm)  # roles are shared by all databases of the run: always repaired
        try:
            with pytest.raises(UnsafeRole, match=danger):
                connection.ensure_connection()
        finally:
            administrator.execute(repair)
    connection.ensure_connection()


def test_an_old_server_is_refused_with_the_version_it_needs(
    as_owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "OLDEST_SERVER", 99)
    with pytest.raises(DatabaseTooOld, match="99 or newer"):
        roles.refuse_old_server(as_owner)
