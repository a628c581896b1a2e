"""A cell mended in the list: judged again with everything that hangs on it, on record, and never over somebody else."""

import pytest
from django.db import ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world
from database import at_once, fetched
from formats import workbooks
from lindung.access.models import AuditEvent, Role
from lindung.engine.refusals import ChangedMeanwhile
from lindung.membership import enrolling, mending, rechecking, rosters
from lindung.membership.models import Roster, RosterRow, Verdict
from lindung.partnership.models import Agreement
from membership.rows import HEADINGS
from membership.sheets import FIRST, ON, READY, Told, cells, opened, receive, text, told
from world import BUDI, SITI, STRANGER, City

NAME, NIK, KELURAHAN = (HEADINGS.index(heading) for heading in ("Nama", "NIK", "Kelurahan"))
ADDRESS = HEADINGS.index("Alamat")
NOW = world.at(ON)


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


def mend(
    place: City,
    roster: int,
    line: int,
    column: int,
    content: str,
    *,
    revision: int = 1,
    role: Role = Role.CITY_OFFICER,
) -> str:
    with place.acting(role, on=ON) as actor:
        return mending.mend_cell(
            roster_id=roster, line=line, column=column, text=content, revision=revision, by=actor, now=NOW
        )


class TestMending:
    def test_it_judges_the_row_again(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI, NIK="15710")))
        assert mend(jambi, roster, FIRST, NIK, SITI.nik) == Verdict.READY
        assert told(jambi, roster) == {FIRST: READY}
        assert opened(jambi, roster)[FIRST].cells[NIK] == SITI.nik

    def test_a_mended_row_is_enrolled_with_the_rest(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI, NIK="15710"), cells(BUDI)))
        mend(jambi, roster, FIRST, NIK, SITI.nik)
        with jambi.acting(on=ON) as officer:
            assert enrolling.enrol(roster_id=roster, by=officer, now=NOW).enrolled == 2

    def test_it_keeps_what_the_row_said_before_and_who_changed_it(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(cells(SITI, NIK="15710")))
        mend(jambi, roster, FIRST, NIK, SITI.nik)
        mend(jambi, roster, FIRST, NAME, "Siti Aminah binti Ali", revision=2)
        with jambi.acting():
            newest, oldest = mending.history(roster_id=roster, line=FIRST)
            event = AuditEvent.objects.filter(action="roster.mended").first()
        assert (newest.revision, newest.column, newest.after[NAME]) == (3, NAME, "Siti Aminah binti Ali")
        assert (oldest.before[NIK], oldest.after[NIK]) == ("15710", SITI.nik)
        assert oldest.by == jambi.users[Role.CITY_OFFICER].name
        assert event is not None
        assert event.detail == {"line": FIRST, "column": NIK}

    def test_a_number_that_excel_may_have_rounded_stays_doubtful_when_the_name_is_mended(
        self, jambi: City, rentan: Agreement
    ) -> None:
        typed: list[list[object]] = [
            ["Nama", "NIK", "Tgl Lahir", "L/P", "Kelurahan"],
            [SITI.name, int(SITI.nik[:15] + "0"), "12-03-1984", "P", "Thehok"],
        ]
        roster = receive(jambi, rentan, workbooks.written(typed), name="angka.xlsx")
        assert told(jambi, roster)[FIRST].codes == ("nik.excel_rounded",)
        mend(jambi, roster, FIRST, 0, "Siti Aminah binti Ali")
        assert told(jambi, roster)[FIRST].codes == ("nik.excel_rounded",)

    @pytest.mark.parametrize("column", [0, 1])
    def test_a_number_typed_again_is_a_text_that_a_person_typed(
        self, jambi: City, rentan: Agreement, column: int
    ) -> None:
        """Her NIK truly ends in 0; saving another cell as it is types nothing."""
        number = SITI.nik[:14] + "10"
        typed: list[list[object]] = [
            ["Nama", "NIK", "Tgl Lahir", "L/P", "Kelurahan"],
            [SITI.name, int(number), "12-03-1984", "P", "Thehok"],
        ]
        roster = receive(jambi, rentan, workbooks.written(typed), name="angka.xlsx")
        mend(jambi, roster, FIRST, column, [SITI.name, number][column])
        doubtful = Told("to_fix", ("nik.excel_rounded",))
        assert told(jambi, roster)[FIRST] == (READY if column == 1 else doubtful)
        with jambi.acting():
            assert len(mending.history(roster_id=roster, line=FIRST)) == column

    def test_it_changes_nothing_when_the_cell_says_the_same(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI, NIK="15710")))
        mend(jambi, roster, FIRST, NIK, " 15710 ")
        with jambi.acting():
            assert mending.history(roster_id=roster, line=FIRST) == []

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(st.text(st.characters(codec="utf-8"), max_size=60))
    def test_whatever_is_typed_is_kept_as_typed_or_refused(
        self, jambi: City, rentan: Agreement, typed: str
    ) -> None:
        roster = receive(jambi, rentan, text(cells(SITI, NIK="15710", Alamat="ke-0")))
        with jambi.acting():
            revision = RosterRow.objects.get(roster_id=roster).revision
        before = opened(jambi, roster)[FIRST].cells
        try:
            mend(jambi, roster, FIRST, ADDRESS, typed, revision=revision)
        except mending.Unwritable:
            assert opened(jambi, roster)[FIRST].cells == before
        else:
            assert opened(jambi, roster)[FIRST].cells[ADDRESS] == typed.strip()


