"""What the lists of agreements still hold: rows to mend, rows refused, and people ready to be enrolled."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count, Q

from lindung.membership.models import Roster, RosterRow, RosterStatus, Verdict

_WITHOUT_ROWS = (RosterStatus.CANCELLED, RosterStatus.STOPPED)
_WAITING = (Verdict.TO_FIX, Verdict.REFUSED, Verdict.READY)


class Lists(NamedTuple):
    """The lists of one agreement. ``to_fix`` and ``refused`` count rows of the ``newest``; ``ready_people`` all lists'.

    ``newest_with_ready`` is the newest list that still has ready rows.
    """

    newest: int | None = None
    newest_with_ready: int | None = None
    to_fix: int = 0
    refused: int = 0
    ready_people: int = 0


def lists_of(agreement_ids: Sequence[int]) -> dict[int, Lists]:
    """The lists of many agreements, in a fixed number of queries."""
    newest, rows, ready = _newest(agreement_ids), _rows(agreement_ids), _ready_people(agreement_ids)
    return {pk: _lists(newest.get(pk), rows.get(pk, {}), ready.get(pk, 0)) for pk in agreement_ids}


def _lists(newest: int | None, rows: dict[int, Counter[str]], ready_people: int) -> Lists:
    own = rows.get(newest, Counter()) if newest else Counter[str]()
    with_ready = (pk for pk, counts in rows.items() if counts[Verdict.READY])
    return Lists(newest, next(with_ready, None), own[Verdict.TO_FIX], own[Verdict.REFUSED], ready_people)


def _newest(agreement_ids: Sequence[int]) -> dict[int, int]:
    """A list that was called off or cannot be read holds nobody: the one before it still counts."""
    lists = Roster.objects.filter(agreement__in=agreement_ids).exclude(status__in=_WITHOUT_ROWS)
    in_order = lists.order_by("agreement_id", "-received_at", "-pk").distinct("agreement_id")
    return dict(in_order.values_list("agreement_id", "pk"))


def _rows(agreement_ids: Sequence[int]) -> dict[int, dict[int, Counter[str]]]:
    """How many rows of each list wait for somebody, by agreement, list and verdict; the newest list first."""
    waiting = RosterRow.objects.filter(roster__agreement__in=agreement_ids, verdict__in=_WAITING)
    counts: dict[int, dict[int, Counter[str]]] = {}
    found = waiting.values_list("roster__agreement_id", "roster_id", "verdict").annotate(Count("number"))
    for agreement_id, roster_id, verdict, rows in found.order_by("-roster__received_at", "-roster_id"):
        counts.setdefault(agreement_id, {}).setdefault(roster_id, Counter())[verdict] = rows
    return counts


def _ready_people(agreement_ids: Sequence[int]) -> dict[int, int]:
    """Ready people of all lists of an agreement: who stands in an old list and in its correction is one person."""
    ready = RosterRow.objects.filter(roster__agreement__in=agreement_ids, verdict=Verdict.READY)
    found = ready.values_list("roster__agreement_id").annotate(
        known=Count("nik_index", distinct=True), others=Count("number", filter=Q(nik_index__isnull=True))
    )
    return {pk: known + others for pk, known, others in found.order_by()}
