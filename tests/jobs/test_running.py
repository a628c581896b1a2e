"""The worker: does what waits, is replaced when it dies, and ends with the site it works beside."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

import world
from database import execute, fetched
from lindung.jobs import running
from lindung.membership import arriving
from lindung.membership.models import RosterStatus
from membership.sheets import ON, cells, newcomers, text, told

pytestmark = pytest.mark.faults


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


@pytest.fixture
def jambi(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> world.City:
    monkeypatch.setattr(arriving, "AT_ONCE_BYTES", 0)
    return world.city()


def sent(jambi: world.City, rows: int) -> int:
    promised = world.agreement(jambi, quota=rows)
    with jambi.acting(on=ON) as officer:
        return arriving.take(
            name="daftar.csv",
            content=text(*map(cells, newcomers(rows))),
            agreement_id=promised.pk,
            by=officer,
            now=world.at(ON),
        )


def status(jambi: world.City, roster: int) -> str:
    with jambi.acting():
        [(found,)] = fetched("SELECT status FROM membership_roster WHERE id = %s", roster)
    return str(found)


def worker(*words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "lindung", "work", *words],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def test_the_command_does_what_waits_and_ends(jambi: world.City) -> None:
    roster = sent(jambi, 30)
    done = worker("--once")
    done.communicate(timeout=60)
    assert done.returncode == 0
    assert status(jambi, roster) == RosterStatus.JUDGED


def test_a_worker_beside_the_site_ends_when_the_site_is_gone(jambi: world.City) -> None:
    """Nobody told it to: the pipe from whoever started it has closed."""
    beside = worker("--beside")
    until(lambda: fetched("SELECT count(*) FROM procrastinate_workers") == [(1,)])
    _, said = beside.communicate(timeout=30)
    assert (beside.returncode, said) == (0, b"")


def test_it_ends_in_silence_when_told_to(jambi: world.City) -> None:
    beside = worker("--beside")
    until(lambda: fetched("SELECT count(*) FROM procrastinate_workers") == [(1,)])
    beside.send_signal(signal.SIGTERM)
    assert beside.wait(timeout=30) == 0
    assert beside.stderr is not None
    assert beside.stderr.read() == b""
    beside.communicate()


def test_a_list_whose_worker_was_killed_is_done_by_the_next_one(jambi: world.City) -> None:
    """kill -9 in the middle; the sweep finds that the worker gives no sign of life and puts the task back."""
    roster = sent(jambi, 4_000)
    first = worker()
    until(
        lambda: (
            fetched(
                "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND queue_name = 'rosters'"
            )
            == [(1,)]
        )
    )
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    assert status(jambi, roster) == RosterStatus.RECEIVED
    assert told(jambi, roster) == {}
    execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    execute(
        "SELECT procrastinate_defer_jobs_v1(ARRAY[('calendar', 'jobs.sweep', 0, NULL, NULL, '{\"timestamp\": 0}',"
        " NULL)::procrastinate_job_to_defer_v1])"
    )
    running.run_waiting()
    running.run_waiting()
    assert status(jambi, roster) == RosterStatus.JUDGED
    assert len(told(jambi, roster)) == 4_000
