"""The command line as a test calls it: in this process with the town of the command-line tests, or as a program of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from cli.town import NOW, Town, acting, build
from lindung.access.models import AuditEvent, Role
from lindung.access.scope import in_scope
from lindung.cli.main import lindung
from lindung.cli.speaking import words
from lindung.engine.state import CHECKOUT
from lindung.engine.troubles import Trouble
from stages import Stage, stage_of


class Answer(NamedTuple):
    """What a command left behind: its exit code, and what it wrote to each stream."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it wrote for machines."""
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _a_known_day_and_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINDUNG_NOW", NOW.isoformat())
    monkeypatch.setenv("LINDUNG_LANG", "en")


town_stage = stage_of(build, now=NOW)


@pytest.fixture
def town(town_stage: Stage[Town], db: None) -> Town:
    """Two cities and their people, one list enrolled and paid from August to October 2026; the same in each test."""
    return town_stage.found()


@pytest.fixture
def run() -> Run:
    """Call a command within this process, and so within the transaction of the test."""

    def call(*arguments: str | Path, typed: str | None = None) -> Answer:
        result = CliRunner().invoke(lindung, [str(each) for each in arguments], input=typed)
        if isinstance(result.exception, Trouble):  # as `lindung.cli.main.run` ends
            return Answer(1, result.stdout, f"{result.stderr}{words(result.exception.text)}\n")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return call


@contextmanager
def as_officer(town: Town) -> Iterator[None]:
    """See what the city officer sees."""
    actor, scope = acting(town.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        yield


def events(town: Town, action: str) -> list[AuditEvent]:
    """What the trail holds of this kind, as the city officer sees it."""
    with as_officer(town):
        return list(AuditEvent.objects.filter(action=action).order_by("pk"))


def program(*arguments: str | Path, typed: str = "", **environment: str) -> Answer:
    """Run `python -m lindung` as a program of its own, on the state folder of this run unless another is named."""
    done = subprocess.run(
        [sys.executable, "-m", "lindung", *map(str, arguments)],
        env=surroundings(**environment),
        input=typed,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def surroundings(**environment: str) -> dict[str, str]:
    """The environment of a program of its own."""
    return {**os.environ, "PYTHONPATH": str(CHECKOUT / "src"), "LINDUNG_LANG": "en", **environment}
