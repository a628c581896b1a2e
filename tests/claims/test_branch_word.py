"""BPJS's word by file, what the database refuses anybody else to say, and what is decided here where we may."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import pytest
from django.db.models import Model

import world
from database import as_loader, at_once, execute, fetched, forbidden, refused
from formats.workbooks import written
from lindung.access.models import AuditEvent, Role
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.claims import branch_word
from lindung.claims.models import Determination, Estimate, Programme
from lindung.contributions.branch_records import BranchBalance, ContributionCode
from lindung.contributions.branch_word import codes_of, give_code, state_balance
from lindung.documents import keeping
from lindung.documents.models import Document
from lindung.formats.unreadable import Unreadable
from lindung.law.months import Month
from lindung.membership import branch_import
from lindung.membership.branch_records import BranchImport, BranchLine, BranchStatus, MemberNumber, WordKind
from lindung.membership.branch_word import NotANumber, give_number, opened, set_status, word_on
from lindung.partnership.deciders import Function
from lindung.partnership.models import Agreement
from stages import Stage as Saved
from stages import stage_of

JUNE = Month(2025, 6)
NOW = world.at(world.TODAY)
KPJ = "19015012347"
NUMBERS = "KPJ,NIK,Nama,Tanggal Lahir"
SITI = f"{KPJ},'{world.SITI.nik},Siti Aminah,12-03-1984"


class Stage(NamedTuple):
    """Kota Jambi with Ibu Siti and Pak Budi, June 2025 paid, July asked for."""

    jambi: world.City
    agreement: Agreement
    siti: int
    bill_id: int


def built() -> Stage:
    jambi = world.city()
    agreement = world.agreement(jambi)
    siti, _ = world.enrol(jambi, agreement, world.SITI, world.BUDI)
    world.pay(jambi, agreement, JUNE)
    return Stage(jambi, agreement, siti, world.bill(jambi, agreement, JUNE.next()).pk)


saved_stage = stage_of(built, now=world.at(world.TODAY))


@pytest.fixture
def stage(saved_stage: Saved[Stage], db: None) -> Stage:
    return saved_stage.found()


def numbers(stage: Stage, *lines: str) -> BranchImport:
    return world.word(stage.jambi, WordKind.MEMBER_NUMBER, NUMBERS, *lines)


def tally(word: BranchImport) -> tuple[int, int, int, int]:
    return word.lines, word.accepted, word.unknown, word.faulty


class TestFiles:
    def test_it_gives_ibu_siti_her_number(self, stage: Stage) -> None:
        word = numbers(stage, SITI)
        assert tally(word) == (1, 1, 0, 0)
        with stage.jambi.acting():
            stored = MemberNumber.objects.get()
            assert (stored.person_id, stored.word_id, stored.line) == (stage.siti, word.pk, 2)
            assert opened(stored) == KPJ
            assert KPJ.encode() not in bytes(stored.kpj_sealed)
            assert word_on(stage.siti, on=world.TODAY).kpj_masked == "190••••••47"
            assert word_on(stage.siti, on=date(2026, 11, 21)).kpj_masked == ""

    def test_it_loses_no_line(self, stage: Stage) -> None:
        word = numbers(
            stage,
            SITI,
            "19015012354,'1571025203849999,Orang Lain,12-03-1984",
            f"19015012354,'{world.BUDI.nik},Rahmat Hidayat,17-08-1990",
            f"1901,'{world.BUDI.nik},Budi Santoso,05-07-1979",
            SITI,
        )
        assert tally(word) == (5, 1, 2, 2)
        with stage.jambi.acting():
            left = branch_import.left_lines(word, number=1)
            assert BranchLine.objects.count() == 4
        assert [(line.number, line.outcome, line.reason) for line in left] == [
            (3, "unknown", branch_import.REASONS["person.unknown"]),
            (4, "unknown", branch_import.REASONS["person.differs"]),
            (5, "faulty", branch_import.REASONS["line.kpj"]),
            (6, "faulty", branch_import.REASONS["line.repeated"]),
        ]

    def test_it_shows_no_whole_number_of_a_line_that_was_not_taken(self, stage: Stage) -> None:
        word = numbers(stage, "19015012354,'1571025203849999,Orang Lain,12-03-1984")
        with stage.jambi.acting():
            (line,) = branch_import.left_lines(word, number=1)
        assert "19015012354" not in str(line.cells)
        assert "1571025203849999" not in str(line.cells)

    def test_it_believes_a_misspelt_name_when_the_birth_date_fits(self, stage: Stage) -> None:
        assert numbers(stage, f"{KPJ},'{world.SITI.nik},Sity Aminnah,12-03-1984").accepted == 1

    def test_it_keeps_the_file_whole_and_takes_it_once(self, stage: Stage) -> None:
        first, again = numbers(stage, SITI), numbers(stage, SITI)
        assert first.pk == again.pk
        with stage.jambi.acting() as officer:
            assert MemberNumber.objects.count() == 1
            content = keeping.fetch(Document.objects.get(kind="branch_word"), by=officer)
            assert content == f"{NUMBERS}\r\n{SITI}\r\n".encode()
            assert AuditEvent.objects.filter(action="branch_word.imported").count() == 1

    def test_it_reads_a_workbook_too(self, stage: Stage) -> None:
        content = written([["KPJ", "NIK"], [KPJ, world.SITI.nik]])
        with stage.jambi.acting(Role.BRANCH_OFFICER) as officer:
            word = received(stage, content, by=officer, name="kpj.xlsx")
        assert word.accepted == 1

    def test_it_finds_a_person_by_a_number_that_is_known(self, stage: Stage) -> None:
        numbers(stage, SITI)
        world.word(stage.jambi, WordKind.STATUS, "KPJ,Status,Sejak", f"{KPJ},Aktif,1 Juni 2025")
        with stage.jambi.acting():
            found = word_on(stage.siti, on=world.TODAY)
        assert (found.active, found.since) == (True, JUNE.first_day())

    def test_it_takes_no_status_that_it_would_have_to_guess(self, stage: Stage) -> None:
        word = world.word(
            stage.jambi, WordKind.STATUS, "NIK,Status,Sejak", f"'{world.SITI.nik},mungkin,01-06-2025"
        )
        assert tally(word) == (1, 0, 0, 1)

    def test_it_tells_the_bill_its_kode_iuran(self, stage: Stage) -> None:
        headings = "Kode Iuran,BLTH,Jumlah Peserta,Jumlah"
        word = world.word(
            stage.jambi,
            WordKind.CONTRIBUTION_CODE,
            headings,
            '250600001,062025,2,"33.600,00"',
            "1,13-2025,1,1",
        )
        assert tally(word) == (2, 1, 0, 1)
        with stage.jambi.acting():
            (code,) = codes_of(stage.agreement.bills.get(month=JUNE.first_day()))
        assert (code.code, code.amount, code.people) == ("250600001", 33_600, 2)

    def test_it_puts_our_estimate_beside_a_determination(self, stage: Stage) -> None:
        determined(stage, "10000000")
        with stage.jambi.acting():
            estimate = Estimate.objects.get()
            said = Determination.objects.get()
        assert (said.amount, said.number, said.decided_on) == (10_000_000, "PJ/1", date(2025, 8, 20))
        assert (estimate.programme, estimate.event_date) == ("jkm", date(2025, 8, 10))

    def test_it_takes_no_determination_that_comes_before_its_event(self, stage: Stage) -> None:
        headings = "NIK,Program,Tanggal Kejadian,Jumlah,Nomor Penetapan,Tanggal Penetapan"
        line = f"'{world.SITI.nik},JKM,10-08-2025,1,PJ/1,09-08-2025"
        assert tally(world.word(stage.jambi, WordKind.DETERMINATION, headings, line)) == (1, 0, 0, 1)

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"KPJ,Nama\r\n19015012347,Siti\r\n", "file.no_column"),
            (b"halo\r\n", "file.no_header"),
            (b"", "file.empty"),
            (b"\x89PNG\r\n\x1a\n", "file.not_a_workbook"),
        ],
    )
    def test_it_keeps_nothing_of_a_file_it_cannot_read(self, stage: Stage, content: bytes, code: str) -> None:
        with stage.jambi.acting() as officer:
            with pytest.raises(Unreadable) as caught:
                received(stage, content, by=officer)
            assert not Document.objects.filter(kind="branch_word").exists()
        assert caught.value.code == code

    def test_it_survives_a_nul_byte_and_a_formula(self, stage: Stage) -> None:
        lines = (f"'{world.SITI.nik},Aktif,01-06-2025,=cmd()", f"'{world.BUDI.nik},Aktif,01-06-2025,a\0b")
        word = world.word(stage.jambi, WordKind.STATUS, "NIK,Status,Sejak,Alasan", *lines)
        assert word.lines == word.accepted + word.unknown + word.faulty == 2


class TestWhoMay:
    def test_it_refuses_a_word_for_another_city(self, stage: Stage) -> None:
        bungo = world.city("bungo", branch=stage.jambi.branch)
        with bungo.acting() as stranger, pytest.raises(branch_import.NotYourCity):
            received(stage, f"{NUMBERS}\r\n{SITI}\r\n".encode(), by=stranger)

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.AUDITOR, Role.KELURAHAN_OPERATOR])
    def test_it_refuses_who_only_looks_or_sees_one_kelurahan(self, stage: Stage, role: Role) -> None:
        with stage.jambi.acting(role) as actor, pytest.raises(branch_import.NotYourCity):
            received(stage, f"{NUMBERS}\r\n{SITI}\r\n".encode(), by=actor)

    def test_it_refuses_a_word_of_tomorrow(self, stage: Stage) -> None:
        with stage.jambi.acting() as officer, pytest.raises(branch_import.SaidInFuture):
            received(stage, b"x", by=officer, said_on=date(2026, 11, 23))

    def test_it_tells_nothing_of_people_of_another_city(self, stage: Stage) -> None:
        """Who brings in a list of NIKs learns only whom his own city has."""
        bungo = world.city("bungo", branch=stage.jambi.branch)
        assert tally(world.word(bungo, WordKind.MEMBER_NUMBER, NUMBERS, SITI)) == (1, 0, 1, 0)

    def test_it_takes_one_file_once_when_two_send_it_at_once(self, fresh_database: str) -> None:
        stage = built()
        outcomes = at_once(lambda: numbers(stage, SITI), lambda: numbers(stage, SITI))
        assert all(isinstance(outcome, BranchImport) for outcome in outcomes), outcomes
        assert len({outcome.pk for outcome in outcomes if isinstance(outcome, BranchImport)}) == 1
        with stage.jambi.acting():
            assert MemberNumber.objects.count() == 1


class TestRefusedByTheDatabase:
    """Authority `bpjs`, the default: the app's role adds nothing that BPJS decides, whatever it writes."""

    TABLES = (
        "membership_membernumber",
        "membership_branchstatus",
        "contributions_contributioncode",
        "contributions_branchbalance",
        "claims_determination",
    )

    @pytest.mark.parametrize("table", TABLES)
    def test_it_adds_no_word_of_bpjs_by_plain_sql(self, stage: Stage, table: str) -> None:
        world.words_of_every_kind(stage.jambi, stage.agreement, world.SITI)
        with stage.jambi.acting(), forbidden():
            execute(again(table, line="line + 100"))

    @pytest.mark.parametrize("table", TABLES)
    def test_it_decides_nothing_here_without_authority(self, stage: Stage, table: str) -> None:
        world.words_of_every_kind(stage.jambi, stage.agreement, world.SITI)
        with stage.jambi.acting(), refused("decided_where_authority_is"):
            execute(again(table, decided_by="'here'", word_id="NULL", line="NULL"))

    @pytest.mark.parametrize("table", TABLES)
    def test_it_decides_here_with_authority_but_never_as_bpjs(self, stage: Stage, table: str) -> None:
        world.words_of_every_kind(stage.jambi, stage.agreement, world.SITI)
        world.authority(stage.jambi, *Function)
        with stage.jambi.acting():
            assert execute(again(table, decided_by="'here'", word_id="NULL", line="NULL")) >= 1
            with forbidden():
                execute(again(table, line="line + 100"))

    @pytest.mark.parametrize("table", TABLES)
    def test_it_takes_no_imported_row_without_its_file(self, stage: Stage, table: str) -> None:
        world.words_of_every_kind(stage.jambi, stage.agreement, world.SITI)
        name = {"membership_membernumber": "member_number", "membership_branchstatus": "branch_status",
                "contributions_contributioncode": "contribution_code", "contributions_branchbalance": "branch_balance",
                "claims_determination": "determination"}[table]  # fmt: skip
        for change, promise in (
            ({"word_id": "NULL"}, "names_its_source"),
            ({"word_id": "999999"}, "of_its_import"),
        ):
            with (
                refused(f"{name}_{promise}"),
                system_scope(SystemScope.BRANCH_WORD, actor=stage.jambi.actor()),
                as_loader(),
            ):
                execute(again(table, line="line + 100", **change))

    def test_it_lets_nobody_make_an_import_by_plain_sql(self, stage: Stage) -> None:
        numbers(stage, SITI)
        with stage.jambi.acting(), forbidden():
            execute("INSERT INTO membership_branchimport SELECT * FROM membership_branchimport")

    def test_it_lets_the_loader_add_a_word_in_an_import_only(self, stage: Stage) -> None:
        numbers(stage, SITI)
        with forbidden(), system_scope(SystemScope.ENROLLING, actor=stage.jambi.actor()), as_loader():
            execute(again("membership_membernumber", line="line + 100"))


