"""A served Lindung that may be hurt: its processes by what they do, and a clerk who goes on recording orders."""

import http.client
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

KILL, STOP = "kill -9", "SIGSTOP"
WORKER, WEB, DATABASE, SESSION = "worker", "web", "database", "a session of the database"
TARGETS = (WORKER, WEB, DATABASE, SESSION)


class Fault(NamedTuple):
    """What is done to whom, and for how long a stopped process stays stopped."""

    target: str
    action: str
    seconds: float


def schedule(seed: int, count: int) -> list[Fault]:
    """So many faults, drawn by the seed; every kind of process and both ways of hurting it come up."""
    dice = random.Random(f"payment run {seed}")
    kinds = [(target, action) for target in TARGETS for action in (KILL, STOP)]
    drawn = [kinds[number % len(kinds)] for number in range(count)]
    dice.shuffle(drawn)
    return [Fault(target, action, round(dice.uniform(0.2, 2.0), 2)) for target, action in drawn]


class Site:
    """`lindung serve` over a state folder, as the system's supervisor would run it."""

    def __init__(self, home: Path, *, now: str) -> None:
        self.home = home
        self.port = _free_port()
        self.log = (home.parent / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lindung", "serve", "--port", str(self.port)],
            stdout=self.log,
            stderr=self.log,
            env={**os.environ, "LINDUNG_HOME": str(home), "LINDUNG_NOW": now},
            start_new_session=True,
        )

    def answers(self) -> bool:
        """Whether a web worker answers and reaches the database."""
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    def wait_until_it_answers(self, seconds: float = 60) -> float:
        """How many seconds it took."""
        begun = time.monotonic()
        while not self.answers():
            assert self.process.poll() is None, "serve itself has ended"
            assert time.monotonic() - begun < seconds, f"no answer within {seconds} s"
            time.sleep(0.1)
        return time.monotonic() - begun

    def hurt(self, fault: Fault) -> bool:
        """Do it, and heal what was only stopped; False when there was nobody to do it to at this moment."""
        pids = self._pids(fault.target)
        if not pids:
            return False
        pid = random.choice(pids)
        try:
            os.kill(pid, signal.SIGKILL if fault.action == KILL else signal.SIGSTOP)
            if fault.action == STOP:
                time.sleep(fault.seconds)
                os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            return False
        return True

    def _pids(self, target: str) -> list[int]:
        if target == DATABASE:
            lock = self.home / "server/data/postmaster.pid"
            return [int(lock.read_text("ascii").splitlines()[0])] if lock.exists() else []
        if target == SESSION:
            return [pid for pid, words in _processes() if self._is_session(pid, words)]
        below = _below(self.process.pid)
        mark = "--beside" if target == WORKER else "spawn_main"
        return [pid for pid, words in _processes() if pid in below and mark in words]

    def _is_session(self, pid: int, words: str) -> bool:
        if not (words.startswith("postgres:") and "lindung_app" in words):
            return False
        lock = self.home / "server/data/postmaster.pid"
        return lock.exists() and str(_parent(pid)) == lock.read_text("ascii").splitlines()[0]

    def end(self) -> None:
        """Stop serving, in good order."""
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


class Clerk(threading.Thread):
    """Another system that records one order after another over the API, each under its own key, until it is acknowledged."""

    def __init__(self, site: Site, known: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self.site, self.known = site, known
        self.enough = threading.Event()
        self.sent: list[str] = []
        self.acknowledged: list[str] = []
        self.answers: dict[int, int] = {}
        self._token = ""

    def run(self) -> None:
        """Send, and send again under the same key while nobody answers."""
        while not self.enough.is_set():
            order = f"SP2D/{secrets.token_hex(6)}"
            self.sent.append(order)
            while not self.enough.is_set() and not self._recorded(order):
                self.enough.wait(0.2)
            self.enough.wait(0.1)

    def _recorded(self, order: str) -> bool:
        status = self._post(
            f"/api/v1/bills/{self.known['bill']}/payments",
            {"order_number": order, "ordered_on": self.known["today"], "amount": 1_000},
            {"Authorization": f"Bearer {self._token}", "Idempotency-Key": order},
        )[0]
        self.answers[status] = self.answers.get(status, 0) + 1
        if status == 401:
            self._ask_token()
        if status == 201:
            self.acknowledged.append(order)
        return status == 201

    def _ask_token(self) -> None:
        asked = {"client_id": self.known["client_id"], "client_secret": self.known["secret"]}
        _, found = self._post("/api/v1/token", {"grant_type": "client_credentials", **asked}, {})
        self._token = found.get("access_token", "")

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The status, 0 where nobody answered, and what the answer said."""
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=10)) as connection:
                kind = {"Content-Type": "application/json"}
                connection.request("POST", path, json.dumps(body), kind | headers)
                answer = connection.getresponse()
                return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _processes() -> list[tuple[int, str]]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        found.append((int(folder.name), words))
    return found


def _parent(pid: int) -> int:
    try:
        return int(
            (Path("/proc") / str(pid) / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[1]
        )
    except OSError:
        return 0


def _below(pid: int) -> set[int]:
    """Every process that descends from this one."""
    parents = {other: _parent(other) for other, _ in _processes()}
    found, before = {pid}, set[int]()
    while found != before:
        before = set(found)
        found |= {other for other, parent in parents.items() if parent in found}
    return found - {pid}
