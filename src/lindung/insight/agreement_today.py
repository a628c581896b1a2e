"""One agreement on a day: who is covered, what it costs, how far the money reaches, and what its lists still hold."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q

from lindung.contributions import billing, standing
from lindung.law.months import Month, months_from
from lindung.membership.models import Roster, RosterRow, RosterStatus, Verdict
from lindung.partnership.models import Agreement, AgreementKind, AgreementState

WITHOUT_ROWS = (RosterStatus.CANCELLED, RosterStatus.STOPPED)
"""A list that was called off or cannot be read holds nobody: the one before it still counts."""
NOT_BEGUN = (AgreementState.DRAFT, AgreementState.IN_REVIEW, AgreementState.SIGNED)
"""Nobody lives under these yet: they stand in no figure."""


class AgreementToday(NamedTuple):
    """One agreement on a day; money in whole rupiah, months as contribution months.

    ``next_month`` is the first month that is not paid; nothing is owed while nobody is enrolled. ``to_fix`` and
    ``refused`` count the rows of the newest list (``roster_id``); ``ready`` the people of all lists, each
    once, because a newer list enrols nobody of an older one. ``ready_roster_id`` is the newest list that still has
    ready rows. ``employer``: its people are the city's own wage earners. ``in_force``: the day lies in its period, so
    that its quota counts. ``to_close``: its period ended before this day, and nobody has closed it yet.
    """

    id: int
    code: str
    title: str
    office: str
    sponsor: str
    since: Month
    covered: int
    quota: int
    monthly_cost: int
    paid_until: Month | None
    next_month: Month
    next_due: date
    owes: bool
    overdue: bool
    months_late: int
    budget_year: int
    budget: int
    funds_until: Month | None
    shortfall_month: Month | None
    shortfall: int
    to_fix: int
    refused: int
    ready: int
    roster_id: int | None
    ready_roster_id: int | None
    employer: bool = False
    in_force: bool = True
    to_close: date | None = None


def agreements(*, on: date) -> tuple[AgreementToday, ...]:
    """Every agreement in the caller's scope, in the order of its code."""
    return tuple(_agreement(agreement, on) for agreement in _agreements())


def _agreements() -> Iterable[Agreement]:
    """Those that people live under; what is still being written has a page of its own."""
    begun = Agreement.objects.exclude(state__in=NOT_BEGUN)
    return begun.select_related("paying_office", "funding_source", "sponsor").order_by("code")


def _agreement(agreement: Agreement, on: date) -> AgreementToday:
    money = standing.money(agreement=agreement, on=on)
    first_month = standing.first_month(agreement=agreement)
    paid_until = standing.paid_until(agreement=agreement, first=first_month, on=on)
    next_month = paid_until.next() if paid_until else first_month or Month.of(agreement.since)
    owes = first_month is not None and agreement.covers(max(next_month.first_day(), agreement.since))
    next_due = billing.due_on(agreement=agreement, month=next_month)
    lists = Roster.objects.filter(agreement=agreement).exclude(status__in=WITHOUT_ROWS)
    roster = lists.order_by("-received_at", "-pk").first()
    rows = _row_counts(agreement)
    own = rows.get(roster.pk, Counter()) if roster else Counter()
    return AgreementToday(
        id=agreement.pk,
        code=agreement.code,
        title=agreement.title,
        office=agreement.paying_office.name,
        sponsor=agreement.sponsor.name,
        since=Month.of(agreement.since),
        covered=standing.covered(agreement=agreement, on=on),
        quota=sum(agreement.segments.values_list("quota", flat=True)),
        monthly_cost=money.monthly,
        paid_until=paid_until,
        next_month=next_month,
        next_due=next_due,
        owes=owes,
        overdue=owes and next_due < on,
        months_late=_months_late(agreement, next_month, on) if owes else 0,
        budget_year=money.year,
        budget=money.budget,
        funds_until=money.runway.paid_in_full,
        shortfall_month=money.runway.short,
        shortfall=money.runway.shortfall,
        to_fix=own[Verdict.TO_FIX],
        refused=own[Verdict.REFUSED],
        ready=_ready_people(agreement),
        roster_id=roster.pk if roster else None,
        ready_roster_id=next((pk for pk, counts in rows.items() if counts[Verdict.READY]), None),
        employer=agreement.kind == AgreementKind.EMPLOYER,
        in_force=agreement.covers(on),
        to_close=_to_close(agreement, on),
    )


def _to_close(agreement: Agreement, on: date) -> date | None:
    over = agreement.state == AgreementState.ACTIVE and agreement.until is not None and agreement.until <= on
    return agreement.until if over else None


def _months_late(agreement: Agreement, first: Month, on: date) -> int:
    """How many months from the first unpaid one on are past their due day."""
    months = (month for month in months_from(first, Month.of(on)) if agreement.covers(month.first_day()))
    return sum(billing.due_on(agreement=agreement, month=month) < on for month in months)


def _row_counts(agreement: Agreement) -> dict[int, Counter[str]]:
    """How many rows of each list wait for somebody, by verdict; the newest list first."""
    waiting = RosterRow.objects.filter(
        roster__agreement=agreement, verdict__in=(Verdict.TO_FIX, Verdict.REFUSED, Verdict.READY)
    )
    counts: dict[int, Counter[str]] = {}
    found = waiting.values_list("roster_id", "verdict").annotate(Count("number"))
    for roster_id, verdict, rows in found.order_by("-roster__received_at", "-roster_id"):
        counts.setdefault(roster_id, Counter())[verdict] = rows
    return counts


def _ready_people(agreement: Agreement) -> int:
    """Ready people of all lists of an agreement: who stands in an old list and in its correction is one person."""
    ready = RosterRow.objects.filter(roster__agreement=agreement, verdict=Verdict.READY)
    known = ready.aggregate(
        people=Count("nik_index", distinct=True), others=Count("number", filter=Q(nik_index__isnull=True))
    )
    return int(known["people"] + known["others"])
