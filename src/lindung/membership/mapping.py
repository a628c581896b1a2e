"""Asks an officer which column is which, at any time until somebody is enrolled, and remembers the answer for the city."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.engine.refusals import ChangedMeanwhile, Refusal
from lindung.formats.unreadable import Unreadable
from lindung.identity import nik
from lindung.law.text import Text
from lindung.membership import arriving, intake, reading
from lindung.membership.columns import (
    LONGEST_HEADING,
    REQUIRED,
    SEARCHED_ROWS,
    Field,
    How,
    Layout,
    field_of,
    laid_out,
    words_of,
)
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


HOW = {
    How.RECOGNISED: Text("dikenali dari judulnya", "recognised by its heading"),
    How.LEARNT: Text("diingat dari pilihan petugas sebelumnya", "remembered from an earlier choice"),
    How.CHOSEN: Text("dipilih petugas untuk daftar ini", "chosen for this list"),
    How.GUESSED: Text("perkiraan; periksa", "a guess; check it"),
    How.UNREAD: Text("tidak dibaca", "not read"),
}


class NotMapped(Refusal):
    """A needed column was not named, or one was named twice."""

    code = "roster.columns_not_chosen"


class NothingToMap(Refusal):
    """The columns of this list cannot be chosen now: it is being judged, was called off, or its file cannot be read."""

    code = "roster.columns_known"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Kolom daftar ini tidak bisa dipilih sekarang. Tunggu sampai selesai diperiksa, lalu coba lagi.",
                "The columns of this list cannot be chosen now. Wait until it is checked, then try again.",
            )
        )


class ColumnsClosed(Refusal):
    """People are enrolled by this list as it was read, or a corrected file has brought columns of its own."""

    code = "roster.columns_closed"


class OnlySheet(Refusal):
    """Without this sheet nobody would be left in the list."""

    code = "roster.only_sheet"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Ini satu-satunya lembar yang berisi orang, jadi tidak bisa dilewati. Tunjuk kolomnya, atau unggah"
                " berkas lain.",
                "This is the only sheet that holds people, so it cannot be left out. Name its columns, or upload"
                " another file.",
            )
        )


_ENROLLED = Text(
    "Sudah ada yang didaftarkan dari daftar ini, jadi arti kolomnya tidak diubah lagi. Betulkan nama dan data lahir di"
    " halaman pekerjanya; yang belum terdaftar, unggah sebagai daftar baru.",
    "People are enrolled by this list, so its columns are not chosen anew. Correct names and birth data on the"
    " worker's page; upload those who are not enrolled yet as a new list.",
)
_GROWN = Text(
    "Berkas perbaikan sudah menambah kolom ke daftar ini, jadi arti kolomnya tidak diubah lagi. Unggah berkas itu"
    " sebagai daftar baru.",
    "A corrected file has added columns to this list, so they are not chosen anew. Upload that file as a new list.",
)


class Column(NamedTuple):
    """One column of the sheet: its heading, a few cells (numbers of people masked), what we take it for and why."""

    at: int
    heading: str
    samples: tuple[str, ...]
    guess: Field
    how: How = How.UNREAD


class Question(NamedTuple):
    """The sheet whose columns an officer names; ``header_line`` is the last line we take for its headings.

    ``others`` are the other sheets that hold people and are not left out, ``again`` says that the list is judged
    already and will be judged anew. ``seen`` stands for what the page showed: an answer to anything else is stale.
    """

    roster_id: int
    sheet: str
    header_line: int
    columns: tuple[Column, ...]
    top_line: int = 0
    has_headings: bool = True
    others: tuple[str, ...] = ()
    again: bool = False
    seen: str = ""


def why_closed(roster: Roster) -> Text | None:
    """Why the columns of a list are not chosen anew any more, and what to do instead; None when they may be."""
    if roster.status == RosterStatus.ENROLLED:
        return _ENROLLED
    places = [at for note in roster.sheets if not note["skipped"] for at in note["columns"]]
    return _GROWN if places and len(roster.headers) > max(places) + 1 else None


def _refuse_closed(roster: Roster) -> None:
    closed = why_closed(roster)
    if closed is not None:
        raise ColumnsClosed(closed)
    if roster.status not in _OPEN or (roster.status == RosterStatus.JUDGED and not roster.sheets):
        raise NothingToMap


_OPEN = frozenset({RosterStatus.UNMAPPED, RosterStatus.JUDGED, RosterStatus.STOPPED})


def question(*, roster_id: int, by: Actor, sheet: str = "") -> Question:
    """The columns of a sheet of a list, of the one that has to be named first when none is asked for.

    Raises ColumnsClosed, NothingToMap, and Roster.DoesNotExist out of the caller's sight.
    """
    roster = Roster.objects.get(pk=roster_id)
    _refuse_closed(roster)
    try:
        source = reading.gathered(arriving.file_of(roster, by=by))
    except Unreadable as why:
        raise NothingToMap from why
    learnt, mappings = intake.learnt(roster.sponsor_id), reading.mappings_of(roster.mapping)
    name = sheet if sheet in source.sheets else _first(source, learnt, mappings)
    found = reading.layout_of(source, name, learnt=learnt, mappings=mappings)
    left_out = {each for each, told in mappings.items() if told.skip}
    others = [each for each, lines in source.sheets.items() if each != name and reading.holds_people(lines)]
    asked = _question(roster_id, name, source.sheets[name], found, learnt)._replace(
        has_headings=mappings[name].headings if name in mappings else True,
        others=tuple(each for each in others if each not in left_out),
        again=roster.status == RosterStatus.JUDGED,
    )
    return asked._replace(seen=_seen(roster, asked))


def _seen(roster: Roster, asked: Question) -> str:
    """What an answer is given to: this sheet under these headings, and all that was said of the list so far."""
    headings = [column.heading for column in asked.columns]
    where = [asked.sheet, asked.top_line, asked.header_line, headings]
    now = [roster.status, roster.revision, roster.mapping]
    return hashlib.sha256(json.dumps([where, now], sort_keys=True).encode()).hexdigest()[:32]


def _first(source: reading.Source, learnt: Mapping[str, Field], mappings: reading.Mappings) -> str:
    """The first sheet whose columns nobody knows, else the first with people."""
    try:
        found = reading.arranged(source, learnt=learnt, mappings=mappings, asking=True)
    except reading.Unmapped as why:
        return why.sheet
    except Unreadable:
        people = (name for name, lines in source.sheets.items() if reading.holds_people(lines))
        return next(people, next(iter(source.sheets)))
    return found.notes[0].name


def _question(
    roster_id: int,
    sheet: str,
    lines: Sequence[reading.Line],
    found: Layout | None,
    learnt: Mapping[str, Field],
) -> Question:
    texts = reading.texts_of(lines[:SEARCHED_ROWS])
    if found is None:
        at = _headings_at(texts)
        line, headings = texts[at]
        found = laid_out(line, headings, learnt)
        people = [cells for _, cells in texts[at + 1 :]] or [headings]
    else:
        people = [cells for each, cells in texts if each > found.header_line] or [list(found.headers)]
    width = max(len(found.headers), *(len(cells) for cells in people))
    columns = tuple(_column(place, found, people) for place in range(width))
    return Question(roster_id, sheet, found.header_line, columns, found.top_line)


def _headings_at(texts: Sequence[tuple[int, Sequence[str]]]) -> int:
    """The row above the first person, when it has about as many cells; else that person's own row."""
    width = max(sum(bool(cell.strip()) for cell in cells) for _, cells in texts)
    wide = [
        at for at, (_, cells) in enumerate(texts) if sum(bool(cell.strip()) for cell in cells) * 2 >= width
    ]
    return wide[0]


