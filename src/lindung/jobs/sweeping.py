"""Gives tasks back to the queue whose worker has died, within seconds: each of them is safe to do again."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app

from lindung.engine import clock

log = logging.getLogger(__name__)

SILENT_FOR = 12
"""Seconds without a sign of life after which a worker is taken for dead; it gives one every three."""


@app.periodic(cron="* * * * * */5")
@app.task(name="jobs.sweep", queue="calendar", queueing_lock="jobs.sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Put what a dead worker left undone back into the queue. Doing it twice changes nothing."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR):
        log.warning("task %s of a worker that died is done again", job.task_name)
        await manager.retry_job(job, retry_at=clock.unfixed())
