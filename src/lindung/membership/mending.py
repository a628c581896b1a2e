"""One cell of a row typed anew: sealed again, judged again with everything that hangs on it, and what it said before kept."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import localdate

from lindung.access import audit
from lindung.access.models import AuditEvent
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.access.sealing import seal_many, unseal_many
from lindung.engine.refusals import ChangedMeanwhile, Refusal
from lindung.identity import nik
from lindung.law.text import Text
from lindung.membership import intake, rechecking, sealed_rows
from lindung.membership.columns import Field
from lindung.membership.judging import Cell, Judge, Judged
from lindung.membership.models import Roster, RosterRow, RowChange, RowChangeKind, Verdict
from lindung.membership.rechecking import Held
from lindung.membership.register import Compared

LONGEST_CELL = 500
_NEVER_SHOWN = (Field.NIK, Field.FAMILY_CARD)
"""No form holds these when it is opened: who sends the same digits has typed them."""
MENDABLE = frozenset({Verdict.READY, Verdict.TO_FIX, Verdict.REFUSED})
_TABLE = "membership_rowchange"


class NotMendable(Refusal):
    """The row is enrolled, or nobody stands in it."""

    code = "roster.not_mendable"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Baris ini tidak diubah di sini: orangnya sudah terdaftar, atau baris ini bukan orang.",
                "This row is not changed here: the person is enrolled, or nobody stands in the row.",
            )
        )


class ChangedElsewhere(ChangedMeanwhile):
    """The row was changed since it was shown, by the same user."""

    def __init__(self) -> None:
        super(ChangedMeanwhile, self).__init__(
            Text(
                "Anda sendiri sudah mengubah baris ini, mungkin di jendela lain. Lihat isinya yang sekarang, lalu"
                " ulangi bila masih perlu.",
                "You have changed this row yourself, perhaps in another window. Look at what it says now, then do it"
                " again if it is still needed.",
            )
        )


class OtherKelurahan(Refusal):
    """The row would leave the kelurahan of who mends it."""

    code = "roster.other_kelurahan"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Baris ini akan pindah ke kelurahan lain. Minta petugas kota yang mengubahnya.",
                "The row would move to another kelurahan. Ask the city officer to change it.",
            ),
            field="text",
        )


class Unwritable(Refusal):
    """The text has signs nobody sees, or is too long."""

    code = "roster.cell_unwritable"

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"Isi sel paling banyak {LONGEST_CELL} huruf, tanpa tanda yang tidak terlihat. Ketik ulang.",
                f"A cell holds at most {LONGEST_CELL} letters, none of them invisible. Type it again.",
            ),
            field="text",
        )


class Change(NamedTuple):
    """One entry of a row's history; texts are the whole row's cells, sealed until somebody who may reads them."""

    revision: int
    column: int | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    by: str
    at: datetime
    kind: str = RowChangeKind.CELLS
    note: str = ""
    read_anew: bool = False
    """Whether only its columns were read anew: somebody chose what they hold, and the cells are as they were."""


class Act(NamedTuple):
    """What is done to a row: its entry on the trail, and what the row's history says of it."""

    action: str
    kind: RowChangeKind = RowChangeKind.CELLS
    column: int | None = None
    note: str = ""


_BY_A_FILE = Act("roster.corrected")


def mend_cell(
    *, roster_id: int, line: int, column: int, text: str, revision: int, by: Actor, now: datetime
) -> Verdict:
    """Put this text into a cell and judge the row again; the row's new verdict.

    ``revision`` is the row's as it was shown. A number that is typed again digit by digit is a text from then on.
    Raises RosterRow.DoesNotExist out of the caller's sight, ChangedMeanwhile, NotMendable, BeingRead, Unwritable, and
    OtherKelurahan for who looks after one kelurahan only.

    1. Lock the list, so that two mendings see each other's duplicates.
    2. Judge the cells on the day the list came; then, with the rows that share its number or name before or
       after, against each other, the register and the quota of today.
    3. Write the row in the caller's own sight with its history, and the verdicts of the others.
    """
    text = text.strip()
    if len(text) > LONGEST_CELL or not text.isprintable():
        raise Unwritable
    with transaction.atomic():
        roster, before = opened_row(roster_id, line, revision, by=by)
        _refuse(before, column, len(roster.fields))
        mended = _typed(roster, before, column, text)
        if (mended.cells, mended.numeric) == (before.row.cells, before.row.numeric):
            return before.row.verdict
        act = Act("roster.mended", column=column)
        return change(roster, before, mended, act, by=by, now=now).verdict


