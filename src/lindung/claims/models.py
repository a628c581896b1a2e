"""What is stored of a benefit: our estimate, whole, and what BPJS or this house has determined."""

from django.db import models
from django.db.models import F, Q

from lindung.access.models import AuditEvent, Organisation
from lindung.law.text import Text
from lindung.membership.branch_records import Said, WordKind, messages_of, of_its_source
from lindung.people.models import Person


class Programme(models.TextChoices):
    """The programmes of which a benefit can be determined."""

    JKK = "jkk", "JKK"
    JKM = "jkm", "JKM"
    JHT = "jht", "JHT"
    JP = "jp", "JP"
    JKP = "jkp", "JKP"


class Benefit(models.TextChoices):
    """The part of a benefit that a determination speaks of; `whole` when it does not part it."""

    WHOLE = "whole"
    LUMP_SUM = "lump_sum"
    PERIODIC = "periodic"
    FUNERAL = "funeral"
    SCHOLARSHIP = "scholarship"
    OTHER = "other"


class Estimate(models.Model):
    """What a benefit comes to by the law and our records: the law's decision whole, never BPJS's word.

    ``decision`` is canonical JSON for `Decision.from_json`; the database holds it to its digest and its total.
    """

    person = models.ForeignKey(Person, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    programme = models.CharField(max_length=3)
    event_date = models.DateField()
    digest = models.CharField(max_length=64)
    total = models.BigIntegerField()
    decision = models.TextField()
    computed_on = models.DateField()
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="estimate_once", fields=["person", "sponsor", "programme", "event_date", "digest"]
            ),
            models.CheckConstraint(
                name="estimate_programme_known", condition=Q(programme__in=Programme.values)
            ),
            models.CheckConstraint(
                name="estimate_after_its_event", condition=Q(computed_on__gte=F("event_date"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} of {self.event_date}: Rp{self.total}"


class Determination(Said):
    """What is due for one event, in whole rupiah, with the number and date of the determination."""

    person = models.ForeignKey(Person, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    programme = models.CharField(max_length=3)
    event_date = models.DateField()
    benefit = models.CharField(max_length=12)
    amount = models.BigIntegerField()
    number = models.CharField(max_length=80)
    decided_on = models.DateField()

    class Meta:
        constraints = [
            *of_its_source("determination", WordKind.DETERMINATION),
            models.CheckConstraint(
                name="determination_programme_known", condition=Q(programme__in=Programme.values)
            ),
            models.CheckConstraint(
                name="determination_benefit_known", condition=Q(benefit__in=Benefit.values)
            ),
            models.UniqueConstraint(
                name="determination_here_once",
                fields=["person", "sponsor", "programme", "event_date", "benefit", "number"],
                condition=Q(decided_by="here"),
            ),
            models.CheckConstraint(name="determination_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="determination_has_number_and_date",
                condition=~Q(number="") & Q(decided_on__gte=F("event_date"), decided_on__lte=F("said_on")),
            ),
        ]
        indexes = [
            models.Index(name="determinations_of_an_event", fields=["person", "programme", "event_date"])
        ]

    def __str__(self) -> str:
        return f"{self.number}: Rp{self.amount}"


CONSTRAINT_MESSAGES = {
    "estimate_once": Text("Perkiraan ini sudah tersimpan.", "This estimate is stored already."),
    "estimate_programme_known": Text("Program tidak dikenal.", "Unknown programme."),
    "estimate_after_its_event": Text(
        "Perkiraan dibuat sesudah kejadiannya.", "An estimate is made after the event."
    ),
    "estimate_is_its_decision": Text(
        "Perkiraan tidak sama dengan hitungannya. Hitung ulang.",
        "The estimate is not what its decision says. Compute it again.",
    ),
    "estimate_of_its_sponsors_person": Text(
        "Orang ini bukan peserta kota itu. Periksa NIK-nya.", "This person is not the city's. Check the NIK."
    ),
    "determination_programme_known": Text("Program tidak dikenal.", "Unknown programme."),
    "determination_benefit_known": Text("Jenis manfaat tidak dikenal.", "Unknown benefit."),
    "determination_here_once": Text(
        "Manfaat ini sudah ditetapkan dengan nomor itu. Buka halaman pekerjanya, jangan tetapkan lagi.",
        "This benefit is determined under that number already. Open the worker's page; do not determine it again.",
    ),
    "determination_not_negative": Text("Jumlah tidak boleh minus.", "An amount cannot be negative."),
    "determination_has_number_and_date": Text(
        "Penetapan harus punya nomor, dan tanggalnya tidak sebelum kejadian.",
        "A determination has a number, and its date is not before the event.",
    ),
}
CONSTRAINT_MESSAGES |= messages_of("determination")
