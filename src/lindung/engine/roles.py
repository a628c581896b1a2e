"""The roles inside the database: who owns, who serves, who loads in bulk, who only looks.

The programme serves as a role that neither owns a table nor may step around row security; if it is ever given
more, it refuses to serve.
"""

from typing import Any

import psycopg
from psycopg import sql

from lindung.engine import keys
from lindung.engine.addresses import APP, AUDITOR, LOADER, OWNER
from lindung.engine.programs import OLDEST_SERVER
from lindung.engine.troubles import DatabaseTooOld, MayNotAdminister, UnsafeRole
from lindung.law.text import Text

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")

SAFE = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
ATTRIBUTES = {
    OWNER: "LOGIN INHERIT",
    LOADER: "NOLOGIN NOINHERIT",
    # NOINHERIT: the loader's wider rights are taken on deliberately (SET LOCAL ROLE), never had by default.
    APP: "LOGIN NOINHERIT",
    AUDITOR: "LOGIN NOINHERIT",
}
SETTINGS = {
    OWNER: {"timezone": "Asia/Jakarta", "lock_timeout": "30s"},
    APP: {
        "timezone": "Asia/Jakarta",
        "lock_timeout": "10s",
        "statement_timeout": "60s",
        "idle_in_transaction_session_timeout": "10min",
    },
    AUDITOR: {
        "timezone": "Asia/Jakarta",
        "statement_timeout": "120s",
        "default_transaction_read_only": "on",
    },
}
RIGHTS_ON_DATABASE = {
    OWNER: "CONNECT, TEMPORARY, CREATE",
    APP: "CONNECT, TEMPORARY",
    LOADER: "CONNECT, TEMPORARY",
    AUDITOR: "CONNECT",
}

Connection = psycopg.Connection[Any]


def establish(administrator: Connection) -> None:
    """Create the roles, extensions and rights of this database, or put them right; harmless when repeated.

    `administrator` is connected to the database of the installation and may create roles. Raises DatabaseTooOld
    and MayNotAdminister.
    """
    refuse_old_server(administrator)
    try:
        with administrator.transaction():
            _one_at_a_time(administrator)
            _create_roles(administrator)
            _create_extensions(administrator)
            hand_over_database(administrator)
            _close_schema(administrator)
    except psycopg.errors.InsufficientPrivilege as error:
        raise MayNotAdminister(
            Text(
                "Peran dalam LINDUNG_DATABASE_URL tidak berhak menyiapkan basis data "
                f"({_message(error)}). Beri hak CREATEROLE dan jadikan pemilik basis data itu.",
                "The role in LINDUNG_DATABASE_URL may not set up the database "
                f"({_message(error)}). Give it CREATEROLE and make it the owner of that database.",
            )
        ) from error


def refuse_old_server(connection: Connection) -> None:
    """Raises DatabaseTooOld below PostgreSQL 15."""
    version = connection.info.server_version // 10_000
    if version < OLDEST_SERVER:
        raise DatabaseTooOld(
            Text(
                f"Server basis data adalah PostgreSQL {version}. Lindung perlu versi {OLDEST_SERVER} ke atas.",
                f"The database server is PostgreSQL {version}. Lindung needs version {OLDEST_SERVER} or newer.",
            )
        )


def hand_over_database(administrator: Connection) -> None:
    """Give each role its rights on the connected database; a copied database starts with none of them."""
    name = sql.Identifier(administrator.info.dbname)
    administrator.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    for role, rights in RIGHTS_ON_DATABASE.items():
        grant = sql.SQL("GRANT {} ON DATABASE {} TO {}")
        administrator.execute(grant.format(sql.SQL(rights), name, sql.Identifier(role)))
    if _may_give_away_database(administrator):
        administrator.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(OWNER)))


