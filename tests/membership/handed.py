"""A list's workbook in an officer's hands: taken out, changed in a cell, sent back."""

from collections.abc import Mapping

import world
from formats import workbooks
from lindung.access.models import Role
from lindung.formats import workbook
from lindung.formats.cells import text_of
from lindung.membership import correcting, handing_back, mending
from lindung.membership.models import Correction, RosterRow
from membership.rows import HEADINGS
from membership.sheets import ON, opened
from world import City

NOW = world.at(ON)
NIK, NAME, ADDRESS = (HEADINGS.index(heading) for heading in ("NIK", "Nama", "Alamat"))
Edits = Mapping[tuple[int, int], str]
"""What somebody types into the first sheet: text by line and column."""


def taken_out(place: City, roster: int) -> bytes:
    """The workbook as the page gives it."""
    with place.acting(on=ON) as officer:
        return handing_back.workbook_of(roster_id=roster, by=officer, now=NOW)[1]


def sheets_of(content: bytes) -> dict[str, dict[int, list[str]]]:
    """The texts of each visible sheet by line."""
    found: dict[str, dict[int, list[str]]] = {}
    for row in workbook.read_limited(content):
        if row.number:
            found.setdefault(row.sheet, {})[row.number] = [text_of(cell) for cell in row.cells]
    return found


def edited(content: bytes, edits: Edits) -> bytes:
    """The workbook saved again by another program, with these cells typed anew."""
    sheets: list[list[list[object]]] = []
    for at, lines in enumerate(sheets_of(content).values()):
        rows: list[list[object]] = [[*lines.get(line, [])] for line in range(1, max(lines) + 1)]
        for (line, column), text in edits.items() if at == 0 else ():
            rows[line - 1][column] = text
        sheets.append(rows)
    return workbooks.written(*sheets)


def mend(place: City, roster: int, line: int, column: int, text: str) -> None:
    """The operator of the kelurahan types one cell anew."""
    with place.acting(Role.KELURAHAN_OPERATOR, on=ON) as actor:
        revision = RosterRow.objects.get(roster_id=roster, number=line).revision
        mending.mend_cell(
            roster_id=roster, line=line, column=column, text=text, revision=revision, by=actor, now=NOW
        )


def compared(place: City, roster: int, content: bytes, name: str = "perbaikan.csv") -> Correction:
    """The officer sends a file; what it would do."""
    with place.acting(on=ON) as officer:
        found = correcting.compare(roster_id=roster, name=name, content=content, by=officer, now=NOW)
        return Correction.objects.get(pk=found)


def stored(
    place: City, correction: Correction, chosen: correcting.Chosen = correcting.KEEP_NEWER
) -> correcting.Stored:
    """The officer agrees to it."""
    with place.acting(on=ON) as officer:
        return correcting.store(correction_id=correction.pk, by=officer, now=NOW, chosen=chosen)


def numbers(found: Correction) -> tuple[int, int, int]:
    """Rows changed, added, gone."""
    return found.changed, found.added, found.gone


def cell(place: City, roster: int, line: int, column: int) -> str:
    """What the list says in a cell."""
    return opened(place, roster)[line].cells[column]
