"""Measures the house itself: sizes of functions and files, types, tests beside code, legal values with articles.

.venv/bin/python -m benchmarks.house            prints the table of ARCHITECTURE.md
.venv/bin/python -m benchmarks.house --write    puts it there
"""

import argparse
import ast
import re
import statistics
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE, TESTS = ROOT / "src" / "lindung", ROOT / "tests"
BEGIN, END = "<!-- measured by benchmarks.house -->", "<!-- end of what benchmarks.house measured -->"


def main() -> None:
    """Print the table, or write it into ARCHITECTURE.md between its two marks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    table = measured()
    if not parser.parse_args().write:
        print(table)
        return
    page = ROOT / "ARCHITECTURE.md"
    kept = page.read_text("utf-8")
    page.write_text(
        re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{table}\n{END}", kept, flags=re.DOTALL), "utf-8"
    )


def measured() -> str:
    """The table in Markdown: ours beside the code we admire (its figures as published in our style notes)."""
    functions = [function for path in modules(SOURCE) for function in defined(path)]
    sizes = sorted(function.end_lineno - function.lineno + 1 for function in functions if function.end_lineno)
    files = {path: len(path.read_text("utf-8").splitlines()) for path in modules(SOURCE)}
    code, tests = sum(lines(path) for path in files), sum(lines(path) for path in modules(TESTS))
    typed = sum(1 for function in functions if is_typed(function))
    values, cited = legal_values()
    rows = (
        ("function length, median / 90th percentile", "8/32 (healthchecks), 6/14 (python-stdnum)",
         f"{statistics.median(sizes):.0f}/{sizes[len(sizes) * 9 // 10]}, longest {sizes[-1]}"),
        ("longest file, without Django's own migrations", "1,584 (healthchecks) to 4,248 lines",
         f"{max(files.values())} lines"),
        ("functions with types", "99 % (healthchecks), others 1-71 %", f"{100 * typed // len(functions)} %, mypy --strict"),
        ("test lines to code lines", "1.4-1.9", f"{tests / code:.2f} ({tests:,} to {code:,})"),
        ("legal values with their article or source", "80 % (OpenFisca)", f"{100 * cited // values} % of {values}"),
        ("exceptions to the import contract", "no service has one", str(contract_exceptions())),
    )  # fmt: skip
    head = "| | code we admire | here |\n|---|---|---|\n"
    return head + "\n".join(f"| {what} | {theirs} | {ours} |" for what, theirs, ours in rows)


def modules(folder: Path) -> list[Path]:
    """Python files that people write; migrations made by Django are not among them."""
    return [
        path
        for path in sorted(folder.rglob("*.py"))
        if path.name not in ("0001_tables.py", "0001_initial.py")
    ]


def lines(path: Path) -> int:
    """Lines of a file that are not blank."""
    return sum(1 for line in path.read_text("utf-8").splitlines() if line.strip())


def defined(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_typed(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the result and every argument but self and cls say their type."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    named = [argument for argument in arguments if argument.arg not in ("self", "cls")]
    return function.returns is not None and all(argument.annotation for argument in named)


def legal_values() -> tuple[int, int]:
    """Dated values and reliefs in the law's parameter files, and how many of them name a regulation and an article."""
    entries: list[dict[str, object]] = []
    for path in (SOURCE / "law" / "parameters").glob("*.toml"):
        tree = tomllib.loads(path.read_text("utf-8"))
        entries += [value for parameter in tree.get("parameter", []) for value in parameter["values"]]
        entries += tree.get("relief", [])
    sources = [entry.get("source") for entry in entries]
    cited = [one for one in sources if isinstance(one, dict) and one.get("regulation") and one.get("article")]
    return len(entries), len(cited)


def contract_exceptions() -> int:
    """Imports that the dependency rule is told to overlook."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    return sum(len(contract.get("ignore_imports", [])) for contract in contracts)


if __name__ == "__main__":
    main()
