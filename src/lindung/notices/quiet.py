"""Quiet hours: when nothing leaves the house, and when the next message may."""

from datetime import datetime, timedelta

from lindung.engine.clock import JAKARTA


def is_quiet(now: datetime, *, quiet_from: int, quiet_until: int) -> bool:
    """Whether this moment lies in the quiet hours, whole hours in Asia/Jakarta; from 20 to 7 reaches over midnight."""
    hour = now.astimezone(JAKARTA).hour
    if quiet_from < quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until


def next_open(now: datetime, *, quiet_from: int, quiet_until: int) -> datetime:
    """This moment, or the end of the quiet hours it lies in."""
    if not is_quiet(now, quiet_from=quiet_from, quiet_until=quiet_until):
        return now
    here = now.astimezone(JAKARTA)
    end = here.replace(hour=quiet_until, minute=0, second=0, microsecond=0)
    return end if end > here else end + timedelta(days=1)
