"""The supervisor of the embedded server: started once, found again, brought back after every kind of death."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from lindung.engine import addresses, keys, postgres, programs, state
from lindung.engine.troubles import KeysDoNotFit, ServerWillNotStart, ServerWillNotStop

ENSURE = (
    "from lindung.engine import postgres; postgres.ensure(); import sys; sys.stdout.write(postgres.health())"
)
DEBIANS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def administrator() -> psycopg.Connection:
    return psycopg.connect(**addresses.as_administrator(database="postgres"), autocommit=True)


def postmaster(home: Path) -> int:
    return int((home / "server/data/postmaster.pid").read_text(encoding="ascii").splitlines()[0])


def test_it_starts_once_and_is_found_again(empty_home: Path) -> None:
    assert postgres.status().health == "down"
    postgres.ensure()
    first = postmaster(empty_home)
    postgres.ensure()
    assert postmaster(empty_home) == first
    assert postgres.status()[:2] == ("up", True)


def test_it_sorts_by_code_point_checks_its_pages_and_asks_for_passwords(empty_home: Path) -> None:
    postgres.ensure()
    with administrator() as connection:
        facts = connection.execute(
            "SELECT datlocprovider, pg_encoding_to_char(encoding), current_setting('data_checksums'),"
            " current_setting('listen_addresses'), current_setting('timezone') FROM pg_database"
            " WHERE datname = 'postgres'"
        ).fetchone()
    assert facts == ("b", "UTF8", "on", "", "Asia/Jakarta")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**{**addresses.as_administrator(database="postgres"), "password": "wrong"})


def test_it_outlives_the_process_that_started_it(own_home: Path) -> None:
    postgres.stop()
    subprocess.run([sys.executable, "-c", ENSURE], check=True, capture_output=True)
    assert postgres.health() == "up"


def test_eight_processes_at_once_are_all_served_by_one_start(empty_home: Path) -> None:
    asking = [
        subprocess.Popen([sys.executable, "-c", ENSURE], stdout=subprocess.PIPE, text=True) for _ in range(8)
    ]
    assert [process.communicate(timeout=120)[0] for process in asking] == ["up"] * 8
    assert (empty_home / "server/start.log").read_text(encoding="utf-8").count("redirecting log output") <= 1


@pytest.mark.faults
def test_after_a_kill_it_serves_again_and_has_what_was_committed(own_home: Path) -> None:
    with administrator() as connection:
        connection.execute("CREATE TABLE kept (line int)")
    for line in range(3):
        with administrator() as connection:
            connection.execute("INSERT INTO kept VALUES (%s)", [line])
            os.kill(postmaster(own_home), signal.SIGKILL)
        postgres.ensure()
    with administrator() as connection:
        assert connection.execute("SELECT array_agg(line ORDER BY line) FROM kept").fetchone() == ([0, 1, 2],)


@pytest.mark.faults
def test_a_busy_backend_that_survives_the_kill_does_not_prevent_the_next_start(own_home: Path) -> None:
    with administrator() as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # it cannot notice that its postmaster is gone, and holds the memory
        try:
            os.kill(postmaster(own_home), signal.SIGKILL)
            waiting = subprocess.Popen([sys.executable, "-c", ENSURE], stdout=subprocess.PIPE, text=True)
            time.sleep(1.5)
            assert waiting.poll() is None, "it must wait as long as the memory is held"
        finally:
            os.kill(backend, signal.SIGCONT)
        assert waiting.communicate(timeout=60)[0] == "up"
        connection.close()


@pytest.mark.faults
def test_eight_processes_find_it_again_after_a_kill(own_home: Path) -> None:
    os.kill(postmaster(own_home), signal.SIGKILL)
    asking = [
        subprocess.Popen([sys.executable, "-c", ENSURE], stdout=subprocess.PIPE, text=True) for _ in range(8)
    ]
    assert [process.communicate(timeout=120)[0] for process in asking] == ["up"] * 8


@pytest.mark.parametrize("command", ["sleep 60", "true"], ids=["somebody_else", "a_zombie"])
def test_a_lock_file_that_names_no_server_is_forgotten(own_home: Path, command: str) -> None:
    """After a reboot of a container the postmaster's number belongs to anybody; after a kill, to a zombie."""
    user = state.server_user()
    lock = own_home / "server/data/postmaster.pid"
    content = lock.read_text(encoding="ascii").splitlines()
    postgres.stop()
    with subprocess.Popen(command.split(), user=user.uid if user else None, cwd="/") as other:
        lock.write_text("\n".join([str(other.pid), *content[1:]]) + "\n", encoding="ascii")
        shutil.chown(lock, (own_home / "server").owner())
        time.sleep(0.2)  # until the short-lived one is a zombie: nobody has waited for it
        try:
            postgres.ensure()
        finally:
            other.kill()
    assert postgres.health() == "up"


