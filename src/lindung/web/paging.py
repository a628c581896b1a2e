"""The pages of a list: which one is asked for, and the addresses of the ones beside it."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest


class Pager(NamedTuple):
    """Where the reader is in a list; an address is None at its ends."""

    number: int
    pages: int
    previous: str | None
    next: str | None

    @classmethod
    def of(cls, asked: Mapping[str, str], *, number: int, pages: int) -> "Pager":
        """The pager of a list that was asked for with these filters."""
        return cls(
            number,
            pages,
            _address(asked, number - 1) if number > 1 else None,
            _address(asked, number + 1) if number < pages else None,
        )


def asked_page(request: HttpRequest) -> int:
    """The page asked for (`?halaman=3`), 1 for anything that is none."""
    asked = request.GET.get("halaman", "")
    # Six digits reach past the last page of the longest list; more would not be a page but an attack.
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 1


def _address(asked: Mapping[str, str], number: int) -> str:
    return "?" + urlencode(
        {**{name: value for name, value in asked.items() if value}, "halaman": str(number)}
    )
