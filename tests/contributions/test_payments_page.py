"""The table of docs/how-we-compute/payments.md is what happens."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db.models import Sum

import purses
import world
from contributions.conftest import Place
from law import pages
from lindung.contributions.models import Bill, Settlement
from lindung.contributions.purses import held
from lindung.law.months import Month
from lindung.ledger.posting import balance

JUNE = Month(2025, 6)
ROWS = pages.tables("payments.md")["what happened"]


def _ordered(amount: int) -> Callable[[Place, Bill], None]:
    def done(jambi: Place, bill: Bill) -> None:
        purses.ordered(jambi.city, bill, amount)

    return done


def _carried(jambi: Place, bill: Bill) -> None:
    purses.ordered(jambi.city, bill, 33_599)
    purses.carried(jambi.city, bill)


def _reversed(jambi: Place, bill: Bill) -> None:
    paid = purses.ordered(jambi.city, bill, 33_600)
    assert paid is not None
    purses.reversed_(jambi.city, paid.payment_id, on=date(2025, 6, 25))


STORIES = {
    "an order of 33,600": _ordered(33_600),
    "an order of 33,599, one short": _ordered(33_599),
    "33,599, and the letter carries 1": _carried,
    "an order of 67,200, twice": _ordered(67_200),
    "an order of 33,600, then reversed": _reversed,
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["what happened"])
def test_each_line_is_what_happens(jambi: Place, row: dict[str, str]) -> None:
    bill = world.bill(jambi.city, jambi.agreement, JUNE)
    STORIES[row["what happened"]](jambi, bill)
    with jambi.city.acting():
        live = Settlement.objects.filter(reversed_by__isnull=True)
        found = {
            "came": -balance(f"sponsor:{jambi.city.sponsor.pk}"),
            "settled": live.aggregate(sum=Sum("amount"))["sum"] or 0,
            "held": held(agreement_id=jambi.agreement.pk, membership_id=None),
            "owed": -balance(f"owed:agreement:{jambi.agreement.pk}"),
            "fund": balance("fund:jkk") + balance("fund:jkm"),
        }
        assert {name: pages.number(row[name]) for name in found} == found
        assert Bill.objects.get(pk=bill.pk).status == row["the bill is"]
    assert found["came"] + found["owed"] == found["held"] + found["fund"]
