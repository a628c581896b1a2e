"""Turns the values of the rooms into what JSON can hold: names to objects, months and days to text, money to numbers."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from lindung.law.months import Month
from lindung.law.text import Text


def plain(value: object) -> Any:
    """The same value for machines. A Text is {"id", "en"}, a Month "2026-11", a date or time ISO 8601.

    Raises TypeError for a value that has no one way to be written, instead of guessing one.
    """
    if isinstance(value, Text):
        return {"id": value.id, "en": value.en}
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    return _several(value)


def _several(value: object) -> Any:
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} has no plain form")
