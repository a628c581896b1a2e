"""Everyday words for a work, read as one occupation of our list, with its sector for the dated reliefs."""

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from lindung.law.text import Text


class Occupation(NamedTuple):
    """``key`` is stored; ``sector`` is ``road_transport`` or ``other`` (PP 50/2025)."""

    key: str
    sector: str


@cache
def _list() -> dict[str, dict[str, object]]:
    source = resources.files("lindung.membership").joinpath("occupations.toml")
    return tomllib.loads(source.read_text("utf-8"))


@cache
def _by_word() -> dict[str, Occupation]:
    known = {}
    for key, entry in _list().items():
        words = entry["words"]
        if not isinstance(words, list):
            raise TypeError(f"occupations.toml: words of {key} is not a list")
        for word in words:
            known[str(word)] = Occupation(key, str(entry.get("sector", "other")))
    return known


@lru_cache(maxsize=8_192)  # bounded: any words an office uses come here
def read(text: str) -> Occupation:
    """The occupation these words mean; unknown words are kept, in lower case, as an occupation of their own.

    Figures are left out: an occupation is stored in clear, and a number in its place is somebody's NIK.
    """
    words = re.sub(r"[^a-z]+", " ", text.lower()).strip()
    return _by_word().get(words) or Occupation(words[:80], "other")


def is_listed(key: str) -> bool:
    """Whether the occupation is one of our list, and not somebody's own words."""
    return key in _list()


def listed() -> tuple[str, ...]:
    """The keys of our list."""
    return tuple(_list())


def label(key: str) -> Text:
    """The occupation as shown: its label from the list, or the officer's own words."""
    entry = _list().get(key)
    if entry is None:
        return Text(key.capitalize(), key.capitalize())
    texts = entry["label"]
    if not isinstance(texts, dict):
        raise TypeError(f"occupations.toml: label of {key} is not a pair of texts")
    return Text(id=str(texts["id"]), en=str(texts["en"]))
