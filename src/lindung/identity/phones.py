"""Indonesian phone numbers as lists write them, read to the international form +62....

>>> clean("0812-7401-2345"), clean("62 812 7401 2345"), clean("(0741) 123456")
('+6281274012345', '+6281274012345', '+62741123456')
>>> clean("belum ada") is None
True
"""

import re

# One cell often holds two numbers: the first one counts. "+" and brackets may open a number, so they do not split.
_SEPARATORS = re.compile(r"[/,;|&\n]|\batau\b|\bdan\b", re.IGNORECASE)
_ALLOWED = re.compile(r"[0-9+()\s.\-‐‑–'’`\"\u200b-\u200f\u202a-\u202f\u2066-\u2069\ufeff]+")
_PREFIX = re.compile(r"(?:00|\+)?62(?:0(?=[2-9]))?|0|(?=8)")
# Without the leading 0: mobile 8xx + 6 to 9 digits, fixed lines area + 5 to 8 digits.
_NATIONAL = re.compile(r"8[0-9]{8,11}|[2-79][0-9]{7,10}")
_BLANK = {"", "-", "--", "0"}


def clean(text: str) -> str | None:
    """The first number in the text as +62..., or None if there is none that can be called."""
    first = _SEPARATORS.split(text.strip(), maxsplit=1)[0].strip().removesuffix(".0")
    if not _ALLOWED.fullmatch(first):
        return None
    dialled = re.sub(r"[^0-9+]", "", first)
    prefix = _PREFIX.match(dialled)
    national = dialled[prefix.end() :] if prefix else ""
    return f"+62{national}" if _NATIONAL.fullmatch(national) else None


def problems(text: str) -> tuple[str, ...]:
    """`phone.unreadable`, or nothing: a worker without a phone is normal.

    >>> problems(""), problems("0812-7401-2345"), problems("8,12E+11")
    ((), (), ('phone.unreadable',))
    """
    if text.strip() in _BLANK or clean(text):
        return ()
    return ("phone.unreadable",)
