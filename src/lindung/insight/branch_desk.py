"""What a branch has before it: the cities it serves, the lists they sent, and how their cover and payments stand."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import Count, Q

from lindung.insight.agreement_today import AgreementToday
from lindung.insight.apart import apart, quota_of
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership.models import Roster, RosterStatus, Verdict

NEWEST = 10


class CityServed(NamedTuple):
    """A city with the agreements by which it pays for others; ``paid_until`` is the earliest, None when one is unpaid.

    ``apart`` says how its own wage earners stand; None where it employs nobody.
    """

    name: str
    agreements: int
    covered: int
    quota: int
    monthly_cost: int
    paid_until: Month | None
    overdue: int
    apart: Text | None = None


class ListIn(NamedTuple):
    """A list a city sent: how many rows it has and how many of them are enrolled."""

    id: int
    file: str
    agreement: str
    city: str
    received_at: datetime
    rows: int
    enrolled: int
    to_fix: int


def cities_served(agreements: Iterable[AgreementToday]) -> tuple[CityServed, ...]:
    """The cities of the agreements in sight, by name."""
    in_order = sorted(agreements, key=lambda each: each.sponsor)
    return tuple(_city(name, tuple(own)) for name, own in groupby(in_order, key=lambda each: each.sponsor))


def lists_in() -> tuple[ListIn, ...]:
    """The newest lists in sight; one that was called off or withdrawn is none for the branch."""
    rosters = Roster.objects.select_related("agreement__sponsor", "document").annotate(
        lines=Count("rows__number"),
        enrolled=Count("rows__number", filter=Q(rows__verdict=Verdict.ENROLLED)),
        to_fix=Count("rows__number", filter=Q(rows__verdict=Verdict.TO_FIX)),
    )
    kept = Roster.objects.exclude(status=RosterStatus.CANCELLED)
    newest = kept.order_by("-received_at", "-pk").values_list("pk", flat=True)[:NEWEST]
    found = rosters.filter(pk__in=list(newest)).order_by("-received_at", "-pk")
    return tuple(
        ListIn(
            roster.pk,
            roster.document.name,
            roster.agreement.title,
            roster.agreement.sponsor.name,
            roster.received_at,
            roster.lines,
            roster.enrolled,
            roster.to_fix,
        )
        for roster in found
    )


def _city(name: str, found: tuple[AgreementToday, ...]) -> CityServed:
    own = tuple(each for each in found if not each.employer)
    months = [each.paid_until for each in own if each.owes]
    return CityServed(
        name=name,
        agreements=len(own),
        covered=sum(each.covered for each in own),
        quota=quota_of(own),
        monthly_cost=sum(each.monthly_cost for each in own),
        paid_until=min((month for month in months if month), default=None) if all(months) else None,
        overdue=sum(each.overdue for each in own),
        apart=apart(each for each in found if each.employer),
    )
