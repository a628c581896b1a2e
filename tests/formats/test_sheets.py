"""What we write can be read back, and nothing in it can act."""

import csv
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.formats.sheets import Shaded, Sheet, inert, to_csv, to_xlsx
from lindung.formats.workbook import read_limited

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
texts = st.text(max_size=40) | st.builds("".join, st.tuples(st.sampled_from(DANGEROUS), st.text(max_size=20)))


@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=10), st.sampled_from([",", ";"]))
def test_no_cell_of_a_csv_begins_with_what_a_spreadsheet_would_run(
    rows: list[list[str]], delimiter: str
) -> None:
    content = to_csv(["NIK", "Nama"], rows, delimiter=delimiter).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))
    assert [len(row) for row in back] == [2] * (len(rows) + 1)
    assert not any(cell.startswith(DANGEROUS) for row in back for cell in row)
    assert [[cell.removeprefix("'") for cell in row] for row in back[1:]] == [
        [_kept(cell) for cell in row] for row in rows
    ]


def _kept(cell: str) -> str:
    return cell.replace("\0", "\ufffd").removeprefix("'")


@pytest.mark.parametrize("text", ["Siti Aminah", "1571015205740001", "", "'=1+1", "0812-7401-2345"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_every_cell_of_a_workbook_is_text() -> None:
    nasty = [
        "=1+1",
        "+62812",
        "-1",
        "@SUM(A1)",
        "http://example.org",
        "1571015205740001",
        "{=1}",
        "mailto:x",
        "\x01",
    ]
    content = to_xlsx([Sheet("Perlu diperbaiki", ["=NIK", "Nama"], [[text, "x"] for text in nasty])])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert sheet.count('t="s"') == 2 + 2 * len(nasty) == sheet.count("<v>")
    assert [row.cells[0] for row in read_limited(content)][1:-1] == nasty[:-1]


def test_colours_notes_and_empty_cells_are_written() -> None:
    content = to_xlsx(
        [
            Sheet(
                "Data",
                ["NIK", "Nama"],
                [[Shaded("1571", "#FDE2E1", "NIK kurang 12 angka"), None], ["", "Budi"]],
            )
        ]
    )
    assert [row.cells for row in read_limited(content)] == [("NIK", "Nama"), ("1571",), (None, "Budi")]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert "FDE2E1" in packed.read("xl/styles.xml").decode()
        assert "NIK kurang 12 angka" in packed.read("xl/comments1.xml").decode()


def test_long_text_and_odd_sheet_names_are_cut_not_lost() -> None:
    content = to_xlsx(
        [Sheet("[Perlu] diperbaiki: daftar/2026 dan selebihnya", ["Ket"], [["a" * 40_000], ["\ud800"]])]
    )
    rows = list(read_limited(content))
    assert rows[0].sheet == "Perlu  diperbaiki  daftar 2026 "
    assert [str(row.cells[0])[:3] for row in rows] == ["Ket", "aaa", "\ufffd"]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
        min_size=1,
        max_size=8,
    )
)
def test_a_workbook_gives_back_what_was_written(names: list[str]) -> None:
    content = to_xlsx([Sheet("Data", ["No", "Nama"], [[str(at), name] for at, name in enumerate(names)])])
    back = [row.cells[1] if len(row.cells) > 1 else "" for row in read_limited(content)][1:]
    assert back == ["" if name.isspace() else name for name in names]
