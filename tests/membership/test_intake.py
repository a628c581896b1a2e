"""A file taken in: kept sealed, judged line by line, the same file only once, and nothing at all of a bad one."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError

import employers
import world
from conftest import Connect
from database import at_once, execute
from lindung.access.models import Role
from lindung.access.scope import in_scope, scope_of
from lindung.access.sealing import SealBroken
from lindung.documents import keeping
from lindung.documents.models import Document
from lindung.formats.unreadable import Unreadable
from lindung.law.text import Text
from lindung.membership import enrolling, intake, problems, sealed_rows
from lindung.membership.models import Roster, RosterRow, RosterStatus
from lindung.partnership.models import Agreement
from membership.rows import HEADINGS
from membership.sheets import (
    FIRST,
    ON,
    READY,
    Told,
    cells,
    counts,
    fields_of,
    newcomers,
    opened,
    receive,
    text,
    told,
)
from world import BUDI, SITI, STRANGER, City

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi, quota=3)


def sentence(refused: pytest.ExceptionInfo[Unreadable]) -> Text:
    """What the officer is told of a file that was not taken."""
    return problems.message(refused.value.code, refused.value.where)


def without_segment(place: City, like: Agreement) -> Agreement:
    """An agreement as this one, whose segments are not written down yet."""
    with place.acting():
        bare = Agreement.objects.get(pk=like.pk)
        bare.pk, bare.code, bare.state = None, "bare", "draft"
        bare.save(force_insert=True)
    return bare


def children() -> list[str]:
    """The processes this one has started and that are still there."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [child for task in tasks for child in task.read_text(encoding="ascii").split()]


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    """Whatever a file holds, the process that read it is gone afterwards."""
    before = children()
    yield
    assert children() == before


class TestTaking:
    def test_it_judges_every_line_of_the_sheet(self, jambi: City, rentan: Agreement) -> None:
        people = [cells(SITI), cells(BUDI, NIK="15710"), cells(STRANGER, **{"Tgl Lahir": "01-01-1955"})]
        roster = receive(jambi, rentan, text(*people, cells(SITI), {"Nama": "JUMLAH", "No": ""}))
        assert told(jambi, roster) == {
            FIRST: READY,
            FIRST + 1: Told("to_fix", ("nik.length",)),
            FIRST + 2: Told("refused", ("age.too_old", "nik.birth_date_differs")),
            FIRST + 3: Told("refused", ("duplicate.in_file",)),
            FIRST + 4: Told("ignored", ("row.not_a_person",)),
        }

    def test_it_stores_what_it_needs_to_show_the_list_again(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI)), name="Data Pekerja FIX (2).csv")
        with jambi.acting():
            kept = Roster.objects.select_related("document", "received_by").get(pk=roster)
            assert (kept.status, kept.document.name) == (RosterStatus.JUDGED, "Data Pekerja FIX (2).csv")
            assert (kept.received_by, kept.received_at) == (jambi.users[Role.CITY_OFFICER], world.at(ON))
            assert kept.headers == list(HEADINGS)
            assert kept.event.action == "roster.received"
        assert fields_of(jambi, roster)[1:6] == ["name", "nik", "birth_place", "birth", "sex"]

    def test_it_judges_ages_on_the_day_of_the_upload(self, jambi: City, rentan: Agreement) -> None:
        content = text(cells(SITI, NIK="1571026205120001", **{"Tgl Lahir": "22-05-2012"}))
        earlier = world.agreement(jambi, "earlier")
        assert (
            told(jambi, receive(jambi, earlier, content, on=ON - timedelta(days=1)))[FIRST].verdict
            == "refused"
        )
        assert told(jambi, receive(jambi, rentan, content))[FIRST] == READY

    def test_it_gives_the_work_of_the_agreement_to_a_row_that_names_none(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(cells(SITI, Pekerjaan="")))
        facts = opened(jambi, roster)[FIRST].facts
        assert facts is not None
        assert facts.occupation == "day_labourer"

    def test_it_reads_a_workbook_whose_headings_nobody_has_met(self, jambi: City, rentan: Agreement) -> None:
        path = EXAMPLES / "never-seen-before.xlsx"
        large = world.agreement(jambi, "besar")
        roster = receive(jambi, large, path.read_bytes(), name=path.name)
        verdicts = Counter(row.verdict for row in told(jambi, roster).values())
        assert verdicts == {"ready": 30, "to_fix": 5, "refused": 3, "ignored": 2}

    def test_a_file_name_is_kept_as_it_is_but_for_what_must_not_stand_in_clear(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(cells(SITI)), name=f"{SITI.nik}\0\n {'x' * 300}.csv")
        with jambi.acting():
            name = Roster.objects.get(pk=roster).document.name
        assert len(name) == 255
        assert name.endswith("x.csv")
        again = receive(jambi, world.agreement(jambi, "lain"), text(cells(BUDI)), name=f"KTP {SITI.nik}.csv")
        with jambi.acting():
            assert Roster.objects.get(pk=again).document.name == "KTP 157102••••••••01.csv"

    def test_it_takes_a_file_of_another_segment_by_its_code(self, jambi: City, rentan: Agreement) -> None:
        with jambi.acting() as officer:
            content = text(cells(SITI))
            roster = intake.receive(
                name="a.csv",
                content=content,
                agreement_id=rentan.pk,
                by=officer,
                now=world.at(ON),
                segment_code="rentan",
            )
            assert Roster.objects.get(pk=roster).segment.code == "rentan"


