"""Which PostgreSQL programs are run, and from where."""

import subprocess
from pathlib import Path

import pytest

from lindung.engine import programs, state
from lindung.engine.state import SystemUser
from lindung.engine.troubles import NoServerPrograms

STRANGER = SystemUser("stranger", 54321, 54321)


def test_the_wheel_brings_them(tmp_path: Path) -> None:
    found = programs.find(tmp_path)
    assert (found / "pg_dump").is_file()
    assert programs.major_version(found) == 18


def test_lindung_pg_bin_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for program in ("postgres", "initdb"):
        (tmp_path / program).touch()
    monkeypatch.setenv("LINDUNG_PG_BIN", str(tmp_path))
    monkeypatch.setattr(state, "server_user", lambda: None)
    assert programs.find(tmp_path) == tmp_path


def test_a_wrong_lindung_pg_bin_is_said_and_not_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LINDUNG_PG_BIN", str(tmp_path))
    with pytest.raises(NoServerPrograms, match="Correct LINDUNG_PG_BIN"):
        programs.find(tmp_path)


def test_without_any_programs_the_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LINDUNG_PG_BIN", raising=False)
    monkeypatch.setattr(programs, "_known_folders", lambda: iter(()))
    with pytest.raises(NoServerPrograms, match="Install the package postgresql"):
        programs.find(tmp_path)


def test_they_are_copied_whole_when_the_servers_user_cannot_reach_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(state, "server_user", lambda: STRANGER)
    monkeypatch.setattr(state, "reachable", lambda path, user: False)
    copy = programs.find(tmp_path)
    assert copy.is_relative_to(tmp_path)
    for program in ("initdb", "psql", "postgres"):  # initdb and psql need the libraries beside the copy
        subprocess.run([copy / program, "--version"], check=True, env={}, capture_output=True)
    assert (copy.parent / "share/extension/btree_gist.control").is_file()
    assert programs.find(tmp_path) == copy
    assert [entry.name for entry in (tmp_path / "programs").iterdir() if entry.name.startswith(".")] == []
