"""Says in Indonesian and English what is wrong with one value that was sent; the code stays the reader's handle."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lindung.api.problems import Fault
from lindung.api.shapes import OWN_FAULTS
from lindung.law.text import Text

_MOST_SHOWN = 100
_BETWEEN = re.compile(r", | or ")
"""Between the values of a choice, as the reader of requests lists them in English."""
_NUMBER = Text("Tulis bilangan bulat, misalnya 16800.", "Write a whole number, such as 16800.")
_DAY = Text("Tulis tanggal sebagai 2026-11-22.", "Write the date as 2026-11-22.")
_OBJECT = Text('Kirim objek JSON, misalnya {{"a": 1}}.', 'Send a JSON object, such as {{"a": 1}}.')
_FORM = Text("Bentuknya tidak sesuai dokumentasi.", "It does not have the documented form.")
_SENTENCES = {
    "missing": Text("Isian ini wajib.", "This value is needed."),
    "extra_forbidden": Text("Nama isian ini tidak dikenal.", "No value of this name is known."),
    "unknown_parameter": Text("Parameter ini tidak dikenal.", "This parameter is not known."),
    "repeated_parameter": Text("Sebut parameter ini sekali saja.", "Name this parameter once only."),
    "string_type": Text("Tulis sebagai teks.", "Write it as text."),
    "string_unicode": Text("Teks ini bukan UTF-8 yang benar.", "This text is not proper UTF-8."),
    "string_too_short": Text("Paling sedikit {min_length} huruf.", "At least {min_length} characters."),
    "string_too_long": Text("Paling banyak {max_length} huruf.", "At most {max_length} characters."),
    "string_pattern_mismatch": _FORM,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "greater_than": Text("Harus lebih dari {gt}.", "It must be more than {gt}."),
    "greater_than_equal": Text("Paling kecil {ge}.", "At least {ge}."),
    "less_than": Text("Harus kurang dari {lt}.", "It must be less than {lt}."),
    "less_than_equal": Text("Paling besar {le}.", "At most {le}."),
    "bool_type": Text("Tulis true atau false.", "Write true or false."),
    "bool_parsing": Text("Tulis true atau false.", "Write true or false."),
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "literal_error": Text("Pilih salah satu: {expected}.", "Choose one of: {expected}."),
    "enum": Text("Pilih salah satu: {expected}.", "Choose one of: {expected}."),
    "list_type": Text("Kirim daftar JSON.", "Send a JSON list."),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
}
"""By the kind of fault; what is not here says in Indonesian only that it is wrong, in English what the reader says."""
_OTHER = "Isian ini tidak benar. Lihat dokumentasi."


def fault_of(found: Mapping[str, Any]) -> Fault:
    """The fault that the reader of a request has found, as an answer tells it."""
    kind, bounds = str(found.get("type", "invalid")), found.get("ctx") or {}
    known = OWN_FAULTS.get(str(bounds.get("error", ""))) or _SENTENCES.get(kind)
    told = _filled(known, bounds) if known else Text(_OTHER, str(found.get("msg", "")) or _OTHER)
    return Fault(field=_field(found.get("loc")), code=kind, detail=told.id, detail_en=told.en)


def unknown_parameters(names: Sequence[str]) -> list[Fault]:
    """A fault for each parameter of an address that nobody knows."""
    return [fault_of({"type": "unknown_parameter", "loc": ("query", name)}) for name in names]


def repeated_parameters(names: Sequence[str]) -> list[Fault]:
    """A fault for each parameter of an address that is named more than once."""
    return [fault_of({"type": "repeated_parameter", "loc": ("query", name)}) for name in names]


def _filled(sentence: Text, bounds: Mapping[str, Any]) -> Text:
    told = {name: str(bound) for name, bound in bounds.items() if name != "error"}
    if "expected" in told:
        told["expected"] = ", ".join(each.strip("'") for each in _BETWEEN.split(told["expected"]))
    return sentence.filled(**told)


def _field(place: object) -> str:
    parts = list(place) if isinstance(place, tuple | list) else []
    # A field that somebody made up may hold anything; only what a name can hold is said back.
    named = ".".join(str(part) for part in parts)[:_MOST_SHOWN]
    return "".join(sign for sign in named if sign.isprintable())
