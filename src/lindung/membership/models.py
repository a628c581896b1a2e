"""Rosters and their rows, works, and memberships: who is enrolled, for which work, by whom, since when.

A foreign key has an index only where a query looks for it: a list of 10,000 people writes every one of them.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.documents.models import Document
from lindung.law.text import Text
from lindung.partnership.models import Agreement, Segment
from lindung.people.models import Person


class RosterStatus(models.TextChoices):
    """How far a roster has come."""

    RECEIVED = "received", "Diterima"
    JUDGED = "judged", "Diperiksa"
    ENROLLED = "enrolled", "Didaftarkan"


class Verdict(models.TextChoices):
    """What is to be done with a row of a roster."""

    READY = "ready", "Siap"
    TO_FIX = "to_fix", "Perlu diperbaiki"
    REFUSED = "refused", "Ditolak"
    ENROLLED = "enrolled", "Sudah terdaftar"
    IGNORED = "ignored", "Bukan baris orang"


class Roster(models.Model):
    """A city's file for one agreement; the same bytes for the same agreement are one roster."""

    agreement = models.ForeignKey(
        Agreement, db_constraint=False, on_delete=models.PROTECT, related_name="rosters"
    )
    segment = models.ForeignKey(Segment, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=RosterStatus, default=RosterStatus.RECEIVED)
    headers = ArrayField(models.TextField(), default=list)
    fields = ArrayField(models.CharField(max_length=20), default=list)
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="roster_file_once_per_agreement", fields=["agreement", "sha256"]),
            models.CheckConstraint(name="roster_status_known", condition=Q(status__in=RosterStatus.values)),
        ]

    def __str__(self) -> str:
        return f"roster {self.pk}"


class RosterRow(models.Model):
    """One line of the officer's sheet with its verdict.

    The cells and what was read from them are sealed together, bound to roster and line; ``problems`` names
    columns and codes, never a value.
    """

    pk = models.CompositePrimaryKey("roster_id", "number")
    roster = models.ForeignKey(
        Roster, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="rows"
    )
    number = models.IntegerField(help_text="line in the sheet, as the officer sees it")
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    kelurahan_code = models.CharField(max_length=13, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    problems = models.JSONField(default=list)
    sealed = models.BinaryField()
    person = models.ForeignKey(Person, null=True, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="roster_row_verdict_known", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(
                name="roster_row_enrolled_names_its_person",
                condition=Q(verdict="enrolled", person__isnull=False)
                | (~Q(verdict="enrolled") & Q(person__isnull=True)),
            ),
        ]
        indexes = [models.Index(name="roster_rows_by_verdict", fields=["roster", "verdict", "number"])]

    def __str__(self) -> str:
        return f"roster {self.roster_id} line {self.number}"


class WorkKind(models.TextChoices):
    """The two ways of working the law knows here."""

    BPU = "bpu", "Bukan penerima upah"
    EMPLOYER_UNIT = "employer_unit", "Penerima upah"


class Work(models.Model):
    """One work of one person: an employer unit, or one of at most two BPU occupations (PP 44/2015 Pasal 11)."""

    person = models.ForeignKey(Person, db_index=False, on_delete=models.PROTECT, related_name="works")
    kind = models.CharField(max_length=14, choices=WorkKind)
    slot = models.SmallIntegerField(help_text="1 or 2: the first or second BPU occupation")
    occupation = models.CharField(max_length=80, help_text="key of the occupation list, or the words given")
    sector = models.CharField(max_length=20, default="other")
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="work_kind_known", condition=Q(kind__in=WorkKind.values)),
            models.CheckConstraint(
                name="work_bpu_at_most_two", condition=~Q(kind="bpu") | Q(slot__gte=1, slot__lte=2)
            ),
            models.UniqueConstraint(name="work_slot_once_per_person", fields=["person", "kind", "slot"]),
            models.UniqueConstraint(
                name="work_occupation_once_per_person", fields=["person", "kind", "occupation"]
            ),
        ]

    def __str__(self) -> str:
        return self.occupation


