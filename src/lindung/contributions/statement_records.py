"""Bank statements as they are kept: each file once, each of its lines once, and what became of every line."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.documents.models import Document
from lindung.law.text import Text


class StatementFormat(models.TextChoices):
    """In which format a statement came."""

    MT940 = "mt940", "MT940"
    CAMT053 = "camt053", "camt.053"
    TABLE = "table", "Tabel"


class Statement(models.Model):
    """One file of one account: every line of it is new, there already, money out, foreign or faulty. Append-only.

    ``opening`` and ``closing`` are in sen, null where the bank wrote no balance; ``total`` is whole rupiah: what the
    new money in is worth, and so what was booked for it.
    """

    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=8, choices=StatementFormat)
    account = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    first_day = models.DateField()
    last_day = models.DateField()
    opening = models.BigIntegerField(null=True)
    closing = models.BigIntegerField(null=True)
    lines_count = models.IntegerField()
    fresh = models.IntegerField()
    known = models.IntegerField()
    debit = models.IntegerField()
    foreign = models.IntegerField()
    faulty = models.IntegerField()
    total = models.BigIntegerField()
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="statement_file_once_per_sponsor", fields=["sponsor", "sha256"]),
            models.CheckConstraint(
                name="statement_format_known", condition=Q(format__in=StatementFormat.values)
            ),
            models.CheckConstraint(
                name="statement_counts_every_line",
                condition=Q(
                    lines_count=F("fresh") + F("known") + F("debit") + F("foreign") + F("faulty"),
                    fresh__gte=0,
                    known__gte=0,
                    debit__gte=0,
                    foreign__gte=0,
                    faulty__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="statement_days_run_forward", condition=Q(first_day__lte=F("last_day"))
            ),
        ]

    def __str__(self) -> str:
        return f"statement {self.pk}"


class LineState(models.TextChoices):
    """Where a line stands; the database knows which step may follow which."""

    UNMATCHED = "unmatched", "Belum dikenali"
    MATCHED = "matched", "Sudah dicocokkan"
    SET_ASIDE = "set_aside", "Disisihkan"
    DEBIT = "debit", "Uang keluar"
    FOREIGN = "foreign", "Mata uang asing"
    FAULTY = "faulty", "Bermasalah"


MONEY_IN = (LineState.UNMATCHED, LineState.MATCHED, LineState.SET_ASIDE)
"""The states of a line whose money is booked."""


class StatementLine(models.Model):
    """One booking of a bank. What it says never changes; where it stands (``state``, ``reason``) does.

    ``sealed`` holds the references and the text as they came, bound to the id; ``masked`` is for eyes, ``words`` for
    finding: both without NIK and telephone numbers. ``fingerprint`` makes a line count once in however many files.
    """

    statement = models.ForeignKey(
        Statement, db_constraint=False, on_delete=models.PROTECT, related_name="lines"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    booked_on = models.DateField()
    valued_on = models.DateField()
    amount = models.BigIntegerField()
    cents = models.SmallIntegerField()
    credit = models.BooleanField()
    currency = models.CharField(max_length=3)
    sealed = models.BinaryField()
    masked = models.TextField()
    words = ArrayField(models.CharField(max_length=80))
    state = models.CharField(max_length=10, choices=LineState)
    reason = models.CharField(max_length=200, blank=True)
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="statement_line_counts_once", fields=["sponsor", "fingerprint"]),
            models.UniqueConstraint(name="statement_line_once_in_its_file", fields=["statement", "number"]),
            models.CheckConstraint(
                name="statement_line_state_known", condition=Q(state__in=LineState.values)
            ),
            models.CheckConstraint(
                name="statement_line_not_negative", condition=Q(amount__gte=0, cents__gte=0, cents__lt=100)
            ),
            models.CheckConstraint(
                name="statement_line_of_whole_rupiah",
                condition=~Q(state__in=MONEY_IN) | Q(credit=True, currency="IDR", cents=0, amount__gt=0),
            ),
            models.CheckConstraint(
                name="statement_line_says_why",
                condition=~Q(state__in=[LineState.SET_ASIDE, LineState.FAULTY]) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                name="lines_that_wait",
                fields=["sponsor", "booked_on", "id"],
                condition=Q(state=LineState.UNMATCHED),
            ),
            models.Index(name="lines_of_an_amount", fields=["sponsor", "amount"]),
        ]

    def __str__(self) -> str:
        return f"line {self.pk} Rp{self.amount}"


class RepeatedLine(models.Model):
    """A line of a file that stood in an earlier one: shown with the statement it came with first, and booked once."""

    statement = models.ForeignKey(
        Statement, db_constraint=False, on_delete=models.PROTECT, related_name="repeats"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    line = models.ForeignKey(
        StatementLine, db_constraint=False, on_delete=models.PROTECT, related_name="repeats"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="repeated_line_once_in_its_file", fields=["statement", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}/{self.number} is {self.line_id}"


CONSTRAINT_MESSAGES = {
    "statement_file_once_per_sponsor": Text(
        "Berkas rekening koran ini sudah masuk. Buka yang sudah ada.",
        "This statement is in already. Open the one that is there.",
    ),
    "statement_format_known": Text(
        "Format rekening koran tidak dikenal.", "Unknown format of the statement."
    ),
    "statement_counts_every_line": Text(
        "Jumlah baris rekening koran tidak cocok. Tidak ada yang disimpan.",
        "Not every line of the statement is counted. Nothing was stored.",
    ),
    "statement_days_run_forward": Text(
        "Tanggal pertama rekening koran sesudah tanggal terakhirnya.",
        "The first day of the statement is after its last.",
    ),
    "statement_equals_its_lines": Text(
        "Isi rekening koran tidak sama dengan barisnya. Tidak ada yang disimpan.",
        "The statement does not equal its lines. Nothing was stored.",
    ),
    "statement_books_its_lines": Text(
        "Uang masuk rekening koran ini belum dibukukan semuanya. Tidak ada yang disimpan.",
        "Not all money of this statement is booked. Nothing was stored.",
    ),
    "statement_line_counts_once": Text(
        "Baris ini sudah ada di rekening koran lain. Tidak dihitung dua kali.",
        "This line is in another statement already. It does not count twice.",
    ),
    "statement_line_once_in_its_file": Text("Baris ini sudah tercatat.", "This line is recorded already."),
    "statement_line_state_known": Text("Keadaan baris tidak dikenal.", "Unknown state of the line."),
    "statement_line_not_negative": Text("Jumlah baris tidak boleh minus.", "A line cannot be negative."),
    "statement_line_of_whole_rupiah": Text(
        "Baris ini bukan uang masuk dalam rupiah bulat. Baris ini tidak bisa dicocokkan.",
        "This line is no whole rupiah coming in. It cannot be matched.",
    ),
    "statement_line_says_why": Text("Tulis alasannya dulu.", "Write the reason first."),
    "statement_line_step_allowed": Text(
        "Baris ini sudah berubah keadaannya. Muat ulang halaman.",
        "This line stands elsewhere by now. Load the page again.",
    ),
    "statement_line_of_its_sponsors_statement": Text(
        "Baris ini milik rekening koran kota lain.", "This line belongs to another city's statement."
    ),
    "statement_of_its_sponsors_document": Text(
        "Berkas ini milik kota lain.", "This file belongs to another city."
    ),
    "repeated_line_once_in_its_file": Text("Baris ini sudah tercatat.", "This line is recorded already."),
    "repeated_line_of_its_sponsors_statement": Text(
        "Baris ini milik rekening koran kota lain.", "This line belongs to another city's statement."
    ),
    "repeated_line_of_its_sponsors_line": Text(
        "Baris ini milik kota lain.", "This line belongs to another city."
    ),
}
