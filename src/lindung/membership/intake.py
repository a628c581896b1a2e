"""Takes a city's file in: keeps it sealed, reads it in a limited child process, judges it, stores the verdicts."""

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from django.db import connection, transaction

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.documents import keeping
from lindung.engine import collecting
from lindung.formats import workbook
from lindung.formats.cells import Number, text_of
from lindung.formats.unreadable import Unreadable
from lindung.membership import duplicates, register, sealed_rows
from lindung.membership.columns import SEARCHED_ROWS, Field, Layout, layout
from lindung.membership.judging import Cell, Judge, Judged
from lindung.membership.masking import masked_within
from lindung.membership.models import Roster, RosterStatus, Verdict
from lindung.membership.register import Compared, Target
from lindung.partnership.models import Agreement, Segment

# Excel rounds the sixteenth digit to 0; honestly typed numbers end in 0 one time in ten.
_DAMAGED_SHARE = 3
_DAMAGED_AT_LEAST = 20
# Rows sealed at a time: enough to be quick, few enough to keep the memory small.
CHUNK = 5_000
# The end of a long file name is kept: it tells the kind of file.
NAME_CHARS = 255


class Sheet(NamedTuple):
    """A file read and judged, not yet stored."""

    layout: Layout
    rows: list[Judged]


@collecting.paused()
def receive(
    *, name: str, content: bytes, agreement_id: int, by: Actor, now: datetime, segment_code: str = ""
) -> int:
    """Keep a file for an agreement and judge it; return the roster's id.

    The same bytes for the same agreement are the same roster: nothing changes. Raises Unreadable (with a code
    of ``problems.toml``) before anything is stored when the file is no list of people, and
    Agreement.DoesNotExist when the agreement is not in the caller's scope.
    """
    workbook.inspect(content, name)
    agreement = Agreement.objects.select_related("sponsor").get(pk=agreement_id)
    segment = _segment(agreement, segment_code)
    known = Roster.objects.filter(agreement=agreement, sha256=keeping.digest(content)).first()
    if known is not None and known.status != RosterStatus.RECEIVED:
        return known.pk
    # Read before anything is stored: a file that cannot be read leaves no trace but its message.
    sheet = read(content, on=now.date(), occupation=segment.occupation)
    with transaction.atomic():
        roster = known or _kept(
            name=name, content=content, agreement=agreement, segment=segment, by=by, now=now
        )
        return _store(roster, sheet, by=by, on=now.date())


def read(content: bytes, *, on: date, occupation: str) -> Sheet:
    """Read and judge a file by itself, without the register. Raises Unreadable with a stable code."""
    # Closed here and not by the garbage collector: the reading child process must not outlive a refusal.
    with closing(_lines(content)) as lines:
        return _judged(lines, on=on, occupation=occupation)


def _judged(lines: Iterator[tuple[int, list[Cell]]], *, on: date, occupation: str) -> Sheet:
    head = list(islice(lines, SEARCHED_ROWS))
    if not head:
        raise Unreadable("file.no_rows")
    found = layout([(line, [cell.text for cell in cells]) for line, cells in head])
    if found is None:
        raise Unreadable("file.no_header")
    if found.missing:
        raise Unreadable("file.no_column", ", ".join(found.missing))
    judge = Judge(found, on=on, occupation=occupation)
    data = [pair for pair in head if pair[0] > found.header_line]
    rows = [judge.judge(line, cells) for line, cells in _chain(data, lines)]
    if not any(row.facts for row in rows):
        raise Unreadable("file.no_rows")
    _refuse_damaged(rows)
    marked = duplicates.marked(rows, nik_column=found.column(Field.NIK), name_column=found.column(Field.NAME))
    return Sheet(found, marked)


@collecting.paused()
def preview(
    *, content: bytes, agreement: Agreement, by: Actor | None, on: date, name: str = ""
) -> tuple[Layout, Compared]:
    """Judge a file for an agreement and store nothing; raises Unreadable as ``receive`` does.

    With ``by`` it is judged against the register too. Without anybody who answers for the question the register
    is not asked: the rows are judged by themselves, and the quota is compared with the list alone.
    """
    workbook.inspect(content, name)
    segment = _segment(agreement)
    sheet = read(content, on=on, occupation=segment.occupation)
    if by is None:
        return sheet.layout, Compared(register.within_quota(sheet.rows, quota=segment.quota, taken=0), {})
    column = sheet.layout.column(Field.NIK)
    with system_scope(SystemScope.JUDGING, actor=by):
        target = _target(agreement.pk, segment)
        return sheet.layout, register.compared(sheet.rows, target=target, on=on, nik_column=column)


