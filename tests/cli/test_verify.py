"""`checkpoint` and `verify`: signed where the book stands, and proved; what is wrong makes exit code 1."""

from pathlib import Path

import pytest

import world
from cli.conftest import Run
from ledger import books
from stages import Stages, administrator


@pytest.fixture
def starting_point(stages: Stages) -> str:
    return stages.of(books.paid, now=world.at(world.TODAY)).database


@pytest.fixture
def folder(fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LINDUNG_CHECKPOINTS", str(tmp_path / "checkpoints"))
    return tmp_path


def test_it_signs_and_proves(folder: Path, run: Run) -> None:
    copy = folder / "copy.json"
    signed = run("checkpoint", "--out", copy, "--json")
    assert signed.code == 0
    assert signed.json["files"][0] == str(copy)
    assert signed.json["chains"]["entries"]["rows"] == 4
    proved = run("verify", "--json")
    assert proved.code == 0
    assert proved.json["holds"] is True
    assert [each["short"] for each in proved.json["checkpoints"]] == [signed.json["short"]]
    assert all(each["holds"] and each["sentence"]["id"] for each in proved.json["proofs"])
    assert len(proved.json["unseen"]) == 3
    again = run("checkpoint", "--out", copy, "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "checkpoint.file_there")


def test_people_read_what_holds_and_what_cannot_be_seen(folder: Path, run: Run) -> None:
    assert "Checkpoint " in run("checkpoint").out
    out = run("verify").out
    assert "holds  Each entry sums to zero. (ledger.entries_sum_to_zero)" in out
    assert "What cannot be seen here:\n- What came after the last checkpoint" in out
    assert "All of it holds. Proofs: " in out
    assert "checkpoints: 1." in out


def test_what_is_wrong_is_named_and_makes_exit_code_1(folder: Path, run: Run, fresh_database: str) -> None:
    run("checkpoint")
    with administrator(fresh_database) as root:
        root.execute("SET session_replication_role = replica")
        root.execute("DELETE FROM contributions_paidmonth WHERE programme = 'jkm' AND month = '2025-06-01'")
    answer = run("verify")
    assert answer.code == 1
    assert "WRONG  The paid months are the lines of the paid bills" in answer.out
    assert "jkm: paid Rp, billed Rp6800" in answer.out
    assert "WRONG: 1. Change nothing;" in answer.out


def test_a_file_that_is_no_checkpoint_is_said(folder: Path, run: Run) -> None:
    (folder / "bad.json").write_text("{}")
    answer = run("verify", "--checkpoint", folder / "bad.json")
    assert answer.code == 1
    assert "bad.json cannot be read as a checkpoint" in answer.out
    assert run("verify", "--chekpoint", "x").code == 2


def test_bills_of_before_are_counted(folder: Path, run: Run, fresh_database: str) -> None:
    with administrator(fresh_database) as root:
        root.execute(
            "UPDATE access_auditevent SET detail = detail - 'lines_digest' WHERE action = 'bill.drawn'"
        )
    answer = run("verify", "--json")
    assert answer.code == 0
    assert [
        each["en"] for each in answer.json["unseen"] if each["en"].startswith("3 bills were drawn before")
    ]
