"""How often a password may be tried, and by whom."""

from datetime import timedelta

import pytest

from access.conftest import NOW
from lindung.access.guessing import may_try_password, password_was_right

# Outside a transaction a count needs no connection of its own, which is thirty times as fast.
pytestmark = pytest.mark.usefixtures("fresh_database")


def tries(number: int, name: str = "siti", address: str = "10.0.0.1", *, hours: int = 0) -> int:
    """How many of so many attempts at one moment were looked at."""
    now = NOW + timedelta(hours=hours)
    return sum(may_try_password(name, address, now=now) for _ in range(number))


def test_it_looks_at_five_from_one_address() -> None:
    assert tries(50) == 5
    assert tries(50, "Siti") == 0


def test_it_leaves_the_colleague_at_the_same_address_alone() -> None:
    tries(50)
    assert tries(5, "budi") == 5


def test_it_looks_at_twenty_from_one_address_in_a_day() -> None:
    assert sum(tries(7, hours=hour) for hour in range(6)) == 20


def test_it_looks_at_twenty_for_one_name_from_everywhere() -> None:
    assert sum(tries(5, address=f"203.0.113.{number}") for number in range(6)) == 20


def test_it_looks_at_a_hundred_for_one_name_in_a_day() -> None:
    looked = sum(tries(1, address=f"198.51.100.{number}", hours=number // 10) for number in range(120))
    assert looked == 100


def test_it_never_locks_a_name_out_by_one_address_alone() -> None:
    for hour in range(23):
        tries(6, address="203.0.113.9", hours=hour)
    assert tries(1, address="10.0.0.1", hours=23) == 1


def test_it_takes_a_whole_ipv6_network_for_one_address() -> None:
    assert sum(tries(1, address=f"2001:db8::{number:x}") for number in range(1, 30)) == 5


def test_it_starts_anew_after_the_right_password() -> None:
    tries(50)
    password_was_right("siti", "10.0.0.1")
    assert tries(50) == 5
