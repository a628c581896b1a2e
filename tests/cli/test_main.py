"""The group of all commands: quick, complete, and silent about what it did not need."""

import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from lindung.cli import main
from lindung.cli.main import COMMANDS, Commands, lindung, run
from lindung.engine.troubles import Trouble
from lindung.law.text import Text


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_of_the_overview_exists_and_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(lindung, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert "Usage:" in answer.output


@pytest.mark.parametrize("words", [["--help"], ["db", "status"], ["doctor"]])
def test_what_needs_no_django_does_not_import_it(words: list[str]) -> None:
    program = (
        "import sys; from lindung.cli.main import lindung;"
        f"lindung({words!r}, standalone_mode=False, prog_name='lindung');"
        "sys.exit('django' in sys.modules or 'polars' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_it_is_ready_within_two_seconds() -> None:
    started = time.monotonic()
    subprocess.run([sys.executable, "-m", "lindung", "--help"], check=True, capture_output=True)
    assert time.monotonic() - started < 2


def test_an_unknown_command_is_wrong_usage() -> None:
    answer = CliRunner().invoke(lindung, ["lindungi"])
    assert answer.exit_code == 2


def test_a_trouble_becomes_its_sentence_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def troubled(self: Commands, *arguments: object, **more: object) -> None:
        raise Trouble(Text("Nyalakan dulu.", "Switch it on first."))

    monkeypatch.setattr(Commands, "main", troubled)
    monkeypatch.setenv("LINDUNG_LANG", "id")
    with pytest.raises(SystemExit) as end:
        run()
    assert end.value.code == 1
    assert capsys.readouterr().err == "Nyalakan dulu.\n"


def test_the_version_is_that_of_the_package() -> None:
    assert main.__version__ in CliRunner().invoke(lindung, ["--version"]).output
