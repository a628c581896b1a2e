"""What BPJS says of contributions and savings: the kode iuran of a month, and the JHT balance of a person."""

from django.db import models
from django.db.models import F, Q

from lindung.law.text import Text
from lindung.membership.branch_records import Said, WordKind, messages_of, of_its_source
from lindung.partnership.models import Agreement
from lindung.people.models import Person


class ContributionCode(Said):
    """The kode iuran under which an agreement's month is to be paid: whole rupiah, for so many people."""

    agreement = models.ForeignKey(Agreement, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    code = models.CharField(max_length=40)
    amount = models.BigIntegerField()
    people = models.IntegerField()

    class Meta:
        constraints = [
            *of_its_source("contribution_code", WordKind.CONTRIBUTION_CODE),
            models.CheckConstraint(name="contribution_code_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="contribution_code_asks_for_something",
                condition=Q(amount__gt=0, people__gt=0) & ~Q(code=""),
            ),
        ]
        indexes = [models.Index(name="codes_of_a_month", fields=["agreement", "month"])]

    def __str__(self) -> str:
        return f"{self.code} Rp{self.amount}"


class BranchBalance(Said):
    """What a person has saved in JHT according to BPJS on a day, in whole rupiah."""

    person = models.ForeignKey(Person, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    balance = models.BigIntegerField()

    class Meta:
        constraints = [
            *of_its_source("branch_balance", WordKind.BALANCE),
            models.CheckConstraint(name="branch_balance_not_negative", condition=Q(balance__gte=0)),
            models.CheckConstraint(
                name="branch_balance_stands_by_its_word", condition=Q(as_of__lte=F("said_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} Rp{self.balance} on {self.as_of}"


CONSTRAINT_MESSAGES = {
    "contribution_code_month_is_a_first_day": Text(
        "Bulan iuran harus tanggal 1.", "A month is its first day."
    ),
    "contribution_code_asks_for_something": Text(
        "Kode iuran harus punya kode, jumlah dan orang.", "A kode iuran has a code, an amount and people."
    ),
    "contribution_code_for_one_bill": Text(
        "Kode iuran ini sudah dipakai tagihan lain. Periksa kodenya pada surat keputusan.",
        "Another bill has this kode iuran. Check it on the decision's letter.",
    ),
    "contribution_code_of_its_sponsors_agreement": Text(
        "Kerja sama ini milik kota lain. Periksa kodenya.",
        "This agreement is another city's. Check its code.",
    ),
    "branch_balance_not_negative": Text("Saldo tidak boleh minus.", "A balance cannot be negative."),
    "branch_balance_stands_by_its_word": Text(
        "Saldo per tanggal suratnya atau sebelumnya. Periksa tanggal saldonya.",
        "A balance is as of the day of its letter or earlier. Check its date.",
    ),
}
CONSTRAINT_MESSAGES |= messages_of("contribution_code", of_a_person=False) | messages_of("branch_balance")
