"""Reads a city's file sheet by sheet, and lays the sheets that hold people under one row of headings."""

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from lindung.formats import workbook
from lindung.formats.cells import Number, text_of
from lindung.formats.sheets import LISTS
from lindung.formats.unreadable import Unreadable
from lindung.membership.columns import NOTHING_LEARNT, SEARCHED_ROWS, Field, Layout, layout, words_of
from lindung.membership.judging import Cell
from lindung.membership.masking import masked_within

OFFSET = 1_000_000
"""What is added to the line of each further sheet, so that a number names one line of the whole file."""

_LONG_NUMBER = re.compile(r"[0-9][0-9 .'-]{13,20}[0-9]")
_FEWEST_COLUMNS = 3

Line = tuple[int, list[Cell]]


class SheetNote(NamedTuple):
    """What became of one sheet; ``skipped`` is a code of the catalogue, "" when its people are in the list.

    ``columns`` says for each column of the sheet in which column of the list it stands. Kept with the roster.
    """

    name: str
    offset: int = 0
    header_line: int = 0
    headers: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()
    skipped: str = ""


class Source(NamedTuple):
    """A file as read: the lines of each visible sheet, and the names of the hidden ones."""

    sheets: dict[str, list[Line]]
    hidden: tuple[str, ...]


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
    """What an officer said of one sheet: the line of its headings (0: none) and the field of each column."""

    header_line: int
    fields: tuple[Field, ...]
    skip: bool = False


Mappings = Mapping[str, Told]
NO_MAPPINGS: Mappings = {}


def mappings_of(stored: Mapping[str, Any]) -> Mappings:
    """What a roster keeps of them."""
    return {
        name: Told(told["header_line"], tuple(Field(field) for field in told["fields"]), told["skip"])
        for name, told in stored.items()
    }


def gathered(content: bytes) -> Source:
    """Everything the file holds. Raises Unreadable; the reading child process is gone afterwards."""
    sheets: dict[str, list[Line]] = {}
    hidden = []
    # Closed here and not by the garbage collector: the reading child process must not outlive a refusal.
    with closing(workbook.read_limited(content)) as rows:  # type: ignore[type-var]  # a generator
        for row in rows:
            if not row.number:
                hidden += [] if row.sheet == LISTS else [row.sheet]
                continue
            cells = [Cell(text_of(cell), isinstance(cell, Number)) for cell in row.cells]
            sheets.setdefault(row.sheet, []).append((row.number, cells))
    return Source(sheets, tuple(hidden))


def arranged(
    source: Source,
    *,
    learnt: Mapping[str, Field] = NOTHING_LEARNT,
    mappings: Mappings = NO_MAPPINGS,
    asking: bool = False,
) -> Arranged:
    """The people of every sheet that has a row of headings, under the headings of the first such sheet.

    Raises Unreadable when there is none, and with ``asking`` Unmapped for the first sheet that holds people under
    headings nobody can read; without it such a sheet is skipped where another one can be read.
    """
    if not source.sheets:
        raise Unreadable("file.no_rows")
    found = {name: _layout(name, lines, learnt, mappings) for name, lines in source.sheets.items()}
    if asking:
        _ask(source, found, mappings)
    taken = {name: each for name, each in found.items() if each is not None and not each.missing}
    if not taken:
        raise _nothing_found(found)
    return _together(source, found, taken)


def _layout(name: str, lines: Sequence[Line], learnt: Mapping[str, Field], told: Mappings) -> Layout | None:
    if name in told:
        return None if told[name].skip else _as_told(lines, told[name])
    return layout(texts_of(lines[:SEARCHED_ROWS]), learnt=learnt)


def _as_told(lines: Sequence[Line], told: Told) -> Layout:
    headings = next(
        (texts for line, texts in texts_of(lines[:SEARCHED_ROWS]) if line == told.header_line), []
    )
    headers = [*headings, *[""] * (len(told.fields) - len(headings))][: len(told.fields)]
    return Layout(told.header_line, tuple(headers), told.fields)


def texts_of(lines: Sequence[Line]) -> list[tuple[int, list[str]]]:
    """The lines with the words of their cells."""
    return [(line, [cell.text for cell in cells]) for line, cells in lines]


def _ask(source: Source, found: Mapping[str, Layout | None], told: Mappings) -> None:
    for name, lines in source.sheets.items():
        each = found[name]
        if name in told or (each is not None and not each.missing) or not holds_people(lines):
            continue
        code = "file.no_header" if each is None else "file.no_column"
        raise Unmapped(code, "" if each is None else ", ".join(each.missing), name)


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


def _together(source: Source, found: Mapping[str, Layout | None], taken: Mapping[str, Layout]) -> Arranged:
    headers: list[str] = []
    fields: list[Field] = []
    lines: list[Line] = []
    notes = []
    for number, (name, each) in enumerate(taken.items()):
        whole = _padded(each, source.sheets[name]) if len(taken) > 1 else each
        columns = places(whole.headers, whole.fields, headers, fields)
        note = SheetNote(name, number * OFFSET, each.header_line, whole.headers, tuple(columns))
        notes.append(note._replace(headers=tuple(masked_within(text) for text in note.headers)))
        lines += _placed(source.sheets[name], note, len(headers))
    notes += [SheetNote(name, skipped=_why(each)) for name, each in found.items() if name not in taken]
    notes += [SheetNote(name, skipped="sheet.hidden") for name in source.hidden]
    first = next(iter(taken.values()))
    return Arranged(Layout(first.header_line, tuple(headers), tuple(fields)), lines, tuple(notes))


def _padded(each: Layout, lines: Sequence[Line]) -> Layout:
    """Cells right of the last heading are columns, too, when several sheets are laid together."""
    more = max(len(cells) for _, cells in lines) - len(each.headers)
    return each._replace(
        headers=(*each.headers, *[""] * more), fields=(*each.fields, *[Field.OTHER] * max(0, more))
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
