"""Who signed a paper, and what an addendum changed: rows that are added and never rewritten."""

from django.db import models
from django.db.models import Q

from lindung.access.models import AuditEvent, Organisation
from lindung.law.text import Text


class Party(models.TextChoices):
    """For whom somebody signed."""

    FIRST = "first", "Pihak pertama"
    SECOND = "second", "Pihak kedua"
    WITNESS = "witness", "Saksi"

    @property
    def said(self) -> Text:
        """The party in words."""
        return Text(str(self.label), {"first": "first party", "second": "second party"}.get(self, "witness"))


class Signatory(models.Model):
    """One person who signed a paper, by name, office held and party; several may sign one paper."""

    paper = models.ForeignKey(
        "partnership.Paper", db_constraint=False, on_delete=models.PROTECT, related_name="signatories"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=160)
    party = models.CharField(max_length=8, choices=Party)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="signatory_once_per_paper", fields=["paper", "name"]),
            models.CheckConstraint(name="signatory_party_known", condition=Q(party__in=Party.values)),
            models.CheckConstraint(name="signatory_is_named", condition=~Q(name="") & ~Q(position="")),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.position}"

    @property
    def signed_for(self) -> Text:
        """The party this person signed for, in words."""
        return Party(self.party).said


class AmendedTerm(models.TextChoices):
    """What an addendum may change."""

    QUOTA = "quota", "Kuota"
    UNTIL = "until", "Masa berlaku"
    ARREARS = "arrears", "Penanggung tunggakan"


class Amendment(models.Model):
    """One thing an addendum changes, with what held before. Adding the row changes it: the database does.

    ``*_was`` must be what holds at that moment, so that two who amend at once do not undo each other.
    A null ``until_is`` makes the agreement open-ended.
    """

    paper = models.ForeignKey(
        "partnership.Paper", db_constraint=False, on_delete=models.PROTECT, related_name="amendments"
    )
    agreement = models.ForeignKey(
        "partnership.Agreement", db_constraint=False, on_delete=models.PROTECT, related_name="amendments"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    term = models.CharField(max_length=8, choices=AmendedTerm)
    segment = models.ForeignKey(
        "partnership.Segment", null=True, db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )
    quota_was = models.IntegerField(null=True)
    quota_is = models.IntegerField(null=True)
    until_was = models.DateField(null=True)
    until_is = models.DateField(null=True)
    arrears_was = models.CharField(max_length=12, blank=True, default="")
    arrears_is = models.CharField(max_length=12, blank=True, default="")
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="amendment_of_one_term",
                condition=Q(
                    term="quota", segment__isnull=False, quota_was__isnull=False, quota_is__isnull=False,
                    until_was__isnull=True, until_is__isnull=True, arrears_was="", arrears_is="",
                )
                | Q(
                    term="until", segment__isnull=True, quota_was__isnull=True, quota_is__isnull=True,
                    arrears_was="", arrears_is="",
                )
                | Q(
                    term="arrears", segment__isnull=True, quota_was__isnull=True, quota_is__isnull=True,
                    until_was__isnull=True, until_is__isnull=True,
                ),
            ),
            models.UniqueConstraint(
                name="amendment_once_per_paper", fields=["paper", "term", "segment"], nulls_distinct=False
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.paper_id}: {self.term}"


_FOREIGN = Text(
    "Surat ini milik kerja sama lain. Mulai dari halaman kerja samanya sendiri.",
    "This paper belongs to another agreement. Start from the page of its own agreement.",
)

CONSTRAINT_MESSAGES = {
    "signatory_once_per_paper": Text(
        "Nama penanda tangan ini sudah ada pada surat itu.", "This signatory stands on the paper already."
    ),
    "signatory_party_known": Text(
        "Pilih pihak pertama, pihak kedua atau saksi.", "Choose first party, second party or witness."
    ),
    "signatory_is_named": Text(
        "Isi nama dan jabatan penanda tangan.", "Give the name and the office of the signatory."
    ),
    "amendment_of_one_term": Text(
        "Satu perubahan menyebut satu hal: kuota, masa berlaku, atau penanggung tunggakan.",
        "A change names one thing: quota, period, or who bears arrears.",
    ),
    "amendment_once_per_paper": Text(
        "Adendum ini sudah mengubah hal itu.", "This addendum has changed that already."
    ),
    "amendment_by_an_addendum": Text(
        "Hanya adendum pada kerja sama yang ditandatangani atau berlaku yang bisa mengubah isinya.",
        "Only an addendum to a signed or active agreement can change what it says.",
    ),
    "amendment_of_what_holds": Text(
        "Isi kerja sama baru saja diubah orang lain. Muat ulang, lalu ulangi.",
        "Somebody else has just changed the agreement. Reload it and try again.",
    ),
    "amendment_of_its_sponsors_paper": _FOREIGN,
    "amendment_of_its_sponsors_segment": _FOREIGN,
    "signatory_of_its_sponsors_paper": _FOREIGN,
    "paper_document_of_its_sponsor": _FOREIGN,
    "paper_period_runs_forward": Text(
        "Tanggal akhir surat harus sesudah tanggal mulai.", "A paper's end date must come after its start."
    ),
    "mou_number_has_one_date": Text(
        "MoU dengan nomor ini sudah tercatat dengan tanggal lain. Satu MoU adalah satu surat: samakan tanggalnya.",
        "An MoU of this number is recorded with another date. One MoU is one paper: use the same date.",
    ),
}
