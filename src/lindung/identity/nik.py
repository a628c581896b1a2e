"""NIK, the 16-digit number of every resident: its parts, its faults, and how much of it may be shown.

Digits: province 2, regency or city 2, district 2, birth day 2 (+40 for women), month 2, year 2, serial 4.
The region is that of first registration and the number never changes, even if the birth date in it proves wrong
(PP 40/2019 article 30 (2)). So only the structure is judged here; comparing a NIK with an address, a name or a
birth date is the caller's, and gives a warning at most.

>>> compact("'15.7101.520574-0001")
'1571015205740001'
>>> read("1571015205740001").sex
'F'
>>> read("1571015205740001").births[0].isoformat()
'1974-05-12'
>>> problems("1571013102740001")
('nik.date_impossible',)
>>> problems("1.57101E+15")
('nik.scientific',)
"""

import csv
import re
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

LENGTH = 16
# Quotes, spaces and marks that people and programs put around or between the digits, visible or not.
_NOISE = "'\"`´‘’‚“”„« »-‐‑‒–—−_ \t\r\n\v\f\u00a0\u00ad\u180e\u2007\u2009\u200b\u200c\u200d\u200e\u200f\u202f\u2060\ufeff"
_DROP_NOISE = dict.fromkeys(map(ord, _NOISE))
_WHOLE_DECIMAL = re.compile(r"([0-9]+)[.,]0+")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")
_WOMEN_DAY_OFFSET = 40


class Nik(NamedTuple):
    """A well-formed NIK taken apart; `births` holds one date for each century in which it exists."""

    number: str
    province: str
    regency: str
    district: str
    births: tuple[date, ...]
    sex: Literal["M", "F"]
    serial: str


def _provinces() -> dict[str, str]:
    text = (files("lindung.identity") / "provinces.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


# The union of present and historic codes: a person keeps the number of a province that no longer exists.
PROVINCES = _provinces()


def compact(text: str) -> str:
    """The digits alone, without quotes, spaces, dots, dashes and invisible marks; other signs stay in place."""
    if len(text) == LENGTH and text.isdecimal():
        return text
    bare = text.translate(_DROP_NOISE)
    whole = _WHOLE_DECIMAL.fullmatch(bare)  # "1571015205740001.0" or ",0", as programs export a number
    return whole[1] if whole else bare.replace(".", "")


def repaired(text: str) -> bool:
    """Whether `compact` had to change the text, so that the repair can be shown.

    >>> repaired("1571015205740001"), repaired("'1571015205740001")
    (False, True)
    """
    return compact(text) != text


def problems(text: str, *, numeric: bool = False) -> tuple[str, ...]:
    """Codes of what is wrong with the structure; empty if the number may be used.

    `numeric` says that the cell held a number, not text: Excel keeps 15 digits of a number, so a sixteenth
    digit 0 cannot be told from one that was lost.
    """
    number = compact(text)
    if not number:
        return ("nik.missing",)
    if not (number.isascii() and number.isdecimal()):
        return (
            ("nik.scientific",) if _SCIENTIFIC.fullmatch(text.translate(_DROP_NOISE)) else ("nik.not_digits",)
        )
    if len(number) != LENGTH:
        return ("nik.length",)
    if numeric and number[-1] == "0":
        return ("nik.excel_rounded", *_region_and_date(number))
    if number[12:] == "0000":
        return (*_region_and_date(number), "nik.serial_zero")
    return _region_and_date(number)


def _region_and_date(number: str) -> tuple[str, ...]:
    if number[:2] in PROVINCES and _births(number[6:12]):
        return ()
    unknown = () if number[:2] in PROVINCES else ("nik.province_unknown",)
    return unknown if _births(number[6:12]) else (*unknown, "nik.date_impossible")


@lru_cache(maxsize=131_072)
def _births(day_month_year: str) -> tuple[date, ...]:
    day, month, year = int(day_month_year[:2]), int(day_month_year[2:4]), int(day_month_year[4:])
    if day > _WOMEN_DAY_OFFSET:
        day -= _WOMEN_DAY_OFFSET
    found = []
    for century in (1900, 2000):
        try:
            found.append(date(century + year, month, day))
        except ValueError:  # 29 February exists in 2000 but not in 1900; 31 February in neither
            continue
    return tuple(found)


def read(text: str) -> Nik:
    """The parts of a NIK. Raises ValueError with the first problem code if the structure is broken."""
    wrong = problems(text)
    if wrong:
        raise ValueError(wrong[0])
    number = compact(text)
    return Nik(
        number=number,
        province=number[:2],
        regency=number[:4],
        district=number[:6],
        births=_births(number[6:12]),
        sex="F" if int(number[6:8]) > _WOMEN_DAY_OFFSET else "M",
        serial=number[12:],
    )


def masked(text: str) -> str:
    """For screens: district and last two digits; birth date and the rest of the serial stay hidden.

    Anything that is not a whole NIK is hidden altogether, since what it would show is not known.

    >>> masked("1571015205740001")
    '157101••••••••01'
    >>> masked("157101520574")
    '••••••••••••'
    """
    number = compact(text)
    if len(number) != LENGTH:
        return "•" * len(number)
    return f"{number[:6]}••••••••{number[14:]}"
