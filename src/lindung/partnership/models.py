"""Agreements, the papers that make them, the segments they cover and the budgets that pay for them."""

import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from lindung.access.models import AuditEvent, Organisation, User
from lindung.documents.models import Document
from lindung.law.text import Text
from lindung.partnership import budget_years, deciders, paper_dates, paper_trail, states

# Django looks for all tables of a room here.
from lindung.partnership.budget_years import YearNeed as YearNeed
from lindung.partnership.budget_years import YearPaper as YearPaper
from lindung.partnership.budget_years import YearTurn as YearTurn
from lindung.partnership.paper_trail import Amendment as Amendment
from lindung.partnership.paper_trail import Signatory as Signatory
from lindung.partnership.states import AgreementChange as AgreementChange
from lindung.partnership.states import AgreementState as AgreementState
from lindung.partnership.states import AgreementStep as AgreementStep


class PayerKind(models.TextChoices):
    """Whose money pays the contribution; decides which reliefs apply (PP 50/2025)."""

    APBD = "apbd", "APBD"
    APBN = "apbn", "APBN"
    VILLAGE = "village", "Dana desa"
    BAZNAS = "baznas", "Baznas"
    CSR = "csr", "CSR perusahaan"
    EMPLOYER = "employer", "Pemberi kerja"
    SELF = "self", "Peserta sendiri"
    OTHER = "other", "Lainnya"


class ArrearsBearer(models.TextChoices):
    """Who settles unpaid months according to the PKS; the law names only participant and heirs."""

    SPONSOR = "sponsor", "Pemerintah daerah"
    PARTICIPANT = "participant", "Peserta atau ahli waris"
    UNSAID = "unsaid", "Belum diatur dalam PKS"


class SourceOrigin(models.TextChoices):
    """Where the money of a source comes from, in the words of the budget; each is one kind of payer to the law."""

    APBD = "apbd", "APBD"
    DBH_PALM = "dbh_sawit", "DBH sawit"
    DBH_TOBACCO = "dbhcht", "DBHCHT (cukai tembakau)"
    APBN = "apbn", "APBN"
    VILLAGE = "village", "Dana desa"
    BKBK = "bkbk", "BKBK (bantuan keuangan untuk desa)"
    BAZNAS = "baznas", "Baznas"
    CSR = "csr", "CSR perusahaan"
    SERTAKAN = "sertakan", "SERTAKAN (dibayar ASN atau pegawai)"
    OTHER = "other", "Lainnya"

    @property
    def said(self) -> Text:
        """The origin in words."""
        return Text(str(self.label), _ORIGINS.get(self, str(self.label)))

    @property
    def payer(self) -> PayerKind:
        """Whose money it is to the law: revenue shares are APBD money, BKBK is village money."""
        return _PAYERS[self]


_ORIGINS = {
    SourceOrigin.DBH_PALM: "DBH sawit (share of palm oil revenue)",
    SourceOrigin.DBH_TOBACCO: "DBHCHT (share of tobacco excise)",
    SourceOrigin.VILLAGE: "Village funds",
    SourceOrigin.BKBK: "BKBK (financial aid for villages)",
    SourceOrigin.CSR: "CSR of a company",
    SourceOrigin.SERTAKAN: "SERTAKAN (paid by civil servants or staff)",
    SourceOrigin.OTHER: "Other",
}
_PAYERS = {
    SourceOrigin.APBD: PayerKind.APBD,
    SourceOrigin.DBH_PALM: PayerKind.APBD,
    SourceOrigin.DBH_TOBACCO: PayerKind.APBD,
    SourceOrigin.APBN: PayerKind.APBN,
    SourceOrigin.VILLAGE: PayerKind.VILLAGE,
    SourceOrigin.BKBK: PayerKind.VILLAGE,
    SourceOrigin.BAZNAS: PayerKind.BAZNAS,
    SourceOrigin.CSR: PayerKind.CSR,
    SourceOrigin.SERTAKAN: PayerKind.OTHER,
    SourceOrigin.OTHER: PayerKind.OTHER,
}


