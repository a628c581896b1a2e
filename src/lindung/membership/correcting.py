"""A corrected file for a list that is here already: what it would change is counted first, and stored when agreed to.

A row is found again by its NIK, else by name and birth date, else by its line. What is enrolled stays as it was
enrolled; what the new file no longer holds is kept and marked.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import localdate

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.documents import keeping
from lindung.documents.models import Document
from lindung.engine import collecting
from lindung.engine.refusals import ChangedMeanwhile, Refusal
from lindung.formats import workbook
from lindung.identity import names
from lindung.law.text import Text
from lindung.membership import intake, mending, reading, rechecking, register, sealed_rows
from lindung.membership.columns import Field, Layout
from lindung.membership.handing_back import ADDED
from lindung.membership.judging import Judged
from lindung.membership.masking import masked_within
from lindung.membership.models import Correction, Roster, RosterRow, RosterStatus, Verdict
from lindung.membership.rechecking import Held

_OPEN = frozenset({RosterStatus.JUDGED, RosterStatus.ENROLLED})

_UPDATE = """
UPDATE membership_rosterrow r
   SET kelurahan_code = n.place, verdict = n.verdict, problems = n.problems::jsonb, sealed = n.sealed,
       nik_index = n.nik_index, twin_index = n.twin_index, revision = r.revision + 1, gone = false
  FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[],
              %s::bytea[]) AS n (number, place, verdict, problems, sealed, nik_index, twin_index)
 WHERE r.roster_id = %s AND r.number = n.number
"""

_GONE = """
UPDATE membership_rosterrow
   SET verdict = CASE verdict WHEN 'ready' THEN 'to_fix' ELSE verdict END, problems = problems || %s::jsonb
 WHERE roster_id = %s AND number = ANY (%s) AND verdict <> 'enrolled'