def refuse_unsafe_role(connection: Connection) -> None:
    """Raises UnsafeRole when this connection could step around the walls inside the database.

    That is: a superuser, a role with BYPASSRLS, an owner of tables or of the schema (also by membership), or one
    that may create tables.
    """
    row = connection.execute(_DANGERS).fetchone()
    dangers = [name for name, present in zip(_DANGER_NAMES, row or (), strict=True) if present]
    if dangers:
        role = connection.info.user
        raise UnsafeRole(
            Text(
                f"Lindung menolak melayani sebagai {role}: {', '.join(d.id for d in dangers)}. "
                f"Cabut hak itu dari {role}; `lindung db start` memulihkan peran bawaan.",
                f"Lindung refuses to serve as {role}: {', '.join(d.en for d in dangers)}. "
                f"Take those rights from {role}; `lindung db start` puts the built-in roles right.",
            )
        )


_DANGER_NAMES = (
    Text("superuser", "superuser"),
    Text("boleh melewati pengaman baris (BYPASSRLS)", "may bypass row security (BYPASSRLS)"),
    Text("pemilik tabel", "owner of tables"),
    Text("boleh membuat tabel", "may create tables"),
)
_DANGERS = """
    SELECT bool_or(r.rolsuper), bool_or(r.rolbypassrls),
           EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname IN ('public', 'audit_v')
                     AND (pg_has_role(session_user, c.relowner, 'MEMBER')
                          OR pg_has_role(session_user, n.nspowner, 'MEMBER'))),
           bool_or(has_schema_privilege(r.oid, 'public', 'CREATE'))
    FROM pg_roles r WHERE pg_has_role(session_user, r.oid, 'MEMBER')
"""


def _one_at_a_time(administrator: Connection) -> None:
    """Two first starts against one server wait for each other; CREATE ROLE has no IF NOT EXISTS."""
    administrator.execute("SELECT pg_advisory_xact_lock(hashtext('lindung.roles'))")


def _create_roles(administrator: Connection) -> None:
    known = {name for (name,) in administrator.execute("SELECT rolname FROM pg_roles").fetchall()}
    for role, attributes in ATTRIBUTES.items():
        identifier = sql.Identifier(role)
        if role not in known:
            administrator.execute(sql.SQL("CREATE ROLE {}").format(identifier))
        administrator.execute(_altered(administrator, role, attributes))
        for setting, value in SETTINGS.get(role, {}).items():
            change = sql.SQL("ALTER ROLE {} SET {} = {}")
            administrator.execute(change.format(identifier, sql.Identifier(setting), sql.Literal(value)))
    administrator.execute(f"GRANT {LOADER} TO {APP}")
    # Rights over what the owner makes are used by way of the role itself, also where CREATEROLE alone gives none.
    if not _is_superuser(administrator):
        administrator.execute(f"GRANT {OWNER} TO CURRENT_USER")


def _altered(administrator: Connection, role: str, attributes: str) -> sql.Composed:
    if _is_superuser(administrator):
        # Others may not mention these, not even to say no; a role made by CREATEROLE has none of them.
        attributes = f"{attributes} {SAFE}"
    statement = sql.SQL("ALTER ROLE {} WITH {}").format(sql.Identifier(role), sql.SQL(attributes))
    if role not in keys.ROLES_WITH_PASSWORD:
        return statement
    verifier = administrator.pgconn.encrypt_password(
        keys.role_password(role).encode(), role.encode(), b"scram-sha-256"
    )
    return statement + sql.SQL(" PASSWORD {}").format(sql.Literal(verifier.decode()))


def _create_extensions(administrator: Connection) -> None:
    for extension in EXTENSIONS:
        create = sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public")
        administrator.execute(create.format(sql.Identifier(extension)))


def _close_schema(administrator: Connection) -> None:
    administrator.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
    administrator.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    administrator.execute(f"GRANT USAGE ON SCHEMA public TO {APP}, {LOADER}, {AUDITOR}")


def _may_give_away_database(administrator: Connection) -> bool:
    """ALTER DATABASE OWNER asks for more than CREATEROLE; without it the owner role does with CREATE."""
    row = administrator.execute(
        "SELECT rolsuper OR (rolcreatedb AND pg_has_role(datdba, 'MEMBER')) FROM pg_roles, pg_database"
        " WHERE rolname = current_user AND datname = current_database()"
    ).fetchone()
    return bool(row and row[0])


def _is_superuser(connection: Connection) -> bool:
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _message(error: psycopg.Error) -> str:
    return error.diag.message_primary or str(error)
