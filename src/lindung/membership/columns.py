"""Finds the row of headings in a sheet and says which column holds what, whatever words an office uses."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from lindung.formats.cells import Merge


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


class How(StrEnum):
    """How we came to read a column as what it is read as."""

    RECOGNISED = "recognised"
    LEARNT = "learnt"
    CHOSEN = "chosen"
    GUESSED = "guessed"
    UNREAD = ""


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
    # "Lahir di", "Tempat lahir (sesuai KTP)"; but "Tempat lahir, tgl" is both in one.
    (
        (
            r"^(?!.*\b(tgl|tanggal|tg|date)\b).*(\b(place of birth|birth ?place)\b"
            r"|\b(tempat|tmp|tmpt|tpt|kota|kab|kabupaten) (kelahiran|lahir|lhr)\b|\b(di)?lahir(kan)? di\b)"
        ),
        Field.BIRTH_PLACE,
    ),
    # Under "KELAHIRAN" or "TTL" merged over two columns; "Tgl lahir, tempat" is both in one.
    (r"^(?!tgl|tanggal).*(lahir|lahiran|lhr|ttl) (tempat|tmp|tmpt|tpt|kota)$", Field.BIRTH_PLACE),
    (r"\bttl\b|\bt t l\b|lahir|\blhr\b|birth|\bdob\b|\bd o b\b", Field.BIRTH),
    (r"tempat (tugas|kerja|bertugas)|lokasi|work ?place|unit kerja", Field.WORKPLACE),
    (r"\b(jenis|jns|jen) kel\b|\bjen ?kel\b", Field.SEX),  # "Jenis Kel." is no kelurahan
    (r"\bkel\b|kelurahan|\bdesa\b|village", Field.KELURAHAN),
    (r"\bkec\b|kecamatan|district", Field.KECAMATAN),
    (r"\bnama\b|\bname\b|^peserta$", Field.NAME),
    (r"\bjk\b|^j k$|^l p$|^p l$|kelamin|\bsex\b|\bgender\b", Field.SEX),
    (r"alamat|address|domisili", Field.ADDRESS),
    (r"\brt\b", Field.RT),
    (
        (
            r"pekerjaan|kerjaan|^pek( utama| pokok)?$|\bjenis (pek|kerja)\b|profesi|jabatan|\b(jenis|bidang|jns|bid) usaha\b"
            r"|^usaha$|mata pencaharian|bekerja sebagai|occupation|\bjob\b|profession"
        ),
        Field.OCCUPATION,
    ),
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
ONE_ONLY = frozenset({*REQUIRED, Field.SEX, Field.KELURAHAN, Field.OCCUPATION, Field.WAGE, Field.DAILY_WAGE})
"""What decides who somebody is, whether he is taken and what is paid: of two columns that claim it, nobody guesses."""
_REQUIRED_WORDS = {Field.NAME: "Nama", Field.NIK: "NIK", Field.BIRTH: "Tanggal Lahir"}


class Layout(NamedTuple):
    """Where things stand in a sheet: the line of the headings, the headings, and the field of each column.

    ``header_line`` is the last line of the headings and ``top_line`` their first, where they take several (else 0).
    ``doubtful`` where headings stand above each other and only a guess says which belong together, or where two
    columns claim what only one can hold (``ONE_ONLY``).
    """

    header_line: int
    headers: tuple[str, ...]
    fields: tuple[Field, ...]
    top_line: int = 0
    how: tuple[How, ...] = ()
    doubtful: bool = False

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
Merges = Mapping[int, Sequence[Merge]] | None
"""The merged cells that reach into each line; None where the file does not tell."""


def layout(
    rows: Lines, *, learnt: Mapping[str, Field] = NOTHING_LEARNT, merges: Merges = None
) -> Layout | None:
    """The headings among the first rows of a sheet: the row that names most fields, at least three.

    ``rows`` are pairs of line number and cell texts; ``learnt`` says what an officer of this city told us of
    headings (``words_of``) that we do not know. A field named twice belongs to its first column. Headings on two
    or three lines, the upper ones merged over several columns, are read together where that names more, or as many
    and parts of the row of headings stand on either line.
    """
    rows = rows[:SEARCHED_ROWS]
    best: Layout | None = None
    best_score = (2, False)
    for height in (1, 2) if merges is None else (1, 2, 3):
        for at in range(len(rows)):
            block = _block(rows, at, height, merges)
            if block is None:
                continue
            found = _laid_out(block, learnt, told=merges is not None)
            score = _score(found, block)
            if score > best_score:
                best, best_score = found, score
    return best


class _Block(NamedTuple):
    """Rows taken together as headings: for each column the texts above each other, each with the row it stands in."""

    first: int
    last: int
    columns: tuple[tuple[tuple[int, str], ...], ...]


def _block(rows: Lines, at: int, height: int, merges: Merges) -> _Block | None:
    """Rows that may be headings together; None where the lower ones hold somebody's numbers, or the upper is a title."""
    lines = rows[at : at + height]
    if height == 1:
        return _Block(lines[0][0], lines[0][0], tuple(((0, text),) for text in lines[0][1]))
    follow_on = all(line == lines[0][0] + below for below, (line, _) in enumerate(lines))
    _, *lower = [_own(line, texts, merges) for line, texts in lines]
    if len(lines) < height or not follow_on or any(map(str.isdigit, "".join(lower))) or not lower[-1].strip():
        return None
    if sum(bool(text.strip()) for text in lines[0][1]) < _FEWEST_HEADINGS:
        return None  # a title stands alone in its row
    columns = _guessed(lines[0][1], lines[1][1]) if merges is None else _merged(lines, merges)
    return _Block(lines[0][0], lines[-1][0], columns)


