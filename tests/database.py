"""What tests ask of the database: that it refuses, by which constraint, and what happens when two act at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction

from lindung.engine.refusals import constraint_of

T = TypeVar("T")


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    """The database refuses what happens inside by exactly this constraint, at once or at the commit."""
    with pytest.raises(IntegrityError) as caught, _as_if_committed():
        yield
    assert constraint_of(caught.value) == constraint


@contextmanager
def forbidden() -> Iterator[None]:
    """The database gives the app's role no right to what happens inside, or hides the row from the actor."""
    with pytest.raises(ProgrammingError, match="permission denied|row-level security"), transaction.atomic():
        yield


@contextmanager
def _as_if_committed() -> Iterator[None]:
    with transaction.atomic():
        yield
        check_as_at_commit()


def check_as_at_commit() -> None:
    """Let every promise that waits for the commit be checked now."""
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("SET CONSTRAINTS ALL DEFERRED")


def execute(statement: str, *values: object) -> int:
    """Run SQL as the app's role; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)


def fetched(statement: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows of a query, asked as the app's role."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


@contextmanager
def as_loader() -> Iterator[None]:
    """Inside a transaction, act with the rights by which enrolment adds people and memberships."""
    execute("SET LOCAL ROLE lindung_loader")
    yield
    execute("SET LOCAL ROLE NONE")


def at_once(*calls: Callable[[], T]) -> list[T | Exception]:
    """Make all calls at the same moment, each on a connection of its own; what each gave, or raised, in order.

    Needs real commits: take the fixture ``fresh_database``.
    """
    start = Barrier(len(calls))

    def made(call: Callable[[], T]) -> T | Exception:
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            return call()
        except Exception as error:  # noqa: BLE001 - handed to the test, which says what it expects
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(made, calls))


def ours() -> list[str]:
    """The tables of our own rooms."""
    return [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("lindung.")]


def promises() -> set[str]:
    """The name of everything in our tables that can refuse a change; what hangs on one id alone is left out."""
    constraints = """
        SELECT conname FROM pg_constraint
         WHERE conrelid::regclass::text = ANY (%s)
           AND (contype IN ('c', 'u', 'x') OR contype = 'f' AND cardinality(conkey) > 1)"""
    # A unique index around a narrower one only serves a foreign key: the narrower one is broken first.
    indexes = """
        SELECT i.indexrelid::regclass::text FROM pg_index i
         WHERE i.indrelid::regclass::text = ANY (%s) AND i.indisunique AND NOT i.indisprimary AND NOT EXISTS (
               SELECT 1 FROM pg_index n
                WHERE n.indrelid = i.indrelid AND n.indisunique AND n.indpred IS NULL
                  AND n.indnkeyatts < i.indnkeyatts AND i.indkey::int[] @> n.indkey::int[])"""
    # What a trigger refuses may be said by another function that it calls.
    triggers = """
        SELECT raised[1] FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
          JOIN pg_proc g ON g.oid = f.oid
               OR g.pronamespace = f.pronamespace AND f.prosrc LIKE '%%' || g.proname || '(%%',
               regexp_matches(g.prosrc, 'CONSTRAINT = ''(\\w+)''', 'g') AS raised
         WHERE t.tgrelid::regclass::text = ANY (%s)"""
    return {name for query in (constraints, indexes, triggers) for (name,) in fetched(query, ours())}
