"""A corrected file for a list: what changes, what is new, what is gone, told first and then done, and nobody enrolled lost."""

import io
import zipfile
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world
from database import at_once
from formats import workbooks
from lindung.access.models import Role
from lindung.engine.refusals import ChangedMeanwhile
from lindung.formats import workbook
from lindung.formats.cells import text_of
from lindung.insight import today as insight
from lindung.membership import correcting, enrolling, handing_back, mending, wrong_file
from lindung.membership.models import Correction, Membership, Roster
from lindung.partnership.models import Agreement
from membership.rows import HEADINGS
from membership.sheets import FIRST, ON, READY, cells, counts, newcomers, opened, receive, text, told
from world import BUDI, SITI, STRANGER, City

NOW = world.at(ON)
SHORT = cells(SITI, NIK="15710")


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


def compared(place: City, roster: int, content: bytes, name: str = "perbaikan.csv") -> Correction:
    with place.acting(on=ON) as officer:
        found = correcting.compare(roster_id=roster, name=name, content=content, by=officer, now=NOW)
        return Correction.objects.get(pk=found)


def stored(place: City, correction: Correction) -> correcting.Stored:
    with place.acting(on=ON) as officer:
        return correcting.store(correction_id=correction.pk, by=officer, now=NOW)


def taken_out(place: City, roster: int) -> bytes:
    with place.acting(on=ON) as officer:
        return handing_back.workbook_of(roster_id=roster, by=officer, now=NOW)[1]


def numbers(found: Correction) -> tuple[int, int, int]:
    return found.changed, found.added, found.gone


class TestNumbers:
    """Her NIK truly ends in 0, and the office's workbook holds it as a number."""

    NIK = SITI.nik[:14] + "10"

    def rows(self, number: object) -> bytes:
        typed: list[list[object]] = [["Nama", "NIK", "Tgl Lahir", "L/P", "Kelurahan"]]
        typed.append([SITI.name, number, "12-03-1984", "P", "Thehok"])
        return workbooks.written(typed)

    @pytest.fixture
    def roster(self, jambi: City, rentan: Agreement) -> int:
        made = receive(jambi, rentan, self.rows(int(self.NIK)), name="angka.xlsx")
        assert told(jambi, made)[FIRST].codes == ("nik.excel_rounded",)
        return made

    def test_a_number_typed_again_as_text_in_the_offices_own_workbook_is_a_change(
        self, jambi: City, roster: int
    ) -> None:
        correction = compared(jambi, roster, self.rows(self.NIK), "angka.xlsx")
        assert numbers(correction) == (1, 0, 0)
        stored(jambi, correction)
        assert told(jambi, roster)[FIRST] == READY

    def test_a_number_that_is_not_in_doubt_is_no_change(self, jambi: City, rentan: Agreement) -> None:
        whole = receive(jambi, rentan, self.rows(int(SITI.nik)), name="utuh.xlsx")
        assert told(jambi, whole)[FIRST].verdict == "ready"
        assert numbers(compared(jambi, whole, self.rows(SITI.nik), "utuh-teks.xlsx")) == (0, 0, 0)

    def test_what_is_text_because_of_its_format_was_typed_by_nobody(self, jambi: City, roster: int) -> None:
        """Our own download holds texts only, and so does a csv."""
        csv = f"Nama,NIK,Tgl Lahir,L/P,Kelurahan\n{SITI.name},{self.NIK},12-03-1984,P,Thehok\n"
        assert numbers(compared(jambi, roster, csv.encode())) == (0, 0, 0)
        assert numbers(compared(jambi, roster, taken_out(jambi, roster), "hasil.xlsx")) == (0, 0, 0)
        assert numbers(compared(jambi, roster, self.rows(int(self.NIK)), "angka.xlsx")) == (0, 0, 0)


class TestComparing:
    def test_it_counts_what_would_change_and_changes_nothing(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(SHORT, cells(BUDI)))
        before = told(jambi, roster)
        correction = compared(jambi, roster, text(cells(SITI), cells(STRANGER)))
        assert numbers(correction) == (1, 1, 1)
        assert told(jambi, roster) == before

    def test_the_same_file_changes_nothing(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(SHORT, cells(BUDI)))
        assert numbers(compared(jambi, roster, text(SHORT, cells(BUDI)))) == (0, 0, 0)

    def test_the_order_of_rows_and_columns_changes_nothing(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI), cells(STRANGER)))
        lines = text(cells(STRANGER), cells(SITI), cells(BUDI)).decode().splitlines()
        turned = "\n".join(",".join(reversed(line.split(",")[1:])) for line in lines).encode()
        assert numbers(compared(jambi, roster, turned))[1:] == (0, 0)

    def test_it_finds_a_row_by_name_and_birth_when_its_number_was_wrong(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(SHORT, cells(BUDI, NIK="1")))
        assert numbers(compared(jambi, roster, text(cells(BUDI), cells(SITI)))) == (2, 0, 0)

    def test_it_finds_a_row_by_its_line_when_number_and_birth_were_wrong(
        self, jambi: City, rentan: Agreement
    ) -> None:
        broken = SHORT | {"Tgl Lahir": "??"}
        roster = receive(jambi, rentan, text(broken))
        assert numbers(compared(jambi, roster, text(cells(SITI)))) == (1, 0, 0)

    def test_it_waits_for_a_list_that_is_not_judged(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(SHORT))
        with jambi.acting():
            Roster.objects.filter(pk=roster).update(status="received")
        with pytest.raises(correcting.NotJudgedYet):
            compared(jambi, roster, text(cells(SITI)))

    def test_another_citys_officer_and_an_operator_find_no_list(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(SHORT))
        bungo = world.city("bungo", branch=jambi.branch)
        for place, role in ((bungo, Role.CITY_OFFICER), (jambi, Role.KELURAHAN_OPERATOR)):
            with pytest.raises(Roster.DoesNotExist), place.acting(role, on=ON) as actor:
                correcting.compare(
                    roster_id=roster, name="x.csv", content=text(cells(SITI)), by=actor, now=NOW
                )


