"""Keeps why a task failed: the queue knows that it did, and forgets the reason."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error as DatabaseFault
from django.db import InterfaceError, OperationalError
from procrastinate.jobs import Job

from lindung.access.sealing import SealBroken
from lindung.engine.refusals import Refusal
from lindung.engine.troubles import Trouble
from lindung.jobs.models import JobFailure
from lindung.law.text import Text

log = logging.getLogger(__name__)


def note(job: Job, error: BaseException, *, now: datetime) -> None:
    """Write down why this attempt failed; where even that fails, the log has it."""
    said = sentence_of(error)
    try:
        JobFailure.objects.create(
            job_id=job.id or 0,
            task=job.task_name[:128],
            attempt=job.attempts + 1,
            error=type(error).__name__[:120],
            sentence=said.id[:300],
            sentence_en=said.en[:300],
            at=now,
        )
    except DatabaseFault:
        log.exception("why task %s failed could not be kept", job.task_name)


def sentence_of(error: BaseException) -> Text:
    """What a person is told of a fault. The exception's own words stay out: they may name somebody."""
    if isinstance(error, (Refusal, Trouble)):
        return error.text
    return next(text for kinds, text in _known() if isinstance(error, kinds))


def _known() -> Iterator[tuple[tuple[type[BaseException], ...], Text]]:
    yield (
        (OperationalError, InterfaceError),
        Text(
            "Basis data tidak menjawab. Biasanya pulih sendiri; coba lagi.",
            "The database did not answer. It usually recovers; try again.",
        ),
    )
    yield (
        (SealBroken,),
        Text(
            "Isi tersegel tidak bisa dibuka: kuncinya lain, atau datanya berubah. Panggil pengelola server.",
            "Something sealed does not open: another key, or changed data. Call who runs the server.",
        ),
    )
    yield (
        (ObjectDoesNotExist,),
        Text(
            "Data yang harus dikerjakan sudah tidak ada. Tutup bila memang sudah dihapus.",
            "What was to be worked on is gone. Close it if that is meant.",
        ),
    )
    yield (
        (TimeoutError, ConnectionError),
        Text("Layanan di luar tidak menjawab. Coba lagi.", "Something outside did not answer. Try again."),
    )
    yield (
        (MemoryError,),
        Text(
            "Memori server tidak cukup. Kurangi beban, lalu coba lagi.",
            "The server has too little memory. Lower the load, then try again.",
        ),
    )
    yield (
        (BaseException,),
        Text(
            "Kesalahan program. Coba lagi; bila terulang, panggil pengelola server: rinciannya ada di log.",
            "A fault of the programme. Try again; if it comes back, call who runs the server: the log has the details.",
        ),
    )


DIED = Text(
    "Proses yang mengerjakannya mati berkali-kali. Periksa memori server sebelum mencoba lagi.",
    "The process that did it died again and again. Check the server's memory before you try again.",
)


def note_deaths(job: Job, *, now: datetime) -> None:
    """A task that brought its worker down too often is left, with this reason."""
    JobFailure.objects.create(
        job_id=job.id or 0,
        task=job.task_name[:128],
        attempt=job.attempts + 1,
        error="WorkerDied",
        sentence=DIED.id,
        sentence_en=DIED.en,
        at=now,
    )