class TestCompanions:
    def test_who_was_refused_as_the_second_becomes_ready_when_the_first_gets_another_number(
        self, jambi: City, rentan: Agreement
    ) -> None:
        other = BUDI.nik[:-4] + "0055"
        roster = receive(jambi, rentan, text(cells(BUDI), cells(STRANGER, NIK=BUDI.nik)))
        assert {found.verdict for found in told(jambi, roster).values()} == {"to_fix"}
        mend(jambi, roster, FIRST + 1, NIK, STRANGER.nik)
        assert told(jambi, roster) == {FIRST: READY, FIRST + 1: READY}
        mend(jambi, roster, FIRST, NIK, other)
        assert told(jambi, roster)[FIRST] == READY

    def test_it_finds_somebody_who_stands_in_the_list_already(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI), cells(SITI, NIK="15710")))
        mend(jambi, roster, FIRST + 1, NIK, SITI.nik)
        assert told(jambi, roster) == {FIRST: READY, FIRST + 1: Told("refused", ("duplicate.in_file",))}

    def test_it_finds_somebody_the_register_knows(self, jambi: City, rentan: Agreement) -> None:
        world.enrol(jambi, rentan, SITI)
        roster = receive(jambi, rentan, text(cells(SITI, NIK="15710")))
        assert mend(jambi, roster, FIRST, NIK, SITI.nik) == Verdict.ENROLLED

    def test_it_knows_that_the_last_place_is_taken_by_a_row_of_the_same_list(self, jambi: City) -> None:
        narrow = world.agreement(jambi, "sempit", quota=1)
        roster = receive(jambi, narrow, text(cells(SITI), cells(BUDI, NIK="15710")))
        mend(jambi, roster, FIRST + 1, NIK, BUDI.nik)
        assert told(jambi, roster)[FIRST + 1] == Told("to_fix", ("quota.full",))

    def test_it_gives_a_freed_place_to_the_next_when_the_list_is_checked_again(self, jambi: City) -> None:
        narrow = world.agreement(jambi, "sempit", quota=1)
        roster = receive(jambi, narrow, text(cells(SITI), cells(BUDI)))
        mend(jambi, roster, FIRST, NIK, "15710")
        with jambi.acting(on=ON) as officer:
            assert rechecking.recheck(roster_id=roster, by=officer, on=ON) == 1
        assert told(jambi, roster)[FIRST + 1] == READY


