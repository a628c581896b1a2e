"""Every row has the fault it is said to have, and no other, as the identity rules see it."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import pytest

from cli.demo_lists import DISNAKER, KESRA, OTHER_CITY
from lindung.cli.demo.habits import Cell
from lindung.cli.demo.invented import Person
from lindung.cli.demo.workbooks import Line, Recipe
from lindung.identity import births, names, nik, phones, places, sexes
from lindung.law.months import age_on

REGISTERED = date(2025, 5, 22)
FIELDS = {
    "name": ("NAMA LENGKAP", "Nama", "Nama Peserta"),
    "nik": ("NIK", "No. KTP", "Nomor Induk Kependudukan"),
    "birth": ("TEMPAT/TGL LAHIR", "Tgl Lahir", "Tgl. Lahir"),
    "sex": ("JK", "L/P", "Jns Kelamin"),
    "kelurahan": ("KELURAHAN", "Kel.", "Kelurahan/Desa"),
    "kecamatan": ("KECAMATAN",),
    "phone": ("NO HP", "HP", "Telepon"),
    "work": ("PEKERJAAN", "Jabatan", "Profesi"),
}
BETWEEN_ROWS = ("duplicate.", "register.")


class Row(NamedTuple):
    """A judged line with its cells as text, by field, and the fields whose cell is a number."""

    line: Line
    text: dict[str, str]
    numbers: frozenset[str]

    @property
    def person(self) -> Person:
        assert self.line.person is not None
        return self.line.person

    @property
    def birth(self) -> date | None:
        return births.read(self.text["birth"], on=REGISTERED).date


def rows(recipe: Recipe) -> list[Row]:
    headings = [column.heading for column in recipe.form.columns]
    at = {
        field: headings.index(next(iter({*known} & {*headings})))
        for field, known in FIELDS.items()
        if {*known} & {*headings}
    }
    judged = (line for line in recipe.lines if line.verdict != "ignored")
    return [_row(line, {field: line.cells[index] for field, index in at.items()}) for line in judged]


def _row(line: Line, cells: dict[str, Cell]) -> Row:
    text = {field: "" if cell is None else str(cell) for field, cell in cells.items()}
    return Row(line, text, frozenset(field for field, cell in cells.items() if isinstance(cell, int)))


ROWS = {recipe.form.file_name: rows(recipe) for recipe in (DISNAKER, KESRA, OTHER_CITY)}
ALL = [row for found in ROWS.values() for row in found]
LISTS = pytest.mark.parametrize("name", ROWS)


def faults(row: Row) -> Iterator[str]:
    """What is wrong with one row by itself."""
    yield from nik.problems(row.text["nik"], numeric="nik" in row.numbers)
    yield from names.problems(row.text["name"])
    yield from births.problems(row.text["birth"], on=REGISTERED)
    if row.birth is not None and not 13 <= age_on(row.birth, REGISTERED) < 65:
        yield "age.too_old" if age_on(row.birth, REGISTERED) >= 65 else "age.too_young"
    if not row.text["kelurahan"]:
        yield "kelurahan.missing"
    elif places.kelurahan(row.text["kelurahan"], row.text.get("kecamatan")) is None:
        yield "kelurahan.unknown"


def notes(row: Row) -> Iterator[str]:
    """What is shown of one row without stopping it."""
    if not nik.problems(row.text["nik"], numeric="nik" in row.numbers):
        yield from _nik_notes(row)
    if not row.text["sex"]:
        yield "sex.missing"
    yield from phones.problems(row.text["phone"])
    found = places.found(row.text["kelurahan"], row.text.get("kecamatan"))
    if found is not None and found.kind != "exact":
        yield "kelurahan.alias"


def _nik_notes(row: Row) -> Iterator[str]:
    read = nik.read(row.text["nik"])
    if "nik" in row.numbers:
        yield "nik.from_number"
    elif nik.repaired(row.text["nik"]):
        yield "nik.repaired"
    if row.birth is not None and row.birth not in read.births:
        yield "nik.birth_date_differs"
    if sexes.read(row.text["sex"]) not in {None, read.sex}:
        yield "nik.sex_differs"


@LISTS
def test_it_finds_in_each_row_the_one_fault_that_was_put_there(name: str) -> None:
    for row in ROWS[name]:
        code = row.line.code
        alone = () if not code or code.startswith(BETWEEN_ROWS) else (code,)
        assert tuple(faults(row)) == alone, row.line


@LISTS
def test_it_finds_in_each_row_the_notes_that_were_put_there(name: str) -> None:
    for row in ROWS[name]:
        assert tuple(notes(row)) == row.line.notes, row.line


@LISTS
def test_it_means_the_person_whatever_the_office_wrote(name: str) -> None:
    """Titles, capitals, bin and br. change no name; date orders no birth; other spellings no kelurahan."""
    for row in ROWS[name]:
        if row.line.code not in {"name.missing", "name.not_letters"}:
            assert names.key(row.text["name"]) == names.key(row.person.name)
        if not row.line.code.startswith("birth."):
            assert row.birth == row.person.birth
        if not row.line.code.startswith("kelurahan."):
            assert places.kelurahan(row.text["kelurahan"]) == row.person.home


def test_it_suggests_the_right_kelurahan_first_for_every_mistyped_one() -> None:
    mistyped = [row for row in ALL if row.line.code == "kelurahan.unknown"]
    assert len(mistyped) == 34
    for row in mistyped:
        assert places.suggest(row.text["kelurahan"])[0] == row.person.home


def test_it_keeps_numbers_typed_as_numbers_and_text_ending_in_0_apart() -> None:
    """A number that ends in 0 has lost a digit; text that ends in 0 is as good as any."""
    good_text = [row for row in ALL if row.line.verdict == "ready" and row.text["nik"].endswith("0")]
    rounded = [row for row in ALL if row.line.code == "nik.excel_rounded"]
    assert len(good_text) > 300
    assert all("nik" not in row.numbers for row in good_text)
    assert all("nik" in row.numbers and row.text["nik"].endswith("0") for row in rounded)


@LISTS
def test_it_repeats_a_nik_only_where_it_says_so(name: str) -> None:
    by_nik: dict[str, list[Row]] = {}
    for row in ROWS[name]:
        number = nik.compact(row.text["nik"])
        if len(number) == nik.LENGTH:
            by_nik.setdefault(number, []).append(row)
    shared = [found for found in by_nik.values() if len(found) > 1]
    copied = [found for found in shared if [row.line.code for row in found] == ["", "duplicate.in_file"]]
    clashing = [found for found in shared if [row.line.code for row in found] == ["duplicate.conflict"] * 2]
    assert len(shared) == len(copied) + len(clashing)
    assert len(copied) == _count(name, "duplicate.in_file")
    assert len(clashing) * 2 == _count(name, "duplicate.conflict")
    for first, second in copied:
        assert first.birth == second.birth
        assert names.alike(first.text["name"], second.text["name"]) == "same"
    for first, second in clashing:
        assert first.birth != second.birth
        assert names.alike(first.text["name"], second.text["name"]) == "different"


@LISTS
def test_it_has_twins_under_two_niks_only_where_it_says_so(name: str) -> None:
    """Name, birth date and kelurahan equal an earlier ready row, the NIK does not."""
    seen: dict[tuple[str, date, str], Row] = {}
    twins = 0
    for row in ROWS[name]:
        key = (names.key(row.person.name), row.person.birth, row.person.home.name)
        if row.line.code == "duplicate.likely":
            twins += 1
            assert seen[key].line.verdict == "ready"
            assert seen[key].person.nik != row.person.nik
        elif row.line.code != "duplicate.in_file":
            assert key not in seen
            seen[key] = row
    assert twins == _count(name, "duplicate.likely")


def test_it_lists_officers_whom_the_first_list_has_enrolled() -> None:
    """A second work is another occupation of the same person; another sponsor pays for the same one."""
    enrolled = {row.person.nik: row for row in ROWS[DISNAKER.form.file_name] if row.line.verdict == "ready"}
    known = [row for row in ROWS[KESRA.form.file_name] if row.person.nik in enrolled]
    assert {row.line.code for row in known} == {"register.second_work", "register.other_sponsor"}
    assert len(known) == 32
    for row in known:
        before = enrolled[row.person.nik]
        same_work = row.text["work"].casefold() == before.text["work"].casefold()
        assert same_work is (row.line.code == "register.other_sponsor")
        assert (before.birth, names.alike(before.text["name"], row.text["name"])) == (row.birth, "same")


def test_it_refuses_people_on_the_very_days_the_law_names() -> None:
    """Who turns 65 on 22 May 2025 has reached 65; who turns 13 the day after has not reached 13."""
    old = [row.person.birth for row in ALL if row.line.code == "age.too_old"]
    young = [row.person.birth for row in ALL if row.line.code == "age.too_young"]
    assert max(old) == date(1960, 5, 22)
    assert min(young) == date(2012, 5, 23)


def _count(name: str, code: str) -> int:
    return sum(row.line.code == code for row in ROWS[name])
