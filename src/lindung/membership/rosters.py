"""A roster as an officer reads it: the whole table, with every fault in its cell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count
from django.utils.timezone import localdate

from lindung.documents.models import Document
from lindung.identity import nik
from lindung.law.text import Text
from lindung.membership import listing, mapping, mending, problems, reading, sealed_rows, wages
from lindung.membership.columns import Field, How
from lindung.membership.employment import EmployerUnit
from lindung.membership.judging import Facts
from lindung.membership.masking import masked_within
from lindung.membership.mending import MENDABLE
from lindung.membership.models import Awaits, Roster, RosterRow, Verdict
from lindung.membership.problems import Problem, ProblemKind
from lindung.membership.reading import OFFSET, SheetNote

PER_PAGE = 50
_MASKED = (Field.NIK, Field.FAMILY_CARD)


class ProblemView(NamedTuple):
    """A fault in words."""

    code: str
    kind: str
    message: Text
    suggestion: Text | None
    article: str


class CellView(NamedTuple):
    """A cell as shown; numbers that identify a person are masked."""

    text: str
    problems: tuple[ProblemView, ...]


class RowView(NamedTuple):
    """A line of the officer's sheet."""

    number: int
    verdict: str
    cells: tuple[CellView, ...]
    problems: tuple[ProblemView, ...]
    worker_id: int | None
    line: int = 0
    sheet: str = ""
    revision: int = 1
    gone: bool = False
    changed: bool = False
    read_anew: bool = False

    @property
    def mendable(self) -> bool:
        """Whether its cells may be typed anew."""
        return self.verdict in MENDABLE

    @property
    def stopping(self) -> tuple[ProblemView, ...]:
        """What stops the row, in its cells and as a whole."""
        every = (*self.problems, *(fault for cell in self.cells for fault in cell.problems))
        return tuple(fault for fault in every if fault.kind != ProblemKind.NOTE)

    @property
    def set_aside(self) -> bool:
        """Whether an officer left it out; it can be taken back."""
        return self.verdict == Verdict.IGNORED and any(each.code == "row.set_aside" for each in self.problems)


class SkippedSheet(NamedTuple):
    """A sheet of the file that is not in the list, and why."""

    name: str
    why: Text


class ReadColumn(NamedTuple):
    """A heading of the file, as what it was read, and how we came to that (None: a list of before that was noted)."""

    heading: str
    read_as: Text
    how: Text | None
    guess: bool = False


class ReadSheet(NamedTuple):
    """The columns of one sheet of the file ("" for a text)."""

    name: str
    columns: tuple[ReadColumn, ...]


class RosterPage(NamedTuple):
    """One page of a roster with the counts of the whole."""

    id: int
    agreement_id: int
    name: str
    agreement_code: str
    agreement_title: str
    status: str
    received_at: object
    received_by: str
    headers: tuple[str, ...]
    rows: tuple[RowView, ...]
    counts: dict[str, int]
    number: int
    pages: int
    sheets: tuple[str, ...] = ()
    skipped: tuple[SkippedSheet, ...] = ()
    segment: str = ""
    segment_id: int = 0
    read: tuple[ReadSheet, ...] = ()
    columns_closed: Text | None = None
    no_place: int = 0
    """Of the rows to fix, those that wait for the office: no place in the quota, or enrolled by another list."""
    gone: int = 0
    """Of the rows to fix, those that the newest corrected file no longer holds."""

    @property
    def guessed(self) -> bool:
        """Whether any column was read as something by a guess alone."""
        return any(column.guess for sheet in self.read for column in sheet.columns)


