"""A corrected file for a list that is here already: what it would change is counted first, and stored when agreed to.

A row is found again by its NIK, else by name and birth date, else by its line, else by all it said before. Only
what the officer changed is a change (``merging``); what others mended meanwhile stays unless he says otherwise. What
is enrolled stays as it was enrolled; what the new file no longer holds is kept and marked.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

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
from lindung.membership import (
    intake,
    mending,
    merging,
    reading,
    rechecking,
    register,
    returned,
    rewriting,
    wrong_file,
)
from lindung.membership.columns import Field, Layout
from lindung.membership.judging import Judge, Judged
from lindung.membership.masking import masked_within
from lindung.membership.models import Correction, Roster, RosterRow, RosterStatus, Verdict
from lindung.membership.rechecking import Held

_OPEN = frozenset({RosterStatus.JUDGED, RosterStatus.ENROLLED})

_GONE = """
UPDATE membership_rosterrow
   SET gone = true, verdict = CASE verdict WHEN 'ready' THEN 'to_fix' ELSE verdict END,
       problems = CASE verdict WHEN 'enrolled' THEN problems ELSE problems || %s::jsonb END
 WHERE roster_id = %s AND number = ANY (%s)
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


class Differing(NamedTuple):
    """A row of the list whose cells the file changes: itself, the row of the file, and which columns."""

    old: Held
    new: Judged
    touched: merging.Touched


class Plan(NamedTuple):
    """What a corrected file would do: rows it changes, adds, and no longer holds; what it says of enrolled people.

    ``enrolled`` are enrolled people whose cells differ: they stay as they were enrolled, and those of them who are
    ``gone`` stay members. ``rows`` counts the people of the list before.
    """

    layout: Layout
    differing: list[Differing]
    added: list[Judged]
    gone: list[Judged]
    back: list[int]
    enrolled: list[Differing]
    rows: int = 0

    @property
    def most_vanish(self) -> bool:
        """Whether so much of the list is not in the file that it may be the wrong one."""
        return wrong_file.most_vanish(len(self.gone), self.rows)

    @property
    def conflicts(self) -> list["Place"]:
        """The cells that both the file and somebody else changed, in the order of the list."""
        return [(each.old.row.line, at) for each in self.differing for at in each.touched.both]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows it changes whatever is chosen, adds, and no longer holds."""
        changed = sum(bool(each.touched.alone) for each in self.differing)
        return {"changed": changed, "added": len(self.added), "gone": len(self.gone)}


Place = tuple[int, int]
"""A cell of the list: line and column."""


class Chosen(NamedTuple):
    """Whose text a cell gets that both changed: the file's in these places, else that of the list.

    ``unasked`` says the same of those that were not asked about one by one (``ASKED`` and further).
    """

    mine: frozenset[Place] = frozenset()
    unasked: bool = False


KEEP_NEWER = Chosen()
ASKED = 50
"""As many conflicts are shown and asked about, one by one."""


class Stored(NamedTuple):
    """What a correction did, in rows; a cell that both had changed is not counted."""

    changed: int
    added: int
    gone: int


@collecting.paused()
def compare(*, roster_id: int, name: str, content: bytes, by: Actor, now: datetime) -> int:
    """Keep a corrected file and count what it would change; the id of the correction. Nothing is changed yet.

    Raises Unreadable as ``intake.receive`` does, NotJudgedYet, OtherList, and Roster.DoesNotExist out of the caller's sight.
    """
    workbook.inspect(content, name)
    roster = _roster(roster_id)
    counts = _plan(roster, content, sender=by.user_id).counts
    with transaction.atomic():
        document = keeping.keep(
            name=masked_within("".join(filter(str.isprintable, name)))[-intake.NAME_CHARS :],
            content=content,
            kind="roster",
            by=by,
            sponsor_id=roster.sponsor_id,
            now=now,
        )
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
def planned(*, correction_id: int, by: Actor) -> tuple[Roster, Plan] | None:
    """What a correction would do to the list as it is now; None when it is stored, or the list changed meanwhile."""
    correction = Correction.objects.get(pk=correction_id)
    roster = _roster(correction.roster_id)
    if correction.stored_at is not None or roster.revision != correction.revision:
        return None
    return roster, _plan_of(correction, roster, by=by)


@collecting.paused()
def store(
    *, correction_id: int, by: Actor, now: datetime, chosen: Chosen = KEEP_NEWER, vanish: bool = False
) -> Stored:
    """Do what the correction was said to do; done a second time, it changes nothing and says the same.

    ``vanish`` says that most rows are rightly not in the file. Raises ChangedMeanwhile when the list has changed
    since it was compared, MostVanish.
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
        plan = _plan_of(correction, roster, by=by)
        if plan.most_vanish and not vanish:
            raise wrong_file.MostVanish(len(plan.gone), plan.rows)
        _apply(roster, plan, chosen, by=by, now=now)
        Correction.objects.filter(pk=correction_id).update(stored_by=by.user_id, stored_at=now)
    return done


