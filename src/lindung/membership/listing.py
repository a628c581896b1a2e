"""The lists of a city, the newest first, each with its counts and how far its judging has come."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.timezone import localtime

from lindung.documents.models import Document
from lindung.law.text import Text
from lindung.membership import arriving, problems, rereading
from lindung.membership.models import Roster, RosterProgress, RosterRow, RosterStatus, Verdict

PER_PAGE = 20


class Progress(NamedTuple):
    """How far a list is: rows done, of how many (None: the file is still being read); why it stopped, if it did.

    ``waiting`` says whether somebody works at it or will; ``by`` who called it off.
    """

    status: str
    done: int
    of: int | None
    waiting: bool
    why: Text | None
    by: str
    columns: bool = False
    """Whether choosing the columns anew may help a list whose reading has stopped."""
    because: str = ""
    """Why a judged list was withdrawn; "" when its judging was called off."""
    again: bool = False
    """Whether the list has rows and is being read anew: then it is not called off."""

    @property
    def running(self) -> bool:
        """Whether to look again in a moment."""
        return self.status == RosterStatus.RECEIVED and self.waiting


class Entry(NamedTuple):
    """A list in a line."""

    id: int
    name: str
    agreement: str
    segment: str
    status: str
    received_at: datetime
    received_by: str
    rows: int
    ready: int
    to_fix: int
    refused: int
    enrolled: int


class Listing(NamedTuple):
    """One page of the lists."""

    entries: tuple[Entry, ...]
    number: int
    pages: int


def listing(*, agreement_id: int | None, number: int) -> Listing:
    """The lists in the caller's sight, of one agreement or of all, twenty a page; the nearest page to the one asked."""
    rosters = Roster.objects.order_by("-received_at", "-pk")
    rosters = rosters.filter(agreement_id=agreement_id) if agreement_id else rosters
    pages = max(1, -(-rosters.count() // PER_PAGE))
    number = min(max(1, number), pages)
    shown = list(
        rosters.select_related("agreement", "segment", "received_by")[
            (number - 1) * PER_PAGE : number * PER_PAGE
        ]
    )
    names = dict(
        Document.objects.filter(pk__in=[each.document_id for each in shown]).values_list("pk", "name")
    )
    counts = _counts([each.pk for each in shown])
    return Listing(tuple(_entry(each, names, counts.get(each.pk, {})) for each in shown), number, pages)


def _counts(ids: list[int]) -> dict[int, dict[str, int]]:
    people = ~Q(verdict=Verdict.IGNORED)
    found = RosterRow.objects.filter(people, roster_id__in=ids).values_list("roster_id", "verdict")
    counts: dict[int, dict[str, int]] = {}
    for roster_id, verdict, count in found.annotate(count=Count("number")):
        counts.setdefault(roster_id, {})[verdict] = count
    return counts


def _entry(roster: Roster, names: dict[int, str], counts: dict[str, int]) -> Entry:
    # Of a list that was called off or withdrawn nothing waits for anybody.
    waiting = {} if roster.status == RosterStatus.CANCELLED else counts
    return Entry(
        id=roster.pk,
        name=names.get(roster.document_id) or unnamed(roster),
        agreement=roster.agreement.title,
        segment=roster.segment.label,
        status=roster.status,
        received_at=roster.received_at,
        received_by=roster.received_by.name if roster.received_by else "",
        rows=sum(counts.values()),
        ready=waiting.get(Verdict.READY, 0),
        to_fix=waiting.get(Verdict.TO_FIX, 0),
        refused=waiting.get(Verdict.REFUSED, 0),
        enrolled=counts.get(Verdict.ENROLLED, 0),
    )


def unnamed(roster: Roster) -> str:
    """What a list is called for those who see rows of it and not the city's file: its agreement, and when it came."""
    return f"{roster.agreement.title}, {localtime(roster.received_at):%d-%m-%Y %H.%M}"


def progress(roster_id: int) -> Progress:
    """How far a list is. Raises Roster.DoesNotExist out of the caller's sight."""
    roster = Roster.objects.get(pk=roster_id)
    noted = RosterProgress.objects.select_related("cancelled_by").filter(roster_id=roster_id).first()
    return Progress(
        status=roster.status,
        done=noted.rows_done if noted else 0,
        of=noted.rows_total if noted else None,
        waiting=roster.status == RosterStatus.RECEIVED and arriving.is_under_way(roster_id),
        why=problems.message(noted.stopped_code, noted.stopped_where)
        if noted and noted.stopped_code
        else None,
        by=noted.cancelled_by.name if noted and noted.cancelled_by else "",
        columns=noted is not None and noted.stopped_code in _OF_COLUMNS,
        because=noted.cancelled_because if noted else "",
        again=roster.status == RosterStatus.RECEIVED and rereading.has_rows(roster_id),
    )


_OF_COLUMNS = frozenset({"file.no_rows", "file.no_header", "file.no_column", "file.excel_damage"})
