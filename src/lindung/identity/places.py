"""Kelurahan of Kota Jambi as lists name them: today's name, another spelling, a former name, or the closest ones.

places.csv holds the regions with their codes (Ministry of Home Affairs) and coordinates, place_aliases.csv
the other names with their kind, place_parents.csv from which area a newer one was split. Six kelurahan are new
since January 2023 (Ministry decision 100.1.1-6117/2022): older lists name the parent, which stays valid.

>>> kelurahan("Kel. Simpang 4 Sipin").name, kelurahan("The Hok").name, kelurahan("PAYO SILINCAH").name
('Simpang IV Sipin', 'Thehok', 'Payo Selincah')
>>> found("Kenali Kecil").kind, found("Sei Putri").kind, found("Legok").kind
('old_name', 'spelling', 'exact')
>>> kelurahan("Legokk") is None, suggest("Legokk")[0].name
(True, 'Legok')
"""

import csv
import re
from difflib import get_close_matches
from importlib.resources import files
from typing import Literal, NamedTuple, cast

from lindung.identity.remembering import LONGEST, remembered

Kind = Literal["exact", "spelling", "old_name"]

_CITY = "15.71"
_SUGGESTIONS = 3
_CLOSE_ENOUGH = 0.6
_LABEL = re.compile(r"^\W*(?:kelurahan|kel|kecamatan|kec|desa|ds)\b[\s.:]*", re.IGNORECASE)
# "Legok, Kec. Danau Sipin": what follows names the larger area.
_LARGER_AREA = re.compile(r"[\s,;/(]+(?:kecamatan|kec|kota)\b.*$|[,;/(].*$", re.IGNORECASE)
_NUMERALS = {"satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5"} | {
    roman: str(number) for number, roman in enumerate(("i", "ii", "iii", "iv", "v"), start=1)
}
_SHORT_FORMS = {
    short: word
    for word, shorts in {
        "sungai": ("sei", "sui"),
        "tanjung": ("tj", "tjg", "tg", "tanjong"),
        "simpang": ("sp", "spg", "simp"),
        "talang": ("tlg",),
        "teluk": ("tlk",),
        "pasar": ("psr",),
    }.items()
    for short in shorts
}


class Place(NamedTuple):
    """A kelurahan; coordinates are decimal degrees as text, empty where unknown."""

    code: str
    name: str
    kecamatan_code: str
    kecamatan: str
    latitude: str
    longitude: str


class Found(NamedTuple):
    """A place and by which kind of name it was recognised, so that a repair can be shown."""

    place: Place
    kind: Kind


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("lindung.identity") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _spelled(text: str) -> str:
    """One spelling for a name: small letters, Arabic numerals, short forms written out, no spaces or marks."""
    words = re.findall(r"[a-z]+|[0-9]+", text.casefold().replace("'", ""))
    return "".join(_NUMERALS.get(word, _SHORT_FORMS.get(word, word)) for word in words)


def _plainly(text: str) -> str:
    """The text with nothing changed but capitals, spaces and marks between words."""
    return " ".join(re.findall(r"[a-z]+|[0-9]+", text.casefold()))


def _read_places() -> dict[str, Place]:
    rows = _rows("places.csv")
    names = {row["code"]: row["name"] for row in rows}
    return {
        row["code"]: Place(
            row["code"], row["name"], row["parent_code"], names[row["parent_code"]], row["lat"], row["lon"]
        )
        for row in rows
        if row["level"] == "kelurahan" and row["code"].startswith(_CITY)
    }


def _read_parents() -> dict[str, frozenset[str]]:
    parents: dict[str, set[str]] = {}
    for row in _rows("place_parents.csv"):
        parents.setdefault(row["code"], set()).add(row["parent_code"])
    return {code: frozenset(found) for code, found in parents.items()}


PLACES = _read_places()
_PARENTS = _read_parents()
_KECAMATAN = {place.kecamatan_code: place.kecamatan for place in PLACES.values()}
_BY_NAME: dict[str, Found] = {
    **{
        _spelled(row["alias"]): Found(PLACES[row["code"]], cast("Kind", row["kind"]))
        for row in _rows("place_aliases.csv")
    },
    **{_spelled(place.name): Found(place, "exact") for place in PLACES.values()},
}
_KECAMATAN_BY_NAME = {_spelled(name): code for code, name in _KECAMATAN.items()}


def kelurahan(text: str, kecamatan: str | None = None) -> Place | None:
    """The place of that name, or None: a slip of the pen is never guessed here, see `suggest`.

    A kecamatan that is known and does not fit gives None too; the kecamatan from which today's was split fits.
    """
    match = found(text, kecamatan)
    return match.place if match else None


@remembered(8_192)
def found(text: str, kecamatan: str | None = None) -> Found | None:
    """Like `kelurahan`, with the kind of name: `exact`, `spelling` (show the repair) or `old_name`."""
    bare = _bare(text)
    match = _BY_NAME.get(_spelled(bare))
    if match is None or not _fits(match.place, kecamatan):
        return None
    if match.kind == "exact" and _plainly(bare) != _plainly(match.place.name):
        return Found(match.place, "spelling")
    return match


@remembered(8_192)
def suggest(text: str, kecamatan: str | None = None) -> tuple[Place, ...]:
    """Up to three places whose names come closest, the closest first; those of the named kecamatan go before."""
    close = get_close_matches(_spelled(_bare(text)), _BY_NAME, n=2 * _SUGGESTIONS, cutoff=_CLOSE_ENOUGH)
    places = dict.fromkeys(_BY_NAME[name].place for name in close)
    return tuple(sorted(places, key=lambda place: not _fits(place, kecamatan)))[:_SUGGESTIONS]


def parents(place: Place) -> tuple[Place, ...]:
    """The kelurahan from which a newer one was split, by code; empty for the sixty-two older ones.

    >>> [parent.name for parent in parents(kelurahan("Bakung Jaya"))]
    ['Talang Bakung', 'Eka Jaya']
    """
    return tuple(PLACES[code] for code in sorted(_PARENTS.get(place.code, ())))


@remembered(1_024)
def kecamatan_code(text: str) -> str | None:
    """The code of a kecamatan of the city, or None.

    >>> kecamatan_code("Kec. Kotabaru"), kecamatan_code("Sekernan")
    ('15.71.07', None)
    """
    return _KECAMATAN_BY_NAME.get(_spelled(_bare(text)))


def _bare(text: str) -> str:
    if len(text) > LONGEST:
        return ""
    return _LARGER_AREA.sub("", _LABEL.sub("", text.strip()))


def _fits(place: Place, kecamatan: str | None) -> bool:
    code = kecamatan_code(kecamatan) if kecamatan else None
    return code is None or code == place.kecamatan_code or code in _PARENTS.get(place.kecamatan_code, ())
