"""What can be wrong with a file or a row, in words an officer can act on."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NamedTuple

from lindung.law import limits
from lindung.law.text import Text


class ProblemKind(StrEnum):
    """What a problem does to its row."""

    BLOCKS = "blocks"
    REFUSES = "refuses"
    NOTE = "note"


class DayNeeded(ValueError):
    """A sentence names a number of the law, so the day on which the row was judged is needed; says which number."""


class Problem(NamedTuple):
    """One fault of one row: the column it sits in (None for the whole row), its code, and a harmless detail.

    ``detail`` never holds a value of the cell: cells are sealed, problems are not.
    """

    column: int | None
    code: str
    detail: str = ""


class Entry(NamedTuple):
    """One line of the catalogue ``problems.toml``."""

    kind: ProblemKind
    message: Text
    suggestion: Text | None
    article: str


@cache
def catalogue() -> dict[str, Entry]:
    """Every code with its sentence; codes are stable and documented, sentences may be bettered."""
    raw = tomllib.loads(resources.files("lindung.membership").joinpath("problems.toml").read_text("utf-8"))
    return {
        f"{group}.{name}": Entry(
            kind=ProblemKind(line["kind"]),
            message=Text(**line["message"]),
            suggestion=Text(**line["suggestion"]) if "suggestion" in line else None,
            article=line.get("article", ""),
        )
        for group, lines in raw.items()
        for name, line in lines.items()
    }


def kind(code: str) -> ProblemKind:
    """Whether a code blocks, refuses, or only notes."""
    return catalogue()[code].kind


def message(code: str, detail: str = "", *, on: date | None = None) -> Text:
    """The sentence of a code, with its detail filled in.

    ``on`` is the day on which the row was judged: a sentence that names a number of the law says that day's.
    Raises DayNeeded when such a sentence is asked for without it; files are never refused by such a number.
    """
    return _filled(catalogue()[code].message, detail, on)


def suggestion(code: str, detail: str = "", *, on: date | None = None) -> Text | None:
    """What to do about it, where the catalogue knows; nothing where it would need a detail that is not there.

    Raises DayNeeded as ``message`` does.
    """
    found = catalogue()[code].suggestion
    if found is None or ("{detail}" in found.id and not detail):
        return None
    return _filled(found, detail, on)


def _filled(text: Text, detail: str, on: date | None) -> Text:
    """The numbers of the law first, so that nothing in a detail is taken for a place to fill in."""
    for place, number in _OF_LAW.items():
        if place in text.id:
            if on is None:
                raise DayNeeded(place)
            said = str(number(on))
            text = Text(*(part.replace(place, said) for part in text))
    return Text(*(part.replace("{detail}", detail) for part in text))


_OF_LAW: Mapping[str, Callable[[date], int]] = {
    "{youngest}": lambda on: limits.bpu_ages(on=on)[0],
    "{age_limit}": lambda on: limits.bpu_ages(on=on)[1],
    "{works}": lambda on: limits.bpu_occupations(on=on),
}
