"""Asks an officer which column is which where the headings tell us nothing, and remembers the answer for the city."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.identity import nik
from lindung.law.text import Text
from lindung.membership import arriving, intake, reading
from lindung.membership.columns import LONGEST_HEADING, REQUIRED, SEARCHED_ROWS, Field, field_of, words_of
from lindung.membership.masking import masked_within
from lindung.membership.models import Roster, RosterStatus

SAMPLES = 3
_LONGEST_SAMPLE = 40

_LEARN = """
INSERT INTO membership_columnword (sponsor_id, words, field, set_by_id, set_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT ON CONSTRAINT column_word_once_per_sponsor
DO UPDATE SET field = excluded.field, set_by_id = excluded.set_by_id, set_at = excluded.set_at
"""

LABELS = {
    Field.OTHER: Text("Bukan salah satu dari ini", "None of these"),
    Field.NAME: Text("Nama", "Name"),
    Field.NIK: Text("NIK", "NIK"),
    Field.BIRTH: Text("Tanggal lahir (atau tempat dan tanggal)", "Birth date (or place and date)"),
    Field.BIRTH_PLACE: Text("Tempat lahir", "Birth place"),
    Field.SEX: Text("Jenis kelamin", "Sex"),
    Field.KELURAHAN: Text("Kelurahan", "Kelurahan"),
    Field.KECAMATAN: Text("Kecamatan", "Kecamatan"),
    Field.ADDRESS: Text("Alamat", "Address"),
    Field.RT: Text("RT", "RT number"),
    Field.OCCUPATION: Text("Pekerjaan", "Occupation"),
    Field.WORKPLACE: Text("Tempat kerja", "Workplace"),
    Field.WAGE: Text("Upah sebulan", "Wage a month"),
    Field.DAILY_WAGE: Text("Upah sehari", "Wage a day"),
    Field.PHONE: Text("Nomor HP", "Phone number"),
    Field.FAMILY_CARD: Text("Nomor KK", "Family card number"),
    Field.LINE: Text("Nomor urut", "Row number"),
}


class NotMapped(Refusal):
    """A needed column was not named, or one was named twice."""

    code = "roster.columns_not_chosen"


class NothingToMap(Refusal):
    """The columns of this list are known."""

    code = "roster.columns_known"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Kolom daftar ini sudah dikenal. Buka daftarnya.",
                "The columns of this list are known. Open the list.",
            )
        )


class Column(NamedTuple):
    """One column of the sheet: its heading, a few cells (numbers of people masked), and what we take it for."""

    at: int
    heading: str
    samples: tuple[str, ...]
    guess: Field


class Question(NamedTuple):
    """The sheet whose columns an officer has to name; ``header_line`` is the row we take for its headings."""

    roster_id: int
    sheet: str
    header_line: int
    columns: tuple[Column, ...]


def question(*, roster_id: int, by: Actor) -> Question:
    """What to ask about a list. Raises NothingToMap, and Roster.DoesNotExist out of the caller's sight."""
    roster = Roster.objects.get(pk=roster_id, status=RosterStatus.UNMAPPED) if _waits(roster_id) else None
    if roster is None:
        raise NothingToMap
    source = reading.gathered(arriving.file_of(roster, by=by))
    told = intake.learnt(roster.sponsor_id)
    try:
        reading.arranged(source, learnt=told, mappings=reading.mappings_of(roster.mapping), asking=True)
    except reading.Unmapped as why:
        return _question(roster_id, why.sheet, source.sheets[why.sheet])
    raise NothingToMap


def _waits(roster_id: int) -> bool:
    return Roster.objects.get(pk=roster_id).status == RosterStatus.UNMAPPED


def _question(roster_id: int, sheet: str, lines: Sequence[reading.Line]) -> Question:
    texts = reading.texts_of(lines[:SEARCHED_ROWS])
    at = _headings_at(texts)
    line, headings = texts[at]
    people = [cells for _, cells in texts[at + 1 :]] or [headings]
    width = max(len(cells) for _, cells in texts[at:])
    columns = tuple(_column(place, headings, people) for place in range(width))
    return Question(roster_id, sheet, line, columns)


def _headings_at(texts: Sequence[tuple[int, Sequence[str]]]) -> int:
    """The row above the first person, when it has about as many cells; else that person's own row."""
    width = max(sum(bool(cell.strip()) for cell in cells) for _, cells in texts)
    wide = [
        at for at, (_, cells) in enumerate(texts) if sum(bool(cell.strip()) for cell in cells) * 2 >= width
    ]
    return wide[0]


def _column(at: int, headings: Sequence[str], people: Sequence[Sequence[str]]) -> Column:
    heading = headings[at] if at < len(headings) else ""
    cells = [cells[at].strip() for cells in people if at < len(cells) and cells[at].strip()]
    guess = field_of(heading) if 0 < len(heading) <= LONGEST_HEADING else Field.OTHER
    return Column(at, masked_within(heading), tuple(map(_sample, cells[:SAMPLES])), guess)


def _sample(cell: str) -> str:
    shown = nik.masked(cell) if sum(map(str.isdigit, cell)) >= 12 else masked_within(cell)
    return shown if len(shown) <= _LONGEST_SAMPLE else f"{shown[:_LONGEST_SAMPLE]}…"


def answer(
    *, roster_id: int, asked: Question, fields: Sequence[Field], has_headings: bool, by: Actor, now: datetime
) -> None:
    """Note what the officer says of the columns, remember it for the city, and judge the list again.

    Raises NotMapped when name, NIK or birth date is missing or a field is named twice, NothingToMap when somebody
    else has answered meanwhile.
    """
    _refuse_gaps(fields)
    header_line = asked.header_line if has_headings else asked.header_line - 1
    told = {"header_line": header_line, "fields": [str(field) for field in fields], "skip": False}
    with transaction.atomic():
        roster = _note(roster_id, asked.sheet, told)
        if has_headings:
            _learn(roster.sponsor_id, asked.columns, fields, by, now)
        _judge_again(roster, by)


def skip(*, roster_id: int, sheet: str, by: Actor) -> None:
    """Leave this sheet out and judge the others. Raises NothingToMap."""
    with transaction.atomic():
        roster = _note(roster_id, sheet, {"header_line": 0, "fields": [], "skip": True})
        _judge_again(roster, by)


def _refuse_gaps(fields: Sequence[Field]) -> None:
    missing = [LABELS[field] for field in REQUIRED if field not in fields]
    if missing:
        names = (", ".join(text.id for text in missing), ", ".join(text.en for text in missing))
        raise NotMapped(
            Text(f"Pilih juga kolom untuk: {names[0]}.", f"Choose the column of: {names[1]}, too.")
        )
    for field in fields:
        if field != Field.OTHER and fields.count(field) > 1:
            label = LABELS[field]
            raise NotMapped(
                Text(
                    f"Dua kolom dipilih untuk {label.id}. Pilih satu saja.",
                    f"Two columns are chosen for {label.en}. Choose one only.",
                )
            )


def _note(roster_id: int, sheet: str, told: dict[str, object]) -> Roster:
    roster = Roster.objects.select_for_update(of=("self",)).get(pk=roster_id)
    if roster.status != RosterStatus.UNMAPPED:
        raise NothingToMap
    roster.mapping = {**roster.mapping, sheet: told}
    roster.save(update_fields=["mapping"])
    return roster


def _learn(
    sponsor_id: int, columns: Sequence[Column], fields: Sequence[Field], by: Actor, now: datetime
) -> None:
    """Only what our own patterns do not say; a heading with a number in it is somebody's data."""
    with connection.cursor() as cursor:
        for column, field in zip(columns, fields, strict=True):
            words = words_of(column.heading)
            known = column.guess == field or not words or len(column.heading) > LONGEST_HEADING
            if known or "•" in column.heading:
                continue
            cursor.execute(_LEARN, [sponsor_id, words, str(field), by.user_id, now])


def _judge_again(roster: Roster, by: Actor) -> None:
    audit.record(
        "roster.columns_chosen",
        by=by,
        subject=f"roster:{roster.pk}",
        sponsor_id=roster.sponsor_id,
        detail={"sheets": len(roster.mapping)},
    )
    arriving.begin_again(roster.pk)
