"""Finds the row of headings in a file from BPJS and says which column holds what."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from lindung.formats.cells import Number, Row, text_of
from lindung.formats.unreadable import Unreadable

SEARCHED_ROWS = 40
_LONGEST_HEADING = 60


class Heading(StrEnum):
    """What a column of a branch's file can hold."""

    NIK = "nik"
    KPJ = "kpj"
    NAME = "name"
    BIRTH = "birth"
    STATUS = "status"
    SINCE = "since"
    REASON = "reason"
    CODE = "code"
    MONTH = "month"
    PEOPLE = "people"
    AMOUNT = "amount"
    AGREEMENT = "agreement"
    AS_OF = "as_of"
    PROGRAMME = "programme"
    EVENT_DATE = "event_date"
    BENEFIT = "benefit"
    NUMBER = "number"
    DECIDED_ON = "decided_on"


# The first pattern that fits wins, so the narrow ones stand before the wide ones.
_DAY = r"(tgl|tanggal|date)"
_PATTERNS = tuple(
    (re.compile(pattern), heading)
    for pattern, heading in (
        (r"\bkpj\b|(no|nomor) (kartu )?peserta|member number", Heading.KPJ),
        (r"\bnik\b|(no|nomor) (e )?ktp|(no|nomor) identitas|^e?ktp$", Heading.NIK),
        (rf"{_DAY} (\w+ )?(kejadian|meninggal|risiko|kecelakaan)|event date", Heading.EVENT_DATE),
        (rf"{_DAY} (\w+ )?(penetapan|ketetapan|keputusan)|decided on", Heading.DECIDED_ON),
        (r"(no|nomor|number) (\w+ )?(penetapan|ketetapan|keputusan|klaim|surat)", Heading.NUMBER),
        (rf"{_DAY} lahir|lahir|birth|^ttl$", Heading.BIRTH),
        (r"per tanggal|posisi|as of", Heading.AS_OF),
        (rf"{_DAY} (na|non ?aktif|aktif|status|efektif|berlaku|keluar)\b|sejak|\btmt\b|since", Heading.SINCE),
        (r"sebab|alasan|reason|keterangan", Heading.REASON),
        (r"status|^aktif$|active", Heading.STATUS),
        (r"kode (iuran|bayar|billing)|payment code", Heading.CODE),
        (r"kerja ?sama|perjanjian|\bpks\b|agreement", Heading.AGREEMENT),
        (r"\bblth\b|bulan|periode|month", Heading.MONTH),
        (
            r"(jumlah|jml|total|number of) (tk|peserta|orang|tenaga kerja|pekerja|people)|^people$",
            Heading.PEOPLE,
        ),
        (r"jenis (manfaat|santunan)|^manfaat$|^santunan$|benefit", Heading.BENEFIT),
        (r"program", Heading.PROGRAMME),
        (r"jumlah|jml|nilai|nominal|saldo|iuran|\brp\b|rupiah|amount|balance", Heading.AMOUNT),
        (r"nama|name", Heading.NAME),
    )
)
_WORDS = {
    Heading.NIK: "NIK",
    Heading.KPJ: "KPJ",
    Heading.STATUS: "Status",
    Heading.SINCE: "Sejak",
    Heading.CODE: "Kode Iuran",
    Heading.MONTH: "BLTH",
    Heading.PEOPLE: "Jumlah Peserta",
    Heading.AMOUNT: "Jumlah",
    Heading.PROGRAMME: "Program",
    Heading.EVENT_DATE: "Tanggal Kejadian",
    Heading.NUMBER: "Nomor Penetapan",
    Heading.DECIDED_ON: "Tanggal Penetapan",
}


class Said(NamedTuple):
    """What one cell says, and whether the sheet held it as a number."""

    text: str
    numeric: bool = False


class Line(NamedTuple):
    """A line of the file: its number, its cells as they came, and what stands under which heading."""

    number: int
    cells: tuple[str, ...]
    said: Mapping[Heading, Said]

    def at(self, heading: Heading) -> Said:
        """What stands under the heading; nothing where the file has no such column."""
        return self.said.get(heading, _NOTHING)


_NOTHING = Said("")


def lines_of(rows: Sequence[Row], *, required: Sequence[Heading], people: bool) -> list[Line]:
    """The lines under the headings. Raises Unreadable when no headings are found, or a required one is missing.

    Where the lines speak of `people`, a column that names them (NIK or KPJ) is required too.
    """
    if not rows:
        raise Unreadable("file.no_rows")
    at, headings = _headings(rows)
    missing = [_WORDS[heading] for heading in required if heading not in headings]
    if people and not {Heading.NIK, Heading.KPJ} & set(headings):
        missing.append(_WORDS[Heading.NIK])
    if missing:
        raise Unreadable("file.no_column", ", ".join(missing))
    lines = [_line(row, headings) for row in rows[at + 1 :]]
    filled = [line for line in lines if any(line.cells)]
    if not filled:
        raise Unreadable("file.no_rows")
    return filled


def _headings(rows: Sequence[Row]) -> tuple[int, list[Heading | None]]:
    best, most = None, 1
    for at, row in enumerate(rows[:SEARCHED_ROWS]):
        found = _named([text_of(cell) for cell in row.cells])
        count = sum(heading is not None for heading in found)
        if count > most:
            best, most = (at, found), count
    if best is None:
        raise Unreadable("file.no_header")
    return best


def _named(cells: Sequence[str]) -> list[Heading | None]:
    """What each heading means; one that is named twice belongs to its first column."""
    seen: set[Heading] = set()
    result: list[Heading | None] = []
    for cell in cells:
        heading = heading_of(cell)
        result.append(None if heading in seen else heading)
        if heading:
            seen.add(heading)
    return result


def heading_of(text: str) -> Heading | None:
    """What a single heading means, None when nothing of ours: "Tgl. Penetapan" is the day of the determination."""
    words = re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
    if not words or len(text) > _LONGEST_HEADING:
        return None
    return next((heading for pattern, heading in _PATTERNS if pattern.search(words)), None)


def _line(row: Row, headings: Sequence[Heading | None]) -> Line:
    cells = tuple(_clean(text_of(cell)) for cell in row.cells)
    said = {
        heading: Said(cells[at], isinstance(row.cells[at], Number))
        for at, heading in enumerate(headings)
        if heading and at < len(cells) and cells[at]
    }
    return Line(row.number, cells, said)


def _clean(text: str) -> str:
    """Without signs that nobody sees, the NUL byte first of all: the database stores none."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
