"""`lindung check` and `lindung test` fail when anything fails, and say what."""

import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner

from lindung.cli import checking

GOOD = [sys.executable, "-c", ""]
BAD = [sys.executable, "-c", "raise SystemExit(3)"]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every command that was run, in order; pytest and apt are only noted."""
    noted: list[list[str]] = []
    real = subprocess.run

    def run(command: list[str], **more: Any) -> Any:
        noted.append(command)
        harmless = command in (GOOD, BAD)
        return real(command, **more) if harmless else subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setenv("LINDUNG_LANG", "en")
    return noted


def test_all_checks_run_even_after_one_failed(runs: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "CHECKS", {"style": BAD, "types": GOOD})
    answer = CliRunner().invoke(checking.check)
    assert answer.exit_code == 1
    assert [line.split()[:2] for line in answer.output.splitlines()] == [
        ["FAILED", "style"],
        ["passed", "types"],
    ]


def test_when_all_pass_the_exit_code_is_0(runs: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "CHECKS", {"style": GOOD})
    assert CliRunner().invoke(checking.check).exit_code == 0


def test_the_checks_are_those_of_the_house() -> None:
    assert list(checking.CHECKS) == [
        "ruff check",
        "ruff format",
        "mypy --strict",
        "import contract",
        "house rules",
    ]


def test_the_tests_run_after_the_checks_with_the_words_given(
    runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "CHECKS", {"style": BAD})
    monkeypatch.setattr(checking.shutil, "which", lambda name: f"/usr/bin/{name}")
    answer = CliRunner().invoke(checking.test, ["tests/law", "-k", "jkm", "-x"])
    assert runs[-1] == [sys.executable, "-m", "pytest", "tests/law", "-k", "jkm", "-x"]
    assert answer.exit_code == 1, "a failed check fails the whole"


def test_without_words_all_tests_run_on_every_core(
    runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "CHECKS", {"style": GOOD})
    monkeypatch.setattr(checking.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert CliRunner().invoke(checking.test).exit_code == 0
    assert runs[-1] == [sys.executable, "-m", "pytest", *checking.ON_EVERY_CORE]


def test_chromium_is_installed_by_root_where_there_is_apt(
    runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        checking.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None
    )
    monkeypatch.setattr(checking.os, "geteuid", lambda: 0)
    checking._provide_chromium()
    assert [command[1] for command in runs] == ["update", "install"]
    assert runs[-1][-1] == "chromium"


def test_others_are_told_that_browser_tests_are_skipped(
    runs: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checking.shutil, "which", lambda name: None)
    checking._provide_chromium()
    assert runs == []
    assert "browser tests are skipped" in capsys.readouterr().err
