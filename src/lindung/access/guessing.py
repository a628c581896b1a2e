"""How often a password or a code may be tried, per name and address together, and per name with patience.

Never per address alone: a whole kelurahan office shares one. The limits of one address are so much below those
of a name that a single stranger cannot lock an officer out.
"""

import datetime
import ipaddress
from typing import NamedTuple

from lindung.access.limiter import forget, hit

MINUTE, DAY = 60, 86_400


class Limit(NamedTuple):
    """So many attempts within so many seconds."""

    attempts: int
    seconds: int


FROM_ONE_ADDRESS = (Limit(5, 5 * MINUTE), Limit(20, DAY))
FOR_ONE_NAME = (Limit(20, 15 * MINUTE), Limit(100, DAY))
CODES_OF_ONE_USER = (Limit(5, 5 * MINUTE), Limit(30, DAY))


def may_try_password(username: str, address: str, *, now: datetime.datetime) -> bool:
    """Count one attempt; False when the password may not even be looked at."""
    here = _here(username, address)
    # The name's own counter moves only for attempts that its address still had left.
    return _all_within(here, FROM_ONE_ADDRESS, now) and _all_within(_name(username), FOR_ONE_NAME, now)


def password_was_right(username: str, address: str) -> None:
    """Forget the attempts of this name: whoever made them knows the password."""
    _forget_all(_here(username, address), FROM_ONE_ADDRESS)
    _forget_all(_name(username), FOR_ONE_NAME)


def may_try_code(user_id: int, *, now: datetime.datetime) -> bool:
    """Count one attempt at a second factor; False when the code may not even be looked at."""
    return _all_within(f"code|{user_id}", CODES_OF_ONE_USER, now)


def code_was_right(user_id: int) -> None:
    """Forget the attempts at this user's codes."""
    _forget_all(f"code|{user_id}", CODES_OF_ONE_USER)


def is_first_use(user_id: int, code: str, *, now: datetime.datetime) -> bool:
    """True once for a code and user: longer than any code is good for, a second use is refused."""
    return hit(f"used|{user_id}|{code}", limit=1, window_seconds=4 * MINUTE, now=now).allowed


def _all_within(key: str, limits: tuple[Limit, ...], now: datetime.datetime) -> bool:
    return all(
        hit(f"{key}|{limit.seconds}", limit=limit.attempts, window_seconds=limit.seconds, now=now).allowed
        for limit in limits
    )


def _forget_all(key: str, limits: tuple[Limit, ...]) -> None:
    for limit in limits:
        forget(f"{key}|{limit.seconds}")


def _name(username: str) -> str:
    return f"name|{username.lower()}"


def _here(username: str, address: str) -> str:
    return f"{_name(username)}|{_neighbourhood(address)}"


def _neighbourhood(address: str) -> str:
    """One subscriber has a whole IPv6 /64 to walk through; it counts as one address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    return str(ipaddress.ip_network(f"{ip}/64", strict=False).network_address)
