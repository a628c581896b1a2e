"""A corrected file and mends made meanwhile: nobody's work is undone unseen, and what both changed is asked."""

from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world
from database import at_once
from formats import workbooks
from lindung.access.models import AuditEvent
from lindung.membership import correcting, correction_preview, enrolling
from lindung.membership.models import Correction
from lindung.partnership.models import Agreement
from membership.handed import (
    ADDRESS,
    NAME,
    NIK,
    NOW,
    cell,
    compared,
    edited,
    mend,
    numbers,
    sheets_of,
    stored,
    taken_out,
)
from membership.sheets import FIRST, ON, READY, cells, newcomers, receive, text, told
from world import BUDI, SITI, STRANGER, City

SHORT = cells(SITI, NIK="15710")


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


@pytest.fixture
def roster(jambi: City, rentan: Agreement) -> int:
    """Siti on the first line, her number cut off, and Budi on the second."""
    return receive(jambi, rentan, text(SHORT, cells(BUDI)))


def preview(place: City, correction: Correction) -> correction_preview.Preview:
    with place.acting(on=ON) as officer:
        found = correction_preview.preview(correction_id=correction.pk, by=officer)
    assert found is not None
    return found


class TestAWorkbookOfOurs:
    def test_it_leaves_what_others_mended_since_it_was_taken_out(self, jambi: City, roster: int) -> None:
        workbook = taken_out(jambi, roster)
        mend(jambi, roster, FIRST, NIK, SITI.nik)
        correction = compared(jambi, roster, edited(workbook, {(FIRST + 1, ADDRESS): "Jl. Baru"}), "b.xlsx")
        assert numbers(correction) == (1, 0, 0)
        assert stored(jambi, correction) == correcting.Stored(1, 0, 0)
        assert cell(jambi, roster, FIRST, NIK) == SITI.nik
        assert cell(jambi, roster, FIRST + 1, ADDRESS) == "Jl. Baru"
        assert told(jambi, roster) == {FIRST: READY, FIRST + 1: READY}

    def test_it_leaves_a_mend_in_the_row_that_it_changes_itself(self, jambi: City, roster: int) -> None:
        workbook = taken_out(jambi, roster)
        mend(jambi, roster, FIRST, NIK, SITI.nik)
        stored(jambi, compared(jambi, roster, edited(workbook, {(FIRST, ADDRESS): "Jl. Baru"}), "b.xlsx"))
        assert cell(jambi, roster, FIRST, NIK) == SITI.nik
        assert cell(jambi, roster, FIRST, ADDRESS) == "Jl. Baru"
        assert told(jambi, roster)[FIRST] == READY

    def test_what_both_changed_keeps_the_mend_unless_the_officer_says_otherwise(
        self, jambi: City, roster: int
    ) -> None:
        workbook = taken_out(jambi, roster)
        mend(jambi, roster, FIRST, ADDRESS, "Jl. Operator")
        sent = edited(workbook, {(FIRST, ADDRESS): "Jl. Petugas"})
        correction = compared(jambi, roster, sent, "b.xlsx")
        assert numbers(correction) == (0, 0, 0)
        found = preview(jambi, correction)
        [row] = found.conflicts.shown
        [both] = row.cells
        assert (row.number, row.name, both.heading) == (FIRST, SITI.name, "Alamat")
        assert (both.before, both.after) == ("Jl. Operator", "Jl. Petugas")
        assert not found.empty
        stored(jambi, correction)
        assert cell(jambi, roster, FIRST, ADDRESS) == "Jl. Operator"
        again = compared(jambi, roster, sent, "b.xlsx")
        stored(jambi, again, correcting.Chosen(frozenset({(FIRST, ADDRESS)})))
        assert cell(jambi, roster, FIRST, ADDRESS) == "Jl. Petugas"

    def test_rows_that_came_after_it_are_not_gone(self, jambi: City, roster: int) -> None:
        workbook = taken_out(jambi, roster)
        stored(jambi, compared(jambi, roster, text(SHORT, cells(BUDI), cells(STRANGER))))
        assert numbers(compared(jambi, roster, edited(workbook, {}), "b.xlsx")) == (0, 0, 0)

    def test_a_row_mended_beyond_recognition_is_still_the_same_row(self, jambi: City, roster: int) -> None:
        workbook = taken_out(jambi, roster)
        mend(jambi, roster, FIRST, NIK, SITI.nik)
        mend(jambi, roster, FIRST, NAME, "Aminah Zubaidah")
        lines = edited(workbook, {})
        assert numbers(compared(jambi, roster, lines, "b.xlsx")) == (0, 0, 0)
        assert cell(jambi, roster, FIRST, NAME) == "Aminah Zubaidah"

    def test_a_name_that_both_changed_is_one_persons(self, jambi: City, roster: int) -> None:
        workbook = taken_out(jambi, roster)
        mend(jambi, roster, FIRST, NAME, "Siti Aminah Zubaidah")
        sent = edited(workbook, {(FIRST, NAME): "Siti Aminah Rahmawati"})
        [row] = preview(jambi, compared(jambi, roster, sent, "b.xlsx")).conflicts.shown
        assert [each.after for each in row.cells] == ["Siti Aminah Rahmawati"]

    def test_a_download_of_this_list_counts_also_beside_one_of_another(
        self, jambi: City, rentan: Agreement, roster: int
    ) -> None:
        """Two workbooks copied into one: what was mended here since is newer than both."""
        other = receive(jambi, rentan, text(SHORT, cells(BUDI), cells(STRANGER)), name="lain.csv")
        lines = [*sheets_of(taken_out(jambi, other)).values(), *sheets_of(taken_out(jambi, roster)).values()]
        marks = [line for each in lines for line in each.values() if any("unduhan" in cell for cell in line)]
        assert len(marks) == 2
        mend(jambi, roster, FIRST, NIK, SITI.nik)
        both = [*list(lines[1].values()), marks[0]]
        assert numbers(compared(jambi, roster, workbooks.written(both), "b.xlsx")) == (0, 0, 0)

    @settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(st.lists(st.tuples(st.sampled_from([NIK, NAME, ADDRESS]), st.sampled_from("pqrs")), max_size=4))
    def test_left_alone_it_changes_nothing_whatever_was_mended_meanwhile(
        self, jambi: City, roster: int, mends: list[tuple[int, str]]
    ) -> None:
        workbook = taken_out(jambi, roster)
        for column, word in mends:
            mend(jambi, roster, FIRST, column, f"Siti {word}")
        assert numbers(compared(jambi, roster, edited(workbook, {}), "b.xlsx")) == (0, 0, 0)


