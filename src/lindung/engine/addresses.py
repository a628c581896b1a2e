"""Where the database is and how each role connects to it; reading an address never starts anything."""

import os
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lindung.engine import keys, state
from lindung.engine.troubles import DatabaseUnreachable
from lindung.law.text import Text

OWNER = "lindung_owner"
APP = "lindung_app"
LOADER = "lindung_loader"
AUDITOR = "lindung_auditor"
BOOTSTRAP = "postgres"
"""The embedded server's own administrator; used to set up roles, never to serve."""

DEFAULT_DATABASE = "lindung"


def external_url() -> str | None:
    """The address of a database server that others run, when one is named."""
    return os.environ.get("LINDUNG_DATABASE_URL") or None


def database_name() -> str:
    """The database of this installation: LINDUNG_DATABASE_NAME, else that of the URL, else `lindung`."""
    named = os.environ.get("LINDUNG_DATABASE_NAME")
    if named:
        return named
    url = external_url()
    return str(_external(url)["dbname"]) if url else DEFAULT_DATABASE


def as_role(role: str, *, database: str | None = None) -> dict[str, Any]:
    """Connection parameters of one of our roles, its password read from the state folder."""
    own = {"user": role, "password": keys.role_password(role), "dbname": database or database_name()}
    return {**_place(), **own, "application_name": "lindung"}


def as_administrator(*, database: str | None = None) -> dict[str, Any]:
    """Connection parameters of whoever may create roles: the embedded administrator, or the URL's own role."""
    url = external_url()
    if url is None:
        return as_role(BOOTSTRAP, database=database)
    given = _external(url)
    return {**given, "dbname": database or given["dbname"], "application_name": "lindung"}


def ping_target() -> str:
    """A connection string good for asking "are you there?", without a password."""
    return make_conninfo("", **{**_place(), "user": APP, "dbname": "postgres", "connect_timeout": 5})


def without_credentials() -> str | None:
    """The external address without user and password, safe to hand to a process that only serves."""
    return make_conninfo("", **{**_place(), "dbname": database_name()}) if external_url() else None


def _place() -> dict[str, Any]:
    url = external_url()
    if url is None:
        return {"host": str(state.socket_folder(state.home())), "port": 5432}
    return {
        name: value for name, value in _external(url).items() if name not in {"user", "password", "dbname"}
    }


def _external(url: str) -> dict[str, Any]:
    try:
        parts = dict(conninfo_to_dict(url))
    except ProgrammingError as error:
        raise DatabaseUnreachable(
            Text(
                "LINDUNG_DATABASE_URL tidak terbaca. Bentuknya: postgresql://pengguna:sandi@alamat:5432/lindung",
                "LINDUNG_DATABASE_URL cannot be read. It looks like: postgresql://user:password@host:5432/lindung",
            )
        ) from error
    if not parts.get("dbname"):
        raise DatabaseUnreachable(
            Text(
                "LINDUNG_DATABASE_URL belum menyebut nama basis data. Tambahkan di ujungnya, misalnya /lindung.",
                "LINDUNG_DATABASE_URL names no database. Add one at its end, for example /lindung.",
            )
        )
    return parts
