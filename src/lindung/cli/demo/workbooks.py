"""The demo's workbooks as offices send them, and beside every row what the check must say of it.

`make` writes Disnaker's list of vulnerable workers and Kesra's list of religious officers; `make_other_city` writes
a small one whose headings nobody has met before. The same seed gives the same cells.

>>> from lindung.cli.demo import workbooks
>>> first, second = workbooks.recipes(seed=2025)
>>> sum(line.verdict == "ready" for line in (*first.lines, *second.lines))
4316
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from lindung.cli.demo import lists
from lindung.cli.demo.habits import Cell, Entry
from lindung.cli.demo.invented import People, Person
from lindung.cli.demo.lists import Roll, Verdict

INVENTED = "(CONTOH: semua nama, NIK dan nomor telepon dalam daftar ini rekaan)"
SEED = 2025
CREATED = datetime(2025, 5, 20, 9, 0)  # noqa: DTZ001 - a workbook keeps local time without a zone
FIRST_BLANK_AFTER = 20
"""Blank lines begin below the twentieth person, so that Ibu Siti and Pak Budi keep their line."""


class Line(NamedTuple):
    """One line below the headings: its number in the sheet, its cells, and what the check must say.

    `verdict` is "ignored" for blank lines, the total and the signature; `code` is the one fault of a row, or "";
    `notes` are shown and do not block; `person` is who is meant, None where nobody is.
    """

    number: int
    cells: tuple[Cell, ...]
    verdict: Verdict
    code: str = ""
    notes: tuple[str, ...] = ()
    person: Person | None = None


class Column(NamedTuple):
    """A heading, its width in characters, and what stands below it for an entry with a running number."""

    heading: str
    width: float
    cell: Callable[[int, Entry], Cell]


class Form(NamedTuple):
    """The shape of one office's list; `signed_in` is the column, from 0, in which the signature stands."""

    file_name: str
    sheet: str
    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    total_in: int
    signed_in: int
    signature: tuple[str, ...]


class Recipe(NamedTuple):
    """One workbook: its form, the line of the headings, and all lines below it."""

    form: Form
    header_line: int
    lines: tuple[Line, ...]


def birth_in_one_cell(_: int, entry: Entry) -> Cell:
    """Place and date together: "Jambi, 12-05-1974"; nothing if neither is known."""
    return ", ".join(str(part) for part in (entry.birth_place, entry.birth) if part) or None


