"""Place and date of birth as offices write them, also both in one cell (*TTL*).

>>> from datetime import date
>>> today = date(2026, 11, 22)
>>> read("Jambi, 12-05-1974", on=today)
Birth(place='Jambi', date=datetime.date(1974, 5, 12))
>>> read("12 Mei 1974", on=today).date == read("1974-05-12", on=today).date == date(1974, 5, 12)
True
>>> read("27161", on=today, numeric=True).date
datetime.date(1974, 5, 12)
>>> problems("12-13-1974", on=today), problems("", on=today), problems("12-05-2030", on=today)
(('birth.unreadable',), ('birth.missing',), ('birth.in_future',))
>>> problems("1880-01-01", on=today)
('birth.long_ago',)
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from lindung.identity.remembering import LONGEST, remembered

_OLDEST_YEAR = 1900
# Two digits of a year mean the century in which the person is of an age to be on a list of workers.
_AGES_OF_TWO_DIGIT_YEARS = range(13, 100)
# Excel counts days from here; it believes in 29 February 1900, so counts below 61 are one day off and refused.
_EXCEL_ORIGIN = date(1899, 12, 30)
_EXCEL_SERIALS = range(61, 73_051)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags agus aug",
            "september sep sept",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}

_GAP = r"\s*[-/.\s]\s*"
_DAY_FIRST = re.compile(
    rf"(?P<day>[0-9]{{1,2}}){_GAP}(?P<month>[0-9]{{1,2}}){_GAP}(?P<year>[0-9]{{4}}|[0-9]{{2}})$"
)
_YEAR_FIRST = re.compile(rf"(?P<year>[0-9]{{4}}){_GAP}(?P<month>[0-9]{{1,2}}){_GAP}(?P<day>[0-9]{{1,2}})$")
_IN_WORDS = re.compile(
    r"(?P<day>[0-9]{1,2})\s*[-/.\s]?\s*(?P<month>[a-z]{3,9})\.?\s*[-/.,\s]?\s*(?P<year>[0-9]{4}|[0-9]{2})$",
    re.IGNORECASE,
)
_RUN_TOGETHER = re.compile(r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>(?:19|20)[0-9]{2})$")
_YEAR_RUN_TOGETHER = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})$")
_ORDERS = (_YEAR_FIRST, _DAY_FIRST, _IN_WORDS, _RUN_TOGETHER, _YEAR_RUN_TOGETHER)
_TIME_OF_DAY = re.compile(
    r"(?<=[0-9])[T\s]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9:]{5})?$"
)
_LABEL = re.compile(r"^(?:tgl|tanggal|ttl|lahir)\b[\s.:]*", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class Birth(NamedTuple):
    """What a cell says about a birth; either part may be absent."""

    place: str | None
    date: date | None


@remembered(65_536)
def read(text: str, *, on: date, numeric: bool = False) -> Birth:
    """Place and date in the text; `on` settles the century of a two-digit year, `numeric` means a number cell.

    A date that does not exist, an order that no office uses (month first) and a year before 1900 give None.
    """
    if len(text) > LONGEST:
        return Birth(None, None)
    bare = " ".join(_INVISIBLE.sub("", text).split()).strip("'\"` ")
    if numeric and (born := _excel_day(bare)):
        return Birth(None, born)
    bare = _TIME_OF_DAY.sub("", bare)
    if numeric and len(bare) == 7:  # 05121974 typed as a number loses its first zero
        bare = f"0{bare}"
    for order in _ORDERS:
        found = order.search(bare)
        if found and _stands_alone(bare, found.start()):
            return Birth(_place(bare[: found.start()]), _date(found, on))
    return Birth(_place(bare), None)


def problems(text: str, *, on: date, numeric: bool = False) -> tuple[str, ...]:
    """`birth.missing`, `birth.unreadable`, `birth.long_ago`, `birth.in_future`, or nothing.

    Ages are judged by law, not here.
    """
    if not text.strip(" -'._"):
        return ("birth.missing",)
    born = read(text, on=on, numeric=numeric).date
    if born is None:
        return ("birth.long_ago" if _long_ago(text) else "birth.unreadable",)
    return ("birth.in_future",) if born > on else ()


def has_month_in_words(text: str) -> bool:
    """Whether the month is written out, so that it cannot be the day.

    >>> has_month_in_words("Jambi, 9 April 1975"), has_month_in_words("09/04/1975")
    (True, False)
    """
    found = _IN_WORDS.search(" ".join(text[:LONGEST].split()))
    return found is not None and found["month"].casefold() in _MONTHS


def swapped(born: date) -> date | None:
    """The date with day and month exchanged, as a spreadsheet of another country does it; None where it is none.

    >>> swapped(date(1975, 4, 9)), swapped(date(1975, 4, 13))
    (datetime.date(1975, 9, 4), None)
    """
    return date(born.year, born.day, born.month) if born.day <= 12 else None


def _long_ago(text: str) -> bool:
    """Whether it is a date of the centuries in which nobody alive was born."""
    bare = _TIME_OF_DAY.sub("", " ".join(_INVISIBLE.sub("", text[:LONGEST]).split()).strip("'\"` "))
    found = next((match for order in _ORDERS if (match := order.search(bare))), None)
    return (
        found is not None and _stands_alone(bare, found.start()) and 1000 <= int(found["year"]) < _OLDEST_YEAR
    )


def _stands_alone(text: str, start: int) -> bool:
    # "112-05-1974" must not be read as 12-05-1974 with a 1 left over.
    return start == 0 or not text[start - 1].isdigit() and not re.search(r"[0-9][-/.]$", text[:start])


def _excel_day(text: str) -> date | None:
    whole = text.split(".")[0]
    if whole.isascii() and whole.isdecimal() and len(whole) <= 5 and int(whole) in _EXCEL_SERIALS:
        return _EXCEL_ORIGIN + timedelta(days=int(whole))
    return None


def _date(found: re.Match[str], on: date) -> date | None:
    month = found["month"]
    number = int(month) if month.isdecimal() else _MONTHS.get(month.casefold(), 0)
    year = int(found["year"]) if len(found["year"]) == 4 else _century(int(found["year"]), on)
    if year is None or year < _OLDEST_YEAR:
        return None
    try:
        return date(year, number, int(found["day"]))
    except ValueError:
        return None


def _century(two_digits: int, on: date) -> int | None:
    for year in (1900 + two_digits, 2000 + two_digits):
        if on.year - year in _AGES_OF_TWO_DIGIT_YEARS:
            return year
    return None


def _place(text: str) -> str | None:
    place = _LABEL.sub("", text).strip(" ,./-:;")
    return place if any(map(str.isalpha, place)) and not any(map(str.isdigit, place)) else None
