"""Finds the row of headings in a sheet and says which column holds what, whatever words an office uses."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Field(StrEnum):
    """What a column can hold; OTHER is kept and shown, and read by nobody."""

    LINE = "line"
    NAME = "name"
    NIK = "nik"
    FAMILY_CARD = "family_card"
    BIRTH = "birth"
    BIRTH_PLACE = "birth_place"
    SEX = "sex"
    ADDRESS = "address"
    RT = "rt"
    KELURAHAN = "kelurahan"
    KECAMATAN = "kecamatan"
    OCCUPATION = "occupation"
    WORKPLACE = "workplace"
    PHONE = "phone"
    WAGE = "wage"
    DAILY_WAGE = "daily_wage"
    OTHER = "other"


# The first pattern that fits a heading wins, so the narrow ones stand before the wide ones. A heading is
# matched in lower case, with signs turned into single spaces.
_PATTERNS: tuple[tuple[str, Field], ...] = (
    # Somebody or something else than the worker: the mother, the heir, the head of the household, the bank.
    (r"\b(ibu|mother|ayah|father|suami|istri|spouse|anak|heirs?)\b|ahli waris|kepala keluarga", Field.OTHER),
    # "Nama Marbot Masjid", "Nama Perangkat Desa": the worker, whatever place his title names.
    (
        (
            r"\bnama (lengkap |para )?(petugas|marbot|imam|khotib|guru|pengurus|jemaat|jamaah|perangkat|peserta|pekerja"
            r"|pegawai|tenaga|anggota|penerima)\b"
        ),
        Field.NAME,
    ),
    (r"\b(ketua|pendata|bank|rekening|masjid|mesjid|gereja)\b|^kode\b", Field.OTHER),
    (r"\bnama (usaha|perusahaan|toko|kelompok|lembaga|instansi|dinas|opd|jalan)\b", Field.OTHER),
    (r"\bkk\b|kartu keluarga|family card", Field.FAMILY_CARD),
    (r"\bnik\b|\bn i k\b|induk kependudukan|national id|identity (n|card)|\bid n(o|umber)\b", Field.NIK),
    (r"\b(no|nomor|nmr) (e )?ktp\b|^(e )?ktp( el)?$|\b(no|nomor|nmr) identitas\b", Field.NIK),
    (r"^(place of birth|birth ?place)$|^(tempat|tmp|tmpt|kota) (kelahiran|lahir|lhr)$", Field.BIRTH_PLACE),
    (r"\bttl\b|\bt t l\b|lahir|\blhr\b|birth|\bdob\b|\bd o b\b", Field.BIRTH),
    (r"tempat (tugas|kerja|bertugas)|lokasi|work ?place|unit kerja", Field.WORKPLACE),
    (r"\b(jenis|jns|jen) kel\b|\bjen ?kel\b", Field.SEX),  # "Jenis Kel." is no kelurahan
    (r"\bkel\b|kelurahan|\bdesa\b|village", Field.KELURAHAN),
    (r"\bkec\b|kecamatan|district", Field.KECAMATAN),
    (r"\bnama\b|\bname\b|^peserta$", Field.NAME),
    (r"\bjk\b|^j k$|^l p$|^p l$|kelamin|\bsex\b|\bgender\b", Field.SEX),
    (r"alamat|address|domisili", Field.ADDRESS),
    (r"\brt\b", Field.RT),
    (r"pekerjaan|profesi|jabatan|occupation|\bjob\b|jenis usaha|mata pencaharian", Field.OCCUPATION),
    (r"\bhp\b|telp|telepon|phone|mobile|whats ?app|\bwa\b|ponsel|handphone", Field.PHONE),
    # "Gaji (25 hari)" is that of a month: a number of days between the words is none of a day.
    (
        r"\b(upah|gaji|honor|honorarium|penghasilan|wage)\b[a-z ]*hari(an)?\b|daily (wage|pay)",
        Field.DAILY_WAGE,
    ),
    (r"\b(upah|gaji|honor|honorarium|penghasilan|wages?|salary)\b", Field.WAGE),
    (r"^(no|nomor|no urut|nomor urut|urut|nr|number)?$", Field.LINE),
)
_COMPILED = tuple((re.compile(pattern), field) for pattern, field in _PATTERNS)

_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")

SEARCHED_ROWS = 40
LONGEST_HEADING = 60
REQUIRED = (Field.NAME, Field.NIK, Field.BIRTH)
_REQUIRED_WORDS = {Field.NAME: "Nama", Field.NIK: "NIK", Field.BIRTH: "Tanggal Lahir"}


class Layout(NamedTuple):
    """Where things stand in a sheet: the line of the headings, the headings, and the field of each column."""

    header_line: int
    headers: tuple[str, ...]
    fields: tuple[Field, ...]

    def column(self, field: Field) -> int | None:
        """The column of a field, or None when the sheet has none."""
        return self.fields.index(field) if field in self.fields else None

    @property
    def missing(self) -> tuple[str, ...]:
        """The required headings that were not found, in the words an officer uses."""
        return tuple(_REQUIRED_WORDS[field] for field in REQUIRED if field not in self.fields)


def words_of(heading: str) -> str:
    """The heading as it is compared: lower case, signs turned into single spaces, NamaLengkap taken apart."""
    return re.sub(r"[^a-z0-9]+", " ", _JOINED.sub(" ", heading).lower()).strip()


@lru_cache(maxsize=4_096)  # bounded: cells of people's rows are asked about too
def field_of(heading: str) -> Field:
    """What a single heading means; "No. KTP" and "Nomor Induk Kependudukan" are both a NIK."""
    words = words_of(heading)
    for pattern, field in _COMPILED:
        if pattern.search(words):
            return field
    return Field.OTHER


Lines = Sequence[tuple[int, Sequence[str]]]
NOTHING_LEARNT: Mapping[str, Field] = {}


def layout(rows: Lines, *, learnt: Mapping[str, Field] = NOTHING_LEARNT) -> Layout | None:
    """The headings among the first rows of a sheet: the row that names most fields, at least three.

    ``rows`` are pairs of line number and cell texts; ``learnt`` says what an officer of this city told us of
    headings (``words_of``) that we do not know. A field named twice belongs to its first column. Headings on two
    lines, the upper one merged over several columns, are read together where that names more.
    """
    rows = rows[:SEARCHED_ROWS]
    best: Layout | None = None
    best_score = 2
    for at, (line, cells) in enumerate(rows):
        for last, texts in ((line, tuple(cells)), *_on_two_lines(rows, at)):
            found = _fields(texts, learnt)
            score = len({field for field in found if field not in (Field.OTHER, Field.LINE)})
            if score > best_score and (Field.NAME in found or Field.NIK in found):
                best, best_score = Layout(last, texts, found), score
    return best


def _on_two_lines(rows: Lines, at: int) -> list[tuple[int, tuple[str, ...]]]:
    """This row and the next one as one row of headings, unless the next one holds somebody's numbers."""
    if at + 1 >= len(rows):
        return []
    (_, upper), (last, lower) = rows[at], rows[at + 1]
    if any(map(str.isdigit, "".join(lower))) or not any(text.strip() for text in lower):
        return []
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    joined, over = [], ""
    for high, low in zip(above, below, strict=True):
        over = high.strip() or (over if low.strip() else "")
        joined.append(f"{over} {low.strip()}".strip() if low.strip() else high.strip())
    return [(last, tuple(joined))]


def _fields(cells: Sequence[str], learnt: Mapping[str, Field]) -> tuple[Field, ...]:
    seen: set[Field] = set()
    fields = []
    for cell in cells:
        # A long cell is a title or a person's data, never a heading.
        field = _meaning(cell, learnt) if 0 < len(cell) <= LONGEST_HEADING else Field.OTHER
        fields.append(Field.OTHER if field in seen else field)
        seen.add(field)
    return tuple(fields)


def _meaning(heading: str, learnt: Mapping[str, Field]) -> Field:
    return learnt.get(words_of(heading)) or field_of(heading)
