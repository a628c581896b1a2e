"""Takes a city's file in: keeps it sealed, reads it in a limited child process, judges it, stores the verdicts."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.access.sealing import blind_index_many
from lindung.documents import keeping
from lindung.engine import collecting
from lindung.engine.refusals import Refusal
from lindung.formats import workbook
from lindung.formats.unreadable import Unreadable
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership import duplicates, reading, register, sealed_rows
from lindung.membership.columns import NOTHING_LEARNT, Field, Layout
from lindung.membership.judging import Facts, Judge, Judged
from lindung.membership.masking import masked_within
from lindung.membership.models import ColumnWord, Roster, RosterStatus, Verdict
from lindung.membership.reading import NO_MAPPINGS, NOTHING_HELD, Held, Mappings, SheetNote, Source
from lindung.membership.register import Compared, Target
from lindung.partnership.agreements import require_not_over
from lindung.partnership.models import Agreement, Segment

# Excel rounds the sixteenth digit to 0; honestly typed numbers end in 0 one time in ten.
_DAMAGED_SHARE = 3
_DAMAGED_AT_LEAST = 20
# Rows sealed at a time: enough to be quick, few enough to keep the memory small.
CHUNK = 5_000
# The end of a long file name is kept: it tells the kind of file.
NAME_CHARS = 255

Noted = Callable[[int, int], None]
"""Is told while a file is judged: how many rows are done, of how many."""


class SegmentNotChosen(Refusal):
    """The agreement has several segments and the list, or the form of one person, does not say for which it is."""

    code = "roster.segment_not_chosen"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Kerja sama ini punya beberapa kelompok pekerja. Pilih dulu kelompoknya.",
                "This agreement has several groups of workers. Choose the group first.",
            ),
            field="segment",
        )


class Sheet(NamedTuple):
    """A file read and judged, not yet stored."""

    layout: Layout
    rows: list[Judged]
    notes: tuple[SheetNote, ...] = ()


class Told(NamedTuple):
    """What officers have said of headings: the city's words, what was chosen for this file, and whether to ask.

    ``held`` is what the list holds already when its file is read anew.
    """

    learnt: Mapping[str, Field] = NOTHING_LEARNT
    mappings: Mappings = NO_MAPPINGS
    asking: bool = False
    held: Held = NOTHING_HELD


NOTHING_TOLD = Told()


def _nobody_asks(done: int, of: int) -> None:
    """Progress that nobody looks at."""


@collecting.paused()
def receive(
    *,
    name: str,
    content: bytes,
    agreement_id: int,
    by: Actor,
    now: datetime,
    segment_code: str = "",
    asking: bool = False,
    first_month: Month | None = None,
) -> int:
    """Keep a file for an agreement and judge it; return the roster's id.

    ``first_month`` is the first contribution month these people are meant to have, when it is known.
    The same bytes for the same segment are the same roster: nothing changes; for another one a list of its own.
    Raises Unreadable (with a code
    of ``problems.toml``) before anything is stored when the file is no list of people (with ``asking`` Unmapped,
    when only an officer can tell its columns), and Agreement.DoesNotExist when the agreement is not in the
    caller's scope.
    """
    workbook.inspect(content, name)
    agreement = Agreement.objects.select_related("sponsor").get(pk=agreement_id)
    require_not_over(agreement)
    segment = segment_of(agreement, segment_code)
    files = Roster.objects.filter(agreement=agreement, segment=segment)
    known = files.filter(sha256=keeping.digest(content)).first()
    if known is not None and (known.status != RosterStatus.RECEIVED or known.rows.exists()):
        return known.pk
    # Read before anything is stored: a file that cannot be read leaves no trace but its message.
    told = Told(learnt(agreement.sponsor_id), asking=asking)
    sheet = read(content, on=now.date(), occupation=segment.occupation, told=told)
    with transaction.atomic():
        roster = known or kept(
            name=name, content=content, agreement=agreement, segment=segment, by=by, now=now
        )
        store(roster.pk, sheet, by=by, on=now.date(), first_month=first_month)
        return roster.pk


def learnt(sponsor_id: int) -> dict[str, Field]:
    """What officers of this city said of headings that we did not know, by the heading's words."""
    known = ColumnWord.objects.filter(sponsor_id=sponsor_id).values_list("words", "field")
    return {words: Field(field) for words, field in known}


