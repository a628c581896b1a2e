"""Brings the database to what this version of the programme needs; costs milliseconds when nothing is to be done."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import psycopg
from psycopg import sql

from lindung.engine import addresses, keys, postgres, roles, state
from lindung.engine.roles import Connection
from lindung.engine.troubles import DatabaseUnreachable, KeysDoNotFit
from lindung.law.text import Text

SOURCE = Path(__file__).resolve().parents[1]


def ensure(*, thorough: bool = False) -> None:
    """Make the database ready: server up, roles right, schema of this version.

    `thorough` looks again even when the database says it is up to date. Raises a Trouble with what to do.
    """
    if addresses.external_url() is None:
        postgres.ensure()
    if thorough or not is_current():
        with _alone() as administrator:
            if thorough or not is_current():
                _bring_up_to_date(administrator)


def ready() -> None:
    """Make the database ready and Django with it: the first line of every command that works with data."""
    ensure()
    _set_up_django()


def is_current() -> bool:
    """Whether the database carries the mark of this version. Raises KeysDoNotFit when other keys sealed it."""
    try:
        with psycopg.connect(**addresses.as_role(addresses.APP)) as connection:
            row = connection.execute("SELECT key_check, stamp FROM lindung_installation").fetchone()
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        return False  # no such role, database or table yet: the administrator's connection will tell the rest
    if row is None:
        return False
    key_check, kept = row
    _refuse_other_keys(key_check)
    return bool(kept == stamp())


def stamp() -> str:
    """A mark of everything the schema depends on: our migrations, the role definitions, the frameworks' versions."""
    migrations = sorted(str(path.relative_to(SOURCE)) for path in SOURCE.glob("*/migrations/[0-9]*.py"))
    definitions = [Path(roles.__file__).read_text(encoding="utf-8")]
    versions = [metadata.version(package) for package in ("Django", "django-allauth", "procrastinate")]
    return hashlib.sha256("\n".join([*migrations, *definitions, *versions]).encode()).hexdigest()


def _bring_up_to_date(administrator: Connection) -> None:
    if addresses.external_url() is None:
        _create_database(administrator)
    with _administrator(addresses.database_name()) as inside:
        _refuse_other_installation(inside)
        roles.establish(inside)
    with _owner() as owner:
        _recognise_keys(owner)
    _migrate()
    with _owner() as owner:
        owner.execute("UPDATE lindung_installation SET stamp = %s", [stamp()])


def _create_database(administrator: Connection) -> None:
    name = addresses.database_name()
    if administrator.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
        administrator.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _recognise_keys(owner: Connection) -> None:
    """Note whose keys seal this database, before the first secret enters it."""
    owner.execute("""
        CREATE TABLE IF NOT EXISTS lindung_installation (
            only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
            key_check text NOT NULL,
            stamp text NOT NULL DEFAULT ''
        )""")
    owner.execute(
        "INSERT INTO lindung_installation (key_check) VALUES (%s) ON CONFLICT (only_row) DO NOTHING",
        [keys.fingerprint()],
    )
    owner.execute(f"GRANT SELECT ON lindung_installation TO {addresses.APP}")


def _refuse_other_installation(administrator: Connection) -> None:
    """Before any password is set anew: is this the database of another state folder?"""
    known = administrator.execute("SELECT to_regclass('public.lindung_installation') IS NOT NULL").fetchone()
    if known and known[0]:
        row = administrator.execute("SELECT key_check FROM public.lindung_installation").fetchone()
        _refuse_other_keys(row[0] if row else "")


def _refuse_other_keys(key_check: str) -> None:
    if key_check == keys.fingerprint():
        return
    folder = keys.folder()
    raise KeysDoNotFit(
        Text(
            f"Kunci di {folder} bukan kunci yang menyegel basis data ini. Kembalikan folder kunci dari cadangan; "
            "tanpa kunci itu NIK tidak terbaca.",
            f"The keys in {folder} are not those that sealed this database. Restore the keys folder from its "
            "backup; without it no NIK can be read.",
        )
    )


def _migrate() -> None:
    _set_up_django()
    from django.core.management import call_command
    from django.db import connections

    from lindung.engine.router import OWNER_CONNECTION

    try:
        call_command("migrate", database=OWNER_CONNECTION, interactive=False, verbosity=0)
    finally:
        connections[OWNER_CONNECTION].close()


def _set_up_django() -> None:
    """Django is imported here and not above: most commands' first second should not go to it."""

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lindung.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


@contextmanager
def _alone() -> Iterator[Connection]:
    """Only one process at a time changes the schema; the others wait and find it done."""
    state.prepare(state.home())
    database = addresses.BOOTSTRAP if addresses.external_url() is None else addresses.database_name()
    with _administrator(database) as administrator:
        administrator.execute("SELECT pg_advisory_lock(hashtext('lindung.provision'))")
        yield administrator


@contextmanager
def _administrator(database: str) -> Iterator[Connection]:
    try:
        connection = psycopg.connect(**addresses.as_administrator(database=database), autocommit=True)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(
            Text(
                f"Basis data tidak menjawab: {error}. Periksa LINDUNG_DATABASE_URL dan server basis data.",
                f"The database does not answer: {error}. Check LINDUNG_DATABASE_URL and the database server.",
            )
        ) from error
    with connection:
        roles.refuse_old_server(connection)
        yield connection


@contextmanager
def _owner() -> Iterator[Connection]:
    with psycopg.connect(**addresses.as_role(addresses.OWNER), autocommit=True) as connection:
        yield connection
