"""A password of few signs, of one part said again and again, or of a row of keys is guessed early however long it is."""

import itertools

from django.core.exceptions import ValidationError

from lindung.access.models import User
from lindung.access.passwords import said
from lindung.law.text import Text

FEWEST_SIGNS = 5
"""Different signs; a word that everybody knows has as many."""
SHORTEST_RUN = 4
"""Neighbours in the alphabet or on the keyboard, in a row; by three many a word has them."""
LEAST_LEFT = 6
"""Signs that stand in no such run; the same as what must be left beside words that everybody would try."""
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
"""What fingers run along: the alphabet, the digits, the rows of the keyboard, and its columns."""
TOO_REGULAR = Text(
    "Kata sandi ini mudah ditebak: isinya berulang atau urutan tombol. Pakai beberapa kata yang tidak berkaitan.",
    "This password is easy to guess: it repeats itself or runs along the keys. Use several words that have nothing "
    "in common.",
)

_NEIGHBOURS = frozenset(
    pair for row in ROWS for way in (row, row[::-1]) for pair in itertools.pairwise(way)
) | frozenset((sign, sign) for row in ROWS for sign in row)


class NotRegular:
    """Refuses a password of few different signs, one that repeats a short part, and one that runs along keys."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError with a sentence that says what to do."""
        signs = password.lower()
        if len(set(signs)) < FEWEST_SIGNS or repeats(signs) or left_beside_runs(signs) < LEAST_LEFT:
            raise ValidationError(said(TOO_REGULAR), code="password_too_regular")

    def get_help_text(self) -> str:
        """What the page says beside the field."""
        return said(Text("Jangan mengulang atau mengurutkan tombol.", "Do not repeat or run along the keys."))


def repeats(signs: str) -> bool:
    """Whether it is one part said twice or more, the last time perhaps not to its end.

    >>> repeats("abcabcabcabc"), repeats("jambu-jambu-ja"), repeats("kerbau dan kuda")
    (True, True, False)
    """
    return any(signs.startswith(signs[period:]) for period in range(1, len(signs) // 2 + 1))


def left_beside_runs(signs: str) -> int:
    """How many signs stand in no run of neighbours.

    >>> left_beside_runs("abcdefghijkl"), left_beside_runs("qwertyuiopas"), left_beside_runs("jambu merah")
    (0, 2, 11)
    """
    left, run = 0, 1
    for before, sign in itertools.pairwise(signs + "\0"):
        if (before, sign) in _NEIGHBOURS:
            run += 1
            continue
        left += run if run < SHORTEST_RUN else 0
        run = 1
    return left
