"""What one worker costs a month, by the programmes and by whose money it is."""

import pytest

import world
from lindung.contributions.rating import Rates, Rating
from lindung.law.months import Month
from lindung.partnership.models import PayerKind


@pytest.fixture
def jambi(db: None) -> world.City:
    return world.city()


@pytest.mark.parametrize(
    ("programmes", "income", "total"),
    [
        (("jkk", "jkm"), None, 16_800),
        (("jkk",), None, 10_000),
        (("jkk", "jkm", "jht"), None, 36_800),
        (("jkk", "jkm"), 1_098_999, 16_800),
    ],
)
def test_the_price_is_the_sum_of_its_programmes(
    jambi: world.City, programmes: tuple[str, ...], income: int | None, total: int
) -> None:
    promised = world.agreement(jambi, programmes=programmes, income=income)
    rating = Rating(PayerKind.APBD, "other")
    decision = Rates(promised).price(rating, month=Month(2025, 6))
    assert decision.total == total
    assert sum(decision.amount(programme) for programme in programmes) == total


@pytest.mark.parametrize(
    ("payer", "sector", "month", "total"),
    [
        (PayerKind.APBD, "other", Month(2026, 6), 16_800),
        (PayerKind.APBD, "road_transport", Month(2026, 6), 16_800),
        (PayerKind.APBN, "other", Month(2026, 6), 16_800),
        (PayerKind.CSR, "other", Month(2026, 6), 8_400),
        (PayerKind.SELF, "road_transport", Month(2026, 1), 8_400),
        (PayerKind.SELF, "other", Month(2026, 1), 16_800),
        (PayerKind.SELF, "other", Month(2026, 4), 8_400),
        (PayerKind.SELF, "road_transport", Month(2027, 3), 8_400),
        (PayerKind.SELF, "road_transport", Month(2027, 4), 16_800),
    ],
)
def test_the_price_depends_on_whose_money_it_is(
    jambi: world.City, payer: PayerKind, sector: str, month: Month, total: int
) -> None:
    """PP 50/2025 halves JKK and JKM in 2026, except where APBN or APBD pays."""
    rates, rating = Rates(world.agreement(jambi, payer=payer)), Rating(payer, sector)
    assert rates.price(rating, month=month).total == total
    assert rates.total([(rating, 3)], month=month) == 3 * total
