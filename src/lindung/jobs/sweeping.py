"""Gives tasks back to the queue whose worker has died, within seconds: each of them is safe to do again."""

import asyncio
import logging

from django.db import connections
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from lindung.engine import clock
from lindung.jobs import failures

log = logging.getLogger(__name__)

SILENT_FOR = 12
"""Seconds without a sign of life after which a worker is taken for dead; it gives one every three."""
MOST_DEATHS = 6
"""A task whose worker died so often is left for a person: it may be what brings them down."""


@app.periodic(cron="* * * * * */5")
@app.task(name="jobs.sweep", queue="calendar", queueing_lock="jobs.sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Put what a dead worker left undone back into the queue. Doing it twice changes nothing."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR):
        if job.attempts + 1 >= MOST_DEATHS:
            log.error("task %s has brought down its worker %s times", job.task_name, job.attempts + 1)
            await asyncio.to_thread(_left, job)
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
            continue
        log.warning("task %s of a worker that died is done again", job.task_name)
        await manager.retry_job(job, retry_at=clock.unfixed())


def _left(job: Job) -> None:
    try:
        failures.note_deaths(job, now=clock.now())
    finally:
        connections.close_all()