class TestTheSameFile:
    def test_the_same_file_twice_changes_nothing(self, jambi: City, rentan: Agreement) -> None:
        content = text(cells(SITI), cells(BUDI, NIK=""))
        first = receive(jambi, rentan, content)
        before = counts()
        assert receive(jambi, rentan, content, name="lain.csv", on=date(2025, 6, 1)) == first
        assert counts() == before

    def test_the_same_file_after_it_was_enrolled_changes_nothing(
        self, jambi: City, rentan: Agreement
    ) -> None:
        content = text(cells(SITI), cells(BUDI, NIK=""))
        roster = receive(jambi, rentan, content)
        with jambi.acting() as officer:
            enrolling.enrol(roster_id=roster, by=officer, now=world.at(ON))
        before, rows = counts(), told(jambi, roster)
        assert receive(jambi, rentan, content) == roster
        assert (counts(), told(jambi, roster)) == (before, rows)

    def test_for_another_agreement_it_is_another_list_of_the_same_document(
        self, jambi: City, rentan: Agreement
    ) -> None:
        keagamaan = world.agreement(jambi, "keagamaan", quota=1)
        content = text(cells(SITI), cells(BUDI))
        rosters = [receive(jambi, promised, content) for promised in (rentan, keagamaan)]
        assert len(set(rosters)) == 2
        assert told(jambi, rosters[0])[FIRST + 1] == READY
        assert told(jambi, rosters[1])[FIRST + 1] == Told("to_fix", ("quota.full",))
        with jambi.acting():
            assert Document.objects.filter(kind="roster").count() == 1

    def test_another_city_keeps_its_own(self, jambi: City, rentan: Agreement) -> None:
        bungo = world.city("bungo", branch=jambi.branch)
        theirs, content = world.agreement(bungo), text(cells(SITI))
        ours = receive(jambi, rentan, content)
        assert receive(bungo, theirs, content) != ours
        assert told(bungo, ours) == {}
        with pytest.raises(Agreement.DoesNotExist):
            receive(bungo, rentan, content)

    def test_the_corrected_file_enrols_only_who_was_corrected(self, jambi: City, rentan: Agreement) -> None:
        wrong, right = text(cells(SITI), cells(BUDI, NIK="15710")), text(cells(SITI), cells(BUDI))
        with jambi.acting() as officer:
            first = intake.receive(
                name="a.csv", content=wrong, agreement_id=rentan.pk, by=officer, now=world.at(ON)
            )
            assert enrolling.enrol(roster_id=first, by=officer, now=world.at(ON)).enrolled == 1
        second = receive(jambi, rentan, right)
        assert told(jambi, second) == {
            FIRST: Told("enrolled", ("register.already_enrolled",)),
            FIRST + 1: READY,
        }
        with jambi.acting() as officer:
            assert enrolling.enrol(roster_id=second, by=officer, now=world.at(ON)).enrolled == 1
            assert rentan.memberships.count() == 2

    def test_two_officers_who_send_it_at_once_make_one_list(self, fresh_database: str) -> None:
        jambi = world.city()
        rentan = world.agreement(jambi)
        content = text(*map(cells, newcomers(300)))
        before = counts()
        made = at_once(*[lambda: receive(jambi, rentan, content)] * 4)
        assert {type(roster) for roster in made} == {int}
        assert len(set(made)) == 1
        after = counts()
        grown = {table: after[table] - before[table] for table in after if after[table] != before[table]}
        events = grown.pop("access_auditevent")
        assert grown == {"documents_document": 1, "membership_roster": 1, "membership_rosterrow": 300}
        assert 1 <= events <= 4, "each of the four may have noted that she sent it"


