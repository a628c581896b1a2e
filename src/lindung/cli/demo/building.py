"""Builds the example once, whole or not at all, and anew whenever a workbook or the programme that reads it changed."""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql

from lindung.cli.refusing import Refused
from lindung.engine import addresses, keys, postgres, provision, state
from lindung.engine.roles import Connection
from lindung.law.text import Text

EXAMPLES = state.CHECKOUT / "examples" / "jambi"
DRAFT = "lindung_draft"
"""The database under construction; it gets the name of the real one only when it is whole."""

# The pages and the figures only look, so a change there needs no new example.
_TELLERS = "identity law formats engine access documents ledger people partnership membership contributions claims cli/demo"
_KINDS = frozenset({".py", ".toml", ".csv"})

Say = Callable[[Text], None]

_NOBODY_READY = Text(
    "Salah satu daftar di {folder} tidak punya baris siap. Periksa dengan ./lindung roster check.",
    "One of the lists in {folder} has no ready row. Look at it with ./lindung roster check.",
)


class Built(NamedTuple):
    """Whether the example was built just now, and how many seconds making it ready took."""

    anew: bool
    seconds: float


def build(*, workbooks: Path, reset: bool, say: Say) -> Built:
    """Have the example ready in the example's state folder, which the process has entered.

    1. Wait for anybody who is building, then look at the mark on the database: was it built from just this?
    2. If not, build under another name. Whoever is killed here leaves a draft that the next one throws away.
    3. Put the mark on it and only then give it the name: until then the old example stays in use.
    4. Sign where its book stands, so that `./lindung verify` has something to hold it against.

    `reset` throws everything away first, keys and server too. Raises Refused when a workbook is missing or
    cannot be read.
    """
    started = time.monotonic()
    wanted = fingerprint(workbooks)
    with _alone(say):
        if reset:
            _forget_everything()
        postgres.ensure()
        anew = _mark_of(addresses.database_name()) != wanted
        if anew:
            _build(workbooks, wanted, say)
    provision.ready()
    if anew:
        _sign()
    return Built(anew, round(time.monotonic() - started, 1))


def is_built() -> bool:
    """Whether there is a whole example in the state folder; starts its database server when there may be one."""
    if not postgres.status().initialised:
        return False
    postgres.ensure()
    return _mark_of(addresses.database_name()) is not None


def fingerprint(workbooks: Path) -> str:
    """SHA-256 of everything the example follows from: the workbooks and the source that reads and pays them."""
    digest = hashlib.sha256(provision.stamp().encode())
    for name, path in (*_workbooks(workbooks), *_sources()):
        digest.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _forget_everything() -> None:
    """Throw server, keys and people away; `house.settle` made sure that this is an example's folder."""
    postgres.stop()
    for part in (
        state.server_folder(state.home()),
        keys.folder(),
        state.checkpoint_folder(state.home()),
    ):
        shutil.rmtree(part, ignore_errors=not part.exists())


def _build(workbooks: Path, mark: str, say: Say) -> None:
    say(Text("Membangun contoh Kota Jambi ...", "Building the example of Kota Jambi ..."))
    _drop(DRAFT)
    with _under_the_name(DRAFT):
        provision.ready()
        _tell(workbooks, say)
    _count()
    with _administrator() as administrator:
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(DRAFT), sql.Literal(mark))
        administrator.execute(comment)
    _put_into_place()


def _tell(workbooks: Path, say: Say) -> None:
    # Imported here: these rooms need Django to be set up.
    from django.db import connections

    from lindung.cli.demo import story
    from lindung.contributions.billing import NothingToBill
    from lindung.formats.unreadable import Unreadable
    from lindung.membership import problems

    try:
        story.tell(workbooks=workbooks, say=lambda done: say(Text(f"  {done}", f"  {done}")))
    except Unreadable as why:
        sentence = problems.message(why.code, why.where)
        raise Refused(why.code, Text(f"{workbooks}: {sentence.id}", f"{workbooks}: {sentence.en}")) from why
    except NothingToBill as why:
        raise Refused("demo.nobody_ready", _NOBODY_READY.filled(folder=str(workbooks))) from why
    except OSError as why:
        raise _not_read(why.filename or workbooks, why.strerror or str(why)) from why
    finally:
        connections.close_all()


def _count() -> None:
    """Statistics for the planner: the server gathers its own only minutes after thousands of rows came at once."""
    place = addresses.as_administrator(database=DRAFT)
    with psycopg.connect(**place, autocommit=True) as administrator:
        administrator.execute("VACUUM ANALYZE")


def _put_into_place() -> None:
    """The draft becomes the example. Whoever still looks at the old one is cut off and finds the new one."""
    _drop(addresses.database_name())
    shutil.rmtree(state.checkpoint_folder(state.home()), ignore_errors=True)  # they spoke of the old one
    with _administrator() as administrator:
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        administrator.execute(rename.format(sql.Identifier(DRAFT), sql.Identifier(addresses.database_name())))


def _sign() -> None:
    """A checkpoint of the new example, as of the machine's own clock: when it was really made."""
    from django.db import connections

    from lindung.engine import clock
    from lindung.ledger import checkpoints

    checkpoints.write(now=clock.unfixed())
    connections.close_all()


def _drop(database: str) -> None:
    with _administrator() as administrator:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        administrator.execute(drop.format(sql.Identifier(database)))


def _mark_of(database: str) -> str | None:
    with _administrator() as administrator:
        row = administrator.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [database]
        ).fetchone()
    return row[0] if row else None


@contextmanager
def _administrator() -> Iterator[Connection]:
    place = addresses.as_administrator(database=addresses.BOOTSTRAP)
    with psycopg.connect(**place, autocommit=True) as connection:
        yield connection


@contextmanager
def _under_the_name(database: str) -> Iterator[None]:
    os.environ["LINDUNG_DATABASE_NAME"] = database
    try:
        yield
    finally:
        del os.environ["LINDUNG_DATABASE_NAME"]


@contextmanager
def _alone(say: Say) -> Iterator[None]:
    """Of two who start at once one builds; the lock dies with its holder."""
    with (state.home() / "demo.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(Text("Menunggu pembangunan lain selesai ...", "Waiting for another build to finish ..."))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _workbooks(folder: Path) -> list[tuple[str, Path]]:
    found = sorted(folder.glob("*.xlsx"))
    if not found:
        raise Refused(
            "file.missing",
            Text(
                f"Tidak ada buku kerja (.xlsx) di {folder}. Isi --workbooks dengan folder yang bentuknya seperti "
                f"{EXAMPLES}.",
                f"There is no workbook (.xlsx) in {folder}. Point --workbooks to a folder made like {EXAMPLES}.",
            ),
        )
    return [(path.name, path) for path in found]


def _sources() -> list[tuple[str, Path]]:
    rooms = (provision.SOURCE / room for room in _TELLERS.split())
    paths = sorted(path for room in rooms for path in room.rglob("*") if path.suffix in _KINDS)
    return [(str(path.relative_to(provision.SOURCE)), path) for path in paths]


def _not_read(path: object, why: str) -> Refused:
    return Refused(
        "file.missing",
        Text(f"{path} tidak bisa dibaca: {why}.", f"{path} cannot be read: {why}."),
    )
