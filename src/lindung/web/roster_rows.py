"""A row of a list as the table shows it: each cell under its heading, and where its faults sit."""

from typing import NamedTuple

from lindung.membership import rosters
from lindung.membership.problems import ProblemKind

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


def line_of(headers: tuple[str, ...], row: rosters.RowView) -> Line:
    """The row laid under the headings; there are as many of them as cells."""
    cells = [
        CellOnPage(at, header, cell, any(fault.kind in _STOPPING for fault in cell.problems))
        for at, (header, cell) in enumerate(zip(headers, row.cells, strict=True))
    ]
    return Line(row, cells, [each.header for each in cells if each.faulty])