class TestSealing:
    def test_the_original_is_kept_byte_by_byte(self, jambi: City, rentan: Agreement) -> None:
        content = text(cells(SITI), cells(BUDI)) + b"\r\n"
        roster = receive(jambi, rentan, content)
        with jambi.acting() as officer:
            kept = Roster.objects.get(pk=roster).document
            assert keeping.fetch(kept, by=officer) == content

    def test_the_cells_are_kept_as_the_officer_wrote_them(self, jambi: City, rentan: Agreement) -> None:
        row = cells(SITI, Nama="  SITI   AMINAH ", NIK=f"'{SITI.nik}", Alamat="Jl. 1001 Malam")
        roster = receive(jambi, rentan, text(row))
        [kept] = opened(jambi, roster).values()
        assert kept.cells == tuple({"No": "1", "HP": "", **row}.get(heading, "") for heading in HEADINGS)[:9]
        assert kept.facts is not None
        assert (kept.facts.name, kept.facts.nik) == ("Siti Aminah", SITI.nik)
        assert kept.facts.birth_date == SITI.birth_date

    def test_a_row_does_not_open_on_another_line_or_in_another_roster(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI)))
        with jambi.acting():
            sealed = bytes(RosterRow.objects.get(roster_id=roster, number=FIRST).sealed)
        assert sealed_rows.read_many(roster, [(FIRST, sealed)])[0].facts
        for other_roster, other_line in ((roster, FIRST + 1), (roster + 1, FIRST)):
            with pytest.raises(SealBroken):
                sealed_rows.read_many(other_roster, [(other_line, sealed)])

    def test_the_app_can_neither_change_nor_remove_a_row(self, jambi: City, rentan: Agreement) -> None:
        receive(jambi, rentan, text(cells(SITI)))
        for statement in (
            "UPDATE membership_rosterrow SET number = number",
            "UPDATE membership_roster SET agreement_id = agreement_id",
            "DELETE FROM membership_rosterrow",
            "DELETE FROM membership_roster",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), jambi.acting():
                execute(statement)


