"""The demo's workbooks hold what they promise, and the ones shipped are the ones the recipes make."""

import re
import zipfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from cli.demo_lists import DISNAKER, KESRA, OTHER_CITY
from lindung.cli.demo import workbooks
from lindung.cli.demo.habits import Cell
from lindung.cli.demo.workbooks import Line, Recipe

TOLD = re.compile(r"^\| `([a-z_.]+)` \| ([0-9| ]+) \|$", re.MULTILINE)
EXAMPLES = Path(__file__).parents[3] / "examples"
CLEANERS = workbooks.cleaners_recipe()
BOTH = (*DISNAKER.lines, *KESRA.lines)
JUDGED = [line for line in BOTH if line.verdict != "ignored"]
SHIPPED = [
    (EXAMPLES / "jambi" / "disnaker-pekerja-rentan.xlsx", DISNAKER),
    (EXAMPLES / "jambi" / "kesra-petugas-keagamaan.xlsx", KESRA),
    (EXAMPLES / "jambi" / "dlh-petugas-kebersihan.xlsx", CLEANERS),
    (EXAMPLES / "never-seen-before.xlsx", OTHER_CITY),
]


def verdicts(recipe: Recipe) -> Counter[str]:
    return Counter(line.verdict for line in recipe.lines)


def line_of(recipe: Recipe, name: str) -> Line:
    return next(line for line in recipe.lines if line.person is not None and line.person.name == name)


def test_it_has_exactly_3000_vulnerable_workers_and_1316_religious_officers_who_are_ready() -> None:
    assert verdicts(DISNAKER) == {"ready": 3000, "to_fix": 424, "refused": 266, "ignored": 83}
    assert verdicts(KESRA) == {"ready": 1316, "to_fix": 197, "refused": 97, "ignored": 40}


def test_it_is_as_messy_as_published_lists_are() -> None:
    """Of 5,300 people: 20-33 % with something to correct or to notice, 8-9 % doubles; blank lines 2 % of all."""
    doubles = [line for line in JUDGED if line.code.startswith(("duplicate.", "register."))]
    imperfect = [line for line in JUDGED if line.code or line.notes]
    blank = [line for line in BOTH if line.verdict == "ignored"]
    assert len(JUDGED) == 5300
    assert 0.20 < len(imperfect) / len(JUDGED) < 0.33
    assert 0.08 < len(doubles) / len(JUDGED) < 0.09
    assert 0.02 < len(blank) / len(BOTH) < 0.025


def test_it_gives_every_row_one_verdict_that_fits_its_code() -> None:
    for line in (*BOTH, *OTHER_CITY.lines):
        assert (line.verdict in {"to_fix", "refused"}) is bool(line.code)
        assert (line.person is None) is (line.verdict == "ignored")


# code, on Disnaker's list, on Kesra's, on the one never seen before
FAULTS = """
nik.missing              44  18   1
nik.length               56  24   2
nik.not_digits           22   9   0
nik.scientific           24   9   0
nik.excel_rounded        50  20   1
nik.date_impossible      18   8   0
nik.serial_zero           8   3   0
nik.province_unknown     10   4   0
name.missing              8   3   0
name.not_letters          8   3   0
birth.missing            22   9   0
birth.unreadable         18   8   1
kelurahan.missing        18   8   0
kelurahan.unknown        24  10   0
age.too_old              40  18   1
age.too_young             6   3   0
duplicate.in_file       220  70   2
duplicate.conflict       60  20   0
duplicate.likely         34  15   0
register.second_work      0  26   0
register.other_sponsor    0   6   0
"""


def test_it_holds_every_fault_as_often_as_stated() -> None:
    found = [Counter(line.code for line in recipe.lines) for recipe in (DISNAKER, KESRA, OTHER_CITY)]
    stated = {code: [*map(int, counts)] for code, *counts in map(str.split, FAULTS.strip().splitlines())}
    assert {code: [counts[code] for counts in found] for code in stated} == stated
    assert {line.code for line in (*BOTH, *OTHER_CITY.lines)} == {*stated, ""}


def test_it_puts_ibu_siti_and_pak_budi_where_they_always_stand() -> None:
    siti, budi = line_of(DISNAKER, "Siti Aminah"), line_of(KESRA, "Budi Santoso")
    assert (siti.number, siti.verdict, siti.cells[1:3]) == (13, "ready", ("Siti Aminah", "1571085205749001"))
    assert siti.cells[4] == "Jambi, 12-05-1974"
    assert siti.cells[10] == "Petugas kebersihan"
    assert (budi.number, budi.verdict, budi.cells[1:3]) == (8, "ready", ("Budi Santoso", "1571031708689001"))
    assert budi.cells[9] == "Marbot"


