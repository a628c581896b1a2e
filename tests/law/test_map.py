"""docs/how-we-compute/map.md leads to what is there, and open-questions.md hides nothing that is not verified."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

from lindung.law.decision import Confidence
from lindung.law.parameter import FOLDER, in_force
from lindung.law.values import DatedValue, Table

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "how-we-compute"
MAP = (PAGES / "map.md").read_text("utf-8")
QUESTIONS = (PAGES / "open-questions.md").read_text("utf-8")
FILE = re.compile(r"[\w/]+\.(?:py|toml|md)")
ID = re.compile(r"[a-z0-9_*]+(?:\.[a-z0-9_*]+)+")


def quoted(page: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", page)


def files_named(page: str) -> list[str]:
    return [word for word in quoted(page) if FILE.fullmatch(word)]


def patterns(page: str) -> list[str]:
    return [word for word in quoted(page) if ID.fullmatch(word) and not FILE.fullmatch(word)]


def stored() -> set[str]:
    law = in_force()
    return set(law.parameters) | {relief.id for relief in law.reliefs}


def matched(page: str) -> set[str]:
    return {id for id in stored() if any(fnmatchcase(id, pattern) for pattern in patterns(page))}


def rows() -> list[list[str]]:
    lines = [line for line in MAP.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def unsure(value: DatedValue) -> bool:
    of_rows = [row.confidence for row in value.value.rows] if isinstance(value.value, Table) else []
    return Confidence.UNVERIFIED in (value.confidence, *of_rows)


def questions() -> list[str]:
    return re.findall(r"^- .+?(?=\n- |\n\n|\Z)", QUESTIONS, re.MULTILINE | re.DOTALL)


def test_it_names_only_files_that_are_there() -> None:
    assert files_named(MAP)
    missing = [
        name
        for name in files_named(MAP)
        if not any((base / name).exists() for base in (ROOT, ROOT / "src" / "lindung", PAGES))
    ]
    assert missing == []


def test_it_names_only_values_that_are_stored() -> None:
    for page in (MAP, QUESTIONS):
        assert [name for name in patterns(page) if not any(fnmatchcase(id, name) for id in stored())] == []


def test_it_shows_every_stored_value() -> None:
    assert stored() - matched(MAP) == set()


def test_it_shows_every_file_of_values() -> None:
    assert {f"law/parameters/{path.name}" for path in FOLDER.glob("*.toml")} - set(files_named(MAP)) == set()


def test_it_leads_somewhere_from_every_row() -> None:
    lost = [
        row for row in rows() if not files_named(" ".join(row)) and row[-1] not in ("open", "values", "holds")
    ]
    assert lost == []


def test_it_lists_every_value_that_is_not_verified_among_the_open_questions() -> None:
    unverified = {
        id
        for id, parameter in in_force().parameters.items()
        if any(unsure(value) for value in parameter.values)
    }
    assert unverified
    assert unverified - matched(QUESTIONS) == set()


def test_it_says_of_every_question_what_is_done_meanwhile_and_what_would_settle_it() -> None:
    assert len(questions()) > 60
    for question in questions():
        assert re.match(r"- \*\*.+?\*\*", question, re.DOTALL)
        assert "Meanwhile:" in re.sub(r"\s+", " ", question), question
        assert "Settled by:" in re.sub(r"\s+", " ", question), question
