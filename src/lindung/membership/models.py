"""Rosters and their rows, works, and memberships: who is enrolled, for which work, by whom, since when.

A foreign key has an index only where a query looks for it: a list of 10,000 people writes every one of them.
"""

import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.documents.models import Document
from lindung.law.text import Text
from lindung.membership import branch_records, employment, export_records, own_records, row_records
from lindung.membership.columns import Field
from lindung.membership.employment import EmployerUnit
from lindung.membership.export_records import ExportFormat as ExportFormat
from lindung.membership.export_records import ExportRequest as ExportRequest
from lindung.membership.export_records import ExportWhat as ExportWhat
from lindung.membership.own_records import OwnCode as OwnCode
from lindung.membership.own_records import OwnIncome as OwnIncome
from lindung.membership.row_records import RowChange as RowChange
from lindung.membership.row_records import RowChangeKind as RowChangeKind
from lindung.partnership.models import Agreement, Segment
from lindung.people.models import Person


class RosterStatus(models.TextChoices):
    """How far a roster has come."""

    RECEIVED = "received", "Diterima"
    UNMAPPED = "unmapped", "Kolom belum dikenal"
    STOPPED = "stopped", "Tidak terbaca"
    CANCELLED = "cancelled", "Dibatalkan"
    JUDGED = "judged", "Diperiksa"
    ENROLLED = "enrolled", "Didaftarkan"


class Verdict(models.TextChoices):
    """What is to be done with a row of a roster."""

    READY = "ready", "Siap"
    TO_FIX = "to_fix", "Perlu diperbaiki"
    REFUSED = "refused", "Ditolak"
    ENROLLED = "enrolled", "Sudah terdaftar"
    IGNORED = "ignored", "Bukan baris orang"


class Awaits(models.TextChoices):
    """Whom a row to fix waits for when it is nobody who could be asked; any other row awaits what its verdict says."""

    OFFICE = "office", "Menunggu tempat"
    GONE = "gone", "Tidak ada lagi di berkas"


