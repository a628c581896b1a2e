"""What the process beside the web does for this room; each task carries ids only and is safe to be done again."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lindung.contributions import runs
from lindung.engine import clock

MOST_ATTEMPTS = 4


@app.task(name=runs.TASK, queue="bills", retry=RetryStrategy(max_attempts=MOST_ATTEMPTS, wait=5))
def draw_run(*, run_id: int) -> None:
    """Draw the bills of a month that wait; what fails again and again stays waiting, to be started anew."""
    runs.carry_out(run_id=run_id, today=clock.today())
