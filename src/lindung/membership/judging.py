"""Judges the rows of a sheet one by one: every cell knows its faults, and a row is ready, to fix or refused."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from lindung.identity import births, names, nik, phones, places, sexes
from lindung.law import eligibility
from lindung.membership import occupations, wages
from lindung.membership.columns import Field, Layout
from lindung.membership.models import Verdict
from lindung.membership.problems import Problem, ProblemKind, kind

_IN_ADDRESS = re.compile(
    r"\bkel(?:urahan)?\b[.:]?\s*([a-z0-9' ]+?)\s*(?:\b(?:rt|rw|kec|kecamatan|kota)\b|[^a-z0-9' ]|$)",
    re.IGNORECASE,
)
_WHO = (Field.NAME, Field.NIK, Field.BIRTH, Field.SEX, Field.KELURAHAN)
# As long as the register can hold; nobody's name or birth place is longer.
_NAME_CHARS, _PLACE_CHARS = 200, 100


class Cell(NamedTuple):
    """A cell as text, and whether the sheet held it as a number (then it may have lost digits).

    ``merged`` says that the text stands in a cell further up with which this one is merged.
    """

    text: str
    numeric: bool = False
    merged: bool = False


_NO_CELL = Cell("")
# The line under a list, with its sums wherever the office put them.
_SUM = re.compile(
    r"\s*(sub ?total|grand total|total|jumlah|jml)\b[\s:.0-9]*(orang)?[\s:.0-9]*$", re.IGNORECASE
)
_SUM_COLUMNS = 4


class Facts(NamedTuple):
    """What a row says about a person, read and cleaned. Sealed with the row; never stored in clear.

    ``wage`` is in whole rupiah for the day or the month, as ``wage_basis`` says; None where no wage can be read.
    """

    nik: str
    name: str
    name_key: str
    birth_place: str
    birth_date: date | None
    sex: str
    kelurahan_code: str
    occupation: str
    sector: str
    phone: str
    wage: int | None = None
    wage_basis: str = ""


class Judged(NamedTuple):
    """One line of the sheet, its verdict so far, and why."""

    line: int
    cells: tuple[str, ...]
    facts: Facts | None
    verdict: Verdict
    problems: tuple[Problem, ...]
    numeric: tuple[int, ...] = ()
    """The columns that the sheet held as numbers, which may have lost digits."""

    def with_problem(self, problem: Problem) -> "Judged":
        """The same row with one more problem, judged anew."""
        problems = (*self.problems, problem)
        return self._replace(problems=problems, verdict=verdict(problems))


def verdict(problems: Sequence[Problem]) -> Verdict:
    """Refused when anything refuses, else to fix when anything blocks, else ready."""
    kinds = {kind(problem.code) for problem in problems}
    if ProblemKind.REFUSES in kinds:
        return Verdict.REFUSED
    return Verdict.TO_FIX if ProblemKind.BLOCKS in kinds else Verdict.READY


class Judge:
    """Judges the rows of one sheet; knows its layout, the day, and what the list is about when a row is silent."""

    def __init__(self, layout: Layout, *, on: date, occupation: str) -> None:
        self._on = on
        self._eligible = eligibility.bpu_births(on=on)
        self._columns = {field: layout.column(field) for field in Field}
        self._headings = [Cell(text) for text in layout.headers]
        self._occupation = occupation

    def judge(self, line: int, cells: Sequence[Cell]) -> Judged:
        """One row: ignored when nobody stands in it, else read field by field."""
        texts = tuple(cell.text for cell in cells)
        numeric = tuple(at for at, cell in enumerate(cells) if cell.numeric)
        if not self._is_a_person(cells):
            code = "row.not_a_person" if any(text.strip() for text in texts) else "row.blank"
            return Judged(line, texts, None, Verdict.IGNORED, (Problem(None, code),), numeric)
        read = self._read(cells)
        problems = tuple(self._problems(read))
        return Judged(line, texts, self._facts(read), verdict(problems), problems, numeric)

    def _cell(self, field: Field, cells: Sequence[Cell]) -> Cell:
        column = self._columns[field]
        return cells[column] if column is not None and column < len(cells) else _NO_CELL

    def _is_a_person(self, cells: Sequence[Cell]) -> bool:
        if self._repeats_the_headings(cells) or any(_SUM.match(cell.text) for cell in cells[:_SUM_COLUMNS]):
            return False
        if self._cell(Field.NIK, cells).merged:
            return False  # one more line about the person above
        filled = sum(1 for field in _WHO if self._cell(field, cells).text.strip())
        numbered = bool(self._cell(Field.LINE, cells).text.strip())
        return filled >= 2 or (filled == 1 and numbered and bool(self._cell(Field.NAME, cells).text.strip()))

    def _repeats_the_headings(self, cells: Sequence[Cell]) -> bool:
        """The headings again, as on each printed page, or the numbers of the columns: (1) (2) (3)."""
        name, number = (self._cell(field, cells).text.strip(" ()") for field in (Field.NAME, Field.NIK))
        if name.isdecimal() and number.isdecimal():
            return len(name) <= 2 and len(number) <= 2
        headings = (self._cell(field, self._headings).text.strip(" ()") for field in (Field.NAME, Field.NIK))
        return bool(name) and (name, number) == tuple(headings)

    def _read(self, cells: Sequence[Cell]) -> "_Reading":
        nik_cell, birth_cell = self._cell(Field.NIK, cells), self._cell(Field.BIRTH, cells)
        codes = nik.problems(nik_cell.text, numeric=nik_cell.numeric)
        stated = None if codes else nik.read(nik_cell.text)
        kelurahan = self._kelurahan(cells)
        kecamatan = self._cell(Field.KECAMATAN, cells).text
        return _Reading(
            cells=cells,
            nik_codes=codes,
            nik=stated,
            birth=births.read(birth_cell.text, on=self._on, numeric=birth_cell.numeric),
            kelurahan=kelurahan,
            place=places.found(kelurahan, kecamatan or None),
        )

    def _problems(self, read: "_Reading") -> Iterator[Problem]:
        yield from self._nik_problems(read)
        yield from self._name_problems(self._cell(Field.NAME, read.cells).text)
        yield from self._birth_problems(read)
        yield from self._birth_place_problems(read)
        yield from self._sex_problems(read)
        yield from self._place_problems(read)
        phone = self._cell(Field.PHONE, read.cells).text
        yield from self._plain(Field.PHONE, phones.problems(phone) if phone.strip() else ())

    def _plain(self, field: Field, codes: Sequence[str]) -> Iterator[Problem]:
        return (Problem(self._columns[field], code) for code in codes)

    def _name_problems(self, text: str) -> Iterator[Problem]:
        yield from self._plain(Field.NAME, names.problems(text))
        name = names.clean(text)
        if len(name) > _NAME_CHARS or len(names.key(name)) > _NAME_CHARS:
            yield Problem(self._columns[Field.NAME], "text.too_long", str(_NAME_CHARS))

    def _nik_problems(self, read: "_Reading") -> Iterator[Problem]:
        cell, column = self._cell(Field.NIK, read.cells), self._columns[Field.NIK]
        for code in read.nik_codes:
            digits = str(len(nik.compact(cell.text))) if code == "nik.length" else ""
            yield Problem(column, code, digits)
        if read.nik is not None and cell.numeric:
            yield Problem(column, "nik.from_number")
        elif read.nik is not None and nik.repaired(cell.text):
            yield Problem(column, "nik.repaired")

    def _birth_problems(self, read: "_Reading") -> Iterator[Problem]:
        cell, column = self._cell(Field.BIRTH, read.cells), self._columns[Field.BIRTH]
        codes = births.problems(cell.text, on=self._on, numeric=cell.numeric)
        yield from (Problem(column, code) for code in codes)
        born = read.birth.date
        if codes or born is None:
            return
        if born < self._eligible.since:
            yield Problem(column, "age.too_old")
        elif not self._eligible.contains(born):
            yield Problem(column, "age.too_young")
        if read.nik is not None and born not in read.nik.births:
            exchanged = births.swapped(born) in read.nik.births and not births.has_month_in_words(cell.text)
            yield Problem(column, "birth.day_and_month" if exchanged else "nik.birth_date_differs")

    def _birth_place_problems(self, read: "_Reading") -> Iterator[Problem]:
        if len(self._birth_place(read)) > _PLACE_CHARS:
            own_column = self._cell(Field.BIRTH_PLACE, read.cells).text.strip()
            column = self._columns[Field.BIRTH_PLACE if own_column else Field.BIRTH]
            yield Problem(column, "text.too_long", str(_PLACE_CHARS))

    def _sex_problems(self, read: "_Reading") -> Iterator[Problem]:
        if read.nik is None:
            return
        text, column = self._cell(Field.SEX, read.cells).text, self._columns[Field.SEX]
        sex = sexes.read(text)
        if sex is None:
            yield Problem(column, "sex.unreadable" if text.strip() else "sex.missing")
        elif sex != read.nik.sex:
            yield Problem(column, "nik.sex_differs")

    def _place_problems(self, read: "_Reading") -> Iterator[Problem]:
        column = self._columns[Field.KELURAHAN]
        if not read.kelurahan.strip():
            yield Problem(column, "kelurahan.missing")
        elif read.place is None:
            near = ", ".join(place.name for place in places.suggest(read.kelurahan))
            yield Problem(column, "kelurahan.unknown", near)
        elif read.place.kind != "exact":
            yield Problem(column, "kelurahan.alias", read.place.place.name)

    def _kelurahan(self, cells: Sequence[Cell]) -> str:
        """The kelurahan of its own column, or the one named inside the address where there is no such column."""
        if self._columns[Field.KELURAHAN] is not None:
            return self._cell(Field.KELURAHAN, cells).text
        found = _IN_ADDRESS.search(self._cell(Field.ADDRESS, cells).text)
        return found.group(1) if found else ""

    def _birth_place(self, read: "_Reading") -> str:
        """Where the person was born, in words: a number in that column is somebody's NIK one cell too far left."""
        stated = self._cell(Field.BIRTH_PLACE, read.cells).text.strip()
        return read.birth.place or "" if not stated or any(map(str.isdigit, stated)) else stated

    def _facts(self, read: "_Reading") -> Facts:
        cells = read.cells
        name = names.clean(self._cell(Field.NAME, cells).text)
        work = occupations.read(self._cell(Field.OCCUPATION, cells).text)
        if not work.key:
            work = occupations.read(self._occupation)
        wage, basis = self._wage(cells)
        return Facts(
            nik=nik.compact(self._cell(Field.NIK, cells).text),
            name=name,
            name_key=names.key(name),
            birth_place=self._birth_place(read),
            birth_date=read.birth.date,
            sex=sexes.read(self._cell(Field.SEX, cells).text) or (read.nik.sex if read.nik else ""),
            kelurahan_code=read.place.place.code if read.place else "",
            occupation=work.key,
            sector=work.sector,
            phone=phones.clean(self._cell(Field.PHONE, cells).text) or "",
            wage=wage,
            wage_basis=basis,
        )

    def _wage(self, cells: Sequence[Cell]) -> tuple[int | None, str]:
        """The wage of the month where the row names it, else that of the day."""
        for field, basis in ((Field.WAGE, "monthly"), (Field.DAILY_WAGE, "daily")):
            amount = wages.read(self._cell(field, cells).text, basis=basis)
            if amount is not None:
                return amount, basis
        return None, ""


class _Reading(NamedTuple):
    """A row taken apart once, for its problems and its facts."""

    cells: Sequence[Cell]
    nik_codes: tuple[str, ...]
    nik: nik.Nik | None
    birth: births.Birth
    kelurahan: str
    place: places.Found | None
