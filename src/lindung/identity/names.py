"""Names as lists write them: for showing, for matching, and for seeing that two names are one person.

>>> clean("A i s y a h"), clean("SITI  AMINAH, S.PD")
('Aisyah', 'Siti Aminah, S.Pd')
>>> key("H. Moch. Soeharto, S.E.") == key("Muhammad Suharto")
True
>>> parentage("Siti Aminah binti Ahmad")
'Ahmad'
>>> alike("Siti Aminah", "Siti Aminah binti Ahmad"), alike("Siti Aminah", "Siti Khadijah")
('same', 'different')
"""

import re
import tomllib
import unicodedata
from difflib import SequenceMatcher
from importlib.resources import files
from typing import Literal

from lindung.identity.remembering import remembered

Verdict = Literal["same", "near", "different"]

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200d\u2060\ufeff]")
_UNUSUAL = re.compile(r"[^\w\s.,'’‘`´\-/()]|[\d_]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|^[=+\-@]")
# Letters typed apart: a single letter and two or more small ones, or four or more capitals.
_APART_RUN = re.compile(r"(?<!\S)\w(?: [a-z]){2,}(?!\S)|(?<!\S)[A-Z](?: [A-Z]){3,}(?!\S)")
_APART = re.compile(r" \w \w")
_INNER_START = re.compile(r"(?:^|[-./(])\w")
_PLACEHOLDERS = frozenset({"nihil", "kosong", "tidak ada", "n/a", "null", "none", "xxx"})

_WORDS: dict[str, list[str]] = tomllib.loads(
    (files("lindung.identity") / "name_words.toml").read_text(encoding="utf-8")
)
_TITLES = frozenset(_WORDS["titles"])
_DEGREES = {written.replace(".", "").casefold(): written for written in _WORDS["degrees"]}
# Without a dot or a comma these may be a name or initials, so they count as degrees only in capitals.
_SHORT_DEGREE = 2
_PARENTAGE = frozenset(_WORDS["parentage"])
_CLAN = frozenset(_WORDS["clan"])
_ALWAYS_SMALL = frozenset({"bin", "binti", "bintu"})
_MUHAMMAD = frozenset(_WORDS["muhammad"])
_ABDUL = frozenset(_WORDS["abdul"])
# The l of abdul- is taken over by some following letters: abdurrahman, abdussalam.
_JOINED_ABDUL = re.compile(r"abdu(?:l(?=[^l])|([rsndtz])\1?)(?=[a-z]{3})")
_BETWEEN_WORDS = re.compile(r"[.\-/]")
_NO_LETTER = re.compile(r"[^\w\s]")
_DUTCH = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("nj", "ny"))
_NEAR = 0.8
_LONGEST_WORD = 40  # comparing costs the square of the length


@remembered(65_536)
def clean(text: str) -> str:
    """The name for display: one space between words, letters typed apart joined, capitals where none were chosen."""
    words = _one_line(text)
    if words.isupper() or words.islower():
        return " ".join([_capital(word) for word in words.split(" ")])
    return words


_QUOTES = "'’`\""
"""Signs that open a quotation; a name ends in an apostrophe, but begins with none."""


def _one_line(text: str) -> str:
    # A hundred thousand names pass here: what a plain name cannot need is not tried.
    plain = text if text.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    plain = plain.strip().lstrip(_QUOTES).rstrip('"`')
    if _APART.search(plain):
        plain = " ".join([_together(part) for part in re.split(r"\s{2,}", plain)])
    line = " ".join(plain.split()).replace(" ,", ",").lstrip(f" ,{_QUOTES}").rstrip(' ,"`')
    return _together(line) if _APART.search(line) else line


def _together(part: str) -> str:
    """The letters typed apart, joined until none are left: what stood two spaces apart may be a run as well."""
    joined = _APART_RUN.sub(_run_together, part)
    return joined if joined == part else _together(joined)


def _run_together(run: re.Match[str]) -> str:
    return run[0].replace(" ", "")


def problems(text: str) -> tuple[str, ...]:
    """`name.missing`, `name.not_letters` (digits, formulas, control and direction marks), or nothing.

    One word is a whole name for many people; nothing is asked beyond letters.

    >>> problems("Budi"), problems("=1+1"), problems(" - ")
    ((), ('name.not_letters',), ('name.missing',))
    """
    stripped = text.strip(" \t\r\n-._'’")
    if not stripped or stripped.casefold() in _PLACEHOLDERS:
        return ("name.missing",)
    plain = text.strip().lstrip("'")
    if _UNUSUAL.search(plain) and _not_letters(plain):
        return ("name.not_letters",)
    return ()


def _not_letters(text: str) -> bool:
    # Marks that belong to a letter (Arabic vowels, accents) are letters; \w does not know them.
    marks_out = "".join(
        sign
        for sign in unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
        if not unicodedata.category(sign).startswith("M")
    )
    return bool(_UNUSUAL.search(marks_out))


