"""Starts the embedded database server, finds it again when it runs, and brings it back after a crash.

The server outlives whoever started it; only `stop` ends it. Whether it lives is always asked by a connection,
never by a process number: a killed postmaster can stay behind as a zombie with a number that still answers.
"""

import fcntl
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from psycopg import pq

from lindung.engine import addresses, keys, programs, state
from lindung.engine.troubles import KeysDoNotFit, ServerWillNotStart, ServerWillNotStop
from lindung.law.text import Text

PATIENCE = 600
"""Seconds a start may take: recovery after a crash during a large load is long, and must not be cut short."""
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)
"""Seconds between start attempts: right after a kill the old children may still hold the shared memory."""

CONFIGURATION = """\
# Written by Lindung at every start.
listen_addresses = ''
unix_socket_directories = '"{socket}"'
unix_socket_permissions = 0700
max_connections = 80
shared_buffers = 128MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
jit = off
# Ten thousand people are enrolled in seconds: until the statistics follow, pages are planned as if there were nobody.
autovacuum_naptime = 10s
# Named shared memory is scarce in containers and is swept away when its user logs out of a systemd machine.
dynamic_shared_memory_type = mmap
min_dynamic_shared_memory = 32MB
timezone = 'Asia/Jakarta'
log_timezone = 'Asia/Jakarta'
logging_collector = on
log_directory = '{log}'
log_filename = 'postgres-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
# The values of a failed statement are people's data: they stay out of the log.
log_error_verbosity = terse
log_min_error_statement = panic
"""

Health = Literal["up", "starting", "down"]


class Status(NamedTuple):
    """What `lindung db status` says."""

    health: Health
    initialised: bool
    data: Path
    socket: Path


def status() -> Status:
    """How the embedded server is, without changing anything."""
    where = state.home()
    return Status(health(), _initialised(where), _data(where), state.socket_folder(where))


def health() -> Health:
    """What the server answers to a real connection."""
    answer = pq.PGconn.ping(addresses.ping_target().encode())
    if answer == pq.Ping.OK:
        return "up"
    return "starting" if answer == pq.Ping.REJECT else "down"


def ensure() -> None:
    """Make sure the server answers: initialise it, start it, or wait for the one who is just doing so.

    Raises ServerWillNotStart with the end of its log, and KeysDoNotFit when the keys of its data are gone.
    """
    where = state.home()
    _refuse_lost_keys(where)
    if health() == "up":
        return
    keys.make_all()
    state.prepare(where)
    with _alone(where):
        if health() != "up":
            _bring_up(where)


def stop() -> bool:
    """Stop the server and wait until it is gone; False when it was not running.

    Raises ServerWillNotStop when it does not end.
    """
    where = state.home()
    if not _initialised(where):
        return False
    with _alone(where):
        _stopped_mark(where).touch()
        if health() == "down" and not _has_live_postmaster(where):
            return False
        ended = _run(
            [
                programs.find(where) / "pg_ctl",
                "stop",
                "-D",
                _data(where),
                "-m",
                "fast",
                "-w",
                "-t",
                str(PATIENCE),
            ]
        )
    if ended.returncode and health() != "down":
        raise ServerWillNotStop(
            Text(
                f"Basis data tidak mau berhenti: {ended.stderr.strip()}",
                f"The database server does not stop: {ended.stderr.strip()}",
            )
        )
    return True


def stopped_on_purpose() -> bool:
    """Whether the server is down because someone said `stop`, and not by accident."""
    return _stopped_mark(state.home()).exists()


def _refuse_lost_keys(where: Path) -> None:
    """New keys beside old data would be worse than none: what is sealed could never be read again."""
    missing = keys.missing_for_good() if _initialised(where) else []
    if missing:
        raise KeysDoNotFit(
            Text(
                f"Kunci hilang dari {keys.folder()}: {', '.join(missing)}. Kembalikan folder itu dari cadangan.",
                f"Keys are gone from {keys.folder()}: {', '.join(missing)}. Restore that folder from its backup.",
            )
        )


def _bring_up(where: Path) -> None:
    _stopped_mark(where).unlink(missing_ok=True)
    folder = state.own_folder(state.server_folder(where))
    state.own_folder(state.socket_folder(where))
    state.own_folder(folder / "log")
    binaries = programs.find(where)
    if not _initialised(where):
        _initialise(where, binaries)
    _refuse_other_major_version(where, binaries)
    _configure(where)
    for pause in (*PAUSES, 0):
        _forget_dead_postmaster(where)
        if _start(where, binaries) or _became_ready():
            return
        time.sleep(pause)
    raise ServerWillNotStart(
        Text(
            f"Basis data tidak mau berjalan. Catatan terakhirnya:\n{_last_words(where)}",
            f"The database server does not start. Its last words:\n{_last_words(where)}",
        )
    )


