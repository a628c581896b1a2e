"""How long the money lasts: of each agreement, funding source and paying office; the January gap; what more money buys."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from lindung.contributions.dues import due, months_at_risk, segment_of
from lindung.contributions.rating import Rates, Rating
from lindung.insight.agreement_today import AgreementToday, SourceToday, agreements, begun
from lindung.insight.agreements import year_gaps
from lindung.insight.alarms import Alarm, alarms_of
from lindung.law.months import Month, months_from
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.partnership.models import Agreement
from lindung.partnership.readiness import YearReadiness, named
from lindung.partnership.runway import runway


class Reach(NamedTuple):
    """How far money reaches within its budget year, in whole rupiah.

    ``paid_in_full``: the last month payable in full, None when not even the first one is; ``short``: the first month that
    is not, which lacks ``shortfall`` and must be paid by ``needed_by``. ``lacking`` is what lacks until December, and
    ``paying_months`` are the months of the year that cost anything.
    """

    key: str
    name: str
    detail: str
    budget: int
    cost: int
    paid_in_full: Month | None
    short: Month | None
    shortfall: int
    needed_by: date | None
    lacking: int
    paying_months: int = 12

    @property
    def left(self) -> int:
        """What is not needed until December."""
        return max(0, self.budget - self.cost)

    @property
    def enough_for(self) -> Text:
        """For how many months of average cost the budget is enough: 11,9 in Indonesian, 11.9 in English."""
        tenths = self.budget * self.paying_months * 10 // self.cost if self.cost else 0
        whole, part = divmod(tenths, 10)
        return Text(f"{whole},{part}", f"{whole}.{part}")


class Gap(NamedTuple):
    """The first months of a year that cannot be paid while its papers are missing.

    ``months`` are those that can stay unpaid before cover ends, beginning with the first of the year; ``lapses_on``
    is None for wage earners, whose cover does not end by arrears. People as of the day it is asked.
    """

    agreement_id: int
    title: str
    year: int
    months: tuple[Month, ...]
    people: int
    cost: int
    papers: Text
    needed_by: date
    at_risk_from: date
    lapses_on: date | None

    @property
    def last(self) -> Month:
        """The month that ends the cover if it stays unpaid as well."""
        return self.months[-1]


class Purse(NamedTuple):
    """One agreement with its money, for the page and for what more money would buy."""

    agreement: AgreementToday
    reach: Reach
    price: int
    costs: tuple[tuple[Month, int], ...]


class Outlook(NamedTuple):
    """The money of a year for everything in the caller's scope."""

    on: date
    year: int
    purses: tuple[Purse, ...]
    sources: tuple[Reach, ...]
    offices: tuple[Reach, ...]
    gaps: tuple[Gap, ...]
    alarms: tuple[Alarm, ...]

    @property
    def budget(self) -> int:
        """The budgets of all agreements together."""
        return sum(purse.reach.budget for purse in self.purses)

    @property
    def cost(self) -> int:
        """What the year costs all of them, months without a bill by today's members."""
        return sum(purse.reach.cost for purse in self.purses)

    @property
    def lacking(self) -> int:
        """What lacks until December; what one agreement has too much pays for no other."""
        return sum(purse.reach.lacking for purse in self.purses)

    def told(self) -> dict[str, Any]:
        """The same in one piece, for a machine."""
        return {
            "on": self.on,
            "year": self.year,
            "budget": self.budget,
            "cost": self.cost,
            "lacking": self.lacking,
            "agreements": tuple(purse.reach for purse in self.purses),
            "sources": self.sources,
            "offices": self.offices,
            "gaps": self.gaps,
            "alarms": self.alarms,
        }


class Bought(NamedTuple):
    """What more money buys for one agreement in its budget year, in whole rupiah.

    ``months``: how many more months are payable in full for everybody, up to ``until``; ``left`` is what then remains.
    ``people``: how many more could be paid for from ``first_month`` until December once nothing lacks, each at
    ``each`` rupiah.
    """

    amount: int
    months: int
    until: Month | None
    left: int
    people: int
    each: int
    first_month: Month


