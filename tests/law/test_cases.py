"""The tables a lawyer can read and extend: every case names its article, every article and number has a
case."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lindung.law import arrears, contributions, eligibility
from lindung.law.decision import Citation, Decision
from lindung.law.money import Rounding
from lindung.law.months import Month
from lindung.law.parameter import FOLDER, UnusableParameter, in_force, law_of, parsed
from lindung.law.values import Law, NoLawForDate, NotInTable

CASES = Path(__file__).parent / "cases"
Case = dict[str, Any]


def read_cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        for case in table.get("case", []):
            yield case | {"id": f"{path.stem}: {case['name']}"}
        if "bands" in table:
            yield from band_cases(table["bands"])


def band_cases(bands: dict[str, Any]) -> Iterator[Case]:
    for income, base, jkk, jkm, jht in bands["rows"]:
        yield {
            "id": f"bpu_bands: income {income}",
            "articles": bands["articles"],
            "ask": "bpu",
            "given": {
                "month": bands["month"],
                "programmes": ["jkk", "jkm", "jht"],
                "payer": "self",
                "monthly_income": income,
            },
            "expect": {"base": base, "jkk": jkk, "jkm": jkm, "jht": jht, "total": jkk + jkm + jht},
        }


ALL = list(read_cases())

ASK: dict[str, Callable[..., Any]] = {
    "bpu": contributions.bpu,
    "pu": contributions.pu,
    "due": contributions.due_date,
    "age": eligibility.bpu,
    "arrears": arrears.consequence,
    "jkm": arrears.jkm_waiting,
}
DATES = ("on", "birth_date", "registered_on", "known")


def answer(case: Case, law: Law) -> Any:
    given = {
        name: date.fromisoformat(value) if name in DATES else value for name, value in case["given"].items()
    }
    if "month" in given:
        given["month"] = Month.parse(given["month"])
    return ASK[case["ask"]](**given, law=law)


def found(key: str, said: Any) -> Any:
    """What the answer holds under a key of `expect`."""
    if not isinstance(said, Decision):
        return getattr(said, key).isoformat()
    match key:
        case "total" | "outcome":
            return getattr(said, key)
        case "base":
            return said.steps[0].working["base"]
        case "unverified":
            return len(said.unverified)
        case "alternatives":
            return [other.total for other in said.alternatives]
        case "says":
            return " ".join(text.id for text in said.sentences)
    return sum(step.amount for step in said.steps if step.key == key) if "." in key else said.amount(key)


def differences(case: Case, law: Law) -> list[str]:
    expect = case["expect"]
    try:
        said = answer(case, law)
    except NoLawForDate as refusal:
        return [] if expect.get("no_law") else [str(refusal)]
    wrong = []
    for key, value in expect.items():
        got = found(key, said)
        if value not in got if key == "says" else got != value:
            wrong.append(f"{key}: {got} instead of {value}")
    return wrong


@pytest.mark.parametrize("case", ALL, ids=lambda case: case["id"])
def test_it_is_as_the_table_says(case: Case) -> None:
    assert differences(case, in_force()) == []


def cited(case: Case) -> set[Citation]:
    if case["expect"].get("no_law"):
        return set()
    said = answer(case, in_force())
    return set(said.citations) if isinstance(said, Decision) else {said.citation}


@cache
def citations_by_case() -> dict[str, set[str]]:
    return {case["id"]: {citation.text.id for citation in cited(case)} for case in ALL}


def test_it_names_only_articles_that_the_answer_rests_on() -> None:
    wrong = {
        case["id"]: set(case["articles"]) - citations_by_case()[case["id"]]
        for case in ALL
        if not case["expect"].get("no_law")
    }
    assert {id: articles for id, articles in wrong.items() if articles} == {}
    assert all(case["articles"] for case in ALL)


def test_it_has_a_case_for_every_stored_article() -> None:
    named = {article for case in ALL for article in case["articles"]}
    assert {citation.text.id for citation in in_force().citations} - named == set()


def test_it_uses_every_parameter_and_relief_in_some_case() -> None:
    assert set(in_force().parameters) | {relief.id for relief in in_force().reliefs} == set(users())


@cache
def users() -> dict[str, list[Case]]:
    """For each parameter the cases that read it; due dates and refusals for want of law count for their
    own."""
    by_id: dict[str, list[Case]] = {}
    for case in ALL:
        for id in reads(case):
            by_id.setdefault(id, []).append(case)
    return by_id


def reads(case: Case) -> set[str]:
    if case["ask"] == "due":
        group = "jht" if case["given"]["programme"] == "jht" else "jkk_jkm"
        stem = f"due.{case['given']['segment']}.{group}"
        return {f"{stem}.day", f"{stem}.months_after"}
    if case["expect"].get("no_law"):
        return set()
    return {used.id for used in answer(case, in_force()).used}


TREES = {path.name: parsed(path.name, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


def mutated_values(value: Any) -> Iterator[Any]:
    """The value with one of its numbers one more, and one less."""
    if isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, str) and "/" in value:
        top, bottom = value.split("/")
        yield from (f"{int(top) + 1}/{bottom}", f"{int(top) - 1}/{bottom}")
    elif isinstance(value, str) and value[:4].isdigit():
        yield from (str(Month.parse(value).plus(1)), str(Month.parse(value).plus(-1)))
    elif isinstance(value, str):
        yield from (rule.value for rule in Rounding if rule.value != value)
    else:
        for index, row in enumerate(value):
            for key in ("key", "value"):
                if key == "value" or isinstance(row["key"], int):
                    for other in mutated_values(row[key]):
                        yield [*value[:index], row | {key: other}, *value[index + 1 :]]


def mutants() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(file, id, tree) for every stored number changed by one; the tree holds what changed and what may
    collide."""
    for file, tree in TREES.items():
        for parameter in tree.get("parameter", []):
            for place, dated in enumerate(parameter["values"]):
                for value in mutated_values(dated["value"]):
                    values = list(parameter["values"])
                    values[place] = dated | {"value": value}
                    yield file, parameter["id"], {"parameter": [parameter | {"values": values}]}
        for place, relief in enumerate(tree.get("relief", [])):
            for key in ("cut", "first_month", "last_month"):
                for value in mutated_values(relief[key]):
                    reliefs = list(tree["relief"])
                    reliefs[place] = relief | {key: value}
                    yield file, relief["id"], {"relief": reliefs}


