"""docs/law-questions.md tells every field, every word and every code of the questions, and its examples are true."""

import ast
import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from law.pages import tables
from law.sources import nodes
from lindung.cli.given import facts_given
from lindung.law.deadlines import clocks
from lindung.law.evidence.facts import WORDS
from lindung.law.parameter import in_force
from lindung.law.questions import asking, benefit, lines
from lindung.law.terms import Programme, Term
from lindung.law.values import Table

ROOT = Path(__file__).parents[3]
LAW = ROOT / "src" / "lindung" / "law"
PAGE = (ROOT / "docs" / "law-questions.md").read_text("utf-8")
EXAMPLE = re.compile(r"```sh\n\./lindung law (\S+) --json (\S[^\n]*)\n```\n```json\n(.*?)\n```", re.DOTALL)
MORE = "…"
READERS = ("entries", "word", "words")
READS_FOR_OTHERS = {"benefit": ("children", "injuries", "jkm", "jkk", "jht", "jp", "jkp")}
"""Modules whose fields are those of another question."""
HAS_CODE_AT = {"refuse": 1, "fault": 1, "Fault": 1, "UnfitInjury": 2}
"""Which argument of a call is the code of a fault; a Contradiction names it."""

Row = dict[str, str]


def section(question: str) -> str:
    """What the page says about the fields of that question."""
    return PAGE.split(f"## Fields: `{question}`\n", 1)[1].split("\n## ", 1)[0]


