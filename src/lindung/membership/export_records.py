"""What is stored about exports: who asked for which rows, what for, who approved, and that it was fetched once."""

from django.db import models
from django.db.models import F, Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.law.text import Text


class ExportFormat(models.TextChoices):
    """What kind of file an export is."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"


class ExportWhat(models.TextChoices):
    """What an export holds."""

    WORKERS = "workers", "Pekerja"
    COVERAGE = "coverage", "Cakupan"
    ROSTER = "roster", "Hasil daftar"


class ExportRequest(models.Model):
    """An export somebody asked for: what, of whom, what for; fetched once, and approved by another when it is large.

    ``choice`` narrows the rows; ``rows`` were counted when it was asked for, and no more than these are handed out.
    """

    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    what = models.CharField(max_length=10, choices=ExportWhat)
    choice = models.JSONField(default=dict)
    format = models.CharField(max_length=4, choices=ExportFormat)
    whole_nik = models.BooleanField(default=False)
    purpose = models.CharField(max_length=200)
    rows = models.IntegerField()
    needs_second = models.BooleanField()
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    fetched_rows = models.IntegerField(null=True)
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="export_what_known", condition=Q(what__in=ExportWhat.values)),
            models.CheckConstraint(name="export_format_known", condition=Q(format__in=ExportFormat.values)),
            models.CheckConstraint(name="export_says_what_for", condition=~Q(purpose="")),
            models.CheckConstraint(name="export_rows_not_negative", condition=Q(rows__gte=0)),
            models.CheckConstraint(
                name="export_of_many_needs_a_second_person",
                condition=Q(needs_second=True) | Q(whole_nik=False, rows__lt=500),
            ),
            models.CheckConstraint(
                name="export_approved_by_a_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="export_approval_whole",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="export_fetch_whole",
                condition=Q(fetched_at__isnull=True, fetched_rows__isnull=True)
                | Q(fetched_at__isnull=False, fetched_rows__isnull=False, fetched_rows__lte=F("rows")),
            ),
            models.CheckConstraint(
                name="export_fetched_after_approval",
                condition=Q(fetched_at__isnull=True) | Q(needs_second=False) | Q(approved_by__isnull=False),
            ),
        ]
        indexes = [models.Index(name="exports_of_a_sponsor", fields=["sponsor", "-id"])]

    def __str__(self) -> str:
        return f"export {self.pk} of {self.what}"


CONSTRAINT_MESSAGES = {
    "export_what_known": Text("Isi ekspor tidak dikenal.", "Unknown content of the export."),
    "export_format_known": Text("Pilih CSV atau Excel.", "Choose CSV or Excel."),
    "export_says_what_for": Text("Tulis untuk apa ekspor ini.", "Write what the export is for."),
    "export_rows_not_negative": Text("Jumlah baris rusak.", "The number of rows is damaged."),
    "export_of_many_needs_a_second_person": Text(
        "Ekspor 500 baris atau lebih, dan setiap ekspor NIK lengkap, perlu disahkan rekan.",
        "An export of 500 rows or more, and every export of whole NIK, needs a colleague's approval.",
    ),
    "export_approved_by_a_second_person": Text(
        "Ekspor harus disahkan orang lain, bukan pemintanya.",
        "Somebody else must approve an export, not the one who asked for it.",
    ),
    "export_approval_whole": Text(
        "Pengesahan tidak lengkap. Ulangi pengesahan.", "The approval is incomplete. Approve again."
    ),
    "export_fetch_whole": Text(
        "Isi ekspor bertambah sejak diminta. Minta ekspor baru.",
        "The export has grown since it was asked for. Ask for a new one.",
    ),
    "export_fetched_after_approval": Text(
        "Ekspor ini belum disahkan rekan. Minta pengesahan dulu.",
        "No colleague has approved this export yet. Ask for the approval first.",
    ),
    "export_step_allowed": Text(
        "Ekspor hanya diunduh sekali oleh pemintanya, dalam 24 jam. Minta ekspor baru.",
        "An export is fetched once by the one who asked, within 24 hours. Ask for a new one.",
    ),
}
