"""A row of a list as the table shows it: each cell under its heading, and where its faults sit."""

from collections.abc import Sequence
from typing import NamedTuple

from lindung.law.text import Text
from lindung.membership import rosters
from lindung.membership.problems import ProblemKind
from lindung.web.language import said

_COLUMN = Text("Kolom {n}", "Column {n}")
_STOPPING = frozenset({ProblemKind.BLOCKS, ProblemKind.REFUSES})


class CellOnPage(NamedTuple):
    """A cell under its heading; ``faulty`` when something in it stops the row."""

    at: int
    header: str
    cell: rosters.CellView
    faulty: bool


class Line(NamedTuple):
    """A row of the sheet with each cell under its header, and the headers under which something stops it."""

    row: rosters.RowView
    cells: list[CellOnPage]
    faulty: list[str]


def heading_of(headers: Sequence[str], at: int) -> str:
    """The heading of a column; one without any is called by its number, as where its meaning is chosen."""
    heading = headers[at].strip() if at < len(headers) else ""
    return heading or said(_COLUMN.filled(n=at + 1))


def line_of(headers: Sequence[str], row: rosters.RowView) -> Line:
    """The row laid under the headings."""
    cells = [
        CellOnPage(at, heading_of(headers, at), cell, any(fault.kind in _STOPPING for fault in cell.problems))
        for at, cell in enumerate(row.cells)
    ]
    return Line(row, cells, [each.header for each in cells if each.faulty])