def fields(question: str) -> dict[str, Row]:
    """The rows of the table of that question, by field."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section(question).splitlines()
        if line.startswith("|")
    ]
    return {row[0].strip("`"): dict(zip(cells[0], row, strict=True)) for row in cells[2:]}


def modules(question: str) -> list[ModuleType]:
    own = asking.QUESTIONS[question].module
    return [
        import_module(f"lindung.law.questions.{name}") for name in (own, *READS_FOR_OTHERS.get(question, ()))
    ]


def reads(module: ModuleType) -> Iterator[tuple[str, str, list[object]]]:
    """Every reading of a named field by entries, word or words: how, which field, with what."""
    names = vars(module)
    for node in nodes(Path(str(module.__file__))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
            field, *rest = node.args
            if isinstance(field, ast.Constant):
                yield (
                    node.func.attr,
                    str(field.value),
                    [value for one in rest for value in _values(one, names)],
                )


def _values(node: ast.expr, names: Mapping[str, object]) -> list[object]:
    if isinstance(node, ast.Starred):
        return list(_tuple(names[node.value.id])) if isinstance(node.value, ast.Name) else []
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.Name):
        return [names[node.id]] if node.id in names else []
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return [getattr(names[node.value.id], node.attr)] if node.value.id in names else []
    return []


def _tuple(value: object) -> tuple[object, ...]:
    assert isinstance(value, tuple)
    return value


def inner(question: str) -> set[str]:
    """The fields within lists of objects, such as children[].birth_date."""
    return {
        f"{field}[].{name}"
        for module in modules(question)
        for how, field, names in reads(module)
        if how == "entries"
        for name in names
    }


def chosen_words(question: str) -> Iterator[tuple[str, type[Term]]]:
    """Every field that is chosen from a list, with the list."""
    if question == "evidence":
        yield from WORDS.items()
    for module in modules(question):
        for how, field, given in reads(module):
            lists = [one for one in given if isinstance(one, type) and issubclass(one, Term)]
            yield from ((field, one) for one in lists if how != "entries")


@pytest.mark.parametrize("question", asking.QUESTIONS)
def test_it_tells_every_field_and_no_other(question: str) -> None:
    known = {*map(str, asking.subject(question).FIELDS), "known"} | inner(question)
    assert set(fields(question)) == known


@pytest.mark.parametrize("question", asking.QUESTIONS)
def test_it_says_of_every_field_what_type_it_has_and_what_holds_without_it(question: str) -> None:
    for name, row in fields(question).items():
        assert row["type"], name
        assert row["needed, or else"], name


@pytest.mark.parametrize("question", asking.QUESTIONS)
def test_it_lists_every_word_that_may_be_chosen(question: str) -> None:
    told = section(question)
    for field, words in chosen_words(question):
        rows = [line for line in told.splitlines() if re.match(rf"\| `(?:\w+\[\]\.)?{field}` ", line)]
        said = {word.lower() for line in rows for word in re.findall(r"\w+", line)}
        assert {str(word) for word in words} <= said, field


def test_it_knows_where_words_are_chosen() -> None:
    assert {field for field, _ in chosen_words("benefit")} > {"segment", "reason", "kind", "relation"}
    assert inner("jht-balance") == {"contributions[].month", "contributions[].amount"}
    assert "children[].year_of_level" in inner("benefit")


def test_it_lists_every_clock() -> None:
    assert set(re.findall(r"`([\w.]+)`", fields("deadline")["deadline"]["meaning"])) == set(clocks())


def test_it_says_which_programmes_read_a_field() -> None:
    taken: dict[str, set[str]] = {}
    for programme, module in ((one, asked.__module__) for one, asked in benefit.PROGRAMMES.items()):
        for field in import_module(module).FIELDS:
            taken.setdefault(str(field), set()).add(programme.upper())
    everybody = {one.upper() for one in Programme}
    for name, row in fields("benefit").items():
        said = everybody if row["for"] == "all" else set(row["for"].split(", "))
        assert said == taken.get(name.split("[")[0], set()) or name in ("programme", "known"), name


def test_it_tells_between_which_amounts_a_base_lies() -> None:
    bands = in_force().value("bpu.bands", on=date(2026, 11, 22)).value
    assert isinstance(bands, Table)
    bases = [row.value for row in bands.rows if isinstance(row.value, int)]
    told = re.findall(r"Rp[\d,]+", fields("benefit")["base"]["meaning"])
    assert told == [f"Rp{bound:,}" for bound in (min(bases), max(bases))]


def test_it_says_truly_that_a_single_word_is_a_list_of_one() -> None:
    typed = "segment=PU month=2026-02 wage=5000000 risk_class=low programmes="
    assert answered("contribution", typed + "JKK") == answered("contribution", typed + """'["JKK"]'""")


def test_it_lists_every_question() -> None:
    assert [row["question"].strip("`") for row in tables("../law-questions.md")["question"]] == list(
        asking.QUESTIONS
    )


def codes() -> set[str]:
    """Every code of a fault: written before its message, in a call or in (field, code, message)."""
    at_the_door = (*(LAW / "questions").glob("*.py"), *(LAW / "jkk").glob("*.py"))
    coded = [one for node in _nodes(at_the_door) for one in _coded(node)]
    coded += [one for node in _nodes(LAW.rglob("*.py")) for one in _contradicted(node)]
    return {code for one in coded for code in _either(one)}


def _nodes(places: Iterable[Path]) -> Iterator[ast.AST]:
    return (node for place in places for node in nodes(place))


def _contradicted(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Contradiction":
        yield from (word.value for word in node.keywords if word.arg == "code")


def _coded(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        yield from node.args[HAS_CODE_AT[called] :][:1] if called in HAS_CODE_AT else ()
    if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 3:
        yield node.value.elts[1]


def _either(code: ast.expr) -> list[str]:
    if isinstance(code, ast.IfExp):
        return _either(code.body) + _either(code.orelse)
    return [str(code.value)] if isinstance(code, ast.Constant) else []


def test_it_lists_every_code_of_a_fault_and_no_other() -> None:
    told = {
        code for row in tables("../law-questions.md")["code"] for code in re.findall(r"`(\w+)`", row["code"])
    }
    assert "missing_fact" in codes()
    assert told == codes()


def answered(question: str, typed: str) -> object:
    """What the program answers to name=value words, as it is read by who asked."""
    asked = json.dumps(facts_given(shlex.split(typed), {})).encode()
    answer: object = json.loads(json.dumps(lines.answer(question, asked)))
    return answer


def differences(shown: object, got: object, path: str = "") -> Iterator[str]:
    """Where the shown part of an answer is not what came out; … stands for what was left out of a list."""
    if isinstance(shown, dict) and isinstance(got, dict):
        for name, value in shown.items():
            yield from differences(value, got.get(name, "nothing"), f"{path}.{name}")
    elif isinstance(shown, list) and isinstance(got, list):
        whole = MORE not in shown
        wanted = shown if whole else shown[: shown.index(MORE)]
        if len(got) != len(wanted) if whole else len(got) <= len(wanted):
            yield f"{path}: {len(got)} entries"
        for place, value in enumerate(wanted[: len(got)]):
            yield from differences(value, got[place], f"{path}[{place}]")
    elif shown != got:
        yield f"{path}: {got!r} instead of {shown!r}"


EXAMPLES = EXAMPLE.findall(PAGE)


def test_it_has_an_example_for_every_programme_and_leaves_none_unchecked() -> None:
    assert len(EXAMPLES) == PAGE.count("```json")
    typed = " ".join(facts for _, facts, _ in EXAMPLES)
    assert set(re.findall(r"programme=(\w+)", typed)) == {one.upper() for one in Programme}
    assert {question for question, _, _ in EXAMPLES} == {"contribution", "benefit", "evidence"}


@pytest.mark.parametrize(("question", "typed", "shown"), EXAMPLES)
def test_it_shows_what_the_program_answers(question: str, typed: str, shown: str) -> None:
    assert list(differences(json.loads(shown), answered(question, typed))) == []


def test_it_finds_an_example_that_is_not_true() -> None:
    question, typed, shown = EXAMPLES[0]
    assert list(differences(json.loads(shown) | {"total": 1}, answered(question, typed))) == [
        ".total: 10000000 instead of 1"
    ]


def test_it_says_truly_that_the_bill_holds_all_but_the_parts_of_the_state() -> None:
    typed = next(facts for _, facts, _ in EXAMPLES if "risk_class" in facts)
    answer = answered("contribution", typed)
    assert isinstance(answer, dict)
    parts = answer["contributions"].values()
    assert all(part["total"] == part["employer"] + part["worker"] + part["state"] for part in parts)
    assert answer["total"] + sum(part["state"] for part in parts) == sum(part["total"] for part in parts)


def test_it_says_what_is_in_every_answer() -> None:
    about = PAGE.split("## The answer\n", 1)[1].split("\n## ", 1)[0]
    told = {"error", *re.findall(r"`(\w+)`", about)}
    for question, typed, _ in EXAMPLES:
        answer = answered(question, typed)
        assert isinstance(answer, dict)
        assert set(answer) <= told
