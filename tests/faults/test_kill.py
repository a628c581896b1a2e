"""kill -9 in the middle of an enrolment, of the program and of the database server: all of the list or none of it.

The list has 20,000 rows; with LINDUNG_FULL=1 it has 100,000. The moments are drawn by a seed that is printed and can be given
again as LINDUNG_SEED.
"""

import json
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from psycopg import sql

from conftest import Connection
from lindung.engine import addresses, postgres, roles, state

pytestmark = [pytest.mark.faults, pytest.mark.slow]
ROWS = 100_000 if os.environ.get("LINDUNG_FULL") == "1" else 20_000
SEED = int(os.environ.get("LINDUNG_SEED") or secrets.randbelow(1_000_000))
TESTS = Path(__file__).parents[1]
PATIENCE = 300
KILLS = 4

# How each step of an enrolment begins in the server's own view of it, in order.
STEPS = (
    "FETCH",
    "COPY incoming",
    "INSERT INTO people_person ",
    "UPDATE incoming",
    "INSERT INTO membership_work",
    "INSERT INTO membership_membership",
    "INSERT INTO people_personscope",
    "UPDATE membership_rosterrow",
    "COMMIT",
)


class List(NamedTuple):
    """A judged list in a database of its own, and what the tables hold before and after its enrolment."""

    database: str
    roster: int
    nothing: dict[str, int]
    everything: dict[str, int]


def administrator(database: str = "postgres") -> Connection:
    return psycopg.connect(**addresses.as_administrator(database=database), autocommit=True)


def start(database: str, *words: str) -> "subprocess.Popen[str]":
    """The program at work in that database."""
    return subprocess.Popen(
        [sys.executable, "-m", "faults.program", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "LINDUNG_DATABASE_NAME": database,
            "PYTHONPATH": f"{TESTS.parent / 'src'}:{TESTS}",
        },
    )


def run(database: str, *words: str) -> dict[str, int]:
    """What the program answers when nobody disturbs it."""
    program = start(database, *words)
    out, err = program.communicate(timeout=PATIENCE)
    assert program.returncode == 0, err
    answer: dict[str, int] = json.loads(out)
    return answer


def counts(database: str) -> dict[str, int]:
    """How many rows each table has, and how many rows of the list have which verdict."""
    with administrator(database) as connection:
        tables = connection.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition"
        ).fetchall()
        found = {
            table: _one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.SQL(table)))
            for (table,) in tables
        }
        verdicts = connection.execute(
            "SELECT verdict, count(*) FROM membership_rosterrow GROUP BY 1"
        ).fetchall()
    return found | {f"rows {verdict}": count for verdict, count in verdicts}


def _one(connection: Connection, query: sql.Composed) -> int:
    [(count,)] = connection.execute(query).fetchall()
    return int(count)


@pytest.fixture(scope="module")
def home(server: Path) -> Iterator[Path]:
    """A state folder and a database server that these tests may kill; not those of the other tests."""
    before = os.environ["LINDUNG_HOME"]
    own = Path(tempfile.mkdtemp(prefix=f"lindung-tests-{os.getpid()}-faults-", dir=state.home().parent))
    os.environ["LINDUNG_HOME"] = str(own)
    try:
        yield own
    finally:
        os.environ["LINDUNG_HOME"] = str(own)
        postgres.stop()
        shutil.rmtree(own)
        os.environ["LINDUNG_HOME"] = before


@pytest.fixture(scope="module")
def judged(home: Path) -> List:
    """The list, read and judged once; every test works on a copy of this database."""
    roster = run(addresses.DEFAULT_DATABASE, "judge", str(ROWS))["roster"]
    before = counts(addresses.DEFAULT_DATABASE)
    assert before["rows ready"] == ROWS
    after = {table: count for table, count in before.items() if table != "rows ready"} | {
        "rows enrolled": ROWS
    }
    for table in ("people_person", "people_personscope", "membership_work", "membership_membership"):
        after[table] += ROWS
    after["access_auditevent"] += 1
    return List(addresses.DEFAULT_DATABASE, roster, before, after)


def copied(judged: List) -> List:
    """The same list in a database that nobody has touched."""
    name = f"copy_{secrets.token_hex(4)}"
    with administrator() as connection:
        names = [sql.Identifier(each) for each in (name, judged.database)]
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    with administrator(name) as connection:
        roles.hand_over_database(connection)
    return judged._replace(database=name)