class TestAFileOfTheOfficersOwn:
    def test_what_the_list_said_before_is_no_change(self, jambi: City, roster: int) -> None:
        mend(jambi, roster, FIRST, NIK, "1571")
        mend(jambi, roster, FIRST, NIK, SITI.nik)
        correction = compared(jambi, roster, text(SHORT, cells(BUDI, Alamat="Jl. Baru")))
        assert numbers(correction) == (1, 0, 0)
        stored(jambi, correction)
        assert cell(jambi, roster, FIRST, NIK) == SITI.nik
        assert cell(jambi, roster, FIRST + 1, ADDRESS) == "Jl. Baru"

    def test_what_somebody_else_mended_too_is_asked(self, jambi: City, roster: int) -> None:
        mend(jambi, roster, FIRST, ADDRESS, "Jl. Operator")
        correction = compared(jambi, roster, text(SHORT | {"Alamat": "Jl. Petugas"}, cells(BUDI)))
        [row] = preview(jambi, correction).conflicts.shown
        assert row.cells[0].before == "Jl. Operator"

    def test_a_second_correction_of_his_own_is_just_a_change(self, jambi: City, roster: int) -> None:
        for address in ("Jl. Satu", "Jl. Dua"):
            stored(jambi, compared(jambi, roster, text(SHORT | {"Alamat": address}, cells(BUDI))))
            assert cell(jambi, roster, FIRST, ADDRESS) == address

    def test_a_column_that_it_leaves_out_stays(self, jambi: City, roster: int) -> None:
        few = "Nama,NIK,Tgl Lahir,Kelurahan\n" + f"{SITI.name},{SITI.nik},12-03-1984,The Hok\n"
        born = f"{BUDI.birth_date:%d-%m-%Y}"
        few += f"{BUDI.name},{BUDI.nik},{born},{cells(BUDI)['Kelurahan']}\n"
        assert numbers(compared(jambi, roster, few.encode())) == (1, 0, 0)
        stored(jambi, compared(jambi, roster, few.encode()))
        assert cell(jambi, roster, FIRST, ADDRESS) == "Jl. Merdeka"
        assert cell(jambi, roster, FIRST, NIK) == SITI.nik


