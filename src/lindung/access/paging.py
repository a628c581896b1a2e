"""A stretch of a long list: the rows after a key, and the key to go on from."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Stretch(NamedTuple, Generic[T]):
    """Some rows in the order of their key; `next` is the key of the last one, None when no row follows it."""

    rows: tuple[T, ...]
    next: int | None


def following(read: Sequence[T], *, limit: int, key: Callable[[T], int]) -> int | None:
    """The key to go on from, of rows of which one more than `limit` was asked for; None at the end."""
    return key(read[limit - 1]) if len(read) > limit else None