def wait_for(step: str, listed: List, program: "subprocess.Popen[str]") -> bool:
    """Wait until the server is at that step; False when the program was through before it was seen there."""
    with administrator() as connection:
        while program.poll() is None:
            at = connection.execute(
                "SELECT query FROM pg_stat_activity WHERE datname = %s AND usename = %s AND state <> 'idle'",
                [listed.database, addresses.APP],
            ).fetchall()
            if any(query.strip().startswith(step) for (query,) in at):
                return True
            time.sleep(0.002)
    return False


def wait_until_left(listed: List) -> None:
    """The server lets go of a killed program's transaction when it notices that nobody listens any more."""
    deadline = time.monotonic() + PATIENCE
    with administrator() as connection:
        while connection.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND usename = %s",
            [listed.database, addresses.APP],
        ).fetchone():
            assert time.monotonic() < deadline, "a transaction of a dead program is still open"
            time.sleep(0.02)


def kill_server(home: Path) -> None:
    lock = home / "server/data/postmaster.pid"
    os.kill(int(lock.read_text(encoding="ascii").splitlines()[0]), signal.SIGKILL)


def moments(what: str) -> list[tuple[str, float]]:
    """At which steps, and how many seconds into them, to kill; the last two steps are always among them."""
    dice = random.Random(f"{SEED} {what}")
    steps = [*dice.sample(STEPS[:-2], KILLS - 2), *STEPS[-2:]]
    drawn = [(step, dice.uniform(0, ROWS / 100_000) if step != "COMMIT" else 0.0) for step in steps]
    sys.stdout.write(f"LINDUNG_SEED={SEED} {what} over {ROWS} rows: {drawn}\n")
    return drawn


def outcome(listed: List) -> str:
    """Whether the list is enrolled; anything in between fails."""
    found = counts(listed.database)
    if found == listed.nothing:
        return "nothing"
    assert found == listed.everything
    return "everything"


def complete(listed: List) -> None:
    """One more run enrols whoever is missing, and the next one nobody; nobody is there twice."""
    before = outcome(listed)
    expected = ROWS if before == "nothing" else 0
    assert run(listed.database, "enrol", str(listed.roster)) == {"enrolled": expected, "lost": 0}
    assert run(listed.database, "enrol", str(listed.roster)) == {"enrolled": 0, "lost": 0}
    assert outcome(listed) == "everything"
    with administrator(listed.database) as connection:
        assert connection.execute(
            "SELECT count(DISTINCT nik_index), count(DISTINCT m.person_id), count(DISTINCT m.work_id),"
            " count(DISTINCT m.event_id) FROM people_person p JOIN membership_membership m ON m.person_id = p.id"
        ).fetchone() == (ROWS, ROWS, ROWS, 1)


def test_a_program_killed_while_it_enrols_leaves_all_or_nothing_and_a_rerun_completes_it(
    home: Path, judged: List
) -> None:
    listed, outcomes = copied(judged), []
    for step, delay in moments("kill the program"):
        program = start(listed.database, "enrol", str(listed.roster))
        if wait_for(step, listed, program):
            time.sleep(delay)
        program.kill()
        program.communicate()
        wait_until_left(listed)
        outcomes.append(outcome(listed))
        if outcomes[-1] == "everything":
            listed = copied(judged)
    sys.stdout.write(f"{outcomes}\n")
    assert "nothing" in outcomes, "no kill came in time: this proves nothing"
    complete(listed)


def test_a_server_killed_while_it_enrols_comes_back_with_all_or_nothing_and_a_rerun_completes_it(
    home: Path, judged: List
) -> None:
    listed, outcomes = copied(judged), []
    for step, delay in moments("kill the server"):
        program = start(listed.database, "enrol", str(listed.roster))
        if wait_for(step, listed, program):
            time.sleep(delay)
        kill_server(home)
        _, err = program.communicate(timeout=PATIENCE)
        postgres.ensure()
        assert postgres.health() == "up"
        outcomes.append(outcome(listed))
        assert outcomes[-1] == "everything" or (program.returncode and "OperationalError" in err), err
        if outcomes[-1] == "everything":
            listed = copied(judged)
    sys.stdout.write(f"{outcomes}\n")
    assert "nothing" in outcomes, "no kill came in time: this proves nothing"
    complete(listed)
