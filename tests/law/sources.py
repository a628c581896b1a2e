"""The source of the law as trees, parsed once for all tests that look at it."""

import ast
from functools import cache
from pathlib import Path

import lindung.law.text

LAW = Path(lindung.law.text.__file__).parent


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a module."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))