class TestRefusing:
    def test_it_never_writes_over_somebody_elses_change(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI, NIK="15710")))
        mend(jambi, roster, FIRST, NIK, SITI.nik)
        with pytest.raises(ChangedMeanwhile):
            mend(jambi, roster, FIRST, NIK, "15710")

    def test_it_leaves_an_enrolled_row_alone(self, jambi: City, rentan: Agreement) -> None:
        world.enrol(jambi, rentan, SITI)
        roster = receive(jambi, rentan, text(cells(SITI)))
        with pytest.raises(mending.NotMendable):
            mend(jambi, roster, FIRST, NAME, "Lain")

    @pytest.mark.parametrize("content", ["a\0b", "x" * 501, "a\nb"])
    def test_it_takes_nothing_that_nobody_can_see(self, jambi: City, rentan: Agreement, content: str) -> None:
        roster = receive(jambi, rentan, text(cells(SITI)))
        with pytest.raises(mending.Unwritable):
            mend(jambi, roster, FIRST, NAME, content)

    def test_an_operator_mends_only_whom_she_sees(self, jambi: City, rentan: Agreement) -> None:
        """Ibu Siti lives in The Hok, which is hers; Pak Budi lives in Legok."""
        roster = receive(jambi, rentan, text(cells(SITI, NIK="15710"), cells(BUDI, NIK="15711")))
        operator = Role.KELURAHAN_OPERATOR
        assert mend(jambi, roster, FIRST, NIK, SITI.nik, role=operator) == Verdict.READY
        with pytest.raises(RosterRow.DoesNotExist):
            mend(jambi, roster, FIRST + 1, NIK, BUDI.nik, role=operator)
        with pytest.raises(mending.OtherKelurahan):
            mend(jambi, roster, FIRST, KELURAHAN, "Legok", revision=2, role=operator)
        assert told(jambi, roster)[FIRST] == READY

    def test_nobody_who_only_looks_can_write_it(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI, NIK="15710")))
        with pytest.raises(ProgrammingError, match="row-level security"):
            mend(jambi, roster, FIRST, NIK, SITI.nik, role=Role.AUDITOR)

    def test_another_citys_officer_finds_no_row(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI)))
        bungo = world.city("bungo", branch=jambi.branch)
        with pytest.raises(RosterRow.DoesNotExist):
            mend(bungo, roster, FIRST, NAME, "Lain")


class TestAtOnce:
    def test_of_two_who_mend_one_cell_at_the_same_moment_one_is_told(self, fresh_database: str) -> None:
        jambi = world.city()
        roster = receive(jambi, world.agreement(jambi), text(cells(SITI, NIK="15710")))
        outcomes = at_once(
            lambda: mend(jambi, roster, FIRST, NIK, SITI.nik),
            lambda: mend(jambi, roster, FIRST, NIK, SITI.nik[:-1] + "2", role=Role.KELURAHAN_OPERATOR),
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ChangedMeanwhile", "Verdict"]
        with jambi.acting():
            assert len(mending.history(roster_id=roster, line=FIRST)) == 1

    def test_two_who_give_two_rows_the_same_number_leave_one_of_them_ready(self, fresh_database: str) -> None:
        jambi = world.city()
        roster = receive(jambi, world.agreement(jambi), text(cells(SITI, NIK="1"), cells(SITI, NIK="2")))
        at_once(
            lambda: mend(jambi, roster, FIRST, NIK, SITI.nik),
            lambda: mend(jambi, roster, FIRST + 1, NIK, SITI.nik),
        )
        verdicts = sorted(found.verdict for found in told(jambi, roster).values())
        assert verdicts == ["ready", "refused"]


class TestSuggesting:
    def test_it_offers_what_can_be_chosen_with_one_press(self, jambi: City, rentan: Agreement) -> None:
        roster_id = receive(
            jambi, rentan, text(cells(SITI, Kelurahan="Te Hokk", **{"L/P": "?", "Tgl Lahir": "?"}))
        )
        with jambi.acting():
            roster = Roster.objects.get(pk=roster_id)
            row = rechecking.held(roster)[FIRST].row
            fields = rechecking.layout_of(roster).fields
        offered = {
            HEADINGS[at]: mending.suggestions(row, field, column=at, on=ON) for at, field in enumerate(fields)
        }
        assert {heading: texts for heading, texts in offered.items() if texts} == {
            "Tgl Lahir": ["12-03-1984"],
            "L/P": ["P"],
            "Kelurahan": [text for text in offered["Kelurahan"] if text],
        }
        assert "Thehok" in offered["Kelurahan"]


def test_a_row_is_shown_with_its_numbers_masked_also_in_its_history(db: None) -> None:
    jambi = world.city()
    roster = receive(jambi, world.agreement(jambi), text(cells(SITI, NIK="15710")))
    mend(jambi, roster, FIRST, NIK, SITI.nik)
    with jambi.acting():
        assert SITI.nik not in str(rosters.row_of(roster, FIRST))
        assert fetched("SELECT count(*) FROM membership_rowchange WHERE after::text LIKE '%%1571%%'") == [
            (0,)
        ]