class TestRefusing:
    @pytest.mark.parametrize(
        ("content", "code", "told_id"),
        [
            (
                b"Siti Aminah;1571;12-05-1974\r\nBudi;1572;13-05-1974\r\n",
                "file.no_header",
                "Nama, NIK, Tanggal Lahir",
            ),
            (b"Nama;NIK;Kelurahan\r\nSiti;1571;Legok\r\n", "file.no_column", "Tanggal Lahir"),
            (b"No;NIK;Tgl Lahir;Kelurahan\r\n1;1571;12-05-1974;Legok\r\n", "file.no_column", "Nama"),
            (b"Nama;NIK;Tgl Lahir;Kelurahan\r\n", "file.no_rows", "baris data"),
            (b"Nama;NIK;Tgl Lahir;Kelurahan\r\nJUMLAH;;;\r\n", "file.no_rows", "baris data"),
        ],
    )
    def test_a_list_that_cannot_be_judged_is_refused_with_what_to_do(
        self, jambi: City, rentan: Agreement, content: bytes, code: str, told_id: str
    ) -> None:
        before = counts()
        with pytest.raises(Unreadable) as refused:
            receive(jambi, rentan, content)
        assert refused.value.code == code
        assert told_id in sentence(refused).id
        assert counts() == before

    def test_a_column_of_niks_that_excel_has_rounded_refuses_the_whole_file(
        self, jambi: City, rentan: Agreement
    ) -> None:
        rounded = [cells(worker, NIK=f"{worker.nik[:15]}0") for worker in newcomers(30)]
        with pytest.raises(Unreadable, match=r"file\.excel_damage"):
            receive(jambi, rentan, text(*rounded))

    def test_niks_that_honestly_end_in_0_refuse_nothing(self, jambi: City, rentan: Agreement) -> None:
        honest = newcomers(200, first=100)
        assert sum(worker.nik.endswith("0") for worker in honest) == 20
        receive(jambi, rentan, text(*map(cells, honest)))

    def test_a_file_that_breaks_off_half_way_stores_nothing(self, jambi: City, rentan: Agreement) -> None:
        content = text(*map(cells, newcomers(500))) + b'501,"Siti Amin\r\n'
        before = counts()
        with pytest.raises(Unreadable, match=r"file\.quotes"):
            receive(jambi, rentan, content)
        assert counts() == before

    def test_no_child_is_left_while_the_reason_is_still_being_told(
        self, jambi: City, rentan: Agreement
    ) -> None:
        """Refused in the middle of reading: the child must be gone before the answer is."""
        before = children()
        content = b"x;y\r\n" * 100_000
        with pytest.raises(Unreadable) as refused:
            receive(jambi, rentan, content)
        assert children() == before
        assert refused.value.code == "file.no_header"

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.AUDITOR, Role.KELURAHAN_OPERATOR])
    def test_who_only_reads_or_sees_one_kelurahan_can_hand_in_nothing(
        self, jambi: City, rentan: Agreement, role: Role
    ) -> None:
        before = counts()
        with pytest.raises(ProgrammingError, match="row-level security"):
            receive(jambi, rentan, text(cells(SITI)), role=role)
        assert counts() == before

    def test_an_agreement_without_a_segment_takes_no_list(self, jambi: City, rentan: Agreement) -> None:
        bare = without_segment(jambi, rentan)
        before = counts()
        with pytest.raises(Unreadable) as refused:
            receive(jambi, bare, text(cells(SITI)))
        assert "belum punya segmen" in sentence(refused).id
        with pytest.raises(Unreadable, match=r"agreement\.no_segment"), jambi.acting() as officer:
            intake.preview(content=text(cells(SITI)), agreement=bare, by=officer, on=ON)
        assert counts() == before

    def test_without_a_scope_there_is_no_agreement(self, jambi: City, rentan: Agreement) -> None:
        with pytest.raises(Agreement.DoesNotExist):
            intake.receive(
                name="a.csv",
                content=text(cells(SITI)),
                agreement_id=rentan.pk,
                by=jambi.actor(),
                now=world.at(ON),
            )