def _own(line: int, texts: Sequence[str], merges: Merges) -> str:
    """What is written in a row itself, without the cells that reach down into it."""
    from_above = [merge for merge in (merges or {}).get(line, ()) if merge.top < line]
    return "".join(
        text
        for at, text in enumerate(texts)
        if not any(merge.left <= at <= merge.right for merge in from_above)
    )


_FEWEST_HEADINGS = 2
_Stack = tuple[tuple[int, str], ...]


def _guessed(upper: Sequence[str], lower: Sequence[str]) -> tuple[_Stack, ...]:
    """Where nobody tells how far a heading reaches: to the right until the next one, over columns named below."""
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    stacks, over = [], ""
    for high, low in zip(above, below, strict=True):
        over = high.strip() or (over if low.strip() else "")
        shown = over if low.strip() else high.strip()
        stacks.append(tuple((row, text) for row, text in ((0, shown), (1, low.strip())) if text))
    return tuple(stacks)


def _merged(lines: Lines, merges: Mapping[int, Sequence[Merge]]) -> tuple[_Stack, ...]:
    texts = dict(lines)
    width = max(len(cells) for cells in texts.values())
    return tuple(tuple(_stack(texts, merges, column)) for column in range(width))


def _stack(
    texts: Mapping[int, Sequence[str]], merges: Mapping[int, Sequence[Merge]], column: int
) -> Iterator[tuple[int, str]]:
    before: Merge | None = None
    for row, line in enumerate(texts):
        over = next((merge for merge in merges.get(line, ()) if merge.covers(line, column)), None)
        at, cell = (line, column) if over is None else (over.top, over.left)
        cells = texts.get(at, ())
        text = cells[cell].strip() if cell < len(cells) else ""
        if text and (over is None or over != before):
            yield row, text
        before = over


def _laid_out(block: _Block, learnt: Mapping[str, Field], *, told: bool) -> Layout:
    headers = tuple(" ".join(text for _, text in stack) for stack in block.columns)
    meant = [_meaning([text for _, text in stack], learnt) for stack in block.columns]
    fields = tuple(Field.OTHER if field in meant[:at] else field for at, field in enumerate(meant))
    stacked = [at for at, stack in enumerate(block.columns) if len(stack) > 1]
    taught = {at for at, heading in enumerate(headers) if words_of(heading) in learnt}
    unsure: set[int] = set() if told else set(stacked) - taught
    # Also where one was learnt: what holds for one office's heading may not hold where another column says it, too.
    unsure |= {at for at, field in enumerate(meant) if field in ONE_ONLY and meant.count(field) > 1}
    how = tuple(_how(at, field, meant, taught, unsure) for at, field in enumerate(fields))
    top = block.first if block.first < block.last else 0
    return Layout(block.last, headers, fields, top, how, bool(unsure))


def _how(at: int, field: Field, meant: Sequence[Field], taught: set[int], unsure: set[int]) -> How:
    if at in taught and at not in unsure:
        return How.LEARNT
    if field == Field.OTHER:
        return How.UNREAD
    return How.GUESSED if at in unsure or meant.count(field) > 1 else How.RECOGNISED


def _score(found: Layout, block: _Block) -> tuple[int, bool]:
    """How many fields are named, and whether some of the headings stand on the upper line alone and some below it."""
    named = {field for field in found.fields if field not in (Field.OTHER, Field.LINE)}
    if Field.NAME not in named and Field.NIK not in named:
        return (0, False)
    alone = any(
        len(stack) == 1 and stack[0][0] == 0 and field != Field.OTHER
        for stack, field in zip(block.columns, found.fields, strict=True)
    )
    return (len(named), alone and any(len(stack) > 1 for stack in block.columns))


def laid_out(line: int, headings: Sequence[str], learnt: Mapping[str, Field]) -> Layout:
    """The columns of a row of headings, however few of them we know."""
    block = _Block(line, line, tuple(((0, text),) for text in headings))
    return _laid_out(block, learnt, told=True)


def headings_of(rows: Lines, *, top: int, last: int, merges: Merges = None) -> tuple[str, ...]:
    """The headings that stand on these lines of a sheet, several lines of them together; none where they are no lines."""
    lines = [line for line, _ in rows]
    first = top or last
    if first not in lines:
        return ()
    block = _block(rows, lines.index(first), last - first + 1, merges)
    return tuple(" ".join(text for _, text in stack) for stack in block.columns) if block else ()


def _meaning(stack: Sequence[str], learnt: Mapping[str, Field]) -> Field:
    """What the headings above each other mean together; "ALAMAT" over "RT" is the RT."""
    heading = " ".join(stack)
    # A long cell is a title or a person's data, never a heading.
    if not 0 < len(heading) <= LONGEST_HEADING:
        return Field.OTHER
    if words_of(heading) in learnt:
        return learnt[words_of(heading)]
    found = field_of(heading)
    lowest = field_of(stack[-1])
    only_the_upper = len(stack) > 1 and found == field_of(stack[0]) != Field.OTHER
    return lowest if only_the_upper and lowest not in (Field.OTHER, Field.LINE) else found
