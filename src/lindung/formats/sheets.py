"""Values to workbooks and delimited text in which nothing can act: no cell is ever a formula, a link or a number.

>>> inert("=1+1"), inert("Siti Aminah")
("'=1+1", 'Siti Aminah')
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
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
_LONGEST_FOOTER = 200
LISTS = "Pilihan"
"""The hidden sheet that holds the words of drop-downs."""
_ROWS_THAT_SET_THE_WIDTH = 200


class Shaded(NamedTuple):
    """A cell with a background colour ("#FDE2E1") and, if wanted, a note that opens over it."""

    text: str
    colour: str
    note: str = ""


class Choices(NamedTuple):
    """Words that a column offers in a drop-down; others may still be typed."""

    words: tuple[str, ...]


class Placed(NamedTuple):
    """A row that belongs on a line of its own, counted from 1 like the sheet."""

    line: int
    cells: Sequence[str | Shaded | None]


class Sheet(NamedTuple):
    """A sheet to write: heading row, then rows of text; None is an empty cell.

    The headings stand on ``heading_row`` (from 1; 0: there are none), rows follow or lie where they are ``Placed``.
    ``watermark`` is printed on every page and stands below the last row; ``choices`` are drop-downs by column;
    ``above`` are titles over the headings, which make no column wider.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[str | Shaded | None] | Placed]
    heading_row: int = 1
    watermark: str = ""
    choices: Mapping[int, Choices] = {}
    above: Sequence[Placed] = ()


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
        lists = _Lists(book)
        names: set[str] = {LISTS.lower()}
        targets = [book.add_worksheet(_unused(_sheet_name(sheet.name), names)) for sheet in sheets]
        for target, sheet in zip(targets, sheets, strict=True):
            _write(target, sheet, formats, lists)
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


def _write(target: Worksheet, sheet: Sheet, formats: _Formats, lists: "_Lists") -> None:
    head = sheet.heading_row - 1
    widths = [len(column) for column in sheet.columns]
    for title in sheet.above:
        _write_row(target, title.line - 1, title.cells, formats)
    for at, column in enumerate(sheet.columns if sheet.heading_row else ()):
        target.write_string(head, at, _xlsx_text(column), formats.heading)
    last = max([head, *(title.line - 1 for title in sheet.above)])
    for number, row in enumerate(sheet.rows, start=1):
        last, cells = (row.line - 1, row.cells) if isinstance(row, Placed) else (head + number, row)
        _write_row(target, last, cells, formats)
        if number <= _ROWS_THAT_SET_THE_WIDTH:
            widths = _widened(widths, cells)
    for at, width in enumerate(widths):
        target.set_column(at, at, min(width + 2, _WIDEST_COLUMN), formats.of(""))
    target.freeze_panes(head + 1, 0)
    for at, choices in sheet.choices.items():
        _offer(target, head + 1, max(last, head + 1), at, lists.source(choices))
    if sheet.watermark:
        target.write_string(last + 2, 0, _xlsx_text(sheet.watermark), formats.of(""))
        target.set_footer(f"&L{sheet.watermark.replace('&', '&&')[:_LONGEST_FOOTER]}&R&P/&N")


def _write_row(target: Worksheet, row: int, cells: Sequence[str | Shaded | None], formats: _Formats) -> None:
    for at, cell in enumerate(cells):
        if cell is not None and cell != "":
            _write_cell(target, row, at, cell, formats)


def _widened(widths: Sequence[int], cells: Sequence[str | Shaded | None]) -> list[int]:
    wider = [max(width, _length(cell)) for width, cell in zip(widths, cells, strict=False)]
    return [*wider, *widths[len(wider) :]]


def _offer(target: Worksheet, first: int, last: int, column: int, source: str) -> None:
    rule = {"validate": "list", "source": source, "error_type": "information", "show_error": False}
    target.data_validation(first, column, last, column, rule)


class _Lists:
    """The words of drop-downs, on a hidden sheet of their own: inside the rule Excel takes 255 letters only."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._sheet: Worksheet | None = None
        self._made: dict[Choices, str] = {}

    def source(self, choices: Choices) -> str:
        """Where the words stand, as a rule names it."""
        if choices not in self._made:
            if self._sheet is None:
                self._sheet = self._book.add_worksheet(LISTS)
                self._sheet.hide()
            at = len(self._made)
            for row, word in enumerate(choices.words):
                self._sheet.write_string(row, at, _xlsx_text(word))
            letter = chr(ord("A") + at)
            self._made[choices] = f"={LISTS}!${letter}$1:${letter}${max(1, len(choices.words))}"
        return self._made[choices]


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


def _unused(name: str, taken: set[str]) -> str:
    """The name, or the name with a number when the workbook has a sheet of that name already."""
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{name[: _LONGEST_SHEET_NAME - 4]} {number}"
    taken.add(free.lower())
    return free
