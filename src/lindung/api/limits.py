"""How many calls a minute: counted in the database, for each key, or for each address of those who show none.

Whoever asks for a token with the right key counts under that key alone: what strangers do from the same address, behind
the same proxy, cannot stop her. Of the tries at /token only those that fail count for the address.
"""

import datetime
from typing import NamedTuple

from django.http import HttpRequest

from lindung.access.limiter import hit
from lindung.access.tokens import Bearer
from lindung.api.problems import Problem

MINUTE = 60
CALLS_OF_A_CLIENT = 600
CALLS_WITHOUT_A_TOKEN = 600
"""Behind a proxy everybody may come from one address."""
TOKEN_PATH = "/api/v1/token"  # noqa: S105 - an address


class Left(NamedTuple):
    """How much of the minute's share is used."""

    limit: int
    left: int
    resets_in: int

    def headers(self) -> dict[str, str]:
        """As the answer says it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.resets_in),
        }


def asks_for_token(request: HttpRequest) -> bool:
    """Whether this call is counted once it is known whether its key is right."""
    return request.method == "POST" and request.path_info == TOKEN_PATH


def count(request: HttpRequest, bearer: Bearer | None, *, now: datetime.datetime) -> Left:
    """Count one call in the running minute of the machine's clock. Raises Problem when the share is used up."""
    if bearer is None:
        address = request.META.get("REMOTE_ADDR", "")
        return _counted(request, f"address|{address}", CALLS_WITHOUT_A_TOKEN, now)
    return count_client(request, bearer.client_id, now=now)


def count_client(request: HttpRequest, client_id: str, *, now: datetime.datetime) -> Left:
    """Count one call of this key. Raises Problem when its share is used up."""
    return _counted(request, f"client|{client_id}", CALLS_OF_A_CLIENT, now)


def left_of(request: HttpRequest) -> Left | None:
    """What is left of the share this request was counted in; None while it was not."""
    return getattr(request, "calls_left", None)


def _counted(request: HttpRequest, who: str, limit: int, now: datetime.datetime) -> Left:
    minute = int(now.timestamp()) // MINUTE
    verdict = hit(f"api|{who}|{minute}", limit=limit, window_seconds=MINUTE, now=now)
    left = Left(limit, verdict.left, MINUTE - int(now.timestamp()) % MINUTE)
    request.calls_left = left  # type: ignore[attr-defined]  # read by left_of
    if not verdict.allowed:
        raise Problem("request.too_many", headers={**left.headers(), "Retry-After": str(left.resets_in)})
    return left
