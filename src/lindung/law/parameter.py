"""Reads the dated values of parameters/*.toml and refuses every file that is not exact, cited and gapless."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NoReturn, TypeVar

from lindung.law.decision import UNREAD, Citation, Confidence
from lindung.law.money import Rounding
from lindung.law.months import Month, NotAMonth, Period
from lindung.law.terms import Payer, Programme, Sector, Segment
from lindung.law.text import Text
from lindung.law.values import DatedValue, Kind, Law, Parameter, Relief, Row, Table, Value

FOLDER = Path(__file__).parent / "parameters"
PLACEHOLDERS = ("value", "amount", "base")
"""What a sentence beside a number may name: the value, the amount it gives, the amount it is taken of."""

_Choice = TypeVar("_Choice", bound=StrEnum)


class UnusableParameter(ValueError):
    """Nilai hukum ini tidak dapat dipakai. / This legal value cannot be used."""

    def __init__(self, file: str, id: str, problem: Text) -> None:
        super().__init__(f"{file}: {id}: {problem.id} / {problem.en}")
        self.file = file
        self.id = id
        self.problem = problem


@cache
def in_force() -> Law:
    """The law as stored with this program. Raises UnusableParameter when a file is not sound."""
    return load(FOLDER)


def load(folder: Path) -> Law:
    """Read every *.toml of a folder. Raises UnusableParameter, naming file and id."""
    return law_from({path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))})


def law_from(texts: Mapping[str, str]) -> Law:
    """Read parameter files given as {file name: text}. Raises UnusableParameter, naming file and id."""
    return law_of({file: parsed(file, text) for file, text in texts.items()})


def law_of(trees: Mapping[str, Mapping[str, object]]) -> Law:
    """Build the law from parsed parameter files. Raises UnusableParameter, naming file and id."""
    parameters: dict[str, Parameter] = {}
    reliefs: dict[str, Relief] = {}
    for file, tree in trees.items():
        whole = Entry(file, "-", tree)
        whole.has_only("parameter", "relief")
        for entry in whole.entries("parameter"):
            entry.is_new_in(parameters)
            parameters[entry.id] = _parameter(entry)
        for entry in whole.entries("relief"):
            entry.is_new_in(reliefs)
            reliefs[entry.id] = _relief(entry)
            _check_no_meeting(entry, reliefs)
    return Law(MappingProxyType(parameters), tuple(reliefs.values()))


def parsed(file: str, text: str) -> dict[str, object]:
    """The TOML tree of one file. Raises UnusableParameter for broken TOML and for any float."""

    def refuse_float(literal: str) -> NoReturn:
        raise UnusableParameter(file, literal, _FLOAT)

    try:
        return tomllib.loads(text, parse_float=refuse_float)
    except tomllib.TOMLDecodeError as broken:
        problem = Text(f"Berkas bukan TOML yang benar: {broken}.", f"The file is not sound TOML: {broken}.")
        raise UnusableParameter(file, "-", problem) from broken


_FLOAT = Text(
    "Bilangan desimal dilarang; tulis pecahan sebagai teks, misalnya 57/1000.",
    "Decimal numbers are forbidden; write a fraction as text, such as 57/1000.",
)


class Entry:
    """One table of a parameter file while it is read; every complaint names its file and id."""

    def __init__(self, file: str, id: str, raw: Mapping[str, object]) -> None:
        self.file = file
        self.id = id
        self.raw = raw

    def refuse(self, indonesian: str, english: str) -> NoReturn:
        """Raise UnusableParameter for this entry."""
        raise UnusableParameter(self.file, self.id, Text(indonesian, english))

    def has_only(self, *keys: str) -> None:
        """Refuse keys that nobody reads."""
        for key in self.raw:
            if key not in keys:
                self.refuse(f"Kunci {key} tidak dikenal.", f"The key {key} is unknown.")

    def is_new_in(self, taken: Mapping[str, object]) -> None:
        """Refuse an id that is used twice."""
        if self.id in taken:
            self.refuse("Id ini dipakai dua kali.", "This id is used twice.")

    def get(self, key: str) -> object:
        """The raw value; refuses when it is missing."""
        if key not in self.raw:
            self.refuse(f"Kunci {key} tidak ada.", f"The key {key} is missing.")
        return self.raw[key]

    def word(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; with a default it may be absent."""
        value = self.raw.get(key, default) if default is not None else self.get(key)
        if not isinstance(value, str) or (not value.strip() and default is None):
            self.refuse(f"{key} harus teks yang tidak kosong.", f"{key} must be text that is not empty.")
        return value

    def day(self, key: str) -> date:
        """A date without a time."""
        value = self.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.refuse(f"{key} harus tanggal seperti 2015-07-01.", f"{key} must be a date like 2015-07-01.")
        return value

    def month(self, key: str) -> Month:
        """A contribution month like 2026-11."""
        try:
            return Month.parse(self.word(key))
        except NotAMonth:
            self.refuse(f"{key} harus bulan seperti 2026-11.", f"{key} must be a month like 2026-11.")

    def within(self, key: str) -> "Entry":
        """A table inside this one."""
        value = self.get(key)
        if not isinstance(value, dict):
            self.refuse(f"{key} harus tabel.", f"{key} must be a table.")
        return Entry(self.file, self.id, value)

    def entries(self, key: str) -> "list[Entry]":
        """A list of tables, each named by its own id where it has one."""
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(f"{key} harus daftar tabel.", f"{key} must be a list of tables.")
        return [Entry(self.file, str(item.get("id", self.id)), item) for item in value]

    def text(self, key: str) -> Text:
        """A text in both languages."""
        both = self.within(key)
        both.has_only("id", "en")
        return Text(both.word("id"), both.word("en"))

    def choice(self, key: str, kind: type[_Choice]) -> _Choice:
        """One of the words of a list."""
        word = self.word(key)
        try:
            return kind(word)
        except ValueError:
            self.refuse(f"{key} {word} tidak dikenal.", f"The {key} {word} is unknown.")

    def choices(self, key: str, kind: type[_Choice]) -> frozenset[_Choice]:
        """Several words of a list; all of them when the key is absent."""
        if key not in self.raw:
            return frozenset(kind)
        words = self.get(key)
        if not isinstance(words, list) or not words:
            self.refuse(f"{key} harus daftar.", f"{key} must be a list.")
        return frozenset(Entry(self.file, self.id, {key: word}).choice(key, kind) for word in words)

    def whole(self, key: str) -> int:
        """A whole number, zero or more."""
        value = self.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.refuse(f"{key} harus bilangan bulat, nol atau lebih.", f"{key} must be whole, zero or more.")
        return value

    def fraction(self, key: str) -> Fraction:
        """An exact fraction like "57/1000", from 0 to 1."""
        value = self.get(key)
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]+/[1-9][0-9]*", value):
            self.refuse(f"{key} harus pecahan seperti 57/1000.", f"{key} must be a fraction like 57/1000.")
        if Fraction(value) > 1:
            self.refuse(f"{key} lebih besar dari satu.", f"{key} is greater than one.")
        return Fraction(value)