DISNAKER = Form(
    file_name="disnaker-pekerja-rentan.xlsx",
    sheet="PEKERJA RENTAN",
    titles=(
        "PEMERINTAH KOTA JAMBI",
        "DINAS TENAGA KERJA, KOPERASI DAN USAHA KECIL MENENGAH",
        "DAFTAR CALON PENERIMA PERLINDUNGAN JAMINAN SOSIAL KETENAGAKERJAAN BAGI PEKERJA RENTAN TAHUN 2025",
        INVENTED,
        "",
    ),
    columns=(
        Column("NO", 6, lambda number, _: number),
        Column("NAMA LENGKAP", 32, lambda _, entry: entry.name),
        Column("NIK", 20, lambda _, entry: entry.nik),
        Column("NO KK", 19, lambda _, entry: entry.kk),
        Column("TEMPAT/TGL LAHIR", 28, birth_in_one_cell),
        Column("JK", 10, lambda _, entry: entry.sex),
        Column("ALAMAT", 30, lambda _, entry: entry.address),
        Column("RT", 5, lambda _, entry: entry.rt),
        Column("KELURAHAN", 24, lambda _, entry: entry.kelurahan),
        Column("KECAMATAN", 18, lambda _, entry: entry.kecamatan),
        Column("PEKERJAAN", 22, lambda _, entry: entry.occupation),
        Column("NO HP", 18, lambda _, entry: entry.phone),
        Column("KET", 8, lambda _, __: None),
    ),
    total_in=0,
    signed_in=8,
    signature=(
        "",
        "Jambi, 20 Mei 2025",
        "Kepala Dinas,",
        "",
        "",
        "Drs. CONTOH REKAAN, M.Si.",
        "NIP. (tidak ada, contoh)",
    ),
)
KESRA = Form(
    file_name="kesra-petugas-keagamaan.xlsx",
    sheet="Sheet1",
    titles=(
        "SEKRETARIAT DAERAH KOTA JAMBI - BAGIAN KESEJAHTERAAN RAKYAT",
        "Daftar Petugas Keagamaan (Syara') se-Kota Jambi Tahun 2025",
        INVENTED,
    ),
    columns=(
        Column("No.", 6, lambda number, _: number),
        Column("Nama", 30, lambda _, entry: entry.name),
        Column("No. KTP", 20, lambda _, entry: entry.nik),
        Column("Tempat Lahir", 16, lambda _, entry: entry.birth_place),
        Column("Tgl Lahir", 18, lambda _, entry: entry.birth),
        Column("L/P", 10, lambda _, entry: entry.sex),
        Column("Alamat Rumah", 30, lambda _, entry: entry.address),
        Column("RT/RW", 8, lambda _, entry: f"{entry.rt:02}/{entry.rw:02}"),
        Column("Kel.", 24, lambda _, entry: entry.kelurahan),
        Column("Jabatan", 18, lambda _, entry: entry.occupation),
        Column("Tempat Tugas (Masjid/Gereja/Vihara/Pura)", 28, lambda _, entry: entry.duty_place),
        Column("HP", 18, lambda _, entry: entry.phone),
    ),
    total_in=1,
    signed_in=9,
    signature=("", "Jambi, 20 Mei 2025", "Kepala Bagian Kesra", "", "", "H. CONTOH REKAAN, S.Ag."),
)
DLH = Form(
    file_name="dlh-petugas-kebersihan.xlsx",
    sheet="PETUGAS KEBERSIHAN",
    titles=(
        "PEMERINTAH KOTA JAMBI - DINAS LINGKUNGAN HIDUP",
        "DAFTAR UPAH PETUGAS KEBERSIHAN TAHUN 2026",
        INVENTED,
        "",
    ),
    columns=(
        Column("NO", 6, lambda number, _: number),
        Column("NAMA", 32, lambda _, entry: entry.name),
        Column("NIK", 20, lambda _, entry: entry.nik),
        Column("TEMPAT/TGL LAHIR", 28, birth_in_one_cell),
        Column("JK", 10, lambda _, entry: entry.sex),
        Column("ALAMAT", 30, lambda _, entry: entry.address),
        Column("KELURAHAN", 24, lambda _, entry: entry.kelurahan),
        Column("JABATAN", 22, lambda _, entry: entry.occupation),
        Column("UPAH HARIAN", 14, lambda number, _: 140_000 if number % 15 == 0 else 145_000),
        Column("NO HP", 18, lambda _, entry: entry.phone),
    ),
    total_in=0,
    signed_in=6,
    signature=("", "Jambi, 12 Juni 2026", "Kepala Dinas,", "", "", "Ir. CONTOH REKAAN, M.T."),
)
OTHER_CITY = Form(
    file_name="never-seen-before.xlsx",
    sheet="Export",
    titles=("REKAPITULASI CALON PESERTA", "Tahap II", "", INVENTED, ""),
    columns=(
        Column("Batch ID", 10, lambda number, _: f"B{number:03}"),
        Column("Nama Peserta", 30, lambda _, entry: entry.name),
        Column("Nomor Induk Kependudukan", 24, lambda _, entry: entry.nik),
        Column("Jns Kelamin", 12, lambda _, entry: entry.sex),
        Column("Tgl. Lahir", 18, lambda _, entry: entry.birth),
        Column("Kelurahan/Desa", 24, lambda _, entry: entry.kelurahan),
        Column("Profesi", 22, lambda _, entry: entry.occupation),
        Column("Telepon", 18, lambda _, entry: entry.phone),
        Column("Data Source", 14, lambda _, __: "survey"),
        Column("Verified By", 14, lambda _, __: "team 2"),
    ),
    total_in=1,
    signed_in=5,
    signature=(),
)


def recipes(*, seed: int = SEED) -> tuple[Recipe, Recipe]:
    """The two lists of Kota Jambi; Disnaker's must be enrolled before Kesra's is judged."""
    people = People(seed=seed)
    first, second = lists.both(people)
    return _recipe(DISNAKER, first), _recipe(KESRA, second)


