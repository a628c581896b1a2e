"""The member number: eleven digits, a typing warning, and how much of it is shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.identity import kpj

DIGITS = st.text("0123456789", min_size=10, max_size=10)


def checked(ten: str) -> str:
    """The number of these ten digits with the check digit that fits."""
    return next(number for digit in range(10) if not kpj.looks_mistyped(number := f"{ten}{digit}"))


def test_it_says_what_is_wrong_with_a_number() -> None:
    assert kpj.problems("1901501234A") == ("kpj.not_digits",)
    assert kpj.problems("٣٣٣٣٣٣٣٣٣٣٣") == ("kpj.not_digits",)
    assert kpj.problems("190150123471") == ("kpj.length",)
    assert kpj.problems("-") == ("kpj.missing",)


def test_it_never_calls_half_a_number_mistyped() -> None:
    assert not kpj.looks_mistyped("1901")


@given(DIGITS, st.integers(0, 10), st.integers(1, 9))
@settings(max_examples=50)
def test_it_notices_any_one_wrong_digit(ten: str, place: int, step: int) -> None:
    number = checked(ten)
    wrong = str((int(number[place]) + step) % 10)
    assert kpj.looks_mistyped(number[:place] + wrong + number[place + 1 :])


@given(DIGITS)
@settings(max_examples=50)
def test_it_shows_five_digits_at_most(ten: str) -> None:
    shown = kpj.masked(checked(ten))
    assert sum(sign.isdigit() for sign in shown) == 5
    assert kpj.masked(ten) == "•" * 10