def _parameter(entry: Entry) -> Parameter:
    entry.has_only("id", "kind", "label", "sentence", "checked", "values")
    kind = entry.choice("kind", Kind)
    values = tuple(_dated_value(one, kind) for one in entry.entries("values"))
    if not values:
        entry.refuse("Tidak ada nilai.", "There is no value.")
    _check_gapless(entry, values)
    return Parameter(
        id=entry.word("id"),
        kind=kind,
        label=entry.text("label"),
        sentence=_sentence(entry),
        checked_on=_checked(entry),
        values=values,
    )


def _dated_value(entry: Entry, kind: Kind) -> DatedValue:
    entry.has_only("since", "until", "known", "value", "match", "source", "confidence", "note", "corrects")
    confidence = entry.choice("confidence", Confidence)
    period = Period(entry.day("since"), entry.day("until") if "until" in entry.raw else None)
    if period.is_empty:
        entry.refuse("Masa berlaku berakhir sebelum mulai.", "The period ends before it begins.")
    return DatedValue(
        period=period,
        known=entry.day("known"),
        value=_READERS[kind](entry),
        citation=_citation(entry, confidence),
        confidence=confidence,
        note=entry.text("note") if "note" in entry.raw else None,
        corrects=entry.raw.get("corrects") is True,
    )


def _citation(entry: Entry, confidence: Confidence) -> Citation:
    source = entry.within("source")
    source.has_only("regulation", "article", "paragraph", "annex")
    article = source.word("article")
    if article == UNREAD and confidence is Confidence.READ_IN_LAW:
        entry.refuse("Dibaca dalam naskah, tetapi tanpa pasal.", "Read in the law, yet without an article.")
    return Citation(
        source.word("regulation"), article, source.word("paragraph", ""), source.word("annex", "")
    )


