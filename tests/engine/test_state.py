"""The state folder: where it is, who may enter what."""

import os
import stat
from pathlib import Path

import pytest

from lindung.engine import postgres, state
from lindung.engine.state import SystemUser
from lindung.engine.troubles import FolderUnusable

STRANGER = SystemUser("stranger", 54321, 54321)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_lies_where_lindung_home_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LINDUNG_HOME", str(tmp_path / "data"))
    assert state.home() == tmp_path / "data"
    assert state.demo_home() == tmp_path / "data" / "demo"


def test_it_lies_beside_the_source_for_an_ordinary_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINDUNG_HOME")
    monkeypatch.setattr(state, "server_user", lambda: None)
    assert state.home() == state.CHECKOUT / ".lindung"


def test_it_moves_to_var_lib_when_root_hides_the_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LINDUNG_HOME")
    monkeypatch.setattr(state, "server_user", lambda: STRANGER)
    monkeypatch.setattr(state, "CHECKOUT", tmp_path)
    tmp_path.chmod(0o700)
    assert state.home().parent == Path("/var/lib/lindung")


def test_a_closed_folder_on_the_way_makes_it_unreachable(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    assert not state.reachable(inner, STRANGER)


def test_its_owner_and_group_are_judged_by_their_own_bits(tmp_path: Path) -> None:
    tmp_path.chmod(0o710)
    facts = tmp_path.stat()
    assert state._may_enter(facts, SystemUser("owner", facts.st_uid, 54321))
    assert state._may_enter(facts, SystemUser("member", 54321, facts.st_gid))
    assert not state._may_enter(facts, STRANGER)


def test_an_unreachable_folder_is_refused_with_advice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(state, "server_user", lambda: STRANGER)
    with pytest.raises(FolderUnusable, match="LINDUNG_HOME"):
        state.prepare(tmp_path / "home")


def test_a_folder_that_cannot_be_made_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(FolderUnusable, match="LINDUNG_HOME"):
        state.prepare(tmp_path / "file" / "home")


def test_a_folder_of_someone_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "socket").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(FolderUnusable, match="belongs to someone else"):
        state.own_folder(tmp_path / "socket")


def test_a_link_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "socket").symlink_to(tmp_path / "real")
    with pytest.raises(FolderUnusable):
        state.own_folder(tmp_path / "socket")


def test_everything_secret_is_closed_once_the_server_runs(empty_home: Path) -> None:
    postgres.ensure()
    user = state.server_user()
    assert mode(empty_home) == (0o711 if user else 0o700)
    assert mode(empty_home / "keys") == 0o700
    assert {mode(key) for key in (empty_home / "keys").iterdir()} == {0o600}
    for folder in ("server", "server/data", "server/socket", "server/log"):
        assert mode(empty_home / folder) == 0o700
        assert (empty_home / folder).stat().st_uid == (user.uid if user else os.geteuid())


def test_a_long_path_puts_the_socket_in_a_short_folder(tmp_path: Path) -> None:
    short, long = tmp_path / "a", tmp_path / ("a" * 100)
    assert state.socket_folder(Path("/srv/l")) == Path("/srv/l/server/socket")
    folder = state.socket_folder(long)
    assert len(os.fsencode(folder / state.SOCKET_NAME)) <= state.LONGEST_SOCKET_PATH
    assert folder != state.socket_folder(short / ("b" * 100))


def test_the_mark_of_the_demo_stays(tmp_path: Path) -> None:
    assert not state.is_demo(tmp_path)
    state.mark_demo(tmp_path)
    assert state.is_demo(tmp_path)
