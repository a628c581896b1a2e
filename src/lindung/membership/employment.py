"""What is stored about employers and about change: units, minimum wages, wages, and who joined, left or was undone.

These are models of the room; `membership.models` brings them to Django together with rosters and memberships.
"""

from django.db import models
from django.db.models import F, Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.law.terms import RiskClass
from lindung.law.text import Text
from lindung.partnership.models import Agreement


class StaffKind(models.TextChoices):
    """Which of the city's own people an employer unit is for (Permenaker 1/2025: non-ASN staff are registered)."""

    NON_ASN = "non_asn", "Pegawai non-ASN"
    PPPK_PARUH_WAKTU = "pppk_paruh_waktu", "PPPK paruh waktu"
    CLEANERS = "cleaners", "Petugas kebersihan"
    OUTSOURCED = "outsourced", "Tenaga alih daya"


class EmployerUnit(models.Model):
    """One of the city's offices as an employer, one for each agreement of kind employer.

    ``npp`` is the employer number of BPJS, eight digits, empty until the branch gives it. ``risk_class`` is what
    BPJS gave the employer (PP 44/2015 Pasal 16) and ``risk_basis`` the letter or the line of the annex it rests on.
    """

    agreement = models.OneToOneField(
        Agreement, db_constraint=False, on_delete=models.PROTECT, related_name="unit"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    agreement_kind = models.CharField(
        max_length=10, default="employer", db_default="employer", editable=False
    )
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    staff_kind = models.CharField(max_length=20, choices=StaffKind)
    risk_class = models.CharField(max_length=10, help_text="a RiskClass of the law")
    risk_basis = models.CharField(max_length=160)
    region_code = models.CharField(max_length=13, help_text="region whose minimum wage holds, such as 15.71")
    npp = models.CharField(max_length=8, blank=True)
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unit_of_an_employers_agreement", condition=Q(agreement_kind="employer")
            ),
            models.CheckConstraint(
                name="unit_staff_kind_known", condition=Q(staff_kind__in=StaffKind.values)
            ),
            models.CheckConstraint(
                name="unit_risk_class_known", condition=Q(risk_class__in=[risk.value for risk in RiskClass])
            ),
            models.CheckConstraint(name="unit_risk_class_has_its_basis", condition=~Q(risk_basis="")),
            models.CheckConstraint(name="unit_npp_is_eight_digits", condition=Q(npp__regex=r"^([0-9]{8})?$")),
        ]

    def __str__(self) -> str:
        return f"unit {self.pk}"


class MinimumWage(models.Model):
    """The lowest monthly wage of a region in a calendar year, in whole rupiah, with the decree that sets it."""

    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=13)
    year = models.IntegerField()
    amount = models.BigIntegerField()
    decree_number = models.CharField(max_length=120)
    decree_date = models.DateField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="minimum_wage_once_per_year", fields=["sponsor", "region_code", "year"]
            ),
            models.CheckConstraint(name="minimum_wage_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="minimum_wage_names_its_decree", condition=~Q(decree_number="")),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.year}"


class WageBasis(models.TextChoices):
    """How the wage is agreed: by the month, or by the day (PP 44/2015 Pasal 19)."""

    MONTHLY = "monthly", "Bulanan"
    DAILY = "daily", "Harian"


class Wage(models.Model):
    """The wage of a wage earner from a month on, until a later one holds; added, never changed.

    ``amount`` is what was agreed, ``monthly`` what contributions are taken of: the amount, or the day's wage times
    ``days`` (PP 44/2015 Pasal 19: 25). A wage that was entered by mistake is withdrawn by an event, not removed.
    """

    membership = models.ForeignKey(
        "membership.Membership", db_constraint=False, on_delete=models.PROTECT, related_name="wages"
    )
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateField()
    basis = models.CharField(max_length=7, choices=WageBasis)
    amount = models.BigIntegerField()
    days = models.SmallIntegerField(default=1)
    monthly = models.BigIntegerField()
    withdrawn = models.ForeignKey(
        AuditEvent, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="wage_once_per_month",
                fields=["membership", "since"],
                condition=Q(withdrawn__isnull=True),
            ),
            models.CheckConstraint(name="wage_month_is_a_first_day", condition=Q(since__day=1)),
            models.CheckConstraint(name="wage_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="wage_basis_known",
                condition=Q(basis="monthly", days=1) | Q(basis="daily", days__gte=1, days__lte=31),
            ),
            models.CheckConstraint(name="wage_monthly_follows", condition=Q(monthly=F("amount") * F("days"))),
        ]

    def __str__(self) -> str:
        return f"wage {self.pk} from {self.since}"


