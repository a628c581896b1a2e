"""Cells of two thousand signs, as a hostile list may hold by the hundred thousand: answered at once, not remembered."""

import time
import tracemalloc
from collections.abc import Callable
from datetime import date

import pytest

from lindung.identity import births, names, nik, phones, places, sexes

TODAY = date(2026, 11, 22)
ENDLESS = [
    "1 " * 1000,
    "," * 2000,
    "a" * 2000,
    " (" * 1000,
    "0-" * 1000,
    "kel. " * 400,
    "a b " * 500,
    "bin " * 500,
    "abdu" * 500,
]
QUESTIONS: list[Callable[[str], object]] = [
    nik.problems, names.clean, names.key, names.problems, names.parentage, phones.problems, sexes.read,
    places.found, places.suggest, lambda text: births.problems(text, on=TODAY), lambda text: names.alike(text, text[1:]),
]  # fmt: skip


@pytest.mark.parametrize("ask", QUESTIONS)
def test_an_endless_cell_is_answered_in_milliseconds(ask: Callable[[str], object]) -> None:
    for text in ENDLESS:
        begun = time.process_time()
        ask(text)
        assert time.process_time() - begun < 0.1, text[:10]


def test_endless_cells_are_not_remembered() -> None:
    tracemalloc.start()
    for number in range(2000):
        text = f"{number:05d}" + "x" * 2000
        names.clean(text), names.key(text), places.found(text, text), births.read(text, on=TODAY)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 500_000
