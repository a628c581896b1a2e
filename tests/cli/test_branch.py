"""`branch import` and `branch differences`: tried first, told line by line, the same queue as on the page."""

from pathlib import Path

import pytest

from cli.conftest import Run, as_officer
from cli.town import BUDI, SITI, Town
from lindung.membership.branch_records import MemberNumber

KPJ = "19015012347"
OFFICER = ("--by", "city_officer")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kpj.csv"
    lines = ["KPJ,NIK,Nama", f"{KPJ},'{SITI},Siti Aminah", f"{KPJ},'{BUDI},Budi Santoso", "1,2,Siapa"]
    path.write_text("\r\n".join(lines))
    return path


def bring_in(run: Run, file: Path, *more: str, date: str = "2026-11-20") -> object:
    return run("branch", "import", "member_number", file, "--date", date, *OFFICER, *more, "--json").json


def test_it_stores_nothing_when_it_is_only_tried(town: Town, run: Run, file: Path) -> None:
    came = bring_in(run, file)
    assert isinstance(came, dict)
    assert (came["dry"], came["lines"], came["accepted"], came["faulty"]) == (True, 3, 2, 1)
    assert [(left["line"], left["outcome"]) for left in came["left"]] == [(4, "faulty")]
    with as_officer(town):
        assert MemberNumber.objects.count() == 0


def test_it_brings_a_file_in_and_lists_where_it_differs(town: Town, run: Run, file: Path) -> None:
    bring_in(run, file, "--wet-run")
    (found,) = run("branch", "differences", *OFFICER, "--json").json
    assert found["kind"] == "kpj_shared"
    assert found["ours"]["badge"]["id"] == "Perkiraan Lindung"
    assert found["theirs"]["badge"]["id"] == "Ketetapan BPJS"
    assert (found["file"], found["line"], found["age_days"]) == ("kpj.csv", 3, 2)
    assert KPJ not in str(found)
    assert "One KPJ for two people" in run("branch", "differences", *OFFICER).out


def test_it_says_that_there_is_none(town: Town, run: Run) -> None:
    assert run("branch", "differences", *OFFICER).out == "No difference is open.\n"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--date", "2027-01-01"), "branch_word.in_future"),
        (("--city", "bungo", "--date", "2026-11-20"), "city.unknown"),
        (("--date", "2026-11-20", "--by", "mayor"), "user.not_allowed"),
    ],
)
def test_it_says_why_not(town: Town, run: Run, file: Path, more: tuple[str, ...], code: str) -> None:
    answer = run("branch", "import", "member_number", file, *OFFICER, *more, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, code)


def test_it_refuses_a_file_without_the_columns(town: Town, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Nama,KPJ\r\nSiti,1\r\n")
    answer = run("branch", "import", "member_number", path, "--date", "2026-11-20", *OFFICER, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "file.no_column")


def test_it_compares_a_bill_with_the_branch_s_names(town: Town, run: Run, tmp_path: Path) -> None:
    """Ibu Siti is on both; Pak Budi only on our bill; somebody whose NIK a spreadsheet damaged is not recognised."""
    codes, names = tmp_path / "kode.csv", tmp_path / "nama.csv"
    codes.write_text(
        "Kode Iuran,Bulan,Jumlah,Jumlah Orang,Kerja Sama\r\nKI-1,2026-10,33600,2,jambi-rentan\r\n"
    )
    names.write_text(f"NIK,Nama,Iuran\r\n'{SITI},Siti Aminah,16800\r\n1.57E+15,Dewi,16800\r\n")
    import_codes = (
        "branch",
        "import",
        "contribution_code",
        codes,
        "--date",
        "2026-11-20",
        *OFFICER,
        "--wet-run",
    )
    of_october = ("--agreement", "jambi-rentan", "--month", "2026-10", *OFFICER)
    code_list = ("branch", "code-list", names, "--date", "2026-11-20", *of_october)

    assert run(*code_list, "--json").json["error"]["code"] == "code_list.no_code_yet"
    assert run(*import_codes).code == 0
    tried = run(*code_list, "--json").json
    assert (tried["dry"], tried["counts"]["only_ours"], tried["counts"]["unknown"]) == (True, 1, 1)
    assert run("branch", "by-name", *of_october, "--json").json["missing"] == ["KI-1"]
    assert run(*code_list, "--wet-run").code == 0
    found = run("branch", "by-name", *of_october, "--json").json
    assert found["counts"] == {"only_theirs": 0, "only_ours": 1, "amount": 0, "unknown": 1, "equal": 1}
    assert [row["name"] for row in found["names"]["only_ours"]] == ["Budi Santoso"]
    said = run("branch", "by-name", *of_october).out
    assert "The spreadsheet damaged the NIK" in said
    assert BUDI not in said