class FundingSource(models.Model):
    """A pot of money of one sponsor, such as its APBD. ``origin`` is null where only the payer is known."""

    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PayerKind)
    name = models.CharField(max_length=120)
    origin = models.CharField(max_length=10, choices=SourceOrigin, null=True)  # noqa: DJ001 - null is "not said"

    class Meta:
        constraints = [
            models.UniqueConstraint(name="funding_source_named_once", fields=["sponsor", "name"]),
            models.CheckConstraint(name="funding_source_kind_known", condition=Q(kind__in=PayerKind.values)),
            models.CheckConstraint(
                name="funding_source_origin_is_its_payers",
                condition=Q(origin__isnull=True)
                | Q(kind="apbd", origin__in=["apbd", "dbh_sawit", "dbhcht"])
                | Q(kind="apbn", origin="apbn")
                | Q(kind="village", origin__in=["village", "bkbk"])
                | Q(kind="baznas", origin="baznas")
                | Q(kind="csr", origin="csr")
                | Q(kind="other", origin__in=["sertakan", "other"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgreementKind(models.TextChoices):
    """What stands behind an agreement: a sponsor who pays for others, an employer for its own workers, or a group
    (wadah) whose people each pay for themselves (PP 44/2015 Pasal 11)."""

    SPONSORED = "sponsored", "Bukan penerima upah, dibayar pemerintah daerah"
    EMPLOYER = "employer", "Penerima upah, didaftarkan pemberi kerja"
    INDEPENDENT = "independent", "Peserta mandiri, lewat wadah"


class Agreement(models.Model):
    """One office's promise to pay for a list of workers: its PKS, with or without an MoU above it.

    It begins as a draft, which may be rewritten (``revision`` counts how often); once submitted it changes by
    steps (``AgreementChange``) and addenda (``Amendment``) alone.

    ``since``/``until`` are half-open dates; ``until`` null means open. ``monthly_income`` null is the lowest
    BPU band. Programmes are ``jkk``, ``jkm``, ``jht``.
    """

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=160)
    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    paying_office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    funding_source = models.ForeignKey(
        FundingSource, db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )
    programmes = ArrayField(models.CharField(max_length=3))
    monthly_income = models.BigIntegerField(null=True, blank=True)
    arrears_borne_by = models.CharField(max_length=12, choices=ArrearsBearer, default=ArrearsBearer.UNSAID)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    kind = models.CharField(
        max_length=12,
        choices=AgreementKind,
        default=AgreementKind.SPONSORED,
        db_default=AgreementKind.SPONSORED,
    )
    state = models.CharField(
        max_length=10, choices=AgreementState, default=AgreementState.DRAFT, db_default=AgreementState.DRAFT
    )
    revision = models.IntegerField(default=1, db_default=1)
    drafted_by = models.ForeignKey(
        User,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="by the database",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agreement_state_known", condition=Q(state__in=AgreementState.values)
            ),
            models.CheckConstraint(
                name="agreement_over_has_an_end",
                condition=~Q(state__in=["ended", "terminated"]) | Q(until__isnull=False),
            ),
            models.CheckConstraint(name="agreement_kind_known", condition=Q(kind__in=AgreementKind.values)),
            models.CheckConstraint(
                name="agreement_period_runs_forward",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
            models.CheckConstraint(
                name="agreement_has_known_programmes",
                condition=Q(programmes__contained_by=["jkk", "jkm", "jht"]) & Q(programmes__contains=["jkk"]),
            ),
            models.CheckConstraint(
                name="agreement_income_not_negative",
                condition=Q(monthly_income__isnull=True) | Q(monthly_income__gte=0),
            ),
            models.CheckConstraint(
                name="agreement_arrears_bearer_known", condition=Q(arrears_borne_by__in=ArrearsBearer.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def covers(self, day: datetime.date) -> bool:
        """Whether the day lies in the agreement's period."""
        return self.since <= day and (self.until is None or day < self.until)


class PaperKind(models.TextChoices):
    """What a signed paper is."""

    MOU = "mou", "Nota kesepahaman (MoU)"
    PKS = "pks", "Perjanjian kerja sama (PKS)"
    SK = "sk", "Surat keputusan (SK)"
    ADDENDUM = "addendum", "Adendum"


class Paper(models.Model):
    """A signed paper behind an agreement: its number, place, date, the two parties, its file and its period.

    A PKS may be older than its MoU, or have none. An MoU that several agreements share stands once in the story
    of each, under one number, date and file: rows of a story are never moved or rewritten. ``since`` null is the
    day of signing, ``until`` null is open; half-open.
    """

    agreement = models.ForeignKey(
        Agreement, db_constraint=False, on_delete=models.PROTECT, related_name="papers"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PaperKind)
    number = models.CharField(max_length=80)
    signed_at = models.CharField(max_length=80, help_text="place of signing")
    signed_on = models.DateField()
    first_party = models.CharField(max_length=160)
    second_party = models.CharField(
        max_length=160, blank=True, help_text="empty for an SK: one party decides"
    )
    recorded_on = models.DateField(null=True, help_text="null: before this was kept")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    document = models.ForeignKey(
        Document, null=True, db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="paper_period_runs_forward",
                condition=Q(until__isnull=True) | Q(until__gt=Coalesce("since", "signed_on")),
            ),
            # One MoU is one paper, however many agreements tell of it.
            ExclusionConstraint(
                name="mou_number_has_one_date",
                expressions=[
                    ("sponsor", RangeOperators.EQUAL),
                    ("number", RangeOperators.EQUAL),
                    ("signed_on", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(kind="mou"),
            ),
            models.UniqueConstraint(name="paper_number_once", fields=["agreement", "kind", "number"]),
            models.CheckConstraint(name="paper_kind_known", condition=Q(kind__in=PaperKind.values)),
            models.CheckConstraint(
                name="paper_of_two_parties_names_both", condition=Q(kind="sk") | ~Q(second_party="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Segment(models.Model):
    """A group of workers an agreement covers, with its quota and the work they do when the list is silent."""

    agreement = models.ForeignKey(
        Agreement, db_constraint=False, on_delete=models.PROTECT, related_name="segments"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    occupation = models.CharField(max_length=80, help_text="used when a row names no occupation")
    quota = models.IntegerField()
    funding_source = models.ForeignKey(
        FundingSource,
        null=True,
        db_constraint=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="whose money pays these workers; null: the agreement's own source",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="segment_once_per_agreement", fields=["agreement", "code"]),
            models.CheckConstraint(name="segment_quota_not_negative", condition=Q(quota__gte=0)),
        ]

    def __str__(self) -> str:
        return self.label


class Budget(models.Model):
    """Whole rupiah set aside for one agreement in one budget year from one source.

    The first row is the budget; each further one (``raises``) changes it, a cut by an amount below zero, and names
    the paper that does, such as the DPPA. A row recorded by mistake is withdrawn, with its reason, and counts no
    more. What counts is the sum of the others.
    """

    agreement = models.ForeignKey(
        Agreement, db_constraint=False, on_delete=models.PROTECT, related_name="budgets"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    funding_source = models.ForeignKey(
        FundingSource, db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )
    year = models.IntegerField()
    amount = models.BigIntegerField()
    raises = models.BooleanField(default=False, db_default=False)
    number = models.CharField(max_length=80, blank=True, default="", db_default="")
    signed_on = models.DateField(null=True)
    event = models.ForeignKey(AuditEvent, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=400, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="budget_once_per_year",
                fields=["agreement", "funding_source", "year"],
                condition=Q(raises=False, withdrawn_by__isnull=True),
            ),
            models.UniqueConstraint(
                name="budget_raised_once_by_a_paper",
                fields=["agreement", "funding_source", "year", "number"],
                condition=Q(raises=True, withdrawn_by__isnull=True),
            ),
            models.CheckConstraint(
                name="budget_raise_names_its_paper",
                condition=Q(raises=False) | ~Q(number="") & Q(signed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="budget_is_positive", condition=Q(amount__gt=0) | Q(raises=True, amount__lt=0)
            ),
            models.CheckConstraint(
                name="budget_withdrawal_whole",
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawn_because="")
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_because=""),
            ),
            models.CheckConstraint(name="budget_year_plausible", condition=Q(year__gte=2015, year__lte=2100)),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.year}"


CONSTRAINT_MESSAGES = {
    "partnership_agreement_code_key": Text(
        "Kode kerja sama ini sudah dipakai. Pilih kode lain.",
        "This agreement code is taken. Choose another.",
    ),
    "agreement_kind_known": Text("Jenis kerja sama tidak dikenal.", "Unknown kind of agreement."),
    "agreement_period_runs_forward": Text(
        "Tanggal akhir harus sesudah tanggal mulai.", "The end date must come after the start date."
    ),
    "agreement_has_known_programmes": Text(
        "Pilih program JKK, JKM, JHT; JKK wajib ada.", "Choose among JKK, JKM, JHT; JKK is required."
    ),
    "agreement_income_not_negative": Text("Penghasilan tidak boleh minus.", "Income cannot be negative."),
    "agreement_arrears_bearer_known": Text(
        "Pilih siapa yang menanggung tunggakan.", "Choose who bears arrears."
    ),
    "funding_source_named_once": Text(
        "Sumber dana dengan nama ini sudah ada.", "A funding source of this name exists already."
    ),
    "funding_source_origin_is_its_payers": Text(
        "Asal dana ini tidak cocok dengan jenis pembayarnya. Pilih asal dana dari daftar.",
        "This origin does not fit the kind of payer. Choose the origin from the list.",
    ),
    "funding_source_kind_known": Text("Pilih jenis sumber dana.", "Choose the kind of funding source."),
    "paper_number_once": Text("Nomor surat ini sudah dicatat.", "This paper number is recorded already."),
    "paper_kind_known": Text("Pilih jenis surat: MoU, PKS, SK, adendum.", "Choose MoU, PKS, SK or addendum."),
    "paper_of_two_parties_names_both": Text(
        "Isi kedua pihak yang menandatangani.", "Name both parties who signed."
    ),
    "segment_once_per_agreement": Text(
        "Segmen ini sudah ada dalam kerja sama.", "The agreement has this segment already."
    ),
    "segment_quota_not_negative": Text("Kuota tidak boleh minus.", "A quota cannot be negative."),
    "budget_once_per_year": Text(
        "Anggaran tahun ini dari sumber ini sudah dicatat. Pilih tambahan atau pengurangan, atau tarik yang salah catat.",
        "The budget of this year from this source is recorded already. Choose a raise or a cut, or withdraw the wrong "
        "one.",
    ),
    "budget_raised_once_by_a_paper": Text(
        "Perubahan anggaran dengan nomor ini sudah dicatat.",
        "A change of the budget under this number is recorded already.",
    ),
    "budget_raise_names_its_paper": Text(
        "Sebut nomor dan tanggal dokumen yang mengubah anggaran, misalnya DPPA.",
        "Name the number and date of the paper that changes the budget, such as the DPPA.",
    ),
    "budget_raise_follows_a_budget": Text(
        "Tambahan atau pengurangan perlu anggaran tahun itu. Catat anggarannya dulu, atau tarik perubahannya dulu.",
        "A raise or a cut needs a budget of that year. Record the budget first, or withdraw its changes first.",
    ),
    "budget_is_positive": Text("Anggaran harus lebih dari nol.", "A budget must be more than zero."),
    "budget_not_below_zero": Text(
        "Pengurangan ini lebih besar daripada anggaran yang tersisa. Kurangi lebih sedikit.",
        "This cut is larger than the budget that is left. Cut less.",
    ),
    "budget_withdrawal_whole": Text(
        "Sebut alasan menarik catatan anggaran ini.", "Say why this record of a budget is withdrawn."
    ),
    "budget_withdrawn_once": Text(
        "Catatan anggaran tidak diubah; yang salah ditarik sekali saja.",
        "A record of a budget is not changed; a wrong one is withdrawn, once.",
    ),
    "independent_agreement_pays_itself": Text(
        "Peserta mandiri membayar sendiri: sumber dananya Peserta sendiri, juga di tiap segmen.",
        "Independent members pay for themselves: the source is the participants, in each segment too.",
    ),
    "budget_year_plausible": Text("Tahun anggaran di luar 2015–2100.", "Budget year outside 2015–2100."),
}

# The foreign keys that take several columns together: a row can only belong where all of them agree.
_FOREIGN = Text(
    "Data ini milik kerja sama atau orang lain. Mulai dari halaman kerja samanya sendiri.",
    "This belongs to another agreement or person. Start from the page of its own agreement.",
)
CONSTRAINT_MESSAGES |= dict.fromkeys(
    (
        "agreement_paid_by_its_sponsors_source",
        "paper_of_its_sponsors_agreement",
        "segment_of_its_sponsors_agreement",
        "segment_paid_by_its_sponsors_source",
        "budget_of_its_sponsors_agreement",
        "budget_from_its_sponsors_source",
    ),
    _FOREIGN,
)
CONSTRAINT_MESSAGES |= deciders.CONSTRAINT_MESSAGES | paper_dates.CONSTRAINT_MESSAGES
CONSTRAINT_MESSAGES |= (
    states.CONSTRAINT_MESSAGES | budget_years.CONSTRAINT_MESSAGES | paper_trail.CONSTRAINT_MESSAGES
)
