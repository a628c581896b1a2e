"""Questions as JSON lines: one object a line in, one answer a line out, in the same order; no line is lost."""

import json
from decimal import Decimal

from lindung.law.questions import answers, asking
from lindung.law.questions.answers import Answer
from lindung.law.questions.fields import Fault, Unanswerable
from lindung.law.text import Text
from lindung.law.values import Law

LONGEST = 1_000_000
"""Bytes of one line; a family's facts take less than a thousandth of it."""


def answer(name: str, line: bytes, *, law: Law | None = None) -> Answer:
    """The answer to one line of JSON for that question; a line that cannot be read is told so."""
    try:
        facts = parsed(line)
    except Unanswerable as why:
        return answers.fault(why.faults)
    return asking.answer(name, facts, law=law)


def parsed(line: bytes) -> object:
    """One JSON value, exactly: decimal numbers stay apart from whole ones, and no name may come twice.

    Raises Unanswerable.
    """
    if len(line) > LONGEST:
        raise Unanswerable(Fault("", "too_long", _TOO_LONG))
    try:
        read: object = json.loads(
            line.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_once_each,
        )
        _refuse_half_signs(read)
        return read
    except UnicodeDecodeError as why:
        raise Unanswerable(Fault("", "not_utf8", _NOT_UTF8)) from why
    except json.JSONDecodeError as why:
        said = _NOT_JSON.filled(column=why.colno)
        raise Unanswerable(Fault("", "not_json", said)) from why
    except (RecursionError, ValueError) as why:
        if isinstance(why, Unanswerable):
            raise
        raise Unanswerable(Fault("", "not_json", _NOT_JSON.filled(column=1))) from why


def _refuse_constant(name: str) -> object:
    raise Unanswerable(Fault("", "not_json", _NO_CONSTANT.filled(name=name)))


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    seen: dict[str, object] = {}
    twice = next((name for name, value in pairs if name in seen or seen.update({name: value})), None)
    if twice is not None:
        _refuse_half_signs(twice)
        said = Text(
            f"Keterangan {twice} tertulis dua kali. Hapus salah satu.",
            f"The field {twice} is written twice. Remove one.",
        )
        raise Unanswerable(Fault(twice, "written_twice", said))
    return seen


def _refuse_half_signs(value: object) -> None:
    """Half of a pair of surrogates is no text that could go out again."""
    if isinstance(value, dict):
        for name, one in value.items():
            _refuse_half_signs(name)
            _refuse_half_signs(one)
    elif isinstance(value, list):
        for one in value:
            _refuse_half_signs(one)
    elif isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise Unanswerable(Fault("", "not_utf8", _NOT_UTF8))


_TOO_LONG = Text("Baris ini terlalu panjang.", "This line is too long.")
_NOT_UTF8 = Text("Simpan berkas dalam UTF-8.", "Save the file as UTF-8.")
_NOT_JSON = Text(
    "Bukan satu objek JSON pada satu baris; periksa di sekitar huruf ke-{column}.",
    "This is not one JSON object on one line; look around character {column}.",
)
_NO_CONSTANT = Text("{name} bukan bilangan.", "{name} is not a number.")
