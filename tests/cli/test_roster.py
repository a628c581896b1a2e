"""`roster check` and `roster enrol`: every row judged for an agreement; the ready ones enrolled, or only tried."""

from pathlib import Path

import pytest

import agreed
from cli.conftest import Run, as_officer, events, program
from cli.town import AGREED, DEWI, ENROLLED_ROWS, FAULTY_ROWS, NOW, READY_ROW, SITI, Town, acting, sheet
from lindung.access.models import Role
from lindung.access.scope import Actor
from lindung.cli.verdicts import masked
from lindung.contributions import billing
from lindung.law.months import Month
from lindung.membership import ending
from lindung.membership.models import Membership, Roster
from lindung.membership.problems import catalogue
from lindung.partnership.models import Agreement

CHECK = ("roster", "check")
ENROL = ("roster", "enrol")


@pytest.fixture
def next_list(tmp_path: Path) -> Path:
    """Dewi, who is ready, Nur with a short NIK, Yusuf who is too old."""
    path = tmp_path / "Data Pekerja BARU.csv"
    path.write_bytes(sheet(READY_ROW, *FAULTY_ROWS))
    return path


def test_it_gives_each_row_its_verdict_and_each_fault_its_cell(town: Town, run: Run, next_list: Path) -> None:
    answer = run(*CHECK, next_list, "--agreement", "jambi-rentan", "--json")
    assert answer.code == 3
    rows = {row["number"]: row for row in answer.json["rows"]}
    assert [rows[number]["verdict"] for number in (2, 3, 4)] == ["ready", "to_fix", "refused"]
    (problem,) = [each for each in rows[3]["problems"] if each["kind"] == "blocks"]
    assert problem == {
        "column": "NIK",
        "field": "nik",
        "value": "157102••",
        "code": "nik.length",
        "kind": "blocks",
        "message": {"id": "NIK harus 16 angka; di sini 8.", "en": "A NIK has 16 digits; here are 8."},
        "suggestion": {
            "id": "Cocokkan dengan KTP, angka demi angka.",
            "en": "Compare with the identity card, digit by digit.",
        },
        "article": None,
    }
    (too_old,) = [each for each in rows[4]["problems"] if each["code"] == "age.too_old"]
    assert too_old["kind"] == "refuses"
    assert too_old["message"]["en"] == "Has reached 65; BPU registration is before 65."
    assert too_old["article"] == catalogue()["age.too_old"].article


def test_it_sums_up_what_the_list_would_cost_and_how_far_the_money_reaches(
    town: Town, run: Run, next_list: Path
) -> None:
    summary = run(*CHECK, next_list, "--agreement", "jambi-rentan", "--json").json["summary"]
    assert summary["verdicts"] == {"ready": 1, "to_fix": 1, "refused": 1, "enrolled": 0, "ignored": 0}
    assert summary["codes"]["nik.length"] == 1
    assert (summary["people_payable"], summary["monthly_cost"]) == (1, 16_800)
    assert summary["headers"][1] == {"heading": "NIK", "field": "nik"}
    # The budget is five months of two people; with Dewi, December costs one contribution more than is left.
    assert (summary["first_month"], summary["last_month_payable_in_full"]) == ("2026-12", "2026-11")
    assert (summary["shortfall_month"], summary["shortfall"]) == ("2026-12", 16_800)


