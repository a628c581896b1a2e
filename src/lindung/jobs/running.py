"""The worker: takes waiting tasks from the queue and does them, one at a time, until it is told to stop."""

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import connections
from procrastinate import App, JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from psycopg import OperationalError

from lindung.engine import clock
from lindung.jobs import failures

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
"""Seconds between two tries to reach a database that is away."""

SIGN_OF_LIFE = 3.0
"""Seconds between two signs that a worker lives; see `sweeping.SILENT_FOR`."""


def run_until_stopped() -> None:
    """Do what waits and what comes, until SIGTERM or Ctrl-C; a database that goes away is waited for."""
    stopped = threading.Event()
    _note_the_end(stopped)
    pause = 1.0
    while not stopped.is_set():
        begun = time.monotonic()
        try:
            asyncio.run(_work(wait=True))
            return
        except (ConnectorException, OperationalError):
            log.warning("the queue cannot be reached; trying again", exc_info=True)
            pause = 1.0 if time.monotonic() - begun > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            stopped.wait(pause)


def run_waiting() -> None:
    """Do everything that waits now, by the same loop, and return."""
    asyncio.run(_work(wait=False))


def stop_with_the_parent() -> None:
    """End this process when whoever started it is gone: its end of our standard input closes then."""

    def watch() -> None:
        # Past Python's own buffer: a thread that waits inside it would break the end of this process.
        while os.read(sys.stdin.fileno(), 4096):
            continue
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


async def _work(*, wait: bool) -> None:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's connector has it
    with app.replace_connector(connector) as worker:
        async with worker.open_async():
            await _run(worker, wait=wait)


async def _run(worker: App, *, wait: bool) -> None:
    await worker.run_worker_async(
        wait=wait,
        concurrency=1,
        install_signal_handlers=wait,
        delete_jobs="successful",
        fetch_job_polling_interval=2.0,
        update_heartbeat_interval=SIGN_OF_LIFE,
        shutdown_graceful_timeout=5.0,
        task_middleware=[_without_leftovers],
        worker_middleware=[_with_its_reason],
    )


def _without_leftovers(task: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """Each task runs in a thread whose connection nobody would close: tasks are few, so each opens its own."""
    try:
        return task()
    finally:
        connections.close_all()


async def _with_its_reason(do: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """The queue keeps that a task failed; why is kept here, before the fault goes on its way."""
    try:
        return await do()
    except Exception as error:
        await asyncio.to_thread(_note, context, error)
        raise


def _note(context: JobContext, error: Exception) -> None:
    try:
        failures.note(context.job, error, now=clock.now())
    finally:
        connections.close_all()


def _note_the_end(stopped: threading.Event) -> None:
    """Between two tries nobody else listens for the signal to stop."""
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stopped.set())
