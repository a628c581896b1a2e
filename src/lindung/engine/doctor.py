"""Looks at everything the programme stands on, changes nothing, and says for each fault what to do."""

import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal, NamedTuple

import psycopg

from lindung.engine import addresses, clock, keys, postgres, provision, roles, state
from lindung.engine.roles import Connection
from lindung.engine.troubles import Trouble
from lindung.law.text import Text

GIGABYTE = 1024**3
LEAST_FREE = 1 * GIGABYTE
ENOUGH_FREE = 5 * GIGABYTE
LARGEST_DRIFT = timedelta(seconds=5)

Verdict = Literal["fine", "warning", "wrong", "not looked at"]


class Check(NamedTuple):
    """One thing looked at: its name for machines, the verdict, and a sentence with what to do."""

    name: str
    verdict: Verdict
    text: Text


def examine() -> list[Check]:
    """Every check, in the order in which one thing stands on another."""
    on_disk = [_python(), _installed(), _disk(), _folders(), _keys(), _clock()]
    server = _server()
    return [*on_disk, server, *(_inside() if _can_connect(server) else _not_looked_at())]


def is_healthy(checks: list[Check]) -> bool:
    """Whether nothing is wrong; warnings are for a person to weigh."""
    return all(check.verdict in ("fine", "warning") for check in checks)


def _python() -> Check:
    version = platform.python_version()
    return Check("python", "fine", Text(f"Python {version}.", f"Python {version}."))


def _installed() -> Check:
    """The launcher writes the stamp last, so an interrupted installation is seen here too."""
    stamp = state.CHECKOUT / ".venv" / "lindung.stamp"
    wanted = f"Python {platform.python_version()}\n" + _read(state.CHECKOUT / "requirements.lock")
    if stamp.exists() and _read(stamp) == wanted:
        return Check("packages", "fine", Text("Paket terpasang sesuai daftar.", "Packages are as locked."))
    return Check(
        "packages",
        "warning",
        Text(
            "Paket yang terpasang belum sama dengan requirements.lock. Jalankan lewat ./lindung sekali.",
            "The installed packages differ from requirements.lock. Start once through ./lindung.",
        ),
    )


def _disk() -> Check:
    free = shutil.disk_usage(_nearest(state.home())).free
    size = f"{free / GIGABYTE:.1f} GB"
    if free >= ENOUGH_FREE:
        return Check("disk", "fine", Text(f"Ruang kosong {size}.", f"{size} free."))
    verdict: Verdict = "warning" if free >= LEAST_FREE else "wrong"
    return Check(
        "disk",
        verdict,
        Text(f"Ruang kosong tinggal {size}. Kosongkan sebagian.", f"Only {size} free. Make room."),
    )


def _folders() -> Check:
    home = state.home()
    closed = [keys.folder(), state.server_folder(home)]
    secrets = sorted(keys.folder().glob("*")) if keys.folder().is_dir() else []
    open_ones = [path for path in (*closed, *secrets) if path.exists() and _others_may_look(path)]
    if open_ones:
        names = ", ".join(map(str, open_ones))
        return Check(
            "folders",
            "wrong",
            Text(
                f"Pengguna lain bisa membuka {names}. Tutup: chmod go= {names}",
                f"Others can open {names}. Close them: chmod go= {names}",
            ),
        )
    return Check(
        "folders", "fine", Text(f"Folder data {home} tertutup.", f"The state folder {home} is closed.")
    )


def _keys() -> Check:
    missing = keys.missing()
    if not missing:
        return Check("keys", "fine", Text("Semua kunci ada.", "All keys are there."))
    names = ", ".join(missing)
    return Check(
        "keys",
        "wrong",
        Text(
            f"Kunci belum ada: {names}. Pemasangan baru: ./lindung db start. Pemasangan lama: kembalikan cadangan.",
            f"Keys are missing: {names}. New installation: ./lindung db start. Old one: restore the backup.",
        ),
    )


def _clock() -> Check:
    try:
        now = clock.now()
    except Trouble as trouble:
        return Check("clock", "wrong", trouble.text)
    if clock.is_fixed():
        return Check(
            "clock",
            "warning",
            Text(
                f"Jam ditetapkan LINDUNG_NOW: {now:%d-%m-%Y}.", f"LINDUNG_NOW sets the clock: {now:%Y-%m-%d}."
            ),
        )
    return Check(
        "clock", "fine", Text(f"Sekarang {now:%d-%m-%Y %H:%M} WIB.", f"It is {now:%Y-%m-%d %H:%M} WIB.")
    )


