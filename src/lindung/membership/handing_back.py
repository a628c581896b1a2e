"""Gives the officer's own workbook back, with two columns more: what became of each row, and what to mend in it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils.timezone import localdate, localtime

from lindung.access import audit
from lindung.access.limiter import hit
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.formats import sheets
from lindung.formats.sheets import Choices, Placed, Shaded
from lindung.identity import places
from lindung.law.text import Text
from lindung.membership import arriving, occupations, problems, reading, rechecking, returned
from lindung.membership.columns import Field
from lindung.membership.judging import Judged
from lindung.membership.models import Roster
from lindung.membership.problems import Problem, ProblemKind
from lindung.membership.rechecking import Held
from lindung.membership.returned import RESULT, TO_MEND, VERDICTS

MOST_A_DAY = 20
"""Workbooks with whole NIK one user may take out within 24 hours of the first (threat model, case 2)."""
_DAY = 24 * 60 * 60

_COLOURS = {ProblemKind.BLOCKS: "#FFF1D6", ProblemKind.REFUSES: "#FDEAE8", ProblemKind.NOTE: "#E8F0FB"}


class NotHandedBack(Refusal):
    """The workbook is not taken out: this user took enough of them today."""

    code = "roster.taken_out_too_often"


def workbook_of(*, roster_id: int, by: Actor, now: datetime, english: bool = False) -> tuple[str, bytes]:
    """A file name and an .xlsx of the list as its officer knows it; that it was taken out goes on the trail.

    Every cell is text and inert; the NIK stand as he wrote them, for the list is his. Raises Roster.DoesNotExist
    for who does not see the whole list, NotHandedBack after `MOST_A_DAY` workbooks in a day.
    """
    locked = Roster.objects.select_for_update(of=("self",)).select_related("document", "sponsor")
    # Nobody mends the list between its rows and the event, which says which mends this workbook knows.
    roster = locked.get(pk=roster_id, document__kind="roster")
    if not hit(f"taken_out|{by.user_id}", limit=MOST_A_DAY, window_seconds=_DAY, now=now).allowed:
        raise NotHandedBack(_ENOUGH)
    rows = list(rechecking.held(roster).values())
    event = audit.record(
        "roster.taken_out",
        by=by,
        subject=f"roster:{roster_id}",
        sponsor_id=roster.sponsor_id,
        detail={"rows": len(rows), "last": _last(rows)},
    )
    mark = _watermark(returned.mark(roster_id=roster_id, event=event), by, now)
    source = reading.gathered(arriving.file_of(roster, by=by))
    found = [_sheet(roster, note, source, rows, english) for note in _notes(roster, source)]
    name = roster.document.name.rsplit(".", 1)[0] or "daftar"
    watermark = mark.en if english else mark.id
    return f"{name} - hasil.xlsx", sheets.to_xlsx([each._replace(watermark=watermark) for each in found])


def _last(rows: Sequence[Held]) -> int:
    """The last line of the first sheet: rows that a correction adds come after it."""
    return max((each.row.line for each in rows if each.row.line < reading.OFFSET), default=1)


def _watermark(mark: Text, by: Actor, now: datetime) -> Text:
    moment = f"{localtime(now):%d-%m-%Y %H.%M}"
    return Text(
        f"Diambil dari Lindung oleh {by.name}, {moment}, {mark.id}. Berisi data pribadi: jangan disebarkan.",
        f"Taken out of Lindung by {by.name}, {moment}, {mark.en}. Holds personal data: do not pass on.",
    )


def _notes(roster: Roster, source: reading.Source) -> list[reading.SheetNote]:
    """The sheets of the file in their order; of before sheets were noted, a list has its one sheet."""
    notes = {note.name: note for note in (reading.SheetNote(**each) for each in roster.sheets)}
    found = [notes[name] for name in source.sheets if name in notes]
    return found if any(not note.skipped for note in found) else [_only(roster, source)]


def _only(roster: Roster, source: reading.Source) -> reading.SheetNote:
    return reading.SheetNote(
        next(iter(source.sheets)), header_line=1, columns=tuple(range(len(roster.headers)))
    )


def _sheet(
    roster: Roster, note: reading.SheetNote, source: reading.Source, rows: Sequence[Held], english: bool
) -> sheets.Sheet:
    """One sheet as its officer made it, with the rows as they are now; what is no list of people stays as it is."""
    lines = [(line, [cell.text for cell in cells]) for line, cells in source.sheets[note.name]]
    if note.skipped:
        return sheets.Sheet(note.name, [], [Placed(*line) for line in lines], heading_row=0)
    last = note.offset + reading.OFFSET
    mine = [each for each in rows if note.offset <= each.row.line < last]
    columns = (*note.columns, *_added(roster, note, mine))
    own = next((texts for line, texts in lines if line == note.header_line), [])
    headings = [*own, *[""] * (len(note.columns) - len(own))][: len(note.columns)]
    headings += [
        roster.headers[at] if at < len(roster.headers) else "" for at in columns[len(note.columns) :]
    ]
    return sheets.Sheet(
        note.name or "Data",
        [*headings, *(each.en if english else each.id for each in (RESULT, TO_MEND))],
        _lines(mine, columns, note.offset, localdate(roster.received_at), english),
        heading_row=note.header_line,
        choices=_choices([roster.fields[at] if at < len(roster.fields) else Field.OTHER for at in columns]),
        above=[Placed(line, texts) for line, texts in lines if line < note.header_line],
    )


def _added(roster: Roster, note: reading.SheetNote, rows: Sequence[Held]) -> list[int]:
    """Columns that corrections brought, and cells right of the last heading, where a row of this sheet has any."""
    known = {at for each in roster.sheets for at in each["columns"]} | set(note.columns)
    width = max([len(roster.headers), *(len(each.row.cells) for each in rows)])
    return [
        at
        for at in range(width)
        if at not in known and any(at < len(each.row.cells) and each.row.cells[at].strip() for each in rows)
    ]


def _lines(
    rows: Sequence[Held], columns: Sequence[int], offset: int, on: date, english: bool
) -> Iterator[Placed]:
    for each in rows:
        row = each.row
        faults = {at: _of(row, at) for at in columns}
        cells = [_cell(row, at, faults[at]) for at in columns]
        colour = _colour(row.problems)
        told = "\n".join(_said(found, on, english) for found in row.problems)
        label = VERDICTS[row.verdict]
        yield Placed(
            row.line - offset,
            [*cells, label.en if english else label.id, Shaded(told, colour) if colour else told],
        )


def _of(row: Judged, column: int) -> list[Problem]:
    return [found for found in row.problems if found.column == column]


def _cell(row: Judged, at: int, faults: Sequence[Problem]) -> str | Shaded | None:
    text = row.cells[at] if at < len(row.cells) else ""
    colour = _colour(faults)
    return Shaded(text, colour) if colour else text or None


def _colour(faults: Sequence[Problem]) -> str:
    kinds = {problems.kind(found.code) for found in faults}
    return next(
        (
            _COLOURS[kind]
            for kind in (ProblemKind.REFUSES, ProblemKind.BLOCKS, ProblemKind.NOTE)
            if kind in kinds
        ),
        "",
    )


def _said(found: Problem, on: date, english: bool) -> str:
    message = problems.message(found.code, found.detail, on=on)
    hint = problems.suggestion(found.code, found.detail, on=on)
    texts = [message, *([hint] if hint else [])]
    return " ".join(text.en if english else text.id for text in texts)


def _choices(fields: Sequence[str]) -> dict[int, Choices]:
    """Drop-downs for the columns that take one of few words; other words may still be typed."""
    lists = {
        Field.SEX: ("L", "P"),
        Field.KELURAHAN: tuple(sorted(place.name for place in places.PLACES.values())),
        Field.OCCUPATION: tuple(sorted(occupations.label(key).id for key in occupations.listed())),
    }
    return {at: Choices(lists[Field(field)]) for at, field in enumerate(fields) if Field(field) in lists}


_ENOUGH = Text(
    f"Anda sudah mengunduh {MOST_A_DAY} buku kerja hari ini. Lanjutkan besok, atau perbaiki barisnya di layar.",
    f"You have taken out {MOST_A_DAY} workbooks today. Go on tomorrow, or mend the rows on the screen.",
)
