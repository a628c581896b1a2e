"""`lindung serve`: answers browsers, refuses what it must not do, ends when told to."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from lindung.cli import serving
from lindung.cli.main import lindung
from lindung.engine import addresses, state
from lindung.engine.troubles import AddressInUse, NotForOthers, Trouble


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def answers(site: "Site") -> bool:
    try:
        return status(f"{site.address}/healthz") == 200
    except urllib.error.URLError:
        return False


class Site:
    """A `lindung serve` of its own process group, on a free port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lindung", "serve", "--port", str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "LINDUNG_LANG": "en"},
        )
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline()

    def end(self, by: signal.Signals) -> tuple[int, str]:
        """Send the signal to the first process; its exit code and what it said on the error stream."""
        self.process.send_signal(by)
        errors = self.process.communicate(timeout=30)[1]
        return self.process.returncode, errors

    def workers(self) -> list[Path]:
        return [
            entry
            for entry in Path("/proc").glob("[0-9]*")
            if f"PPid:\t{self.process.pid}\n" in _text(entry / "status")
            and "spawn_main" in _text(entry / "cmdline")
        ]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


@pytest.fixture
def site(fresh_database: str) -> Iterator[Site]:
    site = Site()
    try:
        yield site
    finally:
        if site.process.poll() is None:
            os.killpg(site.process.pid, signal.SIGKILL)
            site.process.communicate()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_tells_its_address_answers_and_ends_cleanly(site: Site, by: signal.Signals) -> None:
    assert site.address in site.first_line
    assert status(f"{site.address}/healthz") == 200
    assert status(f"{site.address}/readyz") == 200
    assert len(site.workers()) == os.cpu_count()
    code, errors = site.end(by)
    assert (code, errors) == (0, "")
    with pytest.raises(urllib.error.URLError):
        status(site.address)


def test_a_worker_that_dies_is_replaced(site: Site) -> None:
    """The site answers again at once when another worker has begun; the only one that had may be the one that dies."""
    before = set(site.workers())
    os.kill(int(next(iter(before)).name), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while not (set(site.workers()) - before and answers(site)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(site.workers()) == os.cpu_count()
    assert answers(site)


def test_a_taken_port_is_a_sentence_with_another_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(AddressInUse, match=f"--port {port + 1}"):
            serving._refuse_taken_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(AddressInUse, match=re.escape("192.0.2.1")):
        serving._refuse_taken_port("192.0.2.1", 8000)


def test_other_computers_are_served_only_under_a_public_name(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotForOthers, match="LINDUNG_HOSTS"):
        serving._refuse_strangers("0.0.0.0")
    monkeypatch.setenv("LINDUNG_HOSTS", "lindung.jambikota.go.id")
    serving._refuse_strangers("0.0.0.0")


def test_invented_people_are_never_served_to_other_computers(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_HOSTS", "lindung.jambikota.go.id")
    state.mark_demo()
    with pytest.raises(NotForOthers, match="this computer only"):
        serving._refuse_strangers("0.0.0.0")
    serving._refuse_strangers("127.0.0.1")


def test_it_refuses_to_serve_as_a_superuser(fresh_database: str) -> None:
    with psycopg.connect(**addresses.as_administrator(), autocommit=True) as administrator:
        administrator.execute("ALTER ROLE lindung_app SUPERUSER")
        try:
            answer = CliRunner().invoke(lindung, ["serve", "--port", str(free_port())])
        finally:
            administrator.execute("ALTER ROLE lindung_app NOSUPERUSER")
    assert isinstance(answer.exception, Trouble)
    assert "superuser" in answer.exception.text.en


def test_the_workers_are_not_told_the_administrators_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "LINDUNG_DATABASE_URL", "postgresql://dba:rahasia@db.example:5433/jambi?sslmode=require"
    )
    serving._hide_administrator()
    left = os.environ["LINDUNG_DATABASE_URL"]
    assert "rahasia" not in left
    assert "dba" not in left
    assert addresses.as_role("lindung_app")["host"] == "db.example"
    assert addresses.as_role("lindung_app")["sslmode"] == "require"
