"""What is stored of the branch's own list behind a kode iuran: each file once for what came of it, each line of it.

Rows are added by an import alone, never changed: a later list of the same code stands beside the earlier one, and the
newest holds.
"""

from django.db import models
from django.db.models import F, Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.contributions.branch_records import ContributionCode
from lindung.documents.models import Document
from lindung.law.text import Text
from lindung.partnership.models import Agreement
from lindung.people.models import Person


class LineOutcome(models.TextChoices):
    """What became of a line of the branch's list."""

    RECOGNISED = "recognised"
    PROPOSED = "proposed"
    UNKNOWN = "unknown"
    FAULTY = "faulty"
    TOTAL = "total"


class FoundBy(models.TextChoices):
    """By what a line's person was found; by name and birth date he is only proposed."""

    NIK = "nik"
    KPJ = "kpj"
    NAME = "name"


class CodeList(models.Model):
    """The people behind a kode iuran as the branch lists them, and how many of its lines found somebody.

    `result` is the digest of the file and of who was found: the same file is the same list until other people are found
    in it.
    """

    agreement = models.ForeignKey(Agreement, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    month = models.DateField()
    word = models.ForeignKey(
        ContributionCode, db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=40)
    document = models.ForeignKey(Document, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    result = models.CharField(max_length=64)
    said_on = models.DateField(help_text="date of the list, as the letter or file states it")
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    lines = models.IntegerField()
    recognised = models.IntegerField()
    proposed = models.IntegerField(help_text="lines whose name and birth date fit one person of the bill")
    unknown = models.IntegerField(help_text="lines that name nobody we know")
    faulty = models.IntegerField(help_text="lines that cannot be read")
    totals = models.IntegerField(help_text="lines that sum up the others")
    damaged = models.IntegerField(help_text="lines whose NIK lost digits in a spreadsheet")
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="code_list_once", fields=["agreement", "month", "code", "result"]),
            models.CheckConstraint(name="code_list_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="code_list_loses_no_line",
                condition=Q(
                    lines=F("recognised") + F("proposed") + F("unknown") + F("faulty") + F("totals"),
                    recognised__gte=0,
                    proposed__gte=0,
                    unknown__gte=0,
                    faulty__gte=0,
                    totals__gte=0,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.month}: {self.lines} lines"


class CodeLine(models.Model):
    """One line of the branch's list; what it says of a person is sealed and bound to list and place.

    `place` counts the lines of the file from 1, `number` is the line in its sheet as the officer sees it. `amount` is
    whole rupiah, null where the list does not say it.
    """

    pk = models.CompositePrimaryKey("code_list_id", "place")
    code_list = models.ForeignKey(
        CodeList, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    place = models.IntegerField()
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    sheet = models.CharField(max_length=60, blank=True)
    number = models.IntegerField()
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=40, blank=True, help_text="a stable code of REASONS")
    found_by = models.CharField(max_length=4, blank=True)
    person = models.ForeignKey(
        Person, null=True, db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )
    amount = models.BigIntegerField(null=True)
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="code_line_says_who_or_why",
                condition=Q(
                    outcome="recognised", person__isnull=False, found_by__in=["nik", "kpj"], reason=""
                )
                | Q(outcome="proposed", person__isnull=False, found_by="name") & ~Q(reason="")
                | Q(outcome__in=["unknown", "faulty"], person__isnull=True, found_by="") & ~Q(reason="")
                | Q(outcome="total", person__isnull=True, found_by="", reason=""),
            ),
            models.CheckConstraint(name="code_line_amount_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"list {self.code_list_id} line {self.number}"


_FILE = Text(
    "Berkasnya bukan daftar kota dan kode iuran ini. Pilih berkas yang benar.",
    "This is not a list of that city and kode iuran. Choose the right file.",
)
_LOST = Text(
    "Jumlah baris tidak sama dengan hasilnya. Tidak ada yang disimpan; masukkan berkasnya lagi.",
    "The lines do not add up to what came of them. Nothing was stored; bring the file in again.",
)
CONSTRAINT_MESSAGES = {
    "code_list_once": Text(
        "Daftar ini sudah masuk. Buka hasilnya.", "This list is in already. Open its result."
    ),
    "code_list_month_is_a_first_day": Text("Bulan iuran harus tanggal 1.", "A month is its first day."),
    "code_list_loses_no_line": _LOST,
    "code_list_has_all_its_lines": _LOST,
    "code_list_of_its_file": _FILE,
    "code_list_of_its_code": _FILE,
    "code_list_of_its_sponsors_agreement": _FILE,
    "code_line_of_its_list": _FILE,
    "code_line_of_its_sponsors_person": Text(
        "Orang ini bukan peserta kota itu. Periksa NIK-nya.", "This person is not the city's. Check the NIK."
    ),
    "code_line_says_who_or_why": Text(
        "Baris harus menyebut orangnya atau alasannya.", "A line says whom it found, or why nobody."
    ),
    "code_line_amount_not_negative": Text("Iuran tidak boleh minus.", "A contribution cannot be negative."),
}
