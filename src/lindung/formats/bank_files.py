"""The door for bank statements: tells the format, has a limited child process read it, and checks that it adds up.

Run as `python -m lindung.formats.bank_files` it is that child for MT940 and camt.053: the file comes in on stdin, a head
and then a JSON line for each booking goes out on stdout, at the end `{"lines": count}`; or `{"unreadable": code, "where": place}`.
Tables go the way of all tables (`workbook`).
"""

import argparse
import json
import os
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Literal

from lindung.formats import child as child_process
from lindung.formats import statement_table, workbook
from lindung.formats.child import MIB
from lindung.formats.statement import BankLine, BankStatement, account_number, believed
from lindung.formats.statement_table import NOTHING_TOLD, Told
from lindung.formats.unreadable import LIMITS, Limits, Unreadable

StatementFormat = Literal["mt940", "camt053", "table"]
_MODULE = "lindung.formats.bank_files"
_MT940 = re.compile(rb"(?m)^:20:[^\r\n]*\r?\n(?:.*\r?\n){0,8}?:25")
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_XML_IN_UTF16 = (b"\xff\xfe<\0", b"\xfe\xff\0<")


def format_of(content: bytes) -> StatementFormat:
    """How the bytes begin. Raises Unreadable for an empty file and one that is too large."""
    if not content:
        raise Unreadable("file.empty")
    if len(content) > LIMITS.max_file_bytes:
        raise Unreadable("file.too_large")
    if _MT940.search(content[:4096]):
        return "mt940"
    return "camt053" if _XML.match(content[:200]) or content.startswith(_XML_IN_UTF16) else "table"


def read(content: bytes, name: str, *, told: Told = NOTHING_TOLD, limits: Limits = LIMITS) -> BankStatement:
    """The statement in a file, believed: it has lines, and they lead from its opening to its closing balance.

    Raises Unreadable with a code of ``unreadable`` or of ``statement``; nothing is to be kept then.
    """
    if format_of(content) == "table":
        workbook.inspect(content, name, limits=limits)
        with closing(workbook.read_limited(content, limits=limits)) as rows:  # type: ignore[type-var]  # a generator
            found = statement_table.read(list(rows), told)
    else:
        found = read_limited(content, limits=limits)
        asked = account_number(told.account)
        if asked and asked != found.account:
            raise Unreadable("statement.other_account")
    return believed(found)


def read_limited(
    content: bytes,
    *,
    memory_bytes: int = 512 * MIB,
    cpu_seconds: int = 60,
    wall_seconds: float = 90,
    limits: Limits = LIMITS,
) -> BankStatement:
    """An MT940 or camt.053 as the child process reads it. Raises Unreadable; the child is gone afterwards."""
    child = child_process.start(_MODULE, memory_bytes, cpu_seconds, limits)
    feeder = threading.Thread(target=child_process.feed, args=(child, content), daemon=True)
    try:
        feeder.start()
        found = _received(child_process.lines_of(child, wall_seconds))
        if found is None:
            raise Unreadable(child_process.cause_of_death(child))
        return found
    finally:
        child_process.end(child)
        if feeder.ident is not None:
            feeder.join()


def _received(said: Iterator[bytes]) -> BankStatement | None:
    """What the child read; None when it died before it was through."""
    head: tuple[str, str, int | None, int | None] | None = None
    lines: list[BankLine] = []
    for one in said:
        note = json.loads(one)
        if isinstance(note, list):
            number, booked_on, valued_on, *rest = note
            lines.append(
                BankLine(number, date.fromisoformat(booked_on), date.fromisoformat(valued_on), *rest)
            )
        elif "unreadable" in note:
            raise Unreadable(note["unreadable"], note["where"])
        elif "account" in note:
            head = (note["account"], note["currency"], note["opening"], note["closing"])
        elif head is not None and note["lines"] == len(lines):
            return BankStatement(*head, tuple(lines))
    return None


# The child


def main(arguments: Sequence[str] | None = None) -> int:
    """Read a statement from stdin under limits and write it to stdout; 0 also where it is unreadable."""
    parser = argparse.ArgumentParser(prog=f"python -m {_MODULE}", description=__doc__)
    parser.add_argument("--memory-bytes", type=int, default=512 * MIB)
    parser.add_argument("--cpu-seconds", type=int, default=60)
    parser.add_argument("--limits", type=lambda text: Limits(*json.loads(text)), default=LIMITS)
    options = parser.parse_args(arguments)
    child_process.limit_this_process(options.memory_bytes, options.cpu_seconds)
    try:
        for note in _said(sys.stdin.buffer.read(), options.limits):
            sys.stdout.write(json.dumps(note, default=str) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the parent has seen enough
        os._exit(0)
    return 0


def _said(content: bytes, limits: Limits) -> Iterator[object]:
    # Imported only now, so that the parsers are loaded and run under the limits.
    from lindung.formats import camt053, mt940

    try:
        found = (mt940 if format_of(content) == "mt940" else camt053).read(content)
        if len(found.lines) > limits.max_rows:
            raise Unreadable("file.too_many_rows")
        head = {"account": found.account, "currency": found.currency, "opening": found.opening}
        yield {**head, "closing": found.closing}
        yield from found.lines
        yield {"lines": len(found.lines)}
    except Unreadable as why:
        yield {"unreadable": why.code, "where": why.where}


if __name__ == "__main__":
    sys.exit(main())
