"""Where a list goes on: signed, so that nobody writes one himself, and bound to the list and its filters."""

from typing import Any

from django.core import signing

from lindung.access.paging import Stretch
from lindung.api.problems import Problem

_SALT = "lindung.api.cursors"


def start_of(cursor: str | None, *, of: str, filters: tuple[object, ...] = ()) -> int:
    """The key after which the list goes on; 0 at its start. Raises Problem for a cursor of another list."""
    if not cursor:
        return 0
    try:
        name, kept, key = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Problem("cursor.invalid") from error
    if name != of or kept != _filters(filters):
        raise Problem("cursor.invalid")
    return int(key)


def cursor_after(stretch: Stretch[Any], *, of: str, filters: tuple[object, ...] = ()) -> str | None:
    """The cursor of the next page; None when this was the last."""
    if stretch.next is None:
        return None
    return signing.dumps([of, _filters(filters), stretch.next], salt=_SALT)


def _filters(filters: tuple[object, ...]) -> list[str]:
    return ["" if each is None else str(each) for each in filters]
