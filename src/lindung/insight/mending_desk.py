"""What a kelurahan operator has before her: at most twenty names to mend, then how her kelurahan stands."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from django.utils.timezone import localdate

from lindung.insight.agreement_today import AgreementToday
from lindung.insight.waiting_rows import first_to_mend
from lindung.law.money import counted
from lindung.law.text import Text
from lindung.membership import rosters, sealed_rows
from lindung.membership.columns import Field
from lindung.membership.masking import masked_within
from lindung.membership.models import RosterRow
from lindung.membership.problems import Problem

MOST_NAMES = 20


class ToMend(NamedTuple):
    """A row of a list that somebody of the kelurahan, asked, can put right; ``name`` is empty when the row has none."""

    roster_id: int
    line: int
    name: str
    agreement: str
    faults: tuple[Text, ...]


class Mending(NamedTuple):
    """The names on top, and how many rows of all lists stand how, in the caller's sight.

    Names to mend (``to_fix``) are of all agreements. ``ready`` and ``refused`` are of those the city pays for as a
    sponsor; ``apart`` says how its own wage earners stand, None without any row of them or any of them protected.
    """

    names: tuple[ToMend, ...]
    to_fix: int
    ready: int
    refused: int
    apart: Text | None = None


def mending(agreements: Iterable[AgreementToday]) -> Mending:
    """The desk over the lists of the agreements; row security leaves only the operator's own kelurahan."""
    known = tuple(agreements)
    ours = [each for each in known if not each.employer]
    return Mending(
        names=tuple(_names(_first())),
        to_fix=sum(each.to_fix for each in known),
        ready=sum(each.ready for each in ours),
        refused=sum(each.refused for each in ours),
        apart=_apart([each for each in known if each.employer]),
    )


def _first() -> list[RosterRow]:
    keys = first_to_mend(most=MOST_NAMES)
    found = RosterRow.objects.filter(pk__in=keys).select_related("roster__agreement")
    return sorted(found, key=lambda row: keys.index((row.roster_id, row.number)))


def _apart(employers: Iterable[AgreementToday]) -> Text | None:
    own = tuple(employers)
    counts = [sum(column) for column in zip(*((e.covered, e.ready, e.refused) for e in own), strict=True)]
    if not any(counts):
        return None
    covered, ready, refused = counts
    return _APART.filled(n=counted(covered), ready=counted(ready), refused=counted(refused))


_APART = Text(
    "Di luar itu, {n} pegawai kota sendiri terlindungi (penerima upah), {ready} siap didaftarkan, {refused} ditolak.",
    "Apart from these, {n} of the city's own wage earners are protected, {ready} ready to enrol, {refused} refused.",
)


def _names(rows: Iterable[RosterRow]) -> Iterator[ToMend]:
    for roster_id, found in groupby(rows, key=lambda row: row.roster_id):
        listed = list(found)
        opened = sealed_rows.read_many(roster_id, [(row.number, bytes(row.sealed)) for row in listed])
        for row, texts in zip(listed, opened, strict=True):
            yield _to_mend(row, texts.cells)


def _to_mend(row: RosterRow, cells: tuple[str, ...]) -> ToMend:
    fields, on = row.roster.fields, localdate(row.roster.received_at)
    at = fields.index(Field.NAME) if Field.NAME in fields else len(cells)
    faults = [rosters.explained(Problem(*stored), on=on) for stored in row.problems]
    stopping = tuple(fault.message for fault in faults if fault.kind == "blocks")
    return ToMend(
        roster_id=row.roster_id,
        line=row.number,
        name=masked_within(cells[at]) if at < len(cells) else "",
        agreement=row.roster.agreement.title,
        faults=stopping or tuple(fault.message for fault in faults),
    )
