"""The headings of many offices, and where in a sheet they stand."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.formats.cells import Merge
from lindung.membership.columns import SEARCHED_ROWS, Field, How, field_of, layout

# Headings as offices write them: heading words of lists seen, abbreviations, English, and what is not the worker's.
HEADINGS = """
line         | No | NO. | No. Urut | Nomor Urut | # | Number
name         | Nama | NAMA LENGKAP | Nama Pekerja | Nama (sesuai KTP) | Nama Lengkap & Gelar | Full Name | Worker's Name
name         | Nama Petugas Masjid | Nama Marbot Masjid | Nama Perangkat Desa | Nama Jemaat Gereja | Peserta
nik          | NIK | N.I.K. | No. KTP | NO KTP/NIK | Nomor Induk Kependudukan | No. Induk Kependudukan (NIK) | e-KTP
nik          | No. E-KTP | KTP-el | No. Identitas | Nomor Identitas (KTP) | National ID | Identity Number | ID No.
family_card  | No KK | NO. KK | Nomor Kartu Keluarga | NIK KK | Family Card
birth        | Tempat/Tgl Lahir | TEMPAT, TANGGAL LAHIR | TTL | T.T.L | Tgl. Lahir | Tgl Lhr | Tanggal Kelahiran | Date of Birth | DOB
birth        | Lahir tgl | Tempat Lahir & Tgl Lahir | Tempat Lahir/Tgl | Tempat dan Tanggal Lahir | Tmpt Tgl Lahir
birth_place  | Lahir di | Tempat Lahir (sesuai KTP) | Kab. Lahir | Kota Kelahiran | Dilahirkan di | Place of Birth (city)
birth_place  | Tempat Lahir | Tmpt. Lahir | Tempat Kelahiran | Kota Lahir | Place of Birth | Birthplace
sex          | JK | J/K | L/P | P/L | Jenis Kelamin | Jns Kelamin (L/P) | Sex | Gender | Jenis Kel | Jns. Kel. | Jenis Kel (L/P)
address      | Alamat | Alamat Rumah | Alamat sesuai KTP | Domisili | Address
rt           | RT | RT/RW
kelurahan    | Kel. | Kelurahan | KEL/DESA | Kelurahan/Desa | Nama Kelurahan | Alamat (Kelurahan) | Village
kecamatan    | Kec. | Kecamatan | Nama Kecamatan | District | Sub-district
occupation   | Pekerjaan | Jenis Pekerjaan | Profesi | Jabatan | Jenis Usaha | Mata Pencaharian | Occupation | Job Title
occupation   | Kerjaan | Kerjaan Sekarang | Pek. | Pek | Jenis Pek. | Jenis Kerja | Bidang Usaha | Jns. Usaha | Usaha | Bidang Pekerjaan
occupation   | Profesi/Pekerjaan | Pekerjaan Utama | Bekerja Sebagai | Profession
workplace    | Tempat Tugas | Tempat Kerja | Nama Tempat Kerja | Lokasi Kerja | Unit Kerja | Workplace
wage         | Upah | Upah Pokok | Gaji | Gaji/Bulan | Honorarium | Salary | Gaji Pokok/Bulan | Upah Sebulan | Honor (Rp) | Gaji (25 hari)
daily_wage   | Upah Harian | Upah/Hari | Gaji per Hari | Daily Wage | Gaji Pokok per Hari | Upah Sehari | Honor Harian
phone        | HP | No. HP/WA | No. Telp | Telepon | WhatsApp | Nomor Ponsel | Mobile | Phone number
other        | Nama Ibu Kandung | NIK Ibu | Mother's Name | Nama Suami/Istri | Pekerjaan Istri | Nama Ahli Waris | NIK Ahli Waris
other        | Nama Kepala Keluarga | NIK Kepala Keluarga | Nama Ketua RT | Nama Bank | No. Rekening | Nama Pemilik Rekening | Bank Account
other        | Nama Usaha | Nama Masjid | Tempat Tugas (Masjid/Gereja/Vihara/Pura) | Kode Kelurahan | Umur | Agama | KET | Verified By
"""
KNOWN = [
    (Field(field.strip()), heading.strip())
    for field, *headings in (line.split("|") for line in HEADINGS.strip().splitlines())
    for heading in headings
]
PLAIN = ["No", "Nama", "NIK", "Tanggal Lahir", "L/P", "Kelurahan"]


def found(*rows: list[str]) -> tuple[int, list[Field]] | None:
    """The line of the headings and the fields of its columns."""
    seen = layout(list(enumerate(rows, start=1)))
    return None if seen is None else (seen.header_line, list(seen.fields))


def test_the_table_is_of_many_offices() -> None:
    assert len({heading for _, heading in KNOWN}) >= 100
    assert {field for field, _ in KNOWN} == set(Field)


@pytest.mark.parametrize(("field", "heading"), KNOWN, ids=[heading for _, heading in KNOWN])
def test_it_knows_what_a_heading_means(field: Field, heading: str) -> None:
    for spelling in (heading, heading.upper(), heading.lower(), f"  {heading} ", heading.replace(" ", "\n")):
        assert field_of(spelling) == field


@pytest.mark.parametrize(
    ("heading", "field"),
    [("NamaLengkap", Field.NAME), ("NoKTP", Field.NIK), ("TglLahir", Field.BIRTH), ("NoHP", Field.PHONE)],
)
def test_it_reads_words_written_together(heading: str, field: Field) -> None:
    assert field_of(heading) == field


@given(st.text(max_size=70))
def test_it_reads_any_text_as_some_field(heading: str) -> None:
    assert isinstance(field_of(heading), Field)


def test_it_finds_the_headings_among_titles() -> None:
    title = ["DAFTAR NAMA PENERIMA BANTUAN KELURAHAN LEGOK TAHUN 2025"]
    line, fields = found(["PEMERINTAH KOTA JAMBI"], title, [], PLAIN, ["1", "Siti Aminah"]) or (0, [])
    assert (line, fields[1:4]) == (4, [Field.NAME, Field.NIK, Field.BIRTH])


def test_it_takes_the_row_that_names_most_and_the_first_of_equals() -> None:
    poorer = ["Nama", "NIK", "Alamat"]
    assert (found(poorer, PLAIN) or (0,))[0] == 2
    assert (found(PLAIN, ["1"], PLAIN) or (0,))[0] == 1


def test_it_does_not_take_a_person_for_headings() -> None:
    address = "Jl. Merdeka, Kel. Legok, Kec. Danau Sipin, RT 05"
    person = ["1", "Siti Aminah", "1571085205749001", "12-05-1974", "P", address, "No HP 0812"]
    assert found(person) is None
    assert (found(PLAIN, person, person) or (0,))[0] == 1


def test_it_finds_nothing_in_a_sheet_without_headings() -> None:
    assert found() is None
    assert found(["Siti Aminah", "1571085205749001", "12-05-1974", "Legok"]) is None
    assert found(["Alamat", "Kecamatan", "Telepon", "Pekerjaan"]) is None, "neither a name nor a NIK"


def test_it_looks_no_further_than_the_beginning_of_a_sheet() -> None:
    titles = [["judul"]] * (SEARCHED_ROWS - 1)
    assert (found(*titles, PLAIN) or (0,))[0] == SEARCHED_ROWS
    assert found(*titles, ["judul"], PLAIN) is None


def test_it_takes_a_long_cell_for_a_title_and_not_for_a_heading() -> None:
    long = "Nama lengkap sesuai dengan kartu tanda penduduk yang masih berlaku"
    assert len(long) > 60
    assert found([long, "NIK", "Tanggal Lahir", "Kelurahan"]) == (
        1,
        [Field.OTHER, Field.NIK, Field.BIRTH, Field.KELURAHAN],
    )


@pytest.mark.parametrize(
    ("headings", "missing"),
    [
        (PLAIN, ()),
        (["No", "Nama", "NIK", "Kelurahan"], ("Tanggal Lahir",)),
        (["No", "NIK", "Tgl Lahir", "Kelurahan"], ("Nama",)),
        (["No", "Nama", "Alamat", "Kelurahan"], ("NIK", "Tanggal Lahir")),
        (["Nama Ibu Kandung", "NIK", "Tanggal Lahir", "Kelurahan"], ("Nama",)),
    ],
)
def test_it_names_the_required_columns_that_are_missing(
    headings: list[str], missing: tuple[str, ...]
) -> None:
    seen = layout([(1, headings)])
    assert seen is not None
    assert seen.missing == missing


def test_the_worker_s_own_columns_win_over_those_of_others_in_any_order() -> None:
    """Mother, heir, head of household and account are beside the worker in many lists, often before him."""
    others = ["Nama Ibu Kandung", "NIK Kepala Keluarga", "Tgl Lahir Ahli Waris"]
    for order in permutations(["Nama", "NIK", "Tanggal Lahir"]):
        seen = layout([(1, [*others, "Nama Bank", "No. Rekening", *order])])
        assert seen is not None
        assert [seen.fields[seen.headers.index(heading)] for heading in order] == [
            {"Nama": Field.NAME, "NIK": Field.NIK, "Tanggal Lahir": Field.BIRTH}[heading] for heading in order
        ]
        assert set(seen.fields[:5]) == {Field.OTHER}


def test_of_two_columns_of_one_kind_the_first_is_read() -> None:
    seen = layout([(1, ["Nama", "No. KTP", "NIK", "Tgl Lahir"])])
    assert seen is not None
    assert seen.column(Field.NIK) == 1
    assert seen.fields[2] == Field.OTHER
    assert seen.column(Field.PHONE) is None


@pytest.mark.parametrize(
    "twice",
    [
        ("No. KTP", "NIK"),
        ("Nama", "Nama Panggilan"),
        ("Tgl Lahir", "DOB"),
        ("Pekerjaan", "Jenis Usaha"),
        ("Kel.", "Desa"),
        ("Gaji", "Upah Pokok"),
    ],
)
def test_where_two_columns_claim_what_only_one_can_hold_it_doubts(twice: tuple[str, str]) -> None:
    plain = [heading for heading in PLAIN if field_of(heading) != field_of(twice[0])]
    seen = layout([(1, [*twice, *plain])])
    assert seen is not None
    assert seen.doubtful
    assert seen.how[0] == How.GUESSED


def test_two_addresses_are_settled_without_a_question() -> None:
    seen = layout([(1, [*PLAIN, "Alamat", "Domisili"])])
    assert seen is not None
    assert not seen.doubtful
    assert seen.how[-2] == How.GUESSED


def test_the_order_of_the_columns_does_not_matter() -> None:
    heading_of = dict(zip(PLAIN, [field_of(heading) for heading in PLAIN], strict=True))
    for order in permutations(PLAIN):
        line, fields = found(list(order)) or (0, [])
        assert (line, fields) == (1, [heading_of[heading] for heading in order])


class TestHeadingsAboveEachOther:
    """NO | NAMA | NIK | KELAHIRAN merged over TEMPAT and TANGGAL, and the rest merged downwards."""

    UPPER = ("NO", "NAMA", "NIK", "KELAHIRAN", "", "ALAMAT", "")
    LOWER = ("", "", "", "TEMPAT", "TANGGAL", "RT", "KELURAHAN")
    DOWN = tuple(Merge(3, column, 4, column) for column in range(3))
    ACROSS = (Merge(3, 3, 3, 4), Merge(3, 5, 3, 6))
    MEANT = ["line", "name", "nik", "birth_place", "birth", "rt", "kelurahan"]

    def test_it_reads_a_heading_merged_over_two_columns_with_each_of_them(self) -> None:
        rows = [
            (3, self.UPPER),
            (4, ("NO", "NAMA", "NIK", *self.LOWER[3:])),
            (5, ["1", "Siti", "1571", "x", "y"]),
        ]
        seen = layout(rows, merges={3: (*self.DOWN, *self.ACROSS), 4: self.DOWN})
        assert seen is not None
        assert (seen.top_line, seen.header_line, list(map(str, seen.fields))) == (3, 4, self.MEANT)
        assert seen.headers[3:5] == ("KELAHIRAN TEMPAT", "KELAHIRAN TANGGAL")
        assert not seen.doubtful

    def test_it_doubts_where_the_file_does_not_tell_what_is_merged(self) -> None:
        seen = layout([(3, self.UPPER), (4, self.LOWER)])
        assert seen is not None
        assert list(map(str, seen.fields)) == self.MEANT
        assert seen.doubtful
        assert seen.how[3:5] == (How.GUESSED, How.GUESSED)
        taught = {"kelahiran tempat": Field.BIRTH_PLACE, "kelahiran tanggal": Field.BIRTH}
        taught |= {"alamat rt": Field.RT, "alamat kelurahan": Field.KELURAHAN}
        told = layout([(3, self.UPPER), (4, self.LOWER)], learnt=taught)
        assert told is not None
        assert not told.doubtful

    def test_it_doubts_where_two_columns_below_could_both_be_the_birth_date(self) -> None:
        rows = [(1, ("NAMA", "NIK", "KELAHIRAN", "")), (2, ("NAMA", "NIK", "SATU", "DUA"))]
        merges = {1: (Merge(1, 0, 2, 0), Merge(1, 1, 2, 1), Merge(1, 2, 1, 3))}
        seen = layout(rows, merges=merges | {2: merges[1][:2]})
        assert seen is not None
        assert seen.doubtful

    @pytest.mark.parametrize("merges", [None, {1: (Merge(1, 0, 1, 5),), 2: ()}])
    def test_a_title_above_the_headings_is_none_of_them(
        self, merges: dict[int, tuple[Merge, ...]] | None
    ) -> None:
        title = ("Daftar Nama Pekerja Rentan – 2026", "", "", "", "")
        seen = layout(
            [(1, title), (2, ("No. KTP", "Orang", "Nama", "Tgl Lahir", "Kelurahan"))], merges=merges
        )
        assert seen is not None
        assert (seen.header_line, seen.headers[0]) == (2, "No. KTP")

    def test_it_reads_three_lines_of_headings(self) -> None:
        rows = [
            (1, ("NAMA", "NIK", "TGL LAHIR", "ALAMAT", "", "")),
            (2, ("NAMA", "NIK", "TGL LAHIR", "JALAN", "WILAYAH", "")),
            (3, ("NAMA", "NIK", "TGL LAHIR", "JALAN", "KEL", "KEC")),
        ]
        down = tuple(Merge(1, column, 3, column) for column in range(3))
        merges = {
            1: (*down, Merge(1, 3, 1, 5)),
            2: (*down, Merge(2, 3, 3, 3), Merge(2, 4, 2, 5)),
            3: (*down, Merge(2, 3, 3, 3)),
        }
        seen = layout(rows, merges=merges)
        assert seen is not None
        assert (seen.header_line, list(map(str, seen.fields))) == (
            3,
            ["name", "nik", "birth", "address", "kelurahan", "kecamatan"],
        )
        assert seen.headers[5] == "ALAMAT WILAYAH KEC"
