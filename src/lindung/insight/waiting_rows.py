"""What the lists of agreements still hold: rows to mend, rows refused, and people ready to be enrolled.

A city sends additions as well as whole lists, so a newer list takes nothing away by itself: a row waits until it is put
right, or until the same person stands in a newer list of the agreement, recognised by NIK or by name, birth date and
kelurahan. However old the list is: what nobody has mended still waits.

Left out are lists that were withdrawn or cannot be read, lists of agreements that are over (ended or terminated: nobody
can be enrolled by them any more), and rows that are gone from the corrected file. Rows to mend are those about which a
person who is asked can tell something; who has no place in the quota, or was enrolled by another list meanwhile, waits
for the office and is counted apart.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from lindung.membership.models import Awaits, RosterStatus, Verdict
from lindung.partnership.models import AgreementState

_EMPTY = (RosterStatus.CANCELLED, RosterStatus.STOPPED)
"""A list that was called off or cannot be read holds nobody: the one before it still counts."""
_OVER = (AgreementState.ENDED, AgreementState.TERMINATED)
_WAITING = (Verdict.TO_FIX, Verdict.REFUSED, Verdict.READY)


class Lists(NamedTuple):
    """The lists of one agreement: the newest one, and the rows of all of them that wait, each person once.

    ``for_office`` are rows to fix that nobody who is asked can put right; ``to_fix`` are the others. ``to_mend_in``,
    ``for_office_in`` and ``ready_in`` are the newest lists that hold such a row.
    """

    newest: int | None = None
    to_mend_in: int | None = None
    ready_in: int | None = None
    to_fix: int = 0
    refused: int = 0
    ready: int = 0
    for_office: int = 0
    for_office_in: int | None = None


class Asked(NamedTuple):
    """Common table expressions of which the last is `waiting`, and the values they take."""

    tables: str
    values: dict[str, Any]


# Who looks after one kelurahan does not see a newer row elsewhere: for her alone the database is asked row by row, yes
# or no, as `membership_row_is_replaced` says, which knows the same `_EMPTY` and `_NEWER`.
# Newer means received later. A row of a list that others followed is looked up by its blind indexes, so the cost follows
# the rows that wait; behind OR, because the planner would rather compare every row of every list.
_TABLES = """
list AS (
    SELECT l.id, l.agreement_id, l.received_at,
           lead(l.id) OVER (PARTITION BY l.agreement_id ORDER BY l.received_at, l.id) IS NULL AS newest,
           EXISTS (SELECT 1 FROM partnership_agreement a
                    WHERE a.id = l.agreement_id AND a.state = ANY (%(over)s)) AS over
      FROM membership_roster l
     WHERE l.status <> ALL (%(empty)s)),
waiting AS (
    SELECT l.agreement_id, l.received_at, w.roster_id, w.number, w.verdict, w.awaits, w.kelurahan_code
      FROM list l JOIN membership_rosterrow w ON w.roster_id = l.id
     WHERE w.verdict = ANY (%(waiting)s) AND NOT w.gone AND NOT l.over
       AND (l.newest OR NOT EXISTS (
               SELECT 1 FROM membership_rosterrow n JOIN list k ON k.id = n.roster_id
                WHERE n.nik_index = w.nik_index AND {newer}))
       AND (l.newest OR NOT EXISTS (
               SELECT 1 FROM membership_rosterrow n JOIN list k ON k.id = n.roster_id
                WHERE n.twin_index = w.twin_index AND {newer}))
       AND (l.newest OR (SELECT lindung_sees_every_place())
            OR NOT membership_row_is_replaced(w.roster_id, w.number)))
"""
_NEWER = "NOT n.gone AND k.agreement_id = l.agreement_id AND (k.received_at, k.id) > (l.received_at, l.id)"

_COUNTED = """
WITH {tables}
SELECT agreement_id, roster_id, awaits, count(*) FROM waiting GROUP BY 1, 2, 3, received_at
 ORDER BY received_at DESC, roster_id DESC
"""

_NEWEST = """
WITH {tables}
SELECT agreement_id, id FROM list WHERE newest
"""

_FIRST = """
WITH {tables}
SELECT roster_id, number FROM waiting WHERE awaits = %(awaits)s
 ORDER BY received_at DESC, roster_id DESC, number LIMIT %(most)s
"""


def waiting_rows() -> Asked:
    """The table `waiting`: a row for each row that waits in the lists in the caller's sight."""
    values = {
        "empty": [status.value for status in _EMPTY],
        "over": [state.value for state in _OVER],
        "waiting": [verdict.value for verdict in _WAITING],
    }
    return Asked(_TABLES.format(newer=_NEWER), values)


def lists_of(agreement_ids: Sequence[int]) -> dict[int, Lists]:
    """The lists of many agreements, in a fixed number of queries."""
    asked = waiting_rows()
    newest = dict(_fetched(_NEWEST, asked))
    counts: dict[int, dict[int, Counter[str]]] = {}
    for agreement_id, roster_id, awaits, rows in _fetched(_COUNTED, asked):
        counts.setdefault(agreement_id, {}).setdefault(roster_id, Counter())[awaits] = rows
    return {pk: _lists(newest.get(pk), counts.get(pk, {})) for pk in agreement_ids}


def first_to_mend(*, most: int) -> list[tuple[int, int]]:
    """List and line of the first rows that a person who is asked can put right, the newest list's first."""
    asked = waiting_rows()
    return _fetched(
        _FIRST, asked._replace(values=asked.values | {"awaits": Verdict.TO_FIX.value, "most": most})
    )


def _lists(newest: int | None, rows: dict[int, Counter[str]]) -> Lists:
    whole = sum(rows.values(), Counter[str]())
    return Lists(
        newest=newest,
        to_mend_in=next((pk for pk, counts in rows.items() if counts[Verdict.TO_FIX]), None),
        ready_in=next((pk for pk, counts in rows.items() if counts[Verdict.READY]), None),
        to_fix=whole[Verdict.TO_FIX],
        refused=whole[Verdict.REFUSED],
        ready=whole[Verdict.READY],
        for_office=whole[Awaits.OFFICE],
        for_office_in=next((pk for pk, counts in rows.items() if counts[Awaits.OFFICE]), None),
    )


def _fetched(query: str, asked: Asked) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query.format(tables=asked.tables), asked.values)
        return list(cursor.fetchall())
