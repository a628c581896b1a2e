"""Writes down the income that a self-paying member declares from a month on; the band of her contribution follows it."""

from datetime import datetime
from typing import NamedTuple

from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership.changes import changing, noted
from lindung.membership.models import Membership
from lindung.membership.own_payers import given, income_of
from lindung.membership.own_records import OwnIncome
from lindung.partnership.models import AgreementKind


class NotASelfPayer(Refusal):
    """Somebody else pays for this membership."""

    code = "member.no_self_payer"

    def __init__(self) -> None:
        super().__init__(_NOT_SELF)


class NewIncome(NamedTuple):
    """What held before and what holds from the month on, whole rupiah."""

    before: int
    monthly: int


def change_income(
    *, membership_id: int, since: Month, monthly: int | None, by: Actor, now: datetime
) -> NewIncome:
    """Write the income somebody declares from a month on that is not billed yet.

    One from the same month makes room for it. Raises Membership.DoesNotExist out of sight, NotASelfPayer, NoIncome,
    and IntegrityError (``own_income_before_the_bill``) for a month that is billed.
    """
    amount = given(monthly)
    seen = Membership.objects.select_related("agreement").get(pk=membership_id)
    if seen.agreement.kind != AgreementKind.INDEPENDENT:
        raise NotASelfPayer
    with changing(membership_id, by=by) as member:
        first = max(since.first_day(), member.since)
        before = income_of(membership_id, Month.of(first))
        event = noted("member.income", member, by, {"since": str(Month.of(first)), "at": now.isoformat()})
        OwnIncome.objects.filter(membership=member, since=first, withdrawn__isnull=True).update(
            withdrawn_id=event
        )
        OwnIncome.objects.create(
            membership=member, sponsor_id=member.sponsor_id, since=first, monthly=amount, event_id=event
        )
    return NewIncome(before, amount)


_NOT_SELF = Text(
    "Penghasilan hanya dicatat untuk peserta mandiri; untuk peserta ini pihak lain yang membayar.",
    "An income is recorded of independent members only; somebody else pays for this one.",
)
