"""How often a password or a code may be tried, per name and address together, and per name with patience.

Never per address alone: a whole kelurahan office shares one. The limits of one address are so much below those
of a name that a single stranger cannot lock an officer out.
"""

import datetime
import ipaddress

from lindung.access.limiter import Limit, forget, hit, hit_all

MINUTE, DAY = 60, 86_400

FROM_ONE_ADDRESS = ((5, 5 * MINUTE), (20, DAY))
FOR_ONE_NAME = ((20, 15 * MINUTE), (100, DAY))
CODES_OF_ONE_USER = ((5, 5 * MINUTE), (30, DAY))
LINKS_FROM_ONE_ADDRESS = ((60, 5 * MINUTE),)
DRAFTS_OF_ONE_USER = ((60, MINUTE),)
"""Attempts and the seconds they are counted in."""


def may_try_password(username: str, address: str, *, now: datetime.datetime) -> bool:
    """Count one attempt; False when the password may not even be looked at."""
    # The name's own counter comes last: it moves only for attempts that the address still had left.
    return hit_all(_limits_of_password(username, address), now=now)


def password_was_right(username: str, address: str) -> None:
    """Forget the attempts of this name: whoever made them knows the password."""
    forget(*(limit.key for limit in _limits_of_password(username, address)))


def may_try_code(user_id: int, *, now: datetime.datetime) -> bool:
    """Count one attempt at a second factor; False when the code may not even be looked at."""
    return hit_all(_limits_of_code(user_id), now=now)


def code_was_right(user_id: int) -> None:
    """Forget the attempts at this user's codes."""
    forget(*(limit.key for limit in _limits_of_code(user_id)))


def is_first_use(user_id: int, code: str, *, now: datetime.datetime) -> bool:
    """True once for a code and user: longer than any code is good for, a second use is refused."""
    return hit(f"used|{user_id}|{code}", limit=1, window_seconds=4 * MINUTE, now=now).allowed


def may_open_link(address: str, *, now: datetime.datetime) -> bool:
    """Count one opening of a one-time link; the many of a whole office fit in, a search for links does not."""
    return hit_all(_limits(f"link|{_neighbourhood(address)}", LINKS_FROM_ONE_ADDRESS), now=now)


def may_keep_draft(user_id: int, *, now: datetime.datetime) -> bool:
    """Count one keeping of typed work; whoever types comes nowhere near the limit."""
    return hit_all(_limits(f"draft|{user_id}", DRAFTS_OF_ONE_USER), now=now)


def _limits_of_password(username: str, address: str) -> list[Limit]:
    name = f"name|{username.lower()}"
    here = f"{name}|{_neighbourhood(address)}"
    return [*_limits(here, FROM_ONE_ADDRESS), *_limits(name, FOR_ONE_NAME)]


def _limits_of_code(user_id: int) -> list[Limit]:
    return _limits(f"code|{user_id}", CODES_OF_ONE_USER)


def _limits(key: str, rules: tuple[tuple[int, int], ...]) -> list[Limit]:
    return [Limit(f"{key}|{seconds}", attempts, seconds) for attempts, seconds in rules]


def _neighbourhood(address: str) -> str:
    """One subscriber has a whole IPv6 /64 to walk through; it counts as one address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    return str(ipaddress.ip_network(f"{ip}/64", strict=False).network_address)
