"""Says things on a terminal, in Bahasa Indonesia or in English.

LINDUNG_LANG=id or en decides; without it, English where the machine's own language is English, else Indonesian.
"""

import json
import os

import click

from lindung.law.text import Language, Text


def language() -> Language:
    """The language this terminal is spoken to in."""
    chosen = os.environ.get("LINDUNG_LANG", "")
    if chosen in ("id", "en"):
        return "en" if chosen == "en" else "id"
    machine = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if machine.startswith("en") else "id"


def words(text: Text) -> str:
    """The sentence in the terminal's language."""
    return text.said_in(language())


def say(text: Text, *, error: bool = False) -> None:
    """One sentence and a line break; errors go to the error stream."""
    click.echo(words(text), err=error)


def say_json(value: object) -> None:
    """A value for machines: JSON on standard output, names and texts unescaped."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
