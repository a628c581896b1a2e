"""Hurts a payment run again and again, and says whether a rupiah was lost or counted twice.

    cd tests && python -m faults.payment_run --instructions 250000 --faults 200 [--seed N] [--report ../docs/faults.md]

A city's self-payers each owe one bill, and one bank statement pays them all: the worker settles them in a run, while
another system records orders over the API. At moments spread over the whole run, the worker, a web process, the
database server or one of its sessions is killed with SIGKILL or stopped with SIGSTOP and healed. Nobody helps: what has
to come back comes back by itself. The same seed hurts the same in the same order.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from faults.site import Clerk, Fault, Site, schedule

TESTS = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds within which a healed system goes on."""


class Felt(NamedTuple):
    """A fault that was done at so many accepted lines, and the seconds until the next line was accepted."""

    fault: Fault
    at: int
    until_progress: float


class Run:
    """One disturbed run in a folder of its own."""

    def __init__(self, home: Path, *, people: int, seed: int, faults: int) -> None:
        self.home, self.people, self.seed = home, people, seed
        self.faults = schedule(seed, faults)
        self.felt: list[Felt] = []
        self.known = self.ask("prepare", str(people))

    def ask(self, *words: str) -> dict[str, Any]:
        """What the program of this folder answers."""
        env = {
            **os.environ,
            "LINDUNG_HOME": str(self.home),
            "PYTHONPATH": f"{TESTS.parent / 'src'}:{TESTS}",
        }
        for number in range(10):
            done = subprocess.run(
                [sys.executable, "-m", "faults.paying", *words], capture_output=True, text=True, env=env
            )
            if done.returncode == 0:
                return dict(json.loads(done.stdout.splitlines()[-1]))
            if words[0] == "prepare" or number == 9:
                raise RuntimeError(done.stderr)
            time.sleep(1)
        raise RuntimeError(words)

    def disturbed(self) -> dict[str, Any]:
        """Serve, hurt, wait for the end; the report."""
        site = Site(self.home, now=self.known["today"])
        clerk = Clerk(site, self.known)
        try:
            site.wait_until_it_answers()
            begun = time.monotonic()
            clerk.start()
            with _Watch(self.home) as watch:
                for number, fault in enumerate(self.faults, start=1):
                    self._hurt(site, watch, fault, after=self.people * number // (len(self.faults) + 1))
                healed = time.monotonic()
                watch.wait_for(lambda: watch.finished(), PATIENCE)
                ended = time.monotonic()
            clerk.enough.set()
            clerk.join(timeout=30)
        finally:
            site.end()
        return self._report(clerk, ended - begun, ended - healed)

    def _hurt(self, site: Site, watch: "_Watch", fault: Fault, *, after: int) -> None:
        watch.wait_for(lambda: watch.accepted() >= after, 600)
        at = watch.accepted()
        while not site.hurt(fault):
            time.sleep(0.05)
        healed = time.monotonic()
        watch.wait_for(lambda: watch.accepted() > at or watch.finished(), PATIENCE)
        site.wait_until_it_answers(PATIENCE)
        self.felt.append(Felt(fault, at, round(time.monotonic() - healed, 2)))

    def _report(self, clerk: Clerk, seconds: float, after_the_last: float) -> dict[str, Any]:
        verified = subprocess.run(
            [sys.executable, "-P", "-m", "lindung", "verify", "--json"],
            capture_output=True,
            text=True,
            env={
                **os.environ,
                "LINDUNG_HOME": str(self.home),
                "LINDUNG_NOW": self.known["today"],
                "PYTHONPATH": str(TESTS.parent / "src"),
            },
        )
        found = self.ask("outcome")
        orders = found.pop("orders")
        return {
            "seed": self.seed,
            "faults": len(self.felt),
            "kinds": self._kinds(),
            "seconds": round(seconds, 1),
            "seconds_from_last_fault_to_the_end": round(after_the_last, 1),
            "longest_until_progress": max((each.until_progress for each in self.felt), default=0),
            "outcome": found,
            "orders_acknowledged": len(clerk.acknowledged),
            "orders_acknowledged_but_absent": len(set(clerk.acknowledged) - set(orders)),
            "orders_recorded_twice": len(orders) - len(set(orders)),
            "orders_never_sent": len(set(orders) - set(clerk.sent)),
            "answers": dict(sorted(clerk.answers.items())),
            "verify": verified.returncode,
            "verify_said": [] if verified.returncode == 0 else verified.stdout.splitlines()[-20:],
        }

    def _kinds(self) -> dict[str, int]:
        names = [f"{each.fault.action} {each.fault.target}" for each in self.felt]
        return {name: names.count(name) for name in sorted(set(names))}


class _Watch:
    """Looks at the run from outside, as the administrator; a database that is away is asked again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._connection: Any = None
        self._last = (0, False)

    def __enter__(self) -> "_Watch":
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def accepted(self) -> int:
        """Lines that are through."""
        return self._look()[0]

    def finished(self) -> bool:
        """Whether the run says that it is done."""
        return self._look()[1]

    def _look(self) -> tuple[int, bool]:
        import psycopg

        from lindung.engine import addresses

        try:
            if self._connection is None:
                os.environ["LINDUNG_HOME"] = str(self.home)
                self._connection = psycopg.connect(
                    **addresses.as_administrator() | {"connect_timeout": 5}, autocommit=True
                )
            query = "SELECT accepted + passed_over, finished_at IS NOT NULL FROM contributions_matchrun"
            [(count, over)] = self._connection.execute(query).fetchall()
            self._last = (int(count), bool(over))
        except psycopg.OperationalError:
            self._connection = None
        return self._last

    def wait_for(self, true: Any, seconds: float) -> None:
        """Wait until it holds. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing happened for {seconds} s at {self._last}")
            time.sleep(0.05)


def sound(report: dict[str, Any], people: int) -> list[str]:
    """What is wrong with the outcome; empty when nothing was lost and nothing counted twice."""
    found = report["outcome"]
    wanted = {
        "accepted": people, "passed_over": 0, "finished": 1, "lines_matched": people, "bills_paid": people,
        "payments": people, "settlements": people, "settled_twice": 0, "instructions": 2 * people,
        "entries": 2 * people, "people_paid_for": people, "months_paid": 2 * people, "book_sum": 0,
        "unmatched": 0, "held": 0,
    }  # fmt: skip
    wrong = [f"{name}: {found[name]}, not {value}" for name, value in wanted.items() if found[name] != value]
    for name in ("orders_acknowledged_but_absent", "orders_recorded_twice", "orders_never_sent", "verify"):
        wrong += [f"{name}: {report[name]}"] if report[name] else []
    return wrong


def disturbed_run(*, people: int, faults: int, seed: int) -> dict[str, Any]:
    """One run from its making to its report, in a folder that is removed."""
    folder = Path(tempfile.mkdtemp(prefix="lindung-faults-"))
    folder.chmod(0o755)
    home = folder / "state"
    before = os.environ.get("LINDUNG_HOME")
    os.environ["LINDUNG_HOME"] = str(home)
    try:
        return Run(home, people=people, seed=seed, faults=faults).disturbed()
    finally:
        from lindung.engine import postgres

        os.environ["LINDUNG_HOME"] = str(home)
        postgres.stop()
        if before is not None:
            os.environ["LINDUNG_HOME"] = before
        if os.environ.get("LINDUNG_KEEP") != "1":
            shutil.rmtree(folder)


def main() -> None:
    """Run once and print the report as JSON; exit code 1 when something was lost or counted twice."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--instructions", type=int, default=250_000)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    options = parser.parse_args()
    sys.stderr.write(f"seed {options.seed}\n")
    people = options.instructions // 2  # a payment into the purse and a settlement out of it
    report = disturbed_run(people=people, faults=options.faults, seed=options.seed)
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    sys.exit(1 if sound(report, people) else 0)


if __name__ == "__main__":
    main()
