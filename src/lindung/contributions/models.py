"""Tariff decisions, bills and their lines, payments, and the paid month, which is the atom of cover."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.contributions import (
    bill_records,
    branch_records,
    code_list_records,
    matching_records,
    money_records,
    run_records,
    statement_records,
)
from lindung.law.text import Text
from lindung.ledger.models import Instruction
from lindung.membership.models import Membership, Work
from lindung.partnership.models import Agreement
from lindung.people.models import Person


class Programme(models.TextChoices):
    """The three programmes a sponsor can pay for."""

    JKK = "jkk", "JKK"
    JKM = "jkm", "JKM"
    JHT = "jht", "JHT"


class TariffDecision(models.Model):
    """One decision of the law about one set of facts, stored whole; bill lines point at it."""

    digest = models.CharField(max_length=64, unique=True)
    month = models.DateField()
    total = models.BigIntegerField()
    decision = models.TextField(help_text="canonical JSON, to be read by Decision.from_json")

    class Meta:
        constraints = [
            models.CheckConstraint(name="tariff_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="tariff_not_negative", condition=Q(total__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.month} Rp{self.total}"


class TariffAmount(models.Model):
    """What a tariff decision asks for one programme; the amounts of a decision sum to its total."""

    pk = models.CompositePrimaryKey("tariff_id", "programme")
    tariff = models.ForeignKey(TariffDecision, on_delete=models.PROTECT, related_name="amounts")
    programme = models.CharField(max_length=3, choices=Programme)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tariff_programme_known", condition=Q(programme__in=Programme.values)
            ),
            models.CheckConstraint(name="tariff_amount_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.programme} Rp{self.amount}"


class BillStatus(models.TextChoices):
    """The life of a bill; the database knows which step may follow which (`bill_records.BillStep`)."""

    DRAFT = "draft", "Draf"
    FINAL = "final", "Final"
    PAID = "paid", "Lunas"
    CANCELLED = "cancelled", "Dibatalkan"
    SUPERSEDED = "superseded", "Digantikan"


ASKED = (BillStatus.FINAL, BillStatus.PAID)
"""What is asked for: a draft is not yet, a cancelled or superseded bill no longer."""
OVER = (BillStatus.CANCELLED, BillStatus.SUPERSEDED)
"""Bills that leave their month to another one."""


class Bill(models.Model):
    """What one agreement owes for one month, in whole rupiah."""

    agreement = models.ForeignKey(
        Agreement, db_constraint=False, on_delete=models.PROTECT, related_name="bills"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(
        Membership,
        null=True,
        db_constraint=False,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="own_bills",
        help_text="whose own bill it is; null where the agreement's sponsor or employer pays",
    )
    month = models.DateField()
    status = models.CharField(max_length=10, choices=BillStatus, default=BillStatus.FINAL)
    people = models.IntegerField()
    total = models.BigIntegerField(help_text="its lines and its charges together")
    due_on = models.DateField()
    superseded_by = models.ForeignKey(
        "self",
        null=True,
        db_constraint=False,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the bill of the same purse and month that took its place",
    )
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="bill_once_per_agreement_month",
                fields=["agreement", "month", "membership"],
                condition=~Q(status__in=["cancelled", "superseded"]),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="bill_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="bill_asks_for_something", condition=Q(total__gt=0, people__gt=0)),
            models.CheckConstraint(name="bill_status_known", condition=Q(status__in=BillStatus.values)),
            models.CheckConstraint(
                name="bill_superseded_by_another",
                condition=Q(status="superseded", superseded_by__isnull=False)
                | (~Q(status="superseded") & Q(superseded_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"bill {self.pk} of {self.month}"


class BillLine(models.Model):
    """One worker's contribution in a bill; immutable, and worth exactly what its tariff decision says.

    Partitioned by month (made in SQL); nothing points at it.
    """

    pk = models.CompositePrimaryKey("month", "bill_id", "work_id")
    month = models.DateField()
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    tariff = models.ForeignKey(TariffDecision, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.bill_id}/{self.work_id} Rp{self.amount}"


class PaymentSource(models.TextChoices):
    """How money came."""

    SP2D = "sp2d", "SP2D"
    RECEIPT = "receipt", "Bukti setor"
    BANK = "bank", "Rekening koran"


def number_of_paper(source: str, number: str) -> str:
    """What people read as a paper's number; a bank line has none but the digest of the line, of which a part will do."""
    return number[:8] if source == PaymentSource.BANK else number


