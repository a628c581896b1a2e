"""A database server that dies while Lindung serves is brought back."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lindung.engine import postgres, watching


@pytest.fixture
def watched(own_home: Path) -> Iterator[Path]:
    """A server that is being watched."""
    enough = threading.Event()
    watcher = threading.Thread(target=watching.keep_up, args=[enough])
    watcher.start()
    yield own_home
    enough.set()
    watcher.join(timeout=60)
    assert not watcher.is_alive()


def within(seconds: float, question: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.faults
def test_a_killed_server_comes_back_within_fifteen_seconds(watched: Path) -> None:
    killed = int((watched / "server/data/postmaster.pid").read_text(encoding="ascii").split()[0])
    os.kill(killed, signal.SIGKILL)
    assert within(5, lambda: postgres.health() != "up")
    assert within(15, lambda: postgres.health() == "up")


def test_a_server_that_someone_stopped_stays_stopped(watched: Path) -> None:
    postgres.stop()
    assert not within(3 * watching.EVERY, lambda: postgres.health() == "up")
