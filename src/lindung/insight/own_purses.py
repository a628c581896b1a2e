"""How people who pay for themselves stand as payers: one person's price, code and next month, and a group's months."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Max, Q, Sum

from lindung.contributions.dues import due
from lindung.contributions.models import Bill, BillStatus, PaidMonth
from lindung.insight.self_offers import Price, price_of
from lindung.law.months import Month
from lindung.membership import own_payers
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement, AgreementKind

MONTHS = 36
"""So many months of a group stand on one page."""


class Purse(NamedTuple):
    """What one person pays: the code to pay under, the declared income (whole rupiah), the next month and its day.

    ``open_bills`` are drawn and unpaid, ``owed`` whole rupiah together.
    """

    membership_id: int
    code: str
    income: int
    next_month: Month
    due_on: date
    price: Price
    open_bills: int
    owed: int


class OwnMonth(NamedTuple):
    """One month of a group: how many bills, people and whole rupiah, of which so many are unpaid."""

    month: Month
    bills: int
    total: int
    unpaid: int
    owed: int


class Group(NamedTuple):
    """A group whose people pay for themselves, and its months, the newest first; ``members`` are there on the day."""

    agreement: Agreement
    members: int
    months: tuple[OwnMonth, ...]


def purses_of(membership_ids: Sequence[int], *, on: date) -> dict[int, Purse]:
    """The purses of these memberships, as far as they are in sight and pay for themselves."""
    if not membership_ids:
        return {}
    members = Membership.objects.filter(pk__in=membership_ids, agreement__kind=AgreementKind.INDEPENDENT)
    return {each.pk: _purse(each, on) for each in members.select_related("work", "agreement")}


def group_of(agreement_id: int, *, on: date) -> Group:
    """The bills of a group by month. Raises Agreement.DoesNotExist out of sight, or where a sponsor pays."""
    agreement = Agreement.objects.get(pk=agreement_id, kind=AgreementKind.INDEPENDENT)
    live = Bill.objects.filter(agreement=agreement).exclude(status__in=("cancelled", "superseded"))
    unpaid = Q(status=BillStatus.FINAL)
    rows = (
        live.values("month")
        .annotate(
            bills=Count("pk"),
            asked=Sum("total"),
            unpaid=Count("pk", filter=unpaid),
            owed=Sum("total", filter=unpaid),
        )
        .order_by("-month")[:MONTHS]
    )
    members = Membership.objects.filter(agreement=agreement).exclude(until__lte=F("since"))
    return Group(
        agreement,
        members.exclude(until__lte=on).count(),
        tuple(
            OwnMonth(Month.of(row["month"]), row["bills"], row["asked"], row["unpaid"], row["owed"] or 0)
            for row in rows
        ),
    )


def groups() -> tuple[tuple[int, str], ...]:
    """The groups in sight whose people pay for themselves: id and title."""
    found = Agreement.objects.filter(kind=AgreementKind.INDEPENDENT).order_by("title", "pk")
    return tuple(found.values_list("pk", "title"))


def _purse(member: Membership, on: date) -> Purse:
    following = _next(member, on)
    income = own_payers.income_of(member.pk, following)
    unpaid = Bill.objects.filter(membership=member, status=BillStatus.FINAL)
    sums = unpaid.aggregate(bills=Count("pk"), owed=Sum("total"))
    return Purse(
        membership_id=member.pk,
        code=own_payers.spoken_code(own_payers.code_of(member.pk)),
        income=income,
        next_month=following,
        due_on=due(following, member.programmes),
        price=price_of(
            sector=member.work.sector, income=income, programmes=member.programmes, month=following
        ),
        open_bills=sums["bills"],
        owed=sums["owed"] or 0,
    )


def _next(member: Membership, on: date) -> Month:
    """The first month after the last paid one; nothing paid: the first of the membership."""
    paid = PaidMonth.objects.filter(person_id=member.person_id, work_id=member.work_id, programme="jkk")
    last = paid.filter(month__gte=member.since, paid_on__lte=on).aggregate(last=Max("month"))["last"]
    return Month.of(last).next() if last else Month.of(member.since)
