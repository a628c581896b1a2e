"""`lindung db` and `lindung doctor`, as a person and as a machine read them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from lindung.cli.main import lindung
from lindung.engine import postgres


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINDUNG_LANG", "en")


@pytest.fixture
def migrations_allowed(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """`db start` migrates through Django's own connections, to a server of this test alone."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()


def asked(*words: str) -> tuple[int, str]:
    answer = CliRunner().invoke(lindung, words)
    return answer.exit_code, answer.output


def test_status_stop_and_start_say_what_is(own_home: Path, migrations_allowed: None) -> None:
    assert asked("db", "status") == (0, "The database is up.\n")
    assert asked("db", "stop") == (0, "The database is down. Start it: ./lindung db start\n")
    assert asked("db", "status")[0] == 3
    assert asked("db", "start") == (0, "The database is up.\n")
    assert postgres.health() == "up"


def test_status_tells_machines_where_things_are(own_home: Path) -> None:
    code, output = asked("db", "status", "--json")
    assert code == 0
    facts = json.loads(output)
    assert facts["health"] == "up"
    assert facts["embedded"] is True
    assert Path(facts["data"]).is_relative_to(own_home)


def test_the_doctor_is_content_with_a_running_installation(own_home: Path) -> None:
    code, output = asked("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(output)}
    assert code == 0
    assert checks["schema"]["verdict"] == "fine"
    assert set(checks["schema"]["text"]) == {"id", "en"}


def test_the_doctor_ends_with_1_when_something_is_wrong(empty_home: Path) -> None:
    code, output = asked("doctor")
    assert code == 1
    assert "WRONG" in output
    assert "./lindung db start" in output
