"""Rows of typed cells out of a workbook or a delimited text; runs only inside the limited child process."""

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import IO, NamedTuple

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from lindung.formats.cells import Cell, Day, Merge, Number
from lindung.formats.inspection import Format
from lindung.formats.unreadable import Limits, Unreadable

_DELIMITERS = ",;\t|"
_SAMPLE_CHARS = 65_536
_SAMPLE_ROWS = 50
_CHUNK = 1024 * 1024
# A cell tag is short; what is left of a longer one between two chunks is not worth keeping.
_LONGEST_TAG = 4096
_MOST_LETTERS = 3
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# A cell with content, in a column of two letters or more, or below row 99,999. Empty ones, which only carry a format, end in "/>".
_FAR_CELL = re.compile(rb'<c r="([A-Z]{2,}|[A-Z](?=[0-9]{6}))([0-9]{1,20})"[^>]*(?<!/)>')
_NUL_SHOWN = "\ufffd"  # PostgreSQL cannot store NUL, and dropping it silently would join what it parted


Merges = tuple[Merge, ...] | None


class Table(NamedTuple):
    """One sheet of a file: its name ("" for text) and its filled rows, numbered from 1; None when it is hidden.

    With each row come the merged cells that reach into it, None where the format does not tell.
    """

    sheet: str
    rows: "Iterator[tuple[int, list[Cell], Merges]] | None"


def read(content: bytes, kind: Format, limits: Limits) -> Iterator[Table]:
    """Every sheet in its order, or the text; the rows of a table are to be read before the next one is taken.

    Raises Unreadable, from the tables and their rows also after some of them: a caller keeps nothing before the end.
    """
    if kind == "xlsx":
        _refuse_far_cells(content, limits)
    return _tables(content, kind, limits)


def _tables(content: bytes, kind: Format, limits: Limits) -> Iterator[Table]:
    count = _Count(limits)
    if kind == "text":
        yield Table("", _filled(_text_rows(content, limits), count))
    else:
        for name, rows in _sheets(content, limits):
            yield Table(name, None if rows is None else _filled(rows, count))
    if not count.filled:
        raise Unreadable("file.no_rows")


class _Count:
    """How many filled rows were read of the whole file, and how many there may be."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.filled = 0

    def another(self) -> None:
        self.filled += 1
        if self.filled > self.limits.max_rows:
            raise Unreadable("file.too_many_rows")


def _filled(source: "_Rows", count: _Count) -> Iterator[tuple[int, list[Cell], Merges]]:
    most = count.limits.max_cell_chars
    for number, values, merges in source:
        cells = _trimmed([_cell(value, most) for value in values])
        if not cells:
            continue
        count.another()
        if len(cells) > count.limits.max_columns:
            raise Unreadable("file.too_many_columns", f"{_letters(len(cells))}{number}")
        yield number, cells, merges


def _trimmed(cells: list[Cell]) -> list[Cell]:
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _cell(value: object, max_chars: int) -> Cell:
    if isinstance(value, str):
        return _text(value, max_chars) if value and not value.isspace() else None
    return _AS_CELL.get(type(value), str)(value)


def _text(value: str, max_chars: int) -> str:
    shown = value.replace("\0", _NUL_SHOWN) if "\0" in value else value
    return shown if len(shown) <= max_chars else f"{shown[:max_chars]}…"


def _digits(value: float) -> Number:
    # A NIK typed as a number must come out as sixteen digits, never as 1.57e15.
    whole = abs(value) < 1e30 and value == int(value)
    return Number(str(int(value)) if whole else repr(value))


def _moment(value: dt.datetime) -> Day:
    return Day(
        value.date().isoformat() if value.time() == dt.time.min else value.isoformat(timespec="seconds")
    )


_AS_CELL: dict[type, Callable[..., Cell]] = {
    bool: lambda value: "TRUE" if value else "FALSE",
    int: lambda value: Number(str(value)),
    float: _digits,
    dt.datetime: _moment,
    dt.date: lambda value: Day(value.isoformat()),
}


# Workbooks


_Rows = Iterator[tuple[int, Iterable[object], Merges]]


def _sheets(content: bytes, limits: Limits) -> Iterator[tuple[str, _Rows | None]]:
    """Each worksheet with its rows, one in memory at a time; hidden ones by name only."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for index, about in enumerate(book.sheets_metadata):
                if about.typ is not SheetTypeEnum.WorkSheet:
                    continue
                if about.visible is not SheetVisibleEnum.Visible:
                    yield about.name, None
                    continue
                sheet = book.get_sheet_by_index(index)
                _refuse_wide(sheet, limits)
                yield about.name, _sheet_rows(sheet, limits)
    except PasswordError as error:
        raise Unreadable("file.encrypted") from error
    except CalamineError as error:
        raise Unreadable("file.damaged") from error


