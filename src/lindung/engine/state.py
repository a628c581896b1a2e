"""The state folder: the one place on disk where an installation keeps its database, its keys and its files."""

import hashlib
import os
import pwd
import stat
import tempfile
from pathlib import Path
from typing import NamedTuple

from lindung.engine.troubles import FolderUnusable
from lindung.law.text import Text

CHECKOUT = Path(__file__).resolve().parents[3]
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103
"""Bytes a unix socket path may have on every supported system (Linux 107, macOS 103)."""


class SystemUser(NamedTuple):
    """An account of this machine."""

    name: str
    uid: int
    gid: int


def server_user() -> SystemUser | None:
    """The account the database server runs under when we are root; None when it runs under ours.

    PostgreSQL refuses to run as root. Raises FolderUnusable where no unprivileged account exists.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(name, entry.pw_uid, entry.pw_gid)
    raise FolderUnusable(
        Text(
            "Basis data tidak boleh berjalan sebagai root dan tidak ada pengguna postgres atau nobody. "
            "Jalankan Lindung sebagai pengguna biasa.",
            "The database must not run as root and there is no user postgres or nobody. "
            "Start Lindung as an ordinary user.",
        )
    )


def home() -> Path:
    """The state folder: LINDUNG_HOME, else `.lindung` in the checkout, else (root, unreachable) /var/lib/lindung."""
    chosen = os.environ.get("LINDUNG_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    beside_the_source = CHECKOUT / ".lindung"
    user = server_user()
    if user is None or reachable(CHECKOUT, user):
        return beside_the_source
    return Path("/var/lib/lindung") / _short_hash(CHECKOUT)


def demo_home() -> Path:
    """The state folder of the demonstration, inside the ordinary one and without any part in common."""
    return home() / "demo"


def reachable(path: Path, user: SystemUser) -> bool:
    """Whether that user can walk down to `path` (its missing tail would be made by us)."""
    for folder in (path, *path.parents):
        try:
            facts = folder.stat()
        except FileNotFoundError:
            continue
        if not _may_enter(facts, user):
            return False
    return True


def prepare(where: Path) -> None:
    """Make the state folder with the rights it needs; harmless when it is already there.

    Only the way through is open to the server's user; everything inside has its own, closed folder.
    Raises FolderUnusable when it cannot be written or the server could never reach it.
    """
    user = server_user()
    try:
        where.mkdir(mode=0o711 if user else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(
            Text(
                f"Folder {where} tidak bisa dibuat ({error.strerror}). "
                "Isi LINDUNG_HOME dengan folder yang bisa ditulis.",
                f"The folder {where} cannot be made ({error.strerror}). "
                "Set LINDUNG_HOME to a folder you can write to.",
            )
        ) from error
    if user is None:
        return
    where.chmod(0o711)
    if not reachable(where, user):
        raise FolderUnusable(
            Text(
                f"Pengguna {user.name}, yang menjalankan basis data, tidak bisa masuk ke {where}. "
                "Isi LINDUNG_HOME dengan folder yang terbuka, misalnya /var/lib/lindung.",
                f"User {user.name}, who runs the database, cannot enter {where}. "
                "Set LINDUNG_HOME to a folder that is open on the way, for example /var/lib/lindung.",
            )
        )


def own_folder(path: Path) -> Path:
    """A folder inside the state folder that only the server's user (or we) may open: mode 0700."""
    path.mkdir(mode=0o700, exist_ok=True)
    facts = path.lstat()
    user = server_user()
    owner = user.uid if user else os.geteuid()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {owner, os.geteuid()}:
        raise FolderUnusable(
            Text(
                f"{path} milik pengguna lain. Hapus folder itu atau pilih LINDUNG_HOME yang lain.",
                f"{path} belongs to someone else. Remove it or choose another LINDUNG_HOME.",
            )
        )
    if user and facts.st_uid != user.uid:
        os.chown(path, user.uid, user.gid)
    path.chmod(0o700)
    return path


def server_folder(where: Path) -> Path:
    """Where the database server keeps its data and its log."""
    return where / "server"


def checkpoint_folder(where: Path) -> Path:
    """Where signed checkpoints are kept, unless another place is named."""
    return where / "checkpoints"


def socket_folder(where: Path) -> Path:
    """Where the server's socket lies; a hashed folder in the temporary directory when the path would be too long."""
    inside = server_folder(where) / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return inside
    return Path(tempfile.gettempdir()) / f"lindung-{os.geteuid()}-{_short_hash(where)}"


def is_demo(where: Path | None = None) -> bool:
    """Whether this state folder holds invented people only."""
    return _demo_mark(where or home()).exists()


def mark_demo(where: Path | None = None) -> None:
    """Say, for good, that this state folder holds invented people only."""
    _demo_mark(where or home()).write_text("Data contoh. Invented data.\n", encoding="utf-8")


def _demo_mark(where: Path) -> Path:
    return where / "DEMO"


def _may_enter(facts: os.stat_result, user: SystemUser) -> bool:
    if facts.st_uid == user.uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == user.gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
