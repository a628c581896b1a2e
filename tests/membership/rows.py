"""One row of a list at a time: Ibu Siti's, Pak Budi's or a stranger's, with one cell as an office wrote it."""

from collections.abc import Sequence
from datetime import date

from lindung.membership.columns import layout
from lindung.membership.judging import Cell, Judge, Judged

ON = date(2025, 5, 22)
HEADINGS = ("No", "Nama", "NIK", "Tempat Lahir", "Tgl Lahir", "L/P", "Alamat", "Kelurahan", "Pekerjaan", "HP")
SITI = {
    "No": "1",
    "Nama": "Siti Aminah",
    "NIK": "1571085205749001",
    "Tempat Lahir": "Jambi",
    "Tgl Lahir": "12-05-1974",
    "L/P": "P",
    "Alamat": "Jl. Merdeka No. 3",
    "Kelurahan": "Payo Lebar",
    "Pekerjaan": "Petugas kebersihan",
    "HP": "0840-1234-5678",
}
BUDI = SITI | {
    "No": "2",
    "Nama": "Budi Santoso",
    "NIK": "1571031708689001",
    "Tgl Lahir": "17-08-1968",
    "L/P": "L",
    "Kelurahan": "Talang Banjar",
    "Pekerjaan": "Marbot",
    "HP": "",
}
STRANGER = SITI | {
    "No": "3",
    "Nama": "Rahmat Hidayat",
    "NIK": "3273010101909002",
    "Tempat Lahir": "Bandung",
    "Tgl Lahir": "01-01-1990",
    "L/P": "L",
    "Kelurahan": "Legok",
    "Pekerjaan": "Tukang ojek",
}


def judge(
    row: dict[str, str],
    *,
    headings: Sequence[str] = HEADINGS,
    numeric: Sequence[str] = (),
    line: int = 7,
    on: date = ON,
    occupation: str = "Buruh harian lepas",
) -> Judged:
    """One row judged by itself; ``numeric`` names the cells that the sheet holds as numbers."""
    seen = layout([(1, headings)])
    assert seen is not None
    cells = [Cell(row.get(heading, ""), heading in numeric) for heading in headings]
    return Judge(seen, on=on, occupation=occupation).judge(line, cells)


def said(row: Judged) -> set[tuple[str, str]]:
    """Which cell has which fault: pairs of heading ("" for the row) and code."""
    return {(HEADINGS[at] if at is not None else "", code) for at, code, _ in row.problems}
