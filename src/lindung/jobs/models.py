"""What is stored beside the queue: why a task failed, in words, and which failures somebody has closed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lindung.access.models import AuditEvent, User
from lindung.law.text import Text


class JobFailure(models.Model):
    """One attempt of a task that failed: the kind of fault and a sentence, never the data it was about."""

    job_id = models.BigIntegerField()
    task = models.CharField(max_length=128)
    attempt = models.IntegerField()
    error = models.CharField(max_length=120, help_text="the class of the exception")
    sentence = models.CharField(max_length=300)
    sentence_en = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(name="job_failures_of_a_job", fields=["job_id", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="job_failure_says_why", condition=~Q(sentence="") & ~Q(sentence_en="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.job_id}/{self.attempt}: {self.error}"


class JobClosure(models.Model):
    """A failed task that somebody looked at and that need not be done any more; added, never changed."""

    job_id = models.BigIntegerField(unique=True)
    reason = models.CharField(max_length=200)
    closed_by = models.ForeignKey(User, db_index=False, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="job_closure_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.job_id} closed"


CONSTRAINT_MESSAGES = {
    "job_failure_says_why": Text("Tulis mengapa pekerjaan gagal.", "Say why the task failed."),
    "job_closure_says_why": Text("Tulis alasan menutupnya.", "Write why it is closed."),
    "jobs_jobclosure_job_id_key": Text("Pekerjaan ini sudah ditutup.", "This task is closed already."),
}
