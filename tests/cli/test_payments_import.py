"""`payments import` and `payments match`: tried first, stored when said, each line once."""

from datetime import date
from pathlib import Path

import pytest

from cli.conftest import Run, as_officer
from cli.town import Town
from formats.statements import THREE, Wire, mt940, table
from lindung.contributions.matching import pay_code
from lindung.contributions.models import Bill
from lindung.contributions.run_records import MatchRun
from lindung.contributions.statement_records import StatementLine

BY = ("--by", "finance_officer")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "november.sta"
    path.write_bytes(mt940(THREE))
    return path


def test_it_stores_nothing_when_it_is_only_tried(town: Town, run: Run, file: Path) -> None:
    came = run("payments", "import", file, *BY, "--json").json
    assert (came["dry"], came["lines"], came["fresh"], came["debit"], came["total"]) == (
        True,
        3,
        2,
        1,
        50_400,
    )
    with as_officer(town):
        assert StatementLine.objects.count() == 0


def test_it_brings_a_statement_in_once(town: Town, run: Run, file: Path) -> None:
    numbers = {
        run("payments", "import", file, *BY, "--wet-run", "--json").json["statement"] for _ in range(2)
    }
    assert len(numbers) == 1
    with as_officer(town):
        assert StatementLine.objects.count() == 3


def test_it_needs_what_the_file_does_not_say(town: Town, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "november.csv"
    path.write_bytes(table().split(b"\r\n", 1)[1])
    assert (
        run("payments", "import", path, *BY, "--json", "--days", "dmy").json["error"]["code"]
        == "statement.no_account"
    )
    assert run("payments", "import", path, *BY, "--json", "--account", "1110005556667").json["error"][
        "code"
    ] == ("statement.doubtful_dates")
    answer = run("payments", "import", path, *BY, "--json", "--account", "1110005556667", "--days", "dmy")
    assert answer.json["fresh"] == 2


def test_it_says_why_not(town: Town, run: Run, file: Path) -> None:
    assert (
        run("payments", "import", file, "--by", "mayor", "--json").json["error"]["code"] == "user.not_allowed"
    )
    assert run("payments", "import", file, *BY, "--city", "bungo", "--json").json["error"]["code"] == (
        "statement.not_your_city"
    )


def test_it_accepts_what_is_exact_and_says_what_is_left(town: Town, run: Run, file: Path) -> None:
    run("payments", "import", file, *BY, "--wet-run")
    done = run("payments", "match", *BY, "--wet-run", "--json").json
    assert done == {"dry": False, "accepted": 0, "passed_over": 0, "left": 0}


def test_it_accepts_by_a_run_until_all_is_done(town: Town, run: Run, tmp_path: Path) -> None:
    run(
        "bill",
        "draw",
        "--agreement",
        "jambi-rentan",
        "--by",
        "city_officer",
        "--month",
        "2026-11",
        "--wet-run",
    )
    with as_officer(town):
        bill = Bill.objects.get(status="final")
    path = tmp_path / "pasti.sta"
    path.write_bytes(mt940([Wire(date(2026, 11, 9), bill.total, pay_code(bill.pk))]))
    run("payments", "import", path, *BY, "--wet-run")
    tried = run("payments", "match", *BY, "--json").json
    assert tried == {"dry": True, "accepted": 1, "passed_over": 0, "left": 0}
    done = run("payments", "match", *BY, "--wet-run", "--json").json
    assert done == {"dry": False, "accepted": 1, "passed_over": 0, "left": 0}
    with as_officer(town):
        (match,) = MatchRun.objects.all()
        assert match.finished_at is not None, "the trial before left no run"
        assert Bill.objects.get(pk=bill.pk).status == "paid"