def page(roster_id: int, *, verdict: str | None, number: int) -> RosterPage:
    """A page of a roster in the caller's scope; the nearest one when ``number`` is beyond the ends.

    Raises Roster.DoesNotExist when the roster is not in scope. Rows of other kelurahan are left out for those
    who look after one.
    """
    roster = Roster.objects.select_related("agreement", "received_by", "segment").get(pk=roster_id)
    awaiting = _awaiting(roster)
    counts = _verdicts(awaiting)
    shown = counts.get(verdict, 0) if verdict else sum(counts.values())
    pages = max(1, -(-shown // PER_PAGE))
    number = min(max(1, number), pages)
    rows = RosterRow.objects.filter(roster=roster).order_by("number")
    chosen = rows.filter(verdict=verdict) if verdict else rows
    fields = tuple(Field(name) for name in roster.fields)
    shown_rows = _rows(roster, chosen[(number - 1) * PER_PAGE : number * PER_PAGE], fields)
    width = max([len(roster.headers), *(len(row.cells) for row in shown_rows)])
    return RosterPage(
        id=roster.pk,
        agreement_id=roster.agreement_id,
        name=_name(roster),
        agreement_code=roster.agreement.code,
        agreement_title=roster.agreement.title,
        status=roster.status,
        received_at=roster.received_at,
        received_by=roster.received_by.name if roster.received_by else "",
        headers=(*roster.headers, *[""] * (width - len(roster.headers))),
        rows=tuple(row._replace(cells=_filled_up(row.cells, width)) for row in shown_rows),
        counts=counts,
        number=number,
        pages=pages,
        sheets=tuple(note.name for note in _taken(roster)),
        skipped=tuple(
            SkippedSheet(note.name, problems.message(note.skipped))
            for note in notes_of(roster)
            if note.skipped
        ),
        segment=roster.segment.label,
        segment_id=roster.segment_id,
        read=tuple(_read_sheet(note, fields) for note in _read_notes(roster)),
        columns_closed=mapping.why_closed(roster),
        no_place=awaiting[Awaits.OFFICE],
        gone=awaiting[Awaits.GONE],
    )


def _read_notes(roster: Roster) -> list[SheetNote]:
    found = [SheetNote(**note) for note in roster.sheets]
    return [note for note in found if not note.skipped]


def _read_sheet(note: SheetNote, fields: Sequence[Field]) -> ReadSheet:
    hows = [*note.how, *[None] * (len(note.columns) - len(note.how))]
    return ReadSheet(
        note.name,
        tuple(
            ReadColumn(
                heading,
                mapping.LABELS[fields[at]],
                None if how is None else mapping.HOW[How(how)],
                how == How.GUESSED,
            )
            for heading, at, how in zip(note.headers, note.columns, hows, strict=False)
        ),
    )


def every_row(roster_id: int) -> Iterator[RowView]:
    """Every row in the caller's scope, in order, a thousand at a time. Raises Roster.DoesNotExist out of scope."""
    roster = Roster.objects.get(pk=roster_id)
    fields, last = tuple(Field(name) for name in roster.fields), 0
    while True:
        rows = RosterRow.objects.filter(roster=roster, number__gt=last).order_by("number")[:1_000]
        shown = _rows(roster, rows, fields)
        yield from shown
        if not shown:
            return
        last = shown[-1].number


def notes_of(roster: Roster) -> list[SheetNote]:
    """What became of each sheet of the file; nothing for a text, or a list of before sheets were noted."""
    return [SheetNote(**note) for note in roster.sheets if note["name"]]


def _taken(roster: Roster) -> list[SheetNote]:
    return [note for note in notes_of(roster) if not note.skipped]


def line_of(number: int, roster: Roster) -> tuple[int, str]:
    """The line as the sheet counts it, and the sheet's name where the list has several."""
    placed = [each for each in notes_of(roster) if not each.skipped or each.skipped == reading.LEFT_OUT]
    placed = sorted((each for each in placed if each.offset >= 0), key=lambda each: each.offset)
    sheet = next((note.name for note in reversed(placed) if note.offset <= number), "")
    return number % OFFSET, sheet if len(placed) > 1 else ""


def _name(roster: Roster) -> str:
    """The file's name without the file."""
    kept = Document.objects.filter(pk=roster.document_id).values_list("name", flat=True).first()
    return listing.unnamed(roster) if kept is None else kept


def counted(roster: Roster) -> dict[str, int]:
    """How many rows of the roster have which verdict."""
    return _verdicts(_awaiting(roster))


def _awaiting(roster: Roster) -> Counter[str]:
    """How many rows wait for what: as their verdict says, rows to fix parted by whom they wait for."""
    rows = RosterRow.objects.filter(roster=roster).values_list("awaits").annotate(count=Count("number"))
    return Counter(dict(rows))


def _verdicts(awaiting: Counter[str]) -> dict[str, int]:
    found = {verdict: awaiting[verdict] for verdict in Verdict.values}
    found[Verdict.TO_FIX] += sum(awaiting[each] for each in Awaits.values)
    return found


def joining_of(facts: Sequence[Facts], *, agreement_id: int, on: date) -> dict[str | int, int]:
    """How many people of each sector these are, or of each month's wage at an employer: what they cost depends on it."""
    if not EmployerUnit.objects.filter(agreement_id=agreement_id).exists():
        return dict(Counter[str | int](row.sector for row in facts))
    monthly = (wages.month_wage(basis=row.wage_basis, amount=row.wage, on=on) for row in facts if row.wage)
    return dict(Counter[str | int](wage.monthly for wage in monthly))


def explained(problem: Problem, *, on: date, roster: Roster | None = None) -> ProblemView:
    """A stored problem in words, with the numbers that the law had on the day the row was judged."""
    if roster is not None and problem.code.startswith("duplicate."):
        problem = problem._replace(detail=_lines_said(problem.detail, roster))
    entry = problems.catalogue()[problem.code]
    return ProblemView(
        code=problem.code,
        kind=str(entry.kind),
        message=problems.message(problem.code, problem.detail, on=on),
        suggestion=problems.suggestion(problem.code, problem.detail, on=on),
        article=entry.article,
    )


def _lines_said(detail: str, roster: Roster) -> str:
    """The lines of a detail, "3, 1000007", as their sheets count them."""
    found = (line_of(int(number), roster) for number in detail.split(", ") if number.isdecimal())
    return ", ".join(f"{line} ({sheet})" if sheet else str(line) for line, sheet in found) or detail


def _rows(roster: Roster, rows: Iterable[RosterRow], fields: Sequence[Field]) -> tuple[RowView, ...]:
    stored = list(rows)
    opened = sealed_rows.read_many(roster.pk, [(row.number, bytes(row.sealed)) for row in stored])
    # A list is judged on the day it is received.
    on = localdate(roster.received_at)
    marks = mending.marks(roster_id=roster.pk, lines=[row.number for row in stored if row.revision > 1])
    views = (_view(roster, row, texts.cells, fields, on) for row, texts in zip(stored, opened, strict=True))
    return tuple(
        view._replace(changed=view.number in marks.changed, read_anew=view.number in marks.read_anew)
        for view in views
    )


def row_of(roster_id: int, number: int) -> RowView:
    """One row of a list in the caller's sight. Raises RosterRow.DoesNotExist."""
    roster = Roster.objects.get(pk=roster_id)
    found = RosterRow.objects.filter(roster=roster, number=number)
    if not found.exists():
        raise RosterRow.DoesNotExist
    [view] = _rows(roster, found, tuple(Field(name) for name in roster.fields))
    width = max(len(roster.headers), len(view.cells))
    return view._replace(cells=_filled_up(view.cells, width))


def _view(roster: Roster, row: RosterRow, texts: Sequence[str], fields: Sequence[Field], on: date) -> RowView:
    found = [Problem(*stored) for stored in row.problems]
    # A sheet leaves out the empty cells at the end of a row; a fault may sit in one of them.
    filled_up = [*texts, *[""] * (len(fields) - len(texts))]
    cells = [
        CellView(shown(text, fields, at), _of(found, at, on, roster)) for at, text in enumerate(filled_up)
    ]
    line, sheet = line_of(row.number, roster)
    return RowView(
        row.number,
        row.verdict,
        tuple(cells),
        _of(found, None, on, roster),
        row.person_id,
        line,
        sheet,
        row.revision,
        row.gone,
    )


def _filled_up(cells: tuple[CellView, ...], width: int) -> tuple[CellView, ...]:
    return (*cells, *[CellView("", ())] * (width - len(cells)))


def _of(found: Sequence[Problem], column: int | None, on: date, roster: Roster) -> tuple[ProblemView, ...]:
    return tuple(explained(problem, on=on, roster=roster) for problem in found if problem.column == column)


def shown(text: str, fields: Sequence[Field], column: int) -> str:
    """A cell as anybody may see it: numbers that identify a person are masked."""
    whole = column < len(fields) and fields[column] in _MASKED and text.strip()
    return nik.masked(text) if whole else masked_within(text)
