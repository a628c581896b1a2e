"""The law needs nothing but the standard library, so that it runs and can be checked anywhere."""

import ast
import sys
from pathlib import Path

from law.sources import LAW, nodes

ENGINES = {"polars", "sqlglot"}
READS_THE_CLOCK = {"now", "today", "utcnow", "localtime", "gmtime", "time"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module or "")
    return names


def test_it_imports_only_the_standard_library_and_itself() -> None:
    for path in LAW.rglob("*.py"):
        allowed = ENGINES if path.name == "columns.py" else set()
        for name in imported(path):
            top = name.split(".")[0]
            ours = name.startswith("lindung.law")
            assert ours or top in sys.stdlib_module_names or top in allowed, f"{path.name} imports {name}"


def test_it_never_reads_the_clock() -> None:
    for path in LAW.rglob("*.py"):
        calls = [node.func for node in nodes(path) if isinstance(node, ast.Call)]
        names = {call.attr for call in calls if isinstance(call, ast.Attribute)}
        assert not names & READS_THE_CLOCK, path.name


def test_it_does_not_load_the_engines_for_one_person() -> None:
    for path in LAW.rglob("*.py"):
        assert "lindung.law.contributions.columns" not in imported(path), path.name


def test_it_says_every_refusal_in_both_languages_on_one_line() -> None:
    """The docstring of an exception is its message."""
    for path in LAW.rglob("*.py"):
        for node in nodes(path):
            bases = {base.id for base in getattr(node, "bases", []) if isinstance(base, ast.Name)}
            if isinstance(node, ast.ClassDef) and any(base.endswith("Error") for base in bases):
                assert (ast.get_docstring(node) or "").count(" / ") == 1, node.name
                assert "\n" not in (ast.get_docstring(node) or ""), node.name


def test_it_knows_no_float_no_any_and_no_exception_to_the_types() -> None:
    for path in LAW.rglob("*.py"):
        assert "type: ignore" not in path.read_text("utf-8"), path.name
        for node in nodes(path):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path.name
            assert not (isinstance(node, ast.Name) and node.id in ("float", "Any")), path.name