def test_it_ends_with_0_when_every_row_is_ready(town: Town, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "siap.csv"
    file.write_bytes(sheet(READY_ROW))
    answer = run(*CHECK, file, "--agreement", "jambi-rentan")
    assert answer.code == 0
    assert "Every row is ready" in answer.out


def test_it_knows_whom_the_register_has_already(town: Town, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lagi.csv"
    file.write_bytes(sheet(*ENROLLED_ROWS))
    answer = run(*CHECK, file, "--agreement", "jambi-rentan", "--by", "city_officer", "--json").json
    assert [row["verdict"] for row in answer["rows"]] == ["enrolled", "enrolled"]
    assert answer["summary"]["compared_with_register"] is True


def test_it_asks_the_register_nothing_when_nobody_answers_for_it(
    town: Town, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "lagi.csv"
    file.write_bytes(sheet(*ENROLLED_ROWS))
    answer = run(*CHECK, file, "--agreement", "jambi-rentan", "--json").json
    assert [row["verdict"] for row in answer["rows"]] == ["ready", "ready"]
    assert answer["summary"]["compared_with_register"] is False
    said = "Not compared with the register"
    assert said in run(*CHECK, file, "--agreement", "jambi-rentan").out
    assert said not in run(*CHECK, file, "--agreement", "jambi-rentan", "--by", "city_officer").out


def test_it_takes_who_asks_the_register_from_the_environment_too(
    town: Town, run: Run, next_list: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_USER", "city_officer")
    summary = run(*CHECK, next_list, "--agreement", "jambi-rentan", "--json").json["summary"]
    assert summary["compared_with_register"] is True


def test_it_prints_no_whole_nik_unless_asked(town: Town, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "dua.csv"
    file.write_bytes(sheet(ENROLLED_ROWS[0], READY_ROW, READY_ROW))
    masked_answer = run(*CHECK, file, "--agreement", "jambi-rentan", "--json")
    shown = run(*CHECK, file, "--agreement", "jambi-rentan", "--json", "--show-nik")
    assert SITI not in masked_answer.out
    assert DEWI not in masked_answer.out
    assert "157102••••••••04" in masked_answer.out
    assert DEWI in shown.out


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("1571025203840001", "157102••••••••01"),
        ("'1571025203840001", "157102••••••••01"),
        ("157102520384000", "157102•••••••••"),
        ("1571025203840OO1", "157102•••••••OO•"),
        ("1,57103E+15", "1,57103E+••"),
        ("", ""),
    ],
)
def test_it_masks_a_number_but_leaves_its_fault_to_be_seen(typed: str, shown: str) -> None:
    assert masked(typed) == shown


def test_it_tells_people_row_by_row_what_to_do(town: Town, run: Run, next_list: Path) -> None:
    out = run(*CHECK, next_list, "--agreement", "jambi-rentan").out
    line = next(line for line in out.splitlines() if "Compare with the identity card" in line)
    assert line.split()[:4] == ["3", "to", "fix", "NIK"]
    assert "December 2026 falls short by Rp16.800" in out


def test_it_lets_no_cell_steer_the_terminal(town: Town, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "jahat.csv"
    file.write_bytes(sheet("Nur \x1b[31mHasanah,1571024806900004,99/99/\x1b[2J,P,Payo Lebar,Sayur"))
    answer = run(*CHECK, file, "--agreement", "jambi-rentan")
    assert answer.code == 3
    assert "\x1b" not in answer.out


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "file.empty", "empty (0 bytes)"),
        (b"\x00\x01\x02\x03 no list", "file.not_a_workbook", "Save it as .xlsx"),
        (b"hello,world\r\n1,2\r\n", "file.no_header", "column headings"),
        (b"Nama,Alamat,Kelurahan,L/P\r\nSiti,Jl. A,Payo Lebar,P\r\n", "file.no_column", "NIK, Tanggal Lahir"),
        (b"PK\x03\x04 half a workbook", "file.damaged", "damaged"),
    ],
)
def test_it_says_of_a_file_that_is_no_list_what_to_do(
    town: Town, run: Run, tmp_path: Path, content: bytes, code: str, said: str
) -> None:
    file = tmp_path / "daftar"
    file.write_bytes(content)
    answer = run(*CHECK, file, "--agreement", "jambi-rentan", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == code
    assert set(answer.json["error"]["message"]) == {"id", "en"}
    assert said in answer.err


def test_it_says_when_there_is_no_such_file_or_it_is_a_folder(run: Run, tmp_path: Path) -> None:
    missing = run(*CHECK, tmp_path / "tidak-ada.xlsx", "--agreement", "jambi-rentan")
    folder = run(*CHECK, tmp_path, "--agreement", "jambi-rentan", "--json")
    assert (missing.code, folder.code) == (1, 1)
    assert "There is no file" in missing.err
    assert folder.json["error"]["code"] == "file.is_a_folder"


def test_it_names_the_agreements_when_the_code_is_wrong(town: Town, run: Run, next_list: Path) -> None:
    everybody = run(*CHECK, next_list, "--agreement", "jambi-rentn")
    officer = run(*CHECK, next_list, "--agreement", "bungo-rentan", "--by", "city_officer")
    assert (everybody.code, officer.code) == (1, 1)
    assert "jambi-rentan" in everybody.err
    assert "Choose one of: jambi-rentan." in officer.err  # another city's agreement is not even named


@pytest.mark.parametrize("role", ["mayor", "auditor", "kelurahan_operator", "administrator"])
def test_it_judges_only_for_whoever_may_hand_in_lists(
    town: Town, run: Run, next_list: Path, role: str
) -> None:
    answer = run(*CHECK, next_list, "--agreement", "jambi-rentan", "--by", role, "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "user.not_allowed"
    assert "city_officer" in answer.err


def test_a_trial_enrols_and_takes_it_back(town: Town, run: Run, next_list: Path) -> None:
    answer = run(*ENROL, next_list, "--agreement", "jambi-rentan", "--by", "city_officer", "--json")
    assert answer.code == 0
    assert answer.json["dry"] is True
    assert (answer.json["enrolled"], answer.json["monthly_cost"]) == (1, 16_800)
    assert _members(town) == 2
    assert _rosters(town) == 1


def test_a_wet_run_enrols_and_a_second_one_changes_nothing(town: Town, run: Run, next_list: Path) -> None:
    arguments = (*ENROL, next_list, "--agreement", "jambi-rentan", "--by", "city_officer", "--wet-run")
    first, second = run(*arguments, "--json"), run(*arguments, "--json")
    assert (first.json["enrolled"], second.json["enrolled"]) == (1, 0)
    assert first.json["first_month"] == "2026-12"
    assert second.json["roster"] == first.json["roster"]
    assert _members(town) == 3


def test_a_wet_run_notes_which_account_of_the_machine_used_the_command_line(
    town: Town, run: Run, next_list: Path
) -> None:
    run(*ENROL, next_list, "--agreement", "jambi-rentan", "--by", "city_officer", "--wet-run")
    run(*ENROL, next_list, "--agreement", "jambi-rentan", "--by", "city_officer")
    (event,) = events(town, "command_line.used")
    assert event.actor_id == town.users[Role.CITY_OFFICER].pk
    assert event.detail["command"] == "roster enrol"
    assert event.detail["account"]


def test_it_marks_who_comes_after_the_quota_is_full(town: Town, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "penuh.csv"
    joko = "Joko Susilo,1571020101800009,01/01/1980,L,Payo Lebar,Becak"
    file.write_bytes(sheet(READY_ROW, joko))
    answer = run(*ENROL, file, "--agreement", "jambi-rentan", "--by", "city_officer", "--json")
    assert answer.json["enrolled"] == 1
    assert answer.json["verdicts"]["to_fix"] == 1


@pytest.mark.parametrize(("month", "code"), [("2026-10", 1), ("2026-11", 0), ("2027-03", 0)])
def test_nobody_is_enrolled_for_months_that_are_over(
    town: Town, run: Run, next_list: Path, month: str, code: int
) -> None:
    answer = run(
        *ENROL, next_list, "--agreement", "jambi-rentan", "--by", "city_officer", "--first-month", month
    )
    assert answer.code == code
    assert ("cannot be before November 2026. Set --first-month 2026-11 or later" in answer.err) == bool(code)


def test_nobody_is_enrolled_for_a_month_whose_bill_is_drawn(town: Town, run: Run, next_list: Path) -> None:
    with as_officer(town):
        billing.draw_up(
            agreement_id=town.agreement_id,
            month=Month(2026, 12),
            by=Actor.of(town.users[Role.CITY_OFFICER]),
            today=NOW.date(),
        )
    answer = run(*ENROL, next_list, "--agreement", "jambi-rentan", "--by", "city_officer", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "refused.membership_before_the_bill"
    assert "The bill of that month is drawn already" in answer.err


def test_the_first_month_is_the_agreements_own_when_that_is_later(
    town: Town, run: Run, next_list: Path
) -> None:
    with as_officer(town):
        like = Agreement.objects.get(pk=town.agreement_id)
    agreed.another(
        like,
        "jambi-nanti",
        since=Month(2027, 3).first_day(),
        writer=acting(town.users[Role.CITY_OFFICER], AGREED.date()),
        second=acting(town.users[Role.FINANCE_OFFICER], AGREED.date()),
        now=AGREED,
    )
    checked = run(*CHECK, next_list, "--agreement", "jambi-nanti", "--json")
    enrolled = run(*ENROL, next_list, "--agreement", "jambi-nanti", "--by", "city_officer", "--json")
    assert checked.json["summary"]["first_month"] == enrolled.json["first_month"] == "2027-03"
    assert enrolled.code == 0


def test_it_needs_to_know_who_enrols(town: Town, run: Run, next_list: Path) -> None:
    nobody = run(*ENROL, next_list, "--agreement", "jambi-rentan")
    stranger = run(*ENROL, next_list, "--agreement", "jambi-rentan", "--by", "siti")
    assert nobody.code == 2
    assert (stranger.code, "There is no user 'siti'" in stranger.err) == (1, True)


def test_the_streams_stay_apart_for_programs(server: Path, tmp_path: Path) -> None:
    """As a program of its own: the error on the error stream, JSON alone on the other, and the exit code."""
    answer = program("roster", "check", tmp_path / "x.csv", "--agreement", "none", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "file.missing"
    assert answer.err.count("\n") == 1


def _members(town: Town) -> int:
    with as_officer(town):
        return Membership.objects.filter(agreement_id=town.agreement_id).count()


def _rosters(town: Town) -> int:
    with as_officer(town):
        return Roster.objects.filter(agreement_id=town.agreement_id).count()


def test_a_new_agreement_is_told_in_november_that_the_old_one_lets_its_people_go_in_january(
    town: Town, run: Run, next_list: Path
) -> None:
    january = Month(2027, 1).first_day()
    with as_officer(town):
        old = Agreement.objects.get(pk=town.agreement_id)
    new = agreed.another(
        old,
        "jambi-2027",
        writer=acting(town.users[Role.CITY_OFFICER], NOW.date()),
        second=acting(town.users[Role.FINANCE_OFFICER], NOW.date()),
        now=NOW,
        since=january,
    )
    next_list.write_bytes(sheet(*ENROLLED_ROWS))
    asked = (*CHECK, next_list, "--agreement", new.code, "--by", "city_officer", "--json")
    assert run(*asked).json["summary"]["verdicts"]["refused"] == 2
    with as_officer(town):
        officer = Actor.of(town.users[Role.CITY_OFFICER])
        ending.terminate(agreement_id=old.pk, on=january, reason="Diganti", by=officer, now=NOW)
    summary = run(*asked).json["summary"]
    assert (summary["verdicts"]["ready"], summary["first_month"]) == (2, "2027-01")