class Membership(models.Model):
    """A person protected in one work under one agreement, for a half-open period of dates.

    ``since`` is the first day of the first contribution month, ``registered_on`` the day of enrolment.
    """

    person = models.ForeignKey(
        Person, db_constraint=False, on_delete=models.PROTECT, related_name="memberships"
    )
    work = models.ForeignKey(Work, db_constraint=False, on_delete=models.PROTECT, related_name="memberships")
    agreement = models.ForeignKey(
        Agreement, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="memberships"
    )
    segment = models.ForeignKey(
        Segment, db_constraint=False, on_delete=models.PROTECT, related_name="memberships"
    )
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    kelurahan_code = models.CharField(max_length=13)
    programmes = ArrayField(models.CharField(max_length=3))
    registered_on = models.DateField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_period_runs_forward",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
            models.CheckConstraint(
                name="membership_has_known_programmes",
                condition=Q(programmes__contained_by=["jkk", "jkm", "jht"]) & Q(programmes__contains=["jkk"]),
            ),
            ExclusionConstraint(
                name="membership_one_per_work_at_a_time",
                expressions=[
                    ("work", RangeOperators.EQUAL),
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
            ),
        ]
        indexes = [models.Index(name="memberships_of_an_agreement", fields=["agreement", "since"])]

    def __str__(self) -> str:
        return f"membership {self.pk}"


CONSTRAINT_MESSAGES = {
    "roster_file_once_per_agreement": Text(
        "Berkas ini sudah pernah diunggah untuk kerja sama ini. Tidak ada yang berubah.",
        "This file was uploaded for this agreement before. Nothing changes.",
    ),
    "roster_status_known": Text("Status daftar tidak dikenal.", "Unknown status of the roster."),
    "roster_row_verdict_known": Text("Putusan baris tidak dikenal.", "Unknown verdict."),
    "roster_row_enrolled_names_its_person": Text(
        "Baris terdaftar harus menunjuk orangnya.", "An enrolled row must name its person."
    ),
    "work_kind_known": Text("Jenis pekerjaan tidak dikenal.", "Unknown kind of work."),
    "work_bpu_at_most_two": Text(
        "Paling banyak dua pekerjaan BPU untuk satu orang (PP 44/2015 Pasal 11).",
        "At most two BPU occupations for one person (PP 44/2015 Article 11).",
    ),
    "work_slot_once_per_person": Text(
        "Pekerjaan ini sudah tercatat untuk orang ini.", "This work is recorded for this person already."
    ),
    "work_occupation_once_per_person": Text(
        "Pekerjaan ini sudah tercatat untuk orang ini.", "This work is recorded for this person already."
    ),
    "membership_period_runs_forward": Text(
        "Tanggal akhir kepesertaan harus sesudah tanggal mulai.", "Membership must end after it starts."
    ),
    "membership_has_known_programmes": Text(
        "Pilih program JKK, JKM, JHT; JKK wajib ada.", "Choose among JKK, JKM, JHT; JKK is required."
    ),
    "membership_one_per_work_at_a_time": Text(
        "Orang ini sudah dilindungi untuk pekerjaan yang sama pada masa itu. Jangan dibayar dua kali.",
        "This person is protected for the same work in that period already. Do not pay twice.",
    ),
    "membership_within_quota": Text(
        "Kuota segmen terlampaui. Tambah kuota lewat adendum atau kurangi orangnya.",
        "The quota of the segment is exceeded. Raise it by an addendum or enrol fewer people.",
    ),
}

# The foreign keys that take several columns together: a row can only belong where all of them agree.
_FOREIGN = Text(
    "Data ini milik kerja sama atau orang lain. Mulai dari halaman kerja samanya sendiri.",
    "This belongs to another agreement or person. Start from the page of its own agreement.",
)
CONSTRAINT_MESSAGES |= dict.fromkeys(
    (
        "roster_of_its_sponsors_segment",
        "roster_row_of_its_sponsors_roster",
        "membership_of_its_persons_work",
        "membership_of_its_sponsors_segment",
    ),
    _FOREIGN,
)
