"""Reads a list anew when its columns were chosen again: what people have changed in its rows stays, who is enrolled too."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.timezone import localdate

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.membership import intake, mending, rechecking, rewriting
from lindung.membership.judging import Judged
from lindung.membership.models import Correction, Roster, RosterRow, RosterStatus, Verdict
from lindung.membership.problems import Problem
from lindung.membership.reading import LEFT_OUT, NOTHING_HELD, OFFSET, Held, SheetNote
from lindung.membership.register import Compared

Pair = tuple[rechecking.Held, Judged]


def has_rows(roster_id: int) -> bool:
    """Whether the list was judged before."""
    return RosterRow.objects.filter(roster_id=roster_id).exists()


def held(roster: Roster) -> Held:
    """What stays when the file is read anew: where its sheets stand, and the rows that people have changed or added."""
    if not has_rows(roster.pk):
        return NOTHING_HELD
    notes = {note.name: note for note in _placed(roster)}
    changed = Q(revision__gt=1)
    if Correction.objects.filter(roster=roster, stored_at__isnull=False).exists():
        changed |= Q(revision=1)  # a corrected file adds rows that the first one never had
    numbers = RosterRow.objects.filter(changed, roster=roster).values_list("number", flat=True)
    found: dict[str, dict[int, Sequence[str]]] = {name: {} for name in notes}
    for number, each in rechecking.held(roster, list(numbers)).items():
        note = next((one for one in notes.values() if one.offset <= number < one.offset + OFFSET), None)
        if note is not None:
            found[note.name][number - note.offset] = _in_its_sheet(note, each.row.cells)
    return Held(notes, found)


def _placed(roster: Roster) -> list[SheetNote]:
    notes = [SheetNote(**{**stored, "columns": tuple(stored["columns"])}) for stored in roster.sheets]
    return [note for note in notes if note.offset >= 0 and note.skipped in ("", LEFT_OUT) and note.columns]


def _in_its_sheet(note: SheetNote, cells: Sequence[str]) -> Sequence[str]:
    """The cells of a row of the list in the columns of the sheet it came from."""
    if note.columns == tuple(range(len(note.columns))):
        return cells
    return [cells[at] if at < len(cells) else "" for at in note.columns]


def store(roster_id: int, sheet: intake.Sheet, *, by: Actor, now: datetime) -> bool:
    """Judge the rows of a list by its new columns; False when it was done or called off before.

    1. Rows whose reading differs are sealed again, and what they said before is kept.
    2. Rows that are read no longer stay, as rows nobody stands in; new ones are added.
    3. All open rows are compared with each other, the register and the quota of today.
    """
    with system_scope(SystemScope.JUDGING, actor=by):
        roster = Roster.objects.select_for_update(of=("self",)).get(pk=roster_id)
        if roster.status != RosterStatus.RECEIVED:
            return False
        fresh = {row.line: _alone(row) for row in sheet.rows}
        known = rechecking.held(roster)
        open_rows = [each for each in known.values() if each.row.verdict != Verdict.ENROLLED]
        pairs = [(each, _read(each, fresh)) for each in open_rows]
        _write(roster, pairs, by=by, now=now)
        intake.write(roster, Compared([row for line, row in fresh.items() if line not in known], {}))
        intake.lay_out(roster, sheet)
        roster.status = RosterStatus.JUDGED
        roster.save(update_fields=["headers", "fields", "sheets", "status"])
        Roster.objects.filter(pk=roster_id).update(revision=F("revision") + 1)
        rechecking.recheck(roster_id=roster_id, by=by, on=localdate(now))
    return True


def _alone(row: Judged) -> Judged:
    return row if row.facts is None else rechecking.by_itself(row)


def _read(each: rechecking.Held, fresh: Mapping[int, Judged]) -> Judged:
    """The row as it reads now; one that no longer does stays as it is, and nobody stands in it."""
    row = fresh.get(each.row.line)
    if row is None:
        left_out = (Problem(None, "row.left_out"),)
        decided = rechecking.set_aside(each.row).problems if rechecking.is_set_aside(each.row) else ()
        return each.row._replace(facts=None, verdict=Verdict.IGNORED, problems=(*left_out, *decided))
    return rechecking.as_decided(row, each)


def _write(roster: Roster, pairs: Sequence[Pair], *, by: Actor, now: datetime) -> None:
    resealed = [(old, new) for old, new in pairs if _said(old.row) != _said(new)]
    event = audit.record(
        "roster.read_anew",
        by=by,
        subject=f"roster:{roster.pk}",
        sponsor_id=roster.sponsor_id,
        detail={"changed": len(resealed)},
    )
    changed = {new.line for _, new in resealed}
    rechecking.write_verdicts(roster.pk, Compared([new for _, new in pairs], {}), by=by, skip=changed)
    if resealed:
        mending.record_changes(roster, resealed, by=by, now=now, event=event)
        rewriting.rewrite(roster.pk, [new for _, new in resealed], back=False)


def _said(row: Judged) -> tuple[Any, ...]:
    return row.cells, row.facts, row.numeric
