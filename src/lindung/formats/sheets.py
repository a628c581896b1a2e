"""Values to workbooks and delimited text in which nothing can act: no cell is ever a formula, a link or a number.

>>> inert("=1+1"), inert("Siti Aminah")
("'=1+1", 'Siti Aminah')
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# What spreadsheet programs take for the start of a formula, also in full-width form, and after a line break.
_LIVE_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_XLSX_TEXT = 32_767
_LONGEST_SHEET_NAME = 31
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDEST_COLUMN = 60
_ROWS_THAT_SET_THE_WIDTH = 200


class Shaded(NamedTuple):
    """A cell with a background colour ("#FDE2E1") and, if wanted, a note that opens over it."""

    text: str
    colour: str
    note: str = ""


class Sheet(NamedTuple):
    """A sheet to write: heading row, then rows of text; None is an empty cell."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[str | Shaded | None]]


def inert(text: str) -> str:
    """The text for a delimited file, with an apostrophe before anything that a spreadsheet would run."""
    return f"'{text}" if text.startswith(_LIVE_STARTS) else text


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[str | None]], *, delimiter: str = ",") -> bytes:
    """UTF-8 with its mark, so that Excel shows every letter; every cell quoted and inert."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_csv_text(column) for column in columns])
    writer.writerows([_csv_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_text(cell: str | None) -> str:
    return inert(_storable(cell or "").replace("\0", "\ufffd"))


def to_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook whose cells are all text, so that a NIK keeps its sixteen digits and "=1+1" stays what it says."""
    out = io.BytesIO()
    # Kept in memory: the writer's temporary files would leave the list readable on disk.
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        formats = _Formats(book)
        for sheet in sheets:
            _write(book.add_worksheet(_sheet_name(sheet.name)), sheet, formats)
    return out.getvalue()


class _Formats:
    """The formats of one workbook, each made once: text everywhere, with or without a colour."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}
        self.heading = book.add_format({"num_format": "@", "bold": True, "text_wrap": True, "valign": "top"})

    def of(self, colour: str) -> Format:
        if colour not in self._made:
            fill = {"bg_color": colour} if colour else {}
            self._made[colour] = self._book.add_format({"num_format": "@", **fill})
        return self._made[colour]


def _write(target: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    widths = [len(column) for column in sheet.columns]
    for at, column in enumerate(sheet.columns):
        target.write_string(0, at, _xlsx_text(column), formats.heading)
    for number, row in enumerate(sheet.rows, start=1):
        for at, cell in enumerate(row):
            if cell is not None and cell != "":
                _write_cell(target, number, at, cell, formats)
        if number <= _ROWS_THAT_SET_THE_WIDTH:
            widths = [max(width, _length(cell)) for width, cell in zip(widths, row, strict=False)] + widths[
                len(row) :
            ]
    for at, width in enumerate(widths):
        target.set_column(at, at, min(width + 2, _WIDEST_COLUMN), formats.of(""))
    target.freeze_panes(1, 0)


def _write_cell(target: Worksheet, row: int, column: int, cell: str | Shaded, formats: _Formats) -> None:
    if isinstance(cell, str):
        target.write_string(row, column, _xlsx_text(cell), formats.of(""))
        return
    target.write_string(row, column, _xlsx_text(cell.text), formats.of(cell.colour))
    if cell.note:
        target.write_comment(row, column, _xlsx_text(cell.note))


def _length(cell: str | Shaded | None) -> int:
    if cell is None:
        return 0
    return len(cell if isinstance(cell, str) else cell.text)


def _xlsx_text(text: str) -> str:
    # The writer drops a text beyond the limit of Excel without a word, so it is cut here.
    return _storable(text)[:_LONGEST_XLSX_TEXT]


def _storable(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text)


def _sheet_name(name: str) -> str:
    return _FORBIDDEN_IN_SHEET_NAME.sub(" ", name).strip(" '")[:_LONGEST_SHEET_NAME] or "Data"
