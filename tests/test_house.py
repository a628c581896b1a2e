"""The house rules, as tests: sizes, names, reasons, and that what is written about the house is true."""

import ast
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from lindung.engine.state import CHECKOUT

SOURCE = CHECKOUT / "src" / "lindung"
LONGEST_FILE = 500
LONGEST_FUNCTION = 60
LAYER_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "services", "service", "misc", "core"}
NAMED_BY_DJANGO = {Path("src/lindung/engine/backend/base.py")}
"""Django looks for a database backend under exactly this name."""
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|tmp/brief)/")


def ours(*endings: str) -> list[Path]:
    """Our own files of these kinds, as paths from the checkout."""
    found = []
    for folder, folders, names in os.walk(CHECKOUT):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name).relative_to(CHECKOUT) for name in names if name.endswith(endings)]
    return sorted(found)


MODULES = ours(".py")


def tree(module: Path) -> ast.Module:
    return ast.parse((CHECKOUT / module).read_text(encoding="utf-8"))


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree(module)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def pyproject() -> str:
    return (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 50
    assert Path("src/lindung/__main__.py") in MODULES


DATE_AS_STORED = re.compile(
    r"\bisoformat\(\)|\bstr\((\w+\.)*(day|today|on|since|until|earliest|date|\w+_on)\)"
)


def test_no_sentence_writes_a_date_as_it_is_stored() -> None:
    """People read 10 Juni 2025: a day goes into a sentence by `day_label`, a month by its label."""
    found = [
        f"{module}:{call.lineno}"
        for module in MODULES
        if module.parts[0] == "src"
        for call in ast.walk(tree(module))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "filled"
        if any(DATE_AS_STORED.search(ast.unparse(word.value)) for word in call.keywords)
    ]
    assert found == []


def test_no_file_is_longer_than_500_lines() -> None:
    lengths = {
        module: len((CHECKOUT / module).read_text(encoding="utf-8").splitlines()) for module in MODULES
    }
    assert {module: n for module, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    too_long = [
        f"{module}:{function.name}"
        for module in MODULES
        for function in functions(module)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_no_file_is_named_after_a_layer() -> None:
    named = [m for m in MODULES if LAYER_NAMES & {part.removesuffix(".py") for part in m.parts}]
    assert set(named) == NAMED_BY_DJANGO


def test_every_module_opens_with_a_sentence_for_its_reader() -> None:
    silent = [m for m in MODULES if tree(m).body and not ast.get_docstring(tree(m))]
    assert silent == []


def test_nothing_is_printed_past_the_one_module_that_speaks() -> None:
    calls = [
        str(module)
        for module in MODULES
        if module.parts[0] in ("src", "tests")
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert calls == []


def test_every_ignore_says_why() -> None:
    bare = re.compile(r"# type: ignore(?:\[[\w, -]+\])?\s*$|# noqa(?:: [\w, ]+)?\s*$", re.MULTILINE)
    excused = {Path("tests/test_house.py")}
    found = [
        m for m in MODULES if m not in excused and bare.search((CHECKOUT / m).read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_law_imports_the_standard_library_only() -> None:
    allowed = sys.stdlib_module_names | {"lindung"}
    columns = {"polars", "sqlglot"}
    strangers = [
        f"{module}: {name}"
        for module in MODULES
        if module.is_relative_to("src/lindung/law")
        for name in imported(module)
        if name.split(".")[0] not in (allowed | columns if module.name == "columns.py" else allowed)
        or (name.startswith("lindung") and not name.startswith("lindung.law"))
    ]
    assert strangers == []


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_the_import_contract_is_exhaustive_and_has_no_exceptions() -> None:
    layers = tomllib.loads(pyproject())["tool"]["importlinter"]["contracts"][0]
    assert layers["exhaustive"] is True
    assert "ignore_imports" not in pyproject()


def test_every_dependency_is_pinned_and_says_why() -> None:
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", pyproject(), re.MULTILINE | re.DOTALL)
    lines = [line for block in lists for line in block.splitlines() if line.strip()]
    assert len(lines) >= 20
    shape = re.compile(r'^    "[\w.\-]+(\[[\w\-]+\])?==[\w.]+", *# \w.{10,}$')
    assert [line for line in lines if not shape.match(line)] == []


def test_every_locked_package_has_hashes_and_none_a_download_address() -> None:
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    packages = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert len(packages) >= 40
    assert [p for p in packages if "==" not in p.splitlines()[0] or "--hash=sha256:" not in p] == []
    assert not re.search(r"https?://|file:|--index-url|--find-links", lock)


def test_the_lock_holds_every_dependency_in_its_version() -> None:
    project = tomllib.loads(pyproject())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8").lower()
    plain = [re.sub(r"\[.*?\]", "", entry).lower() for entry in wanted]
    assert [
        entry for entry in plain if not re.search(rf"^{re.escape(entry)}(\s|$)", lock, re.MULTILINE)
    ] == []


def test_the_readme_names_both_commands() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    first_screen = "\n".join(readme.splitlines()[:40])
    assert "./lindung demo" in first_screen
    assert "./lindung test" in first_screen


def test_every_environment_variable_is_documented_and_none_is_invented() -> None:
    name = re.compile(r"\bLINDUNG_[A-Z_]+\b")
    sources = [CHECKOUT / "lindung", *(CHECKOUT / m for m in MODULES if m.parts[0] in ("src", "benchmarks"))]
    used = {n for path in sources for n in name.findall(path.read_text(encoding="utf-8"))}
    page = (CHECKOUT / "docs" / "environment.md").read_text(encoding="utf-8")
    assert set(name.findall(page)) == used


def test_every_file_that_a_page_names_is_there() -> None:
    named = {
        (page, path)
        for page in ours(".md")
        for path in re.findall(r"`((?:tests|src)/[\w/.-]+\.\w+)", (CHECKOUT / page).read_text("utf-8"))
    }
    assert len(named) > 20
    assert [(page, path) for page, path in sorted(named) if not (CHECKOUT / path).exists()] == []


def test_links_between_our_pages_lead_somewhere() -> None:
    link = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
    broken = [
        f"{page}: {target}"
        for page in ours(".md")
        for target in link.findall((CHECKOUT / page).read_text(encoding="utf-8"))
        if not (CHECKOUT / page.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("script", ["lindung", ".ci/run"])
def test_the_scripts_are_plain_and_may_be_run(script: str) -> None:
    path = CHECKOUT / script
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert path.stat().st_mode & 0o111
    assert not re.search(r"\[\[|\bfunction \w|\bsource \w|<<<|\blocal \w|\$\{\w+(//|\^|,,)", text), (
        "a bashism"
    )


def test_the_build_server_runs_the_same_tests_as_everyone() -> None:
    assert "exec ./lindung test" in (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")


def test_no_page_or_module_knows_a_path_of_one_machine() -> None:
    written = [*MODULES, *ours(".md", ".toml", ".html", ".css"), Path("lindung"), Path(".ci/run")]
    excused = {Path("tests/test_house.py")}
    found = [p for p in written if p not in excused and MACHINE_PATHS.search(_text(p))]
    assert found == []


def _text(path: Path) -> str:
    return (CHECKOUT / path).read_text(encoding="utf-8")
