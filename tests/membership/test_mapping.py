"""Which column was read as what: shown for every list, and chosen anew until somebody of the list is enrolled."""

import pytest

import world
from formats import workbooks
from lindung.engine.refusals import ChangedMeanwhile
from lindung.jobs import running
from lindung.membership import arriving, correcting, enrolling, listing, mapping, mending, rechecking, rosters
from lindung.membership.columns import Field
from lindung.membership.models import Membership, Roster, RosterStatus
from lindung.partnership.models import Agreement
from membership.sheets import ON, fields_of, opened, told
from membership.test_sheets_of_a_file import ods
from world import BUDI, SITI, STRANGER, City

NOW = world.at(ON)
HEADINGS = ["Nama", "NIK", "Tgl Lahir", "L/P", "Kelurahan", "Keterangan"]
PEOPLE = [
    ["Buruh harian", SITI.nik, "12-03-1984", "P", "Thehok", SITI.name],
    ["Buruh harian", BUDI.nik, "05-07-1979", "L", "Legok", BUDI.name],
]
LIST: list[list[object]] = [HEADINGS, *PEOPLE]
RIGHT = (Field.OTHER, Field.NIK, Field.BIRTH, Field.SEX, Field.KELURAHAN, Field.NAME)
WRONG = (Field.NAME, Field.NIK, Field.BIRTH, Field.SEX, Field.KELURAHAN, Field.OTHER)


@pytest.fixture
def jambi(fresh_database: str) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


def sent(place: City, promised: Agreement, content: bytes, name: str = "daftar.xlsx") -> int:
    with place.acting(on=ON) as officer:
        return arriving.take(name=name, content=content, agreement_id=promised.pk, by=officer, now=NOW)


def asked(place: City, roster: int, sheet: str = "") -> mapping.Question:
    with place.acting(on=ON) as officer:
        return mapping.question(roster_id=roster, by=officer, sheet=sheet)


def chosen(place: City, roster: int, *fields: Field, headings: bool = True, sheet: str = "") -> None:
    question = asked(place, roster, sheet)
    with place.acting(on=ON) as officer:
        mapping.answer(
            roster_id=roster, asked=question, fields=fields, has_headings=headings, by=officer, now=NOW
        )
    running.run_waiting()


def names(place: City, roster: int) -> list[str]:
    return [row.facts.name if row.facts else "" for row in opened(place, roster).values()]


def status(place: City, roster: int) -> str:
    with place.acting():
        return Roster.objects.get(pk=roster).status


def read_as(place: City, roster: int) -> list[tuple[str, str, str]]:
    """Each heading of the first sheet, what it is read as, and how, as the page says it."""
    with place.acting():
        [sheet, *_] = rosters.page(roster, verdict=None, number=1).read
    return [(each.heading, each.read_as.en, each.how.en if each.how else "") for each in sheet.columns]


def test_every_kind_of_column_may_be_chosen() -> None:
    assert set(mapping.LABELS) == set(Field)


