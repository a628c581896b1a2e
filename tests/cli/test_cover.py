"""`cover show`: the answer of the page for any day, for a person found by number, by NIK or by name."""

from datetime import date

import pytest

from cli.conftest import Run, as_officer, events
from cli.town import BUDI, NOW, SITI, Town, acting
from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.claims import branch_word
from lindung.claims.answered import answer_on
from lindung.cli.plain import plain
from lindung.membership.branch_records import WordKind
from lindung.people.models import Person

SHOW = ("cover", "show")
OFFICER = ("--by", "city_officer")


@pytest.mark.parametrize("on", ["2026-11-22", "2026-09-01", "2026-07-21", "2026-07-19", "2027-06-01"])
def test_it_answers_as_the_page_does_on_any_day(town: Town, run: Run, on: str) -> None:
    answer = run(*SHOW, str(town.siti_id), *OFFICER, "--on", on, "--json")
    with as_officer(town):
        expected = plain(answer_on(town.siti_id, on=date.fromisoformat(on)).told())
    assert answer.code == 0
    assert answer.json == expected


def test_it_says_first_that_somebody_died_and_never_that_she_is_protected(town: Town, run: Run) -> None:
    heading = "NIK,Program,Tanggal Meninggal,Jumlah,Nomor Penetapan,Tanggal Penetapan"
    actor, scope = acting(town.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        branch_word.receive(
            kind=WordKind.DETERMINATION,
            name="penetapan.csv",
            content=f"{heading}\r\n'{SITI},JKM,12-10-2026,42000000,PJ/7,20-10-2026\r\n".encode(),
            sponsor_id=next(iter(scope.sponsor_ids)),
            said_on=NOW.date(),
            by=actor,
            now=NOW,
        )
    out = run(*SHOW, str(town.siti_id), *OFFICER).out
    assert out.startswith(
        "Siti Aminah died on 12 October 2026, according to the determination of JKM number PJ/7."
    )
    told = run(*SHOW, str(town.siti_id), *OFFICER, "--json").json
    assert (told["state"], told["death"]["died_on"], told["death"]["decided_by"]) == (
        "died",
        "2026-10-12",
        "bpjs",
    )
    assert told["by_contributions"]["state"] == "at_risk"


def test_without_a_day_it_answers_for_today(town: Town, run: Run) -> None:
    answer = run(*SHOW, str(town.siti_id), *OFFICER, "--json").json
    assert (answer["on"], answer["state"]) == ("2026-11-22", "at_risk")
    assert answer["works"][0]["paid_until"] == "2026-10"


def test_people_read_whether_by_what_until_when_and_what_comes_next(town: Town, run: Run) -> None:
    out = run(*SHOW, str(town.siti_id), *OFFICER).out
    assert out.startswith("Siti Aminah is")
    assert "Paid until" in out
    assert "October 2026" in out
    assert "If the next month is not paid" in out
    assert "(PP 44/2015 Article 39)" in out
    assert SITI not in out


def test_an_article_is_named_in_the_language_of_the_terminal(
    town: Town, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Pasal" not in run(*SHOW, str(town.siti_id), *OFFICER).out
    monkeypatch.setenv("LINDUNG_LANG", "id")
    out = run(*SHOW, str(town.siti_id), *OFFICER).out
    assert "(PP 44/2015 Pasal 39)" in out
    assert "Article" not in out


def test_it_finds_by_a_nik_that_is_typed_and_never_an_argument(town: Town, run: Run) -> None:
    answer = run(*SHOW, "--nik", "-", *OFFICER, "--json", typed=f"{SITI}\n")
    assert answer.json["person_id"] == town.siti_id
    assert SITI not in answer.out + answer.err
    for arguments in (("--nik", SITI), (SITI,)):
        refused = run(*SHOW, *arguments, *OFFICER)
        assert (refused.code, SITI in refused.err) == (2, False)


def test_a_search_by_nik_is_on_the_trail_found_or_not(town: Town, run: Run) -> None:
    run(*SHOW, "--nik", "-", *OFFICER, typed=f"{SITI}\n")
    run(*SHOW, "--nik", "-", *OFFICER, typed="1571024806900004\n")
    sought = events(town, "person.sought_by_nik")
    assert [event.subject for event in sought] == [f"person:{town.siti_id}", "person:none"]
    assert [event.detail for event in sought] == [
        {"found": found, "through": "command_line"} for found in (True, False)
    ]


def test_what_is_no_nik_is_refused_without_being_repeated(run: Run) -> None:
    answer = run(*SHOW, "--nik", "-", *OFFICER, "--json", typed="157102520384\n")
    assert (answer.code, answer.json["error"]["code"]) == (1, "nik.length")
    assert "157102520384" not in answer.out + answer.err


def test_it_finds_by_name_and_birth_date_however_it_is_spelled(town: Town, run: Run) -> None:
    found = run(*SHOW, "--name", "SITI  AMINAH", "--birth", "1984-03-12", *OFFICER, "--json")
    other_day = run(*SHOW, "--name", "Siti Aminah", "--birth", "1984-03-13", *OFFICER)
    assert found.json["person_id"] == town.siti_id
    assert (other_day.code, "no such person" in other_day.err) == (1, True)


def test_of_several_it_asks_for_the_number(town: Town, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with as_officer(town):
        twins = list(Person.objects.order_by("pk")[:2])
    monkeypatch.setattr("lindung.cli.covers._namesakes", lambda name, birth: twins)
    answer = run(*SHOW, "--name", "Siti", "--birth", "1984-03-12", *OFFICER, "--json")
    assert answer.json["error"]["code"] == "person.several"
    assert all(str(twin.pk) in answer.err for twin in twins)


@pytest.mark.parametrize("typed", [SITI, BUDI])
def test_an_officer_of_another_city_learns_nothing(town: Town, run: Run, typed: str) -> None:
    by_nik = run(*SHOW, "--nik", "-", "--by", "stranger", typed=f"{typed}\n")
    by_number = run(*SHOW, str(town.siti_id), "--by", "stranger")
    nobody = run(*SHOW, "999999", "--by", "stranger")
    assert {answer.code for answer in (by_nik, by_number, nobody)} == {1}
    assert by_nik.err == by_number.err == nobody.err


def test_the_mayor_sees_figures_not_people(town: Town, run: Run) -> None:
    answer = run(*SHOW, str(town.siti_id), "--by", "mayor", "--json")
    assert answer.json["error"]["code"] == "user.not_allowed"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--name", "Siti"),
        ("--birth", "1984-03-12"),
        ("1", "--nik", "-"),
        ("1", "--name", "S", "--birth", "1984-03-12"),
    ],
)
def test_a_person_is_named_in_exactly_one_way(run: Run, arguments: tuple[str, ...]) -> None:
    answer = run(*SHOW, *arguments, *OFFICER)
    assert answer.code == 2
    assert "Name the person in one way" in answer.err


def test_a_day_that_is_none_is_wrong_usage(run: Run) -> None:
    answer = run(*SHOW, "1", *OFFICER, "--on", "22-11-2026")
    assert (answer.code, "is not a date" in answer.err) == (2, True)
