"""`law contribution`: the decision with its steps, articles and sentences, without a database."""

import pytest

from cli.conftest import Run, program

BPU = ("law", "contribution", "--segment", "bpu", "--month", "2026-11")
PU = ("law", "contribution", "--segment", "pu", "--month", "2026-11")


def test_it_gives_the_decision_with_its_articles(run: Run) -> None:
    found = run(*BPU, "--programmes", "jkk,jkm", "--payer", "apbd", "--json").json
    assert found["total"] == 16_800
    assert found["amounts"] == {"jkk": 10_000, "jkm": 6_800}
    assert [step["citation"]["article"] for step in found["steps"]] == ["20", "20"]
    assert found["confidence"] == "secondary"
    assert found["due"]["jkk"]["on"] == "2026-11-16"
    assert {"id", "en"} == set(found["sentences"][0])


def test_it_halves_the_contribution_of_who_pays_alone_but_not_of_a_city(run: Run) -> None:
    alone = run(*BPU, "--payer", "self", "--json").json
    city = run(*BPU, "--payer", "apbd", "--json").json
    assert (alone["total"], city["total"]) == (8_400, 16_800)


def test_it_reads_the_sentences_aloud(run: Run) -> None:
    answer = run(*PU, "--wage", "4.000.000", "--risk-class", "low", "--programmes", "jkk,jkm,jht")
    assert answer.code == 0
    assert "Total a month  Rp261.600" in answer.out
    assert "PP 44/2015 Article 16" in answer.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*BPU, "--wage", "4000000"), "--wage does not apply"),
        ((*BPU, "--in-jkp"), "--in-jkp does not apply"),
        ((*PU, "--wage", "4000000"), "add --risk-class"),
        ((*PU, "--wage", "1", "--risk-class", "low", "--sector", "other"), "--sector does not apply"),
        ((*BPU, "--payer", "mayor"), "'mayor' is not one of 'self'"),
        ((*BPU[:-1], "2026-13"), "is not a month"),
    ],
)
def test_it_refuses_half_a_question(run: Run, arguments: tuple[str, ...], said: str) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""


def test_it_says_when_no_law_is_stored_for_the_month(run: Run) -> None:
    answer = run(*BPU[:-1], "1990-01", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "law.none_for_date"
    assert "1990" in answer.err


def test_it_needs_neither_django_nor_a_database() -> None:
    answer = program(*BPU, "--json", LINDUNG_HOME="/nowhere/at/all", PYTHONPROFILEIMPORTTIME="1")
    assert answer.code == 0
    assert answer.json["total"] == 8_400
    assert " django" not in answer.err
    assert " psycopg" not in answer.err
