"""Files as other cities keep them: several sheets, headings on two lines, headings nobody has seen before."""

import pytest

import world
from formats import workbooks
from lindung.formats.unreadable import Unreadable
from lindung.jobs import running
from lindung.membership import arriving, enrolling, intake, mapping, reading, rosters
from lindung.membership.columns import Field, layout
from lindung.membership.models import Membership, Roster, RosterStatus
from lindung.partnership.models import Agreement
from membership.sheets import ON, READY, Told, fields_of, opened, receive, told
from world import BUDI, SITI, STRANGER, City

ONE = [
    ["DAFTAR PEKERJA RENTAN"],
    [],
    ["No", "Nama", "NIK", "TTL", "L/P", "Kelurahan", "Ket"],
    ["1", SITI.name, SITI.nik, "Jambi, 12-03-1984", "P", "Thehok", "baru"],
]
OTHER = [
    ["NIK", "Nama Lengkap", "Kelurahan", "Tanggal Lahir", "Jenis Kelamin", "Ket"],
    [BUDI.nik, BUDI.name, "Legok", "05-07-1979", "L", "lama"],
    [STRANGER.nik, STRANGER.name, "Legok", "17-08-1990", "L", ""],
]
SECOND = reading.OFFSET


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


class TestSeveralSheets:
    def test_it_takes_the_people_of_every_sheet_under_the_headings_of_the_first(
        self, jambi: City, rentan: Agreement
    ) -> None:
        content = workbooks.written(ONE, [["Rekap"], ["Jumlah", 3]], OTHER, [["x"]], hidden=(3,))
        roster = receive(jambi, rentan, content, name="lama.xlsx")
        assert told(jambi, roster) == {4: READY, SECOND + 2: READY, SECOND + 3: READY}
        assert fields_of(jambi, roster) == ["line", "name", "nik", "birth", "sex", "kelurahan", "other"]
        assert opened(jambi, roster)[SECOND + 2].cells == (
            "",
            BUDI.name,
            BUDI.nik,
            "05-07-1979",
            "L",
            "Legok",
            "lama",
        )

    def test_it_says_which_sheets_it_skipped_and_why(self, jambi: City, rentan: Agreement) -> None:
        content = workbooks.written(ONE, [["Rekap"], ["Jumlah", 3]], [["x"]], hidden=(2,))
        roster = receive(jambi, rentan, content, name="lama.xlsx")
        with jambi.acting():
            page = rosters.page(roster, verdict=None, number=1)
        assert page.sheets == ("Data 1",)
        assert [(each.name, each.why.en) for each in page.skipped] == [
            ("Data 2", "No row of headings and no list of people."),
            ("Data 3", "This sheet is hidden in Excel. Unhide it first if it holds people."),
        ]

    def test_it_names_the_line_of_a_duplicate_as_its_sheet_counts_it(
        self, jambi: City, rentan: Agreement
    ) -> None:
        again = [OTHER[0], [SITI.nik, SITI.name, "Thehok", "12-03-1984", "P", ""]]
        roster = receive(jambi, rentan, workbooks.written(ONE, again), name="lama.xlsx")
        assert told(jambi, roster)[SECOND + 2] == Told("refused", ("duplicate.in_file",))
        with jambi.acting():
            row = rosters.row_of(roster, SECOND + 2)
        assert (row.line, row.sheet) == (2, "Data 2")
        assert "baris 4 (Data 1)" in row.cells[2].problems[0].message.id


class TestHeadings:
    def test_it_reads_headings_on_two_lines_together(self) -> None:
        upper = ["NO", "NAMA", "NIK", "LAHIR", "", "ALAMAT", ""]
        lower = ["", "", "", "TEMPAT", "TANGGAL", "JALAN", "KELURAHAN"]
        found = layout(
            [(3, upper), (4, lower), (5, ["1", "Siti", SITI.nik, "Jambi", "12-03-1984", "x", "y"])]
        )
        assert found is not None
        assert (found.header_line, found.missing) == (4, ())
        assert found.column(Field.KELURAHAN) == 6

    def test_a_row_of_a_person_is_not_taken_for_a_second_line_of_headings(self) -> None:
        found = layout(
            [(1, ["Nama", "NIK", "Tgl Lahir", ""]), (2, ["Siti", SITI.nik, "12-03-1984", "Kel. Legok"])]
        )
        assert found is not None
        assert found.header_line == 1

    def test_it_knows_what_an_officer_of_the_city_has_said_before(self) -> None:
        heading = ["Siapa", "Nomornya", "Kapan"]
        assert layout([(1, heading)]) is None
        learnt = {"siapa": Field.NAME, "nomornya": Field.NIK, "kapan": Field.BIRTH}
        found = layout([(1, heading)], learnt=learnt)
        assert found is not None
        assert found.missing == ()


STRANGE = [["Siapa", "Nomornya", "Kapan", "Dimana"], [SITI.name, SITI.nik, "12-03-1984", "Thehok"]]
FIELDS = (Field.NAME, Field.NIK, Field.BIRTH, Field.KELURAHAN)