class TestWhatWasRead:
    def test_it_says_of_every_heading_what_it_was_read_as_and_how(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = sent(jambi, rentan, workbooks.written([[*HEADINGS, "Alamat", "Domisili"], *PEOPLE]))
        assert read_as(jambi, roster)[1:] == [
            ("NIK", "NIK", "recognised by its heading"),
            ("Tgl Lahir", "Birth date (or place and date)", "recognised by its heading"),
            ("L/P", "Sex", "recognised by its heading"),
            ("Kelurahan", "Kelurahan", "recognised by its heading"),
            ("Keterangan", "None of these", "not read"),
            ("Alamat", "Address", "a guess; check it"),
            ("Domisili", "None of these", "not read"),
        ]
        with jambi.acting():
            assert rosters.page(roster, verdict=None, number=1).guessed

    def test_where_two_columns_claim_the_nik_it_asks_once_and_remembers(
        self, jambi: City, rentan: Agreement
    ) -> None:
        headings = [*HEADINGS, "NIK lama"]
        roster = sent(jambi, rentan, workbooks.written([headings, [*PEOPLE[0], "1571000000000001"]]))
        assert status(jambi, roster) == RosterStatus.UNMAPPED
        chosen(jambi, roster, *WRONG, Field.OTHER)
        assert status(jambi, roster) == RosterStatus.JUDGED
        other = sent(jambi, rentan, workbooks.written([headings, [*PEOPLE[1], "1571000000000002"]]))
        assert read_as(jambi, other)[1] == ("NIK", "NIK", "remembered from an earlier choice")
        assert status(jambi, other) == RosterStatus.JUDGED

    def test_it_says_what_was_chosen_and_what_was_remembered(self, jambi: City, rentan: Agreement) -> None:
        headings = ["Siapa", *HEADINGS[1:]]
        roster = sent(jambi, rentan, workbooks.written([headings, *PEOPLE]))
        chosen(jambi, roster, *RIGHT)
        assert read_as(jambi, roster)[5] == ("Keterangan", "Name", "chosen for this list")
        other = sent(jambi, rentan, workbooks.written([headings, [*PEOPLE[0][:5], "Siti A."]]))
        assert read_as(jambi, other)[5] == ("Keterangan", "Name", "remembered from an earlier choice")


class TestChoosingAgain:
    def test_what_was_read_wrongly_without_a_question_is_put_right(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = sent(jambi, rentan, workbooks.written(LIST))
        assert names(jambi, roster) == ["Buruh harian", "Buruh harian"]
        assert [column.guess for column in asked(jambi, roster).columns] == list(WRONG)
        chosen(jambi, roster, *RIGHT)
        assert names(jambi, roster) == [SITI.name, BUDI.name]
        assert {each.verdict for each in told(jambi, roster).values()} == {"ready"}
        assert status(jambi, roster) == RosterStatus.JUDGED
        assert fields_of(jambi, roster)[5] == "name"
        with jambi.acting(on=ON) as officer:
            assert enrolling.enrol(roster_id=roster, by=officer, now=NOW).enrolled == 2

    def test_a_word_that_was_learnt_wrongly_is_learnt_anew(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, workbooks.written(LIST))
        chosen(jambi, roster, *RIGHT)
        chosen(jambi, roster, *WRONG)
        assert names(jambi, roster) == ["Buruh harian", "Buruh harian"]
        other = sent(jambi, rentan, workbooks.written([HEADINGS, [STRANGER.name, *PEOPLE[1][1:5], "baru"]]))
        assert names(jambi, other) == [STRANGER.name]

    def test_a_choice_for_one_list_spoils_no_other(self, jambi: City, rentan: Agreement) -> None:
        """ "Keterangan" held the names once: where "Nama" stands beside it again, nobody guesses which it is."""
        chosen(jambi, sent(jambi, rentan, workbooks.written(LIST)), *RIGHT)
        plain = sent(jambi, rentan, workbooks.written([HEADINGS[:5], [STRANGER.name, *PEOPLE[1][1:5]]]))
        assert names(jambi, plain) == [STRANGER.name]
        both = sent(jambi, rentan, workbooks.written([HEADINGS, [STRANGER.name, *PEOPLE[1][1:5], "baru"]]))
        assert status(jambi, both) == RosterStatus.UNMAPPED
        chosen(jambi, both, *WRONG)
        assert names(jambi, both) == [STRANGER.name]

    def test_cells_that_were_mended_and_rows_that_were_added_stay(
        self, jambi: City, rentan: Agreement
    ) -> None:
        short: list[object] = [PEOPLE[0][0], "15710", *PEOPLE[0][2:]]
        roster = sent(jambi, rentan, workbooks.written([HEADINGS, short]))
        with jambi.acting(on=ON) as officer:
            mending.mend_cell(
                roster_id=roster, line=2, column=1, text=SITI.nik, revision=1, by=officer, now=NOW
            )
        added = workbooks.written([HEADINGS, [short[0], SITI.nik, *short[2:]], PEOPLE[1]])
        with jambi.acting(on=ON) as officer:
            correction = correcting.compare(
                roster_id=roster, name="lagi.xlsx", content=added, by=officer, now=NOW
            )
            assert correcting.store(correction_id=correction, by=officer, now=NOW).added == 1
        chosen(jambi, roster, *RIGHT)
        rows = opened(jambi, roster).values()
        assert [(row.facts.name, row.facts.nik) for row in rows if row.facts] == [
            (SITI.name, SITI.nik),
            (BUDI.name, BUDI.nik),
        ]
        with jambi.acting():
            assert mending.history(roster_id=roster, line=2)[0].by == jambi.actor().name

    def test_the_headings_may_turn_out_to_be_a_person(self, jambi: City, rentan: Agreement) -> None:
        bare: list[list[object]] = [["Nama Siti", SITI.nik, "12-03-1984", "P", "Thehok", "x"], PEOPLE[1]]
        roster = sent(jambi, rentan, workbooks.written(bare))
        chosen(jambi, roster, *WRONG, headings=True)
        assert list(told(jambi, roster)) == [2]
        chosen(jambi, roster, *WRONG, headings=False)
        assert names(jambi, roster) == ["Nama Siti", "Buruh harian"]
        assert not asked(jambi, roster).has_headings
        chosen(jambi, roster, *WRONG, headings=True)
        assert [each.verdict for each in told(jambi, roster).values()] == ["ignored", "ready"]

    def test_what_was_read_anew_is_no_change_of_the_cells(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, workbooks.written(LIST))
        chosen(jambi, roster, *WRONG)
        with jambi.acting():
            rows = rosters.page(roster, verdict=None, number=1).rows
        assert [(row.revision, row.changed, row.read_anew) for row in rows] == [(1, False, False)] * 2
        chosen(jambi, roster, *RIGHT)
        with jambi.acting(on=ON) as officer:
            mending.mend_cell(
                roster_id=roster, line=2, column=4, text="Legok", revision=2, by=officer, now=NOW
            )
            rows = rosters.page(roster, verdict=None, number=1).rows
            history = mending.history(roster_id=roster, line=2)
        assert [(row.changed, row.read_anew) for row in rows] == [(True, True), (False, True)]
        assert [change.read_anew for change in history] == [False, True]

    def test_it_is_closed_when_somebody_is_enrolled_and_says_what_to_do(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = sent(jambi, rentan, workbooks.written(LIST))
        question = asked(jambi, roster)
        with jambi.acting(on=ON) as officer:
            enrolling.enrol(roster_id=roster, by=officer, now=NOW)
        with pytest.raises(mapping.ColumnsClosed, match="worker's page"):
            asked(jambi, roster)
        with pytest.raises(mapping.ColumnsClosed), jambi.acting(on=ON) as officer:
            mapping.answer(
                roster_id=roster, asked=question, fields=RIGHT, has_headings=True, by=officer, now=NOW
            )
        with jambi.acting():
            closed = rosters.page(roster, verdict=None, number=1).columns_closed
        assert closed is not None
        assert "halaman pekerjanya" in closed.id

    def test_nobody_mends_or_enrols_rows_that_are_about_to_be_read_anew(
        self, jambi: City, rentan: Agreement
    ) -> None:
        content = workbooks.written(LIST)
        roster = sent(jambi, rentan, content)
        question = asked(jambi, roster)
        with jambi.acting(on=ON) as officer:
            mapping.answer(
                roster_id=roster, asked=question, fields=RIGHT, has_headings=True, by=officer, now=NOW
            )
        with pytest.raises(rechecking.BeingRead), jambi.acting(on=ON) as officer:
            enrolling.enrol(roster_id=roster, by=officer, now=NOW)
        with pytest.raises(rechecking.BeingRead), jambi.acting(on=ON) as officer:
            mending.mend_cell(roster_id=roster, line=2, column=0, text="x", revision=1, by=officer, now=NOW)
        assert sent(jambi, rentan, content) == roster, "the same file again is the same list"
        with pytest.raises(mapping.NothingToMap):
            asked(jambi, roster)
        running.run_waiting()
        assert names(jambi, roster) == [SITI.name, BUDI.name]
        with jambi.acting():
            assert Membership.objects.count() == 0

    def test_reading_anew_is_not_called_off_so_the_rows_stay_in_reach(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = sent(jambi, rentan, workbooks.written(LIST))
        question = asked(jambi, roster)
        with jambi.acting(on=ON) as officer:
            mapping.answer(
                roster_id=roster, asked=question, fields=RIGHT, has_headings=True, by=officer, now=NOW
            )
            assert listing.progress(roster).again
        with pytest.raises(arriving.ReadAnew), jambi.acting(on=ON) as officer:
            arriving.cancel(roster_id=roster, by=officer, now=NOW)
        running.run_waiting()
        assert status(jambi, roster) == RosterStatus.JUDGED
        assert names(jambi, roster) == [SITI.name, BUDI.name]

    def test_a_list_of_another_city_is_nobodys(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, workbooks.written(LIST))
        bungo = world.city("bungo", branch=jambi.branch)
        with pytest.raises(Roster.DoesNotExist):
            asked(bungo, roster)


class TestSheets:
    OTHER: list[list[object]] = [
        HEADINGS,
        ["Tukang", STRANGER.nik, "17-08-1990", "L", "Legok", STRANGER.name],
    ]

    def skipped(self, place: City, roster: int, sheet: str) -> None:
        question = asked(place, roster, sheet)
        with place.acting(on=ON) as officer:
            mapping.skip(roster_id=roster, asked=question, by=officer, now=NOW)
        running.run_waiting()

    def test_a_sheet_left_out_and_read_again_keeps_its_lines_and_what_was_mended(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = sent(jambi, rentan, workbooks.written(LIST, self.OTHER))
        with jambi.acting(on=ON) as officer:
            mending.mend_cell(
                roster_id=roster, line=2, column=5, text="Siti Mended", revision=1, by=officer, now=NOW
            )
        self.skipped(jambi, roster, "Data 1")
        assert [each.verdict for each in told(jambi, roster).values()] == ["ignored", "ignored", "ready"]
        with jambi.acting():
            page = rosters.page(roster, verdict=None, number=1)
        assert [row.sheet for row in page.rows] == ["Data 1", "Data 1", "Data 2"]
        assert [each.why.en for each in page.skipped] == ["Left out as an officer chose."]
        chosen(jambi, roster, *RIGHT, sheet="Data 1")
        assert asked(jambi, roster).sheet == "Data 2", "its names may stand under the same heading now"
        chosen(jambi, roster, *RIGHT)
        assert [each.verdict for each in told(jambi, roster).values()] == ["ready"] * 3
        assert names(jambi, roster)[:2] == ["Siti Mended", BUDI.name]

    def test_the_only_sheet_is_not_left_out(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, workbooks.written(LIST, [["Rekap"], ["Jumlah", 2]]))
        with pytest.raises(mapping.OnlySheet):
            self.skipped(jambi, roster, "Data 1")
        assert status(jambi, roster) == RosterStatus.JUDGED
        both = sent(jambi, rentan, workbooks.written(LIST, self.OTHER))
        self.skipped(jambi, both, "Data 1")
        with pytest.raises(mapping.OnlySheet):
            self.skipped(jambi, both, "Data 2")

    def test_a_stale_answer_overrides_no_colleagues_and_says_so(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, workbooks.written(LIST, self.OTHER))
        stale = asked(jambi, roster, "Data 1")
        chosen(jambi, roster, *RIGHT, sheet="Data 1")
        chosen(jambi, roster, *RIGHT, sheet="Data 2")
        with pytest.raises(ChangedMeanwhile), jambi.acting(on=ON) as officer:
            mapping.answer(
                roster_id=roster, asked=stale, fields=WRONG, has_headings=True, by=officer, now=NOW
            )
        with pytest.raises(ChangedMeanwhile), jambi.acting(on=ON) as officer:
            mapping.skip(roster_id=roster, asked=stale, by=officer, now=NOW)
        assert names(jambi, roster)[:2] == [SITI.name, BUDI.name]


class TestMergedCells:
    """The list of another city: headings over two lines, one kelurahan merged over the rows of its people."""

    UPPER: tuple[object, ...] = ("NO", "NAMA", "NIK", "KELAHIRAN", "", "L/P", "KELURAHAN")
    LOWER: tuple[object, ...] = ("", "", "", "TEMPAT", "TANGGAL", "", "")
    MERGED = (*((2, at, 3, at) for at in (0, 1, 2, 5, 6)), (2, 3, 2, 4), (0, 0, 0, 6), (4, 6, 5, 6))

    def rows(self) -> list[list[object]]:
        return [
            ["DAFTAR PEKERJA RENTAN TAHUN 2025"],
            [],
            list(self.UPPER),
            list(self.LOWER),
            [1, SITI.name, SITI.nik, "Jambi", "12-03-1984", "P", "Legok"],
            [2, BUDI.name, BUDI.nik, "Jambi", "05-07-1979", "L", ""],
            [3, STRANGER.name, STRANGER.nik, "Jambi", "17-08-1990", "L", ""],
        ]

    def test_it_reads_them_and_fills_down_within_the_merged_cell_only(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = sent(jambi, rentan, workbooks.written(self.rows(), merged=self.MERGED))
        assert fields_of(jambi, roster) == ["line", "name", "nik", "birth_place", "birth", "sex", "kelurahan"]
        assert read_as(jambi, roster)[4][0] == "KELAHIRAN TANGGAL"
        found = told(jambi, roster)
        assert [found[line].verdict for line in (5, 6, 7)] == ["ready", "ready", "to_fix"]
        assert found[7].codes == ("kelurahan.missing",)

    def test_a_person_whose_cells_are_merged_over_two_lines_is_one_person(
        self, jambi: City, rentan: Agreement
    ) -> None:
        rows: list[list[object]] = [
            HEADINGS,
            [*PEOPLE[0][:5], "satu"],
            ["", "", "", "", "", "dua"],
            PEOPLE[1],
        ]
        merged = tuple((1, column, 2, column) for column in range(5))
        roster = sent(jambi, rentan, workbooks.written(rows, merged=merged))
        assert [each.verdict for each in told(jambi, roster).values()] == ["ready", "ignored", "ready"]

    def test_where_the_file_does_not_tell_it_asks_once_and_remembers(
        self, jambi: City, rentan: Agreement
    ) -> None:
        upper, lower = list(map(str, self.UPPER)), list(map(str, self.LOWER))
        people = [["1", SITI.name, SITI.nik, "Jambi", "12-03-1984", "P", "Legok"]]
        roster = sent(jambi, rentan, ods(("Data", [upper, lower, *people])), "lama.ods")
        assert status(jambi, roster) == RosterStatus.UNMAPPED
        question = asked(jambi, roster)
        assert [column.guess for column in question.columns][3:5] == [Field.BIRTH_PLACE, Field.BIRTH]
        chosen(jambi, roster, *(column.guess for column in question.columns))
        assert told(jambi, roster)[3].verdict == "ready"
        assert read_as(jambi, roster)[4][0] == "KELAHIRAN TANGGAL"
        again = [["1", BUDI.name, BUDI.nik, "Jambi", "05-07-1979", "L", "Legok"]]
        other = sent(jambi, rentan, ods(("Data", [upper, lower, *again])), "baru.ods")
        assert status(jambi, other) == RosterStatus.JUDGED


def test_who_chose_the_columns_is_on_the_trail(jambi: City, rentan: Agreement) -> None:
    roster = sent(jambi, rentan, workbooks.written(LIST))
    chosen(jambi, roster, *RIGHT)
    with jambi.acting():
        assert Roster.objects.get(pk=roster).mapping["Data 1"]["by"] == jambi.actor().user_id