def read(
    content: bytes, *, on: date, occupation: str, told: Told = NOTHING_TOLD, noted: Noted = _nobody_asks
) -> Sheet:
    """Read and judge a file by itself, without the register. Raises Unreadable with a stable code."""
    return read_source(reading.gathered(content), on=on, occupation=occupation, told=told, noted=noted)


def read_source(
    source: Source, *, on: date, occupation: str, told: Told = NOTHING_TOLD, noted: Noted = _nobody_asks
) -> Sheet:
    """The same of a file that is read already."""
    found = reading.arranged(
        source, learnt=told.learnt, mappings=told.mappings, asking=told.asking, held=told.held
    )
    judge = Judge(found.layout, on=on, occupation=occupation)
    rows = []
    for done, (line, cells) in enumerate(found.lines):
        if done % 100 == 0:
            noted(done, len(found.lines))
        rows.append(judge.judge(line, cells))
    if not any(row.facts for row in rows):
        raise Unreadable("file.no_rows")
    _refuse_damaged(rows)
    noted(len(rows), len(rows))
    return Sheet(found.layout, marked(rows, found.layout), found.notes)


def marked(rows: Sequence[Judged], layout: Layout) -> list[Judged]:
    """The rows with those marked that name a person twice."""
    return duplicates.marked(rows, nik_column=layout.column(Field.NIK), name_column=layout.column(Field.NAME))


@collecting.paused()
def preview(
    *,
    content: bytes,
    agreement: Agreement,
    by: Actor | None,
    on: date,
    name: str = "",
    segment_code: str = "",
) -> tuple[Layout, Compared]:
    """Judge a file for an agreement and store nothing; raises Unreadable as ``receive`` does.

    With ``by`` it is judged against the register too. Without anybody who answers for the question the register
    is not asked: the rows are judged by themselves, and the quota is compared with the list alone.
    """
    workbook.inspect(content, name)
    segment = segment_of(agreement, segment_code)
    told = Told(learnt(agreement.sponsor_id))
    sheet = read(content, on=on, occupation=segment.occupation, told=told)
    if by is None:
        rows = register.by_its_rule(sheet.rows, agreement_id=agreement.pk, on=on)
        return sheet.layout, Compared(register.within_quota(rows, quota=segment.quota, taken=0), {})
    column = sheet.layout.column(Field.NIK)
    with system_scope(SystemScope.JUDGING, actor=by):
        target = target_of(agreement.pk, segment)
        return sheet.layout, register.compared(sheet.rows, target=target, on=on, nik_column=column)


def segment_of(agreement: Agreement, code: str = "") -> Segment:
    """The segment of this code, or the agreement's only one.

    Raises Unreadable when it has none at all, SegmentNotChosen when it has several and none is named.
    """
    segments = Segment.objects.filter(agreement=agreement).order_by("pk")
    if code:
        return segments.get(code=code)
    found = list(segments[:2])
    if not found:
        raise Unreadable("agreement.no_segment")
    if len(found) > 1:
        raise SegmentNotChosen
    return found[0]


def target_of(agreement_id: int, segment: Segment) -> Target:
    return Target(agreement_id, segment.sponsor_id, segment.pk, segment.quota)


def _refuse_damaged(rows: Sequence[Judged]) -> None:
    """Refuse a whole file whose NIK column Excel has rounded (far more than one in ten ends in 0)."""
    numbers = [row.facts.nik for row in rows if row.facts and len(row.facts.nik) == 16]
    ends_in_zero = sum(1 for number in numbers if number.endswith("0"))
    if ends_in_zero >= _DAMAGED_AT_LEAST and ends_in_zero * _DAMAGED_SHARE > len(numbers):
        raise Unreadable("file.excel_damage")


