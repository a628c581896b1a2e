"""What the process beside the web does for this room; each task carries ids only and is safe to be done again."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from lindung.membership import arriving

MOST_ATTEMPTS = 4


@app.task(
    name=arriving.TASK,
    queue="rosters",
    pass_context=True,
    retry=RetryStrategy(max_attempts=MOST_ATTEMPTS, wait=5),
)
def judge(context: JobContext, *, roster_id: int) -> None:
    """Judge a kept list; one that has brought the worker down several times is given up with a sentence."""
    if context.job.attempts >= MOST_ATTEMPTS:
        arriving.give_up(roster_id=roster_id)
        return
    arriving.judge_kept(roster_id=roster_id)