class Roster(models.Model):
    """A city's file for one agreement; the same bytes for the same segment are one roster."""

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
    sheets = models.JSONField(
        default=list, db_default=[], help_text="membership.sheets.SheetNote of each sheet"
    )
    mapping = models.JSONField(default=dict, db_default={}, help_text="columns.Mapping that an officer chose")
    revision = models.IntegerField(default=1, db_default=1, help_text="raised by every change of a row")
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="roster_file_once_per_segment", fields=["agreement", "segment", "sha256"]
            ),
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
    revision = models.IntegerField(default=1, db_default=1, help_text="raised whenever the cells change")
    gone = models.BooleanField(default=False, db_default=False, help_text="not in the newest correction")
    nik_index = models.BinaryField(null=True, help_text="blind index, to count a person of two lists once")
    awaits = models.GeneratedField(
        expression=Func(F("verdict"), F("gone"), F("problems"), function="membership_row_awaits"),
        output_field=models.CharField(max_length=10),
        db_persist=True,
        help_text="the verdict, or an Awaits; the database works it out, so that nobody opens the problems to count",
    )
    twin_index = models.BinaryField(null=True, help_text="blind index of name, birth date and kelurahan")

    class Meta:
        constraints = [
            models.CheckConstraint(name="roster_row_verdict_known", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(
                name="roster_row_enrolled_names_its_person",
                condition=Q(verdict="enrolled", person__isnull=False)
                | (~Q(verdict="enrolled") & Q(person__isnull=True)),
            ),
            models.CheckConstraint(
                name="roster_row_gone_is_not_ready", condition=~Q(gone=True, verdict="ready")
            ),
        ]
        indexes = [
            models.Index(name="roster_rows_by_verdict", fields=["roster", "verdict", "number"]),
            models.Index(
                name="roster_rows_of_a_nik", fields=["nik_index"], condition=Q(nik_index__isnull=False)
            ),
            models.Index(
                name="roster_rows_of_twins", fields=["twin_index"], condition=Q(twin_index__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"roster {self.roster_id} line {self.number}"


class RosterProgress(models.Model):
    """How far the judging of a list has come, written row by row while it runs; why it stopped, or who stopped it."""

    roster = models.OneToOneField(
        Roster, primary_key=True, db_constraint=False, on_delete=models.PROTECT, related_name="progress"
    )
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    rows_done = models.IntegerField(default=0)
    rows_total = models.IntegerField(null=True, help_text="unknown until the file is read")
    stopped_code = models.CharField(max_length=40, blank=True, default="")
    stopped_where = models.CharField(max_length=200, blank=True, default="")
    cancelled_by = models.ForeignKey(
        User, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="why a judged list was withdrawn"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="roster_progress_within_its_rows",
                condition=Q(rows_done__gte=0)
                & (Q(rows_total__isnull=True) | Q(rows_done__lte=F("rows_total"))),
            ),
            models.CheckConstraint(
                name="roster_cancelled_who_and_when_together",
                condition=Q(cancelled_by__isnull=True, cancelled_at__isnull=True)
                | Q(cancelled_by__isnull=False, cancelled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"roster {self.roster_id}: {self.rows_done} of {self.rows_total}"


class Correction(models.Model):
    """A corrected file sent for a roster: compared first, stored when the officer agrees to what it would change.

    ``revision`` is that of the roster it was compared with; after any other change it is compared anew.
    """

    roster = models.ForeignKey(
        Roster, db_constraint=False, on_delete=models.PROTECT, related_name="corrections"
    )
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    document = models.ForeignKey(Document, db_index=False, on_delete=models.PROTECT, related_name="+")
    revision = models.IntegerField()
    changed = models.IntegerField()
    added = models.IntegerField()
    gone = models.IntegerField()
    received_by = models.ForeignKey(
        User, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField()
    stored_by = models.ForeignKey(User, null=True, db_index=False, on_delete=models.PROTECT, related_name="+")
    stored_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="correction_once_per_revision", fields=["roster", "document", "revision"]
            ),
            models.CheckConstraint(
                name="correction_counts_not_negative",
                condition=Q(changed__gte=0, added__gte=0, gone__gte=0),
            ),
            models.CheckConstraint(
                name="correction_stored_who_and_when_together",
                condition=Q(stored_by__isnull=True, stored_at__isnull=True)
                | Q(stored_by__isnull=False, stored_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk} of roster {self.roster_id}"


class ColumnWord(models.Model):
    """A heading that our own patterns do not know, and what an officer of the city says it holds."""

    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=120)
    field = models.CharField(max_length=20)
    set_by = models.ForeignKey(User, null=True, db_index=False, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="column_word_once_per_sponsor", fields=["sponsor", "words"]),
            models.CheckConstraint(
                name="column_word_field_known", condition=Q(field__in=[str(field) for field in Field])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}: {self.field}"


class WorkKind(models.TextChoices):
    """The two ways of working the law knows here."""

    BPU = "bpu", "Bukan penerima upah"
    EMPLOYER_UNIT = "employer_unit", "Penerima upah"


class Work(models.Model):
    """One work of one person: an employer unit, or a BPU occupation. It stays when a membership in it ends.

    A wage earner's work names its unit; a person may work for several units and have BPU works beside them.
    """

    person = models.ForeignKey(Person, db_index=False, on_delete=models.PROTECT, related_name="works")
    kind = models.CharField(max_length=14, choices=WorkKind)
    unit = models.ForeignKey(
        EmployerUnit, null=True, db_index=False, on_delete=models.PROTECT, related_name="works"
    )
    occupation = models.CharField(max_length=80, help_text="key of the occupation list, or the words given")
    sector = models.CharField(max_length=20, default="other")
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="work_kind_known", condition=Q(kind__in=WorkKind.values)),
            models.CheckConstraint(
                name="work_of_an_employer_names_it",
                condition=Q(kind="employer_unit", unit__isnull=False)
                | (~Q(kind="employer_unit") & Q(unit__isnull=True)),
            ),
            models.UniqueConstraint(
                name="work_occupation_once_per_person",
                fields=["person", "kind", "occupation"],
                condition=Q(kind="bpu"),
            ),
            models.UniqueConstraint(name="work_unit_once_per_person", fields=["person", "unit"]),
        ]

    def __str__(self) -> str:
        return self.occupation


class Membership(models.Model):
    """A person protected in one work under one agreement, for a half-open period of dates.

    ``since`` is the first day of the first contribution month, ``registered_on`` the day of enrolment. ``until``
    equal to ``since`` says that the joining was taken back: an empty period covers and costs nothing. ``slot`` is
    1 or 2 for a BPU work, because only two are lawful at a time (PP 44/2015 Pasal 11), and null for a wage earner.
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
    slot = models.SmallIntegerField(null=True, default=1, db_default=1)
    cover_since = models.DateField(
        null=True,
        help_text="first day of the work's memberships that this goes on from without a gap; null: its own",
    )
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_period_runs_forward",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="membership_slot_is_one_of_two", condition=Q(slot__isnull=True) | Q(slot__in=(1, 2))
            ),
            ExclusionConstraint(
                name="membership_two_works_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("slot", RangeOperators.EQUAL),
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
                condition=Q(slot__isnull=False),
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

    @property
    def unbroken_since(self) -> datetime.date:
        """The first day of the unbroken time for which somebody was to pay for this work."""
        return self.cover_since or self.since


CONSTRAINT_MESSAGES = {
    "roster_file_once_per_segment": Text(
        "Berkas ini sudah pernah diunggah untuk kelompok pekerja ini. Tidak ada yang berubah.",
        "This file was uploaded for this group of workers before. Nothing changes.",
    ),
    "roster_status_known": Text("Status daftar tidak dikenal.", "Unknown status of the roster."),
    "roster_row_verdict_known": Text("Putusan baris tidak dikenal.", "Unknown verdict."),
    "roster_row_enrolled_names_its_person": Text(
        "Baris terdaftar harus menunjuk orangnya.", "An enrolled row must name its person."
    ),
    "roster_enrolled_stays": Text(
        "Sudah ada yang didaftarkan dari daftar ini, jadi daftarnya tidak ditarik atau diperiksa dari awal.",
        "People of this list are enrolled, so the list is neither withdrawn nor checked from its beginning.",
    ),
    "roster_progress_within_its_rows": Text(
        "Hitungan baris yang diperiksa tidak cocok.", "The count of judged rows does not fit."
    ),
    "roster_cancelled_who_and_when_together": Text(
        "Pembatalan ditulis bersama nama dan waktunya.", "Who cancelled and when belong together."
    ),
    "roster_row_gone_is_not_ready": Text(
        "Orang yang tidak ada lagi di berkas perbaikan tidak didaftarkan. Tekan Tetap ikut dulu di halaman barisnya.",
        "Who is no longer in the corrected file is not enrolled. First press Stays in on the page of the row.",
    ),
    "correction_once_per_revision": Text(
        "Berkas perbaikan ini sudah dibandingkan. Buka ringkasannya.",
        "This corrected file was compared already. Open its summary.",
    ),
    "correction_counts_not_negative": Text(
        "Hitungan perubahan tidak boleh negatif.", "Counts of changes are not negative."
    ),
    "correction_stored_who_and_when_together": Text(
        "Penyimpanan perbaikan ditulis bersama nama dan waktunya.",
        "Who stored the correction and when belong together.",
    ),
    "column_word_once_per_sponsor": Text(
        "Judul kolom ini sudah dikenal. Ubah yang ada.", "This heading is known already. Change that one."
    ),
    "column_word_field_known": Text(
        "Arti kolom tidak dikenal. Pilih dari daftar.", "Unknown meaning of a column. Choose from the list."
    ),
    "work_kind_known": Text("Jenis pekerjaan tidak dikenal.", "Unknown kind of work."),
    "work_of_an_employer_names_it": Text(
        "Pekerjaan penerima upah harus menunjuk unit pemberi kerjanya.",
        "The work of a wage earner must name its employer unit.",
    ),
    "work_unit_once_per_person": Text(
        "Pekerjaan di unit ini sudah tercatat untuk orang ini.",
        "The work at this unit is recorded for this person already.",
    ),
    "membership_slot_is_one_of_two": Text(
        "Paling banyak dua pekerjaan BPU untuk satu orang (PP 44/2015 Pasal 11).",
        "At most two BPU occupations for one person (PP 44/2015 Article 11).",
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
    "quota_not_below_its_members": Text(
        "Kuota tidak boleh di bawah jumlah orang yang masih terdaftar di segmen itu. Catat dulu siapa yang keluar.",
        "A quota cannot be below the number of people still enrolled in that segment. First record who leaves.",
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
        "roster_progress_of_its_sponsors_roster",
        "roster_row_change_of_its_sponsors_roster",
        "correction_of_its_sponsors_roster",
        "membership_of_its_persons_work",
        "membership_of_its_sponsors_segment",
    ),
    _FOREIGN,
)
CONSTRAINT_MESSAGES |= branch_records.CONSTRAINT_MESSAGES | export_records.CONSTRAINT_MESSAGES
CONSTRAINT_MESSAGES |= employment.MESSAGES | row_records.MESSAGES | own_records.MESSAGES
