"""Whole lists: written as an office would send them, taken in by the real intake, and read again row by row."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import world
from database import fetched
from lindung.access.models import Role
from lindung.access.scope import SystemScope, system_scope
from lindung.identity import places
from lindung.membership import intake, sealed_rows
from lindung.membership.models import Roster, RosterRow
from lindung.membership.sealed_rows import Row
from lindung.partnership.models import Agreement
from membership.rows import HEADINGS, ON

Cells = Mapping[str, str]
FIRST = 2
"""The line of the first person in a csv: the headings stand on line 1."""


class Told(NamedTuple):
    """What a roster says of one line: the verdict and the codes, in order."""

    verdict: str
    codes: tuple[str, ...] = ()


READY = Told("ready")


def cells(worker: world.Worker, **changes: str) -> dict[str, str]:
    """A worker as a row of a list; a change names its heading ("NIK", "Nama", "Kelurahan", ...)."""
    row = {
        "Nama": worker.name,
        "NIK": worker.nik,
        "Tempat Lahir": "Jambi",
        "Tgl Lahir": f"{worker.birth_date:%d-%m-%Y}",
        "L/P": "P" if worker.sex == "F" else "L",
        "Alamat": "Jl. Merdeka",
        "Kelurahan": places.PLACES[worker.kelurahan_code].name,
        "Pekerjaan": worker.occupation,
    }
    return row | changes


def newcomers(count: int, *, first: int = 1, occupation: str = "Penjahit") -> list[world.Worker]:
    """Women of one kelurahan whom nothing but name, birth date and number tells apart; ``first`` makes others."""
    return [_newcomer(number, occupation) for number in range(first, first + count)]


def _newcomer(number: int, occupation: str) -> world.Worker:
    born = date(1984, 1, 1) + timedelta(days=number // 9_000)
    nik = f"157102{born.day + 40}{born:%m%y}{1 + number % 9_000:04}"
    # Letters that make no title, no clan and no old spelling of one another.
    word = "".join("bfgkmpsvwz"[int(digit)] for digit in str(number)).capitalize()
    return world.Worker(f"Warga {word} Lestari", nik, born, "F", world.THE_HOK, occupation)


def text(*rows: Cells) -> bytes:
    """A csv of these rows, numbered, one on each line from the second on."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS, restval="")
    writer.writeheader()
    writer.writerows({"No": str(number), **row} for number, row in enumerate(rows, start=1))
    return out.getvalue().encode()


def receive(
    place: world.City,
    promised: Agreement,
    content: bytes,
    *,
    name: str = "daftar.csv",
    on: date = ON,
    role: Role = Role.CITY_OFFICER,
) -> int:
    """The file taken in by the user of this role; the roster's id."""
    with place.acting(role, on=on) as actor:
        return intake.receive(
            name=name, content=content, agreement_id=promised.pk, by=actor, now=world.at(on)
        )


def told(place: world.City, roster_id: int, role: Role = Role.CITY_OFFICER) -> dict[int, Told]:
    """What the roster says of each line that the user of this role sees."""
    with place.acting(role):
        rows = RosterRow.objects.filter(roster_id=roster_id).order_by("number")
        return {row.number: Told(row.verdict, tuple(code for _, code, _ in row.problems)) for row in rows}


def opened(place: world.City, roster_id: int) -> dict[int, Row]:
    """The sealed rows of a roster, opened."""
    with place.acting():
        rows = RosterRow.objects.filter(roster_id=roster_id).order_by("number")
        sealed = [(row.number, bytes(row.sealed)) for row in rows]
        return {
            line: row for (line, _), row in zip(sealed, sealed_rows.read_many(roster_id, sealed), strict=True)
        }


def fields_of(place: world.City, roster_id: int) -> list[str]:
    """What the roster took each column for."""
    with place.acting():
        return list(Roster.objects.get(pk=roster_id).fields)


def counts() -> dict[str, int]:
    """How many rows each table of the whole database has; system scope, so that nothing is out of sight."""
    with system_scope(SystemScope.MAINTENANCE, actor=world.BUILDER):
        return {table: int(fetched(f"SELECT count(*) FROM {table}")[0][0]) for table in tables()}


def tables() -> Iterable[str]:
    """Every table the app's role may read, Django's own included; into no other can it write."""
    rows = fetched(
        "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition AND has_table_privilege(oid, 'SELECT') ORDER BY 1"
    )
    return [str(name) for (name,) in rows]
