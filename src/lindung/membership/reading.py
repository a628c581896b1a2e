"""Reads a city's file sheet by sheet, and lays the sheets that hold people under one row of headings."""

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from lindung.formats import workbook
from lindung.formats.cells import Merge, Number, Row, text_of
from lindung.formats.sheets import LISTS
from lindung.formats.unreadable import Unreadable
from lindung.membership.columns import (
    NOTHING_LEARNT,
    SEARCHED_ROWS,
    Field,
    How,
    Layout,
    Merges,
    headings_of,
    layout,
    words_of,
)
from lindung.membership.judging import Cell
from lindung.membership.masking import masked_within

OFFSET = 1_000_000
"""What is added to the line of each further sheet, so that a number names one line of the whole file."""

_LONG_NUMBER = re.compile(r"[0-9][0-9 .'-]{13,20}[0-9]")
_FEWEST_COLUMNS = 3

Line = tuple[int, list[Cell]]


class SheetNote(NamedTuple):
    """What became of one sheet; ``skipped`` is a code of the catalogue, "" when its people are in the list.

    ``columns`` says for each column of the sheet in which column of the list it stands, ``how`` (``columns.How``)
    why it is read as that. Kept with the roster; the ``offset`` of a sheet never changes.
    """

    name: str
    offset: int = 0
    header_line: int = 0
    headers: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()
    skipped: str = ""
    how: tuple[str, ...] = ()


LEFT_OUT = "sheet.left_out"
"""The code of a sheet that an officer has left out; what was read of it before keeps its lines."""


class Source(NamedTuple):
    """A file as read: the lines of each visible sheet, the names of the hidden ones, and what is merged in each.

    A cell below the first one of a merged cell says what that says; whatever is empty elsewhere stays empty.
    """

    sheets: dict[str, list[Line]]
    hidden: tuple[str, ...]
    merges: Mapping[str, Merges] = {}


class Arranged(NamedTuple):
    """The lines of all sheets with people, numbered and laid under one layout, and what became of each sheet."""

    layout: Layout
    lines: list[Line]
    notes: tuple[SheetNote, ...]


class Unmapped(Unreadable):
    """A sheet holds people and we do not know which column is which: an officer can say it."""

    def __init__(self, code: str, where: str, sheet: str) -> None:
        super().__init__(code, where)
        self.sheet = sheet


class Told(NamedTuple):
    """What an officer said of one sheet: the last line above its people and the field of each column.

    ``top_line`` is the first line of headings that take several, ``headings`` says whether it has any.
    """

    header_line: int
    fields: tuple[Field, ...]
    skip: bool = False
    top_line: int = 0
    headings: bool = True


class Held(NamedTuple):
    """What a list holds already when its file is read anew: where each sheet stands, and the rows people have changed.

    ``rows`` are cells in the columns of their sheet, by sheet and line; they stand for what the file says there.
    """

    notes: Mapping[str, SheetNote] = {}
    rows: Mapping[str, Mapping[int, Sequence[str]]] = {}


NOTHING_HELD = Held()


Mappings = Mapping[str, Told]
NO_MAPPINGS: Mappings = {}


def mappings_of(stored: Mapping[str, Any]) -> Mappings:
    """What a roster keeps of them."""
    return {
        name: Told(
            told["header_line"],
            tuple(Field(field) for field in told["fields"]),
            told["skip"],
            told.get("top_line", 0),
            told.get("headings", True),
        )
        for name, told in stored.items()
    }


def gathered(content: bytes) -> Source:
    """Everything the file holds. Raises Unreadable; the reading child process is gone afterwards."""
    sheets: dict[str, list[Line]] = {}
    merges: dict[str, dict[int, Sequence[Merge]] | None] = {}
    hidden = []
    open_merges: dict[tuple[str, Merge], Cell] = {}
    # Closed here and not by the garbage collector: the reading child process must not outlive a refusal.
    with closing(workbook.read_limited(content)) as rows:  # type: ignore[type-var]  # a generator
        for row in rows:
            if not row.number:
                hidden += [] if row.sheet == LISTS else [row.sheet]
                continue
            sheets.setdefault(row.sheet, []).append((row.number, _cells(row, open_merges)))
            known = merges.setdefault(row.sheet, None if row.merges is None else {})
            if known is not None and row.merges and len(sheets[row.sheet]) <= SEARCHED_ROWS:
                known[row.number] = row.merges
    return Source(sheets, tuple(hidden), merges)


