"""Who acts in the example's story, in what sight, and at what hour."""

import datetime as dt
from zoneinfo import ZoneInfo

from lindung.access.scope import Actor, Scope, scope_of, user_named

ZONE = ZoneInfo("Asia/Jakarta")
STORYTELLER = Actor(None, "Lindung demo")


def at(day: dt.date, hour: int) -> dt.datetime:
    """That hour of the day in Jambi."""
    return dt.datetime.combine(day, dt.time(hour), ZONE)


def acting(username: str, on: dt.date) -> tuple[Actor, Scope]:
    """The user as an actor, and what she sees on that day."""
    user = user_named(username)
    return Actor.of(user), scope_of(user, on)
