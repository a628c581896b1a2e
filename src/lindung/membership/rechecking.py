"""Judges again what depends on others: who stands twice in a list, who is enrolled already, whose place is taken.

What is wrong with a row's own cells stays as it was found: it was judged when the cells were read.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.membership import intake, register, sealed_rows
from lindung.membership.columns import Field, Layout
from lindung.membership.judging import Judged, verdict
from lindung.membership.models import Roster, RosterRow, RosterStatus, Verdict
from lindung.membership.problems import Problem
from lindung.partnership.models import Segment

_OF_OTHERS = ("duplicate.", "register.", "quota.", "row.gone")
_OPEN = frozenset({Verdict.READY, Verdict.TO_FIX, Verdict.REFUSED})
_SETTLED = frozenset({RosterStatus.JUDGED, RosterStatus.ENROLLED})

_UPDATE = """
UPDATE membership_rosterrow r SET verdict = n.verdict, problems = n.problems::jsonb, person_id = n.person_id
  FROM unnest(%s::int[], %s::text[], %s::text[], %s::bigint[]) AS n (number, verdict, problems, person_id)
 WHERE r.roster_id = %s AND r.number = n.number
   AND (r.verdict, r.problems, r.person_id) IS DISTINCT FROM (n.verdict, n.problems::jsonb, n.person_id)
"""


_GONE, _SET_ASIDE = Problem(None, "row.gone"), Problem(None, "row.set_aside")


class BeingRead(Refusal):
    """The rows are not what they will be in a moment: the file is read anew, or its reading has stopped."""

    code = "roster.being_read"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Daftar ini sedang atau belum selesai diperiksa ulang. Tunggu sampai selesai, lalu ulangi.",
                "This list is being checked anew. Wait until that is done, then do it again.",
            )
        )


class Withdrawn(BeingRead):
    """The list was withdrawn, or its judging called off."""

    def __init__(self) -> None:
        super(BeingRead, self).__init__(
            Text(
                "Daftar ini sudah ditarik atau dibatalkan. Bila masih diperlukan, petugas kota menekan Periksa lagi di"
                " halaman daftarnya.",
                "This list was withdrawn or called off. If it is still needed, the city officer presses Check again on"
                " the page of the list.",
            )
        )


def refuse_unsettled(roster: Roster) -> None:
    """Nobody changes or enrols rows that are about to be read anew. Raises BeingRead; call it with the roster locked."""
    if roster.status == RosterStatus.CANCELLED:
        raise Withdrawn
    if roster.status not in _SETTLED:
        raise BeingRead


class Held(NamedTuple):
    """A row as the list holds it: its revision, and whether the newest correction still has it."""

    row: Judged
    revision: int
    gone: bool


def layout_of(roster: Roster) -> Layout:
    """The columns of a list, as it keeps them."""
    return Layout(0, tuple(roster.headers), tuple(Field(field) for field in roster.fields))


def held(roster: Roster, lines: Collection[int] | None = None) -> dict[int, Held]:
    """The rows of a list in the caller's sight, opened, by line; only these lines when some are named."""
    rows = RosterRow.objects.filter(roster_id=roster.pk).order_by("number")
    found = list(rows.filter(number__in=lines) if lines is not None else rows)
    opened = sealed_rows.read_many(roster.pk, [(row.number, bytes(row.sealed)) for row in found])
    return {
        row.number: Held(_judged(row, texts), row.revision, row.gone)
        for row, texts in zip(found, opened, strict=True)
    }


def _judged(row: RosterRow, opened: sealed_rows.Row) -> Judged:
    found = tuple(Problem(*each) for each in row.problems)
    return Judged(row.number, opened.cells, opened.facts, Verdict(row.verdict), found, opened.numeric)


def is_set_aside(row: Judged) -> bool:
    """Whether an officer said that nobody stands in this row, or that he takes no part."""
    return row.verdict == Verdict.IGNORED and _SET_ASIDE in row.problems


