"""What is stored of people who pay for themselves: the income they declare, month by month, and their payment code.

These are models of the room; `membership.models` brings them to Django together with rosters and memberships.
"""

from django.db import models
from django.db.models import Q

from lindung.access.models import AuditEvent, Organisation
from lindung.law.text import Text


class OwnIncome(models.Model):
    """The monthly income that somebody who pays for herself declares from a month on; added, never changed.

    Whole rupiah; it chooses the band (PP 44/2015 Pasal 20, Lampiran II), and nought stands in the lowest. One that was
    entered by mistake is withdrawn by an event, not removed.
    """

    membership = models.ForeignKey(
        "membership.Membership", db_constraint=False, on_delete=models.PROTECT, related_name="incomes"
    )
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateField()
    monthly = models.BigIntegerField()
    withdrawn = models.ForeignKey(
        AuditEvent, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="own_income_once_per_month",
                fields=["membership", "since"],
                condition=Q(withdrawn__isnull=True),
            ),
            models.CheckConstraint(name="own_income_month_is_a_first_day", condition=Q(since__day=1)),
            models.CheckConstraint(name="own_income_not_negative", condition=Q(monthly__gte=0)),
        ]

    def __str__(self) -> str:
        return f"income {self.pk} from {self.since}"


class OwnCode(models.Model):
    """The payment code (kode bayar) of one self-paying membership: twelve random digits, the last of them a check digit.

    It is not made of anything about the person, and stays as long as the membership is known.
    """

    membership = models.OneToOneField(
        "membership.Membership",
        primary_key=True,
        db_constraint=False,
        on_delete=models.PROTECT,
        related_name="own_code",
    )
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=12, unique=True)

    def __str__(self) -> str:
        return f"code of membership {self.membership_id}"


MESSAGES = {
    "own_income_once_per_month": Text(
        "Penghasilan mulai bulan itu sudah dicatat. Pilih bulan lain.",
        "An income from that month is recorded already. Choose another month.",
    ),
    "own_income_month_is_a_first_day": Text(
        "Bulan penghasilan harus tanggal 1.", "The month of an income is its first day."
    ),
    "own_income_not_negative": Text(
        "Penghasilan tidak boleh minus. Kosong berarti golongan terendah.",
        "An income cannot be negative. Nothing means the lowest band.",
    ),
    "own_income_of_a_self_payer": Text(
        "Penghasilan dan kode bayar hanya untuk peserta mandiri.",
        "An income and a payment code belong to independent members only.",
    ),
    "own_income_before_the_bill": Text(
        "Tagihan bulan itu sudah disusun. Pilih bulan sesudah tagihan terakhirnya.",
        "The bill of that month is drawn already. Choose a month after the last bill.",
    ),
    "own_code_is_twelve_digits": Text(
        "Kode bayar terdiri dari 12 angka; angka terakhirnya angka periksa.",
        "A payment code has 12 digits, the last of which checks the others.",
    ),
    "membership_owncode_code_key": Text(
        "Kode bayar ini milik peserta lain.", "This payment code belongs to somebody else."
    ),
    "membership_goes_on_from_another": Text(
        "Kepesertaan lanjutan harus mulai tepat ketika yang lama berakhir, untuk pekerjaan yang sama.",
        "A membership goes on from another only for the same work, from the very month in which that ends.",
    ),
}
_FOREIGN = Text(
    "Data ini milik kerja sama atau orang lain. Mulai dari halaman kerja samanya sendiri.",
    "This belongs to another agreement or person. Start from the page of its own agreement.",
)
MESSAGES |= dict.fromkeys(("own_income_of_its_membership", "own_code_of_its_membership"), _FOREIGN)