def test_it_mixes_officers_of_every_faith() -> None:
    elsewhere = ("pelayan gereja", "koster", "pengurus vihara", "pinandita", "pemangku")
    works = Counter(str(line.cells[9]).casefold() for line in KESRA.lines if line.verdict == "ready")
    assert set(works) == {
        *("imam", "khotib", "marbot", "guru ngaji", "pemandi jenazah"),
        *elsewhere,
    }
    assert 0.08 < sum(works[work] for work in elsewhere) / 1316 < 0.16


def test_it_writes_dates_in_four_orders_in_one_column() -> None:
    seen = {_order(line.cells[4]) for line in KESRA.lines if line.verdict == "ready"}
    assert seen == {"99-99-9999", "99/99/9999", "words", "date"}
    merged = {_order(str(line.cells[4]).split(", ")[1]) for line in DISNAKER.lines if line.verdict == "ready"}
    assert merged == {"99-99-9999", "99/99/9999", "words", "9999-99-99"}


def _order(cell: Cell) -> str:
    if isinstance(cell, date):
        return "date"
    text = str(cell)
    return (
        "words" if any(map(str.isalpha, text)) else "".join("9" if sign.isdigit() else sign for sign in text)
    )


def test_it_makes_the_same_rows_from_the_same_seed_and_other_people_from_another() -> None:
    again, other = workbooks.recipes(seed=2025), workbooks.recipes(seed=7)
    assert again == (DISNAKER, KESRA)
    assert [verdicts(recipe) for recipe in other] == [verdicts(DISNAKER), verdicts(KESRA)]
    strangers = [
        line for line in other[0].lines if line.verdict == "ready" and line.cells[1] != "Siti Aminah"
    ]
    assert not {line.cells[2] for line in strangers} & {line.cells[2] for line in DISNAKER.lines}


def test_it_has_nobody_of_the_two_lists_on_the_one_never_seen_before() -> None:
    known = {line.person.nik for line in JUDGED if line.person is not None}
    assert not known & {line.person.nik for line in OTHER_CITY.lines if line.person is not None}


@pytest.mark.parametrize(("path", "recipe"), SHIPPED, ids=lambda value: getattr(value, "stem", ""))
def test_it_ships_the_workbooks_the_recipes_make(path: Path, recipe: Recipe, tmp_path: Path) -> None:
    """Parts are compared unpacked: how hard a machine's zlib presses them is not our doing."""
    workbooks.write(tmp_path / path.name, recipe)
    assert _parts(tmp_path / path.name) == _parts(path)


@pytest.mark.parametrize(("path", "recipe"), SHIPPED, ids=lambda value: getattr(value, "stem", ""))
def test_it_reads_back_cell_by_cell(path: Path, recipe: Recipe) -> None:
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False)
    assert rows[recipe.header_line - 1] == [column.heading for column in recipe.form.columns]
    assert len(sheet.merged_cell_ranges or ()) == sum(map(bool, recipe.form.titles))
    assert len(rows) == recipe.lines[-1].number
    for line in recipe.lines:
        assert [_read(cell) for cell in rows[line.number - 1]] == [_written(cell) for cell in line.cells]


def test_it_makes_files_in_the_folder_it_is_given(tmp_path: Path) -> None:
    both = workbooks.make(tmp_path)
    more = workbooks.make_other_city(tmp_path), workbooks.make_cleaners(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {recipe.form.file_name for recipe in (*both, *more)}


def test_it_has_905_cleaners_and_none_of_them_on_another_list() -> None:
    known = {line.person.nik for line in JUDGED if line.person is not None}
    known |= {line.person.nik for line in OTHER_CITY.lines if line.person is not None}
    assert verdicts(CLEANERS)["ready"] == 905
    assert not known & {line.person.nik for line in CLEANERS.lines if line.person is not None}


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _written(cell: Cell) -> object:
    """A missing cell comes back as empty text; a number keeps its kind."""
    return "" if cell is None else float(cell) if isinstance(cell, int) else cell


def _read(cell: object) -> object:
    return cell.date() if isinstance(cell, datetime) else cell


def test_it_tells_the_reader_of_the_examples_the_same_counts() -> None:
    page = (EXAMPLES / "jambi" / "README.md").read_text(encoding="utf-8")
    told = {code: [int(count) for count in counts.split("|")] for code, counts in TOLD.findall(page)}
    recipes = (DISNAKER, KESRA, OTHER_CITY)
    codes = [Counter(line.code for line in recipe.lines if line.code) for recipe in recipes]
    notes = [
        Counter(note for line in recipe.lines if line.verdict == "ready" for note in line.notes)
        for recipe in recipes
    ]
    known = {code for counts in (*codes, *notes) for code in counts}
    assert told == {code: [c[code] + n[code] for c, n in zip(codes, notes, strict=True)] for code in known}