def _sentence(entry: Entry) -> Text:
    sentence = entry.text("sentence")
    try:
        sentence.filled(**dict.fromkeys(PLACEHOLDERS, "-"))
    except (KeyError, IndexError, ValueError):
        entry.refuse(
            "Kalimat memakai isian yang tidak dikenal.", "The sentence names a placeholder nobody fills."
        )
    return sentence


def _checked(entry: Entry) -> date:
    checked = entry.within("checked")
    checked.has_only("on")
    return checked.day("on")


def _check_gapless(entry: Entry, values: Iterable[DatedValue]) -> None:
    """One value for every day: periods follow each other without gap or overlap, corrections aside."""
    ordered = sorted(
        (value.period for value in values if not value.corrects), key=lambda period: period.since
    )
    for earlier, later in pairwise(ordered):
        if earlier.overlaps(later):
            entry.refuse(f"Dua nilai berlaku pada {later.since}.", f"Two values hold on {later.since}.")
        if earlier.until != later.since:
            entry.refuse(
                f"Tidak ada nilai dari {earlier.until} sampai {later.since}.",
                f"No value holds from {earlier.until} to {later.since}.",
            )


def _rounding(entry: Entry) -> Rounding:
    return entry.choice("value", Rounding)


def _table(entry: Entry) -> Table:
    match = entry.word("match")
    if match not in ("from", "is"):
        entry.refuse("match harus from atau is.", "match must be from or is.")
    rows = tuple(_row(one, entry) for one in entry.entries("value"))
    keys = [row.key for row in rows]
    if not rows or len(set(keys)) < len(keys):
        entry.refuse("Tabel kosong atau kuncinya berulang.", "The table is empty or repeats a key.")
    if match == "from" and (not all(isinstance(key, int) for key in keys) or keys != sorted(keys, key=int)):
        entry.refuse("Batas bawah harus bilangan yang naik.", "Lower bounds must be ascending numbers.")
    kind: Literal["from", "is"] = "from" if match == "from" else "is"
    return Table(kind, rows)


def _row(entry: Entry, table: Entry) -> Row:
    entry.has_only("key", "value", "confidence")
    confident = entry if "confidence" in entry.raw else table
    return Row(
        key=entry.whole("key") if isinstance(entry.get("key"), int) else entry.word("key"),
        value=entry.fraction("value") if isinstance(entry.get("value"), str) else entry.whole("value"),
        confidence=confident.choice("confidence", Confidence),
    )


_READERS: Mapping[Kind, Callable[[Entry], Value]] = {
    Kind.RUPIAH: lambda entry: entry.whole("value"),
    Kind.NUMBER: lambda entry: entry.whole("value"),
    Kind.DAYS: lambda entry: entry.whole("value"),
    Kind.MONTHS: lambda entry: entry.whole("value"),
    Kind.FRACTION: lambda entry: entry.fraction("value"),
    Kind.TABLE: _table,
    Kind.ROUNDING_RULE: _rounding,
}


def _relief(entry: Entry) -> Relief:
    entry.has_only(
        "id", "label", "sentence", "checked", "segments", "programmes", "sectors", "except_payers",
        "first_month", "last_month", "known", "cut", "source", "confidence",
    )  # fmt: skip
    confidence = entry.choice("confidence", Confidence)
    excepted = entry.choices("except_payers", Payer) if "except_payers" in entry.raw else frozenset()
    relief = Relief(
        id=entry.word("id"),
        label=entry.text("label"),
        sentence=_sentence(entry),
        checked_on=_checked(entry),
        segments=entry.choices("segments", Segment),
        programmes=entry.choices("programmes", Programme),
        sectors=entry.choices("sectors", Sector),
        payers=frozenset(Payer) - excepted,
        first_month=entry.month("first_month"),
        last_month=entry.month("last_month"),
        known=entry.day("known"),
        cut=entry.fraction("cut"),
        citation=_citation(entry, confidence),
        confidence=confidence,
    )
    if relief.last_month < relief.first_month:
        entry.refuse("Masa berlaku berakhir sebelum mulai.", "The period ends before it begins.")
    return relief


def _check_no_meeting(entry: Entry, reliefs: Mapping[str, Relief]) -> None:
    for one, other in combinations(reliefs.values(), 2):
        if one.meets(other):
            entry.refuse(
                f"Keringanan ini dan {one.id} dapat berlaku bersamaan.",
                f"This relief and {one.id} could hold at once.",
            )