def _start(where: Path, binaries: Path) -> bool:
    options = f"-c config_file={shlex.quote(str(_configuration(where)))}"
    start: list[str | Path] = [binaries / "pg_ctl", "start", "-D", _data(where), "-l", _first_words(where)]
    _run([*start, "-w", "-t", str(PATIENCE), "-o", options])
    return health() == "up"


def _became_ready() -> bool:
    """Wait for a server that someone else is starting, or that is still recovering."""
    deadline = time.monotonic() + PATIENCE
    while (now := health()) == "starting" and time.monotonic() < deadline:
        time.sleep(0.1)
    return now == "up"


def _initialise(where: Path, binaries: Path) -> None:
    """Create the data folder under another name and move it into place, so that half of one is never used."""
    draft = state.server_folder(where) / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    secret = state.server_folder(where) / "bootstrap"
    _write_for_server(secret, keys.role_password(addresses.BOOTSTRAP))
    # Builtin C.UTF-8 sorts the same on every machine; before 17 the C library's own is the nearest thing.
    builtin = programs.major_version(binaries) >= 17
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if builtin else []
    arguments: list[str | Path] = [
        *(binaries / "initdb", "-D", draft, "-U", addresses.BOOTSTRAP, f"--pwfile={secret}", "-E", "UTF8"),
        *("--locale=C.UTF-8", *locale, "--auth=scram-sha-256", "--data-checksums"),
    ]
    try:
        done = _run(arguments)
    finally:
        secret.unlink()
    if done.returncode:
        raise ServerWillNotStart(
            Text(
                f"Basis data baru tidak bisa dibuat: {done.stderr.strip()}",
                f"A new database could not be created: {done.stderr.strip()}",
            )
        )
    draft.rename(_data(where))


def _refuse_other_major_version(where: Path, binaries: Path) -> None:
    kept = (_data(where) / "PG_VERSION").read_text(encoding="ascii").strip()
    ours = str(programs.major_version(binaries))
    if kept != ours:
        raise ServerWillNotStart(
            Text(
                f"Data di {_data(where)} ditulis PostgreSQL {kept}, tetapi program yang ada versi {ours}. "
                f"Isi LINDUNG_PG_BIN dengan program PostgreSQL {kept}.",
                f"The data in {_data(where)} was written by PostgreSQL {kept}, but the programs are {ours}. "
                f"Set LINDUNG_PG_BIN to the programs of PostgreSQL {kept}.",
            )
        )


def _configure(where: Path) -> None:
    places = {"socket": state.socket_folder(where), "log": state.server_folder(where) / "log"}
    quoted = {name: str(path).replace("'", "''") for name, path in places.items()}
    _write_for_server(_configuration(where), CONFIGURATION.format(**quoted))


def _forget_dead_postmaster(where: Path) -> None:
    """Remove a lock file whose process is a zombie or, after a reboot, somebody else.

    PostgreSQL itself only asks whether the number is in use. We hold our own lock and nobody answers on the socket,
    so the file is stale unless a live process of that number works on this very data folder.
    """
    if Path("/proc/self/stat").exists() and not _has_live_postmaster(where):
        _lock_file(where).unlink(missing_ok=True)
    # Without /proc PostgreSQL's own judgement has to do.


def _has_live_postmaster(where: Path) -> bool:
    process = _process_in(_lock_file(where))
    return process is not None and _works_on(process, _data(where))


def _process_in(lock: Path) -> int | None:
    try:
        return int(lock.read_text(encoding="ascii").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _works_on(process: int, data: Path) -> bool:
    try:
        return os.path.samefile(f"/proc/{process}/cwd", data)
    except OSError:
        return False  # gone, or a zombie: it has no working folder any more


@contextmanager
def _alone(where: Path) -> Iterator[None]:
    """Only one process at a time starts or stops the server; the lock dies with its holder."""
    with (where / "server.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(arguments: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a server program under the server's user, with nothing of our environment."""
    user = state.server_user()
    return subprocess.run(  # noqa: S603 - programs we located ourselves, no shell
        [str(argument) for argument in arguments],
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _write_for_server(path: Path, content: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    user = state.server_user()
    if user:
        os.fchown(handle, user.uid, user.gid)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)


def _last_words(where: Path) -> str:
    folder = state.server_folder(where)
    latest = max([*folder.glob("*.log"), *folder.glob("log/*.log")], key=_changed, default=None)
    text = latest.read_text(encoding="utf-8", errors="replace") if latest else ""
    return "\n".join(text.splitlines()[-8:])


def _changed(path: Path) -> float:
    return path.stat().st_mtime


def _initialised(where: Path) -> bool:
    return (_data(where) / "PG_VERSION").exists()


def _data(where: Path) -> Path:
    return state.server_folder(where) / "data"


def _stopped_mark(where: Path) -> Path:
    return where / "stopped"


def _lock_file(where: Path) -> Path:
    return _data(where) / "postmaster.pid"


def _configuration(where: Path) -> Path:
    return state.server_folder(where) / "postgresql.conf"


def _first_words(where: Path) -> Path:
    return state.server_folder(where) / "start.log"
