"""What an auditor sees first: the latest money that moved and who stood for it, and who looked at data."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from lindung.access.models import AuditEvent
from lindung.contributions.models import Settlement
from lindung.insight.record_names import about, names_of
from lindung.insight.trail import actor_of
from lindung.law.months import Month
from lindung.law.text import Text

LATEST = 10
_SEARCHED = 2_000
"""Of so many newest events the looks are picked, so that the page costs the same in the tenth year."""


class Moved(NamedTuple):
    """Money that paid a bill, in whole rupiah, and the two people who stand for it."""

    bill_id: int
    title: str
    month: Month
    amount: int
    order: str
    recorded_by: str
    confirmed_by: str
    at: datetime | None


class Look(NamedTuple):
    """Somebody looked at, searched or took away data; `about` names the record, where that is in sight."""

    at: datetime
    who: Text
    what: Text
    about: Text | None


def latest_money() -> tuple[Moved, ...]:
    """The newest settlements in the caller's scope that no reversal undid."""
    found = Settlement.objects.filter(reversed_by__isnull=True).select_related(
        "bill__agreement", "payment__recorded_by", "payment__confirmed_by"
    )
    return tuple(
        _moved(settlement) for settlement in found.order_by("-payment__confirmed_at", "-pk")[:LATEST]
    )


def latest_looks() -> tuple[Look, ...]:
    """The newest looks at data in the caller's scope, whoever's page or command they came from."""
    newest = AuditEvent.objects.order_by("-pk").values("pk")[:_SEARCHED]
    wanted = Q()
    for ending in _LOOKS:
        wanted |= Q(action__endswith=ending)
    events = AuditEvent.objects.filter(wanted, pk__in=newest).order_by("-pk")[:LATEST]
    subjects = {event.pk: about(event) for event in events}
    names = names_of(subjects.values())
    return tuple(
        Look(event.at, actor_of(event), _said(event.action), names.get(subject) if subject else None)
        for event, subject in ((event, subjects[event.pk]) for event in events)
    )


def _moved(settlement: Settlement) -> Moved:
    payment, confirmer = settlement.payment, settlement.payment.confirmed_by
    return Moved(
        bill_id=settlement.bill_id,
        title=settlement.bill.agreement.title,
        month=Month.of(settlement.bill.month),
        amount=settlement.amount,
        order=payment.shown_number,
        recorded_by=payment.recorded_by.name,
        confirmed_by=confirmer.name if confirmer else "",
        at=payment.confirmed_at,
    )


_LOOKS = {
    "opened": Text("membuka dokumen", "opened a document"),
    "revealed": Text("membuka NIK lengkap", "revealed a full NIK"),
    "sought_by_nik": Text("mencari dengan NIK", "searched by NIK"),
    "searched": Text("mencari orang", "searched for people"),
    "exported": Text("mengambil data sebagai berkas", "took data as a file"),
    "taken_out": Text("mengunduh daftar dengan NIK lengkap", "fetched a list with whole NIK"),
    "downloaded": Text("mengunduh berkas", "downloaded a file"),
}
"""By how the name of the action ends."""


def _said(action: str) -> Text:
    return next(text for ending, text in _LOOKS.items() if action.endswith(ending))