class ChangeKind(models.TextChoices):
    """What happened to a membership in a month."""

    JOIN = "join", "Masuk"
    LEAVE = "leave", "Keluar"
    WAGE = "wage", "Upah berubah"
    UNDO = "undo", "Dibatalkan"


class LeaveReason(models.TextChoices):
    """Why somebody leaves."""

    MOVED = "moved", "Pindah"
    WORK_ENDED = "work_ended", "Berhenti bekerja"
    DIED = "died", "Meninggal"
    OTHER_SPONSOR = "other_sponsor", "Dibayari pihak lain"
    HOLDER_CHANGED = "holder_changed", "Jabatan diganti orang lain"
    AGREEMENT_OVER = "agreement_over", "Kerja samanya berakhir"


class MemberChange(models.Model):
    """One change of one membership, with who, when and why; added, never changed.

    ``month`` is the first one of a joining or of a new wage, and the last one of whoever leaves. ``until_after`` is
    what the membership's end was set to; the database refuses an end that has no such row. ``died_on`` is the day of a
    death, null for those recorded before it was asked.
    """

    membership = models.ForeignKey(
        "membership.Membership", db_constraint=False, on_delete=models.PROTECT, related_name="changes"
    )
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=5, choices=ChangeKind)
    month = models.DateField()
    reason = models.CharField(max_length=20, choices=LeaveReason, blank=True)
    died_on = models.DateField(null=True)
    until_before = models.DateField(null=True)
    until_after = models.DateField(null=True)
    wage = models.ForeignKey(Wage, null=True, db_index=False, on_delete=models.PROTECT, related_name="+")
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    by = models.ForeignKey(User, db_index=False, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="member_change_kind_known", condition=Q(kind__in=ChangeKind.values)),
            models.CheckConstraint(name="member_change_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="member_change_leave_has_its_reason",
                condition=Q(kind="leave", reason__in=LeaveReason.values) | (~Q(kind="leave") & Q(reason="")),
            ),
            models.CheckConstraint(
                name="member_change_death_has_its_day",
                condition=Q(reason="died", died_on__isnull=False)
                | (~Q(reason="died") & Q(died_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="member_change_undo_names_what",
                condition=Q(kind="undo", undoes__isnull=False) | (~Q(kind="undo") & Q(undoes__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month}"


_OVER = Text(
    "Kerja sama ini sudah berakhir; kepesertaannya tidak bisa dibuka lagi. Masukkan orangnya di kerja sama lain.",
    "This agreement is over; its memberships cannot be opened again. Enter the person under another agreement.",
)
_BILLED = Text(
    "Tagihan bulan itu sudah disusun. Pilih bulan sesudah tagihan terakhir.",
    "The bill of that month is drawn already. Choose a month after the last bill.",
)
MESSAGES = {
    "membership_employerunit_agreement_id_key": Text(
        "Kerja sama ini sudah punya unit pemberi kerja.", "This agreement has its employer unit already."
    ),
    "unit_of_an_employers_agreement": Text(
        "Unit pemberi kerja hanya untuk kerja sama penerima upah.",
        "An employer unit belongs to an agreement for wage earners.",
    ),
    "unit_staff_kind_known": Text("Pilih jenis pegawai dari daftar.", "Choose the kind of staff."),
    "unit_risk_class_known": Text("Pilih kelas risiko dari daftar.", "Choose the risk class."),
    "unit_risk_class_has_its_basis": Text(
        "Tulis dasar kelas risiko: surat BPJS atau baris lampirannya.",
        "Say what the risk class rests on: the letter of BPJS or the line of the annex.",
    ),
    "unit_npp_is_eight_digits": Text("NPP terdiri dari 8 angka.", "An NPP has 8 digits."),
    "minimum_wage_once_per_year": Text(
        "Upah minimum wilayah dan tahun itu sudah dicatat.",
        "The minimum wage of that region and year is recorded already.",
    ),
    "minimum_wage_is_positive": Text("Upah minimum harus lebih dari nol.", "A minimum wage is above zero."),
    "minimum_wage_names_its_decree": Text(
        "Tulis nomor keputusan upah minimum.", "Write the number of the decree on the minimum wage."
    ),
    "wage_once_per_month": Text(
        "Upah mulai bulan itu sudah dicatat. Batalkan dulu, atau pilih bulan lain.",
        "A wage from that month is recorded already. Undo it first, or choose another month.",
    ),
    "wage_month_is_a_first_day": Text("Bulan upah harus tanggal 1.", "The month of a wage is its first day."),
    "wage_is_positive": Text("Upah harus lebih dari nol.", "A wage must be more than zero."),
    "wage_basis_known": Text("Pilih upah bulanan atau harian.", "Choose a monthly or a daily wage."),
    "wage_monthly_follows": Text(
        "Upah sebulan tidak sama dengan upah kali harinya.",
        "The month's wage is not the wage times its days.",
    ),
    "wage_before_the_bill": _BILLED,
    "membership_has_its_wage": Text(
        "Isi upah pekerja ini sejak bulan pertamanya.", "Fill in this worker's wage from the first month on."
    ),
    "membership_fits_its_agreement": Text(
        "Pekerjaan ini tidak sesuai dengan jenis kerja samanya.",
        "This work does not fit the kind of its agreement.",
    ),
    "membership_two_works_at_a_time": Text(
        "Orang ini sudah punya dua pekerjaan BPU pada masa itu (PP 44/2015 Pasal 11).",
        "This person has two BPU occupations in that period already (PP 44/2015 Article 11).",
    ),
    "membership_end_has_its_change": Text(
        "Akhir kepesertaan harus tercatat sebagai perubahan, dengan alasannya.",
        "The end of a membership must be recorded as a change, with its reason.",
    ),
    "membership_not_beyond_its_agreement": _OVER,
    "agreement_over_leaves_no_member": Text(
        "Kerja sama ini masih punya peserta. Tutup lewat halamannya, supaya kepesertaannya ikut berakhir.",
        "This agreement still has members. Close it on its page, so that their memberships end with it.",
    ),
    "membership_not_ended_before_its_bill": Text(
        "Bulan itu sudah ditagih. Bulan terakhir paling awal adalah bulan tagihan terakhirnya.",
        "That month is billed already. The last month cannot come before the last billed one.",
    ),
    "member_change_kind_known": Text("Jenis perubahan tidak dikenal.", "Unknown kind of change."),
    "member_change_month_is_a_first_day": Text(
        "Bulan perubahan harus tanggal 1.", "A month is its first day."
    ),
    "member_change_leave_has_its_reason": Text(
        "Pilih alasan keluar dari daftar.", "Choose why this person leaves."
    ),
    "member_change_death_has_its_day": Text(
        "Isi hari meninggal, dan hanya bila alasannya meninggal.",
        "Fill in the day of death, and for a death only.",
    ),
    "member_change_undo_names_what": Text(
        "Pembatalan harus menunjuk perubahannya.", "An undo must name the change."
    ),
    "membership_memberchange_undoes_id_key": Text(
        "Perubahan ini sudah dibatalkan.", "This change is undone already."
    ),
    "member_change_by_who_acts": Text(
        "Perubahan dicatat atas nama orang yang masuk sendiri.",
        "A change is recorded in the name of whoever signed in.",
    ),
}
_FOREIGN = Text(
    "Data ini milik kerja sama atau orang lain. Mulai dari halaman kerja samanya sendiri.",
    "This belongs to another agreement or person. Start from the page of its own agreement.",
)
MESSAGES |= dict.fromkeys(
    ("unit_of_its_sponsors_agreement", "wage_of_its_membership", "member_change_of_its_membership"), _FOREIGN
)