def _column(at: int, found: Layout, people: Sequence[Sequence[str]]) -> Column:
    heading = found.headers[at] if at < len(found.headers) else ""
    cells = [cells[at].strip() for cells in people if at < len(cells) and cells[at].strip()]
    field = found.fields[at] if at < len(found.fields) else Field.OTHER
    how = found.how[at] if at < len(found.how) else How.UNREAD
    return Column(at, masked_within(heading), tuple(map(_sample, cells[:SAMPLES])), field, how)


def _sample(cell: str) -> str:
    shown = nik.masked(cell) if sum(map(str.isdigit, cell)) >= 12 else masked_within(cell)
    return shown if len(shown) <= _LONGEST_SAMPLE else f"{shown[:_LONGEST_SAMPLE]}…"


def answer(
    *, roster_id: int, asked: Question, fields: Sequence[Field], has_headings: bool, by: Actor, now: datetime
) -> None:
    """Note what the officer says of the columns, remember it for the city, and judge the list by it, or anew.

    Raises NotMapped when name, NIK or birth date is missing or a field is named twice, ColumnsClosed when somebody
    of the list is enrolled, NothingToMap while it is being judged, ChangedMeanwhile when somebody else has answered
    since the page was shown (``asked.seen``).
    """
    _refuse_gaps(fields)
    # Where the line we took for headings is a person's, the people begin with it.
    above = (asked.top_line or asked.header_line) - 1 if asked.has_headings else asked.header_line
    below = asked.header_line if asked.has_headings else asked.header_line + 1
    told = {
        "header_line": below if has_headings else above,
        "top_line": asked.top_line if has_headings else 0,
        "headings": has_headings,
        "fields": [str(field) for field in fields],
        "skip": False,
    }
    with transaction.atomic():
        roster = _note(roster_id, asked, told, by, now)
        if has_headings:
            _learn(roster.sponsor_id, asked.columns, fields, by, now)
        _judge_again(roster, by)


