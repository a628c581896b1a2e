"""`law contribution`: the decision with its steps, articles and sentences, without a database."""

import json

import pytest

from cli.conftest import Run, program
from lindung.law.questions import asking

BPU = ("law", "contribution", "--segment", "bpu", "--month", "2026-11")
PU = ("law", "contribution", "--segment", "pu", "--month", "2026-11")


def test_it_gives_the_contribution_with_its_articles_and_due_days(run: Run) -> None:
    found = run(*BPU, "--programmes", "jkk,jkm", "--payer", "apbd", "--json").json
    assert found["total"] == 16_800
    assert {name: part["total"] for name, part in found["contributions"].items()} == {
        "JKK": 10_000,
        "JKM": 6_800,
    }
    assert found["due"] == {"JKK": "2026-11-16", "JKM": "2026-11-16"}
    assert found["steps"][0]["cite"].startswith("PP 44/2015 Pasal 20")
    assert len(found["sentences"]["id"]) == len(found["sentences"]["en"]) > 0


def test_it_takes_the_same_facts_as_options_as_words_and_as_lines(run: Run) -> None:
    options = run(*BPU, "--programmes", "jkk,jkm", "--payer", "apbd", "--json").json
    words = run(
        "law", "contribution", "segment=BPU", "month=2026-11", "programmes=JKK,JKM", "payer=apbd", "--json"
    )
    line = '{"payer": "apbd", "programmes": ["JKK", "JKM"], "month": "2026-11", "segment": "BPU"}'
    lines = run("law", "contribution", "--json", typed=f"\n{line}\n\n{line}\n").out.splitlines()
    assert words.json == options
    assert [json.loads(each) for each in lines] == [options, options]


def test_it_halves_the_contribution_of_who_pays_alone_but_not_of_a_city(run: Run) -> None:
    alone = run(*BPU, "--payer", "self", "--json").json
    city = run(*BPU, "--payer", "apbd", "--json").json
    assert (alone["total"], city["total"]) == (8_400, 16_800)


def test_it_reads_the_sentences_aloud(run: Run) -> None:
    answer = run(*PU, "--wage", "4.000.000", "--risk-class", "low", "--programmes", "jkk,jkm,jht")
    assert answer.code == 0
    assert "Rp261.600" in answer.out
    assert "PP 44/2015 Article 16" in answer.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*BPU, "--payer", "mayor"), "'mayor' is not one of 'self'"),
        ((*BPU[:-1], "2026-13"), "is not a month"),
        (("law", "benefit", "programme"), "Write programme as name=value"),
        (("law", "benefit", "programme=JKM", "programme=JKK"), "written twice"),
        (("law", "ask"), "No such command"),
    ],
)
def test_it_refuses_half_a_question(run: Run, arguments: tuple[str, ...], said: str) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""


def test_it_asks_for_facts_when_nobody_gives_any(run: Run) -> None:
    answer = run("law", "benefit", typed="\n")
    assert (answer.code, answer.out) == (2, "")
    assert "programme=JKM segment=BPU" in answer.err


def test_it_says_when_no_law_is_stored_for_the_month(run: Run) -> None:
    answer = run(*BPU[:-1], "1990-01", "--json")
    assert answer.code == 1
    (error,) = [json.loads(line)["error"] for line in answer.out.splitlines()[:1]]
    assert (error["code"], error["fields"]) == ("no_law_for_date", ["month"])
    assert "1990" in answer.err


STREET_CLEANER = (
    "programme=JKM segment=BPU event_date=2026-05-10 member_since=2025-11-01 months_paid={months}"
)


@pytest.mark.parametrize(("months", "total"), [(5, "Rp42.000.000"), (2, "Rp10.000.000")])
def test_it_reads_the_benefit_aloud(run: Run, months: int, total: str) -> None:
    answer = run("law", "benefit", *STREET_CLEANER.format(months=months).split())
    assert answer.code == 0
    assert "Granted by the regulations." in answer.out
    assert f"Total  {total}" in answer.out
    assert "Permenaker 1/2025" in answer.out


def test_it_answers_every_line_and_says_how_many_it_could_not(run: Run) -> None:
    whole = '{"programme": "JKM", "segment": "BPU", "event_date": "2019-12-01", "months_paid": 5}'
    lines = f'{whole}\n{{"programme": "JKM"}}\nnot json\n{whole}\n'
    answer = run("law", "benefit", "--json", typed=lines)
    said = [json.loads(line) for line in answer.out.splitlines()]
    assert [one.get("total") for one in said] == [24_000_000, None, None, 24_000_000]
    assert said[1]["error"]["code"] == "missing_fact"
    assert said[2]["error"]["code"] == "not_json"
    assert answer.code == 1
    assert "2 of 4 questions could not be answered" in answer.err


def test_it_refuses_a_benefit_with_its_article_and_what_would_change_it(run: Run) -> None:
    answer = run("law", "benefit", *STREET_CLEANER.format(months=3).split(), "months_in_arrears=4", "--json")
    found = answer.json
    assert (answer.code, found["decision"], found["total"]) == (0, "refused", 0)
    assert found["refusal"]["cite"] == "PP 44/2015 Pasal 42"
    assert found["refusal"]["would_change"]


@pytest.mark.parametrize("name", list(asking.QUESTIONS))
def test_it_explains_every_question(run: Run, name: str) -> None:
    answer = run("law", name, "--help")
    assert answer.code == 0
    assert all(field in answer.out.replace("\n", " ") for field in asking.subject(name).FIELDS[:3])
    assert name in run("law", "--help").out


def test_it_shows_the_stored_values_with_their_articles(run: Run) -> None:
    answer = run("law", "parameters", "jkm.lump_sum")
    assert [line.split()[1:3] for line in answer.out.splitlines()[1:]] == [
        ["2015-07-01", "Rp16.200.000"],
        ["2019-12-02", "Rp20.000.000"],
    ]
    assert "bpu.bands[1100000]" in run("law", "parameters", "bpu.").out
    assert run("law", "parameters", "jkn").code == 1


def test_it_proves_the_stored_law(run: Run) -> None:
    answer = run("law", "coverage")
    assert answer.code == 0
    assert [line.split()[0] for line in answer.out.splitlines()[:4]] == ["100%"] * 4


def test_it_needs_neither_django_nor_a_database() -> None:
    answer = program(
        *BPU, "--payer", "self", "--json", LINDUNG_HOME="/nowhere/at/all", PYTHONPROFILEIMPORTTIME="1"
    )
    assert answer.code == 0
    assert json.loads(answer.out)["total"] == 8_400
    assert " django" not in answer.err
    assert " psycopg" not in answer.err
