"""Finds an officer's own changes in a corrected file: it is held against the list as it was when the file was made.

Others may have mended the list since. A cell the officer left alone keeps their mend; a cell that both changed is
the officer's to decide.
"""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import NamedTuple

from lindung.membership import mending
from lindung.membership.judging import Cell, Judged
from lindung.membership.models import Roster, RowChange

Cells = tuple[str, ...]


class Past(NamedTuple):
    """What a row said before: a file that repeats it changes nothing.

    ``newer`` are the columns that somebody mended where the writer of the file could not know of it.
    """

    earlier: tuple[Cells, ...] = ()
    newer: frozenset[int] = frozenset()


NO_PAST = Past()


class Touched(NamedTuple):
    """The columns of a row that a file changes: those it alone changes, and those that were mended meanwhile, too."""

    alone: tuple[int, ...]
    both: tuple[int, ...]


def pasts(roster: Roster, *, since: int | None, sender: int | None) -> dict[int, Past]:
    """The past of each row that was ever changed, by line.

    ``since`` is the trail's entry of the download that the file was made from: its one earlier state is the row as
    it was then. Without it the file may be of any day since the list came; then whatever the row ever said is
    earlier, and what somebody else than ``sender`` put there last is newer.
    """
    rows = RowChange.objects.filter(roster_id=roster.pk).order_by("number", "revision")
    found = list(rows if since is None else rows.filter(event_id__gt=since))
    changes = zip(found, mending.opened(found), strict=True)
    past = {}
    for line, of_row in groupby(changes, key=lambda each: each[0].number):
        each = [(row.changed_by_id, before, after) for row, (before, after) in of_row]
        past[line] = _since_download(each) if since is not None else _of_any_day(each, sender)
    return past


_Changed = tuple[int | None, Cells, Cells]


def _since_download(changes: Sequence[_Changed]) -> Past:
    first, last = changes[0][1], changes[-1][2]
    return Past((first,), frozenset(_differing(first, last)))


def _of_any_day(changes: Sequence[_Changed], sender: int | None) -> Past:
    by = {at: who for who, before, after in changes for at in _differing(before, after)}
    newer = frozenset(at for at, who in by.items() if who != sender)
    return Past(tuple(before for _, before, _ in changes), newer)


def _differing(one: Cells, other: Cells) -> list[int]:
    return [at for at in range(max(len(one), len(other))) if text_at(one, at) != text_at(other, at)]


def text_at(cells: Sequence[str], column: int) -> str:
    """The text of a cell as it is compared; "" beyond the last."""
    return cells[column].strip() if column < len(cells) else ""


def touched(
    now: Judged, sent: Judged, *, past: Past, present: Collection[int], typed: Collection[int] = ()
) -> Touched:
    """What a file changes in a row; ``present`` are the columns that the file has at all.

    ``typed`` are those in which a text means that somebody typed it: there the same digits change a doubtful number.
    """
    columns = [
        at
        for at in _differing(now.cells, sent.cells)
        if at in present and all(text_at(state, at) != text_at(sent.cells, at) for state in past.earlier)
    ]
    columns += [at for at in typed if _typed_again(now, sent, at)]
    return Touched(
        tuple(at for at in columns if at not in past.newer), tuple(at for at in columns if at in past.newer)
    )


def _typed_again(now: Judged, sent: Judged, at: int) -> bool:
    """Whether a number that Excel may have rounded comes back with the same digits, as text."""
    doubtful = any(found.code == "nik.excel_rounded" and found.column == at for found in now.problems)
    return doubtful and at not in sent.numeric and text_at(sent.cells, at) == text_at(now.cells, at)


def put_in(now: Judged, sent: Judged, columns: Collection[int]) -> list[Cell]:
    """The cells of a row with these columns taken from the file."""
    width = max([len(now.cells), *(at + 1 for at in columns)])
    return [_cell(sent if at in columns else now, at) for at in range(width)]


def _cell(row: Judged, at: int) -> Cell:
    return Cell(row.cells[at] if at < len(row.cells) else "", at in row.numeric)
