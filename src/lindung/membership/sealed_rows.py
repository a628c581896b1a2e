"""How a row of a roster is written into its seal and read out of it again."""

import json
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from lindung.access.sealing import seal, unseal
from lindung.membership.judging import Facts

_TABLE, _COLUMN = "membership_rosterrow", "sealed"
_BIRTH_DATE = Facts._fields.index("birth_date")


class Row(NamedTuple):
    """The cells as the officer's sheet had them, and what was read from them (None: not a person)."""

    cells: tuple[str, ...]
    facts: Facts | None


def write(*, roster_id: int, line: int, cells: Sequence[str], facts: Facts | None) -> bytes:
    """Seal one row, bound to its roster and line."""
    text = json.dumps([cells, facts], ensure_ascii=False, default=date.isoformat)
    return seal(text, table=_TABLE, column=_COLUMN, row_id=f"{roster_id}:{line}")


def read(sealed: bytes, *, roster_id: int, line: int) -> Row:
    """Open one row. Raises SealBroken when it was sealed for another roster or line."""
    text = unseal(sealed, table=_TABLE, column=_COLUMN, row_id=f"{roster_id}:{line}")
    cells, stored = json.loads(text)
    if stored is None:
        return Row(tuple(cells), None)
    born = stored[_BIRTH_DATE]
    stored[_BIRTH_DATE] = date.fromisoformat(born) if born else None
    return Row(tuple(cells), Facts(*stored))