def _server() -> Check:
    health = postgres.health()
    if health == "up":
        return Check("server", "fine", Text("Basis data menjawab.", "The database server answers."))
    if addresses.external_url():
        return Check(
            "server",
            "wrong",
            Text(
                "Server di LINDUNG_DATABASE_URL tidak menjawab. Periksa alamat dan jaringannya.",
                "The server at LINDUNG_DATABASE_URL does not answer. Check its address and the network.",
            ),
        )
    return Check(
        "server",
        "wrong",
        Text(
            "Basis data tidak menyala. Nyalakan: ./lindung db start",
            "The database is down. Start it: ./lindung db start",
        ),
    )


def _can_connect(server: Check) -> bool:
    return server.verdict == "fine" and not keys.missing()


def _inside() -> Iterator[Check]:
    """What only a connection of the app role can tell."""
    try:
        connection = psycopg.connect(**addresses.as_role(addresses.APP), autocommit=True)
    except psycopg.OperationalError:
        yield Check(
            "roles",
            "wrong",
            Text(
                f"Peran {addresses.APP} tidak bisa masuk. Pulihkan: ./lindung db start",
                f"The role {addresses.APP} cannot connect. Put it right: ./lindung db start",
            ),
        )
        return
    with connection:
        for look in _LOOKS:
            yield look(connection)


def _version(connection: Connection) -> Check:
    version = connection.info.server_version // 10_000
    try:
        roles.refuse_old_server(connection)
    except Trouble as trouble:
        return Check("version", "wrong", trouble.text)
    return Check("version", "fine", Text(f"PostgreSQL {version}.", f"PostgreSQL {version}."))


def _roles(connection: Connection) -> Check:
    wanted = set(roles.ATTRIBUTES)
    found = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(wanted)]
    ).fetchall()
    missing = ", ".join(sorted(wanted - {name for (name,) in found}))
    if missing:
        return Check(
            "roles",
            "wrong",
            Text(f"Peran belum ada: {missing}. Jalankan: ./lindung db start", f"Missing roles: {missing}."),
        )
    return Check("roles", "fine", Text("Keempat peran ada.", "All four roles are there."))


def _app_role(connection: Connection) -> Check:
    try:
        roles.refuse_unsafe_role(connection)
    except Trouble as trouble:
        return Check("app role", "wrong", trouble.text)
    return Check(
        "app role", "fine", Text("Peran layanan aman.", "The role that serves is held back as it must be.")
    )


def _schema(connection: Connection) -> Check:
    try:
        current = provision.is_current()
    except Trouble as trouble:
        return Check("schema", "wrong", trouble.text)
    if current:
        return Check("schema", "fine", Text("Skema sesuai versi ini.", "The schema is that of this version."))
    return Check(
        "schema",
        "wrong",
        Text(
            "Skema belum sesuai versi ini. Jalankan: ./lindung db start",
            "The schema is not that of this version. Run: ./lindung db start",
        ),
    )


def _same_time(connection: Connection) -> Check:
    row = connection.execute("SELECT clock_timestamp() - %s", [clock.unfixed()]).fetchone()
    drift = abs(row[0]) if row else timedelta.max
    if drift <= LARGEST_DRIFT:
        return Check("time", "fine", Text("Jam server sama.", "The server's clock agrees."))
    return Check(
        "time",
        "warning",
        Text(
            f"Jam server berbeda {drift.total_seconds():.0f} detik. Samakan lewat NTP.",
            f"The server's clock differs by {drift.total_seconds():.0f} seconds. Synchronise both by NTP.",
        ),
    )


def _tasks(connection: Connection) -> Check:
    """What failed beside the web and waits for somebody to look."""
    try:
        row = connection.execute(
            "SELECT count(*) FROM procrastinate_jobs j WHERE j.status = 'failed'"
            " AND NOT EXISTS (SELECT FROM jobs_jobclosure c WHERE c.job_id = j.id)"
        ).fetchone()
    except psycopg.errors.UndefinedTable:
        return next(check for check in _not_looked_at() if check.name == "tasks")
    count = row[0] if row else 0
    if not count:
        return Check(
            "tasks", "fine", Text("Tidak ada pekerjaan latar yang gagal.", "No background task has failed.")
        )
    return Check(
        "tasks",
        "warning",
        Text(
            f"{count} pekerjaan latar gagal. Buka halaman Pekerjaan latar.",
            f"{count} background tasks have failed. Open the page Background tasks.",
        ),
    )


_LOOKS: tuple[Callable[[Connection], Check], ...] = (
    _version,
    _roles,
    _app_role,
    _schema,
    _same_time,
    _tasks,
)


def _not_looked_at() -> Iterator[Check]:
    for name in ("version", "roles", "app role", "schema", "time", "tasks"):
        yield Check(
            name,
            "not looked at",
            Text(
                "Belum diperiksa: basis data belum bisa dibuka.",
                "Not looked at: the database cannot be opened.",
            ),
        )


def _others_may_look(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _nearest(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
