"""A city with an agreement and two of the three people enrolled, and room for the months the tests speak of."""

from typing import NamedTuple

import pytest

import world
from lindung.partnership.models import Agreement
from stages import Stage, stage_of


class Place(NamedTuple):
    """Kota Jambi with one agreement; Ibu Siti and Pak Budi are enrolled from June 2025."""

    city: world.City
    agreement: Agreement
    siti: int
    budi: int


def settled() -> Place:
    """Build the place; tests with real commits call it themselves."""
    city = world.city()
    agreement = world.agreement(city)
    siti, budi = world.enrol(city, agreement, world.SITI, world.BUDI)
    return Place(city, agreement, siti, budi)


def jambi_for_two_years() -> Place:
    """The place, and room for its months."""
    world.open_months()
    return settled()


jambi_stage = stage_of(jambi_for_two_years, now=world.at(world.TODAY))


@pytest.fixture
def jambi(jambi_stage: Stage[Place], db: None) -> Place:
    return jambi_stage.found()