class TestStoring:
    def test_it_judges_the_changed_rows_adds_the_new_and_marks_the_gone(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(SHORT, cells(BUDI)))
        done = stored(jambi, compared(jambi, roster, text(cells(SITI), cells(STRANGER))))
        assert done == correcting.Stored(1, 1, 1)
        found = told(jambi, roster)
        assert found[FIRST] == READY
        assert (found[FIRST + 1].verdict, found[FIRST + 1].codes) == ("to_fix", ("row.gone",))
        assert found[FIRST + 2] == READY
        with jambi.acting():
            [change] = mending.history(roster_id=roster, line=FIRST)
        assert (change.column, change.after[HEADINGS.index("NIK")]) == (None, SITI.nik)

    def test_who_is_enrolled_stays_enrolled_as_he_was(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI, NIK="1")))
        with jambi.acting(on=ON) as officer:
            enrolling.enrol(roster_id=roster, by=officer, now=NOW)
        stored(jambi, compared(jambi, roster, text(cells(SITI, Alamat="Jl. Lain"), cells(BUDI))))
        assert told(jambi, roster)[FIRST].verdict == "enrolled"
        assert opened(jambi, roster)[FIRST].cells[HEADINGS.index("Alamat")] == "Jl. Merdeka"
        assert told(jambi, roster)[FIRST + 1] == READY
        stored(jambi, compared(jambi, roster, text(cells(BUDI))))
        with jambi.acting():
            assert Membership.objects.count() == 1

    def test_who_comes_back_is_no_longer_marked(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI)))
        stored(jambi, compared(jambi, roster, text(cells(SITI))))
        stored(jambi, compared(jambi, roster, text(cells(SITI), cells(BUDI))))
        assert told(jambi, roster) == {FIRST: READY, FIRST + 1: READY}

    def test_a_second_press_changes_nothing(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(SHORT))
        correction = compared(jambi, roster, text(cells(SITI), cells(BUDI)))
        stored(jambi, correction)
        before = counts()
        assert stored(jambi, correction) == correcting.Stored(1, 1, 0)
        assert counts() == before

    def test_it_refuses_when_the_list_has_changed_since_it_was_compared(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(SHORT))
        correction = compared(jambi, roster, text(cells(SITI)))
        with jambi.acting(on=ON) as officer:
            mending.mend_cell(
                roster_id=roster, line=FIRST, column=1, text="Siti", revision=1, by=officer, now=NOW
            )
        with pytest.raises(ChangedMeanwhile):
            stored(jambi, correction)

    def test_two_who_store_one_correction_at_the_same_moment_store_it_once(self, fresh_database: str) -> None:
        jambi = world.city()
        roster = receive(jambi, world.agreement(jambi), text(SHORT))
        correction = compared(jambi, roster, text(cells(SITI), *map(cells, newcomers(30))))
        assert at_once(*[lambda: stored(jambi, correction)] * 2) == [correcting.Stored(1, 30, 0)] * 2
        assert len(told(jambi, roster)) == 31

    def test_it_takes_a_column_that_was_missing(self, jambi: City, rentan: Agreement) -> None:
        bare = [["Nama", "NIK", "Tgl Lahir"], [SITI.name, SITI.nik, "12-03-1984"]]
        roster = receive(jambi, rentan, workbooks.written(bare), name="a.xlsx")
        assert "kelurahan.missing" in told(jambi, roster)[FIRST].codes
        whole = [[*bare[0], "Kelurahan", "L/P"], [*bare[1], "Thehok", "P"]]
        stored(jambi, compared(jambi, roster, workbooks.written(whole), "b.xlsx"))
        assert told(jambi, roster)[FIRST] == READY


