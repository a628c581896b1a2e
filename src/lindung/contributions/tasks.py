"""What the process beside the web does for this room; each task carries ids only and is safe to be done again."""

from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from lindung.contributions import match_runs, runs, telling
from lindung.engine import clock

_A_DAY = 24 * 60 * 60
_WHILE_THE_DATABASE_IS_AWAY = RetryStrategy(wait=2, retry_exceptions=[OperationalError, InterfaceError])
"""A database that went away comes back: what it interrupted is no failure, however often."""


@app.task(name=runs.TASK, queue="bills", retry=_WHILE_THE_DATABASE_IS_AWAY)
def draw_run(*, run_id: int) -> None:
    """Draw the bills of a month that wait."""
    runs.carry_out(run_id=run_id, today=clock.today())


@app.task(name=match_runs.TASK, queue="money", pass_context=True, retry=_WHILE_THE_DATABASE_IS_AWAY)
def accept_exact(context: JobContext, *, run_id: int) -> None:
    """Do what is left of a run that accepts exact matches.

    One that was interrupted goes on in a task of its own after its next step: a task whose worker died again and again
    is taken for what brings workers down, and a run that gets on is not.
    """
    match_runs.work_off(run_id, steps=1 if context.job.attempts else match_runs.STEPS)


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