def outlook(*, on: date, code: str = "", agreement_id: int | None = None) -> Outlook:
    """The money of the day's year, of one agreement when it is named, in a fixed number of queries.

    Raises Agreement.DoesNotExist when that agreement is not in the caller's sight, or nobody lives under it yet.
    """
    held = [each for each in begun() if code in ("", each.code) and agreement_id in (None, each.pk)]
    if (code or agreement_id is not None) and not held:
        raise Agreement.DoesNotExist(code or agreement_id)
    found = agreements(held, on=on)
    owed = {each.id: each.next_month for each in found if each.owes}
    missing = year_gaps(held, owed=owed, on=on)
    by_id = {each.pk: each for each in held}
    purses = tuple(_purse(by_id[each.id], each, on) for each in found)
    return Outlook(
        on=on,
        year=on.year,
        purses=purses,
        sources=_by_source(by_id, found),
        offices=_by_office(by_id, purses),
        gaps=tuple(_gaps(by_id, found, missing, on)),
        alarms=alarms_of(held, found, missing, on=on),
    )


def bought(purse: Purse, *, amount: int, on: date) -> Bought:
    """What so much more money would buy this agreement, by the price of the law for whoever pays.

    1. Months: the same budget and the amount, walked through again.
    2. People: what remains after all that lacks until December, by the price of one more from the next month on.
    """
    reach = purse.reach
    more = runway(budget=reach.budget + amount, costs=purse.costs)
    payable = sum(cost for month, cost in purse.costs if more.paid_in_full and month <= more.paid_in_full)
    first = max(Month(on.year, 1), Month.of(on).next())
    first = first if first.year == on.year else Month(on.year, 12)
    each = purse.price * (first.months_until(Month(on.year, 12)) + 1)
    spare = max(0, reach.budget + amount - reach.cost)
    return Bought(
        amount=amount,
        months=_count(purse.costs, more.paid_in_full) - _count(purse.costs, reach.paid_in_full),
        until=more.paid_in_full,
        left=reach.budget + amount - payable,
        people=spare // each if each else 0,
        each=each,
        first_month=first,
    )


def _count(costs: Iterable[tuple[Month, int]], until: Month | None) -> int:
    return sum(until is not None and month <= until for month, _ in costs)


def _purse(held: Agreement, each: AgreementToday, on: date) -> Purse:
    costs = _costs(each)
    ordered = tuple(sorted(costs.items()))
    reach = Reach(
        key=f"agreement:{each.id}",
        name=each.title,
        detail=each.code,
        budget=each.budget,
        cost=sum(costs.values()),
        paid_in_full=each.funds_until,
        short=each.shortfall_month,
        shortfall=each.shortfall,
        needed_by=_due(held, each.shortfall_month),
        lacking=max(0, sum(costs.values()) - each.budget),
        paying_months=sum(cost > 0 for cost in costs.values()),
    )
    return Purse(each, reach, _price(held, each, on), ordered)


def _costs(each: AgreementToday) -> dict[Month, int]:
    costs: dict[Month, int] = defaultdict(int)
    for source in each.sources:
        for month, cost in source.costs:
            costs[month] += cost
    return costs


def _price(held: Agreement, each: AgreementToday, on: date) -> int:
    """One more person for a month, in whole rupiah; of wage earners the average of those who are there."""
    if not each.employer:
        rating = Rating(held.funding_source.kind, "other")
        return Rates(held).price(rating, month=Month.of(on)).total
    return each.monthly_cost // each.covered if each.covered else 0


def _due(held: Agreement, month: Month | None) -> date | None:
    return due(month, held.programmes, segment=segment_of(held)) if month else None


