"""What happens to money after it came: months whose money went back, and shortfalls."""

from django.db import models
from django.db.models import Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.law.text import Text
from lindung.ledger.models import Instruction
from lindung.membership.models import Work
from lindung.partnership.models import Agreement
from lindung.people.models import Person


class ReversedMonth(models.Model):
    """A month that was paid until its money went back: as PaidMonth had it, and which instruction undid it.

    Written by the database alone, when a settlement is undone. Append-only.
    """

    pk = models.CompositePrimaryKey("month", "person_id", "work_id", "programme", "instruction_id")
    month = models.DateField()
    person = models.ForeignKey(
        Person, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    work = models.ForeignKey(
        Work, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    programme = models.CharField(max_length=3)
    agreement = models.ForeignKey(
        Agreement, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    instruction = models.ForeignKey(Instruction, db_index=False, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    paid_on = models.DateField()
    reversal_instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(name="reversed_months_of_a_person", fields=["person", "month"])]

    def __str__(self) -> str:
        return f"{self.work_id} {self.programme} {self.month} went back"


class Shortfall(models.Model):
    """What a bill lacked and BPJS set off against the next month (PP 44/2015 Pasal 23); the bill counts as paid.

    ``amount`` is whole rupiah, ``told_on`` and ``letter_number`` name BPJS's notice.
    """

    bill = models.OneToOneField(
        "contributions.Bill", db_constraint=False, on_delete=models.PROTECT, related_name="shortfall"
    )
    month = models.DateField()
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    amount = models.BigIntegerField()
    told_on = models.DateField()
    letter_number = models.CharField(max_length=80)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    instruction = models.OneToOneField(Instruction, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="shortfall_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="shortfall_names_its_letter", condition=~Q(letter_number="")),
        ]

    def __str__(self) -> str:
        return f"bill {self.bill_id} lacks Rp{self.amount}"


CONSTRAINT_MESSAGES = {
    "payment_step_allowed": Text(
        "Langkah ini tidak bisa lagi untuk pembayaran itu. Buka halamannya dan lihat keadaannya sekarang.",
        "This step is no longer possible for that payment. Open its page and see how it stands.",
    ),
    "payment_rejection_whole": Text(
        "Penolakan perlu nama dan alasan, dan hanya untuk yang belum disahkan.",
        "A rejection needs a name and a reason, and only what is not confirmed can be rejected.",
    ),
    "payment_reversal_whole": Text(
        "Pembalikan perlu orang yang meminta dan alasan, dan hanya untuk yang sudah disahkan.",
        "A reversal needs who asked and why, and only what is confirmed can be reversed.",
    ),
    "payment_reversed_by_a_second_person": Text(
        "Pembalikan dijalankan orang lain, bukan yang memintanya. Minta bendahara lain.",
        "Somebody else carries a reversal out, not the one who asked for it. Ask another finance officer.",
    ),
    "payment_reversed_whole": Text(
        "Masih ada tagihan yang lunas dengan pembayaran ini. Batalkan pelunasannya sekaligus.",
        "Bills are still settled by this payment. Undo them together with it.",
    ),
    "payment_is_booked": Text(
        "Pembayaran yang sah harus dibukukan sekaligus. Tidak ada yang disimpan.",
        "A confirmed payment is booked at once. Nothing was stored.",
    ),
    "settlement_undone_by_its_reversal": Text(
        "Pelunasan hanya bisa dibatalkan oleh pembalikan jurnalnya sendiri, yang diminta orang lain.",
        "A settlement is undone only by the reversal of its own entry, asked for by somebody else.",
    ),
    "contributions_shortfall_bill_id_key": Text(
        "Kekurangan tagihan ini sudah dicatat.", "The shortfall of this bill is recorded already."
    ),
    "contributions_shortfall_instruction_id_key": Text(
        "Perintah ini sudah dipakai kekurangan lain.", "This instruction belongs to another shortfall."
    ),
    "shortfall_is_positive": Text("Kekurangan harus lebih dari nol.", "A shortfall is more than zero."),
    "shortfall_names_its_letter": Text(
        "Tulis nomor surat BPJS yang menyatakan kekurangannya.", "Write the number of BPJS's letter about it."
    ),
    "shortfall_of_an_open_bill": Text(
        "Kekurangan hanya untuk tagihan yang belum lunas, kurang dari jumlahnya, dicatat oleh yang memutuskan.",
        "A shortfall is of an open bill, less than its total, and recorded by whoever decides it.",
    ),
    "shortfall_of_its_sponsors_bill": Text(
        "Tagihan ini milik kota lain. Mulai dari halaman tagihannya sendiri.",
        "This bill is of another city. Start from the page of its own bill.",
    ),
}