class TestHandingBack:
    def test_the_workbook_comes_back_as_it_went_and_changes_nothing(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(SHORT, cells(BUDI), {"Nama": "JUMLAH", "No": ""}))
        assert numbers(compared(jambi, roster, taken_out(jambi, roster), "hasil.xlsx")) == (0, 0, 0)

    def test_a_cell_mended_in_it_is_found(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(SHORT, cells(BUDI)))
        rows = [
            [text_of(cell) for cell in row.cells]
            for row in workbook.read_limited(taken_out(jambi, roster))
            if row.number
        ]
        rows[1][HEADINGS.index("NIK")] = SITI.nik
        stored(jambi, compared(jambi, roster, workbooks.written(rows), "diperbaiki.xlsx"))
        assert told(jambi, roster) == {FIRST: READY, FIRST + 1: READY}

    def test_each_sheet_keeps_its_own_columns_lines_and_name(self, jambi: City, rentan: Agreement) -> None:
        one: list[list[object]] = [["DAFTAR"], ["Nama", "NIK", "Tgl Lahir", "Kelurahan", "L/P"]]
        one.append([SITI.name, SITI.nik, "12-03-1984", "Thehok", "P"])
        two: list[list[object]] = [["NIK", "Nama", "L/P", "Tgl Lahir", "Kelurahan"]]
        two.append([BUDI.nik, BUDI.name, "L", "05-07-1979", "Legok"])
        roster = receive(jambi, rentan, workbooks.written(one, two), name="dua.xlsx")
        found = [row for row in workbook.read_limited(taken_out(jambi, roster)) if row.number]
        placed = {(row.sheet, row.number): [text_of(cell) for cell in row.cells] for row in found}
        assert placed["Data 1", 2][:2] == ["Nama", "NIK"]
        assert placed["Data 1", 3][:2] == [SITI.name, SITI.nik]
        assert placed["Data 2", 2][:2] == [BUDI.nik, BUDI.name]
        assert placed["Data 2", 2][5] == "Siap"

    @settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(
        st.lists(st.sampled_from(["=1+1", "@SUM(A1)", "+cmd", "-2", "\tx", "＝x"]), min_size=1, max_size=4)
    )
    def test_nothing_in_it_runs(self, jambi: City, rentan: Agreement, live: Sequence[str]) -> None:
        roster = receive(jambi, rentan, text(*[cells(SITI, Alamat=each) for each in live]))
        content = taken_out(jambi, roster)
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            sheet = packed.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet


class TestTheWrongFile:
    def test_the_workbook_of_another_list_is_named_and_not_compared(
        self, jambi: City, rentan: Agreement
    ) -> None:
        one = receive(jambi, rentan, text(*map(cells, newcomers(4))), name="satu.csv")
        two = receive(jambi, rentan, text(*map(cells, newcomers(4, first=50))), name="dua.csv")
        before = counts()
        with pytest.raises(wrong_file.OtherList, match=r"another list: satu\.csv") as refusal:
            compared(jambi, two, taken_out(jambi, one), "hasil.xlsx")
        assert refusal.value.roster_id == one
        assert counts()["membership_correction"] == before["membership_correction"]
        assert numbers(compared(jambi, one, taken_out(jambi, one), "hasil.xlsx")) == (0, 0, 0)

    def test_a_list_of_another_city_is_not_named(self, jambi: City, rentan: Agreement) -> None:
        bungo = world.city("bungo", branch=jambi.branch)
        theirs = receive(bungo, world.agreement(bungo), text(*map(cells, newcomers(2))), name="rahasia.csv")
        ours = receive(jambi, rentan, text(*map(cells, newcomers(4, first=50))))
        assert numbers(compared(jambi, ours, taken_out(bungo, theirs), "hasil.xlsx")) == (0, 2, 4)

    def test_most_of_a_list_vanishes_only_when_the_officer_says_that_it_is_so(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(*map(cells, newcomers(5))))
        correction = compared(jambi, roster, text(*map(cells, newcomers(2))))
        assert numbers(correction) == (0, 0, 3)
        with pytest.raises(wrong_file.MostVanish, match="3 of the 5 rows"):
            stored(jambi, correction)
        with jambi.acting(on=ON) as officer:
            correcting.store(correction_id=correction.pk, by=officer, now=NOW, vanish=True)
        assert [each.verdict for each in told(jambi, roster).values()].count("to_fix") == 3

    def test_half_of_a_list_or_two_rows_vanish_without_a_question(
        self, jambi: City, rentan: Agreement
    ) -> None:
        few = receive(jambi, rentan, text(*map(cells, newcomers(2))), name="a.csv")
        assert stored(jambi, compared(jambi, few, text(cells(SITI)))).gone == 2
        more = receive(jambi, rentan, text(*map(cells, newcomers(6, first=50))), name="b.csv")
        assert stored(jambi, compared(jambi, more, text(*map(cells, newcomers(3, first=50))))).gone == 3


class TestCountingOnce:
    def test_who_stands_ready_in_an_old_list_and_in_a_new_one_is_one_person(
        self, jambi: City, rentan: Agreement
    ) -> None:
        receive(jambi, rentan, text(cells(SITI), cells(BUDI)))
        receive(jambi, rentan, text(cells(SITI), cells(BUDI), cells(STRANGER)), name="baru.csv")
        with jambi.acting(on=ON):
            [agreement] = insight.today(on=ON).agreements
        assert agreement.ready == 3
