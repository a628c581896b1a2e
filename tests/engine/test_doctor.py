"""The doctor looks, changes nothing, and says what to do."""

from pathlib import Path

import psycopg
import pytest

from lindung.engine import addresses, doctor, postgres, provision, state

GOOD = {
    "python",
    "disk",
    "folders",
    "keys",
    "clock",
    "server",
    "version",
    "roles",
    "app role",
    "schema",
    "time",
    "tasks",
}


def verdicts() -> dict[str, str]:
    return {check.name: check.verdict for check in doctor.examine()}


def sentence(name: str) -> str:
    return next(check.text.en for check in doctor.examine() if check.name == name)


def test_a_running_installation_is_healthy(django_db_setup: None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = verdicts()
    assert {name for name, verdict in found.items() if verdict == "fine"} >= GOOD - {"disk"}
    assert doctor.is_healthy(doctor.examine())


def test_every_sentence_is_said_in_both_languages(django_db_setup: None) -> None:
    assert all(check.text.id and check.text.en for check in doctor.examine())


def test_before_the_first_start_it_names_the_command_and_makes_nothing(empty_home: Path) -> None:
    found = verdicts()
    assert found["server"] == "wrong"
    assert found["schema"] == "not looked at"
    assert "./lindung db start" in sentence("server")
    assert "./lindung db start" in sentence("keys")
    assert not doctor.is_healthy(doctor.examine())
    assert list(empty_home.iterdir()) == []


def test_it_finds_an_open_key(own_home: Path) -> None:
    (own_home / "keys" / "blind_index_key").chmod(0o644)
    assert verdicts()["folders"] == "wrong"
    assert "blind_index_key" in sentence("folders")


def test_it_finds_a_lost_key(own_home: Path) -> None:
    (own_home / "keys" / "sealing_ring.json").unlink()
    assert verdicts()["keys"] == "wrong"
    assert "sealing_ring.json" in sentence("keys")


def test_it_finds_a_server_without_roles(empty_home: Path) -> None:
    postgres.ensure()
    assert verdicts()["roles"] == "wrong"
    assert "./lindung db start" in sentence("roles")


def test_it_finds_a_schema_of_another_version(django_db_setup: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provision, "stamp", lambda: "of the next version")
    assert verdicts()["schema"] == "wrong"


def test_it_finds_an_app_role_that_may_too_much(fresh_database: str) -> None:
    with psycopg.connect(**addresses.as_administrator(), autocommit=True) as administrator:
        administrator.execute("ALTER ROLE lindung_app BYPASSRLS")
        try:
            assert verdicts()["app role"] == "wrong"
        finally:
            administrator.execute("ALTER ROLE lindung_app NOBYPASSRLS")


@pytest.mark.parametrize(("free", "verdict"), [(9, "fine"), (3, "warning"), (0.5, "wrong")])
def test_it_weighs_the_free_disk(monkeypatch: pytest.MonkeyPatch, free: float, verdict: str) -> None:
    usage = type("Usage", (), {"free": int(free * doctor.GIGABYTE)})
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage)
    assert verdicts()["disk"] == verdict


def test_a_fixed_clock_is_a_warning_and_garbage_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINDUNG_NOW", "2026-11-22")
    assert verdicts()["clock"] == "warning"
    monkeypatch.setenv("LINDUNG_NOW", "besok")
    assert verdicts()["clock"] == "wrong"


def test_it_notices_packages_other_than_the_locked_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(state, "CHECKOUT", tmp_path)
    (tmp_path / "requirements.lock").write_text("click==8\n", encoding="utf-8")
    (tmp_path / ".venv").mkdir()
    stamp = tmp_path / ".venv" / "lindung.stamp"
    stamp.write_text("Python 3.9\nclick==7\n", encoding="utf-8")
    assert verdicts()["packages"] == "warning"
    stamp.write_text(f"Python {doctor.platform.python_version()}\nclick==8\n", encoding="utf-8")
    assert verdicts()["packages"] == "fine"
