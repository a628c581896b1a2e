"""The keys: made once, closed, the same for everyone who asks at the same moment."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lindung.engine import keys

ASK = "from lindung.engine import keys; keys.make_all(); import sys; sys.stdout.write(keys.fingerprint())"


def test_they_are_made_once_and_kept(empty_home: Path) -> None:
    first = keys.sealing_ring()
    assert keys.sealing_ring() == first
    assert first.newest == 1
    assert {len(key) for key in first.keys.values()} == {32}
    assert len(keys.blind_index_key()) == 32
    assert stat.S_IMODE((empty_home / "keys" / "sealing_ring.json").stat().st_mode) == 0o600


def test_two_installations_share_nothing(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = (keys.blind_index_key(), keys.fingerprint(), keys.django_secret_key())
    monkeypatch.setenv("LINDUNG_HOME", str(empty_home / "other"))
    there = (keys.blind_index_key(), keys.fingerprint(), keys.django_secret_key())
    assert not set(here) & set(there)


def test_first_starts_at_the_same_moment_end_with_the_same_keys(empty_home: Path) -> None:
    asking = [
        subprocess.Popen([sys.executable, "-c", ASK], stdout=subprocess.PIPE, text=True) for _ in range(8)
    ]
    answers = {process.communicate(timeout=60)[0] for process in asking}
    assert answers == {keys.fingerprint()}
    assert not list((empty_home / "keys").glob(".*")), "no drafts are left behind"


def test_the_newest_of_several_sealing_keys_is_used(empty_home: Path) -> None:
    folder = empty_home / "keys"
    folder.mkdir()
    (folder / "sealing_ring.json").write_text(f'{{"1": "{"ab" * 32}", "2": "{"cd" * 32}"}}', encoding="ascii")
    ring = keys.sealing_ring()
    assert ring.newest == 2
    assert ring.keys[1] == b"\xab" * 32


def test_a_newer_sealing_key_leaves_the_fingerprint_as_it_is(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys.fingerprint()
    ring = keys.sealing_ring()
    monkeypatch.setattr(keys, "sealing_ring", lambda: keys.SealingRing(2, {**ring.keys, 2: b"x" * 32}))
    assert keys.fingerprint() == before


def test_looking_for_missing_keys_makes_none(empty_home: Path) -> None:
    assert "blind_index_key" in keys.missing()
    assert not (empty_home / "keys").exists()
    keys.make_all()
    assert keys.missing() == []


def test_the_loader_has_no_password(empty_home: Path) -> None:
    with pytest.raises(ValueError, match="lindung_loader"):
        keys.role_password("lindung_loader")
