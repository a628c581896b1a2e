"""Who tries to break what is promised of people who pay for themselves."""

from collections.abc import Callable
from datetime import date
from typing import Any

import selfpay
import world
from breaking import JUNE, load, write
from lindung.contributions.models import Bill
from lindung.law.months import Month
from lindung.membership.models import Membership, OwnCode, OwnIncome
from lindung.partnership import agreements
from lindung.partnership.models import Agreement, AgreementKind

AUGUST = Month(2025, 8)
OTHER_CODE = "100000000002"
"""Not a payment code: its last digit does not check the others."""


def staffed(place: world.City) -> Agreement:
    """A group with two people who pay for themselves, of whom nobody is billed yet."""
    wadah = selfpay.independent(place)
    riders = world.crowd(2, after=900)
    for rider, name in zip(riders, ("Rina Wati", "Dodi Saputra"), strict=True):
        selfpay.join(place, wadah, rider._replace(name=name, kelurahan_code=world.LEGOK))
    return wadah


def _own(stage: Any, number: int = 0) -> Membership:
    with stage.jambi.acting():
        return Membership.objects.filter(agreement__kind="independent").order_by("pk")[number]


def _sponsored(stage: Any) -> int:
    with stage.jambi.acting():
        return int(Membership.objects.filter(agreement=stage.agreement).order_by("pk")[0].pk)


def _paid_by_the_city(stage: Any) -> None:
    with stage.jambi.acting() as officer:
        held = stage.agreement
        terms = agreements.Terms(
            title="Wadah",
            paying_office_id=held.paying_office_id,
            funding_source_id=held.funding_source_id,
            programmes=("jkk", "jkm"),
            since=held.since,
        )
        agreements.draft_agreement(
            code="wadah-apbd", sponsor_id=held.sponsor_id, branch_id=held.branch_id, terms=terms, by=officer,
            now=world.at(world.TODAY), kind=AgreementKind.INDEPENDENT,
        )  # fmt: skip


def _billed_before(stage: Any) -> None:
    selfpay.own_bill(stage.jambi, _own(stage), AUGUST)
    load(OwnIncome, since=AUGUST.first_day())(stage)


def _with(attempt: Callable[[Any], Callable[[Any], object]]) -> Callable[[Any], object]:
    """A way of writing that looks for its values first."""
    return lambda stage: attempt(stage)(stage)


BREAKERS: dict[str, Callable[[Any], object]] = {
    "independent_agreement_pays_itself": _paid_by_the_city,
    "own_income_once_per_month": load(OwnIncome),
    "own_income_month_is_a_first_day": load(OwnIncome, since=date(2026, 3, 2)),
    "own_income_not_negative": load(OwnIncome, since=date(2026, 3, 1), monthly=-1),
    "own_income_of_a_self_payer": _with(lambda stage: load(OwnIncome, membership_id=_sponsored(stage))),
    "own_income_before_the_bill": _billed_before,
    "own_income_of_its_membership": load(OwnIncome, membership_id=10**9),
    "own_code_is_twelve_digits": load(OwnCode, code=OTHER_CODE),
    "membership_owncode_code_key": _with(lambda stage: load(OwnCode, membership_id=10**9)),
    "own_code_of_its_membership": load(OwnCode, membership_id=10**9, code="100000000001"),
    "membership_goes_on_from_another": load(
        Membership, since=date(2024, 1, 1), until=JUNE.first_day(), cover_since=date(2023, 1, 1)
    ),
    "bill_is_of_its_payer": _with(
        lambda stage: write(Bill, month=AUGUST.first_day(), membership_id=_sponsored(stage), status="final")
    ),
}
