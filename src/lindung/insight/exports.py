"""Makes the files of exports: people, coverage, or the results of a list; each is counted first and fetched once.

A file is written row by row into a temporary file that has no name on the disk: 100,000 people need no more memory
than a thousand.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any, NamedTuple

from django.utils.timezone import localtime

from lindung.access.models import Organisation
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.formats.handing_out import MOST_ROWS, Cell, Watermark, write_csv, write_xlsx
from lindung.insight import coverage, workers
from lindung.law.text import Language, Text
from lindung.membership import exporting, rosters
from lindung.membership.models import ExportFormat, ExportRequest, ExportWhat, Roster, RosterRow
from lindung.partnership.models import Agreement

_CHUNK = 1_000


class Wish(NamedTuple):
    """What somebody wants to take out of the house; `choice` narrows it, as it is stored."""

    what: ExportWhat
    choice: Mapping[str, Any]
    format: ExportFormat
    whole_nik: bool
    purpose: str
    sponsor_id: int


class Made(NamedTuple):
    """A file ready to be sent; `content` is read from its beginning."""

    name: str
    content_type: str
    content: IO[bytes]


class NothingToExport(Refusal):
    """There is not a single row, or more than a sheet can hold."""

    code = "export.empty"


def look_up(what: ExportWhat, choice: Mapping[str, Any]) -> None:
    """Raises ObjectDoesNotExist when the agreement or the list that an export is to be of is not in sight."""
    if "agreement" in choice:
        Agreement.objects.only("pk").get(pk=choice["agreement"])
    if what == ExportWhat.ROSTER:
        Roster.objects.only("pk").get(pk=choice.get("roster", 0))


def ask(wish: Wish, *, by: Actor, on: date, now: datetime) -> ExportRequest:
    """Count the rows and ask for the export.

    Raises NothingToExport without rows and with more than a sheet holds, NotHandedOut for a number in the purpose, ObjectDoesNotExist when the city, the
    agreement or the list is not in scope.
    """
    Organisation.objects.get(pk=wish.sponsor_id, kind="city")
    rows = _count(wish, on)
    if rows == 0:
        raise NothingToExport(_NOTHING)
    if rows > MOST_ROWS:
        raise NothingToExport(_TOO_MANY, code="export.too_large")
    return exporting.request(
        what=wish.what,
        choice=wish.choice,
        format=wish.format,
        whole_nik=wish.whole_nik,
        purpose=wish.purpose,
        rows=rows,
        sponsor_id=wish.sponsor_id,
        by=by,
        now=now,
    )


def fetch(*, request_id: int, by: Actor, on: date, now: datetime, language: Language) -> Made:
    """The file of an export, once. Raises what `exporting.to_fetch` and `exporting.fetched` raise."""
    asked = exporting.to_fetch(request_id=request_id, by=by, now=now)
    wish = _wish(asked)
    event_id = exporting.fetched(asked, rows=_count(wish, on), by=by, now=now)
    mark = _mark(asked, by, now, event_id).said_in(language)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    write = write_csv if asked.format == ExportFormat.CSV else write_xlsx
    headers, rows = _table(wish, on, language)
    write(file, headers=headers, rows=rows, mark=Watermark(mark, by.name))
    file.seek(0)
    name = f"lindung-{asked.what}-{on.isoformat()}-{asked.pk}.{asked.format}"
    return Made(name, _TYPES[ExportFormat(asked.format)], file)


_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _wish(asked: ExportRequest) -> Wish:
    return Wish(
        ExportWhat(asked.what),
        asked.choice,
        ExportFormat(asked.format),
        asked.whole_nik,
        asked.purpose,
        asked.sponsor_id,
    )


def _mark(asked: ExportRequest, by: Actor, now: datetime, event_id: int) -> Text:
    moment = localtime(now).strftime("%d-%m-%Y %H:%M")
    return _MARK.filled(person=by.name, moment=moment, purpose=asked.purpose, event=event_id)


_MARK = Text(
    "Lindung: diambil oleh {person}, {moment}, untuk: {purpose} (peristiwa {event})",
    "Lindung: taken by {person}, {moment}, for: {purpose} (event {event})",
)


def _count(wish: Wish, on: date) -> int:
    if wish.what == ExportWhat.WORKERS:
        return len(workers.people_of(on=on, chosen=_chosen(wish)))
    if wish.what == ExportWhat.COVERAGE:
        return len(coverage.coverage(on=on).kelurahan) + 1
    return RosterRow.objects.filter(roster=_roster(wish)).count()


def _table(wish: Wish, on: date, language: Language) -> tuple[list[str], Iterator[Sequence[Cell]]]:
    headers, rows = _TABLES[wish.what]
    return headers.said_in(language).split("|"), rows(wish, on, language)


def _chosen(wish: Wish) -> workers.Chosen:
    agreement = wish.choice.get("agreement")
    if agreement is not None:
        Agreement.objects.get(pk=agreement, sponsor_id=wish.sponsor_id)
    return workers.Chosen(
        agreement_id=agreement,
        kelurahan_code=wish.choice.get("kelurahan", ""),
        standing=wish.choice.get("standing", ""),
        sponsor_id=wish.sponsor_id,
    )


def _roster(wish: Wish) -> Roster:
    return Roster.objects.get(pk=wish.choice.get("roster", 0), sponsor_id=wish.sponsor_id)


def _workers(wish: Wish, on: date, language: Language) -> Iterator[Sequence[Cell]]:
    people = workers.people_of(on=on, chosen=_chosen(wish))
    for start in range(0, len(people), _CHUNK):
        for row, number in workers.numbered_rows_of(people[start : start + _CHUNK], on=on):
            yield (
                row.name,
                number if wish.whole_nik else row.nik_masked,
                row.birth_date.isoformat(),
                row.kelurahan,
                ", ".join(work.said_in(language) for work in row.works),
                ", ".join(row.agreements),
                WORDS["died" if row.died_on else row.standing].said_in(language),
            )


def _coverage(wish: Wish, on: date, language: Language) -> Iterator[Sequence[Cell]]:
    found = coverage.coverage(on=on)
    date_and_source = (on.isoformat(), coverage.SOURCES[coverage.Denominator.LISTED].said_in(language))
    other = coverage.Area("", _ELSEWHERE.said_in(language), "", found.elsewhere)
    for area in (*found.kelurahan, other):
        figures = area.figures
        numbers = (figures.protected, figures.at_risk, figures.lapsed, figures.proposed, figures.waiting)
        yield (area.code, area.name, *numbers, figures.enrolled, *date_and_source)


def _results(wish: Wish, on: date, language: Language) -> Iterator[Sequence[Cell]]:
    for row in rosters.every_row(_roster(wish).pk):
        faults = [*row.problems, *(fault for cell in row.cells for fault in cell.problems)]
        said = " ".join(fault.message.said_in(language) for fault in faults)
        cells = " | ".join(cell.text for cell in row.cells)
        yield (row.number, VERDICTS[row.verdict].said_in(language), said, cells)


WORDS = {
    "protected": Text("Terlindungi", "Protected"),
    "at_risk": Text("Menunggak", "In arrears"),
    "proposed": Text("Diusulkan", "Proposed"),
    "lapsed": Text("Lepas", "Lapsed"),
    "ended": Text("Selesai", "Ended"),
    "died": Text("Meninggal", "Died"),
}
"""How people stand, in words; whoever died stands so before anything else."""
VERDICTS = {
    "ready": Text("Siap", "Ready"),
    "to_fix": Text("Perlu diperbaiki", "To fix"),
    "refused": Text("Ditolak", "Refused"),
    "enrolled": Text("Terdaftar", "Enrolled"),
    "ignored": Text("Dilewati", "Skipped"),
}
"""What became of a row, in words."""
_ELSEWHERE = Text("Kelurahan tidak dikenal", "Unknown kelurahan")
_NOTHING = Text(
    "Tidak ada baris untuk diekspor. Pilih saringan lain.",
    "There is no row to export. Choose another filter.",
)
_TOO_MANY = Text(
    "Lebih dari satu juta baris tidak muat di satu lembar. Persempit saringannya.",
    "More than a million rows do not fit a sheet. Narrow the filter.",
)

Rows = Callable[[Wish, date, Language], Iterator[Sequence[Cell]]]
_TABLES: dict[ExportWhat, tuple[Text, Rows]] = {
    ExportWhat.WORKERS: (
        Text(
            "Nama|NIK|Tanggal lahir|Kelurahan|Pekerjaan|Kerja sama|Keadaan (perkiraan Lindung)",
            "Name|NIK|Birth date|Kelurahan|Work|Agreement|Standing (Lindung's estimate)",
        ),
        _workers,
    ),
    ExportWhat.COVERAGE: (
        Text(
            "Kode|Kelurahan|Terlindungi|Menunggak|Lepas|Diusulkan|Belum didaftarkan|Terdaftar|Tanggal|Sumber",
            "Code|Kelurahan|Protected|In arrears|Lapsed|Proposed|Not enrolled yet|Enrolled|Date|Source",
        ),
        _coverage,
    ),
    ExportWhat.ROSTER: (Text("Baris|Hasil|Masalah|Isi", "Row|Result|Problems|Content"), _results),
}
