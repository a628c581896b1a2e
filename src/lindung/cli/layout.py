"""Lays figures and tables out on a terminal, in the terminal's language."""

from collections.abc import Iterable, Sequence

import click

from lindung.cli.speaking import language, words
from lindung.law.text import Text

_GAP = "  "
_WIDEST = 48
"""Signs of a cell that are shown; what is longer is cut, except in the last column."""


def show_facts(facts: Iterable[tuple[Text, object]], *, indent: str = "") -> None:
    """One fact a line: its name, and its value beneath those of the others."""
    lines = [(words(name), _written(value)) for name, value in facts]
    width = max((len(name) for name, _ in lines), default=0)
    for name, value in lines:
        click.echo(f"{indent}{name:<{width}}{_GAP}{value}".rstrip())


def show_table(
    headings: Sequence[Text], rows: Sequence[Sequence[object]], *, indent: str = "", right: Sequence[int] = ()
) -> None:
    """A table whose columns stand beneath each other; the last is as wide as its text, `right` ones are numbers."""
    lines = [_cells(row) for row in (headings, *rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(headings) - 1)] + [0]
    for line in lines:
        cells = [
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        click.echo((indent + _GAP.join(cells)).rstrip())


def _cells(row: Sequence[object]) -> list[str]:
    written = [_written(cell) for cell in row]
    return [_cut(cell) for cell in written[:-1]] + written[-1:]


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _written(value: object) -> str:
    """Without control signs: a cell of somebody's file must not steer the terminal."""
    text = value.said_in(language()) if isinstance(value, Text) else str(value)
    return "".join(sign if sign.isprintable() else " " for sign in text)
