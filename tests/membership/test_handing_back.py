"""The workbook handed back is the officer's own: his titles, his headings, his sheets; our two columns leave no trace."""

import pytest

import world
from formats import workbooks
from lindung.access.scope import Actor
from lindung.jobs import running
from lindung.membership import arriving, mapping
from lindung.membership.columns import Field
from lindung.partnership.models import Agreement
from membership.handed import NOW, compared, edited, numbers, sheets_of, stored, taken_out
from membership.sheets import ON, READY, cells, opened, receive, text, told
from world import BUDI, SITI, STRANGER, City

OURS = ["Hasil", "Yang perlu diperbaiki"]
HEADINGS = ["Nama", "NIK", "Tgl Lahir", "Kelurahan", "L/P"]
ONE: list[list[object]] = [
    ["DAFTAR PEKERJA RENTAN"],
    ["Tahun 2025", "", "Kecamatan Jelutung"],
    [*HEADINGS],
    [SITI.name, SITI.nik, "12-03-1984", "Thehok", "P"],
]
TWO: list[list[object]] = [
    ["Nomor KTP", "Nama Lengkap", "Jenis Kelamin", "Tanggal Lahir", "Desa/Kelurahan"],
    [BUDI.nik, BUDI.name, "L", "05-07-1979", "Legok"],
]
RECAP: list[list[object]] = [["Rekap"], ["Jumlah", "2"]]
UNNAMED: list[list[object]] = [[SITI.name, SITI.nik, "12-03-1984", "Thehok"]]
STRANGE: list[list[object]] = [
    ["Siapa", "Nomornya", "Kapan", "Dimana"],
    [BUDI.name, BUDI.nik, "05-07-1979", "Legok"],
]
MEANT = (Field.NAME, Field.NIK, Field.BIRTH, Field.KELURAHAN)


def named(place: City, roster: int, *, headings: bool) -> None:
    """The officer says which column is which."""
    with place.acting(on=ON) as officer:
        mapping.answer(
            roster_id=roster,
            asked=mapping.question(roster_id=roster, by=officer),
            fields=MEANT,
            has_headings=headings,
            by=officer,
            now=NOW,
        )
    running.run_waiting()


def taken(place: City, promised: Agreement, content: bytes, name: str) -> int:
    with place.acting(on=ON) as officer:
        return _taken(promised, content, name, officer)


def _taken(promised: Agreement, content: bytes, name: str, by: Actor) -> int:
    return arriving.take(name=name, content=content, agreement_id=promised.pk, by=by, now=NOW)


