"""Rosters and their rows as another system reads them: a stretch at a time, numbers masked, faults with codes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from lindung.access.paging import Stretch, following
from lindung.identity import nik
from lindung.law.text import Text
from lindung.membership import sealed_rows
from lindung.membership.columns import Field
from lindung.membership.masking import masked_within
from lindung.membership.models import Roster, RosterProgress, RosterRow, RosterStatus, Verdict
from lindung.membership.problems import Problem, message
from lindung.membership.rosters import ProblemView, explained

_NUMBERS = (Field.NIK, Field.FAMILY_CARD)


class Stopped(NamedTuple):
    """Why a list could not be read after it was taken in."""

    code: str
    message: Text


class RosterListed(NamedTuple):
    """A list of people: for which agreement and segment, how far it has come, rows by verdict.

    While it waits to be judged no row is counted; `rows_total` is null until the file is read.
    """

    id: int
    agreement_id: int
    agreement_code: str
    segment: str
    status: str
    received_at: datetime
    counts: dict[str, int]
    rows_done: int
    rows_total: int | None
    stopped: Stopped | None


class CellListed(NamedTuple):
    """A cell under its heading; `field` is what it was read as, empty when it was not."""

    heading: str
    field: str
    text: str
    problems: tuple[ProblemView, ...]


class RowListed(NamedTuple):
    """A line of the sheet; `member_id` is the person once enrolled."""

    number: int
    verdict: str
    member_id: int | None
    cells: tuple[CellListed, ...]
    problems: tuple[ProblemView, ...]


def rosters_after(after: int, *, limit: int, agreement_id: int | None = None) -> Stretch[RosterListed]:
    """The rosters in sight whose id is larger than `after`, in the order they came."""
    wanted = _rosters().filter(pk__gt=after).order_by("pk")
    chosen = wanted if agreement_id is None else wanted.filter(agreement_id=agreement_id)
    found = list(chosen[: limit + 1])
    return Stretch(tuple(_listed(found[:limit])), following(found, limit=limit, key=lambda each: each.pk))


def roster_listed(roster_id: int) -> RosterListed:
    """One roster with its counts. Raises Roster.DoesNotExist when it is not in sight."""
    return _listed([_rosters().get(pk=roster_id)])[0]


def rows_after(roster_id: int, after: int, *, limit: int, verdict: str | None = None) -> Stretch[RowListed]:
    """The rows of a roster below line `after`. Raises Roster.DoesNotExist when it is not in sight."""
    roster = Roster.objects.get(pk=roster_id)
    below = RosterRow.objects.filter(roster=roster, number__gt=after).order_by("number")
    found = list((below.filter(verdict=verdict) if verdict else below)[: limit + 1])
    kept = found[:limit]
    opened = sealed_rows.read_many(roster.pk, [(row.number, bytes(row.sealed)) for row in kept])
    # A list is judged on the day it is received.
    on = localdate(roster.received_at)
    rows = [_row(roster, row, texts.cells, on) for row, texts in zip(kept, opened, strict=True)]
    return Stretch(tuple(rows), following(found, limit=limit, key=lambda row: row.number))


def _rosters() -> QuerySet[Roster]:
    return Roster.objects.select_related("agreement", "segment", "progress")


def _listed(rosters: Sequence[Roster]) -> list[RosterListed]:
    counted = RosterRow.objects.filter(roster__in=[each.pk for each in rosters])
    by_roster = {each.pk: dict.fromkeys(Verdict.values, 0) for each in rosters}
    for roster_id, verdict, count in counted.values_list("roster_id", "verdict").annotate(Count("number")):
        by_roster[roster_id][verdict] = count
    return [_roster(each, by_roster[each.pk]) for each in rosters]


def _roster(roster: Roster, counts: dict[str, int]) -> RosterListed:
    noted: RosterProgress | None = getattr(roster, "progress", None)
    judged = sum(counts.values())
    waits = roster.status == RosterStatus.RECEIVED
    return RosterListed(
        id=roster.pk,
        agreement_id=roster.agreement_id,
        agreement_code=roster.agreement.code,
        segment=roster.segment.code,
        status=roster.status,
        received_at=roster.received_at,
        counts=counts,
        rows_done=noted.rows_done if noted and waits else judged,
        rows_total=noted.rows_total if noted and waits else judged,
        stopped=_stopped(noted) if noted and noted.stopped_code else None,
    )


def _stopped(noted: RosterProgress) -> Stopped:
    return Stopped(noted.stopped_code, message(noted.stopped_code, noted.stopped_where))


def _row(roster: Roster, row: RosterRow, texts: Sequence[str], on: date) -> RowListed:
    found = [Problem(*stored) for stored in row.problems]
    # A sheet leaves out the empty cells at the end of a row; a fault may sit in one of them.
    filled_up = [*texts, *[""] * (len(roster.fields) - len(texts))]
    cells = tuple(_cell(roster, at, text, found, on) for at, text in enumerate(filled_up))
    return RowListed(row.number, row.verdict, row.person_id, cells, _of(found, None, on))


def _cell(roster: Roster, at: int, text: str, found: Sequence[Problem], on: date) -> CellListed:
    field = roster.fields[at] if at < len(roster.fields) else ""
    heading = roster.headers[at] if at < len(roster.headers) else ""
    shown = nik.masked(text) if field in _NUMBERS and text.strip() else masked_within(text)
    return CellListed(heading, field, shown, _of(found, at, on))


def _of(found: Sequence[Problem], column: int | None, on: date) -> tuple[ProblemView, ...]:
    return tuple(explained(problem, on=on) for problem in found if problem.column == column)
