"""What one cell of a foreign table holds, and how it travels from the reading process as a line of JSON."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple


class Number(NamedTuple):
    """A numeric cell; whole numbers have all their digits, never an exponent."""

    text: str


class Day(NamedTuple):
    """A cell that the workbook itself calls a date: "1974-05-12", with "T10:30:00" if it has a time."""

    text: str


# A str is text as typed; None is an empty cell.
Cell = str | Number | Day | None


class Merge(NamedTuple):
    """A merged cell: its first and last line (from 1) and its first and last column (from 0). Its text is in the first."""

    top: int
    left: int
    bottom: int
    right: int

    def covers(self, line: int, column: int) -> bool:
        """Whether this cell of the sheet is a part of the merged one."""
        return self.top <= line <= self.bottom and self.left <= column <= self.right


class Row(NamedTuple):
    """A row as the officer sees it: `number` counts from 1 like the sheet, `cells[0]` is column A.

    Empty cells after the last filled one are left out; `sheet` is the sheet's name, "" for a text file. `merges`
    are the merged cells that reach into the row, None where the format does not tell (ods, text).
    """

    number: int
    cells: tuple[Cell, ...]
    sheet: str = ""
    merges: tuple[Merge, ...] | None = None


# Made once: json.dumps with options makes its encoder anew for each row.
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_KINDS: dict[str, type[Number] | type[Day]] = {"n": Number, "d": Day}


def text_of(cell: Cell) -> str:
    """What the cell says, whatever its kind; an empty cell says nothing."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else cell.text


def to_line(number: int, cells: Sequence[Cell], merges: Sequence[Merge] | None = None) -> str:
    """The row as one line of JSON: text, null, ["n", digits] or ["d", date]; then its merged cells where known."""
    packed = [
        ["n" if isinstance(cell, Number) else "d", cell.text] if isinstance(cell, tuple) else cell
        for cell in cells
    ]
    return _ENCODE([number, packed] if merges is None else [number, packed, merges])


def from_line(line: bytes | str, sheet: str = "") -> Row:
    """The row that `to_line` wrote. Raises ValueError or KeyError if it is anything else."""
    number, packed, *rest = json.loads(line)
    merges = tuple([Merge(*each) for each in rest[0]]) if rest else None
    cells = tuple([_unpacked(cell) if type(cell) is list else cell for cell in packed])
    return Row(number, cells, sheet, merges)


def _unpacked(cell: list[Any]) -> Cell:
    kind, text = cell
    return _KINDS[kind](text)
