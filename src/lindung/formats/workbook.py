"""The door for uploaded lists: checks the bytes, has a limited child process read them, and hands on typed rows.

Run as `python -m lindung.formats.workbook` it is that child: the file comes in on stdin, lines of JSON go out on
stdout: for each sheet `{"sheet": name}` and a line `[row_number, [cell, ...], [merged cell, ...]]` for each filled row, and at the end
`{"rows": count}`; a hidden sheet is `{"hidden": name}` and no row. Or, at any point, `{"unreadable": code, "where": cell}`. A cell is text, null, `["n", digits]` or `["d", date]`; of a formula only
the value that was stored with it. Why a child: one cell at XFD1048576 makes any parser of workbooks abort its whole process.
"""

import argparse
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from lindung.formats.cells import Row, from_line, to_line
from lindung.formats.inspection import Format, inspect
from lindung.formats.unreadable import LIMITS, Limits, Unreadable

__all__ = ["LIMITS", "Limits", "Row", "Unreadable", "inspect", "main", "read_limited"]

_MIB = 1024 * 1024
_SOURCE = Path(__file__).resolve().parents[2]
_SECONDS_TO_DIE = 5.0


def read_limited(
    content: bytes,
    *,
    memory_bytes: int = 512 * _MIB,
    cpu_seconds: int = 30,
    wall_seconds: float = 60,
    limits: Limits = LIMITS,
) -> Iterator[Row]:
    """The filled rows of every visible sheet, in their order, as the child process reads them.

    A row numbered 0 and without cells stands for a sheet that is hidden and was not read.

    Raises Unreadable, possibly after some rows: keep nothing before the iterator ends. `wall_seconds` counts the
    waiting for the child only, not what the caller does between two rows. Closing the iterator ends the child.
    """
    child = _start(memory_bytes, cpu_seconds, limits)
    feeder = threading.Thread(target=_feed, args=(child, content), daemon=True)
    try:
        feeder.start()
        yield from _rows(child, _lines(child, wall_seconds))
    finally:
        _end(child)
        if feeder.ident is not None:
            feeder.join()


def _start(memory_bytes: int, cpu_seconds: int, limits: Limits) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-B", "-P", "-m", "lindung.formats.workbook"]
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
        env={"PYTHONPATH": str(_SOURCE), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        cwd="/",
        start_new_session=True,
    )


def _feed(child: "subprocess.Popen[bytes]", content: bytes) -> None:
    # A child that dies before it has read everything shows in its verdict, so a broken pipe says nothing new.
    with suppress(BrokenPipeError), cast("IO[bytes]", child.stdin) as pipe:
        pipe.write(content)


def _lines(child: "subprocess.Popen[bytes]", wall_seconds: float) -> Iterator[bytes]:
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


def _rows(child: "subprocess.Popen[bytes]", lines: Iterator[bytes]) -> Iterator[Row]:
    sheet = ""
    for line in lines:
        if line.startswith(b"["):
            yield from_line(line, sheet)
            continue
        note = json.loads(line)
        if "unreadable" in note:
            raise Unreadable(note["unreadable"], note["where"])
        if "rows" in note:  # the last line: without it the child has died on the way
            return
        if "hidden" in note:
            yield Row(0, (), note["hidden"])
            continue
        sheet = note["sheet"]
    raise Unreadable(_cause_of_death(child))


def _cause_of_death(child: "subprocess.Popen[bytes]") -> str:
    try:
        status = child.wait(timeout=_SECONDS_TO_DIE)
    except subprocess.TimeoutExpired:
        return "file.timeout"
    return "file.timeout" if status == -signal.SIGXCPU else "file.crashed"


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of the child and its group, and reap it."""
    if child.poll() is None:
        with suppress(ProcessLookupError, PermissionError):  # it ended in this very moment
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    cast("IO[bytes]", child.stdout).close()


# The child


def main(arguments: Sequence[str] | None = None) -> int:
    """Read a workbook from stdin under limits and write its rows to stdout; 0 also where it is unreadable."""
    parser = argparse.ArgumentParser(prog="python -m lindung.formats.workbook", description=__doc__)
    parser.add_argument("--memory-bytes", type=int, default=512 * _MIB)
    parser.add_argument("--cpu-seconds", type=int, default=30)
    parser.add_argument("--limits", type=lambda text: Limits(*json.loads(text)), default=LIMITS)
    options = parser.parse_args(arguments)
    _limit_this_process(options.memory_bytes, options.cpu_seconds)
    try:
        _write_rows(options.limits)
    except BrokenPipeError:  # the parent has seen enough
        os._exit(0)
    return 0


def _limit_this_process(memory_bytes: int, cpu_seconds: int) -> None:
    for kind, wanted in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),  # a memory image would hold the whole list
    ):
        hard = resource.getrlimit(kind)[1]
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        # One second more for the hard limit: SIGXCPU says what happened, SIGKILL would not.
        resource.setrlimit(kind, (soft, soft + 1 if kind == resource.RLIMIT_CPU and soft < hard else soft))


def _write_rows(limits: Limits) -> None:
    # Imported only now, so that the parser is loaded and run under the limits.
    from lindung.formats.parsing import read

    content = sys.stdin.buffer.read()
    write = sys.stdout.buffer.write
    count = 0
    try:
        kind: Format = inspect(content, "", limits=limits)
        for table in read(content, kind, limits):
            write(json.dumps({"sheet" if table.rows is not None else "hidden": table.sheet}).encode() + b"\n")
            for number, cells, merges in table.rows or ():
                count += 1
                write(to_line(number, cells, merges).encode() + b"\n")
        write(json.dumps({"rows": count}).encode() + b"\n")
    except Unreadable as why:
        write(json.dumps({"unreadable": why.code, "where": why.where}).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