def set_aside(row: Judged) -> Judged:
    """The row left out as an officer decided; what it says of a person is kept, so that a file finds it again."""
    return row._replace(verdict=Verdict.IGNORED, problems=(_SET_ASIDE,))


def as_decided(row: Judged, before: Held) -> Judged:
    """A row judged anew with what stands whatever its cells say: it was set aside, or the newest file has it no more."""
    if row.facts is None:
        return row
    if is_set_aside(before.row):
        return set_aside(row)
    return row.with_problem(_GONE) if before.gone else row


def by_itself(row: Judged) -> Judged:
    """The row without what others have to do with it."""
    own = tuple(found for found in row.problems if not found.code.startswith(_OF_OTHERS))
    return row._replace(problems=own, verdict=verdict(own))


def companions(roster: Roster, rows: Iterable[Judged]) -> set[int]:
    """The lines of a list that share a NIK, or name, birth date and kelurahan, with one of these."""
    found = intake.indexes(list(rows))
    niks = [nik for nik, _ in found if nik is not None]
    twins = [twin for _, twin in found if twin is not None]
    same = Q(nik_index__in=niks) | Q(twin_index__in=twins)
    lines = RosterRow.objects.filter(same, roster_id=roster.pk, gone=False)
    return set(lines.values_list("number", flat=True))


def rechecked(roster: Roster, rows: Mapping[int, Held], *, by: Actor, on: date) -> register.Compared:
    """These rows judged again, among each other and against register and quota; enrolled ones only stand beside.

    Call it with the roster locked, in a scope that sees all of it.
    """
    layout = layout_of(roster)
    here = [rows[line].row for line in sorted(rows) if not rows[line].gone]
    enrolled = [row._replace(verdict=Verdict.READY) for row in here if row.verdict == Verdict.ENROLLED]
    mine = [by_itself(row) for row in here if row.verdict in _OPEN and row.facts is not None]
    # Enrolled people come first: whoever is the same person under them is the second.
    marked = intake.marked([*enrolled, *mine], layout)[len(enrolled) :]
    ready = RosterRow.objects.filter(roster_id=roster.pk, verdict=Verdict.READY, gone=False)
    others = ready.exclude(number__in=list(rows)).count()
    segment = Segment.objects.get(pk=roster.segment_id)
    with system_scope(SystemScope.JUDGING, actor=by):
        return register.compared(
            marked,
            target=intake.target_of(roster.agreement_id, segment),
            on=on,
            nik_column=layout.column(Field.NIK),
            ready_elsewhere=others,
        )


def write_verdicts(
    roster_id: int, found: register.Compared, *, by: Actor, skip: Collection[int] = ()
) -> None:
    """Store what was found for rows whose own cells have not changed."""
    rows = [row for row in found.rows if row.line not in skip]
    if not rows:
        return
    with system_scope(SystemScope.JUDGING, actor=by), connection.cursor() as cursor:
        cursor.execute(_UPDATE, [*_columns(rows, found), roster_id])


def _columns(rows: Sequence[Judged], found: register.Compared) -> list[list[object]]:
    return [
        [row.line for row in rows],
        [str(row.verdict) for row in rows],
        [json.dumps(row.problems) for row in rows],
        [found.people.get(row.line) for row in rows],
    ]


def recheck(*, roster_id: int, by: Actor, on: date) -> int:
    """Judge all open rows of a list again against each other, the register and the quota; how many are ready now.

    For a list that waited while others were enrolled or a place became free. Raises Roster.DoesNotExist when the
    caller does not see the whole list.
    """
    roster = Roster.objects.select_for_update(of=("self",)).get(pk=roster_id, document__kind="roster")
    refuse_unsettled(roster)
    every = held(roster)
    found = rechecked(roster, every, by=by, on=on)
    write_verdicts(roster_id, found, by=by)
    return sum(row.verdict == Verdict.READY for row in found.rows)
