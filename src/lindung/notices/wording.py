"""Puts what is to be told into words: a title and a text for each kind, short enough for one SMS where it is one."""

import string
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from lindung.law.text import Language, Text
from lindung.notices.models import Channel

LONGEST_SMS = 160
SHORTENED = ("name", "agreement", "payer")
"""The values that are cut where an SMS would else be too long: names, never days or amounts."""
_SHORTEST = 8


class Wording(NamedTuple):
    """How one kind of notice is said."""

    title: Text
    sms: Text
    text: Text


class UnknownKind(ValueError):
    """There are no words for this kind of notice; they stand in wording.toml."""


def kinds() -> tuple[str, ...]:
    """Every kind there are words for, in the order of the file."""
    return tuple(_wordings())


def title_of(kind: str) -> Text:
    """What a kind is called on a page; one whose words are gone is called by its code."""
    found = _wordings().get(kind)
    return found.title if found else Text(kind, kind)


def wording(
    kind: str, channel: Channel, values: Mapping[str, str | Text], language: Language = "id"
) -> tuple[str, str]:
    """Title and text of one notice. Raises UnknownKind, and KeyError when a value is not given."""
    found = _wordings().get(kind)
    if found is None:
        raise UnknownKind(kind)
    said = {name: _said(value, language) for name, value in values.items()}
    title = found.title.said_in(language)
    if channel == Channel.SMS:
        return title, _in_one_sms(found.sms.said_in(language), said)
    return title, found.text.said_in(language).strip().format(**said)


def values_of(kind: str) -> set[str]:
    """The names of the values that the words of a kind hold."""
    found = _wordings()[kind]
    texts = (found.sms.id, found.sms.en, found.text.id, found.text.en)
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def _in_one_sms(template: str, said: Mapping[str, str]) -> str:
    """The text in plain letters; the longest of the names loses its end until everything fits into one SMS."""
    plain = {name: _plain(value) for name, value in said.items()}
    text = template.format(**plain)
    while len(text) > LONGEST_SMS:
        longest = max((name for name in SHORTENED if name in plain), key=lambda name: len(plain[name]))
        if len(plain[longest]) <= _SHORTEST:
            raise ValueError(f"an SMS of {len(text)} signs that no shorter name makes fit")
        plain[longest] = plain[longest][:-1].rstrip()
        text = template.format(**plain)
    return text


def _plain(value: str) -> str:
    """Without signs beyond ASCII, of which a single one would halve the room of an SMS."""
    apart = unicodedata.normalize("NFKD", value)
    return " ".join(apart.encode("ascii", "ignore").decode().split())


def _said(value: str | Text, language: Language) -> str:
    return value.said_in(language) if isinstance(value, Text) else value


@cache
def _wordings() -> dict[str, Wording]:
    written = tomllib.loads((files("lindung.notices") / "wording.toml").read_text(encoding="utf-8"))
    return {
        kind: Wording(*(Text(parts[name]["id"], parts[name]["en"]) for name in Wording._fields))
        for kind, parts in written.items()
    }
