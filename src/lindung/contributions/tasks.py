"""What the process beside the web does for this room; each task carries ids only and is safe to be done again."""

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lindung.contributions import match_runs, runs
from lindung.engine import clock

_WHILE_THE_DATABASE_IS_AWAY = RetryStrategy(wait=2, retry_exceptions=[OperationalError, InterfaceError])
"""A database that went away comes back: what it interrupted is no failure, however often."""


@app.task(name=runs.TASK, queue="bills", retry=_WHILE_THE_DATABASE_IS_AWAY)
def draw_run(*, run_id: int) -> None:
    """Draw the bills of a month that wait."""
    runs.carry_out(run_id=run_id, today=clock.today())


@app.task(name=match_runs.TASK, queue="money", retry=_WHILE_THE_DATABASE_IS_AWAY)
def accept_exact(*, run_id: int) -> None:
    """Do what is left of a run that accepts exact matches."""
    match_runs.work_off(run_id)
