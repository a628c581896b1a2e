"""One agreement on a day: who is covered, what it costs, how far the money reaches, and what its lists still hold."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from lindung.contributions import billing, standing
from lindung.contributions.many_standings import covered_by_agreement
from lindung.contributions.sources import AgreementMoney, money_of
from lindung.insight.agreements import quotas
from lindung.insight.waiting_rows import Lists, lists_of
from lindung.law.months import Month, months_from
from lindung.law.text import Text
from lindung.partnership.agreements import over_said
from lindung.partnership.models import Agreement, AgreementKind, AgreementState
from lindung.partnership.readiness import needs_asking
from lindung.partnership.runway import Runway

NOT_BEGUN = (AgreementState.DRAFT, AgreementState.IN_REVIEW, AgreementState.SIGNED)
"""Nobody lives under these yet: they stand in no figure."""


class SourceToday(NamedTuple):
    """The money of one source for one agreement: its budget and months of the year in whole rupiah, and how far it reaches."""

    id: int
    name: str
    budget: int
    runway: Runway
    costs: tuple[tuple[Month, int], ...]


class AgreementToday(NamedTuple):
    """One agreement on a day; money in whole rupiah, months as contribution months.

    ``next_month`` is the first month that is not paid; nothing is owed while nobody is enrolled; ``next_cost`` is what it
    would cost with the members it has. ``to_fix``, ``refused``, ``ready`` and ``for_office`` (no place in the quota)
    count the rows that wait in all lists (`waiting_rows`), each person once; ``roster_id`` is the newest list,
    ``to_mend_roster_id``, ``ready_roster_id`` and ``for_office_roster_id`` the newest that hold such a row. ``employer``: its
    people are the city's own wage earners. ``in_force``: the day lies in its period, so that its quota counts.
    ``to_close``: its period ended before this day, and nobody has closed it yet. ``over`` says so where nobody new
    comes in any more. ``starts``: the month it begins to cost, while that has not come. ``newest_paid`` is the last month
    that is paid, whatever was skipped before it; ``sources`` are its money of the year, and ``january_cost`` is what January would
    cost with the members it has, asked from October on.
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
    next_cost: int
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
    to_mend_roster_id: int | None
    ready_roster_id: int | None
    employer: bool = False
    in_force: bool = True
    to_close: date | None = None
    over: Text | None = None
    for_office: int = 0
    for_office_roster_id: int | None = None
    starts: Month | None = None
    newest_paid: Month | None = None
    sources: tuple[SourceToday, ...] = ()
    january_cost: int = 0

    @property
    def budget_later(self) -> bool:
        """Whether this year's budget is not asked for: it begins in another year."""
        return self.starts is not None and self.starts.year > self.budget_year


def begun() -> list[Agreement]:
    """The agreements in the caller's scope that somebody pays for others under, in the order of their codes.

    What is still being written has a page of its own; people who pay for themselves stand in no figure of a city's
    money, and are counted apart (`insight/coverage.py`).
    """
    held = Agreement.objects.exclude(state__in=NOT_BEGUN).exclude(kind=AgreementKind.INDEPENDENT)
    return list(held.select_related("paying_office", "funding_source", "sponsor").order_by("code"))


def agreements(
    held: Sequence[Agreement], *, on: date, money: Mapping[int, AgreementMoney] | None = None
) -> tuple[AgreementToday, ...]:
    """How each of these agreements stands on the day, in a fixed number of queries; ``money`` where it is read already."""
    known = _Known.of(held, on, money)
    return tuple(_agreement(agreement, known, on) for agreement in held)


class _Known(NamedTuple):
    """What is stored about some agreements, by their ids."""

    covered: Mapping[int, int]
    quota: Mapping[int, int]
    money: Mapping[int, AgreementMoney]
    paid: Mapping[int, standing.SettledSoFar]
    lists: Mapping[int, Lists]

    @classmethod
    def of(
        cls, agreements: Sequence[Agreement], on: date, read: Mapping[int, AgreementMoney] | None
    ) -> "_Known":
        ids = [each.pk for each in agreements]
        money = money_of(agreements, on=on) if read is None else read
        first_months = {pk: each.first_month for pk, each in money.items()}
        return cls(
            covered=covered_by_agreement(on=on, agreements=agreements),
            quota=quotas(ids),
            money=money,
            paid=standing.settled_by_agreement(first_months=first_months, on=on),
            lists=lists_of(ids),
        )


def _agreement(agreement: Agreement, known: _Known, on: date) -> AgreementToday:
    pk = agreement.pk
    money, lists = known.money[pk], known.lists[pk]
    first_month, paid_until = money.first_month, known.paid[pk].until
    next_month, owes = standing.next_unpaid(agreement, first_month=first_month, paid_until=paid_until)
    next_due = billing.due_on(agreement=agreement, month=next_month)
    return AgreementToday(
        id=pk,
        code=agreement.code,
        title=agreement.title,
        office=agreement.paying_office.name,
        sponsor=agreement.sponsor.name,
        since=Month.of(agreement.since),
        covered=known.covered[pk],
        quota=known.quota[pk],
        monthly_cost=money.monthly,
        paid_until=paid_until,
        next_month=next_month,
        next_due=next_due,
        next_cost=money.expected(next_month) if owes else 0,
        owes=owes,
        overdue=owes and next_due < on,
        months_late=_months_late(agreement, next_month, on) if owes else 0,
        budget_year=money.year,
        budget=money.runway.budget,
        funds_until=money.runway.paid_in_full,
        shortfall_month=money.runway.short,
        shortfall=money.runway.shortfall,
        to_fix=lists.to_fix,
        refused=lists.refused,
        ready=lists.ready,
        roster_id=lists.newest,
        to_mend_roster_id=lists.to_mend_in,
        ready_roster_id=lists.ready_in,
        employer=agreement.kind == AgreementKind.EMPLOYER,
        in_force=agreement.covers(on),
        to_close=_to_close(agreement, on),
        over=over_said(agreement),
        for_office=lists.for_office,
        for_office_roster_id=lists.for_office_in,
        starts=money.starts,
        newest_paid=known.paid[pk].newest,
        sources=tuple(
            SourceToday(each.source.pk, each.source.name, each.budget, each.runway, each.costs)
            for each in money.sources
        ),
        january_cost=money.expected(Month(on.year + 1, 1)) if needs_asking(on) else 0,
    )


def _to_close(agreement: Agreement, on: date) -> date | None:
    over = agreement.state == AgreementState.ACTIVE and agreement.until is not None and agreement.until <= on
    return agreement.until if over else None


def _months_late(agreement: Agreement, first: Month, on: date) -> int:
    """How many months from the first unpaid one on are past their due day."""
    months = (month for month in months_from(first, Month.of(on)) if agreement.covers(month.first_day()))
    return sum(billing.due_on(agreement=agreement, month=month) < on for month in months)
