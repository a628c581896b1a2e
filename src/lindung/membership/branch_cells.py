"""Reads the cells of a branch's file: amounts, days, months and words, each with a stable code for what is wrong."""

import re
from datetime import date

from lindung.identity import births, kpj
from lindung.law.months import Month
from lindung.membership.branch_headings import Heading, Line
from lindung.membership.masking import masked_within

MOST_RUPIAH = 10**15
MOST_PEOPLE = 1_000_000
_AMOUNT = re.compile(r"(?:rp\.?\s*)?([0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+)(?:,(?:00?|-)|\.0)?", re.IGNORECASE)
_MONTH = re.compile(
    r"(?:(?P<y>20[0-9]{2})[-/. ]?(?P<m>[0-9]{2})|(?P<m2>[0-9]{1,2})[-/. ]?(?P<y2>20[0-9]{2}))"
)
_FIRST_LAW = date(2015, 7, 1)
_INACTIVE = re.compile(r"\b(non|tidak|tdk|in)\W?a(k|c)ti|^na$|keluar|berhenti|nonaktif")
_ACTIVE = re.compile(r"^(aktif|active|a|ya|y|1)$")


class FaultyCell(ValueError):
    """A cell cannot be read; the argument is the stable code of why."""


def amount(line: Line, heading: Heading = Heading.AMOUNT, *, most: int = MOST_RUPIAH) -> int:
    """Whole rupiah, or a count, as people write them: 1250000, 1.250.000, Rp 1.250.000,00. Raises FaultyCell."""
    found = _AMOUNT.fullmatch(line.at(heading).text)
    number = int(re.sub(r"\D", "", found[1])) if found and len(found[1]) <= 30 else most + 1
    if number > most:
        raise FaultyCell("line.amount")
    return number


def day(line: Line, heading: Heading, *, latest: date) -> date:
    """A day not after `latest`, and under the law (from 1 July 2015). Raises FaultyCell."""
    said = line.at(heading)
    found = births.read(said.text, on=latest, numeric=said.numeric).date
    if found is None or not _FIRST_LAW <= found <= latest:
        raise FaultyCell("line.date")
    return found


def birth(line: Line, *, on: date) -> date | None:
    """The birth date of the line, None when it has none that can be read."""
    said = line.at(Heading.BIRTH)
    return births.read(said.text, on=on, numeric=said.numeric).date


def month(line: Line) -> Month:
    """A contribution month: 10-2026, 2026-10, Oktober 2026, or a date in it. Raises FaultyCell."""
    said = line.at(Heading.MONTH)
    found = _MONTH.fullmatch(said.text)
    if found:
        year, number = int(found["y"] or found["y2"]), int(found["m"] or found["m2"])
    else:
        read = births.read(said.text, on=date(2100, 1, 1)).date
        read = read or births.read(f"1 {said.text}", on=date(2100, 1, 1)).date
        year, number = (read.year, read.month) if read else (0, 0)
    if not (2015 <= year <= 2100 and 1 <= number <= 12):
        raise FaultyCell("line.month")
    return Month(year, number)


def active(line: Line) -> bool:
    """Active or not. Raises FaultyCell for any other word: a guess would end somebody's cover."""
    said = line.at(Heading.STATUS).text.lower()
    if _INACTIVE.search(said):
        return False
    if _ACTIVE.search(said):
        return True
    raise FaultyCell("line.status")


def number(line: Line) -> str:
    """The KPJ of the line, eleven digits. Raises FaultyCell; numbers of old cards are not taken."""
    found = kpj.compact(line.at(Heading.KPJ).text)
    if kpj.problems(found):
        raise FaultyCell("line.kpj")
    return found


def words(line: Line, heading: Heading, *, longest: int, needed: str = "") -> str:
    """The words of a cell, without anybody's NIK. Raises FaultyCell with the code `needed` when it is empty."""
    found = masked_within(line.at(heading).text)[:longest].strip()
    if needed and not found:
        raise FaultyCell(needed)
    return found
