"""The door for uploaded lists: checks the bytes, has a limited child process read them, and hands on typed rows.

Run as `python -m lindung.formats.workbook` it is that child: the file comes in on stdin, lines of JSON go out on
stdout: for each sheet `{"sheet": name}` and a line `[row_number, [cell, ...], [merged cell, ...]]` for each filled row, and at the end
`{"rows": count}`; a hidden sheet is `{"hidden": name}` and no row. Or, at any point, `{"unreadable": code, "where": cell}`. A cell is text, null, `["n", digits]` or `["d", date]`; of a formula only
the value that was stored with it. Why a child: one cell at XFD1048576 makes any parser of workbooks abort its whole process.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence

from lindung.formats import child as child_process
from lindung.formats.cells import Row, from_line, to_line
from lindung.formats.child import MIB
from lindung.formats.inspection import Format, inspect
from lindung.formats.unreadable import LIMITS, Limits, Unreadable

__all__ = ["LIMITS", "Limits", "Row", "Unreadable", "inspect", "main", "read_limited"]

_SOURCE = child_process.SOURCE


def read_limited(
    content: bytes,
    *,
    memory_bytes: int = 512 * MIB,
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
    feeder = threading.Thread(target=child_process.feed, args=(child, content), daemon=True)
    try:
        feeder.start()
        yield from _rows(child, child_process.lines_of(child, wall_seconds))
    finally:
        child_process.end(child)
        if feeder.ident is not None:
            feeder.join()


def _start(memory_bytes: int, cpu_seconds: int, limits: Limits) -> "subprocess.Popen[bytes]":
    return child_process.start("lindung.formats.workbook", memory_bytes, cpu_seconds, limits)


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
    raise Unreadable(child_process.cause_of_death(child))


# The child


def main(arguments: Sequence[str] | None = None) -> int:
    """Read a workbook from stdin under limits and write its rows to stdout; 0 also where it is unreadable."""
    parser = argparse.ArgumentParser(prog="python -m lindung.formats.workbook", description=__doc__)
    parser.add_argument("--memory-bytes", type=int, default=512 * MIB)
    parser.add_argument("--cpu-seconds", type=int, default=30)
    parser.add_argument("--limits", type=lambda text: Limits(*json.loads(text)), default=LIMITS)
    options = parser.parse_args(arguments)
    child_process.limit_this_process(options.memory_bytes, options.cpu_seconds)
    try:
        _write_rows(options.limits)
    except BrokenPipeError:  # the parent has seen enough
        os._exit(0)
    return 0


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
