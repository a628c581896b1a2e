"""The catalogue of faults: whole, in both languages, and exactly what the code can say."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import lindung
from lindung.formats import unreadable
from lindung.law import eligibility
from lindung.membership import problems
from lindung.membership.problems import Problem, ProblemKind

SOURCE = Path(lindung.__file__).parent
CATALOGUE = problems.catalogue()
GROUPS = {code.split(".")[0] for code in CATALOGUE}


def codes_in(*rooms: str) -> Iterator[str]:
    """Every text in the source of these rooms that is a code of the catalogue's groups, in SQL in quotes."""
    for path in (path for room in rooms for path in (SOURCE / room).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            for code in re.findall(r'(?:^|")([a-z]+\.[a-z_]+)(?:$|")', text):
                if code.split(".")[0] in GROUPS:
                    yield code


def test_it_has_a_sentence_for_every_code_that_is_raised_and_none_that_is_not() -> None:
    assert set(codes_in("identity", "formats", "membership")) == set(CATALOGUE)


def test_it_has_a_sentence_for_every_reason_why_a_file_cannot_be_read() -> None:
    assert set(unreadable.CODES) <= set(CATALOGUE)
    assert all(problems.kind(code) == ProblemKind.REFUSES for code in CATALOGUE if code.startswith("file."))


@pytest.mark.parametrize("code", CATALOGUE)
def test_it_speaks_both_languages_in_whole_sentences(code: str) -> None:
    entry = CATALOGUE[code]
    texts = [*entry.message, *(entry.suggestion or ())]
    for text in texts:
        assert re.match(r"[A-Z0-9]", text), text
        assert text.endswith("."), text
        assert len(text) <= 200, text
    assert entry.message.id != entry.message.en
    assert ("{detail}" in entry.message.id) is ("{detail}" in entry.message.en)


@pytest.mark.parametrize(
    "code", [code for code, entry in CATALOGUE.items() if entry.kind == ProblemKind.BLOCKS]
)
def test_it_says_what_to_do_about_everything_that_can_be_mended(code: str) -> None:
    assert problems.suggestion(code, "x") is not None


@pytest.mark.parametrize("code", [code for code, entry in CATALOGUE.items() if entry.article])
def test_an_article_is_named_in_the_form_people_look_it_up(code: str) -> None:
    assert re.match(r"(PP|Permenaker|Ketentuan) ", CATALOGUE[code].article)


def test_it_names_the_source_wherever_the_law_refuses() -> None:
    of_law = {code for code in CATALOGUE if code.startswith("age.")} | {
        "register.other_sponsor",
        "register.second_work",
        "register.third_work",
    }
    assert of_law <= {code for code, entry in CATALOGUE.items() if entry.article}


@pytest.mark.parametrize(
    ("code", "born"), [("age.too_young", date(2020, 1, 1)), ("age.too_old", date(1950, 1, 1))]
)
def test_the_ages_are_refused_by_the_source_the_law_has_them_from(code: str, born: date) -> None:
    [step] = eligibility.bpu(birth_date=born, on=date(2025, 5, 22)).steps
    assert CATALOGUE[code].article.startswith(step.citation.regulation)
    unread = step.citation.article == "unread"
    assert ("belum dibaca" in CATALOGUE[code].article) is unread, (
        "nobody may think that we have read what we have not"
    )


def test_it_fills_in_the_detail() -> None:
    assert problems.message("nik.length", "8") == (
        "NIK harus 16 angka; di sini 8.",
        "A NIK has 16 digits; here are 8.",
    )
    assert problems.suggestion("kelurahan.unknown", "Legok, Kasang") == (
        "Mungkin: Legok, Kasang.",
        "Perhaps: Legok, Kasang.",
    )
    assert problems.suggestion("nik.repaired") is None


def test_a_detail_is_never_taken_for_a_place_to_fill_in() -> None:
    assert "{detail}" in problems.message("nik.length", "{detail}").id


def test_an_unknown_code_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        problems.kind("nik.purple")


def test_a_problem_is_stored_as_three_values() -> None:
    assert list(Problem(2, "nik.length", "8")) == [2, "nik.length", "8"]
    assert Problem(None, "row.blank").detail == ""