class TestNamingColumns:
    @pytest.fixture
    def jambi(self, fresh_database: str) -> City:
        return world.city()

    def sent(self, place: City, promised: Agreement, content: bytes, name: str = "asing.xlsx") -> int:
        with place.acting(on=ON) as officer:
            return arriving.take(
                name=name, content=content, agreement_id=promised.pk, by=officer, now=world.at(ON)
            )

    def asked(self, place: City, roster: int) -> mapping.Question:
        with place.acting(on=ON) as officer:
            return mapping.question(roster_id=roster, by=officer)

    def answer(self, place: City, roster: int, *fields: Field, headings: bool = True) -> None:
        question = self.asked(place, roster)
        with place.acting(on=ON) as officer:
            mapping.answer(
                roster_id=roster,
                asked=question,
                fields=fields,
                has_headings=headings,
                by=officer,
                now=world.at(ON),
            )
        running.run_waiting()

    def test_it_asks_with_samples_in_which_no_number_is_whole(self, jambi: City, rentan: Agreement) -> None:
        roster = self.sent(jambi, rentan, workbooks.written(STRANGE))
        question = self.asked(jambi, roster)
        assert [column.heading for column in question.columns] == STRANGE[0]
        assert question.columns[0].samples == (SITI.name,)
        assert SITI.nik not in str(question)

    def test_it_judges_the_list_with_the_answer_and_needs_none_the_next_time(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = self.sent(jambi, rentan, workbooks.written(STRANGE))
        self.answer(jambi, roster, *FIELDS)
        assert told(jambi, roster)[2].verdict == "ready"
        next_list = [STRANGE[0], [BUDI.name, BUDI.nik, "05-07-1979", "Legok"]]
        assert told(jambi, self.sent(jambi, rentan, workbooks.written(next_list)))[2].verdict == "ready"

    def test_another_city_is_asked_itself(self, jambi: City, rentan: Agreement) -> None:
        self.answer(jambi, self.sent(jambi, rentan, workbooks.written(STRANGE)), *FIELDS)
        bungo = world.city("bungo", branch=jambi.branch)
        roster = self.sent(bungo, world.agreement(bungo), workbooks.written(STRANGE))
        assert told(bungo, roster) == {}

    def test_it_takes_a_list_without_any_headings(self, jambi: City, rentan: Agreement) -> None:
        people = [
            [SITI.name, SITI.nik, "12-03-1984", "Thehok"],
            [BUDI.name, BUDI.nik, "05-07-1979", "Legok"],
        ]
        roster = self.sent(jambi, rentan, workbooks.written(people))
        self.answer(jambi, roster, *FIELDS, headings=False)
        assert [line for line, found in told(jambi, roster).items() if found.verdict == "ready"] == [1, 2]
        with jambi.acting():
            assert Roster.objects.get(pk=roster).status == RosterStatus.JUDGED

    def test_it_refuses_an_answer_with_a_gap_or_a_field_twice(self, jambi: City, rentan: Agreement) -> None:
        roster = self.sent(jambi, rentan, workbooks.written(STRANGE))
        with pytest.raises(mapping.NotMapped, match="NIK"):
            self.answer(jambi, roster, Field.NAME, Field.OTHER, Field.BIRTH, Field.OTHER)
        with pytest.raises(mapping.NotMapped, match="Two columns"):
            self.answer(jambi, roster, Field.NAME, Field.NIK, Field.BIRTH, Field.NAME)
        assert told(jambi, roster) == {}

    def test_it_asks_again_only_for_a_sheet_that_holds_people(self, jambi: City, rentan: Agreement) -> None:
        content = workbooks.written(ONE, STRANGE)
        roster = self.sent(jambi, rentan, content)
        question = self.asked(jambi, roster)
        assert question.sheet == "Data 2"
        with jambi.acting(on=ON) as officer:
            mapping.skip(roster_id=roster, asked=question, by=officer, now=world.at(ON))
        running.run_waiting()
        assert list(told(jambi, roster)) == [4]

    def test_the_command_line_takes_what_can_be_read_and_asks_nobody(
        self, jambi: City, rentan: Agreement
    ) -> None:
        content = workbooks.written(ONE, STRANGE)
        assert list(told(jambi, receive(jambi, rentan, content, name="lama.xlsx"))) == [4]
        with pytest.raises(Unreadable, match=r"file\.no_header"):
            intake.read(workbooks.written(STRANGE), on=ON, occupation="Buruh")

    def test_an_old_open_document_of_another_city_is_enrolled_without_a_developer(
        self, jambi: City, rentan: Agreement
    ) -> None:
        """Two sheets, one of them with headings of its own, as ods: upload, name the columns, enrol."""
        roster = self.sent(
            jambi, rentan, ods(("Kec. Jelutung", STRANGE), ("Kec. Danau Sipin", OTHER)), "lama.ods"
        )
        assert self.asked(jambi, roster).sheet == "Kec. Jelutung"
        self.answer(jambi, roster, *FIELDS)
        assert {found.verdict for found in told(jambi, roster).values()} == {"ready"}
        with jambi.acting(on=ON) as officer:
            done = enrolling.enrol(roster_id=roster, by=officer, now=world.at(ON))
            assert (done.enrolled, Membership.objects.count()) == (3, 3)


def ods(*sheets: tuple[str, list[list[str]]]) -> bytes:
    """An OpenDocument workbook with these named sheets."""
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
                for cell in row
            )
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets
    )
    return workbooks.ods_of(tables)
