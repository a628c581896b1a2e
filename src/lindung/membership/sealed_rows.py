"""How a row of a roster is written into its seal and read out of it again."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from lindung.access.sealing import seal_many, unseal_many
from lindung.membership.judging import Facts, Judged

_TABLE, _COLUMN = "membership_rosterrow", "sealed"
_BIRTH_DATE = Facts._fields.index("birth_date")
_ENCODE = json.JSONEncoder(ensure_ascii=False, default=date.isoformat).encode


class Row(NamedTuple):
    """The cells as the officer's sheet had them, and what was read from them (None: not a person)."""

    cells: tuple[str, ...]
    facts: Facts | None
    numeric: tuple[int, ...] = ()


def write_many(roster_id: int, rows: Sequence[Judged]) -> list[bytes]:
    """Seal rows, each bound to its roster and line; in the order given."""
    texts = ((f"{roster_id}:{row.line}", _ENCODE([row.cells, row.facts, row.numeric])) for row in rows)
    return seal_many(texts, table=_TABLE, column=_COLUMN)


def read_many(roster_id: int, sealed: Sequence[tuple[int, bytes]]) -> list[Row]:
    """Open (line, sealed) pairs. Raises SealBroken when one was sealed for another roster or line."""
    places = ((f"{roster_id}:{line}", blob) for line, blob in sealed)
    return [_row(*json.loads(text)) for text in unseal_many(places, table=_TABLE, column=_COLUMN)]


def _row(cells: list[str], stored: list[Any] | None, numeric: Sequence[int] = ()) -> Row:
    """What was sealed before numbers were told from texts has no third part."""
    if stored is None:
        return Row(tuple(cells), None, tuple(numeric))
    born = stored[_BIRTH_DATE]
    stored[_BIRTH_DATE] = date.fromisoformat(born) if born else None
    return Row(tuple(cells), Facts(*stored), tuple(numeric))