def _cells(row: Row, open_merges: dict[tuple[str, Merge], Cell]) -> list[Cell]:
    """The cells of a row; one that is merged with those above it says what the first of them says."""
    cells = [Cell(text_of(cell), isinstance(cell, Number)) for cell in row.cells]
    for merge in row.merges or ():
        if merge.top == merge.bottom:
            continue
        at, place = merge.left, (row.sheet, merge)
        if row.number == merge.top and at < len(cells):
            open_merges[place] = cells[at]._replace(merged=True)
        elif place in open_merges:
            cells += [Cell("")] * (at + 1 - len(cells))
            cells[at] = cells[at] if cells[at].text.strip() else open_merges[place]
        if row.number == merge.bottom:
            open_merges.pop(place, None)
    return cells


def arranged(
    source: Source,
    *,
    learnt: Mapping[str, Field] = NOTHING_LEARNT,
    mappings: Mappings = NO_MAPPINGS,
    asking: bool = False,
    held: Held = NOTHING_HELD,
) -> Arranged:
    """The people of every sheet that has a row of headings, under the headings of the first such sheet.

    Raises Unreadable when there is none, and with ``asking`` Unmapped for the first sheet that holds people under
    headings nobody can read, or that can be read in two ways (``Layout.doubtful``); without it
    such a sheet is skipped where another one can be read. What people have changed (``held``) stands for the file.
    """
    if not source.sheets:
        raise Unreadable("file.no_rows")
    found = {name: layout_of(source, name, learnt=learnt, mappings=mappings) for name in source.sheets}
    if asking:
        _ask(source, found, mappings)
    taken = {name: each for name, each in found.items() if each is not None and not each.missing}
    if not taken:
        raise _nothing_found(found)
    left_out = {name for name, told in mappings.items() if told.skip}
    together = _together(_changed(source, held), found, taken, held.notes)
    notes = (note._replace(skipped=LEFT_OUT) if note.name in left_out else note for note in together.notes)
    return together._replace(notes=tuple(notes))


def layout_of(
    source: Source, sheet: str, *, learnt: Mapping[str, Field], mappings: Mappings = NO_MAPPINGS
) -> Layout | None:
    """The columns of a sheet, as an officer told them or as we find them; None for none, or when it is left out."""
    lines, told = source.sheets[sheet], mappings.get(sheet)
    merges = source.merges.get(sheet)
    if told is None:
        return layout(texts_of(lines[:SEARCHED_ROWS]), learnt=learnt, merges=merges)
    return None if told.skip else _as_told(lines, told, merges)


def _as_told(lines: Sequence[Line], told: Told, merges: Merges) -> Layout:
    rows = texts_of(lines[:SEARCHED_ROWS])
    headings = headings_of(rows, top=told.top_line, last=told.header_line, merges=merges)
    headers = [*(headings if told.headings else ()), *[""] * len(told.fields)][: len(told.fields)]
    how = tuple(How.UNREAD if field == Field.OTHER else How.CHOSEN for field in told.fields)
    return Layout(told.header_line, tuple(headers), told.fields, told.top_line, how)


def _changed(source: Source, held: Held) -> Source:
    """The file as people have changed it since: cells typed anew, rows that came with a corrected file."""
    sheets = {name: _changed_lines(lines, held.rows.get(name, {})) for name, lines in source.sheets.items()}
    return source._replace(sheets=sheets)


def _changed_lines(lines: list[Line], rows: Mapping[int, Sequence[str]]) -> list[Line]:
    if not rows:
        return lines
    known = {line for line, _ in lines}
    changed = [(line, _typed(cells, rows[line]) if line in rows else cells) for line, cells in lines]
    return [*changed, *((line, [Cell(text) for text in rows[line]]) for line in sorted(rows.keys() - known))]


def _typed(cells: Sequence[Cell], texts: Sequence[str]) -> list[Cell]:
    """The cells with these texts; one whose text is as it was stays the number or the merged cell it is."""
    padded = [*cells, *[Cell("")] * (len(texts) - len(cells))]
    return [
        cell if at >= len(texts) or cell.text == texts[at] else Cell(texts[at])
        for at, cell in enumerate(padded)
    ]


def texts_of(lines: Sequence[Line]) -> list[tuple[int, list[str]]]:
    """The lines with the words of their cells."""
    return [(line, [cell.text for cell in cells]) for line, cells in lines]


def _ask(source: Source, found: Mapping[str, Layout | None], told: Mappings) -> None:
    for name, lines in source.sheets.items():
        each = found[name]
        if name in told or not holds_people(lines):
            continue
        if each is None or each.missing:
            code = "file.no_header" if each is None else "file.no_column"
            raise Unmapped(code, "" if each is None else ", ".join(each.missing), name)
        if each.doubtful:
            raise Unmapped("file.headings_doubtful", "", name)


