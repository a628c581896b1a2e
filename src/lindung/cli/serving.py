"""`lindung serve`: the site for browsers, until Ctrl-C."""

import errno
import http.client
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import psycopg

from lindung.cli.speaking import say, words
from lindung.engine import addresses, provision, roles, state, watching
from lindung.engine.troubles import AddressInUse, NotForOthers
from lindung.law.text import Text

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@click.command(
    help=words(
        Text(
            "Jalankan Lindung di peramban sampai dihentikan dengan Ctrl-C. "
            "Untuk komputer lain: isi LINDUNG_HOSTS dengan nama alamatnya, di belakang proxy https.",
            "Serve Lindung to browsers until Ctrl-C. "
            "For other computers: set LINDUNG_HOSTS to its public name, behind an https proxy.",
        )
    )
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Make the database ready, then serve."""
    provision.ensure()
    serve_until_stopped(
        host=host,
        port=port,
        announce=lambda address: say(
            Text(
                f"Lindung siap di {address} (berhenti dengan Ctrl-C).",
                f"Lindung is ready at {address} (stop it with Ctrl-C).",
            )
        ),
    )


def serve_until_stopped(*, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; `announce` is called with the address once the site answers.

    The database must be ready. Raises UnsafeRole, AddressInUse, and NotForOthers when other computers would be
    served without LINDUNG_HOSTS, or served invented data.
    """
    _refuse_strangers(host)
    _refuse_taken_port(host, port)
    with psycopg.connect(**addresses.as_role(addresses.APP)) as connection:
        roles.refuse_unsafe_role(connection)
    _hide_administrator()
    enough = threading.Event()
    threading.Thread(target=watching.keep_up, args=[enough], daemon=True).start()
    threading.Thread(target=_announce, args=[host, port, announce, enough], daemon=True).start()
    try:
        with _worker_beside():
            _run_workers(host, port)
    finally:
        enough.set()


SECONDS_TO_END = 15.0
_BEFORE_THE_NEXT = 2.0


@contextmanager
def _worker_beside() -> Iterator[None]:
    """One process of `lindung work` as long as the site is served; should it die, another takes its place."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep_working, args=[over], daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(timeout=SECONDS_TO_END + _BEFORE_THE_NEXT)


def _keep_working(over: threading.Event) -> None:
    while not over.is_set():
        # It reads its standard input only to learn of our death: then the pipe closes.
        worker = subprocess.Popen(
            [sys.executable, "-P", "-m", "lindung", "work", "--beside"],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us: we end it in good order
        )
        while worker.poll() is None and not over.wait(0.2):
            continue
        _ended(worker)
        over.wait(_BEFORE_THE_NEXT)


def _ended(worker: "subprocess.Popen[bytes]") -> None:
    """Ask it to end, wait, and insist; what it was doing goes back into the queue."""
    worker.terminate()
    try:
        worker.wait(timeout=SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
    if worker.stdin is not None:
        worker.stdin.close()


GIVEN_UP_AFTER = 15
"""So often in a row the web processes may die as soon as they begin: then something is wrong that no new try mends."""
LONGEST_PAUSE = 8.0
"""Seconds before the next try, at most: a database that comes back needs some, and they cannot begin without it."""
LIVED = 30.0
"""Seconds after which they are taken to have begun well."""


def _run_workers(host: str, port: int) -> None:
    """Serve until asked to stop. A server whose processes die one upon the other gives up; it is begun again here."""
    # Workers begin as new processes: nothing of this one's threads and secrets is copied into them.
    multiprocessing.set_start_method("spawn", force=True)
    in_a_row = 0
    while in_a_row < GIVEN_UP_AFTER:
        begun = time.monotonic()
        if _served(host, port):
            return
        in_a_row = 0 if time.monotonic() - begun > LIVED else in_a_row + 1
        time.sleep(min(0.5 * 2**in_a_row, LONGEST_PAUSE))


def _served(host: str, port: int) -> bool:
    """One process a core, each with one thread and one lasting connection: the fastest way measured.

    True when it ended because it was asked to.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "lindung.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=os.cpu_count() or 1,
        blocking_threads=1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    )
    server.serve()
    return bool(server.interrupt_signal)


def _refuse_strangers(host: str) -> None:
    if host in LOOPBACK:
        return
    if state.is_demo():
        raise NotForOthers(
            Text(
                "Contoh ini hanya untuk komputer ini sendiri: jalankan tanpa --host.",
                "The example is for this computer only: run it without --host.",
            )
        )
    if not os.environ.get("LINDUNG_HOSTS"):
        raise NotForOthers(
            Text(
                "Isi LINDUNG_HOSTS dengan nama alamat layanan ini, misalnya lindung.jambikota.go.id, lalu ulangi.",
                "Set LINDUNG_HOSTS to the public name of this service, for example lindung.jambikota.go.id.",
            )
        )


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressInUse(_why_not_bound(error, host, port)) from error


def _why_not_bound(error: OSError, host: str, port: int) -> Text:
    if error.errno == errno.EADDRINUSE:
        return Text(
            f"Port {port} sudah dipakai program lain. Pilih yang lain: ./lindung serve --port {port + 1}",
            f"Port {port} is taken by another program. Choose another: ./lindung serve --port {port + 1}",
        )
    return Text(
        f"Alamat {host} port {port} tidak bisa dipakai: {error.strerror}.",
        f"The address {host} port {port} cannot be used: {error.strerror}.",
    )


def _hide_administrator() -> None:
    """The workers are told where the database is, but not the administrator's password."""
    bare = addresses.without_credentials()
    if bare is not None:
        os.environ["LINDUNG_DATABASE_URL"] = bare


def _announce(host: str, port: int, announce: Callable[[str], None], enough: threading.Event) -> None:
    """Wait until a worker answers, then tell the address."""
    while not enough.wait(0.05):
        if _answers(host, port):
            announce(f"http://{f'[{host}]' if ':' in host else host}:{port}")
            return


def _answers(host: str, port: int) -> bool:
    everywhere = host == "0.0.0.0"  # noqa: S104 - only recognised here; _refuse_strangers decides whether it may be
    connection = http.client.HTTPConnection("127.0.0.1" if everywhere else host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