def other_city_recipe(*, seed: int = SEED) -> Recipe:
    """The list with headings never seen before; nobody on it is on the two lists of the same seed."""
    people = People(seed=seed)
    lists.both(people)
    return _recipe(OTHER_CITY, lists.other_city(people))


def cleaners_recipe(*, seed: int = SEED) -> Recipe:
    """The list of the city's own cleaners with their wages; nobody on it is on the other lists of the same seed."""
    people = People(seed=seed)
    lists.both(people)
    lists.other_city(people)
    return _recipe(DLH, lists.cleaners(people))


def make(folder: Path, *, seed: int = SEED) -> tuple[Recipe, Recipe]:
    """Write the two workbooks into an existing folder and return what they must come to."""
    both = recipes(seed=seed)
    for recipe in both:
        write(folder / recipe.form.file_name, recipe)
    return both


def make_other_city(folder: Path, *, seed: int = SEED) -> Recipe:
    """Write the workbook with headings never seen before into an existing folder."""
    recipe = other_city_recipe(seed=seed)
    write(folder / recipe.form.file_name, recipe)
    return recipe


def make_cleaners(folder: Path, *, seed: int = SEED) -> Recipe:
    """Write the workbook of the cleaners into an existing folder."""
    recipe = cleaners_recipe(seed=seed)
    write(folder / recipe.form.file_name, recipe)
    return recipe


def write(path: Path, recipe: Recipe) -> None:
    """Write the workbook of a recipe: numbers, dates and text as the cells are, titles and signature merged."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    book.set_properties({"title": recipe.form.titles[0], "comments": INVENTED, "created": CREATED})
    sheet = book.add_worksheet(recipe.form.sheet)
    heading = book.add_format({"bold": True, "align": "center", "text_wrap": True, "border": 1})
    title = book.add_format({"bold": True, "align": "center"})
    last = len(recipe.form.columns) - 1
    for row, text in enumerate(recipe.form.titles):
        if text:
            sheet.merge_range(row, 0, row, last, text, title)
    for index, column in enumerate(recipe.form.columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(recipe.header_line - 1, index, column.heading, heading)
    for line in recipe.lines:
        _write_line(sheet, line)
    book.close()


def _write_line(sheet: Worksheet, line: Line) -> None:
    for index, cell in enumerate(line.cells):
        if isinstance(cell, date):
            sheet.write_datetime(line.number - 1, index, cell)
        elif isinstance(cell, int):
            sheet.write_number(line.number - 1, index, cell)
        elif cell:
            sheet.write_string(line.number - 1, index, cell)


def _recipe(form: Form, roll: Roll) -> Recipe:
    header = len(form.titles) + 1
    rows = [*_body(form, roll), *_end(form, len(roll.in_order()))]
    lines = (row._replace(number=header + 1 + index) for index, row in enumerate(rows))
    return Recipe(form, header, tuple(lines))


def _body(form: Form, roll: Roll) -> Iterator[Line]:
    """The people by number, with blank lines between them: empty, with stray spaces, or numbered in advance."""
    items = roll.in_order()
    blank_after = set(roll.rng.sample(range(FIRST_BLANK_AFTER, len(items)), roll.plan.blank))
    number = 0
    for index, item in enumerate(items, start=1):
        number += 1
        yield Line(
            number=0,
            cells=tuple(column.cell(number, item.entry) for column in form.columns),
            verdict=item.verdict,
            code=item.code,
            notes=item.notes,
            person=item.person,
        )
        if index in blank_after:
            kind = roll.rng.choice(("empty", "spaces", "numbered"))
            number += kind == "numbered"
            first: Cell = {
                "empty": None,
                "spaces": "  ",
                "numbered": form.columns[0].cell(number, item.entry),
            }[kind]
            yield _ignored(form, {0: first})


def _end(form: Form, people: int) -> Iterator[Line]:
    """The total and the signature below a list."""
    yield _ignored(form, {})
    yield _ignored(form, {form.total_in: f"JUMLAH : {people} ORANG"})
    for text in form.signature:
        yield _ignored(form, {form.signed_in: text})


def _ignored(form: Form, cells: dict[int, Cell]) -> Line:
    return Line(0, tuple(cells.get(index) for index in range(len(form.columns))), "ignored")
