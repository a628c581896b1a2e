"""What stands beside a bill: the steps it may take, what is charged on it, and the monthly runs that drew it."""

from django.db import models
from django.db.models import Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.law.text import Text
from lindung.partnership.models import Agreement


class BillStep(models.Model):
    """One step that the database allows a bill; every other is refused. Filled by the migration, changed by nobody.

    A bill that is drawn takes the step from nothing ('') to its first status.
    """

    pk = models.CompositePrimaryKey("before", "after")
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"


class ChargeKind(models.TextChoices):
    """What a bill asks for beside its lines."""

    FINE = "fine", "Denda"
    SHORTFALL = "shortfall", "Kekurangan"

    @property
    def text(self) -> Text:
        """The kind in both languages."""
        return _KINDS[self]


_KINDS = {
    ChargeKind.FINE: Text("Denda keterlambatan", "Late fine"),
    ChargeKind.SHORTFALL: Text("Kekurangan bulan lalu", "Shortfall of an earlier month"),
}


class BillCharge(models.Model):
    """A fine for an earlier bill paid late, or what an earlier bill still lacks; whole rupiah, never changed.

    ``released`` is set by the database alone, when the bill it stands on is cancelled or superseded: then another
    bill may carry it. ``decision`` is the law's answer as canonical JSON (`Decision.from_json`).
    """

    bill = models.ForeignKey(
        "contributions.Bill", db_constraint=False, on_delete=models.PROTECT, related_name="charges"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ChargeKind)
    amount = models.BigIntegerField()
    from_bill = models.ForeignKey(
        "contributions.Bill", null=True, db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.TextField(default="")
    released = models.BooleanField(default=False, db_default=False)
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="charge_once_per_bill", fields=["from_bill", "kind"], condition=Q(released=False)
            ),
            models.CheckConstraint(name="charge_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="charge_kind_known", condition=Q(kind__in=ChargeKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} Rp{self.amount}"


class BillRun(models.Model):
    """The bills of a month for every agreement of a city, drawn one by one; started by an officer."""

    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    as_draft = models.BooleanField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="bill_run_once_per_month", fields=["sponsor", "month"]),
            models.CheckConstraint(name="bill_run_month_is_a_first_day", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"run of {self.month}"


class RunState(models.TextChoices):
    """How far a run is with one agreement."""

    WAITING = "waiting", "Menunggu"
    DONE = "done", "Selesai"
    REFUSED = "refused", "Tidak bisa"


class BillRunRow(models.Model):
    """One agreement of a run: waiting, drawn as a bill, or refused with the reason in both languages.

    Where people pay for themselves each has a bill of its own: ``own_people`` and ``own_total`` (whole rupiah) count them.
    """

    run = models.ForeignKey(BillRun, db_constraint=False, on_delete=models.PROTECT, related_name="rows")
    agreement = models.ForeignKey(Agreement, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    bill = models.ForeignKey(
        "contributions.Bill", null=True, db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )
    own_people = models.IntegerField(null=True)
    own_total = models.BigIntegerField(null=True)
    code = models.CharField(max_length=80, default="")
    reason_id = models.TextField(default="")
    reason_en = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="bill_run_names_an_agreement_once", fields=["run", "agreement"]),
            models.CheckConstraint(
                name="bill_run_row_says_its_end",
                condition=Q(
                    state="waiting",
                    bill__isnull=True,
                    own_people__isnull=True,
                    own_total__isnull=True,
                    code="",
                )
                | Q(
                    state="done",
                    bill__isnull=False,
                    own_people__isnull=True,
                    own_total__isnull=True,
                    code="",
                )
                | Q(
                    state="done",
                    bill__isnull=True,
                    own_people__isnull=False,
                    own_people__gte=0,
                    own_total__isnull=False,
                    own_total__gte=0,
                    code="",
                )
                | (
                    Q(
                        state="refused",
                        bill__isnull=True,
                        own_people__isnull=True,
                        own_total__isnull=True,
                    )
                    & ~Q(code="")
                    & ~Q(reason_id="")
                    & ~Q(reason_en="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.state}"

    @property
    def reason(self) -> Text:
        """Why the agreement's bill was not drawn."""
        return Text(self.reason_id, self.reason_en)


_OTHER_CITY = Text(
    "Data ini milik kerja sama lain. Mulai dari halaman tagihannya sendiri.",
    "This belongs to another agreement. Start from the page of its own bill.",
)
CONSTRAINT_MESSAGES = {
    "bill_superseded_by_another": Text(
        "Tagihan yang digantikan harus menunjuk tagihan penggantinya.",
        "A superseded bill has to name the one that took its place.",
    ),
    "bill_superseded_within_its_purse": Text(
        "Tagihan hanya digantikan tagihan lain untuk kerja sama, orang dan bulan yang sama.",
        "A bill is only superseded by another one of the same agreement, person and month.",
    ),
    "charge_once_per_bill": Text(
        "Denda atau kekurangan tagihan itu sudah ditagih. Buka tagihan yang memuatnya.",
        "That fine or shortfall is charged already. Open the bill that carries it.",
    ),
    "charge_is_positive": Text("Jumlah harus lebih dari nol.", "The amount must be more than zero."),
    "charge_kind_known": Text("Jenis tambahan tagihan tidak dikenal.", "Unknown kind of charge."),
    "charge_of_its_sponsors_bill": _OTHER_CITY,
    "charge_from_its_sponsors_bill": _OTHER_CITY,
    "charge_from_its_own_purse": Text(
        "Denda atau kekurangan hanya berasal dari tagihan bulan lain pada kerja sama dan orang yang sama.",
        "A fine or shortfall comes only from another month's bill of the same agreement and person.",
    ),
    "bill_run_once_per_month": Text(
        "Tagihan bulan itu sudah pernah disusun sekaligus. Buka halaman susunannya.",
        "A run of that month is there already. Open its page.",
    ),
    "bill_run_month_is_a_first_day": Text("Bulan iuran harus tanggal 1.", "A month is its first day."),
    "bill_run_names_an_agreement_once": Text(
        "Kerja sama ini sudah ada dalam susunan bulan itu.", "This agreement is in the run already."
    ),
    "bill_run_row_says_its_end": Text(
        "Hasil penyusunan tidak lengkap. Coba lagi.", "The result of the run is incomplete. Try again."
    ),
    "bill_run_row_of_its_sponsors_run": _OTHER_CITY,
    "bill_run_row_of_its_sponsors_agreement": _OTHER_CITY,
    "bill_run_row_of_its_sponsors_bill": _OTHER_CITY,
}
