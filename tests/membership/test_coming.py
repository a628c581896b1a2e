"""What an officer is told before he enrols: columns nobody reads, and occupations that are not the list's own words."""

import pytest

import world
from formats import workbooks
from lindung.membership import coming
from lindung.partnership.models import Agreement
from membership.sheets import receive
from world import BUDI, SITI, City

HEADINGS = ["Nama", "NIK", "Tgl Lahir", "L/P", "Kelurahan"]
WOMAN = [SITI.name, SITI.nik, "12-03-1984", "P", "Thehok"]
MAN = [BUDI.name, BUDI.nik, "05-07-1979", "L", "Legok"]


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


def noticed(place: City, promised: Agreement, *rows: list[object]) -> list[str]:
    roster = receive(place, promised, workbooks.written(list(rows)), name="a.xlsx")
    with place.acting():
        return [notice.id for notice in coming.coming(roster).notices]


def test_it_names_the_columns_nobody_reads_and_whose_occupation_is_the_segments(
    jambi: City, rentan: Agreement
) -> None:
    assert noticed(
        jambi, rentan, [*HEADINGS, "Tugas", "", "Catatan"], [*WOMAN, "Sopir", "x", ""], [*MAN, "Ojek", "", ""]
    ) == [
        "Kolom Tugas, Kolom 7 dan Catatan tidak dibaca.",
        "Pekerjaan 2 orang akan dicatat 'Buruh harian lepas', sebab daftar ini tidak menyebutnya.",
    ]


def test_it_names_those_whose_cell_is_empty_and_words_it_does_not_know(
    jambi: City, rentan: Agreement
) -> None:
    found = noticed(jambi, rentan, [*HEADINGS, "Kerjaan"], [*WOMAN, ""], [*MAN, "Supir trek"])
    assert found[0].startswith("Pekerjaan 1 orang akan dicatat 'Buruh harian lepas'")
    assert found[1].startswith("Pekerjaan 1 orang belum kami kenal")
    assert "supir trek" in found[1]


def test_where_everything_is_read_nothing_is_said(jambi: City, rentan: Agreement) -> None:
    assert not noticed(jambi, rentan, [*HEADINGS, "Kerjaan"], [*WOMAN, "Penjahit"], [*MAN, "Sopir"])


def test_it_warns_of_the_occupation_before_anybody_is_ready(jambi: City, rentan: Agreement) -> None:
    short: list[object] = [WOMAN[0], "15710", *WOMAN[2:]]
    [notice] = noticed(jambi, rentan, [*HEADINGS], short)
    assert "tidak ada kolom pekerjaan yang dibaca" in notice