def kept(
    *, name: str, content: bytes, agreement: Agreement, segment: Segment, by: Actor, now: datetime
) -> Roster:
    """The file kept for good and the roster that waits to be judged; the first one when it came twice."""
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
        segment=segment,
        sha256=document.sha256,
        defaults={
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


def store(roster_id: int, sheet: Sheet, *, by: Actor, on: date, first_month: Month | None = None) -> bool:
    """Compare with the register and write all rows in one statement; False when it was done or called off before."""
    with system_scope(SystemScope.JUDGING, actor=by):
        roster = Roster.objects.select_for_update().get(pk=roster_id)
        if roster.status != RosterStatus.RECEIVED:
            return False
        column = sheet.layout.column(Field.NIK)
        segment = Segment.objects.get(pk=roster.segment_id)
        target = target_of(roster.agreement_id, segment)
        found = register.compared(
            sheet.rows, target=target, on=on, nik_column=column, first_month=first_month
        )
        write(roster, found)
        lay_out(roster, sheet)
        roster.status = RosterStatus.JUDGED
        roster.save(update_fields=["headers", "fields", "sheets", "status"])
    return True


def lay_out(roster: Roster, sheet: Sheet) -> None:
    """Note on the roster which columns it has and what became of each sheet."""
    roster.headers = [masked_within(heading) for heading in sheet.layout.headers]
    roster.fields = [str(field) for field in sheet.layout.fields]
    roster.sheets = [note._asdict() for note in sheet.notes]


def write(roster: Roster, judged: Compared) -> None:
    """Add rows to a roster, sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE judged (number int, kelurahan text, verdict text, problems jsonb, sealed bytea,"
            " person bigint, nik_index bytea, twin_index bytea) ON COMMIT DROP"
        )
        with cursor.copy("COPY judged FROM STDIN") as copy:
            for start in range(0, len(judged.rows), CHUNK):
                rows = judged.rows[start : start + CHUNK]
                seals = zip(rows, sealed_rows.write_many(roster.pk, rows), indexes(rows), strict=True)
                for row, sealed, found in seals:
                    copy.write_row((*stored(row, sealed, judged.people.get(row.line)), *found))
        cursor.execute(
            "INSERT INTO membership_rosterrow"
            " (roster_id, number, sponsor_id, kelurahan_code, verdict, problems, sealed, person_id, nik_index, twin_index)"
            " SELECT %s, number, %s, kelurahan, verdict, problems, sealed, person, nik_index, twin_index FROM judged",
            [roster.pk, roster.sponsor_id],
        )
        cursor.execute("DROP TABLE judged")


def indexes(rows: Sequence[Judged]) -> list[tuple[bytes | None, bytes | None]]:
    """The blind indexes of each row, by which its companions are found: of its NIK, and of name, birth date and place.

    None for what a row does not have in full.
    """
    niks = [row.facts.nik if row.facts and len(row.facts.nik) == 16 else "" for row in rows]
    twins = [_twin(row.facts) if row.facts else "" for row in rows]
    return list(zip(_blind("nik", niks), _blind("twin", twins), strict=True))


def _twin(facts: Facts) -> str:
    return f"{facts.name_key}|{facts.birth_date}|{facts.kelurahan_code}"


def _blind(kind: str, texts: Sequence[str]) -> list[bytes | None]:
    found = zip(texts, blind_index_many(kind, texts), strict=True)
    return [index if text else None for text, index in found]


def stored(row: Judged, sealed: bytes, person_id: int | None) -> tuple[object, ...]:
    """Line, kelurahan, verdict, problems, seal and person of a row, as its columns hold them."""
    place = row.facts.kelurahan_code if row.facts else ""
    problems = json.dumps(row.problems) if row.problems else "[]"
    return (row.line, place, str(row.verdict), problems, sealed, person_id)


def counts(rows: Iterable[Judged]) -> dict[str, int]:
    """How many rows got which verdict, with a zero for those nobody got."""
    found = dict.fromkeys(Verdict.values, 0)
    for row in rows:
        found[row.verdict] += 1
    return found
