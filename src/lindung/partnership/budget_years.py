"""What a budget year needs before a month of it may be billed, what is recorded of it, and at whose desk the rest lies."""

from django.db import models
from django.db.models import F, Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.documents.models import Document
from lindung.law.text import Text


class YearPaperKind(models.TextChoices):
    """The papers without which a budget year is not payable."""

    PERWAL = "perwal", "Perwal"
    SK = "sk", "SK"
    PKS = "pks", "PKS"
    DPA = "dpa", "DPA"

    @property
    def said(self) -> Text:
        """What it is, in words."""
        return _KINDS[self]


_KINDS = {
    YearPaperKind.PERWAL: Text(
        "Perwal atau Perbup (dasar hukum)", "Mayor's regulation (Perwal, the legal base)"
    ),
    YearPaperKind.SK: Text("SK dengan daftar nama", "Decree (SK) with the list of names"),
    YearPaperKind.PKS: Text(
        "PKS dengan kantor cabang yang berlaku", "Agreement (PKS) with the branch in force"
    ),
    YearPaperKind.DPA: Text("DPA dengan kode anggaran", "Budget document (DPA) with its budget code"),
}


class Turn(models.TextChoices):
    """Whose desk a paper lies on."""

    PPTK = "pptk", "PPTK"
    PPK_SKPD = "ppk_skpd", "PPK-SKPD"
    TREASURER = "treasurer", "Bendahara pengeluaran"
    KPA = "kpa", "KPA"
    BPKAD = "bpkad", "BPKAD"
    LEGAL = "legal", "Bagian Hukum"
    MAYOR = "mayor", "Wali kota"
    BRANCH = "branch", "Kantor cabang BPJS"

    @property
    def said(self) -> Text:
        """The desk in words."""
        return Text(str(self.label), _DESKS.get(self, str(self.label)))


_DESKS = {
    Turn.TREASURER: "spending treasurer",
    Turn.LEGAL: "legal section",
    Turn.MAYOR: "mayor",
    Turn.BRANCH: "BPJS branch",
}


class YearNeed(models.Model):
    """Which papers a year needs, by the kind of agreement and whose money pays. Filled by the migration.

    Public money needs all four; private money has no Perwal and no DPA; an employer's own contributions are
    owed by law, so that public money needs its budget line only.
    """

    pk = models.CompositePrimaryKey("agreement_kind", "payer", "paper")
    agreement_kind = models.CharField(max_length=10)
    payer = models.CharField(max_length=10)
    paper = models.CharField(max_length=10, choices=YearPaperKind)

    def __str__(self) -> str:
        return f"{self.agreement_kind} paid by {self.payer}: {self.paper}"


class YearPaper(models.Model):
    """A Perwal, SK or DPA recorded for the budget years from ``year`` to ``last_year``, both included.

    Added, never changed; one recorded by mistake is withdrawn, with its reason, and counts no more.
    The PKS is not repeated here: it is a paper of the agreement with a period of its own.
    """

    agreement = models.ForeignKey(
        "partnership.Agreement", db_constraint=False, on_delete=models.PROTECT, related_name="year_papers"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=YearPaperKind)
    year = models.IntegerField()
    last_year = models.IntegerField()
    number = models.CharField(max_length=80)
    signed_on = models.DateField()
    budget_code = models.CharField(
        max_length=80, blank=True, default="", help_text="of a DPA: its budget line"
    )
    document = models.ForeignKey(
        Document, null=True, db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="year_paper_number_once",
                fields=["agreement", "kind", "year", "number"],
                condition=Q(withdrawn_by__isnull=True),
            ),
            models.CheckConstraint(
                name="year_paper_kind_known", condition=Q(kind__in=["perwal", "sk", "dpa"])
            ),
            models.CheckConstraint(
                name="year_paper_years_plausible",
                condition=Q(year__gte=2015, last_year__lte=2100, last_year__gte=F("year")),
            ),
            models.CheckConstraint(
                name="year_paper_of_one_year_only",
                condition=Q(kind="perwal") | Q(last_year=F("year")),
            ),
            models.CheckConstraint(
                name="year_paper_dpa_has_its_code",
                condition=Q(kind="dpa") & ~Q(budget_code="") | ~Q(kind="dpa") & Q(budget_code=""),
            ),
            models.CheckConstraint(
                name="year_paper_withdrawal_whole",
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawn_because="")
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} ({self.year})"


class YearTurn(models.Model):
    """A paper of a year was passed on to somebody's desk; the newest row says where it lies. Append-only."""

    agreement = models.ForeignKey(
        "partnership.Agreement", db_constraint=False, on_delete=models.PROTECT, related_name="year_turns"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=YearPaperKind)
    year = models.IntegerField()
    turn = models.CharField(max_length=10, choices=Turn)
    since = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="year_turn_of_a_known_paper",
                condition=Q(kind__in=YearPaperKind.values, year__gte=2015, year__lte=2100),
            ),
            models.CheckConstraint(name="year_turn_at_a_known_desk", condition=Q(turn__in=Turn.values)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.turn}"


_FOREIGN = Text(
    "Dokumen ini milik kerja sama lain. Mulai dari halaman kerja samanya sendiri.",
    "This paper belongs to another agreement. Start from the page of its own agreement.",
)

CONSTRAINT_MESSAGES = {
    "year_paper_number_once": Text(
        "Dokumen tahun ini dengan nomor itu sudah dicatat.",
        "A paper of this year and number is recorded already.",
    ),
    "year_paper_kind_known": Text("Pilih Perwal, SK atau DPA.", "Choose Perwal, SK or DPA."),
    "year_paper_years_plausible": Text(
        "Tahun harus antara 2015 dan 2100, dan tahun akhir tidak lebih awal dari tahun mulai.",
        "Years lie between 2015 and 2100, and the last is not before the first.",
    ),
    "year_paper_of_one_year_only": Text(
        "SK dan DPA berlaku untuk satu tahun anggaran. Catat satu untuk tiap tahun.",
        "SK and DPA hold for one budget year. Record one for each year.",
    ),
    "year_paper_dpa_has_its_code": Text(
        "Isi kode anggaran DPA; dokumen lain tidak punya kode anggaran.",
        "Give the budget code of the DPA; other papers have none.",
    ),
    "year_paper_withdrawal_whole": Text(
        "Tulis mengapa dokumen ini ditarik.", "Write why this paper is withdrawn."
    ),
    "year_paper_withdrawn_once": Text("Dokumen ini sudah ditarik.", "This paper has been withdrawn already."),
    "year_turn_of_a_known_paper": Text("Dokumen atau tahun tidak dikenal.", "Unknown paper or year."),
    "year_turn_at_a_known_desk": Text("Pilih meja dari daftar.", "Choose the desk from the list."),
    "year_paper_of_its_sponsors_agreement": _FOREIGN,
    "year_paper_document_of_its_sponsor": _FOREIGN,
    "year_turn_of_its_sponsors_agreement": _FOREIGN,
}