def opened_row(roster_id: int, line: int, revision: int, *, by: Actor) -> tuple[Roster, Held]:
    """The list, held until the transaction ends, and its row as it was shown.

    Raises RosterRow.DoesNotExist out of the caller's sight, BeingRead, ChangedMeanwhile.
    """
    RosterRow.objects.get(roster_id=roster_id, number=line)  # in the caller's sight
    roster = _locked(roster_id, by)
    rechecking.refuse_unsettled(roster)
    before = rechecking.held(roster, [line])[line]
    if before.revision != revision:
        last = RowChange.objects.filter(roster_id=roster_id, number=line).order_by("-revision").first()
        own = last is not None and last.changed_by_id is not None and last.changed_by_id == by.user_id
        raise ChangedElsewhere if own else ChangedMeanwhile
    return roster, before


def _locked(roster_id: int, by: Actor) -> Roster:
    """The list, held until the transaction ends; who sees one kelurahan sees the list but could not hold it."""
    with system_scope(SystemScope.JUDGING, actor=by):
        return Roster.objects.select_for_update(of=("self",)).select_related("segment").get(pk=roster_id)


def _refuse(before: Held, column: int, width: int) -> None:
    if before.row.verdict not in MENDABLE or not 0 <= column < max(width, len(before.row.cells)):
        raise NotMendable


def _typed(roster: Roster, before: Held, column: int, text: str) -> Judged:
    """The row with this text in a cell; one that was filled in for him and sent as it was is not typed."""
    row = before.row
    cells = [*row.cells, *[""] * (column + 1 - len(row.cells))]
    field = roster.fields[column] if column < len(roster.fields) else Field.OTHER
    same = cells[column] == text and field not in _NEVER_SHOWN
    cells[column] = text
    numeric = {at for at in row.numeric if at != column or same}
    return judged_anew(roster, before, [Cell(each, at in numeric) for at, each in enumerate(cells)])


def judged_anew(roster: Roster, before: Held, cells: Sequence[Cell] | None = None) -> Judged:
    """The row by what its cells say now; what people have decided of it stays."""
    row = before.row
    own = [Cell(each, at in row.numeric) for at, each in enumerate(row.cells)] if cells is None else cells
    return rechecking.as_decided(judge_of(roster).judge(row.line, own), before)


def judge_of(roster: Roster) -> Judge:
    """Who judges the rows of this list: by its columns, on the day it came, for the work of its segment."""
    layout = rechecking.layout_of(roster)
    return Judge(layout, on=localdate(roster.received_at), occupation=roster.segment.occupation)


def change(roster: Roster, before: Held, mended: Judged, act: Act, *, by: Actor, now: datetime) -> Judged:
    """Write a row, its history and the verdicts of who shares its number or name; the row as it is judged among them.

    Call it with the roster locked. ``before.gone`` says how the row stands from now on. Raises OtherKelurahan,
    ChangedMeanwhile.
    """
    found = _with_companions(roster, before, mended, by=by, on=now.date())
    after = next((row for row in found.rows if row.line == mended.line), mended)
    _write(roster, before, after, act, found, by=by, now=now)
    return after


def _with_companions(roster: Roster, before: Held, mended: Judged, *, by: Actor, on: date) -> Compared:
    with system_scope(SystemScope.JUDGING, actor=by):
        lines = rechecking.companions(roster, [before.row, mended]) | {mended.line}
        rows = rechecking.held(roster, lines)
        rows[mended.line] = before._replace(row=mended)
        return rechecking.rechecked(roster, rows, by=by, on=on)


def _write(
    roster: Roster, before: Held, after: Judged, act: Act, found: Compared, *, by: Actor, now: datetime
) -> None:
    place = after.facts.kelurahan_code if after.facts else ""
    if not _sees(place):
        raise OtherKelurahan
    event = audit.record(
        act.action,
        by=by,
        subject=f"roster:{roster.pk}",
        sponsor_id=roster.sponsor_id,
        detail={"line": after.line} | ({} if act.column is None else {"column": act.column}),
    )
    [sealed] = sealed_rows.write_many(roster.pk, [after])
    [(nik_index, twin_index)] = intake.indexes([after])
    record_changes(roster, [(before, after)], act=act, by=by, now=now, event=event)
    changed = RosterRow.objects.filter(
        roster_id=roster.pk, number=after.line, revision=before.revision
    ).update(
        kelurahan_code=place,
        verdict=after.verdict,
        problems=[list(problem) for problem in after.problems],
        sealed=sealed,
        person_id=found.people.get(after.line),
        revision=before.revision + 1,
        gone=before.gone,
        nik_index=nik_index,
        twin_index=twin_index,
    )
    if changed != 1:
        raise ChangedMeanwhile
    rechecking.write_verdicts(roster.pk, found, by=by, skip={after.line})
    with system_scope(SystemScope.JUDGING, actor=by):
        Roster.objects.filter(pk=roster.pk).update(revision=F("revision") + 1)