def holds_people(lines: Sequence[Line]) -> bool:
    """Whether a sheet looks like a list of people: three columns or more, and a long number in one of its first rows."""
    return any(
        sum(bool(cell.text.strip()) for cell in cells) >= _FEWEST_COLUMNS
        and any(_LONG_NUMBER.search(cell.text) for cell in cells)
        for _, cells in lines[:SEARCHED_ROWS]
    )


def _nothing_found(found: Mapping[str, Layout | None]) -> Unreadable:
    best = next((each for each in found.values() if each is not None), None)
    if best is None:
        return Unreadable("file.no_header")
    return Unreadable("file.no_column", ", ".join(best.missing))


def _together(
    source: Source,
    found: Mapping[str, Layout | None],
    taken: Mapping[str, Layout],
    known: Mapping[str, SheetNote],
) -> Arranged:
    headers: list[str] = []
    fields: list[Field] = []
    lines: list[Line] = []
    notes = []
    offsets = _offsets(taken, known)
    for name, each in taken.items():
        whole = _padded(each, source.sheets[name]) if len(taken) > 1 else each
        columns = places(whole.headers, whole.fields, headers, fields)
        shown = tuple(masked_within(text) for text in whole.headers)
        notes.append(
            SheetNote(
                name, offsets[name], each.header_line, shown, tuple(columns), how=tuple(map(str, whole.how))
            )
        )
        lines += _placed(source.sheets[name], notes[-1], len(headers))
    notes += [
        known.get(name, SheetNote(name, NOWHERE))._replace(skipped=_why(each))
        for name, each in found.items()
        if name not in taken
    ]
    notes += [SheetNote(name, NOWHERE, skipped="sheet.hidden") for name in source.hidden]
    first = next(iter(taken.values()))
    return Arranged(Layout(first.header_line, tuple(headers), tuple(fields)), lines, tuple(notes))


NOWHERE = -1
"""The offset of a sheet of which nothing was ever read."""


def _offsets(taken: Mapping[str, Layout], known: Mapping[str, SheetNote]) -> dict[str, int]:
    """Where the lines of each sheet begin: where they began before, the others behind."""
    offsets = {name: known[name].offset for name in taken if name in known}
    following = max((note.offset // OFFSET + 1 for note in known.values()), default=0)
    for name in taken:
        if name not in offsets:
            offsets[name] = following * OFFSET
            following += 1
    return offsets


def _padded(each: Layout, lines: Sequence[Line]) -> Layout:
    """Cells right of the last heading are columns, too, when several sheets are laid together."""
    more = max(0, max(len(cells) for _, cells in lines) - len(each.headers))
    return each._replace(
        headers=(*each.headers, *[""] * more),
        fields=(*each.fields, *[Field.OTHER] * more),
        how=(*each.how, *[How.UNREAD] * more),
    )


def places(
    headings: Sequence[str], meant: Sequence[Field], headers: list[str], fields: list[Field]
) -> list[int]:
    """In which column of the list each column of a sheet stands; columns it does not have yet are added to it."""
    found: list[int] = []
    for heading, field in zip(headings, meant, strict=True):
        here = (at for at in range(len(headers)) if at not in found)
        at = next((at for at in here if _same(heading, field, headers[at], fields[at])), len(headers))
        if at == len(headers):
            headers.append(heading)
            fields.append(field)
        found.append(at)
    return found


def _same(heading: str, field: Field, other: str, others: Field) -> bool:
    if field != others:
        return False
    return field != Field.OTHER or words_of(heading) == words_of(other)


def _placed(lines: Sequence[Line], note: SheetNote, width: int) -> list[Line]:
    """The lines below the headings; where the columns stand as they stood, the cells are left as they are."""
    below = [(line, cells) for line, cells in lines if line > note.header_line]
    if note.columns == tuple(range(len(note.columns))):
        return [(line + note.offset, cells) for line, cells in below]
    return [(line + note.offset, _moved(cells, note.columns, width)) for line, cells in below]


def _moved(cells: Sequence[Cell], columns: Sequence[int], width: int) -> list[Cell]:
    moved = [Cell("")] * width
    for at, cell in zip(columns, cells, strict=False):
        moved[at] = cell
    return moved


def _why(each: Layout | None) -> str:
    return "sheet.no_header" if each is None else "sheet.no_column"
