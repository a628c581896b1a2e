"""The words of the field in plain words, read once from glossary.toml."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from lindung.law.text import Text


class Term(NamedTuple):
    """A word, what it means, and the regulation it comes from (empty where there is none)."""

    key: str
    term: Text
    meaning: Text
    source: str

    @property
    def short(self) -> Text:
        """The word as a sentence uses it: what stands before the comma."""
        return Text(self.term.id.partition(",")[0], self.term.en.partition(",")[0])


@cache
def glossary() -> dict[str, Term]:
    """Every term by its key, in the order of the Indonesian words."""
    stored = tomllib.loads((files("lindung.web") / "glossary.toml").read_text(encoding="utf-8"))
    terms = [
        Term(key, Text(**entry["term"]), Text(**entry["meaning"]), entry.get("source", ""))
        for key, entry in stored.items()
    ]
    return {term.key: term for term in sorted(terms, key=lambda term: term.term.id.casefold())}
