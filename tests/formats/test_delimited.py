"""Text files as Excel, LibreOffice and old systems export them."""

import pytest

from lindung.formats.workbook import Unreadable, inspect, read_limited

HEADING, SITI = ("NIK", "Nama", "TTL"), ("1571015205740001", "Siti Aminah", "Jambi, 12-05-1974")


def cells(content: bytes) -> list[tuple[object, ...]]:
    return [row.cells for row in read_limited(content)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_it_finds_the_delimiter_and_the_line_end(delimiter: str, line_end: str) -> None:
    lines = [
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row)
        for row in (HEADING, SITI, SITI)
    ]
    assert cells(line_end.join(lines).encode()) == [HEADING, SITI, SITI]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_it_finds_the_encoding(encoding: str) -> None:
    content = "NIK;Nama\r\n1571015205740001;Siti Aminé\r\n".encode(encoding)
    assert inspect(content, "daftar.csv") == "text"
    assert cells(content) == [("NIK", "Nama"), ("1571015205740001", "Siti Aminé")]


def test_a_comma_inside_a_cell_does_not_win_over_the_delimiter() -> None:
    rows = b"".join(b"%d;Siti;Jambi, 12-05-1974\r\n" % number for number in range(30))
    assert {len(row) for row in cells(rows)} == {3}


def test_title_rows_do_not_mislead_it() -> None:
    content = b"DAFTAR PEKERJA RENTAN, KOTA JAMBI, 2026\r\n\r\nNIK;Nama\r\n1;Siti\r\n2;Budi\r\n"
    assert [row.number for row in read_limited(content)] == [1, 3, 4, 5]
    assert cells(content)[1:] == [("NIK", "Nama"), ("1", "Siti"), ("2", "Budi")]


def test_the_line_in_which_excel_names_the_delimiter_is_not_a_row() -> None:
    assert [tuple(row)[:2] for row in read_limited(b"sep=;\r\nNIK;Nama, alias\r\n")] == [
        (1, ("NIK", "Nama, alias"))
    ]


def test_a_cell_with_several_lines_is_one_row_as_in_the_sheet() -> None:
    content = b'NIK,Alamat\n1,"Jl. Kenanga\nRT 04"\n2,Legok\n'
    assert [(row.number, row.cells[1]) for row in read_limited(content)][1:] == [
        (2, "Jl. Kenanga\nRT 04"),
        (3, "Legok"),
    ]


def test_one_column_alone_is_a_table_too() -> None:
    assert cells(b"NIK\n1571015205740001\n") == [("NIK",), ("1571015205740001",)]


def test_a_name_without_an_ending_does_not_matter() -> None:
    assert inspect(b"NIK;Nama\n", "") == "text"
    with pytest.raises(Unreadable):
        inspect(b"NIK;Nama\n", "daftar.XLSX")
