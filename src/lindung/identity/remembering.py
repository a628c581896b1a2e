"""Answers about short texts are remembered, long ones are not: a list of endless cells must not fill the memory."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# No name, date or place of a person is longer; what is, gets its answer anew each time.
LONGEST = 100


def remembered(entries: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember the last `entries` answers of a pure function, unless a text it is asked about is too long.

    The function must be pure and its arguments hashable.
    """

    def remember(ask: Callable[P, R]) -> Callable[P, R]:
        cached = lru_cache(maxsize=entries)(ask)

        @wraps(ask)
        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            for value in args:
                if isinstance(value, str) and len(value) > LONGEST:
                    return ask(*args, **kwargs)
            return cached(*args, **kwargs)  # type: ignore[arg-type]  # lru_cache forgets the parameters' types

        return answer

    return remember