class TestTheSheets:
    @pytest.fixture
    def jambi(self, db: None) -> City:
        return world.city()

    @pytest.fixture
    def roster(self, jambi: City) -> int:
        content = workbooks.written(ONE, RECAP, TWO)
        return receive(jambi, world.agreement(jambi), content, name="dua.xlsx")

    def test_titles_headings_and_other_sheets_stay_as_they_were(self, jambi: City, roster: int) -> None:
        found = sheets_of(taken_out(jambi, roster))
        assert list(found) == ["Data 1", "Data 2", "Data 3"]
        assert found["Data 1"][1] == ["DAFTAR PEKERJA RENTAN"]
        assert found["Data 1"][2] == ["Tahun 2025", "", "Kecamatan Jelutung"]
        assert found["Data 1"][3] == [*HEADINGS, *OURS]
        assert found["Data 1"][4][:6] == [*ONE[3], "Siap"]
        assert found["Data 3"][1] == [*TWO[0], *OURS]
        assert found["Data 3"][2][:6] == [*TWO[1], "Siap"]
        assert found["Data 2"][1] == ["Rekap"]
        assert found["Data 2"][2] == ["Jumlah", "2"]

    def test_it_comes_back_without_a_trace(self, jambi: City, roster: int) -> None:
        correction = compared(jambi, roster, edited(taken_out(jambi, roster), {(4, 3): "Legok"}), "b.xlsx")
        assert numbers(correction) == (1, 0, 0)
        stored(jambi, correction)
        assert not any("Siap" in row.cells for row in opened(jambi, roster).values())
        assert sheets_of(taken_out(jambi, roster))["Data 1"][3] == [*HEADINGS, *OURS]

    def test_a_column_of_his_own_called_hasil_is_his(self, jambi: City) -> None:
        rows = [[*HEADINGS, "Hasil"], [SITI.name, SITI.nik, "12-03-1984", "Thehok", "P", "lolos"]]
        roster = receive(jambi, world.agreement(jambi), workbooks.written(rows), name="h.xlsx")
        workbook = taken_out(jambi, roster)
        assert sheets_of(workbook)["Data 1"][2][5:7] == ["lolos", "Siap"]
        correction = compared(jambi, roster, edited(workbook, {(2, 5): "gagal"}), "b.xlsx")
        assert numbers(correction) == (1, 0, 0)
        stored(jambi, correction)
        assert opened(jambi, roster)[2].cells[5:] == ("gagal",)

    def test_cells_right_of_the_last_heading_stay(self, jambi: City) -> None:
        rows = [HEADINGS, [SITI.name, SITI.nik, "12-03-1984", "Thehok", "P", "catatan"]]
        roster = receive(jambi, world.agreement(jambi), workbooks.written(rows), name="c.xlsx")
        workbook = taken_out(jambi, roster)
        assert sheets_of(workbook)["Data 1"][2][5:7] == ["catatan", "Siap"]
        assert numbers(compared(jambi, roster, edited(workbook, {}), "b.xlsx")) == (0, 0, 0)


def test_two_sheets_whose_columns_an_officer_named_come_back_without_our_columns(fresh_database: str) -> None:
    jambi = world.city()
    roster = taken(jambi, world.agreement(jambi), workbooks.written(UNNAMED, STRANGE), "asing.xlsx")
    named(jambi, roster, headings=False)
    named(jambi, roster, headings=True)
    assert {found.verdict for found in told(jambi, roster).values()} == {"ready"}
    workbook = taken_out(jambi, roster)
    found = sheets_of(workbook)
    assert found["Data 1"][1][:5] == [*UNNAMED[0], "Siap"]
    assert found["Data 2"][1] == [*STRANGE[0], *OURS]
    correction = compared(jambi, roster, edited(workbook, {(1, 3): "Legok"}), "b.xlsx")
    assert numbers(correction) == (1, 0, 0)
    stored(jambi, correction)
    assert opened(jambi, roster)[1].cells == (SITI.name, SITI.nik, "12-03-1984", "Legok")
    assert len(sheets_of(taken_out(jambi, roster))["Data 2"][1]) == 6


def test_a_text_whose_columns_an_officer_named_is_read_again(fresh_database: str) -> None:
    jambi = world.city()
    lines = [",".join(map(str, row)) for row in [*UNNAMED, STRANGE[1]]]
    roster = taken(jambi, world.agreement(jambi), "\n".join(lines).encode(), "asing.csv")
    named(jambi, roster, headings=False)
    workbook = taken_out(jambi, roster)
    assert list(sheets_of(workbook)) == ["Data"]
    # The program that saves it again calls the sheet as it likes.
    sent = edited(workbook, {(2, 3): "Thehok"})
    assert numbers(compared(jambi, roster, sent, "b.xlsx")) == (1, 0, 0)


def test_what_comes_after_the_rows_is_not_lost(db: None) -> None:
    jambi = world.city()
    sums = {"Nama": "JUMLAH", "No": ""}
    roster = receive(jambi, world.agreement(jambi), text(cells(SITI), cells(STRANGER), sums))
    found = sheets_of(taken_out(jambi, roster))["Data"]
    assert found[4][1] == "JUMLAH"
    assert told(jambi, roster)[2] == READY