def test_half_an_initialisation_is_thrown_away(empty_home: Path) -> None:
    (empty_home / "server" / "data.new" / "base").mkdir(parents=True)
    postgres.ensure()
    assert postgres.health() == "up"
    assert not (empty_home / "server" / "data.new").exists()


def test_stopping_is_explicit_and_harmless_when_repeated(own_home: Path) -> None:
    assert not postgres.stopped_on_purpose()
    assert postgres.stop()
    assert postgres.health() == "down"
    assert postgres.stopped_on_purpose()
    assert not postgres.stop()
    postgres.ensure()
    assert not postgres.stopped_on_purpose()


def test_a_server_that_lost_its_socket_is_still_stopped(own_home: Path) -> None:
    (postgres.status().socket / state.SOCKET_NAME).unlink()
    assert postgres.health() == "down"
    process = postmaster(own_home)
    assert postgres.stop()
    assert not postgres._works_on(process, own_home / "server/data")


def test_a_server_that_does_not_end_is_said(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", 1)
    with administrator() as connection:
        os.kill(connection.info.backend_pid, signal.SIGSTOP)
        try:
            with pytest.raises(ServerWillNotStop, match="does not"):
                postgres.stop()
        finally:
            os.kill(connection.info.backend_pid, signal.SIGCONT)
        connection.close()


def test_a_path_with_spaces_quotes_and_great_length_works(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = empty_home / "Dinas Tenaga Kerja 'Jambi'" / ("sangat-panjang-" * 5)
    home.parent.mkdir(mode=0o711)
    monkeypatch.setenv("LINDUNG_HOME", str(home))
    try:
        postgres.ensure()
        assert postgres.health() == "up"
        assert not postgres.status().socket.is_relative_to(home)
    finally:
        postgres.stop()
        shutil.rmtree(postgres.status().socket)


def test_data_of_another_major_version_is_refused_with_advice(own_home: Path) -> None:
    postgres.stop()
    (own_home / "server/data/PG_VERSION").write_text("12\n", encoding="ascii")
    with pytest.raises(ServerWillNotStart, match="LINDUNG_PG_BIN"):
        postgres.ensure()


def test_a_server_that_cannot_start_shows_the_end_of_its_log(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.stop()
    monkeypatch.setattr(postgres, "PAUSES", ())
    monkeypatch.setattr(postgres, "CONFIGURATION", postgres.CONFIGURATION + "no_such_setting = 1\n")
    with pytest.raises(ServerWillNotStart, match="no_such_setting"):
        postgres.ensure()


def test_lost_keys_are_noticed_before_new_ones_are_made(own_home: Path) -> None:
    (own_home / "keys" / "blind_index_key").unlink()
    with pytest.raises(KeysDoNotFit, match="backup"):
        postgres.ensure()
    assert "blind_index_key" in keys.missing()


@pytest.mark.skipif(not DEBIANS, reason="no packaged PostgreSQL on this machine")
def test_a_packaged_server_of_version_15_or_newer_does_as_well(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_PG_BIN", str(DEBIANS[-1]))
    postgres.ensure()
    with administrator() as connection:
        assert connection.info.server_version // 10_000 == programs.major_version(DEBIANS[-1])
