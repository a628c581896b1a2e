"""A roster as an officer reads it: the whole table, with every fault in its cell."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count
from django.utils.timezone import localdate

from lindung.documents.models import Document
from lindung.identity import nik
from lindung.law.text import Text
from lindung.membership import problems, sealed_rows
from lindung.membership.columns import Field
from lindung.membership.masking import masked_within
from lindung.membership.models import Roster, RosterRow, Verdict
from lindung.membership.problems import Problem

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


def page(roster_id: int, *, verdict: str | None, number: int) -> RosterPage:
    """A page of a roster in the caller's scope; the nearest one when ``number`` is beyond the ends.

    Raises Roster.DoesNotExist when the roster is not in scope. Rows of other kelurahan are left out for those
    who look after one.
    """
    roster = Roster.objects.select_related("agreement", "received_by").get(pk=roster_id)
    counts = counted(roster)
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
    )


def _name(roster: Roster) -> str:
    """The file's name without the file; its title for those who see rows of it and not the whole city's file."""
    kept = Document.objects.filter(pk=roster.document_id).values_list("name", flat=True).first()
    return roster.agreement.title if kept is None else kept


def counted(roster: Roster) -> dict[str, int]:
    """How many rows of the roster have which verdict."""
    found = dict.fromkeys(Verdict.values, 0)
    rows = RosterRow.objects.filter(roster=roster).values_list("verdict").annotate(count=Count("number"))
    return found | dict(rows)


def joining(roster_id: int) -> dict[str, int]:
    """How many ready people of each sector the roster holds; what they would cost depends on the sector."""
    ready = RosterRow.objects.filter(roster_id=roster_id, verdict=Verdict.READY).values_list(
        "number", "sealed"
    )
    opened = sealed_rows.read_many(roster_id, [(line, bytes(sealed)) for line, sealed in ready])
    return dict(Counter(row.facts.sector for row in opened if row.facts))


def explained(problem: Problem, *, on: date) -> ProblemView:
    """A stored problem in words, with the numbers that the law had on the day the row was judged."""
    entry = problems.catalogue()[problem.code]
    return ProblemView(
        code=problem.code,
        kind=str(entry.kind),
        message=problems.message(problem.code, problem.detail, on=on),
        suggestion=problems.suggestion(problem.code, problem.detail, on=on),
        article=entry.article,
    )


def _rows(roster: Roster, rows: Iterable[RosterRow], fields: Sequence[Field]) -> tuple[RowView, ...]:
    stored = list(rows)
    opened = sealed_rows.read_many(roster.pk, [(row.number, bytes(row.sealed)) for row in stored])
    # A list is judged on the day it is received.
    on = localdate(roster.received_at)
    return tuple(_view(row, texts.cells, fields, on) for row, texts in zip(stored, opened, strict=True))


def _view(row: RosterRow, texts: Sequence[str], fields: Sequence[Field], on: date) -> RowView:
    found = [Problem(*stored) for stored in row.problems]
    # A sheet leaves out the empty cells at the end of a row; a fault may sit in one of them.
    filled_up = [*texts, *[""] * (len(fields) - len(texts))]
    cells = [CellView(_shown(text, fields, at), _of(found, at, on)) for at, text in enumerate(filled_up)]
    return RowView(row.number, row.verdict, tuple(cells), _of(found, None, on), row.person_id)


def _filled_up(cells: tuple[CellView, ...], width: int) -> tuple[CellView, ...]:
    return (*cells, *[CellView("", ())] * (width - len(cells)))


def _of(found: Sequence[Problem], column: int | None, on: date) -> tuple[ProblemView, ...]:
    return tuple(explained(problem, on=on) for problem in found if problem.column == column)


def _shown(text: str, fields: Sequence[Field], column: int) -> str:
    whole = column < len(fields) and fields[column] in _MASKED and text.strip()
    return nik.masked(text) if whole else masked_within(text)