def _roster(roster_id: int) -> Roster:
    """The list, for who sees the whole of it."""
    roster = Roster.objects.select_related("segment").get(pk=roster_id, document__kind="roster")
    if roster.status not in _OPEN:
        raise NotJudgedYet
    return roster


def _plan_of(correction: Correction, roster: Roster, *, by: Actor) -> Plan:
    content = keeping.fetch(Document.objects.get(pk=correction.document_id), by=by)
    return _plan(roster, content, sender=correction.received_by_id)


def _plan(roster: Roster, content: bytes, *, sender: int | None) -> Plan:
    every = rechecking.held(roster)
    source = reading.gathered(content)
    base = _base(roster, source)
    mappings = returned.by_sheet(source, reading.mappings_of(roster.mapping))
    told = intake.Told(intake.learnt(roster.sponsor_id), mappings)
    sheet = intake.read_source(
        returned.as_sent(source, roster),
        on=localdate(roster.received_at),
        occupation=roster.segment.occupation,
        told=told,
    )
    incoming = _laid_under(roster, sheet)
    if base.event is None and "" not in source.sheets:
        incoming = incoming._replace(typed=incoming.present & {incoming.layout.column(Field.NIK)})
    pasts = merging.pasts(roster, since=base.event, sender=sender)
    return _matched(every, incoming, pasts, base)


class _Base(NamedTuple):
    """The download a file was made from: its entry on the trail, and the last line the list had then."""

    event: int | None = None
    last: int | None = None


def _base(roster: Roster, source: reading.Source) -> _Base:
    """The oldest download of this list that the file names and the trail knows. Raises OtherList."""
    named = returned.marks(source)
    found = wrong_file.downloads(roster.pk, named.get(roster.pk, ())).order_by("pk").first()
    if found is None:
        wrong_file.refuse_others(named, roster)
        return _Base()
    return _Base(found.pk, found.detail.get("last"))


class _Incoming(NamedTuple):
    """The rows of a file under the columns of the list, and which of these columns the file has.

    ``typed`` is that of the NIK in an office's own workbook: our download and a csv hold texts that nobody typed.
    """

    layout: Layout
    rows: list[Judged]
    present: frozenset[int]
    typed: frozenset[int] = frozenset()


def _laid_under(roster: Roster, sheet: intake.Sheet) -> _Incoming:
    """The new rows under the columns of the list; new columns are added."""
    headers, fields = list(roster.headers), [Field(field) for field in roster.fields]
    columns = reading.places(sheet.layout.headers, sheet.layout.fields, headers, fields)
    rows = [_moved(row, columns) for row in sheet.rows if row.verdict != Verdict.IGNORED]
    return _Incoming(Layout(0, tuple(headers), tuple(fields)), rows, frozenset(columns))


def _moved(row: Judged, columns: Sequence[int]) -> Judged:
    """The cells in their new places; what is wrong with them is judged again where they change a row."""
    cells = [""] * (max(columns[: len(row.cells)], default=-1) + 1)
    for at, text in zip(columns, row.cells, strict=False):
        cells[at] = text
    while cells and not cells[-1].strip():
        cells.pop()
    moves = dict(enumerate(columns))
    problems = tuple(
        found._replace(column=moves.get(found.column) if found.column is not None else None)
        for found in row.problems
    )
    numeric = tuple(moves[at] for at in row.numeric if at in moves)
    return row._replace(cells=tuple(cells), problems=problems, numeric=numeric)


def _matched(
    every: Mapping[int, Held], incoming: _Incoming, pasts: Mapping[int, merging.Past], base: _Base
) -> Plan:
    """Pair the rows, and tell those apart that the file changes, adds, and no longer holds."""
    here = {
        line: each
        for line, each in every.items()
        if each.row.verdict != Verdict.IGNORED or rechecking.is_set_aside(each.row)
    }
    pairs = _pairs(here, incoming, pasts)
    plan = Plan(incoming.layout, [], [], [], [], [], sum(not each.gone for each in here.values()))
    for at, row in enumerate(incoming.rows):
        old = here.get(pairs.get(at, -1))
        if old is None:
            plan.added.append(row)
            continue
        past = pasts.get(old.row.line, merging.NO_PAST)
        found = merging.touched(old.row, row, past=past, present=incoming.present, typed=incoming.typed)
        if old.gone:
            plan.back.append(old.row.line)
        if any(found) and old.row.verdict == Verdict.ENROLLED:
            plan.enrolled.append(Differing(old, row, found))
        elif any(found) and not rechecking.is_set_aside(old.row):
            plan.differing.append(Differing(old, row, found))
    known = set(pairs.values())
    plan.gone.extend(
        each.row
        for line, each in here.items()
        if line not in known and not each.gone and _was_there(line, base)
        if not rechecking.is_set_aside(each.row)
    )
    plan.differing.sort(key=lambda each: each.old.row.line)
    return plan


