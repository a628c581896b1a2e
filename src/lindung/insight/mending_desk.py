"""What a kelurahan operator has before her: at most twenty names to mend, then how her kelurahan stands."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from lindung.insight.agreement_today import AgreementToday
from lindung.law.money import counted
from lindung.law.text import Text
from lindung.membership import rosters, sealed_rows
from lindung.membership.columns import Field
from lindung.membership.masking import masked_within
from lindung.membership.models import RosterRow, Verdict
from lindung.membership.problems import Problem

MOST_NAMES = 20


class ToMend(NamedTuple):
    """A row of a list that somebody of the kelurahan can put right; ``name`` is empty when the row has none."""

    roster_id: int
    line: int
    name: str
    agreement: str
    faults: tuple[Text, ...]


class Mending(NamedTuple):
    """The names on top, and how many rows of the newest lists stand how, in the caller's sight.

    Names to mend (``to_fix``) are of all lists. ``ready``, ``refused`` and ``enrolled`` are of those the city pays for
    as a sponsor; ``apart`` says how its own wage earners stand, None without any list of them or any of them protected.
    """

    names: tuple[ToMend, ...]
    to_fix: int
    ready: int
    refused: int
    enrolled: int
    apart: Text | None = None


def mending(agreements: Iterable[AgreementToday]) -> Mending:
    """The desk over the newest list of each agreement; row security leaves only the operator's own kelurahan."""
    known = tuple(agreements)
    newest = [each.roster_id for each in known if each.roster_id]
    employers = {each.id for each in known if each.employer}
    rows = RosterRow.objects.filter(roster_id__in=newest)
    ours, theirs = _counts(rows, employers)
    waiting = rows.filter(verdict=Verdict.TO_FIX).select_related("roster__agreement")
    return Mending(
        names=tuple(_names(waiting.order_by("-roster_id", "number")[:MOST_NAMES])),
        to_fix=ours[Verdict.TO_FIX] + theirs[Verdict.TO_FIX],
        ready=ours[Verdict.READY],
        refused=ours[Verdict.REFUSED],
        enrolled=ours[Verdict.ENROLLED],
        apart=_apart(theirs, covered=sum(each.covered for each in known if each.employer)),
    )


def _counts(rows: "QuerySet[RosterRow]", employers: Collection[int]) -> tuple[Counter[str], Counter[str]]:
    """How many rows have which verdict: of the sponsored, and of the city's own wage earners."""
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    by_agreement = rows.values_list("roster__agreement_id", "verdict").annotate(Count("number")).order_by()
    for agreement_id, verdict, count in by_agreement:
        (theirs if agreement_id in employers else ours)[verdict] += count
    return ours, theirs


def _apart(rows: Counter[str], *, covered: int) -> Text | None:
    ready, refused = rows[Verdict.READY], rows[Verdict.REFUSED]
    if not (covered or ready or refused):
        return None
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
