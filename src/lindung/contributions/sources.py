"""How long the money of each funding source lasts, for many agreements in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.contributions.billing import Group, groups_by_agreement
from lindung.contributions.models import ASKED, Bill
from lindung.contributions.rating import Rates
from lindung.law.months import Month, months_from
from lindung.membership.employment import EmployerUnit
from lindung.partnership.models import Agreement, Budget, FundingSource, Segment
from lindung.partnership.runway import Runway, runway

Costs = dict[int, int]
"""Whole rupiah by the id of the source that pays them."""


class SourceMoney(NamedTuple):
    """One source in one year, in whole rupiah: its budget, what the month of the day costs it, how far it reaches.

    ``costs`` are its months of the year, in order.
    """

    source: FundingSource
    budget: int
    monthly: int
    runway: Runway
    costs: tuple[tuple[Month, int], ...] = ()


class AgreementMoney(NamedTuple):
    """The year of one agreement: all its sources together, and each on its own.

    ``first_month`` is the month, of any year, from which the first member is to be paid for; None while nobody is
    enrolled: nothing is owed. ``expected`` holds what any month would cost, in whole rupiah, with the members there
    are: past, present and to come. ``starts`` is the month it begins to cost, while that has not come.
    """

    year: int
    first_month: Month | None
    monthly: int
    runway: Runway
    sources: tuple[SourceMoney, ...]
    expected: Callable[[Month], int]
    starts: Month | None = None


def money_of(agreements: Sequence[Agreement], *, on: date) -> dict[int, AgreementMoney]:
    """The money of the day's year. A month that is billed costs its bill, any other the members there are now.

    It is counted over whole agreements, also for whoever sees the people of one kelurahan only.
    """
    year, rates = on.year, _rates(agreements)
    with system_scope(SystemScope.BILLING, actor=NOBODY):
        members = groups_by_agreement([each.pk for each in agreements])
        costs = costs_by_source(agreements, year, members, rates)
    budgets = _budgets(agreements, year)
    wanted = {pk for each in agreements for pk in (*costs[each.pk], *budgets[each.pk])}
    sources = FundingSource.objects.in_bulk(wanted)
    return {
        each.pk: _money(
            on,
            _first_month(members[each.pk]),
            costs[each.pk],
            budgets[each.pk],
            sources,
            partial(_expected, members[each.pk], rates[each.pk]),
        )._replace(starts=_starts(each, members[each.pk], on))
        for each in agreements
    }


def _first_month(members: Sequence[Group]) -> Month | None:
    lasting = (group.since for group in members if group.until is None or group.until > group.since)
    first = min(lasting, default=None)
    return None if first is None else Month.of(first)


def _starts(agreement: Agreement, members: Sequence[Group], on: date) -> Month | None:
    begins = Month.of(agreement.since)
    first = max(begins, _first_month(members) or begins)
    return first if first > Month.of(on) else None


def _money(
    on: date,
    first_month: Month | None,
    costs: Mapping[int, Mapping[Month, int]],
    budgets: Mapping[int, int],
    sources: Mapping[int, FundingSource],
    expected: Callable[[Month], int],
) -> AgreementMoney:
    month = Month.of(on)
    parts = tuple(
        SourceMoney(
            sources[pk],
            budgets.get(pk, 0),
            costs.get(pk, {}).get(month, 0),
            runway(budget=budgets.get(pk, 0), costs=sorted(costs.get(pk, {}).items())),
            tuple(sorted(costs.get(pk, {}).items())),
        )
        for pk in sorted({*costs, *budgets})
    )
    whole: dict[Month, int] = defaultdict(int)
    for each in costs.values():
        for when, cost in each.items():
            whole[when] += cost
    together = runway(budget=sum(budgets.values()), costs=sorted(whole.items()))
    return AgreementMoney(on.year, first_month, whole.get(month, 0), together, parts, expected)


def _expected(members: Sequence[Group], rates: Rates, month: Month) -> int:
    people = ((group.rating, group.people) for group in members if group.holds(month))
    return rates.total(people, month=month)


def _budgets(agreements: Sequence[Agreement], year: int) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {each.pk: {} for each in agreements}
    rows = Budget.objects.filter(agreement__in=agreements, year=year, withdrawn_by__isnull=True)
    for pk, source, amount in rows.values_list("agreement_id", "funding_source_id").annotate(Sum("amount")):
        found[pk][source] = amount
    return found


def costs_by_source(
    agreements: Sequence[Agreement],
    year: int,
    members: Mapping[int, Sequence[Group]],
    rates: Mapping[int, Rates],
) -> dict[int, dict[int, dict[Month, int]]]:
    """What each month of the year costs each source of each agreement, from its first month to its last, whole rupiah.

    1. A month whose bill is final or paid costs what the bill says: nobody can join it any more.
    2. Any other month, also one with a draft, costs its members.

    Call it in a scope that sees the bills of whole agreements.
    """
    costs: dict[int, dict[int, dict[Month, int]]] = {each.pk: defaultdict(dict) for each in agreements}
    drawn = _drawn(agreements, year)
    for each in agreements:
        pk, own = each.pk, each.funding_source_id
        for month in _months(each, year):
            for source, cost in _month(month, drawn[pk], members[pk], rates[pk], own).items():
                costs[pk][source][month] = cost
    return costs


def _months(agreement: Agreement, year: int) -> Iterable[Month]:
    first = max(Month(year, 1), Month.of(agreement.since))
    reached = (max(month.first_day(), agreement.since) for month in months_from(first, Month(year, 12)))
    return (Month.of(day) for day in reached if agreement.covers(day))


def _month(
    month: Month, drawn: Mapping[Month, Costs], members: Sequence[Group], rates: Rates, own: int
) -> Costs:
    """What the month costs each source: its bill where it is drawn, else its members. ``own``: the agreement's source."""
    if month in drawn:
        return drawn[month]
    cost: Costs = defaultdict(int)
    for group in members:
        if group.holds(month):
            cost[group.source] += rates.total([(group.rating, group.people)], month=month)
    return cost or {own: 0}