def _was_there(line: int, base: _Base) -> bool:
    """Whether the writer of the file can have seen this row: what was added after his download is not gone from it."""
    return base.last is None or line <= base.last or line >= reading.OFFSET


def _pairs(
    here: Mapping[int, Held], incoming: _Incoming, pasts: Mapping[int, merging.Past]
) -> dict[int, int]:
    """Which row of the file is which line: by NIK, by name and birth date, by line; each at most once.

    A row that both name and number were mended in is known by the whole of what it said before.
    """
    pairs: dict[int, int] = {}
    for key in (_nik, _name_and_birth, _line):
        found = _same_key(here, incoming.rows, pairs, key)
        if key is _line:
            found = {
                at: line
                for at, line in found.items()
                if _may_be_one(here, pasts, line, incoming.rows[at], incoming)
            }
        pairs |= found
    taken = set(pairs.values())
    before = _unique(
        (line, texts)
        for line, past in pasts.items()
        if line in here and line not in taken
        for texts in {_texts(state) for state in past.earlier}
    )
    sent = _unique((at, _texts(row.cells)) for at, row in enumerate(incoming.rows) if at not in pairs)
    return pairs | {at: before[texts] for texts, at in sent.items() if texts in before}


def _same_key(
    here: Mapping[int, Held], rows: Sequence[Judged], pairs: Mapping[int, int], key: "_Key"
) -> dict[int, int]:
    taken = set(pairs.values())
    old = _unique((line, key(each.row)) for line, each in here.items() if line not in taken)
    new = _unique((at, key(row)) for at, row in enumerate(rows) if at not in pairs)
    return {at: old[shared] for shared, at in new.items() if shared in old}


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


def _may_be_one(
    here: Mapping[int, Held], pasts: Mapping[int, merging.Past], line: int, new: Judged, incoming: _Incoming
) -> bool:
    """Whether two rows of one line may be one person: lines move when somebody inserts a row above.

    By the name it bears now, or bore before somebody mended it.
    """
    old = here[line].row
    if old.facts is None or new.facts is None:
        return False
    column = incoming.layout.column(Field.NAME)
    before = pasts.get(line, merging.NO_PAST).earlier if column is not None else ()
    known = [old.facts.name, *(merging.text_at(state, column or 0) for state in before)]
    return not old.facts.name or any(names.alike(name, new.facts.name) != "different" for name in known)


def _texts(row: Sequence[str]) -> tuple[str, ...]:
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _apply(roster: Roster, plan: Plan, chosen: Chosen, *, by: Actor, now: datetime) -> None:
    changed = _changed(roster, plan, chosen)
    event = _record("roster.corrected", roster, by, plan.counts | {"changed": len(changed)})
    if changed:
        mending.record_changes(roster, changed, by=by, now=now, event=event)
        rewriting.rewrite(roster.pk, [new for _, new in changed], back=True)
    if plan.added:
        intake.write(roster, register.Compared(_numbered(roster, plan.added), {}))
    RosterRow.objects.filter(roster_id=roster.pk, number__in=plan.back).update(gone=False)
    roster.headers = [masked_within(heading) for heading in plan.layout.headers]
    roster.fields = [str(field) for field in plan.layout.fields]
    roster.save(update_fields=["headers", "fields"])
    Roster.objects.filter(pk=roster.pk).update(revision=F("revision") + 1)
    _set_gone_aside(roster, [row.line for row in plan.gone])
    rechecking.recheck(roster_id=roster.pk, by=by, on=now.date())


def _changed(roster: Roster, plan: Plan, chosen: Chosen) -> list[tuple[Held, Judged]]:
    """The rows that change, with the file's cells put in and judged anew."""
    unasked = plan.conflicts[ASKED:] if chosen.unasked else []
    mine = chosen.mine | set(unasked)
    judge = Judge(plan.layout, on=localdate(roster.received_at), occupation=roster.segment.occupation)
    changed = []
    for old, new, touched in plan.differing:
        line = old.row.line
        columns = {*touched.alone, *(at for at in touched.both if (line, at) in mine)}
        if columns:
            changed.append((old, judge.judge(line, merging.put_in(old.row, new, columns))))
    return changed


def _set_gone_aside(roster: Roster, lines: Sequence[int]) -> None:
    """Who is no longer in the file is not enrolled with it: a ready row waits for somebody to look at it."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [json.dumps([[None, "row.gone", ""]]), roster.pk, list(lines)])


def _numbered(roster: Roster, rows: Sequence[Judged]) -> list[Judged]:
    """New rows come after the last line of the list's first sheet."""
    lines = RosterRow.objects.filter(roster_id=roster.pk, number__lt=reading.OFFSET).order_by("-number")
    last = lines.values_list("number", flat=True).first() or 1
    return [row._replace(line=last + at) for at, row in enumerate(rows, start=1)]


def _record(action: str, roster: Roster, by: Actor, detail: dict[str, int]) -> int:
    return audit.record(
        action, by=by, subject=f"roster:{roster.pk}", sponsor_id=roster.sponsor_id, detail=detail
    )
