"""A bill's paper says its charges, the money that waits for it, and the state of the books it was taken from."""

from datetime import date
from pathlib import Path

import pytest

import employers
import world
from contributions.conftest import Place
from lindung.contributions.bill_paper import ChargeSaid
from lindung.contributions.paper_facts import fingerprint, known_of
from lindung.law.months import Month
from lindung.ledger import checkpoints

JUNE, JULY = Month(2025, 6), Month(2025, 7)


def test_money_that_waits_goes_to_the_oldest_bill_first(jambi: Place) -> None:
    """Rp10.000 for two bills of Rp33.600: all of it waits for June, nothing for July."""
    june, july = (world.bill(jambi.city, jambi.agreement, month) for month in (JUNE, JULY))
    world.confirm(jambi.city, june, world.order(jambi.city, june, amount=10_000))
    with jambi.city.acting():
        assert [known_of(bill.pk).held for bill in (june, july)] == [10_000, 0]


def test_a_fine_is_said_with_its_month(jambi: Place) -> None:
    unit = employers.unit(jambi.city)
    employers.employ(jambi.city, unit, world.STRANGER)
    paid = world.pay(jambi.city, unit.agreement, JUNE, on=date(2025, 7, 20))
    july = world.bill(jambi.city, unit.agreement, JULY)
    with jambi.city.acting():
        (charge,) = known_of(july.pk).charges
        assert charge == ChargeSaid("Denda keterlambatan Juni 2025", july.total - paid.amount)
        assert known_of(paid.bill_id).held is None, "nothing waits for a bill that is paid"


def test_it_names_the_newest_checkpoint(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_CHECKPOINTS", str(tmp_path))
    assert fingerprint() == ""
    made = checkpoints.write(now=world.at(date(2025, 6, 2))).checkpoint
    assert fingerprint() == f"Sidik buku besar {made.short}"