def skip(*, roster_id: int, asked: Question, by: Actor, now: datetime) -> None:
    """Leave this sheet out and judge the others. Raises OnlySheet, ColumnsClosed, NothingToMap, ChangedMeanwhile."""
    if not asked.others:
        raise OnlySheet
    with transaction.atomic():
        told = {"header_line": 0, "fields": [], "skip": True}
        _judge_again(_note(roster_id, asked, told, by, now), by)


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


def _note(roster_id: int, asked: Question, told: dict[str, object], by: Actor, now: datetime) -> Roster:
    roster = Roster.objects.select_for_update(of=("self",)).get(pk=roster_id)
    _refuse_closed(roster)
    if asked.seen != _seen(roster, asked):
        raise ChangedMeanwhile
    roster.mapping = {**roster.mapping, asked.sheet: {**told, "by": by.user_id, "at": now.isoformat()}}
    roster.save(update_fields=["mapping"])
    return roster


def _learn(
    sponsor_id: int, columns: Sequence[Column], fields: Sequence[Field], by: Actor, now: datetime
) -> None:
    """What we would read otherwise, or were unsure of, over what was said before.

    A heading with a number in it is somebody's data; of one that stands over two columns nothing can be learnt. That
    "Nama" is no name holds for this list only: remembered, it would spoil every other file of the city; but where the
    NIK stands under "NIK", that "NIK lama" is none is remembered.
    """
    learnt = intake.learnt(sponsor_id)
    every = [words_of(column.heading) for column in columns]
    borne_out = {
        field for column, field in zip(columns, fields, strict=True) if field_of(column.heading) == field
    }
    with connection.cursor() as cursor:
        for column, words, field in zip(columns, every, fields, strict=True):
            own = field_of(column.heading)
            known = learnt.get(words, own) == field and column.how != How.GUESSED
            plain = own in REQUIRED and own != field and own not in borne_out and words not in learnt
            if known or plain or not words or len(column.heading) > LONGEST_HEADING:
                continue
            if "•" in column.heading or every.count(words) > 1:
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