class TestDecidedHere:
    @pytest.mark.parametrize("kind", ["number", "status", "code", "balance", "benefit"])
    def test_it_is_refused_where_bpjs_decides_and_taken_where_we_do(self, stage: Stage, kind: str) -> None:
        act = DECISIONS[kind]
        with refused("decided_where_authority_is"), stage.jambi.acting() as officer:
            act(stage, officer)
        world.authority(stage.jambi, *Function)
        with stage.jambi.acting() as officer:
            act(stage, officer)
        with stage.jambi.acting():
            made = [model._default_manager.filter(decided_by="here").count() for model in SAID]
        assert sum(made) == 1

    def test_it_does_not_pass_our_own_decision_off_as_that_of_bpjs(self, stage: Stage) -> None:
        world.authority(stage.jambi, Function.MEMBER_NUMBER, Function.ACTIVE_STATUS)
        with stage.jambi.acting() as officer:
            DECISIONS["number"](stage, officer)
            DECISIONS["status"](stage, officer)
            word = word_on(stage.siti, on=world.TODAY)
            assert (word.kpj_given_here, word.status_set_here) == (True, True)

    def test_it_gives_nobody_a_number_of_ten_digits(self, stage: Stage) -> None:
        with stage.jambi.acting() as officer, pytest.raises(NotANumber):
            give_number(person_id=stage.siti, number="1901501234", by=officer, on=world.TODAY, now=NOW)


