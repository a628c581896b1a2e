"""Gives the officer's own workbook back, with two columns more: what became of each row, and what to mend in it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils.timezone import localdate, localtime

from lindung.access import audit
from lindung.access.limiter import hit
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.formats import sheets
from lindung.formats.sheets import Choices, Shaded
from lindung.identity import places
from lindung.law.text import Text
from lindung.membership import occupations, problems, reading, rechecking
from lindung.membership.columns import Field
from lindung.membership.judging import Judged
from lindung.membership.models import Roster, Verdict
from lindung.membership.problems import Problem, ProblemKind
from lindung.membership.rechecking import Held

RESULT = Text("Hasil", "Result")
TO_MEND = Text("Yang perlu diperbaiki", "What to mend")
ADDED = frozenset({*RESULT, *TO_MEND})
"""The headings of the two columns; a file that comes back with them is read without them."""

MOST_A_DAY = 20
"""Workbooks with whole NIK one user may take out within 24 hours of the first (threat model, case 2)."""
_DAY = 24 * 60 * 60

_COLOURS = {ProblemKind.BLOCKS: "#FFF1D6", ProblemKind.REFUSES: "#FDEAE8", ProblemKind.NOTE: "#E8F0FB"}
_VERDICTS = {
    Verdict.READY: Text("Siap", "Ready"),
    Verdict.TO_FIX: Text("Perbaiki", "Fix"),
    Verdict.REFUSED: Text("Ditolak", "Refused"),
    Verdict.ENROLLED: Text("Terdaftar", "Enrolled"),
    Verdict.IGNORED: Text("Dilewati", "Skipped"),
}


class NotHandedBack(Refusal):
    """The workbook is not taken out: this user took enough of them today."""

    code = "roster.taken_out_too_often"


def workbook_of(*, roster_id: int, by: Actor, now: datetime, english: bool = False) -> tuple[str, bytes]:
    """A file name and an .xlsx of the list as its officer knows it; that it was taken out goes on the trail.

    Every cell is text and inert; the NIK stand as he wrote them, for the list is his. Raises Roster.DoesNotExist
    for who does not see the whole list, NotHandedBack after `MOST_A_DAY` workbooks in a day.
    """
    roster = Roster.objects.select_related("document", "sponsor").get(pk=roster_id, document__kind="roster")
    if not hit(f"taken_out|{by.user_id}", limit=MOST_A_DAY, window_seconds=_DAY, now=now).allowed:
        raise NotHandedBack(_ENOUGH)
    rows = list(rechecking.held(roster).values())
    audit.record(
        "roster.taken_out",
        by=by,
        subject=f"roster:{roster_id}",
        sponsor_id=roster.sponsor_id,
        detail={"rows": len(rows)},
    )
    mark = _watermark(by, now)
    found = [_sheet(roster, note, rows, mark, english) for note in _notes(roster)]
    name = roster.document.name.rsplit(".", 1)[0] or "daftar"
    return f"{name} - hasil.xlsx", sheets.to_xlsx(found)


def _watermark(by: Actor, now: datetime) -> Text:
    moment = f"{localtime(now):%d-%m-%Y %H.%M}"
    return Text(
        f"Diambil dari Lindung oleh {by.name}, {moment}. Berisi data pribadi: jangan disebarkan.",
        f"Taken out of Lindung by {by.name}, {moment}. Holds personal data: do not pass on.",
    )


def _notes(roster: Roster) -> list[reading.SheetNote]:
    """The sheets whose people are in the list; a list of before sheets were noted has one."""
    notes = [reading.SheetNote(**note) for note in roster.sheets]
    taken = [note for note in notes if not note.skipped]
    return taken or [reading.SheetNote("Data", header_line=1)]


def _sheet(
    roster: Roster, note: reading.SheetNote, rows: Sequence[Held], mark: Text, english: bool
) -> sheets.Sheet:
    one = len(_notes(roster)) == 1
    columns = tuple(range(len(roster.headers))) if one else note.columns
    headings = [roster.headers[at] for at in columns]
    fields = [roster.fields[at] for at in columns]
    last = note.offset + reading.OFFSET
    mine = [each for each in rows if note.offset <= each.row.line < last]
    return sheets.Sheet(
        note.name or "Data",
        [*headings, *(each.en if english else each.id for each in (RESULT, TO_MEND))],
        _lines(mine, columns, note.offset, localdate(roster.received_at), english),
        heading_row=max(note.header_line, 1),
        watermark=mark.en if english else mark.id,
        choices=_choices(fields),
    )


def _lines(
    rows: Sequence[Held], columns: Sequence[int], offset: int, on: date, english: bool
) -> Iterator[sheets.Placed]:
    for each in rows:
        row = each.row
        faults = {at: _of(row, at) for at in columns}
        cells = [_cell(row, at, faults[at]) for at in columns]
        colour = _colour(row.problems)
        told = "\n".join(_said(found, on, english) for found in row.problems)
        label = _VERDICTS[row.verdict]
        yield sheets.Placed(
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