"""


class NotJudgedYet(Refusal):
    """The list itself is not judged, so nothing can be compared with it."""

    code = "roster.not_judged"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Daftar ini belum selesai diperiksa. Tunggu sampai selesai, lalu kirim perbaikannya.",
                "This list is not judged yet. Wait until it is, then send its correction.",
            )
        )


class Plan(NamedTuple):
    """What a corrected file would do: rows it changes, adds, and no longer holds; what it says of enrolled people.

    ``enrolled`` are lines of enrolled people whose cells differ: they stay as they were enrolled.
    """

    layout: Layout
    changed: list[tuple[Held, Judged]]
    added: list[Judged]
    gone: list[int]
    back: list[int]
    enrolled: list[int]

    @property
    def empty(self) -> bool:
        """Whether nothing at all would change."""
        return not (self.changed or self.added or self.gone or self.back)


class Stored(NamedTuple):
    """What a correction did, in rows."""

    changed: int
    added: int
    gone: int


@collecting.paused()
def compare(*, roster_id: int, name: str, content: bytes, by: Actor, now: datetime) -> int:
    """Keep a corrected file and count what it would change; the id of the correction. Nothing is changed yet.

    Raises Unreadable as ``intake.receive`` does, NotJudgedYet, and Roster.DoesNotExist out of the caller's sight.
    """
    workbook.inspect(content, name)
    roster = _roster(roster_id)
    plan = _plan(roster, content, by=by)
    with transaction.atomic():
        document = keeping.keep(
            name=masked_within("".join(filter(str.isprintable, name)))[-intake.NAME_CHARS :],
            content=content,
            kind="roster",
            by=by,
            sponsor_id=roster.sponsor_id,
            now=now,
        )
        counts = {"changed": len(plan.changed), "added": len(plan.added), "gone": len(plan.gone)}
        correction, first = Correction.objects.get_or_create(
            roster=roster,
            document=document,
            revision=roster.revision,
            defaults={
                "sponsor_id": roster.sponsor_id,
                "received_by_id": by.user_id,
                "received_at": now,
                **counts,
            },
        )
        if first:
            _record("roster.correction_received", roster, by, {"document": document.pk, **counts})
    return int(correction.pk)


@collecting.paused()
def store(*, correction_id: int, by: Actor, now: datetime) -> Stored:
    """Do what the correction was said to do; done a second time, it changes nothing and says the same.

    Raises ChangedMeanwhile when the list has changed since it was compared.
    """
    with transaction.atomic():
        correction = Correction.objects.select_for_update(of=("self",)).get(pk=correction_id)
        done = Stored(correction.changed, correction.added, correction.gone)
        if correction.stored_at is not None:
            return done
        roster = (
            Roster.objects.select_for_update(of=("self",))
            .select_related("segment")
            .get(pk=correction.roster_id)
        )
        rechecking.refuse_unsettled(roster)
        if roster.revision != correction.revision:
            raise ChangedMeanwhile
        content = keeping.fetch(Document.objects.get(pk=correction.document_id), by=by)
        _apply(roster, _plan(roster, content, by=by), by=by, now=now)
        Correction.objects.filter(pk=correction_id).update(stored_by=by.user_id, stored_at=now)
    return done


def _roster(roster_id: int) -> Roster:
    """The list, for who sees the whole of it."""
    roster = Roster.objects.select_related("segment").get(pk=roster_id, document__kind="roster")
    if roster.status not in _OPEN:
        raise NotJudgedYet
    return roster


def _plan(roster: Roster, content: bytes, *, by: Actor) -> Plan:
    every = rechecking.held(roster)
    told = intake.Told(intake.learnt(roster.sponsor_id), reading.mappings_of(roster.mapping))
    on = localdate(roster.received_at)
    sheet = intake.read(content, on=on, occupation=roster.segment.occupation, told=told)
    layout, incoming = _laid_under(roster, sheet)
    return _matched(every, incoming, layout)


def _laid_under(roster: Roster, sheet: intake.Sheet) -> tuple[Layout, list[Judged]]:
    """The new rows under the columns of the list; the two columns we gave back are left out, new ones are added."""
    headers, fields = list(roster.headers), [Field(field) for field in roster.fields]
    ours = {at for at, heading in enumerate(sheet.layout.headers) if heading.strip() in ADDED}
    kept = [at for at in range(len(sheet.layout.headers)) if at not in ours]
    places = reading.places(
        [sheet.layout.headers[at] for at in kept], [sheet.layout.fields[at] for at in kept], headers, fields
    )
    moves = dict(zip(kept, places, strict=True))
    rows = [_moved(row, moves, ours) for row in sheet.rows if row.verdict != Verdict.IGNORED]
    return Layout(0, tuple(headers), tuple(fields)), rows


def _moved(row: Judged, moves: dict[int, int], ours: set[int]) -> Judged:
    width = max([moves[at] + 1 for at in range(len(row.cells)) if at in moves], default=0)
    cells = [""] * width
    for at, text in enumerate(row.cells):
        if at in moves:
            cells[moves[at]] = text
    while cells and not cells[-1].strip():
        cells.pop()
    problems = tuple(
        found._replace(column=moves.get(found.column) if found.column is not None else None)
        for found in row.problems
        if found.column not in ours
    )
    numeric = tuple(moves[at] for at in row.numeric if at in moves)
    return row._replace(cells=tuple(cells), problems=problems, numeric=numeric)


def _matched(every: dict[int, Held], incoming: Sequence[Judged], layout: Layout) -> Plan:
    """Pair the rows: by NIK, by name and birth date, by line; each row of either side at most once."""
    here = {line: each for line, each in every.items() if each.row.verdict != Verdict.IGNORED}
    pairs: dict[int, int] = {}
    for key in (_nik, _name_and_birth, _line):
        _pair(here, incoming, pairs, key)
    known = {new: here[old] for new, old in pairs.items()}
    changed, back, enrolled = [], [], []
    for at, row in enumerate(incoming):
        old = known.get(at)
        if old is None:
            continue
        if old.gone and old.row.verdict == Verdict.ENROLLED:
            back.append(old.row.line)
        if _texts(old.row) == _texts(row):
            back += [old.row.line] if old.gone and old.row.line not in back else []
        elif old.row.verdict == Verdict.ENROLLED:
            enrolled.append(old.row.line)
        else:
            changed.append((old, row._replace(line=old.row.line)))
    added = [row for at, row in enumerate(incoming) if at not in pairs]
    gone = [line for line, each in here.items() if line not in pairs.values() and not each.gone]
    return Plan(layout, changed, added, gone, back, enrolled)


def _pair(here: dict[int, Held], incoming: Sequence[Judged], pairs: dict[int, int], key: "_Key") -> None:
    taken = set(pairs.values())
    old = _unique((line, key(each.row)) for line, each in here.items() if line not in taken)
    new = _unique((at, key(row)) for at, row in enumerate(incoming) if at not in pairs)
    for shared, at in new.items():
        line = old.get(shared)
        if line is not None and (key is not _line or _may_be_one(here[line].row, incoming[at])):
            pairs[at] = line


def _unique(found: Iterable[tuple[int, object]]) -> dict[object, int]:
    """What only one row has; who shares a key with another row is found by the next key."""
    rows: dict[object, list[int]] = {}
    for at, key in found:
        if key is not None:
            rows.setdefault(key, []).append(at)
    return {key: many[0] for key, many in rows.items() if len(many) == 1}


def _nik(row: Judged) -> object:
    return row.facts.nik if row.facts is not None and len(row.facts.nik) == 16 else None


def _name_and_birth(row: Judged) -> object:
    facts = row.facts
    return (facts.name_key, facts.birth_date) if facts and facts.name_key and facts.birth_date else None


def _line(row: Judged) -> object:
    return row.line


_Key = Callable[[Judged], object]


def _may_be_one(old: Judged, new: Judged) -> bool:
    """Whether two rows of one line may be one person: lines move when somebody inserts a row above."""
    if old.facts is None or new.facts is None:
        return False
    return not old.facts.name or names.alike(old.facts.name, new.facts.name) != "different"


def _texts(row: Judged) -> tuple[str, ...]:
    cells = [cell.strip() for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _apply(roster: Roster, plan: Plan, *, by: Actor, now: datetime) -> None:
    counts = {"changed": len(plan.changed), "added": len(plan.added), "gone": len(plan.gone)}
    event = _record("roster.corrected", roster, by, counts)
    if plan.changed:
        mending.record_changes(roster, plan.changed, column=None, by=by, now=now, event=event)
        _change(roster, [new for _, new in plan.changed])
    if plan.added:
        intake.write(roster, register.Compared(_numbered(roster, plan.added), {}))
    rows = RosterRow.objects.filter(roster_id=roster.pk)
    rows.filter(number__in=plan.gone).update(gone=True)
    rows.filter(number__in=plan.back).update(gone=False)
    roster.headers = [masked_within(heading) for heading in plan.layout.headers]
    roster.fields = [str(field) for field in plan.layout.fields]
    roster.save(update_fields=["headers", "fields"])
    Roster.objects.filter(pk=roster.pk).update(revision=F("revision") + 1)
    _set_gone_aside(roster, plan.gone)
    rechecking.recheck(roster_id=roster.pk, by=by, on=now.date())


def _set_gone_aside(roster: Roster, lines: Sequence[int]) -> None:
    """Who is no longer in the file is not enrolled with it: a ready row waits for somebody to look at it."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [json.dumps([[None, "row.gone", ""]]), roster.pk, list(lines)])


def _change(roster: Roster, rows: Sequence[Judged]) -> None:
    values: list[list[Any]] = [
        [row.line for row in rows],
        [row.facts.kelurahan_code if row.facts else "" for row in rows],
        [str(row.verdict) for row in rows],
        [json.dumps(row.problems) for row in rows],
        sealed_rows.write_many(roster.pk, rows),
        *map(list, zip(*intake.indexes(rows), strict=True)),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [*values, roster.pk])


def _numbered(roster: Roster, rows: Sequence[Judged]) -> list[Judged]:
    """New rows come after the last line of the list's first sheet."""
    lines = RosterRow.objects.filter(roster_id=roster.pk, number__lt=reading.OFFSET).order_by("-number")
    last = lines.values_list("number", flat=True).first() or 1
    return [row._replace(line=last + at) for at, row in enumerate(rows, start=1)]


def _record(action: str, roster: Roster, by: Actor, detail: dict[str, int]) -> int:
    return audit.record(
        action, by=by, subject=f"roster:{roster.pk}", sponsor_id=roster.sponsor_id, detail=detail
    )
