"""What leaves the house is inert: no spreadsheet runs a name, and the stored name is not changed."""

import csv
import doctest
import io

from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lindung.formats import handing_out
from lindung.formats.handing_out import Watermark, inert, write_csv, write_xlsx

MARK = Watermark("Lindung: diambil oleh Siti & Budi, 10-11-2026, untuk: rapat (peristiwa 7)", "Siti")
HEADERS = ("Nama", "Jumlah")
LIVE = st.sampled_from(["=", "+", "-", "@", "\t", "\r", " =", "\u00a0+", "＝"])
PRINTABLE = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


def test_it_says_what_its_examples_say() -> None:
    assert doctest.testmod(handing_out).failed == 0


@settings(max_examples=50, deadline=None)
@given(start=LIVE, rest=PRINTABLE)
def test_it_leaves_no_cell_alive_in_a_csv(start: str, rest: str) -> None:
    target = io.BytesIO()
    assert write_csv(target, headers=HEADERS, rows=[(start + rest, 12), ("Siti", None)], mark=MARK) == 1 + 1
    rows = list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))
    assert rows[2][0] == "'" + start + rest
    assert not rows[2][0].lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert rows[2][1] == "12"
    assert rows[3] == ["Siti", ""]


@settings(max_examples=30, deadline=None)
@given(start=LIVE.filter(lambda sign: sign not in "\t\r"), rest=PRINTABLE.map(str.strip))
def test_it_keeps_every_text_as_text_in_a_workbook(start: str, rest: str) -> None:
    target = io.BytesIO()
    assert write_xlsx(target, headers=HEADERS, rows=[(start + rest, 12)], mark=MARK) == 1
    (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue())).sheet_names
    rows = CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue())).get_sheet_by_name(sheet).to_python()
    assert rows[0][0] == MARK.line
    assert rows[2] == [start + rest, 12.0]
    assert rows[-1][0] == MARK.line


def test_it_changes_nothing_that_is_harmless() -> None:
    for text in ("Siti Aminah", "M. Yusuf", "157102••••••••01", "A-B", "", "Nur'aini"):
        assert inert(text) == text
