"""Who decides what: for each function, BPJS or this house, by which instrument, since when, agreed by which two."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from lindung.access.models import AuditEvent, User
from lindung.law.text import Text


class Function(models.TextChoices):
    """What somebody has to decide; `FUNCTIONS` in `authority.py` says each in words."""

    MEMBER_NUMBER = "member_number"
    ACTIVE_STATUS = "active_status"
    CONTRIBUTION_CODE = "contribution_code"
    BENEFIT_DETERMINATION = "benefit_determination"
    PAYOUT = "payout"
    JHT_BALANCE = "jht_balance"
    CARE_GUARANTEE = "care_guarantee"


class Decider(models.TextChoices):
    """Where a function is decided; without a word of anybody it is BPJS."""

    BPJS = "bpjs"
    HERE = "here"


class Authority(models.Model):
    """Who decides one function in one period, and the paper that says so; in force once a second person agreed.

    ``since``/``until`` are half-open dates; ``until`` null means open. The database ends a period itself when
    its successor is approved. It also names who proposed, approved and withdrew, for readers who do not see the
    accounts of other houses.
    """

    function = models.CharField(max_length=24)
    decided_by = models.CharField(max_length=4)
    instrument_kind = models.CharField(max_length=80)
    instrument_number = models.CharField(max_length=80)
    instrument_on = models.DateField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")
    proposed_by_name = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="by the database"
    )
    approved_by_name = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="by the database"
    )
    withdrawn_by_name = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="by the database"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="authority_function_known", condition=Q(function__in=Function.values)
            ),
            models.CheckConstraint(
                name="authority_decider_known", condition=Q(decided_by__in=Decider.values)
            ),
            models.CheckConstraint(
                name="authority_names_its_instrument",
                condition=~Q(instrument_kind="") & ~Q(instrument_number=""),
            ),
            models.CheckConstraint(
                name="authority_period_runs_forward",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
            models.CheckConstraint(
                name="authority_approved_by_a_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="authority_approval_whole",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="authority_withdrawal_whole",
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False, approved_by__isnull=True),
            ),
            ExclusionConstraint(
                name="authority_one_at_a_time",
                expressions=[
                    ("function", RangeOperators.EQUAL),
                    (
                        Func(
                            F("since"),
                            F("until"),
                            RangeBoundary(),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(approved_by__isnull=False),
            ),
            # One instrument is one paper, however many functions it gives.
            ExclusionConstraint(
                name="authority_instrument_has_one_date",
                expressions=[
                    ("instrument_kind", RangeOperators.EQUAL),
                    ("instrument_number", RangeOperators.EQUAL),
                    ("instrument_on", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(withdrawn_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function}: {self.decided_by} since {self.since}"


CONSTRAINT_MESSAGES = {
    "authority_function_known": Text("Pilih kewenangan dari daftar.", "Choose the authority from the list."),
    "authority_decider_known": Text("Pilih siapa yang menetapkan.", "Choose who decides."),
    "authority_names_its_instrument": Text(
        "Tulis jenis dan nomor surat yang memberi kewenangan ini.",
        "Write the kind and the number of the instrument that grants this.",
    ),
    "authority_period_runs_forward": Text(
        "Tanggal akhir harus sesudah tanggal mulai.", "The end date must come after the start date."
    ),
    "authority_approved_by_a_second_person": Text(
        "Kewenangan disetujui orang kedua, bukan pengusulnya. Minta administrator lain.",
        "A second person approves, not the one who proposed. Ask another administrator.",
    ),
    "authority_approval_whole": Text(
        "Persetujuan tidak lengkap. Setujui sekali lagi.", "The approval is incomplete. Approve again."
    ),
    "authority_withdrawal_whole": Text(
        "Usul ini sudah disetujui, jadi tidak bisa ditarik. Usulkan perubahan baru.",
        "This is approved already and cannot be withdrawn. Propose a change instead.",
    ),
    "authority_given_by_bpjs": Text(
        "Kewenangan ini dilepas oleh BPJS Ketenagakerjaan. Minta administrator BPJS yang menyetujuinya.",
        "BPJS Ketenagakerjaan gives this authority away. Ask an administrator of BPJS to approve it.",
    ),
    "authority_instrument_signed_by_then": Text(
        "Tanggal surat tidak boleh sesudah hari ini. Catat surat sesudah ditandatangani.",
        "The instrument cannot be dated after today. Record it once it is signed.",
    ),
    "authority_begins_with_its_instrument": Text(
        "Kewenangan tidak bisa berlaku sebelum tanggal suratnya. Pilih tanggal surat itu atau sesudahnya.",
        "An authority cannot hold before the date of its instrument. Choose that date or a later one.",
    ),
    "authority_instrument_has_one_date": Text(
        "Surat dengan nomor ini sudah tercatat dengan tanggal lain. Samakan tanggalnya, atau periksa nomornya.",
        "An instrument of this number is recorded with another date. Use the same date, or check the number.",
    ),
    "authority_one_at_a_time": Text(
        "Sudah ada ketetapan lain untuk masa itu. Pilih tanggal mulai sesudah ketetapan yang berlaku.",
        "Another decision holds in that period. Choose a start after the one in force.",
    ),
}