SAID: tuple[type[Model], ...] = (MemberNumber, BranchStatus, ContributionCode, BranchBalance, Determination)
DECISIONS: dict[str, Callable[[Stage, Actor], object]] = {
    "number": lambda stage, by: give_number(person_id=stage.siti, number=KPJ, by=by, on=world.TODAY, now=NOW),
    "status": lambda stage, by: set_status(
        person_id=stage.siti, active=False, since=world.TODAY, reason="Pindah", by=by, on=world.TODAY, now=NOW
    ),
    "code": lambda stage, by: give_code(bill_id=stage.bill_id, code="2506", by=by, on=world.TODAY, now=NOW),
    "balance": lambda stage, by: state_balance(
        person_id=stage.siti, balance=0, as_of=world.TODAY, by=by, on=world.TODAY, now=NOW
    ),
    "benefit": lambda stage, by: branch_word.determine(
        person_id=stage.siti, programme=Programme.JKM, event_date=date(2026, 8, 10), amount=42_000_000, number="PJ/9",
        by=by, on=world.TODAY, now=NOW,
    ),
}  # fmt: skip


def again(table: str, **changes: str) -> str:
    """SQL that writes the rows of a table once more, with these columns changed and ids of their own."""
    query = (
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attname <> 'id'"
    )
    columns = [name for (name,) in fetched(query, table)]
    values = ", ".join(changes.get(name, name) for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"


def received(
    stage: Stage, content: bytes, *, by: Actor, name: str = "kpj.csv", said_on: date = world.TODAY
) -> BranchImport:
    return branch_word.receive(
        kind=WordKind.MEMBER_NUMBER,
        name=name,
        content=content,
        sponsor_id=stage.jambi.sponsor.pk,
        said_on=said_on,
        by=by,
        now=world.at(world.TODAY),
    )


def determined(stage: Stage, amount: str) -> BranchImport:
    headings = "NIK,Program,Tanggal Kejadian,Jumlah,Nomor Penetapan,Tanggal Penetapan"
    line = f"'{world.SITI.nik},JKM,10-08-2025,{amount},PJ/1,20-08-2025"
    return world.word(stage.jambi, WordKind.DETERMINATION, headings, line)