class TestPreviewing:
    def test_it_says_what_taking_would_say_and_stores_nothing(self, jambi: City, rentan: Agreement) -> None:
        world.enrol(jambi, world.agreement(jambi, "keagamaan"), BUDI)
        content = text(cells(SITI), cells(BUDI), cells(STRANGER, NIK=""))
        before = counts()
        with jambi.acting() as officer:
            _, found = intake.preview(content=content, agreement=rentan, by=officer, on=ON, name="a.csv")
        assert counts() == before
        previewed = {
            row.line: Told(row.verdict, tuple(code for _, code, _ in row.problems)) for row in found.rows
        }
        assert previewed == told(jambi, receive(jambi, rentan, content))
        assert intake.counts(found.rows) == {
            "ready": 1,
            "to_fix": 1,
            "refused": 1,
            "enrolled": 0,
            "ignored": 0,
        }

    def test_without_anybody_it_judges_the_list_by_itself(self, jambi: City, rentan: Agreement) -> None:
        """Pak Budi's line does not tell that he is enrolled; the fourth of three places is one too many."""
        world.enrol(jambi, rentan, BUDI)
        content = text(cells(SITI), cells(BUDI), *map(cells, newcomers(2)), cells(STRANGER, NIK=""))
        with jambi.acting():
            _, found = intake.preview(content=content, agreement=rentan, by=None, on=ON, name="a.csv")
        assert [row.verdict for row in found.rows] == ["ready", "ready", "ready", "to_fix", "to_fix"]
        assert [problem.code for problem in found.rows[3].problems] == ["quota.full"]
        assert found.people == {}

    def test_without_anybody_it_keeps_the_rules_of_wage_earners(self, jambi: City, rentan: Agreement) -> None:
        """Pak Budi is 69: too old to join as a BPU, not too old to have an employer; who has no wage is not ready."""
        old = cells(BUDI, NIK="1571100507550002", **{"Tgl Lahir": "05-07-1955"})
        content = text(old | {"HP": "115000"}, cells(SITI)).replace(b"HP", b"Upah Harian")
        unit = employers.unit(jambi).agreement
        with jambi.acting():
            judged = {
                promised.pk: intake.preview(
                    content=content, agreement=promised, by=None, on=ON, name="a.csv"
                )[1].rows
                for promised in (unit, rentan)
            }
        assert [row.verdict for row in judged[unit.pk]] == ["ready", "to_fix"]
        assert [problem.code for problem in judged[unit.pk][1].problems] == ["wage.missing"]
        assert [row.verdict for row in judged[rentan.pk]] == ["refused", "ready"]

    @pytest.mark.parametrize(
        ("column", "wage", "code"),
        [
            ("Upah Harian", "150000000", "wage.missing"),
            ("Upah Harian", "3500000", "wage.day_above_month"),
            ("Upah", "35000000", "wage.very_high"),
        ],
    )
    def test_a_wage_like_a_slip_waits_to_be_mended(
        self, jambi: City, column: str, wage: str, code: str
    ) -> None:
        content = text(cells(SITI) | {"HP": wage}).replace(b"HP", column.encode())
        employers.minimum_wage(jambi)
        unit = employers.unit(jambi).agreement
        with jambi.acting():
            _, found = intake.preview(content=content, agreement=unit, by=None, on=ON, name="a.csv")
        assert [row.verdict for row in found.rows] == ["to_fix"]
        assert [problem.code for problem in found.rows[0].problems] == [code]


class TestSeeing:
    def test_an_operator_sees_the_rows_of_one_kelurahan_and_not_the_file(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI), cells(STRANGER, Kelurahan="x")))
        assert list(told(jambi, roster, Role.KELURAHAN_OPERATOR)) == [FIRST]
        with jambi.acting(Role.KELURAHAN_OPERATOR):
            assert not Document.objects.exists()

    def test_the_app_s_role_without_a_scope_sees_nothing(self, fresh_database: str, as_role: Connect) -> None:
        jambi = world.city()
        receive(jambi, world.agreement(jambi), text(cells(SITI)))
        app = as_role("lindung_app")
        for table in ("membership_roster", "membership_rosterrow", "documents_document"):
            assert app.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)

    def test_the_branch_sees_the_list_of_its_city_and_another_branch_does_not(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(cells(SITI)))
        assert list(told(jambi, roster, Role.BRANCH_OFFICER)) == [FIRST]
        bungo = world.city("bungo")
        with in_scope(scope_of(bungo.users[Role.BRANCH_OFFICER], ON), actor=bungo.actor(Role.BRANCH_OFFICER)):
            assert not RosterRow.objects.filter(roster_id=roster).exists()
