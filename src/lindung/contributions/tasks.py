"""What the process beside the web does for this room; each task carries ids only and is safe to be done again."""

from django.core.cache import cache
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lindung.contributions import telling
from lindung.engine import clock

_A_DAY = 24 * 60 * 60


@app.task(name="contributions.tell_paid", queue="notices", retry=RetryStrategy(max_attempts=4, wait=30))
def tell_paid(*, settlement_ids: list[int]) -> None:
    """Tell the people whose months were paid; who was told before a crash is told no second time."""
    telling.paid_told(settlement_ids=settlement_ids, now=clock.now())


@app.periodic(cron="10 0-11 * * *")
@app.task(name="contributions.tell_standing", queue="notices", queueing_lock="contributions.tell_standing")
def tell_standing(timestamp: int) -> None:
    """Once a day after 07:00 WIB, and every hour until it was done: a worker that slept through the hour misses none."""
    done = f"told-standing:{clock.today()}"
    if cache.get(done) is None:
        telling.standing_told(on=clock.today(), now=clock.now())
        cache.set(done, True, _A_DAY)
