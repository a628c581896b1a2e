"""What every test may ask for: a real database server in a folder of its own, roles to connect as, a browser.

One server is started per process, in a temporary state folder, and stopped at its end, also after Ctrl-C. Tests marked
`django_db` share one migrated database as the app role and roll back. Tests that need real commits, races or
kills take `fresh_database`, a copy that is theirs alone.
"""

import fcntl
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

from lindung.engine import addresses, postgres, provision, state
from stages import TEMPLATE, Stages, copy_database, drop_database, entered

# How long an example takes says how busy the machine is, not whether it is right; speed is measured in benchmarks/.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

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
    return _folder(Path(tempfile.mkdtemp(prefix=f"lindung-tests-{os.getpid()}-", dir=place)))


def _folder(home: Path) -> Path:
    """A folder the server's user can pass through, and nobody else can read."""
    home.mkdir(exist_ok=True)
    home.chmod(0o711 if state.server_user() else 0o700)
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
"""With `-n 2`, each of the processes that pytest-xdist starts has one, with a server of its own."""
SHARED_BY_THE_RUN = Path(os.environ.setdefault("TESTS_SHARE", str(HOME_OF_THE_RUN)))
"""The folder of the process that was started first, which ends last."""
BESIDE_OTHERS = "PYTEST_XDIST_WORKER" in os.environ
"""Whether other processes run other files of the same run at the same time."""
_clear_abandoned_homes(HOME_OF_THE_RUN.parent)
os.environ["LINDUNG_HOME"] = str(HOME_OF_THE_RUN)
os.environ["PYTHONPATH"] = str(state.CHECKOUT / "src")  # for the processes that tests start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where processes share the run, files marked `slow` come first: none of them is left alone at the end."""
    if BESIDE_OTHERS:
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


def pytest_unconfigure() -> None:
    """Leave nothing behind, whether the run used the server or not, ended well or by Ctrl-C."""
    _clear(HOME_OF_THE_RUN)
    if not BESIDE_OTHERS:  # a process that was not given the time to stop its server has left it behind
        _clear_abandoned_homes(HOME_OF_THE_RUN.parent)


@pytest.fixture(scope="session")
def server(saved_home: Path) -> Path:
    """The state folder of this process's one database server, which is up."""
    _begin_from(saved_home, HOME_OF_THE_RUN)
    return HOME_OF_THE_RUN


@pytest.fixture(scope="session")
def django_db_setup(server: Path, django_db_blocker: DjangoDbBlocker) -> None:
    """An untouched template, and the database of all who roll back; replaces pytest-django's own test database."""
    from django.db import connections

    import world

    copy_database(addresses.DEFAULT_DATABASE, TEMPLATE)
    with django_db_blocker.unblock():
        world.open_months()
        connections.close_all()


@pytest.fixture(scope="session")
def stages(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Stages:
    """Saved databases in which a village or a city stands already (tests/stages.py)."""
    return Stages(django_db_blocker)


@pytest.fixture
def starting_point(django_db_setup: None) -> str:
    """The saved database that ``fresh_database`` copies; a folder whose tests begin further on says another."""
    return TEMPLATE


@pytest.fixture
def fresh_database(
    starting_point: str, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The name of a migrated database of this test alone; Django and every subprocess are connected to it."""
    name = f"fresh_{uuid.uuid4().hex[:12]}"
    copy_database(starting_point, name)
    # By the patch that the test itself may hold: what is set last must be the first to go.
    with entered(name, monkeypatch), django_db_blocker.unblock():
        yield name
    drop_database(name)


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
def saved_home(django_db_blocker: DjangoDbBlocker) -> Path:
    """A state folder with a migrated database and no server running: copying it is faster than making another.

    The processes of one run share it; the first to ask makes it, and the others wait.
    """
    from django.db import connections

    home = SHARED_BY_THE_RUN / "saved"
    with (SHARED_BY_THE_RUN / "saved.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if home.exists():
            return home
        with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
            making = _folder(SHARED_BY_THE_RUN / "making")
            patch.setenv("LINDUNG_HOME", str(making))
            provision.ensure()
            connections.close_all()
            postgres.stop()
        return making.rename(home)


def _begin_from(saved: Path, home: Path) -> None:
    """Copy the saved state folder, and start its server; for the one whose home is named in the environment."""
    subprocess.run(["cp", "-a", f"{saved}/.", str(home)], check=True)
    postgres.ensure()


@pytest.fixture
def own_home(empty_home: Path, saved_home: Path) -> Path:
    """A state folder of this test alone, with a migrated database in a server of its own that is up.

    For tests that kill or stop a server; others take `fresh_database`, which costs a tenth.
    """
    _begin_from(saved_home, empty_home)
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
