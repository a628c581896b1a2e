"""The list "Pekerja": who is in sight, how each stands on the day, and how many of each standing there are.

The list goes on by the last name and person shown, so that a page costs the same at the end as at the beginning.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from lindung.access.sealing import unseal_many
from lindung.contributions.many_standings import ENDED, STATES, standing_of_members
from lindung.identity import nik, places
from lindung.law.text import Text
from lindung.membership import occupations

PER_PAGE = 50
STANDINGS = (*(state.value for state in STATES), "ended")
"""The standings of a person, from best to worst; a person with two works stands as the better one."""


class Chosen(NamedTuple):
    """Which people a list shows; what is empty or None does not narrow it."""

    agreement_id: int | None = None
    kelurahan_code: str = ""
    standing: str = ""
    sponsor_id: int | None = None


class WorkerRow(NamedTuple):
    """One person of the list; the NIK is masked. ``standing`` is by the contributions, whether or not he died.

    ``died_on`` is the day of a death that a determination known on the day tells.
    """

    person_id: int
    name: str
    nik_masked: str
    birth_date: date
    kelurahan: str
    works: tuple[Text, ...]
    agreements: tuple[str, ...]
    standing: str
    died_on: date | None = None


class WorkerPage(NamedTuple):
    """A page of the list, and the last person of it, after whom the next one goes on; None at the end."""

    rows: tuple[WorkerRow, ...]
    after: int | None


def page(*, on: date, chosen: Chosen, after: int | None = None) -> WorkerPage:
    """The next people of the list in the caller's scope, by name, after the person of this id."""
    found = _people(on=on, chosen=chosen, after=after, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    return WorkerPage(rows_of(shown, on=on), shown[-1] if len(found) > PER_PAGE else None)


def counts(*, on: date, chosen: Chosen) -> dict[str, int]:
    """How many people of each standing the choice holds, its own standing left aside."""
    narrowed, values = _narrowed(chosen)
    asked = standing_of_members(on=on, narrowed=narrowed)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(tables=asked.tables), asked.values | values)
        found = dict(cursor.fetchall())
    return {name: found.get(number, 0) for number, name in enumerate(STANDINGS)}


def rows_of(person_ids: Sequence[int], *, on: date) -> tuple[WorkerRow, ...]:
    """These people in this order, as far as they are in the caller's scope."""
    return tuple(row for row, _ in numbered_rows_of(person_ids, on=on))


def numbered_rows_of(person_ids: Sequence[int], *, on: date) -> list[tuple[WorkerRow, str]]:
    """The same, each with the whole NIK: for an export that a second person approved."""
    if not person_ids:
        return []
    asked = standing_of_members(on=on, people=person_ids)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(tables=asked.tables), asked.values | {"known": on})
        found = cursor.fetchall()
    numbers = unseal_many(
        [(row[0], bytes(row[2])) for row in found], table="people_person", column="nik_sealed"
    )
    return [(_row(row, number), number) for row, number in zip(found, numbers, strict=True)]


def people_of(*, on: date, chosen: Chosen) -> list[int]:
    """Everybody of a choice, by name."""
    return _people(on=on, chosen=chosen, after=None, limit=None)


# Whoever was enrolled later than the day is not on that day's list.
_COUNTS = """
WITH {tables}
SELECT standing, count(*) FROM (SELECT min(standing) AS standing FROM standing GROUP BY person_id) person
 GROUP BY 1
"""

_ROWS = """
WITH {tables}
SELECT p.id, p.name, p.nik_sealed, p.birth_date, p.kelurahan_code,
       coalesce(array_agg(DISTINCT w.occupation) FILTER (WHERE w.id IS NOT NULL), '{{}}'),
       coalesce(array_agg(DISTINCT a.title) FILTER (WHERE a.id IS NOT NULL), '{{}}'), min(s.standing),
       (SELECT d.event_date FROM claims_determination d
         WHERE d.person_id = p.id AND d.said_on <= %(known)s AND d.event_date <= %(known)s
           AND (d.programme = 'jkm' OR d.benefit = 'funeral') ORDER BY d.said_on DESC, d.id DESC LIMIT 1)
  FROM people_person p
  LEFT JOIN standing s ON s.person_id = p.id
  LEFT JOIN membership_work w ON w.id = s.work_id
  LEFT JOIN partnership_agreement a ON a.id = s.agreement_id
 WHERE p.id = ANY (%(people)s)
 GROUP BY p.id
 ORDER BY array_position(%(people)s, p.id)
"""

_PEOPLE = """
SELECT p.id FROM people_person p
 WHERE EXISTS (SELECT 1 FROM membership_membership m
                WHERE m.person_id = p.id AND m.registered_on <= %(on)s
                  AND (m.until IS NULL OR m.until > m.since) {narrowed})
   AND {beyond}
 ORDER BY p.name, p.id LIMIT %(limit)s
"""

_PEOPLE_STANDING = """
WITH {tables}
SELECT p.id
  FROM (SELECT person_id FROM standing GROUP BY person_id HAVING min(standing) = %(standing)s) s
  JOIN people_person p ON p.id = s.person_id
 WHERE {beyond}
 ORDER BY p.name, p.id LIMIT %(limit)s
"""


_BEYOND = "(p.name, p.id) > (SELECT l.name, l.id FROM people_person l WHERE l.id = %(after)s)"


def _people(*, on: date, chosen: Chosen, after: int | None, limit: int | None) -> list[int]:
    narrowed, values = _narrowed(chosen)
    values |= {"on": on, "after": after, "limit": limit}
    beyond = "true" if after is None else _BEYOND
    if chosen.standing:
        asked = standing_of_members(on=on, narrowed=narrowed)
        values |= asked.values | {"standing": STANDINGS.index(chosen.standing)}
        query = _PEOPLE_STANDING.format(tables=asked.tables, beyond=beyond)
    else:
        query = _PEOPLE.format(narrowed=narrowed, beyond=beyond)
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [person_id for (person_id,) in cursor.fetchall()]


def _narrowed(chosen: Chosen) -> tuple[str, dict[str, Any]]:
    given = {
        "m.agreement_id = %(agreement)s": ("agreement", chosen.agreement_id),
        "m.kelurahan_code = %(kelurahan)s": ("kelurahan", chosen.kelurahan_code or None),
        "m.sponsor_id = %(sponsor)s": ("sponsor", chosen.sponsor_id),
    }
    used = {condition: pair for condition, pair in given.items() if pair[1] is not None}
    return "".join(f" AND {condition}" for condition in used), dict(used.values())


def _row(row: tuple[Any, ...], number: str) -> WorkerRow:
    person_id, name, _, birth_date, code, works, agreements, standing, died_on = row
    place = places.PLACES.get(code)
    return WorkerRow(
        person_id=person_id,
        name=name,
        nik_masked=nik.masked(number),
        birth_date=birth_date,
        kelurahan=place.name if place else code,
        works=tuple(_labels(works)),
        agreements=tuple(agreements),
        standing=STANDINGS[ENDED if standing is None else standing],
        died_on=died_on,
    )


def _labels(works: Iterable[str]) -> Iterable[Text]:
    return (occupations.label(work) for work in works)
