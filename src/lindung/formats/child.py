"""A child process of our own that reads one foreign file under limits: it may die, the server does not.

The file goes in on its stdin, lines come out of its stdout. Why a child: one cell at XFD1048576, or one malicious file
of another kind, makes a parser abort its whole process.
"""

import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from lindung.formats.unreadable import Limits, Unreadable

MIB = 1024 * 1024
SOURCE = Path(__file__).resolve().parents[2]
_SECONDS_TO_DIE = 5.0


def start(module: str, memory_bytes: int, cpu_seconds: int, limits: Limits) -> "subprocess.Popen[bytes]":
    """Start this module of ours as the child; its `main` calls `limit_this_process` first."""
    command = [sys.executable, "-B", "-P", "-m", module]
    command += [
        f"--memory-bytes={memory_bytes}",
        f"--cpu-seconds={cpu_seconds}",
        f"--limits={json.dumps(limits)}",
    ]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module, no word of the file's
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a parser's last words may quote cells, that is, people
        env={"PYTHONPATH": str(SOURCE), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        cwd="/",
        start_new_session=True,
    )


def feed(child: "subprocess.Popen[bytes]", content: bytes) -> None:
    """Write the whole file to the child; for a thread of its own."""
    # A child that dies before it has read everything shows in its verdict, so a broken pipe says nothing new.
    with suppress(BrokenPipeError), cast("IO[bytes]", child.stdin) as pipe:
        pipe.write(content)


def lines_of(child: "subprocess.Popen[bytes]", wall_seconds: float) -> Iterator[bytes]:
    """What the child says, line by line. Raises Unreadable when it lets us wait longer than that in all."""
    waited, rest = 0.0, b""
    pipe = cast("IO[bytes]", child.stdout)
    with selectors.DefaultSelector() as ready:
        ready.register(pipe, selectors.EVENT_READ)
        while True:
            begun = time.monotonic()
            if not ready.select(timeout=max(0.0, wall_seconds - waited)):
                raise Unreadable("file.timeout")
            chunk = os.read(pipe.fileno(), 256 * 1024)
            waited += time.monotonic() - begun
            if not chunk:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines


def cause_of_death(child: "subprocess.Popen[bytes]") -> str:
    """The code of why a child ended without its last line."""
    try:
        status = child.wait(timeout=_SECONDS_TO_DIE)
    except subprocess.TimeoutExpired:
        return "file.timeout"
    return "file.timeout" if status == -signal.SIGXCPU else "file.crashed"


def end(child: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of the child and its group, and reap it."""
    if child.poll() is None:
        with suppress(ProcessLookupError, PermissionError):  # it ended in this very moment
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    cast("IO[bytes]", child.stdout).close()


def limit_this_process(memory_bytes: int, cpu_seconds: int) -> None:
    """Take no more memory and time than this from now on; for the child itself."""
    for kind, wanted in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),  # a memory image would hold the whole list
    ):
        hard = resource.getrlimit(kind)[1]
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        # One second more for the hard limit: SIGXCPU says what happened, SIGKILL would not.
        resource.setrlimit(kind, (soft, soft + 1 if kind == resource.RLIMIT_CPU and soft < hard else soft))
