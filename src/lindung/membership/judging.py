"""Judges the rows of a sheet one by one: every cell knows its faults, and a row is ready, to fix or refused."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from lindung.identity import births, names, nik, phones, places, sexes
from lindung.law import eligibility
from lindung.membership import occupations
from lindung.membership.columns import Field, Layout
from lindung.membership.models import Verdict
from lindung.membership.problems import Problem, ProblemKind, kind

_IN_ADDRESS = re.compile(r"\bkel(?:urahan)?\b\.?\s*([A-Za-z ]+)", re.IGNORECASE)
_WHO = (Field.NAME, Field.NIK, Field.BIRTH, Field.SEX, Field.KELURAHAN)


class Cell(NamedTuple):
    """A cell as text, and whether the sheet held it as a number (then it may have lost digits)."""

    text: str
    numeric: bool = False


_NO_CELL = Cell("")


class Facts(NamedTuple):
    """What a row says about a person, read and cleaned. Sealed with the row; never stored in clear."""

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


class Judged(NamedTuple):
    """One line of the sheet, its verdict so far, and why."""

    line: int
    cells: tuple[str, ...]
    facts: Facts | None
    verdict: Verdict
    problems: tuple[Problem, ...]

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
        self._columns = {field: layout.column(field) for field in Field}
        self._occupation = occupation

    def judge(self, line: int, cells: Sequence[Cell]) -> Judged:
        """One row: ignored when nobody stands in it, else read field by field."""
        texts = tuple(cell.text for cell in cells)
        if not self._is_a_person(cells):
            code = "row.not_a_person" if any(text.strip() for text in texts) else "row.blank"
            return Judged(line, texts, None, Verdict.IGNORED, (Problem(None, code),))
        read = self._read(cells)
        problems = tuple(self._problems(read))
        return Judged(line, texts, self._facts(read), verdict(problems), problems)

    def _cell(self, field: Field, cells: Sequence[Cell]) -> Cell:
        column = self._columns[field]
        return cells[column] if column is not None and column < len(cells) else _NO_CELL

    def _is_a_person(self, cells: Sequence[Cell]) -> bool:
        filled = sum(1 for field in _WHO if self._cell(field, cells).text.strip())
        numbered = bool(self._cell(Field.LINE, cells).text.strip())
        return filled >= 2 or (filled == 1 and numbered and bool(self._cell(Field.NAME, cells).text.strip()))

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
        name, phone = self._cell(Field.NAME, read.cells).text, self._cell(Field.PHONE, read.cells).text
        yield from self._plain(Field.NAME, names.problems(name))
        yield from self._birth_problems(read)
        yield from self._sex_problems(read)
        yield from self._place_problems(read)
        yield from self._plain(Field.PHONE, phones.problems(phone) if phone.strip() else ())

    def _plain(self, field: Field, codes: Sequence[str]) -> Iterator[Problem]:
        return (Problem(self._columns[field], code) for code in codes)

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
        refusal = _age_refusal(born, self._on)
        if refusal:
            yield Problem(column, *refusal)
        if read.nik is not None and born not in read.nik.births:
            yield Problem(column, "nik.birth_date_differs")

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
            yield Problem(column, "kelurahan.unknown", near or "-")
        elif read.place.kind != "exact":
            yield Problem(column, "kelurahan.alias", read.place.place.name)

    def _kelurahan(self, cells: Sequence[Cell]) -> str:
        """The kelurahan of its own column, or the one named inside the address where there is no such column."""
        if self._columns[Field.KELURAHAN] is not None:
            return self._cell(Field.KELURAHAN, cells).text
        found = _IN_ADDRESS.search(self._cell(Field.ADDRESS, cells).text)
        return found.group(1) if found else ""

    def _facts(self, read: "_Reading") -> Facts:
        cells = read.cells
        name = names.clean(self._cell(Field.NAME, cells).text)
        work = occupations.read(self._cell(Field.OCCUPATION, cells).text.strip() or self._occupation)
        return Facts(
            nik=nik.compact(self._cell(Field.NIK, cells).text),
            name=name,
            name_key=names.key(name),
            birth_place=self._cell(Field.BIRTH_PLACE, cells).text.strip() or read.birth.place or "",
            birth_date=read.birth.date,
            sex=sexes.read(self._cell(Field.SEX, cells).text) or (read.nik.sex if read.nik else ""),
            kelurahan_code=read.place.place.code if read.place else "",
            occupation=work.key,
            sector=work.sector,
            phone=phones.clean(self._cell(Field.PHONE, cells).text) or "",
        )


class _Reading(NamedTuple):
    """A row taken apart once, for its problems and its facts."""

    cells: Sequence[Cell]
    nik_codes: tuple[str, ...]
    nik: nik.Nik | None
    birth: births.Birth
    kelurahan: str
    place: places.Found | None


@lru_cache(maxsize=65_536)
def _age_refusal(born: date, on: date) -> tuple[str, str] | None:
    """The code and the date that would change it, when the law refuses this age (Permenaker 5/2021)."""
    decision = eligibility.bpu(birth_date=born, on=on)
    if decision.granted:
        return None
    return ("age.too_young" if on.year - born.year < 40 else "age.too_old"), ""
