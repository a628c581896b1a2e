"""How many calls a minute: counted in the database, for each key, or for each address of those who show none."""

import datetime
from typing import NamedTuple

from django.http import HttpRequest

from lindung.access.limiter import hit
from lindung.access.tokens import Bearer
from lindung.api.problems import Problem

MINUTE = 60
CALLS_OF_A_CLIENT = 600
CALLS_WITHOUT_A_TOKEN = 600
"""Behind a proxy everybody may come from one address, and asking for a token must not be stopped by a stranger."""


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


def count(request: HttpRequest, bearer: Bearer | None, *, now: datetime.datetime) -> Left:
    """Count one call in the running minute of the machine's clock. Raises Problem when the share is used up."""
    if bearer is None:
        who, limit = f"address|{request.META.get('REMOTE_ADDR', '')}", CALLS_WITHOUT_A_TOKEN
    else:
        who, limit = f"client|{bearer.client_id}", CALLS_OF_A_CLIENT
    minute = int(now.timestamp()) // MINUTE
    verdict = hit(f"api|{who}|{minute}", limit=limit, window_seconds=MINUTE, now=now)
    left = Left(limit, verdict.left, MINUTE - int(now.timestamp()) % MINUTE)
    if not verdict.allowed:
        raise Problem("request.too_many", headers={**left.headers(), "Retry-After": str(left.resets_in)})
    return left
