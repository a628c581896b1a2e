"""`user first`: two administrators where there is nobody, with links that work; only tried without --wet-run."""

import json

import pytest

from cli.conftest import Run, program
from cli.town import NOW, Town
from lindung.access import joining
from lindung.access.models import AccountChange, Organisation
from lindung.access.scope import NOBODY, SystemScope, system_scope

PEOPLE = ("--administrator", "nurul", "Nurul Huda", "--administrator", "teguh", "Teguh Wibowo")
HOUSE = ("--city", "sungai-penuh", "Kota Sungai Penuh", "--region", "15.72",
         "--branch", "cabang", "Cabang Jambi", "--office", "disnaker-sp", "Dinas Tenaga Kerja")  # fmt: skip
FIRST = ("user", "first", *HOUSE, *PEOPLE)


def made() -> int:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        return AccountChange.objects.count() + Organisation.objects.filter(code="sungai-penuh").count()


def test_a_trial_makes_nothing_and_shows_no_link(town: Town, run: Run) -> None:
    answer = run(*FIRST, "--json")
    assert (answer.code, answer.json["dry"]) == (0, True)
    assert [each["link"] for each in answer.json["invitations"]] == [None, None]
    assert made() == 0


def test_a_wet_run_prints_links_that_work(town: Town, run: Run) -> None:
    found = run(*FIRST, "--address", "https://lindung.test/", "--wet-run", "--json").json["invitations"]
    assert [each["username"] for each in found] == ["nurul", "teguh"]
    for each in found:
        path = each["link"].removeprefix("https://lindung.test/undangan/")
        assert joining.opened(path.strip("/"), now=NOW).username == each["username"]


def test_people_read_what_to_do_with_the_links(town: Town, run: Run) -> None:
    out = run(*FIRST, "--wet-run").out
    assert out.count("http://localhost:8000/undangan/") == 2
    assert "Hand each link to its person" in out
    assert "made with --wet-run" in run(*FIRST).out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--city", "jambi", "Kota Jambi", *PEOPLE), "first.administrator_there"),
        ((*HOUSE, *PEOPLE[:3]), "first.not_whole"),
        (PEOPLE, "first.not_whole"),
        (("--city", "baru", "Kota Baru", *PEOPLE), "first.not_whole"),
        ((*HOUSE, "--administrator", "Nurul", "Nurul", *PEOPLE[3:]), "account.name_malformed"),
        ((*HOUSE, "--administrator", "mayor", "Wali", *PEOPLE[3:]), "account.name_taken"),
    ],
)
def test_it_refuses_with_what_to_do(town: Town, run: Run, arguments: tuple[str, ...], code: str) -> None:
    answer = run("user", "first", *arguments, "--wet-run", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, code)
    assert made() == 0


def test_it_asks_for_people(run: Run) -> None:
    assert run("user", "first", *HOUSE).code == 2


def test_it_is_the_first_command_of_a_fresh_installation(fresh_database: str) -> None:
    answer = program(*FIRST, "--wet-run", "--json")
    assert (answer.code, len(json.loads(answer.out)["invitations"])) == (0, 2)
    others = ("--administrator", "dewi", "Dewi Sartika", "--administrator", "tono", "Tono Hadi")
    branch = program("user", "first", "--branch", "cabang", "Cabang Jambi", *others, "--wet-run", "--json")
    assert (branch.code, len(json.loads(branch.out)["invitations"])) == (0, 2)
