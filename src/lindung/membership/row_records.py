"""What became of the rows of a list after they were judged: every change of a row, and who made it."""

from django.db import models
from django.db.models import Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.law.text import Text


class RowChangeKind(models.TextChoices):
    """What was done to a row: its cells changed, or an officer decided about the whole of it."""

    CELLS = "cells", "Isi diubah"
    KEPT = "kept", "Tetap ikut"
    ASIDE = "aside", "Dilewati"
    BACK = "back", "Diikutkan lagi"


class RowChange(models.Model):
    """What a row said before and after a change, and who changed it. Added, never changed.

    ``column`` is the one cell that was typed anew, None when a corrected file changed the row, or when an officer
    decided about the whole of it (``kind``): then the cells say the same before and after. Both texts are sealed and
    bound to roster, line and revision; ``note`` holds nobody's number.
    """

    roster = models.ForeignKey(
        "membership.Roster", db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    number = models.IntegerField()
    revision = models.IntegerField()
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    kelurahan_code = models.CharField(max_length=13, blank=True)
    column = models.SmallIntegerField(null=True)
    kind = models.CharField(
        max_length=5, choices=RowChangeKind, default=RowChangeKind.CELLS, db_default=RowChangeKind.CELLS
    )
    note = models.CharField(max_length=300, blank=True, default="", db_default="")
    before = models.BinaryField()
    after = models.BinaryField()
    changed_by = models.ForeignKey(
        User, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    changed_by_name = models.CharField(max_length=120)
    changed_at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="roster_row_change_once_per_revision", fields=["roster", "number", "revision"]
            ),
            models.CheckConstraint(name="roster_row_change_follows_the_first", condition=Q(revision__gte=2)),
            models.CheckConstraint(
                name="roster_row_change_kind_known", condition=Q(kind__in=RowChangeKind.values)
            ),
            models.CheckConstraint(
                name="roster_row_set_aside_says_why",
                condition=(Q(kind="aside") & ~Q(note="")) | (~Q(kind="aside") & Q(note="")),
            ),
        ]

    def __str__(self) -> str:
        return f"roster {self.roster_id} line {self.number} revision {self.revision}"


MESSAGES = {
    "roster_row_change_once_per_revision": Text(
        "Baris ini baru saja diubah orang lain. Buka lagi, lalu ulangi perubahan Anda.",
        "Somebody else has just changed this row. Open it again and make your change again.",
    ),
    "roster_row_change_follows_the_first": Text(
        "Perubahan baris dimulai dari revisi kedua.", "A change of a row starts at its second revision."
    ),
    "roster_row_change_is_kept": Text(
        "Isi baris hanya boleh berubah bersama catatan perubahannya.",
        "A row changes only together with the record of its change.",
    ),
    "roster_row_enrolled_stays": Text(
        "Baris ini sudah terdaftar dan tidak diubah lagi di daftar. Ubah lewat halaman pekerjanya.",
        "This row is enrolled and no longer changed in the list. Change it on the worker's page.",
    ),
    "roster_row_change_kind_known": Text("Jenis perubahan baris tidak dikenal.", "Unknown kind of change."),
    "roster_row_set_aside_says_why": Text(
        "Tulis mengapa baris ini dilewati.", "Write why this row is left out."
    ),
}