def _capital(word: str) -> str:
    bare = word.replace(".", "").rstrip(",").casefold()
    if bare in _ALWAYS_SMALL:
        return word.lower()
    if bare in _DEGREES and ("." in word or len(bare) > _SHORT_DEGREE):
        name = word.rstrip(",")
        return _DEGREES[bare] + ("." if name.endswith(".") else "") + word[len(name) :]
    # Capital after a dash or a dot (Siti-Aminah, M.Yusuf), not after an apostrophe (Nur'aini).
    return word.capitalize() if word.isalpha() else _INNER_START.sub(_upper, word.lower())


def _upper(start: re.Match[str]) -> str:
    return start[0].title()


@remembered(65_536)
def key(text: str) -> str:
    """The name for matching: words joined by a space, without titles, degrees and parentage, in one spelling."""
    return " ".join(_spelled(_own_words(text)))


def parentage(text: str) -> str | None:
    """The father's name after *bin* or *binti*, for display; None if the name gives none."""
    words = clean(text).split(" ")
    place = _parentage_at(words)
    return " ".join(words[place + 1 :]) if place else None


def _parentage_at(words: list[str]) -> int:
    """Index of *bin* or *binti*, or 0: a name does not begin or end with it."""
    return next(
        (at for at, word in enumerate(words[:-1]) if at and word.rstrip(".").casefold() in _PARENTAGE), 0
    )


def _own_words(text: str) -> list[str]:
    """The person's own words, without titles, degrees and the father's name."""
    line = _one_line(text)
    # In a list written in capitals a short degree (SE, BA) cannot be told from a word of the name.
    name, *degrees = (line.lower() if line.isupper() else line).split(",")
    words = name.replace("(", " ").replace(")", " ").split()
    words += [word for part in degrees for word in part.split() if not _is_degree(word, after_comma=True)]
    at = _parentage_at(words)
    own = words[:at] if at else words
    while len(own) > 1 and _is_title(own[0]):
        own = own[1:]
    while len(own) > 1 and (_is_degree(own[-1]) or _is_title(own[-1], trailing=True)):
        own = own[:-1]
    return own


def _is_title(word: str, *, trailing: bool = False) -> bool:
    bare = word.replace(".", "").casefold()
    return bare in _TITLES and not (trailing and len(bare) == 1)


def _is_degree(word: str, *, after_comma: bool = False) -> bool:
    bare = word.replace(".", "").casefold()
    if bare not in _DEGREES:
        return False
    return after_comma or "." in word.rstrip(".") or len(bare) > _SHORT_DEGREE or word.isupper()


def _spelled(words: list[str]) -> list[str]:
    plain = " ".join(words).casefold()
    if not plain.isascii():
        plain = "".join(
            sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign)
        )
    parts = _NO_LETTER.sub("", _BETWEEN_WORDS.sub(" ", plain)).split()
    spelled = " ".join([_one_spelling(part) for part in parts if part not in _CLAN]).split(" ")
    if len(spelled) > 1 and spelled[0] in _MUHAMMAD:
        spelled[0] = "muhammad"
    return ["muhammad" if word in _MUHAMMAD and len(word) > _SHORT_DEGREE else word for word in spelled]


def _one_spelling(word: str) -> str:
    if word in _ABDUL:
        return "abdul"
    for old, new in _DUTCH:
        word = word.replace(old, new)
    joined = _JOINED_ABDUL.match(word) if word.startswith("abdu") else None
    return f"abdul {joined[1] or ''}{word[joined.end() :]}" if joined else word


def alike(a: str, b: str) -> Verdict:
    """Whether two written names can be one person: `same`, `near` (a person should look), or `different`.

    `near`: every word of the shorter name has its match in the longer one, as a small slip of spelling or an
    initial. Meant for a NIK that turns up with another name; a verdict is a hint, never an identity.

    >>> alike("M. Yusuf", "Mohammad Yusup"), alike("Budi S", "Budi Santoso"), alike("Nur Aini", "Nuraini")
    ('near', 'near', 'same')
    """
    first, second = key(a).split(), key(b).split()
    if not first or not second:
        return "different"
    if sorted(first) == sorted(second) or "".join(first) == "".join(second):
        return "same"
    shorter, longer = sorted((first, second), key=len)
    return "near" if _all_matched(shorter, longer) else "different"


def _all_matched(shorter: list[str], longer: list[str]) -> bool:
    left = list(longer)
    for word in shorter:
        match = next((other for other in left if _word_near(word, other)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _word_near(word: str, other: str) -> bool:
    if word == other:
        return True
    if min(len(word), len(other)) == 1:
        return word[0] == other[0]
    if 2 * min(len(word), len(other)) < _NEAR * (len(word) + len(other)) or len(word) > _LONGEST_WORD:
        return False
    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= _NEAR
