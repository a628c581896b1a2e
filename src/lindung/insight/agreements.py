"""The list of agreements as an office asks for it: state, period, places, how long the money lasts, which papers lack."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Sum

from lindung.contributions.sources import AgreementMoney, money_of
from lindung.contributions.standing import next_unpaid, paid_until_by_agreement
from lindung.law.months import Month
from lindung.partnership.models import Agreement, AgreementState, Segment
from lindung.partnership.readiness import YearReadiness, needs_asking, readiness_of, unready_of

PAGE = 50
_ORDER = {
    state: place
    for place, state in enumerate(
        (
            AgreementState.IN_REVIEW,
            AgreementState.SIGNED,
            AgreementState.DRAFT,
            AgreementState.ACTIVE,
            AgreementState.ENDED,
            AgreementState.TERMINATED,
        )
    )
}


class AgreementRow(NamedTuple):
    """One agreement of the list; ``this_year`` and ``next_year`` are its papers."""

    agreement: Agreement
    state: AgreementState
    quota: int
    money: AgreementMoney
    this_year: YearReadiness
    next_year: YearReadiness


class AgreementList(NamedTuple):
    """One page of the agreements in sight: page ``number`` of ``pages``."""

    rows: tuple[AgreementRow, ...]
    number: int
    pages: int


def agreements(*, on: date, number: int = 1) -> AgreementList:
    """A page of at most 50, what waits for somebody first. The number of queries does not grow with the rows."""
    ordered = sorted(
        Agreement.objects.values_list("pk", "state", "code"),
        key=lambda row: (_ORDER[AgreementState(row[1])], row[2]),
    )
    pages = max(1, -(-len(ordered) // PAGE))
    number = min(max(1, number), pages)
    ids = [row[0] for row in ordered[(number - 1) * PAGE : number * PAGE]]
    held = _held(ids)
    money = money_of(held, on=on)
    papers = readiness_of(held, years=(on.year, on.year + 1), on=on)
    promised = quotas(ids)
    rows = tuple(
        AgreementRow(
            each,
            AgreementState(each.state),
            promised[each.pk],
            money[each.pk],
            papers[each.pk, on.year],
            papers[each.pk, on.year + 1],
        )
        for each in held
    )
    return AgreementList(rows, number, pages)


def year_gaps(
    held: Iterable[Agreement], *, owed: Mapping[int, Month], on: date
) -> tuple[tuple[Agreement, YearReadiness], ...]:
    """Those whose year is not payable: this year's at any time, next year's from October on.

    ``owed`` is the first unpaid month of each that owes one: an agreement that is over is asked about while it does.
    """
    years = (on.year, on.year + 1) if needs_asking(on) else (on.year,)
    asked = [each for each in held if each.state == AgreementState.ACTIVE or each.pk in owed]
    found = unready_of(asked, years=years)
    return tuple(
        (each, found[each.pk, year])
        for year in years
        for each in asked
        if (each.pk, year) in found and needs_papers(each, year, owed=owed.get(each.pk))
    )


def needs_papers(agreement: Agreement, year: int, *, owed: Month | None) -> bool:
    """Whether the papers of a year still matter: of an agreement that is over only while a month of it is owed."""
    return agreement.state == AgreementState.ACTIVE or owed is not None and owed.year <= year


def owed_from(agreement: Agreement, *, money: AgreementMoney, on: date) -> Month | None:
    """The first month of an agreement that is owed and unpaid, None when nothing is owed."""
    paid = paid_until_by_agreement(first_months={agreement.pk: money.first_month}, on=on)
    month, owes = next_unpaid(agreement, first_month=money.first_month, paid_until=paid[agreement.pk])
    return month if owes else None


def quotas(agreement_ids: Sequence[int]) -> dict[int, int]:
    """How many people each agreement is for, all its segments together."""
    found = Segment.objects.filter(agreement__in=agreement_ids).values_list("agreement_id")
    sums = dict(found.annotate(Sum("quota")).order_by())
    return {pk: sums.get(pk, 0) for pk in agreement_ids}


def _held(ids: Sequence[int]) -> list[Agreement]:
    held = Agreement.objects.select_related("funding_source", "paying_office", "branch").in_bulk(ids)
    return [held[pk] for pk in ids]