def _segment(agreement: Agreement, code: str = "") -> Segment:
    """The segment of this code, or the agreement's first. Raises Unreadable when it has none at all."""
    segments = Segment.objects.filter(agreement=agreement).order_by("pk")
    segment = segments.get(code=code) if code else segments.first()
    if segment is None:
        raise Unreadable("agreement.no_segment")
    return segment


def _target(agreement_id: int, segment: Segment) -> Target:
    return Target(agreement_id, segment.sponsor_id, segment.pk, segment.quota)


def _chain(
    head: Sequence[tuple[int, list[Cell]]], rest: Iterator[tuple[int, list[Cell]]]
) -> Iterator[tuple[int, list[Cell]]]:
    yield from head
    yield from rest


def _lines(content: bytes) -> Generator[tuple[int, list[Cell]], None, None]:
    for row in workbook.read_limited(content):
        yield row.number, [Cell(text_of(cell), isinstance(cell, Number)) for cell in row.cells]


def _refuse_damaged(rows: Sequence[Judged]) -> None:
    """Refuse a whole file whose NIK column Excel has rounded (far more than one in ten ends in 0)."""
    numbers = [row.facts.nik for row in rows if row.facts and len(row.facts.nik) == 16]
    ends_in_zero = sum(1 for number in numbers if number.endswith("0"))
    if ends_in_zero >= _DAMAGED_AT_LEAST and ends_in_zero * _DAMAGED_SHARE > len(numbers):
        raise Unreadable("file.excel_damage")


def _kept(
    *, name: str, content: bytes, agreement: Agreement, segment: Segment, by: Actor, now: datetime
) -> Roster:
    document = keeping.keep(
        name=_kept_name(name), content=content, kind="roster", by=by, sponsor_id=agreement.sponsor_id, now=now
    )
    event = audit.record(
        "roster.received",
        by=by,
        subject=f"agreement:{agreement.pk}",
        sponsor_id=agreement.sponsor_id,
        detail={"document": document.pk, "bytes": len(content)},
    )
    roster, _ = Roster.objects.get_or_create(
        agreement=agreement,
        sha256=document.sha256,
        defaults={
            "segment": segment,
            "sponsor_id": agreement.sponsor_id,
            "document": document,
            "received_by_id": by.user_id,
            "received_at": now,
            "event_id": event,
        },
    )
    return roster


def _kept_name(name: str) -> str:
    """The file's name as it may stand in clear: printable, not too long, and without anybody's NIK."""
    return masked_within("".join(filter(str.isprintable, name)))[-NAME_CHARS:]


def _store(roster: Roster, sheet: Sheet, *, by: Actor, on: date) -> int:
    """Compare with the register and write all rows in one statement; whoever comes second finds it done."""
    with system_scope(SystemScope.JUDGING, actor=by):
        roster = Roster.objects.select_for_update().get(pk=roster.pk)
        if roster.status != RosterStatus.RECEIVED:
            return roster.pk
        column = sheet.layout.column(Field.NIK)
        segment = Segment.objects.get(pk=roster.segment_id)
        target = _target(roster.agreement_id, segment)
        judged = register.compared(sheet.rows, target=target, on=on, nik_column=column)
        _write(roster, judged)
        roster.headers = [masked_within(heading) for heading in sheet.layout.headers]
        roster.fields = [str(field) for field in sheet.layout.fields]
        roster.status = RosterStatus.JUDGED
        roster.save(update_fields=["headers", "fields", "status"])
    return roster.pk


def _write(roster: Roster, judged: Compared) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE judged (number int, kelurahan text, verdict text, problems jsonb, sealed bytea,"
            " person bigint) ON COMMIT DROP"
        )
        with cursor.copy("COPY judged FROM STDIN") as copy:
            for start in range(0, len(judged.rows), CHUNK):
                rows = judged.rows[start : start + CHUNK]
                for row, sealed in zip(rows, sealed_rows.write_many(roster.pk, rows), strict=True):
                    copy.write_row(_stored(row, sealed, judged.people.get(row.line)))
        cursor.execute(
            "INSERT INTO membership_rosterrow"
            " (roster_id, number, sponsor_id, kelurahan_code, verdict, problems, sealed, person_id)"
            " SELECT %s, number, %s, kelurahan, verdict, problems, sealed, person FROM judged",
            [roster.pk, roster.sponsor_id],
        )
        cursor.execute("DROP TABLE judged")


def _stored(row: Judged, sealed: bytes, person_id: int | None) -> tuple[object, ...]:
    place = row.facts.kelurahan_code if row.facts else ""
    problems = json.dumps(row.problems) if row.problems else "[]"
    return (row.line, place, str(row.verdict), problems, sealed, person_id)


def counts(rows: Iterable[Judged]) -> dict[str, int]:
    """How many rows got which verdict, with a zero for those nobody got."""
    found = dict.fromkeys(Verdict.values, 0)
    for row in rows:
        found[row.verdict] += 1
    return found
