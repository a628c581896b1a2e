"""What the next people would cost, and when the money would then end."""

from collections.abc import Iterator

import pytest

from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.law.months import Month
from lindung.web.prospect import Prospect, prospect
from web.village import NOW, PRICE, Village, acting

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _in_sight(village: Village) -> Iterator[None]:
    actor, scope = acting(village.users[Role.CITY_OFFICER], TODAY)
    with in_scope(scope, actor=actor):
        yield


def test_it_leaves_the_money_as_it_is_when_nobody_is_added(village: Village) -> None:
    assert prospect(agreement_id=village.agreement_id, people=0, on=TODAY) == Prospect(0, Month(2026, 12))


def test_it_prices_the_next_people_and_ends_the_money_a_month_earlier(village: Village) -> None:
    """Five months for two were set aside; with a third person December lacks one contribution."""
    assert prospect(agreement_id=village.agreement_id, people=1, on=TODAY) == Prospect(PRICE, Month(2026, 11))


def test_it_never_charges_them_for_months_before_they_are_enrolled(village: Village) -> None:
    found = prospect(agreement_id=village.agreement_id, people=1_000_000, on=TODAY)
    assert found == Prospect(1_000_000 * PRICE, Month(2026, 11))
