"""People who pay for themselves stand in no figure of the city's money or people, and are told apart where people are."""

from datetime import date

import selfpay
import world
from contributions.conftest import Place
from lindung.contributions import billing
from lindung.insight.coverage import coverage
from lindung.insight.today import today
from lindung.law.months import Month

JUNE = Month(2025, 6)
ON = date(2025, 6, 20)


def test_the_figures_stay_those_of_the_city(jambi: Place) -> None:
    world.pay(jambi.city, jambi.agreement, JUNE)
    with jambi.city.acting(on=ON):
        before, day = coverage(on=ON), today(on=ON)
    wadah = selfpay.independent(jambi.city)
    rider = selfpay.join(jambi.city, wadah, world.STRANGER)
    selfpay.join(jambi.city, wadah, world.crowd(1)[0]._replace(name="Rina Wati"))
    selfpay.pay_own(jambi.city, rider, JUNE)
    with jambi.city.acting(on=ON):
        after, then = coverage(on=ON), today(on=ON)
    assert (after.total, after.quota, after.employed) == (before.total, before.quota, before.employed)
    assert (before.alone, after.alone) == (0, 1), "one of the two has paid"
    assert "1 peserta mandiri terlindungi; mereka membayar sendiri" in after.counted.id
    assert (then.covered, then.monthly_cost, len(then.agreements)) == (
        day.covered,
        day.monthly_cost,
        len(day.agreements),
    )


def test_what_a_group_costs_is_what_its_people_declare(jambi: Place) -> None:
    """Rp16,800 of the lowest band and Rp26,800 of an income of two million, in a month without a relief."""
    wadah = selfpay.independent(jambi.city)
    selfpay.join(jambi.city, wadah, world.STRANGER)
    selfpay.join(jambi.city, wadah, world.crowd(1)[0]._replace(name="Rina Wati"), income=2_000_000)
    with jambi.city.acting(on=ON):
        assert billing.expected(agreement=wadah, month=JUNE) == 16_800 + 26_800