def _rates(agreements: Sequence[Agreement]) -> dict[int, Rates]:
    """The prices of each agreement; wage earners' units are asked for once."""
    units = {unit.agreement_id: unit for unit in EmployerUnit.objects.filter(agreement__in=agreements)}
    return {each.pk: Rates(each, unit=units.get(each.pk)) for each in agreements}


def _drawn(agreements: Sequence[Agreement], year: int) -> dict[int, dict[Month, Costs]]:
    """The bills of the year by source. Only where segments are paid by others must the lines be added up.

    People who pay for themselves have a bill each, and cost together what these say.
    """
    found: dict[int, dict[Month, Costs]] = {each.pk: {} for each in agreements}
    bills = Bill.objects.filter(agreement__in=agreements, month__year=year, status__in=ASKED)
    own = {each.pk: each.funding_source_id for each in agreements}
    together = bills.order_by().values_list("agreement_id", "month").annotate(Sum("total"))
    for pk, month, total in together:
        found[pk][Month.of(month)] = {own[pk]: int(total)}
    for pk, month, source, total in _by_line(agreements, year):
        by_source = found[pk][Month.of(month)]
        if source != own[pk]:
            by_source[source] = by_source.get(source, 0) + total
            by_source[own[pk]] -= total
    return found


_LINES = """
SELECT b.agreement_id, b.month, s.funding_source_id, sum(l.amount)::bigint
  FROM contributions_bill b
  JOIN contributions_billline l ON l.bill_id = b.id AND l.month = b.month
  JOIN membership_membership m ON m.id = l.membership_id
  JOIN partnership_segment s ON s.id = m.segment_id AND s.funding_source_id IS NOT NULL
 WHERE b.agreement_id = ANY (%s) AND b.month BETWEEN %s AND %s AND l.month BETWEEN %s AND %s AND b.status IN ('final', 'paid')
 GROUP BY b.agreement_id, b.month, s.funding_source_id
"""


def _by_line(agreements: Sequence[Agreement], year: int) -> list[tuple[int, date, int, int]]:
    shared = Segment.objects.filter(agreement__in=agreements, funding_source__isnull=False)
    ids = list(shared.values_list("agreement_id", flat=True).distinct())
    if not ids:
        return []
    first, last = Month(year, 1).first_day(), Month(year, 12).first_day()
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [ids, first, last, first, last])
        return list(cursor.fetchall())
