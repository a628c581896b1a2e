"""What an officer decides of a whole row: gone from the corrected file and kept in, nobody in it, and the way back."""

import pytest
from django.db import IntegrityError

import world
from database import execute
from lindung.access.models import AuditEvent, Role
from lindung.engine.refusals import ChangedMeanwhile
from lindung.membership import arriving, enrolling, mending, row_decisions
from lindung.membership.models import RosterRow, Verdict
from lindung.partnership.models import Agreement
from membership.sheets import FIRST, ON, READY, Told, cells, receive, text, told
from membership.test_correcting import compared, stored
from membership.test_mending import ADDRESS, NOW, mend
from world import BUDI, SITI, STRANGER, City

GONE = Told("to_fix", ("row.gone",))
ASIDE = Told("ignored", ("row.set_aside",))


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


@pytest.fixture
def roster(jambi: City, rentan: Agreement) -> int:
    """Ibu Siti and Pak Budi, and a corrected file that no longer has Pak Budi."""
    made = receive(jambi, rentan, text(cells(SITI), cells(BUDI)))
    stored(jambi, compared(jambi, made, text(cells(SITI))))
    assert told(jambi, made) == {FIRST: READY, FIRST + 1: GONE}
    return made


def enrolled(place: City, roster: int) -> int:
    with place.acting(on=ON) as officer:
        return enrolling.enrol(roster_id=roster, by=officer, now=NOW).enrolled


def kept(place: City, roster: int, line: int, *, revision: int, role: Role = Role.CITY_OFFICER) -> str:
    with place.acting(role, on=ON) as actor:
        return row_decisions.keep(roster_id=roster, line=line, revision=revision, by=actor, now=NOW)


class TestGone:
    def test_it_stays_gone_whatever_cell_is_mended(self, jambi: City, roster: int) -> None:
        assert mend(jambi, roster, FIRST + 1, ADDRESS, "Jl. Baru 2") == Verdict.TO_FIX
        assert told(jambi, roster)[FIRST + 1] == GONE
        assert enrolled(jambi, roster) == 1
        assert told(jambi, roster)[FIRST + 1] == GONE

    def test_the_database_makes_nobody_ready_who_is_gone(self, jambi: City, roster: int) -> None:
        with pytest.raises(IntegrityError, match="roster_row_gone_is_not_ready"), jambi.acting(on=ON):
            execute("UPDATE membership_rosterrow SET verdict = 'ready' WHERE gone")

    def test_it_comes_back_when_a_file_names_it_again(self, jambi: City, roster: int) -> None:
        mend(jambi, roster, FIRST + 1, ADDRESS, "Jl. Baru 2")
        stored(jambi, compared(jambi, roster, text(cells(SITI), cells(BUDI))))
        assert told(jambi, roster)[FIRST + 1] == READY


class TestKeeping:
    def test_it_comes_back_when_an_officer_says_that_it_belongs(self, jambi: City, roster: int) -> None:
        assert kept(jambi, roster, FIRST + 1, revision=1) == Verdict.READY
        assert enrolled(jambi, roster) == 2
        with jambi.acting():
            [change] = mending.history(roster_id=roster, line=FIRST + 1)
            event = AuditEvent.objects.filter(action="roster.row_kept").get()
        assert (change.kind, change.by) == ("kept", jambi.users[Role.CITY_OFFICER].name)
        assert event.detail == {"line": FIRST + 1}

    def test_it_is_held_against_the_others_again(self, jambi: City) -> None:
        narrow = world.agreement(jambi, "sempit", quota=1)
        roster = receive(jambi, narrow, text(cells(BUDI), cells(SITI)))
        stored(jambi, compared(jambi, roster, text(cells(SITI))))
        kept(jambi, roster, FIRST, revision=1)
        assert told(jambi, roster)[FIRST] == Told("to_fix", ("quota.full",))

    def test_it_refuses_what_was_changed_meanwhile_and_who_is_not_gone(
        self, jambi: City, roster: int
    ) -> None:
        with pytest.raises(ChangedMeanwhile):
            kept(jambi, roster, FIRST + 1, revision=2)
        with pytest.raises(row_decisions.NotGone):
            kept(jambi, roster, FIRST, revision=1)

    def test_another_citys_officer_finds_no_row(self, jambi: City, roster: int) -> None:
        with pytest.raises(RosterRow.DoesNotExist):
            kept(world.city("bungo", branch=jambi.branch), roster, FIRST + 1, revision=1)