def _by_source(held: Mapping[int, Agreement], found: Sequence[AgreementToday]) -> tuple[Reach, ...]:
    parts: dict[int, list[tuple[AgreementToday, SourceToday]]] = defaultdict(list)
    for each in found:
        for source in each.sources:
            parts[source.id].append((each, source))
    return tuple(
        _together(
            f"source:{pk}",
            own[0][1].name,
            ", ".join(each.code for each, _ in own),
            [
                _part(held[each.id], source)
                for each, source in own
                if source.budget or any(cost for _, cost in source.costs)
            ],
        )
        for pk, own in sorted(parts.items(), key=lambda item: item[1][0][1].name)
    )


def _part(held: Agreement, money: SourceToday) -> Reach:
    cost = sum(cost for _, cost in money.costs)
    return Reach(
        key="",
        name="",
        detail="",
        budget=money.budget,
        cost=cost,
        paid_in_full=money.runway.paid_in_full,
        short=money.runway.short,
        shortfall=money.runway.shortfall,
        needed_by=_due(held, money.runway.short),
        lacking=max(0, cost - money.budget),
        paying_months=sum(each > 0 for _, each in money.costs),
    )


def _by_office(held: Mapping[int, Agreement], purses: Sequence[Purse]) -> tuple[Reach, ...]:
    parts: dict[int, list[Purse]] = defaultdict(list)
    for purse in purses:
        parts[held[purse.agreement.id].paying_office_id].append(purse)
    return tuple(
        _together(
            f"office:{pk}",
            own[0].agreement.office,
            ", ".join(purse.agreement.code for purse in own),
            [purse.reach for purse in own if purse.reach.budget or purse.reach.cost],
        )
        for pk, own in sorted(parts.items(), key=lambda item: item[1][0].agreement.office)
    )


def _together(key: str, name: str, detail: str, parts: Sequence[Reach]) -> Reach:
    """Several purses: the earliest that ends decides; the first short month lacks what all of them lack in it."""
    short = min((part.short for part in parts if part.short), default=None)
    reached = [part.paid_in_full for part in parts]
    return Reach(
        key=key,
        name=name,
        detail=detail,
        budget=sum(part.budget for part in parts),
        cost=sum(part.cost for part in parts),
        paid_in_full=min((month for month in reached if month), default=None) if all(reached) else None,
        short=short,
        shortfall=sum(part.shortfall for part in parts if part.short == short),
        needed_by=min(
            (part.needed_by for part in parts if part.short == short and part.needed_by), default=None
        ),
        lacking=sum(part.lacking for part in parts),
        paying_months=max((part.paying_months for part in parts), default=0),
    )


def _gaps(
    held: Mapping[int, Agreement],
    found: Sequence[AgreementToday],
    missing: Iterable[tuple[Agreement, YearReadiness]],
    on: date,
) -> Iterable[Gap]:
    today = {each.id: each for each in found}
    for agreement, year in missing:
        each = today[agreement.pk]
        if year.month is not None and year.needed_by is not None and each.covered:
            yield _gap(held[agreement.pk], each, year, year.month, year.needed_by, on)


def _gap(
    held: Agreement, each: AgreementToday, year: YearReadiness, first: Month, needed_by: date, on: date
) -> Gap:
    """From the first month of the year on, everything before it being paid."""
    limit = months_at_risk(held.programmes, on=on, segment=segment_of(held))
    last = first.plus(limit)
    lapses = due(last, held.programmes, segment=segment_of(held)) + timedelta(days=1)
    months = tuple(month for month in months_from(first, last) if held.covers(month.first_day()))
    return Gap(
        agreement_id=held.pk,
        title=each.title,
        year=year.year,
        months=months,
        people=each.covered,
        cost=each.january_cost if first.year > on.year else _costs(each).get(first, 0),
        papers=named(year.missing),
        needed_by=needed_by,
        at_risk_from=needed_by + timedelta(days=1),
        lapses_on=None if segment_of(held) is Segment.PU else lapses,
    )
