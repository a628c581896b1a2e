"""A city with an agreement and two of the three people enrolled, and room for the months the tests speak of."""

from typing import NamedTuple

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

import world
from lindung.law.months import Month, months_from
from lindung.ledger.posting import open_month
from lindung.partnership.models import Agreement


class Place(NamedTuple):
    """Kota Jambi with one agreement; Ibu Siti and Pak Budi are enrolled from June 2025."""

    city: world.City
    agreement: Agreement
    siti: int
    budi: int


@pytest.fixture(scope="session")
def _months_open(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Room for 2025 and 2026, made once: making it anew in every test is most of a test's time."""
    with django_db_blocker.unblock(), transaction.atomic():
        for month in months_from(Month(2025, 5), Month(2027, 4)):
            open_month(month, "contributions_billline", "ledger_posting", "contributions_paidmonth")
    connection.close()


@pytest.fixture
def jambi(_months_open: None, db: None) -> Place:
    return settled()


def settled() -> Place:
    """Build the place; tests with real commits call it themselves."""
    city = world.city()
    agreement = world.agreement(city)
    siti, budi = world.enrol(city, agreement, world.SITI, world.BUDI)
    return Place(city, agreement, siti, budi)
