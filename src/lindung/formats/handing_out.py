"""Tables that leave the house, as csv or xlsx, with nothing in them that a spreadsheet would run.

A name may begin with "=": stored it stays so, in a csv it gets an apostrophe before it, in a workbook its cell is
typed as text. Who took the table out, when and what for stands in its first and last line and in its properties.

>>> inert("=1+1"), inert("Siti"), inert("-"), inert(12)
("'=1+1", 'Siti', "'-", 12)
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, NamedTuple

import xlsxwriter

Cell = str | int | None

MOST_ROWS = 1_000_000
"""A sheet holds 1,048,576 rows."""
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_767
_WIDEST = 40


class Watermark(NamedTuple):
    """Who took a table out of the house: one line of text, and the name for the file's properties."""

    line: str
    author: str


class TooManyRows(ValueError):
    """More rows than a sheet can hold; narrow the choice."""


def inert(cell: Cell) -> Cell:
    """A csv cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    bare = cell.lstrip(" \u00a0\ufeff\x00")
    return f"'{cell}" if bare.startswith(_LIVE) else cell


def write_csv(
    target: IO[bytes], *, headers: Sequence[str], rows: Iterable[Sequence[Cell]], mark: Watermark
) -> int:
    """Write the table as UTF-8 with a byte-order mark, as Excel reads it; how many rows it has."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    count = 0
    writer.writerow([inert(mark.line)])
    writer.writerow([inert(header) for header in headers])
    for row in rows:
        count += 1
        writer.writerow([inert(cell) for cell in row])
    writer.writerow([inert(mark.line)])
    text.detach()
    return count


def write_xlsx(
    target: IO[bytes], *, headers: Sequence[str], rows: Iterable[Sequence[Cell]], mark: Watermark
) -> int:
    """Write the table as a workbook, row by row without holding it in memory; how many rows it has.

    Raises TooManyRows.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"author": mark.author, "comments": mark.line, "keywords": "Lindung"})
        sheet = book.add_worksheet("Lindung")
        sheet.set_footer("&L" + mark.line.replace("&", "&&")[:240])
        sheet.set_column(0, max(0, len(headers) - 1), 18)
        sheet.freeze_panes(2, 0)
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, mark.line[:_LONGEST_CELL])
        for column, header in enumerate(headers):
            sheet.write_string(1, column, header, bold)
        count = 0
        for count, row in enumerate(rows, start=1):
            if count > MOST_ROWS:
                raise TooManyRows(MOST_ROWS)
            _write_row(sheet, count + 1, row)
        sheet.write_string(count + 2, 0, mark.line[:_LONGEST_CELL])
    return count


def _write_row(sheet: "xlsxwriter.worksheet.Worksheet", line: int, row: Sequence[Cell]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int):
            sheet.write_number(line, column, cell)
        elif cell:
            sheet.write_string(line, column, cell[:_LONGEST_CELL])