def aside(place: City, roster: int, line: int, *, revision: int = 1, note: str = "Judul kedua") -> None:
    with place.acting(on=ON) as actor:
        row_decisions.set_aside(roster_id=roster, line=line, revision=revision, note=note, by=actor, now=NOW)


def back(place: City, roster: int, line: int, *, revision: int) -> str:
    with place.acting(on=ON) as actor:
        return row_decisions.take_back(roster_id=roster, line=line, revision=revision, by=actor, now=NOW)


class TestSettingAside:
    def test_a_row_without_a_person_waits_no_more_and_says_why(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI, NIK="", Nama="Kelurahan Legok 10")))
        aside(jambi, roster, FIRST + 1, note=f"Judul kedua, {BUDI.nik}")
        assert told(jambi, roster) == {FIRST: READY, FIRST + 1: ASIDE}
        assert enrolled(jambi, roster) == 1
        with jambi.acting():
            [change] = mending.history(roster_id=roster, line=FIRST + 1)
        assert (change.kind, change.before == change.after) == ("aside", True)
        assert change.note.startswith("Judul kedua")
        assert BUDI.nik not in change.note

    def test_it_is_undone_by_the_same_page(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI, NIK="15710")))
        before = told(jambi, roster)
        aside(jambi, roster, FIRST + 1)
        assert back(jambi, roster, FIRST + 1, revision=2) == Verdict.TO_FIX
        assert told(jambi, roster) == before
        with pytest.raises(row_decisions.NotSetAside):
            back(jambi, roster, FIRST + 1, revision=3)

    def test_who_shares_his_number_is_judged_without_him(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(BUDI), cells(STRANGER, NIK=BUDI.nik)))
        aside(jambi, roster, FIRST + 1, note="Tidak ikut")
        assert told(jambi, roster)[FIRST] == READY
        back(jambi, roster, FIRST + 1, revision=2)
        assert {found.verdict for found in told(jambi, roster).values()} == {"to_fix"}

    def test_a_corrected_file_neither_brings_it_back_nor_adds_it_again(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI)))
        aside(jambi, roster, FIRST + 1, note="Tidak ikut")
        found = compared(jambi, roster, text(cells(SITI), cells(BUDI, Alamat="Jl. Baru 2")))
        assert (found.changed, found.added, found.gone) == (0, 0, 0)
        without = compared(jambi, roster, text(cells(SITI)))
        assert (without.changed, without.added, without.gone) == (0, 0, 0)
        stored(jambi, found)
        assert told(jambi, roster) == {FIRST: READY, FIRST + 1: ASIDE}

    def test_who_is_gone_and_was_set_aside_is_still_gone(self, jambi: City, roster: int) -> None:
        aside(jambi, roster, FIRST + 1, note="Tidak ikut")
        assert back(jambi, roster, FIRST + 1, revision=2) == Verdict.TO_FIX
        assert told(jambi, roster)[FIRST + 1] == GONE

    def test_it_stays_aside_when_the_columns_are_chosen_again(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI)))
        aside(jambi, roster, FIRST + 1, note="Tidak ikut")
        with jambi.acting(on=ON):
            arriving.begin_again(roster)
        arriving.judge_kept(roster_id=roster)
        assert told(jambi, roster) == {FIRST: READY, FIRST + 1: ASIDE}

    def test_nobody_enrolled_is_set_aside(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI)))
        enrolled(jambi, roster)
        with pytest.raises(mending.NotMendable):
            aside(jambi, roster, FIRST)

    @pytest.mark.parametrize("note", ["", "   ", "a\0b", "x" * 301])
    def test_it_takes_no_decision_without_a_reason(self, jambi: City, rentan: Agreement, note: str) -> None:
        roster = receive(jambi, rentan, text(cells(SITI)))
        with pytest.raises(row_decisions.NoNote):
            aside(jambi, roster, FIRST, note=note)
        assert told(jambi, roster)[FIRST] == READY
