"""A book to look into: a city that paid two months for two people, all committed and nothing closed."""

import world
from lindung.law.months import Month


def paid() -> world.City:
    """June and July are paid, August is drawn."""
    jambi = world.city()
    rentan = world.agreement(jambi, budgets={2025: 10**9})
    world.enrol(jambi, rentan, world.SITI, world.BUDI)
    for month in (6, 7):
        world.pay(jambi, rentan, Month(2025, month))
    world.bill(jambi, rentan, Month(2025, 8))
    return jambi