def _sees(kelurahan_code: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lindung_sees_place(%s)", [kelurahan_code])
        [(seen,)] = cursor.fetchall()
    return bool(seen)


def record_changes(
    roster: Roster,
    pairs: Sequence[tuple[Held, Judged]],
    *,
    by: Actor,
    now: datetime,
    event: int,
    act: Act = _BY_A_FILE,
) -> None:
    """Keep what rows said before and after, sealed; one entry for each row and revision."""
    befores = _sealed(
        roster.pk, "before", [(old.row.line, old.revision + 1, old.row.cells) for old, _ in pairs]
    )
    afters = _sealed(roster.pk, "after", [(new.line, old.revision + 1, new.cells) for old, new in pairs])
    RowChange.objects.bulk_create(
        [
            RowChange(
                roster=roster,
                number=new.line,
                revision=old.revision + 1,
                sponsor_id=roster.sponsor_id,
                kelurahan_code=new.facts.kelurahan_code if new.facts else "",
                column=act.column,
                kind=act.kind,
                note=act.note,
                before=before,
                after=after,
                changed_by_id=by.user_id,
                changed_by_name=by.name,
                changed_at=now,
                event_id=event,
            )
            for (old, new), before, after in zip(pairs, befores, afters, strict=True)
        ],
        batch_size=1_000,
    )


def _sealed(roster_id: int, column: str, rows: Sequence[tuple[int, int, Sequence[str]]]) -> list[bytes]:
    texts = (
        (f"{roster_id}:{line}:{revision}", json.dumps(list(cells), ensure_ascii=False))
        for line, revision, cells in rows
    )
    return seal_many(texts, table=_TABLE, column=column)


def history(*, roster_id: int, line: int) -> list[Change]:
    """Every change of a row in the caller's sight, the newest first."""
    rows = list(RowChange.objects.filter(roster_id=roster_id, number=line).order_by("-revision"))
    anew = _readings({row.event_id for row in rows})
    return [
        Change(
            row.revision,
            row.column,
            *texts,
            row.changed_by_name,
            row.changed_at,
            row.kind,
            row.note,
            row.event_id in anew,
        )
        for row, texts in zip(rows, opened(rows), strict=True)
    ]


class Marks(NamedTuple):
    """Which rows people changed, and which were read anew by other columns."""

    changed: frozenset[int]
    read_anew: frozenset[int]


def marks(*, roster_id: int, lines: Collection[int]) -> Marks:
    """What became of these rows since they came, in the caller's sight."""
    if not lines:
        return Marks(frozenset(), frozenset())
    found = RowChange.objects.filter(roster_id=roster_id, number__in=lines).values_list("number", "event_id")
    pairs = list(found)
    anew = _readings({event for _, event in pairs})
    return Marks(
        frozenset(number for number, event in pairs if event not in anew),
        frozenset(number for number, event in pairs if event in anew),
    )


def _readings(events: Collection[int]) -> set[int]:
    """Those of these events that read a list anew."""
    found = AuditEvent.objects.filter(pk__in=events, action="roster.read_anew") if events else ()
    return {event.pk for event in found}


def opened(rows: Sequence[RowChange]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What each row said before and after these changes, in their order."""
    places = [f"{row.roster_id}:{row.number}:{row.revision}" for row in rows]
    before = unseal_many(
        zip(places, [bytes(row.before) for row in rows], strict=True), table=_TABLE, column="before"
    )
    after = unseal_many(
        zip(places, [bytes(row.after) for row in rows], strict=True), table=_TABLE, column="after"
    )
    return [(tuple(json.loads(old)), tuple(json.loads(new))) for old, new in zip(before, after, strict=True)]


_BORN_AS_THE_NIK_SAYS = frozenset(
    {
        "birth.missing",
        "birth.unreadable",
        "birth.long_ago",
        "birth.in_future",
        "birth.day_and_month",
        "nik.birth_date_differs",
    }
)


def suggestions(row: Judged, field: Field, *, column: int, on: date) -> list[str]:
    """Texts that would mend this cell, to be chosen with one press: near names of kelurahan, what the NIK says."""
    found: list[str] = []
    stated = nik.read(row.facts.nik) if row.facts and not nik.problems(row.facts.nik, numeric=False) else None
    for problem in row.problems:
        if problem.column != column:
            continue
        if problem.code == "kelurahan.unknown" and problem.detail:
            found += problem.detail.split(", ")
        elif field == Field.SEX and stated is not None:
            found.append("L" if stated.sex == "M" else "P")
        elif problem.code in _BORN_AS_THE_NIK_SAYS and stated is not None:
            found += [f"{born:%d-%m-%Y}" for born in stated.births if born <= on]
    return list(dict.fromkeys(found))