def _refuse_wide(sheet: CalamineSheet, limits: Limits) -> None:
    if sheet.end is not None and sheet.end[1] >= limits.max_columns:
        raise Unreadable("file.too_many_columns", f"{_letters(sheet.end[1] + 1)}{sheet.end[0] + 1}")


def _sheet_rows(sheet: CalamineSheet, limits: Limits) -> _Rows:
    if sheet.start is None:
        return
    ranges = sheet.merged_cell_ranges
    merged = None if ranges is None else _Merged(ranges, limits)
    # The parser fills up the rows above the first cell, but not the columns left of it.
    left: list[object] = [""] * (sheet.start[1] if sheet.start else 0)
    for number, values in enumerate(sheet.iter_rows(), start=1):
        yield number, left + list(values), None if merged is None else merged.at(number)


class _Merged:
    """The merged cells of a sheet, asked for row by row from the top."""

    def __init__(self, ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]], limits: Limits) -> None:
        found = (Merge(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges)
        self._waiting = sorted(found, reverse=True)
        self._here: list[Merge] = []
        self._most = limits.max_columns

    def at(self, number: int) -> tuple[Merge, ...]:
        """Those that reach into this row. Raises Unreadable when they are more than can lie beside each other."""
        self._here = [merge for merge in self._here if merge.bottom >= number]
        while self._waiting and self._waiting[-1].top <= number:
            self._here.append(self._waiting.pop())
        if len(self._here) > self._most:
            raise Unreadable("file.damaged")
        return tuple(self._here)


def _refuse_far_cells(content: bytes, limits: Limits) -> None:
    """One cell far out makes the parser reserve all the room up to it (XFD1048576: 550 GB), so look before."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for entry in packed.infolist():
                if _SHEET_PART.fullmatch(entry.filename):
                    with packed.open(entry) as part:
                        _refuse_far_cells_of(part, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Unreadable("file.damaged") from error


def _refuse_far_cells_of(part: IO[bytes], limits: Limits) -> None:
    rest = b""
    while chunk := part.read(_CHUNK):
        text = rest + chunk
        cut = text.rfind(b"<")
        for far in _FAR_CELL.finditer(text, 0, cut):
            _refuse_far_cell(far[1].decode(), int(far[2]), limits)
        rest = text[cut:][:_LONGEST_TAG] if cut >= 0 else b""


def _refuse_far_cell(letters: str, row: int, limits: Limits) -> None:
    if len(letters) > _MOST_LETTERS or _column(letters) > limits.max_columns:
        raise Unreadable("file.too_many_columns", f"{letters[:_MOST_LETTERS]}{row}")
    if row > limits.max_rows:
        raise Unreadable("file.too_many_rows", f"{letters}{row}")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# Delimited text


def _text_rows(content: bytes, limits: Limits) -> _Rows:
    """Records of the text. A record is a row of the sheet, also where a quoted cell has several lines."""
    encoding = _encoding(content)
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    sample = stream.read(_SAMPLE_CHARS)
    stream.seek(0)
    announced = re.match(r"\ufeff?sep=([,;\t|])\r?\n?", sample, re.IGNORECASE)
    if announced:  # Excel's own line that names the delimiter; Excel does not show it as a row
        stream.readline()
    csv.field_size_limit(max(limits.max_cell_chars * 16, 131_072))
    delimiter = announced[1] if announced else _delimiter(sample)
    try:
        for number, values in enumerate(csv.reader(stream, delimiter=delimiter, strict=True), start=1):
            yield number, values, None
    except csv.Error as error:
        raise Unreadable("file.quotes") from error


def _encoding(content: bytes) -> str:
    """What the bytes decode as without a fault. Raises Unreadable(`file.encoding`) if nothing does."""
    start = content[:4096]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif start.count(0) > len(start) // 4:
        candidates = ["utf-16-le" if start[1::2].count(0) >= start[0::2].count(0) else "utf-16-be"]
    else:
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        if _decodes(content, encoding):
            return encoding
    raise Unreadable("file.encoding")


def _decodes(content: bytes, encoding: str) -> bool:
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    try:
        while stream.read(_CHUNK):
            pass
    except UnicodeError:
        return False
    return True


def _delimiter(sample: str) -> str:
    """The sign under which most rows of the sample have the same number of cells, more than one."""
    return max(_DELIMITERS, key=lambda sign: _regularity(sample, sign))


def _regularity(sample: str, delimiter: str) -> tuple[int, int]:
    # "Jambi, 12-05-1974" makes the comma regular as well, but with fewer cells.
    widths: Counter[int] = Counter()
    lines = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for row, _ in zip(lines, range(_SAMPLE_ROWS), strict=False):
            widths[len(row)] += 1
    except csv.Error:
        return (0, 0)
    regular = [(count, width) for width, count in widths.items() if width > 1]
    return max(regular, default=(0, 0))
