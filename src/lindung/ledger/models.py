"""Accounts, instructions, entries and postings: added, never changed; an error is corrected by a reversal."""

from django.db import models
from django.db.models import F, Func, Q

from lindung.access.models import AuditEvent, Organisation, TransactionIdField
from lindung.law.text import Text
from lindung.ledger import block_records
from lindung.ledger.block_records import Block, Chain


class AccountKind(models.TextChoices):
    """What an account stands for."""

    SPONSOR = "sponsor", "Pembayaran sponsor"
    BANK = "bank", "Rekening bank"
    UNMATCHED = "unmatched", "Uang belum jelas"
    HELD = "held", "Titipan"
    OWED = "owed", "Kekurangan"
    FUND = "fund", "Dana jaminan"
    MEMBER = "member", "Saldo peserta"


OWNED = (
    AccountKind.SPONSOR,
    AccountKind.BANK,
    AccountKind.UNMATCHED,
    AccountKind.HELD,
    AccountKind.OWED,
)
"""The accounts that are a sponsor's own."""


class Account(models.Model):
    """A place money is in. JKK and JKM have control accounts; only JHT has one per member."""

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=AccountKind)
    sponsor = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="account_kind_known", condition=Q(kind__in=AccountKind.values)),
            models.CheckConstraint(
                name="account_of_a_sponsor_names_him",
                condition=~Q(kind__in=list(OWNED)) | Q(sponsor__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Balance(models.Model):
    """What an account holds now, in whole rupiah: kept by the database with each posting, never written by us."""

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.PROTECT, related_name="balance"
    )
    sponsor = models.ForeignKey(
        Organisation, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    amount = models.BigIntegerField()
    floor = models.BigIntegerField(null=True)
    ceiling = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="balance_not_below_its_floor",
                condition=Q(floor__isnull=True) | Q(amount__gte=F("floor")),
            ),
            models.CheckConstraint(
                name="balance_not_above_its_ceiling",
                condition=Q(ceiling__isnull=True) | Q(amount__lte=F("ceiling")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} Rp{self.amount}"


class InstructionKind(models.TextChoices):
    """Why money moves. Each instruction becomes exactly one entry."""

    PAYMENT = "payment", "Pembayaran iuran"
    RECEIPT = "receipt", "Uang masuk rekening"
    SETTLEMENT = "settlement", "Pelunasan tagihan"
    REFUND = "refund", "Pengembalian uang"
    CREDIT = "credit", "Kredit JHT"
    YIELD = "yield", "Hasil pengembangan"
    PAYOUT = "payout", "Pembayaran manfaat"
    REVERSAL = "reversal", "Pembalikan"


class Instruction(models.Model):
    """One wish to move money, known by a unique reference; asking twice moves nothing twice."""

    kind = models.CharField(max_length=10, choices=InstructionKind)
    reference = models.CharField(max_length=120, unique=True)
    amount = models.BigIntegerField(help_text="whole rupiah")
    sponsor = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="instruction_kind_known", condition=Q(kind__in=InstructionKind.values)
            ),
            models.CheckConstraint(name="instruction_moves_something", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.reference


class Entry(models.Model):
    """What an instruction became; ``reverses`` points at the entry it undoes."""

    instruction = models.OneToOneField(Instruction, on_delete=models.PROTECT, related_name="entry")
    sponsor = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="first day of the contribution month; its postings lie in it")
    on = models.DateField(help_text="value date")
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    txid = TransactionIdField(
        db_default=Func(function="pg_current_xact_id", output_field=TransactionIdField()), editable=False
    )

    def __str__(self) -> str:
        return f"entry {self.pk} on {self.on}"


class Posting(models.Model):
    """One line of an entry in whole rupiah; the lines of an entry sum to zero.

    The table is partitioned by month (made in SQL), so its key carries ``month``, the first day of the
    contribution month, and nothing points at it.
    """

    pk = models.CompositePrimaryKey("month", "entry_id", "line")
    month = models.DateField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    line = models.SmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    sponsor = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="posting_is_not_zero", condition=~Q(amount=0))]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"


CONSTRAINT_MESSAGES = {
    "ledger_account_code_key": Text("Kode akun sudah ada.", "The account code exists already."),
    "account_kind_known": Text("Jenis akun tidak dikenal.", "Unknown kind of account."),
    "account_of_a_sponsor_names_him": Text(
        "Akun sponsor harus menyebut sponsornya.", "Name the sponsor of the account."
    ),
    "balance_not_below_its_floor": Text(
        "Uang di akun ini tidak cukup. Periksa pembayaran yang sudah memakainya.",
        "There is not enough money in this account. See which payment has used it already.",
    ),
    "balance_not_above_its_ceiling": Text(
        "Yang dikembalikan lebih besar daripada yang pernah masuk. Periksa jumlahnya.",
        "More is given back than ever came in. Check the amount.",
    ),
    "ledger_instruction_reference_key": Text(
        "Perintah dengan nomor ini sudah dibukukan. Tidak dibukukan dua kali.",
        "An instruction with this reference is booked already. It is not booked twice.",
    ),
    "instruction_kind_known": Text("Jenis perintah tidak dikenal.", "Unknown kind of instruction."),
    "instruction_moves_something": Text("Jumlah harus lebih dari nol.", "The amount must be more than zero."),
    "ledger_entry_instruction_id_key": Text(
        "Perintah ini sudah punya jurnal.", "This instruction has its entry already."
    ),
    "ledger_entry_reverses_id_key": Text("Jurnal ini sudah dibalik.", "This entry is reversed already."),
    "posting_in_its_entrys_month": Text(
        "Baris jurnal tidak sesuai bulan jurnalnya.", "The posting does not belong to the month of its entry."
    ),
    "posting_month_is_a_first_day": Text("Bulan jurnal harus tanggal 1.", "A month is its first day."),
    "posting_is_not_zero": Text("Baris jurnal tidak boleh nol.", "A posting cannot be zero."),
    "entry_sums_to_zero": Text(
        "Jurnal tidak seimbang. Tidak ada yang dibukukan.", "The entry does not balance. Nothing was booked."
    ),
    "instruction_has_one_entry": Text(
        "Perintah tanpa jurnal ditolak.", "An instruction without its entry is refused."
    ),
}

# The foreign keys that take several columns together: a row can only belong where all of them agree.
_FOREIGN = Text(
    "Data ini milik kerja sama atau orang lain. Mulai dari halaman kerja samanya sendiri.",
    "This belongs to another agreement or person. Start from the page of its own agreement.",
)
CONSTRAINT_MESSAGES |= dict.fromkeys(
    ("posting_of_its_entrys_sponsor",),
    _FOREIGN,
)
CONSTRAINT_MESSAGES |= block_records.CONSTRAINT_MESSAGES

__all__ = [
    "CONSTRAINT_MESSAGES",
    "Account",
    "AccountKind",
    "Block",
    "Chain",
    "Entry",
    "Instruction",
    "InstructionKind",
    "Posting",
]
