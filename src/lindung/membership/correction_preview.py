"""Shows, before a corrected file is stored, which rows and cells it changes: what they say and would say, masked."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lindung.access.scope import Actor
from lindung.membership import correcting, merging, rosters
from lindung.membership.columns import Field, Layout
from lindung.membership.correcting import ASKED, Differing
from lindung.membership.judging import Judged
from lindung.membership.masking import masked_within
from lindung.membership.models import Roster, RosterRow, Verdict

SHOWN = 50
"""As many rows of each kind are shown; the rest is counted."""


class CellShown(NamedTuple):
    """A cell under its heading: what the list says, and what the file says; numbers of people are masked."""

    column: int
    heading: str
    before: str
    after: str


class RowShown(NamedTuple):
    """A row by its line and who stands in it, with the cells that change."""

    number: int
    line: int
    sheet: str
    name: str
    cells: tuple[CellShown, ...] = ()
    worker_id: int | None = None


class Rows(NamedTuple):
    """Rows to be shown, and how many more there are."""

    shown: tuple[RowShown, ...]
    more: int


class Preview(NamedTuple):
    """What a correction would do; ``conflicts`` hold one cell each, for each is decided by itself.

    ``enrolled`` are enrolled people whose cells differ and stay, ``staying`` those whom the file no longer holds and
    who stay members. ``back`` is counted only: rows the newest correction had lost.
    """

    changed: Rows
    conflicts: Rows
    added: Rows
    gone: Rows
    back: int
    enrolled: Rows
    staying: Rows
    most_vanish: tuple[int, int] | None = None
    """How many rows of how many are not in the file, when these are most of them."""

    @property
    def empty(self) -> bool:
        """Whether nothing at all would change."""
        return not (
            self.changed.shown
            or self.conflicts.shown
            or self.added.shown
            or self.gone.shown
            or self.staying.shown
            or self.back
        )


def preview(*, correction_id: int, by: Actor) -> Preview | None:
    """What a correction would do; None when it is stored, or the list has changed since it was compared.

    Raises Correction.DoesNotExist and Roster.DoesNotExist out of the caller's sight.
    """
    found = correcting.planned(correction_id=correction_id, by=by)
    if found is None:
        return None
    roster, plan = found
    changed = [each for each in plan.differing if each.touched.alone]
    conflicts = [(each, at) for each in plan.differing for at in each.touched.both]
    return Preview(
        Rows(
            tuple(_row(roster, plan.layout, each, each.touched.alone) for each in changed[:SHOWN]),
            max(0, len(changed) - SHOWN),
        ),
        Rows(
            tuple(_row(roster, plan.layout, each, (at,)) for each, at in conflicts[:ASKED]),
            max(0, len(conflicts) - ASKED),
        ),
        _named(roster, plan.layout, plan.added),
        _named(roster, plan.layout, [row for row in plan.gone if row.verdict != Verdict.ENROLLED]),
        len(plan.back),
        _with_workers(roster, _differing(roster, plan.layout, plan.enrolled)),
        _with_workers(
            roster,
            _named(roster, plan.layout, [row for row in plan.gone if row.verdict == Verdict.ENROLLED]),
        ),
        (len(plan.gone), plan.rows) if plan.most_vanish else None,
    )


def _differing(roster: Roster, layout: Layout, rows: Sequence[Differing]) -> Rows:
    shown = (
        _row(roster, layout, each, sorted((*each.touched.alone, *each.touched.both))) for each in rows[:SHOWN]
    )
    return Rows(tuple(shown), max(0, len(rows) - SHOWN))


def _with_workers(roster: Roster, rows: Rows) -> Rows:
    """The same rows, each with whose page it leads to."""
    numbers = [row.number for row in rows.shown]
    people = dict(
        RosterRow.objects.filter(roster=roster, number__in=numbers).values_list("number", "person_id")
        if numbers
        else ()
    )
    return rows._replace(shown=tuple(row._replace(worker_id=people.get(row.number)) for row in rows.shown))


def _row(roster: Roster, layout: Layout, differing: Differing, columns: Iterable[int]) -> RowShown:
    old, new = differing.old.row, differing.new
    cells = (_cell(layout, old, new, at) for at in columns)
    return _who(roster, layout, old)._replace(cells=tuple(cells))


def _cell(layout: Layout, old: Judged, new: Judged, at: int) -> CellShown:
    heading = masked_within(layout.headers[at]) if at < len(layout.headers) else ""
    texts = (rosters.shown(merging.text_at(row.cells, at), layout.fields, at) for row in (old, new))
    return CellShown(at, heading, *texts)


def _named(roster: Roster, layout: Layout, rows: Sequence[Judged]) -> Rows:
    return Rows(
        tuple(_who(roster, layout, row) for row in rows[:SHOWN]),
        max(0, len(rows) - SHOWN),
    )


def _who(roster: Roster, layout: Layout, row: Judged) -> RowShown:
    column = layout.column(Field.NAME)
    name = "" if column is None else rosters.shown(merging.text_at(row.cells, column), layout.fields, column)
    return RowShown(row.line, *rosters.line_of(row.line, roster), name)
