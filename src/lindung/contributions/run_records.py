"""A run that accepts all exact matches: what it was given to do, how far it is, and what became of each line."""

from django.db import models
from django.db.models import F, Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.contributions.statement_records import StatementLine
from lindung.law.text import Text


class MatchRun(models.Model):
    """One press of "accept all exact ones": its plan stands whole when it begins, and it is done in small steps.

    Whoever takes it up again after a broken worker goes on where the last whole step ended.
    """

    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    lines_count = models.IntegerField()
    accepted = models.IntegerField(default=0)
    passed_over = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="match_run_one_at_a_time", fields=["sponsor"], condition=Q(finished_at__isnull=True)
            ),
            models.CheckConstraint(
                name="match_run_counts_its_lines",
                condition=Q(accepted__gte=0, passed_over__gte=0)
                & Q(lines_count__gte=F("accepted") + F("passed_over"))
                & (Q(finished_at__isnull=True) | Q(lines_count=F("accepted") + F("passed_over"))),
            ),
        ]

    def __str__(self) -> str:
        return f"match run {self.pk}"


class Outcome(models.TextChoices):
    """What became of a planned line."""

    WAITING = "", "Menunggu"
    ACCEPTED = "accepted", "Diterima"
    PASSED = "passed", "Dilewati"


class MatchRunLine(models.Model):
    """One line of a run and what it pays: a bill of a purse, or an order that was recorded before."""

    pk = models.CompositePrimaryKey("run_id", "line_id")
    run = models.ForeignKey(MatchRun, db_index=False, on_delete=models.PROTECT, related_name="plan")
    line = models.ForeignKey(
        StatementLine, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    agreement_id = models.BigIntegerField()
    membership_id = models.BigIntegerField(null=True)
    bill_id = models.BigIntegerField(null=True)
    payment_id = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="match_run_outcome_known", condition=Q(outcome__in=Outcome.values)),
        ]
        indexes = [
            models.Index(
                name="planned_lines_that_wait", fields=["run", "line"], condition=Q(outcome=Outcome.WAITING)
            )
        ]

    def __str__(self) -> str:
        return f"line {self.line_id} of run {self.run_id}"


CONSTRAINT_MESSAGES = {
    "match_run_one_at_a_time": Text(
        "Pencocokan sedang berjalan. Tunggu sampai selesai.",
        "A run is on its way already. Wait until it ends.",
    ),
    "match_run_counts_its_lines": Text(
        "Hitungan baris pencocokan tidak cocok.", "The counts of the run do not make its lines."
    ),
    "match_run_outcome_known": Text("Hasil baris tidak dikenal.", "Unknown outcome of a line."),
    "match_run_line_of_its_line": Text(
        "Baris ini milik rekening koran kota lain.", "This line belongs to another city's statement."
    ),
    "match_run_line_of_its_run": Text("Pencocokan ini milik kota lain.", "This run belongs to another city."),
}
