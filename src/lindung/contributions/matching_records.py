"""Which payment the money of a bank line became: several lines may make one payment's bill, one line several payments."""

from django.db import models
from django.db.models import Q

from lindung.access.models import AuditEvent, Organisation
from lindung.contributions.statement_records import StatementLine
from lindung.law.text import Text


class MatchKind(models.TextChoices):
    """How the money of a line belongs to a payment."""

    PURSE = "purse", "Uang untuk tagihan"
    ORDER = "order", "Uang dari SP2D yang sudah dicatat"


class LineMatch(models.Model):
    """So many rupiah of a line are this payment. Undone with the event that says who and why; never removed.

    A payment that came with the line (``PURSE``) was made by the match; one recorded before from its treasury order
    (``ORDER``) is only found again in the bank, so its money leaves "unmatched" and is counted once.
    """

    line = models.ForeignKey(
        StatementLine, db_constraint=False, on_delete=models.PROTECT, related_name="matches"
    )
    payment = models.ForeignKey(
        "contributions.Payment", db_constraint=False, on_delete=models.PROTECT, related_name="matches"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=MatchKind)
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")
    undone_event = models.ForeignKey(
        AuditEvent, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="line_matched_once_to_a_payment",
                fields=["line", "payment"],
                condition=Q(undone_event__isnull=True),
            ),
            models.CheckConstraint(name="match_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="match_kind_known", condition=Q(kind__in=MatchKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} is {self.payment_id}"


CONSTRAINT_MESSAGES = {
    "line_matched_once_to_a_payment": Text(
        "Baris ini sudah dicocokkan dengan pembayaran itu.", "This line is matched to that payment already."
    ),
    "match_is_positive": Text("Jumlah harus lebih dari nol.", "The amount must be more than zero."),
    "match_kind_known": Text("Jenis pencocokan tidak dikenal.", "Unknown kind of match."),
    "match_makes_the_line": Text(
        "Uang baris ini harus habis dibagi, tidak kurang dan tidak lebih. Tidak ada yang disimpan.",
        "The money of the line must be given out whole, no less and no more. Nothing was stored.",
    ),
    "match_undone_once": Text(
        "Pencocokan ini sudah dibatalkan. Muat ulang halaman.",
        "This match is undone already. Load the page again.",
    ),
    "match_of_its_sponsors_line": Text(
        "Baris ini milik rekening koran kota lain.", "This line belongs to another city's statement."
    ),
    "match_of_its_sponsors_payment": Text(
        "Pembayaran ini milik kota lain.", "This payment belongs to another city."
    ),
}
