"""What stands in the queue, for people: what waits, what runs and how far it is, what failed and why."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from lindung.jobs.calendar import task_name
from lindung.law.text import Text
from lindung.membership.models import RosterProgress

MOST = 50
"""Rows of each part of the page."""


class Waiting(NamedTuple):
    """A task that waits or runs; ``done`` of ``whole`` where it says how far it is and the reader may see that."""

    id: int
    task: Text
    runs: bool
    attempts: int
    since: datetime | None
    worker_lives: bool
    done: int | None
    whole: int | None


class Failed(NamedTuple):
    """Failures of one task with the same work: the newest of them, how many, and why the newest failed."""

    id: int
    task: Text
    times: int
    attempts: int
    reason: Text
    at: datetime | None


# The work is the same where nothing but the tick of a calendar differs.
_WAITING = """
SELECT j.id, j.task_name, j.status = 'doing', j.attempts,
       (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id),
       coalesce(w.last_heartbeat > now() - interval '30 seconds', false), (j.args->>'roster_id')::bigint
  FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
 WHERE j.status IN ('todo', 'doing')
 ORDER BY j.status = 'doing' DESC, j.priority DESC, j.id LIMIT %(most)s
"""
_FAILED = """
WITH newest AS (
    SELECT max(j.id) AS id, count(*) AS times FROM procrastinate_jobs j WHERE j.status = 'failed'
       AND NOT EXISTS (SELECT FROM jobs_jobclosure c WHERE c.job_id = j.id)
     GROUP BY j.task_name, j.args - 'timestamp')
SELECT n.id, j.task_name, n.times, j.attempts, f.sentence, f.sentence_en, f.at
  FROM newest n JOIN procrastinate_jobs j ON j.id = n.id
  LEFT JOIN LATERAL (SELECT sentence, sentence_en, at FROM jobs_jobfailure f
                      WHERE f.job_id = n.id ORDER BY f.id DESC LIMIT 1) f ON true
 ORDER BY n.id DESC LIMIT %(most)s
"""
_LIKE = """
SELECT j.id, j.task_name FROM procrastinate_jobs j JOIN procrastinate_jobs one ON one.id = %(job)s
 WHERE j.status = 'failed' AND one.status = 'failed' AND j.task_name = one.task_name
   AND j.args - 'timestamp' = one.args - 'timestamp'
   AND NOT EXISTS (SELECT FROM jobs_jobclosure c WHERE c.job_id = j.id)
   AND NOT EXISTS (SELECT FROM jobs_jobclosure c WHERE c.job_id = one.id)
"""


def waiting() -> list[Waiting]:
    """What waits and what runs, the running first, at most `MOST`."""
    rows = _rows(_WAITING, most=MOST)
    progress = _progress({roster for *_, roster in rows if roster is not None})
    return [
        Waiting(id, task_name(task), runs, attempts, since, lives, *progress.get(roster, (None, None)))
        for id, task, runs, attempts, since, lives, roster in rows
    ]


def failed() -> list[Failed]:
    """What failed and waits for somebody's decision, newest first; failures of the same work are one line."""
    return [
        Failed(id, task_name(task), times, attempts, Text(said, en) if said else _NOT_KEPT, at)
        for id, task, times, attempts, said, en, at in _rows(_FAILED, most=MOST)
    ]


def failed_like(job_id: int) -> dict[int, str]:
    """The open failures of the same work as this one, it included, with the task's name; empty when it is not open."""
    return dict(_rows(_LIKE, job=job_id))


def _progress(rosters: set[int]) -> dict[int | None, tuple[int, int]]:
    """How far the lists are that somebody in whose sight they are looks at."""
    if not rosters:
        return {}
    found = RosterProgress.objects.filter(roster__in=rosters)
    return {each.roster_id: (each.rows_done, each.rows_total or 0) for each in found}


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_NOT_KEPT = Text(
    "Alasannya tidak tercatat; rinciannya ada di log server.",
    "The reason was not kept; the server's log has the details.",
)
