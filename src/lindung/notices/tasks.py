"""What the process beside the web does for this room: every minute it sends what is due."""

from procrastinate.contrib.django import app

from lindung.engine import clock
from lindung.notices import delivering, ways

MOST_A_MINUTE = 100
"""Notices in one round, so that other tasks get their turn."""


@app.periodic(cron="* * * * *")
@app.task(name="notices.deliver", queue="notices", queueing_lock="notices.deliver", lock="notices.deliver")
def deliver(timestamp: int) -> None:
    """Send what is due. Done twice, or by two at once, it sends nothing twice: each notice is claimed first."""
    delivering.deliver(ways=ways.ways(), now=clock.now, most=MOST_A_MINUTE)
