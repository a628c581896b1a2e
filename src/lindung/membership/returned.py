"""Tells, in a workbook that comes back, what Lindung had put into it: two columns, and the line that names the download."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from lindung.law.text import Text
from lindung.membership.columns import SEARCHED_ROWS
from lindung.membership.models import Roster, Verdict
from lindung.membership.reading import Line, SheetNote, Source

RESULT = Text("Hasil", "Result")
TO_MEND = Text("Yang perlu diperbaiki", "What to mend")
ADDED = frozenset({*RESULT, *TO_MEND})
"""The headings of the two columns; a file that comes back with them is read without them."""

VERDICTS = {
    Verdict.READY: Text("Siap", "Ready"),
    Verdict.TO_FIX: Text("Perbaiki", "Fix"),
    Verdict.REFUSED: Text("Ditolak", "Refused"),
    Verdict.ENROLLED: Text("Terdaftar", "Enrolled"),
    Verdict.IGNORED: Text("Dilewati", "Skipped"),
}
"""What stands in the first of the two columns."""

_PAIRS = frozenset(zip(RESULT, TO_MEND, strict=True))
_SAID = frozenset(word for label in VERDICTS.values() for word in label)
# Bounded: a cell may hold thirty thousand letters of anybody's making.
_MARK = re.compile(r"\bLindung\b.{0,300}?\b(?:unduhan|download) ([0-9]{1,9})-([0-9]{1,18})\b")


def mark(*, roster_id: int, event: int) -> Text:
    """The words that name one download of a list; ``event`` is its entry on the trail."""
    return Text(f"unduhan {roster_id}-{event}", f"download {roster_id}-{event}")


def marks(source: Source) -> Mapping[int, set[int]]:
    """The lists whose downloads a file says it was made from, each with the entries of those downloads on the trail."""
    found: dict[int, set[int]] = {}
    for lines in source.sheets.values():
        for line in lines:
            named = _marked(line)
            if named is not None:
                found.setdefault(named[0], set()).add(named[1])
    return found


def _marked(line: Line) -> tuple[int, int] | None:
    for cell in line[1]:
        found = _MARK.search(cell.text)
        if found is not None:
            return int(found[1]), int(found[2])
    return None


_Of = TypeVar("_Of")


def by_sheet(source: Source, known: Mapping[str, _Of]) -> Mapping[str, _Of]:
    """What is known of the sheets of a list, by their names in this file: an only sheet may be called anything now."""
    if len(known) == len(source.sheets) == 1:
        return dict(zip(source.sheets, known.values(), strict=True))
    return known


def as_sent(source: Source, roster: Roster) -> Source:
    """The officer's own part of a file: without our two columns on any sheet, and without our line below the rows."""
    notes = by_sheet(source, {note.name: note for note in (SheetNote(**each) for each in roster.sheets)})
    sheets = {}
    for name, lines in source.sheets.items():
        ours = _ours(lines, notes.get(name), len(roster.headers))
        sheets[name] = [
            (number, [cell for at, cell in enumerate(cells) if at not in ours])
            for number, cells in lines
            if _marked((number, cells)) is None
        ]
    return source._replace(sheets=sheets)


def _ours(lines: Sequence[Line], note: SheetNote | None, width: int) -> Collection[int]:
    """Our columns in a sheet: by their headings, or by their place where a sheet has no row of headings."""
    for number, cells in lines[:SEARCHED_ROWS]:
        texts = [cell.text.strip() for cell in cells]
        both = [at for at, pair in enumerate(zip(texts, texts[1:], strict=False)) if pair in _PAIRS]
        if both:
            return {both[-1], both[-1] + 1}
        if note is not None and number == note.header_line and not ADDED.intersection(note.headers):
            return {at for at, text in enumerate(texts) if text in ADDED}
    if note is not None and not note.header_line and not note.skipped:
        return _at_the_end(lines, len(note.columns) or width)
    return ()


def _at_the_end(lines: Sequence[Line], width: int) -> Collection[int]:
    """The two columns right of the officer's own, when nothing but verdicts stands in the first of them."""
    for at in range(width, max((len(cells) for _, cells in lines), default=0)):
        said = {cells[at].text.strip() for _, cells in lines if len(cells) > at} - {""}
        if said and said <= _SAID:
            return {at, at + 1}
    return ()
