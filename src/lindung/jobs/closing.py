"""What people decide about tasks that failed: try them again, or close them with a reason."""

from datetime import datetime

from django.db import connection

from lindung.access.audit import record, without_numbers
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.jobs.models import JobClosure
from lindung.jobs.waiting import failed_like
from lindung.law.text import Text

_AGAIN = """
UPDATE procrastinate_jobs j SET status = 'todo', attempts = 0, scheduled_at = NULL
 WHERE j.id = %(job)s AND j.status = 'failed'
   AND NOT EXISTS (SELECT FROM procrastinate_jobs w
                    WHERE w.status = 'todo' AND w.queueing_lock = j.queueing_lock)
RETURNING j.task_name
"""


class NotClosed(Refusal):
    """The task is not (or no longer) among the failed ones, or no reason is given."""

    code = "job.not_closed"


def try_again(*, job_id: int, by: Actor, now: datetime) -> None:
    """Put a failed task back into the queue, as if it had never been tried; older failures of the same are closed.

    Where the same task waits already, it is not put there twice. Raises NotClosed when it is not among the failed.
    """
    like = failed_like(job_id)
    if not like:
        raise NotClosed(_GONE)
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, {"job": job_id})
        row = cursor.fetchone()
    event_id = record(
        "job.tried_again",
        by=by,
        subject=f"job:{job_id}",
        sponsor_id=None,
        detail={"task": like[job_id], "waited_already": row is None},
    )
    for each in like:
        if each != job_id or row is None:
            keep(job_id=each, reason=_REPEATED, by=by, now=now, event_id=event_id)


def close(*, job_id: int, reason: str, by: Actor, now: datetime) -> int:
    """This failed task, and every earlier failure of the same, need not be done any more; how many.

    Raises NotClosed without a reason, with a number of a person in it, and when it is not among the failed.
    """
    said = reason.strip()[:200]
    if not said:
        raise NotClosed(_SAY_WHY, field="reason", code="job.reason_missing")
    if without_numbers(said) != said:
        raise NotClosed(_NO_NUMBERS, field="reason", code="job.personal_data")
    like = failed_like(job_id)
    if not like:
        raise NotClosed(_GONE)
    event_id = record(
        "job.closed",
        by=by,
        subject=f"job:{job_id}",
        sponsor_id=None,
        detail={"task": like[job_id], "reason": said, "failures": len(like)},
    )
    for each in like:
        keep(job_id=each, reason=said, by=by, now=now, event_id=event_id)
    return len(like)


def keep(*, job_id: int, reason: str, by: Actor, now: datetime, event_id: int) -> None:
    """The row that says who closed it."""
    JobClosure.objects.create(
        job_id=job_id, reason=reason, closed_by_id=by.person_id, closed_at=now, event_id=event_id
    )


_REPEATED = "Dikerjakan lagi"
_GONE = Text(
    "Pekerjaan ini tidak lagi menunggu keputusan. Buka lagi halamannya.",
    "This task waits for no decision any more. Open the page again.",
)
_SAY_WHY = Text("Tulis alasannya.", "Write the reason.")
_NO_NUMBERS = Text(
    "Jangan menulis NIK atau nomor telepon di alasan. Hapus nomornya, lalu kirim lagi.",
    "Do not write a NIK or a telephone number into the reason. Remove it and send again.",
)