class Payment(models.Model):
    """Money that came for a purse: recorded by one person, confirmed by another, and held until it settles bills.

    What came by a bank line is confirmed by the statement, and recorded by whoever said whose it is. A payment that
    is not confirmed may be rejected; one that is confirmed may be reversed, asked by one person and done by another.
    """

    agreement = models.ForeignKey(
        Agreement, db_constraint=False, on_delete=models.PROTECT, related_name="payments"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(
        Membership,
        null=True,
        db_constraint=False,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="own_payments",
        help_text="whose own payment it is; null where the agreement's sponsor or employer pays",
    )
    bill = models.ForeignKey(
        Bill,
        null=True,
        db_constraint=False,
        on_delete=models.PROTECT,
        related_name="payments",
        help_text="the bill the order is for; null when the money came without saying",
    )
    more_bills = ArrayField(
        models.BigIntegerField(), default=list, help_text="further bills the order is for, beside `bill`"
    )
    source = models.CharField(max_length=10, choices=PaymentSource, default=PaymentSource.SP2D)
    order_number = models.CharField(max_length=80, help_text="number of the SP2D, receipt or bank line")
    ordered_on = models.DateField(help_text="date of the SP2D, or the day the money came")
    amount = models.BigIntegerField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    rejected_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    rejected_at = models.DateTimeField(null=True)
    rejection_reason = models.TextField(default="")
    reversal_asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reversal_asked_at = models.DateTimeField(null=True)
    reversal_reason = models.TextField(default="")
    reversed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reversed_at = models.DateTimeField(null=True)
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="payment_order_once_per_sponsor",
                fields=["sponsor", "source", "order_number"],
                condition=Q(rejected_at__isnull=True),
            ),
            models.CheckConstraint(name="payment_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payment_source_known", condition=Q(source__in=PaymentSource.values)),
            models.CheckConstraint(
                name="payment_confirmed_by_a_second_person",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
            ),
            models.CheckConstraint(
                name="payment_confirmation_whole",
                condition=~Q(source="bank")
                & (
                    Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                    | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                )
                | Q(source="bank", confirmed_by__isnull=True, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="payment_rejection_whole",
                condition=Q(rejected_by__isnull=True, rejected_at__isnull=True, rejection_reason="")
                | Q(rejected_by__isnull=False, rejected_at__isnull=False, confirmed_at__isnull=True)
                & ~Q(rejection_reason=""),
            ),
            models.CheckConstraint(
                name="payment_reversal_whole",
                condition=Q(
                    reversal_asked_by__isnull=True,
                    reversal_asked_at__isnull=True,
                    reversal_reason="",
                    reversed_by__isnull=True,
                    reversed_at__isnull=True,
                )
                | Q(
                    reversal_asked_by__isnull=False,
                    reversal_asked_at__isnull=False,
                    confirmed_at__isnull=False,
                )
                & ~Q(reversal_reason="")
                & (
                    Q(reversed_by__isnull=True, reversed_at__isnull=True)
                    | Q(reversed_by__isnull=False, reversed_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="payment_reversed_by_a_second_person",
                condition=Q(reversed_by__isnull=True) | ~Q(reversed_by=F("reversal_asked_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.order_number

    @property
    def shown_number(self) -> str:
        """The number of its paper as people read it."""
        return number_of_paper(self.source, self.order_number)

    @property
    def bill_ids(self) -> list[int]:
        """The bills the order names; none means: the oldest open ones of its purse."""
        return sorted({*([self.bill_id] if self.bill_id else []), *self.more_bills})


class Settlement(models.Model):
    """The part of a payment that paid a bill: one instruction of the ledger, once.

    ``reversed_by`` is the instruction that undid it; what is undone counts for nothing any more, but stays.
    """

    payment = models.ForeignKey(
        Payment, db_constraint=False, on_delete=models.PROTECT, related_name="settlements"
    )
    bill = models.ForeignKey(Bill, db_constraint=False, on_delete=models.PROTECT, related_name="settlements")
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    instruction = models.OneToOneField(Instruction, on_delete=models.PROTECT, related_name="+")
    reversed_by = models.ForeignKey(
        Instruction, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="settlement_once_per_payment_and_bill",
                fields=["payment", "bill"],
                condition=Q(reversed_by__isnull=True),
            ),
            models.CheckConstraint(name="settlement_is_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} pays {self.bill_id}"


class PaidMonth(models.Model):
    """A month of one programme paid for one work: the atom of cover. Append-only, but that a reversal of the money
    moves it to ReversedMonth: what stands here is paid.

    The key makes a second payment of the same work-month impossible, whoever pays. Partitioned by month.
    """

    pk = models.CompositePrimaryKey("month", "person_id", "work_id", "programme")
    month = models.DateField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="+")
    programme = models.CharField(max_length=3, choices=Programme)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    paid_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.work_id} {self.programme} {self.month}"


CONSTRAINT_MESSAGES = {
    "budget_covers_its_bills": Text(
        "Tagihan tahun itu sudah memakai lebih daripada anggaran yang akan tersisa. Kurangi lebih sedikit, atau "
        "batalkan tagihan yang belum lunas dulu.",
        "The bills of that year take more than the budget that would be left. Cut less, or cancel unpaid bills first.",
    ),
    "contributions_tariffdecision_digest_key": Text(
        "Keputusan tarif ini sudah tersimpan.", "This tariff decision is stored already."
    ),
    "tariff_month_is_a_first_day": Text("Bulan iuran harus tanggal 1.", "A month is its first day."),
    "tariff_not_negative": Text("Tarif tidak boleh minus.", "A tariff cannot be negative."),
    "tariff_equals_its_amounts": Text(
        "Keputusan tarif tidak sama dengan rinciannya.", "The tariff does not equal its amounts."
    ),
    "tariff_programme_known": Text("Program tidak dikenal.", "Unknown programme."),
    "tariff_amount_not_negative": Text("Tarif tidak boleh minus.", "A tariff cannot be negative."),
    "bill_once_per_agreement_month": Text(
        "Tagihan bulan ini sudah disusun. Buka tagihan itu.",
        "The bill of this month is drawn already. Open it.",
    ),
    "bill_is_of_its_payer": Text(
        "Tagihan peserta mandiri dibuat untuk orangnya; tagihan kerja sama lain untuk kerja samanya.",
        "An independent member's bill is the person's own; any other bill is the agreement's.",
    ),
    "bill_month_is_a_first_day": Text("Bulan iuran harus tanggal 1.", "A month is its first day."),
    "bill_asks_for_something": Text(
        "Tidak ada peserta yang ditagih pada bulan ini.", "Nobody is billed in this month."
    ),
    "bill_status_known": Text("Status tagihan tidak dikenal.", "Unknown status of the bill."),
    "bill_equals_its_lines": Text(
        "Jumlah tagihan tidak sama dengan barisnya. Tidak ada yang disimpan.",
        "The bill does not equal its lines. Nothing was stored.",
    ),
    "bill_step_allowed": Text(
        "Tagihan ini tidak bisa diubah lagi. Buat tagihan baru.", "This bill cannot change any more."
    ),
    "bill_line_worth_its_tariff": Text(
        "Nilai baris tidak sama dengan keputusan tarif.", "The line is not worth what its tariff says."
    ),
    "payment_source_known": Text("Asal pembayaran tidak dikenal.", "Unknown source of the payment."),
    "payment_needs_confirmation_first": Text(
        "Pembayaran belum disahkan orang kedua. Minta pengesahan dulu.",
        "A second person has not confirmed this payment yet. Ask for the confirmation first.",
    ),
    "membership_before_the_bill": Text(
        "Tagihan bulan itu sudah disusun. Daftarkan mulai bulan sesudah tagihan terakhir.",
        "The bill of that month is drawn already. Enrol from the month after the last bill.",
    ),
    "membership_of_an_active_agreement": Text(
        "Kerja sama ini belum atau tidak lagi berlaku. Lihat status dan langkah berikutnya di halaman kerja samanya.",
        "This agreement is not in force, or no longer. See its state and what comes next on its own page.",
    ),
    "bill_of_an_active_agreement": Text(
        "Bulan ini tidak tercakup kerja sama yang berlaku. Periksa status dan masa kerja samanya.",
        "No agreement in force covers this month. Check the state and the period of the agreement.",
    ),
    "bill_in_a_ready_year": Text(
        "Dokumen tahun anggaran bulan ini belum lengkap. Buka kerja samanya dan lihat apa yang kurang.",
        "The papers of this month's budget year are incomplete. Open the agreement and see what is missing.",
    ),
    "agreement_not_ended_before_its_bills": Text(
        "Bulan sesudah tanggal itu sudah ditagih. Pilih tanggal sesudah tagihan terakhir, atau batalkan tagihannya.",
        "Months after that day are billed. Choose a day after the last bill, or cancel those bills.",
    ),
    "settlement_of_an_open_bill": Text(
        "Tagihan ini sudah lunas atau dibatalkan.", "This bill is paid or cancelled already."
    ),
    "settlement_of_one_agreement": Text(
        "Pembayaran ini untuk tagihan lain.", "The payment is for another bill."
    ),
    "settlement_within_payment": Text(
        "Pembayaran tidak cukup untuk tagihan ini.", "The payment does not reach for this bill."
    ),
    "settlement_once_per_payment_and_bill": Text(
        "Pembayaran ini sudah melunasi tagihan ini.", "This payment settled this bill already."
    ),
    "settlement_is_positive": Text("Jumlah harus lebih dari nol.", "The amount must be more than zero."),
    "contributions_settlement_instruction_id_key": Text(
        "Perintah ini sudah dipakai pelunasan lain.", "This instruction belongs to another settlement."
    ),
    "payment_order_once_per_sponsor": Text(
        "Nomor SP2D ini sudah dicatat.", "This SP2D number is recorded already."
    ),
    "payment_is_positive": Text("Jumlah harus lebih dari nol.", "The amount must be more than zero."),
    "payment_confirmed_by_a_second_person": Text(
        "Pembayaran harus disahkan orang kedua, bukan pencatatnya.",
        "A second person must confirm a payment, not the one who recorded it.",
    ),
    "payment_confirmation_whole": Text(
        "Pengesahan tidak lengkap. Ulangi pengesahan.", "The confirmation is incomplete. Confirm again."
    ),
    "bill_line_in_its_month": Text(
        "Baris tagihan tidak sesuai bulannya.", "The line does not belong to the month of its bill."
    ),
    "paid_month_is_a_first_day": Text("Bulan iuran harus tanggal 1.", "A month is its first day."),
    "paid_month_programme_known": Text("Program tidak dikenal.", "Unknown programme."),
    "paid_month_not_negative": Text("Iuran tidak boleh minus.", "A contribution cannot be negative."),
    "paid_month_once": Text(
        "Bulan ini sudah dibayar untuk pekerjaan ini. Jangan dibayar dua kali.",
        "This month is paid for this work already. Do not pay twice.",
    ),
}

# The foreign keys that take several columns together: a row can only belong where all of them agree.
_FOREIGN = Text(
    "Data ini milik kerja sama atau orang lain. Mulai dari halaman kerja samanya sendiri.",
    "This belongs to another agreement or person. Start from the page of its own agreement.",
)
CONSTRAINT_MESSAGES |= dict.fromkeys(
    (
        "bill_of_its_sponsors_agreement",
        "bill_line_of_its_membership",
        "payment_of_its_sponsors_agreement",
        "bill_of_its_agreements_membership",
        "payment_of_its_agreements_membership",
        "settlement_of_its_sponsors_payment",
        "paid_month_of_its_persons_work",
        "paid_month_of_its_sponsors_agreement",
        "paid_month_of_its_sponsors_settlement",
    ),
    _FOREIGN,
)
CONSTRAINT_MESSAGES |= money_records.CONSTRAINT_MESSAGES
CONSTRAINT_MESSAGES |= statement_records.CONSTRAINT_MESSAGES | matching_records.CONSTRAINT_MESSAGES
CONSTRAINT_MESSAGES |= run_records.CONSTRAINT_MESSAGES
CONSTRAINT_MESSAGES |= branch_records.CONSTRAINT_MESSAGES | bill_records.CONSTRAINT_MESSAGES
CONSTRAINT_MESSAGES |= branch_records.CONSTRAINT_MESSAGES | code_list_records.CONSTRAINT_MESSAGES
