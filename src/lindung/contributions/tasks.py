"""What the process beside the web does for this room; each task carries ids only and is safe to be done again."""

from procrastinate.contrib.django import app

from lindung.contributions import match_runs


@app.task(name=match_runs.TASK, queue="money")
def accept_exact(*, run_id: int) -> None:
    """Do what is left of a run that accepts exact matches."""
    match_runs.work_off(run_id)
