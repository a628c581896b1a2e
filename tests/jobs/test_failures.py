"""Why a task failed is kept in words, without its data; a task that kills its worker again and again is left."""

import pytest
from django.db import OperationalError
from procrastinate.contrib.django import app

from database import execute, fetched
from lindung.engine.troubles import Trouble
from lindung.jobs import calendar, failures, running
from lindung.jobs.models import JobFailure
from lindung.jobs.sweeping import MOST_DEATHS
from lindung.law.text import Text
from lindung.people.models import Person

pytestmark = pytest.mark.faults


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Trouble(Text("Kunci hilang.", "A key is gone.")), "Kunci hilang."),
        (OperationalError("password=geheim"), "Basis data tidak menjawab"),
        (Person.DoesNotExist("NIK 1571025203840001"), "sudah tidak ada"),
        (ValueError("Siti Aminah"), "Kesalahan program"),
    ],
)
def test_a_fault_is_said_in_words_of_ours(error: Exception, said: str) -> None:
    text = failures.sentence_of(error)
    assert said in text.id
    assert not {"geheim", "1571025203840001", "Siti"} & set(f"{text.id} {text.en}".split())


def test_the_worker_keeps_the_reason_and_the_failed_task(fresh_database: str) -> None:
    """A list that is not there: the task is done, fails, and stays with its sentence."""
    app.configure_task("membership.judge").defer(roster_id=10**9)
    app.configure_task("contributions.tell_paid").defer(settlement_ids="x")
    running.run_waiting()
    failed = fetched(
        "SELECT id, task_name FROM procrastinate_jobs WHERE status IN ('failed', 'todo') ORDER BY id"
    )
    kept = {(each.job_id, each.task) for each in JobFailure.objects.all()}
    assert kept
    assert kept <= set(failed)


def test_a_task_that_brings_its_worker_down_again_and_again_is_left(fresh_database: str) -> None:
    execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts)"
        " VALUES ('rosters', 'membership.judge', 'doing', %s)",
        MOST_DEATHS - 1,
    )
    app.configure_task("jobs.sweep").defer(timestamp=0)
    running.run_waiting()
    assert fetched("SELECT status::text FROM procrastinate_jobs WHERE task_name = 'membership.judge'") == [
        ("failed",)
    ]
    assert JobFailure.objects.get().error == "WorkerDied"


def test_every_task_has_a_name_for_people() -> None:
    ours = {
        name
        for name in app.tasks
        if not name.startswith("builtin:") and not name.startswith("procrastinate.")
    }
    assert sorted(ours - set(calendar.TASKS)) == []
