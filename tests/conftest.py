"""What every test may ask for: a real database server in a folder of its own, roles to connect as, a browser.

One server is started per run, in a temporary state folder, and stopped at its end, also after Ctrl-C. Tests marked
`django_db` share one migrated database as the app role and roll back. Tests that need real commits, races or
kills take `fresh_database`, a copy that is theirs alone.
"""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from lindung.engine import addresses, postgres, provision, roles, state

# How long an example takes says how busy the machine is, not whether it is right; speed is measured in benchmarks/.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

TEMPLATE = "lindung_template"
"""A migrated database nobody ever connects to: PostgreSQL copies only databases without connections."""

Connection = psycopg.Connection[Any]
Connect = Callable[[str], Connection]


def _temporary_home() -> Path:
    """A state folder that the server's user can reach, whatever TMPDIR says; in memory where there is room.

    Memory survives every death that tests bring about, and nothing waits for a disk.
    """
    user = state.server_user()
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 4 * 1024**3
    places = [*([memory] if roomy else []), Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    place = next(p for p in places if os.access(p, os.W_OK) and (user is None or state.reachable(p, user)))
    home = Path(tempfile.mkdtemp(prefix=f"lindung-tests-{os.getpid()}-", dir=place))
    home.chmod(0o711 if user else 0o700)
    return home


def _clear_abandoned_homes(place: Path) -> None:
    """Stop the servers of earlier runs that were killed before they could do it themselves."""
    for home in place.glob("lindung-tests-*"):
        process = home.name.split("-")[2]
        with suppress(FileNotFoundError):  # another run may clear the same folder at this moment
            if home.stat().st_uid == os.geteuid() and not Path(f"/proc/{process}").exists():
                _clear(home)


def _clear(home: Path) -> None:
    """Stop the server of this state folder and of every one inside it, and remove it all."""
    for running in home.rglob("server/data/postmaster.pid"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LINDUNG_HOME", str(running.parents[2]))
            postgres.stop()
    shutil.rmtree(home)


_KEPT = {
    "LINDUNG_PG_BIN",
    "LINDUNG_FULL",
    "LINDUNG_SEED",
}  # which server; how thorough, and repeating a drawn case
for _name in [name for name in os.environ if name.startswith("LINDUNG_") and name not in _KEPT]:
    del os.environ[_name]
HOME_OF_THE_RUN = _temporary_home()
_clear_abandoned_homes(HOME_OF_THE_RUN.parent)
os.environ["LINDUNG_HOME"] = str(HOME_OF_THE_RUN)
os.environ["PYTHONPATH"] = str(state.CHECKOUT / "src")  # for the processes that tests start


def pytest_unconfigure() -> None:
    """Leave nothing behind, whether the run used the server or not, ended well or by Ctrl-C."""
    _clear(HOME_OF_THE_RUN)


@pytest.fixture(scope="session")
def server() -> Path:
    """The state folder of the run's one database server, which is up."""
    postgres.ensure()
    return HOME_OF_THE_RUN


@pytest.fixture(scope="session")
def django_db_setup(server: Path, django_db_blocker: DjangoDbBlocker) -> None:
    """The migrated database, and an untouched template of it; replaces pytest-django's own test database."""
    from django.db import connections

    with django_db_blocker.unblock():
        provision.ensure()
        connections.close_all()
    with _administrator("postgres") as administrator:
        names = [sql.Identifier(name) for name in (TEMPLATE, addresses.DEFAULT_DATABASE)]
        administrator.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


@pytest.fixture
def fresh_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The name of a migrated database of this test alone; Django and every subprocess are connected to it."""
    from django.db import connections

    name = f"fresh_{uuid.uuid4().hex[:12]}"
    identifier = sql.Identifier(name)
    with _administrator("postgres") as administrator:
        administrator.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(identifier, sql.Identifier(TEMPLATE))
        )
    with _administrator(name) as administrator:
        roles.hand_over_database(administrator)
    monkeypatch.setenv("LINDUNG_DATABASE_NAME", name)
    connections.close_all()
    with django_db_blocker.unblock():
        yield name
        connections.close_all()
    with _administrator("postgres") as administrator:
        administrator.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@pytest.fixture
def as_role(django_db_setup: None) -> Iterator[Connect]:
    """Opens plain connections (autocommit) as one of our roles; they are closed when the test ends.

    `lindung_loader` cannot sign in: it is reached the way the programme reaches it, from the app role.
    """
    with ExitStack() as opened:

        def connect(role: str) -> Connection:
            via = addresses.APP if role == addresses.LOADER else role
            connection = opened.enter_context(psycopg.connect(**addresses.as_role(via), autocommit=True))
            if role != via:
                connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            return connection

        yield connect


@pytest.fixture
def as_owner(as_role: Connect) -> Connection:
    """A plain connection (autocommit) as the owner of the tables."""
    return as_role(addresses.OWNER)


@pytest.fixture
def empty_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder with nothing in it, for this test alone; a server started in it is stopped at the end."""
    home = _temporary_home()
    monkeypatch.setenv("LINDUNG_HOME", str(home))
    try:
        yield home
    finally:
        monkeypatch.setenv("LINDUNG_HOME", str(home))
        monkeypatch.delenv("LINDUNG_DATABASE_URL", raising=False)
        postgres.stop()
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def _home_to_copy(django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """A state folder with a migrated database and no server running: copying it is faster than making another."""
    from django.db import connections

    home = _temporary_home()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("LINDUNG_HOME", str(home))
        connections.close_all()
        provision.ensure()
        connections.close_all()
        postgres.stop()
    yield home
    shutil.rmtree(home)


@pytest.fixture
def own_home(empty_home: Path, _home_to_copy: Path) -> Path:
    """A state folder of this test alone, with a migrated database in a server of its own that is up.

    For tests that kill or stop a server; others take `fresh_database`, which costs a tenth.
    """
    subprocess.run(["cp", "-a", f"{_home_to_copy}/.", str(empty_home)], check=True)
    postgres.ensure()
    return empty_home


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium on this machine. Without one the test is skipped, and fails in CI."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found:
        return found
    sentence = "No Chromium on the PATH: install the package chromium to run the browser tests."
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def _administrator(database: str) -> Connection:
    return psycopg.connect(**addresses.as_administrator(database=database), autocommit=True)
