"""Saved databases in which something stands already: built by the first test that asks, begun from by all others."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

import psycopg
import pytest
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from lindung.engine import addresses, roles

T = TypeVar("T")
TEMPLATE = "lindung_template"
"""A migrated database nobody ever connects to: PostgreSQL copies only databases without connections."""


class Stage(NamedTuple, Generic[T]):
    """A saved database, and what its builder gave back."""

    database: str
    pickled: bytes

    def found(self) -> T:
        """What the builder gave back, anew for each test: tests change the people they hold."""
        found: T = pickle.loads(self.pickled)
        return found


class Stages:
    """The saved databases of this run."""

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self._blocker = blocker
        self._built: dict[str, Stage[object]] = {}

    def of(self, build: Callable[[], T], *, now: datetime) -> Stage[T]:
        """What this function builds at this moment, for good, in a database of its own."""
        name = f"stage_{build.__module__}_{build.__name__}".replace(".", "_").lower()
        if name not in self._built:
            self._built[name] = self._new(name, build, now)
        return self._built[name]  # type: ignore[return-value]  # the name stands for the builder

    def _new(self, name: str, build: Callable[[], T], now: datetime) -> Stage[object]:
        copy_database(TEMPLATE, name)
        with pytest.MonkeyPatch.context() as patch, entered(name, patch), self._blocker.unblock():
            patch.setenv("LINDUNG_NOW", now.isoformat())
            return Stage(name, pickle.dumps(build()))


def stage_of(build: Callable[[], T], *, now: datetime) -> Callable[[Stages], Iterator[Stage[T]]]:
    """A fixture: from the first test that asks for it, all tests of that file are in the database of this builder."""

    @pytest.fixture(scope="module")
    def stage(stages: Stages) -> Iterator[Stage[T]]:
        built = stages.of(build, now=now)
        with pytest.MonkeyPatch.context() as patch, entered(built.database, patch):
            yield built

    return stage  # type: ignore[return-value]  # a fixture calls it


@contextmanager
def entered(database: str, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Inside, Django and every plain connection of a test are in this database; until the patch is undone."""
    from django.db import connections

    connections.close_all()
    patch.setenv("LINDUNG_DATABASE_NAME", database)
    yield
    connections.close_all()


def copy_database(source: str, name: str) -> None:
    """One more database, with all that stands in the source; nobody may be connected to that."""
    with administrator("postgres") as connection:
        names = [sql.Identifier(each) for each in (name, source)]
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    with administrator(name) as connection:
        roles.hand_over_database(connection)


def drop_database(name: str) -> None:
    """Whoever is still connected is thrown out."""
    with administrator("postgres") as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def administrator(database: str) -> psycopg.Connection[tuple[object, ...]]:
    """A plain connection (autocommit) as whoever may create databases and roles."""
    given = addresses.as_administrator(database=database)
    return psycopg.connect(**given, autocommit=True)
