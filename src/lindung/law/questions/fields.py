"""Reads named facts typed by someone else, strictly: every fault names its field and says what to do."""

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple, NoReturn, TypeVar

from lindung.law.months import Month, NotAMonth
from lindung.law.terms import Term
from lindung.law.text import Text
from lindung.law.values import NoLawForDate

Facts = Mapping[str, object]
GREATEST_AMOUNT = 10**15 - 1
"""One digit less than a NIK, so that no NIK is taken for an amount; Rp999 trillion is enough for any fact."""
YEARS = range(1900, 2201)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_Word = TypeVar("_Word", bound=Term)


class Fault(NamedTuple):
    """What is wrong with one field: `field` is its path, such as children[0].birth_date."""

    field: str
    code: str
    message: Text


class Unanswerable(ValueError):
    """Pertanyaan ini belum dapat dijawab. / This question cannot be answered yet."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.message.id}" for fault in faults))
        self.faults = faults


class Given:
    """The facts of one question. Every reading method raises Unanswerable, naming the field.

    A method with a `default` gives it when the field is absent or null; without one the field is needed.
    """

    def __init__(self, facts: Facts, *, path: str = "") -> None:
        self.facts = facts
        self._path = path

    def __contains__(self, name: str) -> bool:
        return self.facts.get(name) is not None

    def only(self, *names: str) -> None:
        """Refuse fields that nobody knows, all of them at once."""
        unknown = [name for name in self.facts if name not in names]
        if unknown:
            known = ", ".join(sorted(names))
            raise Unanswerable(
                *(self.fault(name, "unknown_field", _UNKNOWN.filled(known=known)) for name in unknown)
            )

    def require(self, *names: str) -> None:
        """Refuse when any of these is missing, naming all that are."""
        missing = [name for name in names if name not in self]
        if missing:
            raise Unanswerable(*(self.missing(name) for name in missing))

    def missing(self, name: str) -> Fault:
        """The fault of a fact that is needed and not there."""
        return self.fault(name, "missing_fact", _MISSING)

    def fault(self, name: str, code: str, message: Text) -> Fault:
        """A fault of that field, with its path and its name in the message."""
        field = self._path + name
        return Fault(field, code, message.filled(field=field) if "{field}" in message.id else message)

    def refuse(self, name: str, code: str, message: Text) -> NoReturn:
        """Raise Unanswerable for one field."""
        raise Unanswerable(self.fault(name, code, message))

    def amount(self, name: str, default: int | None = None) -> int:
        """Whole rupiah, zero or more."""
        value = self._value(name, default)
        if isinstance(value, int) and not isinstance(value, bool) and value > GREATEST_AMOUNT:
            self.refuse(name, "too_large", _TOO_LARGE)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.refuse(name, "not_an_amount", _NOT_AN_AMOUNT)
        return value

    def count(self, name: str, default: int | None = None, *, least: int = 0, most: int = 1200) -> int:
        """A whole number within bounds, both included."""
        value = self._value(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(name, "not_a_count", _NOT_A_COUNT.filled(field="{field}", least=least, most=most))
        return value

    def flag(self, name: str, default: bool | None = None) -> bool:
        """True or false."""
        value = self._value(name, default)
        if not isinstance(value, bool):
            self.refuse(name, "not_a_flag", _NOT_A_FLAG)
        return value

    def day(self, name: str, default: date | None = None) -> date:
        """A day written 2026-11-22."""
        value = self._value(name, default)
        if isinstance(value, date):
            return value
        written = value if isinstance(value, str) and _DAY.fullmatch(value) else ""
        day = _day_or_none(written)
        if written and day is None:
            self.refuse(name, "impossible_date", _NO_SUCH_DAY.filled(field="{field}", typed=written))
        if day is None or day.year not in YEARS:
            self.refuse(name, "not_a_date", _NOT_A_DAY)
        return day

    def month(self, name: str, default: Month | None = None) -> Month:
        """A contribution month written 2026-11."""
        value = self._value(name, default)
        if isinstance(value, Month):
            return value
        try:
            month = Month.parse(value if isinstance(value, str) else "")
        except NotAMonth:
            self.refuse(name, "not_a_month", _NOT_A_MONTH)
        if month.year not in YEARS:
            self.refuse(name, "not_a_month", _NOT_A_MONTH)
        return month

    def word(self, name: str, words: type[_Word], default: _Word | None = None) -> _Word:
        """One word of a list, in capitals or not."""
        value = self._value(name, default)
        found = next((one for one in words if isinstance(value, str) and one == value.lower()), None)
        if found is None:
            self.refuse(name, "unknown_word", _NO_SUCH_WORD.filled(field="{field}", known=", ".join(words)))
        return found

    def words(self, name: str, words: type[_Word]) -> tuple[_Word, ...]:
        """Several words of a list, in capitals or not, each once."""
        value = self._value(name, None)
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not value:
            self.refuse(name, "not_a_list", _NOT_WORDS.filled(field="{field}", known=", ".join(words)))
        read = [Given({name: one}, path=self._path).word(name, words) for one in value]
        return tuple(dict.fromkeys(read))

    def text(self, name: str, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self._value(name, default)
        if not isinstance(value, str) or not value.strip():
            self.refuse(name, "not_a_text", _NOT_A_TEXT)
        return value

    def fraction(self, name: str, default: Fraction | None = None, *, most: int = 1) -> Fraction:
        """An exact fraction written "7/100", from 0 to `most`."""
        value = self._value(name, default)
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}/[1-9][0-9]{0,8}", value):
            value = Fraction(value)
        if not isinstance(value, Fraction) or value > most:
            self.refuse(name, "not_a_fraction", _NOT_A_FRACTION.filled(field="{field}", most=most))
        return value

    def entries(self, name: str, *known: str) -> "tuple[Given, ...]":
        """A list of objects that have only the known fields; empty when the field is absent."""
        value = self.facts.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.refuse(name, "not_a_list", _NOT_OBJECTS)
        if len(value) > 1000:
            self.refuse(name, "too_many", _TOO_MANY)
        given = tuple(Given(one, path=f"{self._path}{name}[{place}].") for place, one in enumerate(value))
        for one in given:
            one.only(*known)
        return given

    def within(self, name: str) -> "Given":
        """An object inside this one; empty when the field is absent."""
        value = self.facts.get(name, {})
        if not isinstance(value, dict):
            self.refuse(name, "not_an_object", _NOT_AN_OBJECT)
        return Given(value, path=f"{self._path}{name}.")

    @property
    def maybe(self) -> "Maybe":
        """The same readings, giving None where the fact is absent."""
        return Maybe(self)

    def _value(self, name: str, default: object) -> object:
        value = self.facts.get(name)
        if value is None and default is None:
            self.refuse(name, "missing_fact", _MISSING)
        return default if value is None else value


class Maybe:
    """Reads facts that may be absent: None then. Every method raises Unanswerable as those of Given do."""

    def __init__(self, given: Given) -> None:
        self._given = given

    def amount(self, name: str) -> int | None:
        """Whole rupiah, or None."""
        return self._given.amount(name) if name in self._given else None

    def count(self, name: str, *, least: int = 0, most: int = 1200) -> int | None:
        """A whole number within bounds, or None."""
        return self._given.count(name, least=least, most=most) if name in self._given else None

    def flag(self, name: str) -> bool | None:
        """True, false, or None."""
        return self._given.flag(name) if name in self._given else None

    def day(self, name: str) -> date | None:
        """A day, or None."""
        return self._given.day(name) if name in self._given else None

    def word(self, name: str, words: type[_Word]) -> _Word | None:
        """One word of a list, or None."""
        return self._given.word(name, words) if name in self._given else None


def no_law(why: NoLawForDate, *, field: str) -> Unanswerable:
    """The fault of a date for which no law is stored, at the field that gave the date."""
    return Unanswerable(Fault(field, "no_law_for_date", why.text))


def _day_or_none(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


_MISSING = Text(
    "Keterangan {field} belum ada. Tambahkan {field}.", "The fact {field} is missing. Add {field}."
)
_UNKNOWN = Text(
    "Keterangan {{field}} tidak dikenal. Hapus, atau pakai salah satu: {known}.",
    "The field {{field}} is unknown. Remove it, or use one of: {known}.",
)
_NOT_AN_AMOUNT = Text(
    "{field} harus jumlah rupiah bulat, nol atau lebih, tanpa tanda kutip, titik atau koma: 1000000.",
    "{field} must be whole rupiah, zero or more, without quotes, points or commas: 1000000.",
)
_TOO_LARGE = Text(
    "{field} terlalu besar untuk jumlah rupiah. Periksa, jangan-jangan NIK yang tertulis di sini.",
    "{field} is too large for an amount. Check that no NIK was written here.",
)
_NOT_A_COUNT = Text(
    "{field} harus bilangan bulat dari {least} sampai {most}.",
    "{field} must be a whole number from {least} to {most}.",
)
_NOT_A_FLAG = Text("{field} harus true atau false.", "{field} must be true or false.")
_NOT_A_DAY = Text(
    '{field} harus tanggal seperti "2026-11-22".', '{field} must be a date such as "2026-11-22".'
)
_NO_SUCH_DAY = Text(
    "{field}: tanggal {typed} tidak ada. Periksa tanggalnya.",
    "{field}: there is no day {typed}. Check the date.",
)
_NOT_A_MONTH = Text('{field} harus bulan seperti "2026-11".', '{field} must be a month such as "2026-11".')
_NO_SUCH_WORD = Text("{field} harus salah satu dari: {known}.", "{field} must be one of: {known}.")
_NOT_WORDS = Text(
    "{field} harus daftar dengan paling sedikit satu dari: {known}.",
    "{field} must be a list of at least one of: {known}.",
)
_NOT_OBJECTS = Text(
    "{field} harus daftar objek, seperti [{{...}}, {{...}}].",
    "{field} must be a list of objects, like [{{...}}, {{...}}].",
)
_NOT_A_TEXT = Text("{field} harus teks yang tidak kosong.", "{field} must be text that is not empty.")
_NOT_A_FRACTION = Text(
    '{field} harus pecahan seperti "7/100", dari nol sampai {most}.',
    '{field} must be a fraction such as "7/100", from zero to {most}.',
)
_NOT_AN_OBJECT = Text("{field} harus objek dalam kurung kurawal.", "{field} must be an object in braces.")
_TOO_MANY = Text("{field} terlalu panjang: paling banyak 1000.", "{field} is too long: at most 1000.")
