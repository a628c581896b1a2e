"""Notices for whoever looks: how many stand where, a page of them, one with everything, those of one person."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count

from lindung.law.text import Text
from lindung.notices.models import CHANNEL_NAMES, STATE_NAMES, Channel, Notice, State
from lindung.notices.outbox import steps_from
from lindung.notices.ways import reason_of
from lindung.notices.wording import title_of

PER_PAGE = 50
OF_A_PERSON = 20
"""The newest of one person."""


class Line(NamedTuple):
    """A notice as a list shows it; ``steps`` are the states a person may put it into."""

    notice: Notice
    what: Text
    channel: Text
    state: Text
    reason: Text | None
    steps: frozenset[str]


class Page(NamedTuple):
    """A page of a list, and how many pages there are."""

    lines: Sequence[Line]
    number: int
    pages: int


def counts() -> dict[str, int]:
    """How many notices in sight stand in each state that any stands in."""
    rows = Notice.objects.order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def listed(*, state: str, number: int, there: int) -> Page:
    """A page of the notices in sight of one state (all with ""), newest first; ``there`` is how many there are."""
    found = Notice.objects.defer("body", "address_sealed").order_by("-pk")
    rows = found.filter(state=state) if state else found
    pages = max(1, -(-there // PER_PAGE))
    number = min(number, pages)
    return Page([line_of(row) for row in rows[(number - 1) * PER_PAGE : number * PER_PAGE]], number, pages)


def one(notice_id: int) -> Line:
    """One notice in sight. Raises Notice.DoesNotExist."""
    return line_of(Notice.objects.select_related("sponsor", "handed_over_by").get(pk=notice_id))


def of_person(person_id: int) -> list[Line]:
    """The newest notices to one person that are in sight."""
    found = Notice.objects.filter(person_id=person_id).defer("body", "address_sealed")
    return [line_of(row) for row in found.order_by("-pk")[:OF_A_PERSON]]


def line_of(notice: Notice) -> Line:
    """A notice in words."""
    return Line(
        notice,
        title_of(notice.kind),
        CHANNEL_NAMES[Channel(notice.channel)],
        STATE_NAMES[State(notice.state)],
        reason_of(notice.reason) if notice.reason else None,
        steps_from(notice.state),
    )


def due(*, now: datetime) -> int:
    """How many notices in sight could be sent at this moment, if their city is not quiet."""
    waiting = Notice.objects.filter(state__in=(State.WAITING, State.FAILED), not_before__lte=now)
    return waiting.exclude(channel=Channel.LETTER).count()