class TestWhatIsShown:
    def test_it_names_rows_and_cells_before_and_after_and_hides_numbers(
        self, jambi: City, roster: int
    ) -> None:
        correction = compared(jambi, roster, text(cells(SITI, Alamat="Jl. Baru"), cells(STRANGER)))
        found = preview(jambi, correction)
        [row] = found.changed.shown
        assert (row.line, row.name) == (FIRST, SITI.name)
        shown = {each.heading: (each.before, each.after) for each in row.cells}
        assert shown["Alamat"] == ("Jl. Merdeka", "Jl. Baru")
        assert shown["NIK"] == ("•••••", f"{SITI.nik[:6]}••••••••{SITI.nik[-2:]}")
        assert [each.name for each in found.added.shown] == [STRANGER.name]
        assert [each.name for each in found.gone.shown] == [BUDI.name]
        assert SITI.nik not in str(found)

    def test_it_shows_fifty_rows_and_counts_the_rest(self, jambi: City, rentan: Agreement) -> None:
        people = newcomers(60)
        roster = receive(jambi, rentan, text(*map(cells, people)))
        correction = compared(jambi, roster, text(*(cells(each, Alamat="Jl. Baru") for each in people)))
        found = preview(jambi, correction)
        assert (len(found.changed.shown), found.changed.more) == (50, 10)

    def test_conflicts_that_were_not_shown_are_decided_together(self, jambi: City, rentan: Agreement) -> None:
        people = newcomers(correcting.ASKED + 2)
        roster = receive(jambi, rentan, text(*map(cells, people)))
        for line in range(FIRST, FIRST + len(people)):
            mend(jambi, roster, line, ADDRESS, "Jl. Operator")
        sent = text(*(cells(each, Alamat="Jl. Baru") for each in people))
        correction = compared(jambi, roster, sent)
        assert preview(jambi, correction).conflicts.more == 2
        stored(jambi, correction, correcting.Chosen(unasked=True))
        last = FIRST + len(people) - 1
        said = [cell(jambi, roster, line, ADDRESS) for line in (FIRST, last - 1, last)]
        assert said == ["Jl. Operator", "Jl. Baru", "Jl. Baru"]

    def test_it_shows_nothing_of_what_is_stored_or_overtaken(self, jambi: City, roster: int) -> None:
        correction = compared(jambi, roster, text(cells(SITI), cells(BUDI)))
        mend(jambi, roster, FIRST, ADDRESS, "Jl. Operator")
        with jambi.acting(on=ON) as officer:
            assert correction_preview.preview(correction_id=correction.pk, by=officer) is None
        newer = compared(jambi, roster, text(cells(SITI), cells(BUDI)))
        stored(jambi, newer)
        with jambi.acting(on=ON) as officer:
            assert correction_preview.preview(correction_id=newer.pk, by=officer) is None

    def test_enrolled_people_are_counted_and_left(self, jambi: City, roster: int) -> None:
        with jambi.acting(on=ON) as officer:
            enrolling.enrol(roster_id=roster, by=officer, now=NOW)
        found = preview(jambi, compared(jambi, roster, text(SHORT, cells(BUDI, Alamat="Jl. Lain"))))
        assert (len(found.enrolled.shown), found.empty) == (1, True)


def test_a_mend_at_the_moment_of_a_download_is_never_undone_by_it(fresh_database: str) -> None:
    jambi = world.city()
    roster = receive(jambi, world.agreement(jambi), text(SHORT, cells(BUDI)))
    start = Barrier(2)

    def download() -> bytes:
        start.wait(timeout=10)
        return taken_out(jambi, roster)

    def mended() -> None:
        start.wait(timeout=10)
        mend(jambi, roster, FIRST, NIK, SITI.nik)

    workbook, done = at_once(download, mended)
    assert done is None
    assert isinstance(workbook, bytes)
    assert numbers(compared(jambi, roster, edited(workbook, {}), "b.xlsx")) == (0, 0, 0)
    with jambi.acting(on=ON):
        taken = AuditEvent.objects.get(action="roster.taken_out")
    assert taken.detail == {"rows": 2, "last": FIRST + 1}
