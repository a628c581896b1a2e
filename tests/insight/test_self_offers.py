"""What the page of offers says of a sponsor that stops: from which month, to how many people, and who goes on alone."""

from datetime import date

import pytest

import selfpay
import world
from contributions.conftest import Place
from lindung.contributions import handing_over
from lindung.insight.self_offers import Offers, offers_of
from lindung.law.months import Month
from lindung.membership import ending

ON = date(2025, 9, 22)


@pytest.fixture
def stopped(jambi: Place) -> Place:
    """June and July are paid, August is billed; the city stops on 21 September."""
    world.pay_months(jambi.city, jambi.agreement, Month(2025, 6), Month(2025, 7))
    world.bill(jambi.city, jambi.agreement, Month(2025, 8))
    with jambi.city.acting(on=ON) as officer:
        ending.terminate(
            agreement_id=jambi.agreement.pk,
            on=date(2025, 9, 21),
            reason="Anggaran digeser",
            by=officer,
            now=world.at(ON),
        )
    return jambi


def offers(place: Place) -> Offers:
    with place.city.acting(on=ON):
        return offers_of(place.agreement.pk, on=ON)


def test_a_month_into_which_the_agreement_reaches_is_still_the_sponsors(stopped: Place) -> None:
    found = offers(stopped)
    assert (found.stops, found.owed) == (Month(2025, 10), (Month(2025, 8),))
    assert {row.first for row in found.rows} == {Month(2025, 10)}


def test_the_price_is_said_for_everybody_it_is_for(stopped: Place) -> None:
    found = offers(stopped)
    assert found.people == 2
    assert [price.people for price in found.prices] == [2]


def test_who_accepts_is_counted(stopped: Place) -> None:
    wadah = selfpay.independent(stopped.city)
    member = selfpay.membership(stopped.city, stopped.siti, stopped.agreement)
    with stopped.city.acting(on=ON) as officer:
        handing_over.accept(membership_id=member.pk, agreement_id=wadah.pk, by=officer, now=world.at(ON))
    assert offers(stopped).accepted == 1
