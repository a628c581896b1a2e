"""Finds the lines of the branch's list behind a kode iuran: whatever its headings are called, on whichever sheet."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from lindung.formats.cells import Number, Row, text_of
from lindung.formats.unreadable import Unreadable
from lindung.membership import branch_cells
from lindung.membership.branch_cells import FaultyCell
from lindung.membership.branch_headings import SEARCHED_ROWS, Heading, Line, Said, heading_of

_PARTS = re.compile(r"\b(jkk|jkm|jht|jp|jkp)\b")
_WHOLE = re.compile(
    r"^(total|jumlah|jml)( iuran| bayar| tagihan)?$|^(total )?iuran$|^iuran (total|jumlah)$|contribution"
)
_WAGE = re.compile(r"\bupah\b|penghasilan|\bgaji\b|\bwage\b|income")
_BALANCE = re.compile(r"saldo|balance")
_NAMING = frozenset({Heading.NIK, Heading.KPJ, Heading.NAME})
_USED = _NAMING | {Heading.BIRTH, Heading.MONTH, Heading.CODE, Heading.AGREEMENT}
_SUM = re.compile(r"^(grand )?(total|jumlah|jml|sub ?total)\b", re.IGNORECASE)


class Columns(NamedTuple):
    """Which column holds what: whom a line names, the whole contribution, its parts by programme, the wage."""

    named: dict[int, Heading]
    whole: int | None
    parts: tuple[int, ...]
    wage: int | None

    @property
    def worth(self) -> int:
        """How many columns were understood; nothing without one that names people."""
        if not _NAMING & set(self.named.values()):
            return 0
        return len(self.named) + (self.whole is not None) + len(self.parts) + (self.wage is not None)


class Listed(NamedTuple):
    """A line of the list: where it stands, whom it names, and what was read of its money.

    `amount` is whole rupiah, None where the list says none; `fault` is the code of what cannot be read in it.
    """

    place: int
    sheet: str
    line: Line
    amount: int | None
    wage: str
    is_total: bool
    fault: str


def listed(rows: Sequence[Row]) -> list[Listed]:
    """The lines of every sheet that has headings naming people.

    Raises Unreadable when there is none, or nothing under them.
    """
    if not rows:
        raise Unreadable("file.no_rows")
    found: list[Listed] = []
    sheets = 0
    for sheet, of_sheet in groupby((row for row in rows if row.number), key=lambda row: row.sheet):
        kept = list(of_sheet)
        at, columns = _headings(kept)
        if columns is None:
            continue
        sheets += 1
        under = [row for row in kept[at + 1 :] if any(text_of(cell).strip() for cell in row.cells)]
        found += [_listed(len(found) + step, sheet, row, columns) for step, row in enumerate(under, start=1)]
    if not sheets:
        raise Unreadable("file.no_header")
    if not found:
        raise Unreadable("file.no_rows")
    return found


def _headings(rows: Sequence[Row]) -> tuple[int, Columns | None]:
    """The row of headings with most columns understood; two rows where the second names the parts of the first."""
    best, at = None, 0
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        cells = [text_of(cell) for cell in row.cells]
        below = [text_of(cell) for cell in rows[index + 1].cells] if index + 1 < len(rows) else []
        for last, texts in ((index, cells), (index + 1, _together(cells, below))):
            columns = columns_of(texts)
            if columns.worth > (best.worth if best else 1):
                best, at = columns, last
    return at, best


def _together(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows of headings as one, where the lower one names programmes and no values; else nothing."""
    if not any(_PARTS.search(text.lower()) for text in lower) or any(
        re.search(r"[0-9]{3}", text) for text in lower
    ):
        return []
    width = max(len(upper), len(lower))
    padded = ([*texts, *[""] * (width - len(texts))] for texts in (upper, lower))
    return [low or up for up, low in zip(*padded, strict=True)]


def columns_of(texts: Sequence[str]) -> Columns:
    """What each heading means; of names and numbers the first column of a kind counts, of programmes every one."""
    named: dict[int, Heading] = {}
    whole: int | None = None
    wage: int | None = None
    parts: list[int] = []
    for at, text in enumerate(texts):
        words = re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
        if not words or len(text) > 60 or _BALANCE.search(words):
            continue
        if _WAGE.search(words):
            wage = at if wage is None else wage
        elif _PARTS.search(words):
            parts.append(at)
        elif _WHOLE.search(words):
            whole = at if whole is None else whole
        else:
            heading = heading_of(text)
            if heading in _USED and heading not in named.values():
                named[at] = heading
    return Columns(named, whole, tuple(parts), wage)


def _listed(place: int, sheet: str, row: Row, columns: Columns) -> Listed:
    cells = tuple(_clean(text_of(cell)) for cell in row.cells)
    said = {
        heading: Said(cells[at], isinstance(row.cells[at], Number))
        for at, heading in columns.named.items()
        if at < len(cells) and cells[at]
    }
    is_total = not {Heading.NIK, Heading.KPJ} & set(said) and any(_SUM.match(cell) for cell in cells if cell)
    amount, fault = (None, "") if is_total else _amount(cells, columns)
    wage = _at(cells, columns.wage)
    return Listed(place, _clean(sheet)[:60], Line(row.number, cells, said), amount, wage, is_total, fault)


def _amount(cells: Sequence[str], columns: Columns) -> tuple[int | None, str]:
    """The whole contribution of a line; the sum of its parts where no column says the whole."""
    try:
        parts = [_rupiah(text) for at in columns.parts if (text := _at(cells, at))]
        said = _at(cells, columns.whole)
        whole = _rupiah(said) if said else None
    except FaultyCell as fault:
        return None, str(fault)
    if whole is not None and parts and sum(parts) != whole:
        return None, "line.sum"
    if whole is None and not parts:
        has_columns = bool(columns.parts) or columns.whole is not None
        return None, "line.amount" if has_columns else ""
    return (whole if whole is not None else sum(parts)), ""


def _rupiah(text: str) -> int:
    return 0 if text in ("-", "–") else branch_cells.amount(Line(0, (), {Heading.AMOUNT: Said(text)}))


def _at(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _clean(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