def relief_neighbours(id: str) -> list[Case]:
    """Cases just outside a relief do not read it; all contribution cases are asked instead."""
    return [case for case in ALL if case["ask"] in ("bpu", "pu")] if id.startswith("relief.") else []


def mutated_law(file: str, tree: dict[str, Any]) -> Law | None:
    """The stored law with the change in it; None where the loader already refuses it."""
    try:
        part = law_of({file: tree})
    except UnusableParameter:
        return None
    stored = in_force()
    return Law({**stored.parameters, **part.parameters}, part.reliefs or stored.reliefs)


def notices(case: Case, law: Law) -> bool:
    try:
        return bool(differences(case, law))
    except (ValueError, NotInTable):
        return True


def test_it_notices_every_stored_number_that_moves_by_one() -> None:
    unnoticed, total, last = [], 0, 0
    for file, id, tree in mutants():
        total += 1
        law = mutated_law(file, tree)
        cases = relief_neighbours(id) + users()[id]
        # Neighbouring rows are noticed by neighbouring cases: begin where the last number was noticed.
        order = [*range(last, len(cases)), *range(min(last, len(cases)))]
        noticed = next((place for place in order if law is None or notices(cases[place], law)), None)
        if noticed is None:
            unnoticed.append((file, id))
        last = noticed or 0
    assert total > 200
    assert unnoticed == []
