"""The text of a database function as an earlier migration made it: the way back of one that replaced it."""

import re
from importlib import import_module


def function_of(migration: str, name: str) -> str:
    """`CREATE OR REPLACE` of the function as this migration's module wrote it. Raises LookupError when it did not."""
    made = re.compile(rf"CREATE (?:OR REPLACE )?(FUNCTION {name}\(.*?\nEND \$\$;\n)", re.DOTALL)
    for text in vars(import_module(migration)).values():
        found = made.search(text) if isinstance(text, str) else None
        if found:
            return f"CREATE OR REPLACE {found[1]}"
    raise LookupError(f"{migration} makes no function {name}")
