"""The users behind rows, for showing who did something: whoever is out of the reader's sight hides no row."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model

from lindung.access.models import User

UNSEEN = "–"
"""In place of the name of somebody the reader does not see."""
Row = TypeVar("Row", bound=Model)


def with_users(rows: Iterable[Row], *fields: str) -> list[Row]:
    """The rows with the users of these foreign keys at hand, in one query.

    A join would leave a row out when its user is out of sight; here she is nameless instead.
    """
    kept = list(rows)
    ids = {id for row in kept for field in fields if (id := getattr(row, f"{field}_id")) is not None}
    users = User.objects.in_bulk(ids)
    for row in kept:
        for field in fields:
            id = getattr(row, f"{field}_id")
            if id is not None:
                setattr(row, field, users.get(id) or User(pk=id, username=UNSEEN, name=UNSEEN))
    return kept
