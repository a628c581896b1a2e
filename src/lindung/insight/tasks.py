"""What the process beside the web does for this room; each is safe to be done again."""

from django.core.cache import cache
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lindung.engine import clock
from lindung.insight import alarm_notices, offer_notices

_A_DAY = 24 * 60 * 60


@app.periodic(cron="10 0-11 * * *")
@app.task(name="insight.tell_alarms", queue="notices", queueing_lock="insight.tell_alarms")
def tell_alarms(timestamp: int) -> None:
    """Once a day after 07:00 WIB, and every hour until it was done: a worker that slept through the hour misses none."""
    done = f"told-alarms:{clock.today()}"
    if cache.get(done) is None:
        alarm_notices.alarms_told(on=clock.today(), now=clock.now())
        cache.set(done, True, _A_DAY)


@app.task(name="insight.tell_offers", queue="notices", retry=RetryStrategy(max_attempts=4, wait=30))
def tell_offers(*, agreement_id: int) -> None:
    """Tell the people of an agreement that stops what they can pay themselves."""
    offer_notices.offers_told(agreement_id=agreement_id, on=clock.today(), now=clock.now())
