"""The catalogue of faults: whole, in both languages, and exactly what the code can say."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import lindung
from lindung.formats import unreadable
from lindung.insight.trail import sentences
from lindung.law import eligibility, limits
from lindung.law.months import Period
from lindung.law.parameter import in_force
from lindung.law.values import Law
from lindung.membership import problems
from lindung.membership.problems import Problem, ProblemKind

SOURCE = Path(lindung.__file__).parent
CATALOGUE = problems.catalogue()
ON = date(2025, 5, 22)
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
    assert set(codes_in("identity", "formats", "membership")) - set(sentences()) == set(CATALOGUE)


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
    assert problems.suggestion(code, "x", on=ON) is not None


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
    [step] = eligibility.bpu(birth_date=born, on=ON).steps
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


OF_LAW = {
    "age.too_young": ("Belum 13 tahun; peserta BPU paling muda 13 tahun.", "bpu.age.from"),
    "age.too_old": ("Sudah 65 tahun; pendaftaran BPU sebelum umur 65.", "bpu.age.below"),
    "register.second_work": ("Pekerjaan kedua boleh, paling banyak 2 (PP", "registration.bpu.occupations"),
    "register.third_work": (
        "Orang ini sudah punya 2 pekerjaan BPU; lebih dari 2 tidak boleh.",
        "registration.bpu.occupations",
    ),
}


def changed_on(id: str, since: date, number: int) -> Law:
    """The stored law, but with another number from a day on."""
    stored = in_force()
    value = stored.parameters[id].values[0]
    values = (
        value._replace(period=Period(value.period.since, since)),
        value._replace(period=Period(since), value=number),
    )
    return stored._replace(
        parameters={**stored.parameters, id: stored.parameters[id]._replace(values=values)}
    )


def advice(code: str, on: date) -> tuple[str, str]:
    """Message and suggestion together, in Indonesian and in English."""
    texts = [problems.message(code, on=on), problems.suggestion(code, "Sopir", on=on) or ("", "")]
    return " ".join(text[0] for text in texts), " ".join(text[1] for text in texts)


@pytest.mark.parametrize("code", OF_LAW)
def test_it_says_the_number_that_the_law_had_on_the_day_the_row_was_judged(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored before the law changes keeps its number; what is judged afterwards says the new one."""
    said, id = OF_LAW[code]
    (number,) = set(re.findall(r"\d+", said))
    law = changed_on(id, ON, 47)
    monkeypatch.setattr(limits, "in_force", lambda: law)
    before, after = advice(code, date(2025, 5, 21)), advice(code, ON)
    assert said in before[0]
    assert said.replace(number, "47") in after[0]
    assert before[1].replace(f" {number}", " 47") == after[1] != before[1]


def test_no_number_of_the_law_is_typed_into_a_sentence() -> None:
    """A number of the law may only stand in the name of an article."""
    for code in OF_LAW:
        entry = CATALOGUE[code]
        for text in (*entry.message, *(entry.suggestion or ())):
            told = re.sub(r"PP 44/2015 (Pasal|Article) 11", "", text)
            assert not re.search(r"\d|\b(dua|two|tiga|three)\b", told), text


@pytest.mark.parametrize("code", OF_LAW)
def test_a_sentence_of_the_law_is_not_told_without_its_day(code: str) -> None:
    told = problems.suggestion if code == "register.second_work" else problems.message
    with pytest.raises(problems.DayNeeded):
        told(code, "Sopir")


def test_a_file_is_refused_in_words_that_need_no_day() -> None:
    for code in CATALOGUE:
        if code.split(".")[0] in ("file", "agreement"):
            assert "{" not in problems.message(code, "x").id


def test_what_stands_in_a_detail_is_not_filled_in_by_the_law() -> None:
    assert "{works}" in problems.message("register.second_work", "{works}", on=ON).id
