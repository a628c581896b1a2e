"""Says whom the lines of a branch's file name: by NIK, or by a KPJ that is known, within one city."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from lindung.access.sealing import blind_index_many
from lindung.identity import kpj, names, nik
from lindung.membership import branch_cells
from lindung.membership.branch_headings import Heading, Line

_CHUNK = 5_000
_BY_NIK = """
SELECT p.nik_index, p.id, p.name, p.birth_date
  FROM people_person p JOIN people_personscope s ON s.person_id = p.id AND s.sponsor_id = %s
 WHERE p.nik_index = ANY(%s)
"""
_BY_KPJ = """
SELECT DISTINCT n.kpj_index, p.id, p.name, p.birth_date
  FROM membership_membernumber n JOIN people_person p ON p.id = n.person_id
 WHERE n.sponsor_id = %s AND n.kpj_index = ANY(%s)
"""


class _Known(NamedTuple):
    id: int
    name: str
    birth_date: date


def people_named(
    lines: Sequence[Line], *, sponsor_id: int, on: date, by_kpj: bool = True
) -> Mapping[int, int | str]:
    """For each line number the person's id, or the code of why nobody is found.

    A NIK decides before a KPJ. Who has another birth date and another name is somebody else: a mistyped NIK hits
    other people's. With `by_kpj` off, a KPJ of the line names nobody (it is what the line tells).
    """
    niks = {line.number: nik.compact(line.at(Heading.NIK).text) for line in lines}
    kpjs = {line.number: kpj.compact(line.at(Heading.KPJ).text) if by_kpj else "" for line in lines}
    by_nik = _known(_BY_NIK, "nik", niks.values(), sponsor_id)
    by_number = _known(_BY_KPJ, "kpj", kpjs.values(), sponsor_id)
    return {
        line.number: _who(
            line, by_nik.get(niks[line.number], ()) or by_number.get(kpjs[line.number], ()), on=on
        )
        for line in lines
    }


def _who(line: Line, found: Sequence[_Known], *, on: date) -> int | str:
    if not found:
        return "person.unknown"
    if len(found) > 1:
        return "person.several"
    return "person.differs" if _somebody_else(line, found[0], on) else found[0].id


def _somebody_else(line: Line, person: _Known, on: date) -> bool:
    name, born = line.at(Heading.NAME).text, branch_cells.birth(line, on=on)
    other_name = bool(name) and names.alike(person.name, name) == "different"
    other_birth = born is not None and born != person.birth_date
    # One of the two may be misspelt; where only one is given, it alone must fit.
    return (other_name or not name) and (other_birth or born is None) and (other_name or other_birth)


def _known(query: str, kind: str, numbers: Iterable[str], sponsor_id: int) -> dict[str, list[_Known]]:
    wanted = sorted({number for number in numbers if number})
    indexes = dict(zip(blind_index_many(kind, wanted), wanted, strict=True))
    found: dict[str, list[_Known]] = {}
    keys = list(indexes)
    with connection.cursor() as cursor:
        for start in range(0, len(keys), _CHUNK):
            cursor.execute(query, [sponsor_id, keys[start : start + _CHUNK]])
            for index, person_id, name, born in cursor.fetchall():
                found.setdefault(indexes[bytes(index)], []).append(_Known(person_id, name, born))
    return found
