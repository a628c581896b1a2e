"""What is stored of BPJS's word: the files it came in, member numbers, states of membership, and what explains a gap.

Whatever somebody decides is one row: said by BPJS, then it names the file and line it stands in; or decided here,
then the database asks whether we have the authority. Rows are added, never changed: a later word stands beside
the earlier one.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from lindung.access.models import AuditEvent, Organisation, User
from lindung.documents.models import Document
from lindung.law.text import Text
from lindung.partnership.deciders import Decider
from lindung.people.models import Person

models.CharField.register_lookup(Length)


class WordKind(models.TextChoices):
    """What a file from BPJS says."""

    MEMBER_NUMBER = "member_number"
    STATUS = "status"
    CONTRIBUTION_CODE = "contribution_code"
    BALANCE = "balance"
    DETERMINATION = "determination"


class BranchImport(models.Model):
    """One file with BPJS's word for one city: what it says, of which day, who brought it in, and what came of it."""

    kind = models.CharField(max_length=20)
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    said_on = models.DateField(help_text="date of the word, as the letter or file states it")
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    lines = models.IntegerField()
    accepted = models.IntegerField()
    unknown = models.IntegerField(help_text="lines that name nobody and nothing we know")
    faulty = models.IntegerField(help_text="lines that cannot be read")
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="branch_import_once", fields=["sponsor", "kind", "sha256"]),
            models.CheckConstraint(name="branch_import_kind_known", condition=Q(kind__in=WordKind.values)),
            models.CheckConstraint(
                name="branch_import_loses_no_line",
                condition=Q(lines=F("accepted") + F("unknown") + F("faulty"), accepted__gte=0),
            ),
        ]
        indexes = [models.Index(name="branch_imports_newest_first", fields=["sponsor", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} of {self.said_on}"


class LineOutcome(models.TextChoices):
    """Why a line was not taken."""

    UNKNOWN = "unknown"
    FAULTY = "faulty"


class BranchLine(models.Model):
    """A line that was not taken, with its reason; its cells are sealed and bound to import and line."""

    pk = models.CompositePrimaryKey("word_id", "number")
    word = models.ForeignKey(
        BranchImport, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="left"
    )
    number = models.IntegerField(help_text="line in the sheet, as the officer sees it")
    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=8)
    reason = models.CharField(max_length=40, help_text="a stable code of left_lines.toml")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="branch_line_outcome_known", condition=Q(outcome__in=LineOutcome.values)
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.word_id} line {self.number}"


BPJS_BADGE = Text("Ketetapan BPJS", "BPJS's determination")
HERE_BADGE = Text("Diputuskan di sini", "Decided here")
BADGES: dict[str, Text] = {Decider.BPJS: BPJS_BADGE, Decider.HERE: HERE_BADGE}
"""Whose word a stored one is, by its `decided_by`."""


class Said(models.Model):
    """What every decided row has: whose word it is, of which day, and where it stands."""

    sponsor = models.ForeignKey(
        Organisation, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.CharField(max_length=4)
    said_on = models.DateField()
    word = models.ForeignKey(
        BranchImport, null=True, db_constraint=False, on_delete=models.PROTECT, related_name="+"
    )
    word_kind = models.CharField(max_length=20)
    line = models.IntegerField(null=True)
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def badge(self) -> Text:
        """Whose word it is, as it is worn beside it."""
        return BADGES[self.decided_by]


def of_its_source(table: str, kind: WordKind) -> list[models.BaseConstraint]:
    """What holds for whoever said it: a word of BPJS names file and line, each line once; a decision of ours none."""
    return [
        models.CheckConstraint(
            name=f"{table}_names_its_source",
            condition=Q(word_kind=kind)
            & (
                Q(decided_by="bpjs", word__isnull=False, line__isnull=False)
                | Q(decided_by="here", word__isnull=True, line__isnull=True)
            ),
        ),
        models.UniqueConstraint(name=f"{table}_once_per_line", fields=["word", "line"]),
    ]


class MemberNumber(Said):
    """A KPJ that was given to a person; sealed, and found by its blind index.

    BPJS's word is stored as it was said, also the same number at two people or two at one: the queue of differences
    shows it. What is given here is a number that nobody else holds.
    """

    person = models.ForeignKey(Person, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    kpj_sealed = models.BinaryField()
    kpj_index = models.BinaryField()

    class Meta:
        constraints = [
            *of_its_source("member_number", WordKind.MEMBER_NUMBER),
            models.CheckConstraint(
                name="member_number_index_is_a_blind_index", condition=Q(kpj_index__length=32)
            ),
        ]
        indexes = [models.Index(name="member_numbers_by_number", fields=["kpj_index"])]

    def __str__(self) -> str:
        return f"member number {self.pk}"


class BranchStatus(Said):
    """Active or not according to BPJS, since a day, for the reason BPJS gives."""

    person = models.ForeignKey(Person, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField()
    since = models.DateField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            *of_its_source("branch_status", WordKind.STATUS),
            models.CheckConstraint(
                name="branch_status_holds_by_its_word", condition=Q(since__lte=F("said_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} {'active' if self.active else 'inactive'} since {self.since}"


class NoteState(models.TextChoices):
    """What a note makes of a difference."""

    EXPLAINED = "explained"
    OPEN = "open"


class DifferenceNote(models.Model):
    """Why we differ from BPJS, by whom and when; it holds only while both values are what they were.

    ``difference`` is the stable key of one line of the queue, ``fingerprint`` the hash of its two values. The
    newest note of both counts; a difference without one is open.
    """

    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    difference = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=32)
    state = models.CharField(max_length=10)
    note = models.CharField(max_length=500)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="difference_note_state_known", condition=Q(state__in=NoteState.values)
            ),
            models.CheckConstraint(name="difference_note_says_why", condition=Q(note__length__gte=5)),
        ]
        indexes = [models.Index(name="notes_of_a_difference", fields=["difference", "-id"])]

    def __str__(self) -> str:
        return f"{self.difference}: {self.state}"


CONSTRAINT_MESSAGES = {
    "branch_import_once": Text(
        "Berkas ini sudah pernah dimasukkan. Buka hasilnya.",
        "This file was imported before. Open its result.",
    ),
    "branch_import_kind_known": Text("Pilih isi berkas dari daftar.", "Choose what the file says."),
    "branch_import_loses_no_line": Text(
        "Jumlah baris tidak cocok dengan isinya. Kirim ulang berkasnya.",
        "The lines do not add up. Send the file again.",
    ),
    "branch_line_outcome_known": Text("Hasil baris tidak dikenal.", "Unknown outcome of the line."),
    "member_number_index_is_a_blind_index": Text(
        "Indeks KPJ rusak. Masukkan ulang berkasnya.",
        "The index of the KPJ is damaged. Import the file again.",
    ),
    "branch_status_holds_by_its_word": Text(
        "Status berlaku paling lambat sejak tanggal suratnya. Periksa tanggal mulainya.",
        "A state holds since the day of its letter at the latest. Check since when.",
    ),
    "difference_note_state_known": Text("Pilih dijelaskan atau dibuka lagi.", "Choose explained or open."),
    "difference_note_says_why": Text(
        "Tulis alasannya, paling sedikit lima huruf.", "Write the reason, at least five letters."
    ),
    "difference_note_in_ones_own_name": Text(
        "Penjelasan dicatat atas nama Anda sendiri. Masuk lalu ulangi.",
        "An explanation is recorded in your own name. Sign in and try again.",
    ),
    "member_number_held_by_one": Text(
        "Nomor ini sudah dipegang orang lain. Periksa nomornya pada surat keputusan.",
        "Another person holds this number. Check it on the decision's letter.",
    ),
    "decided_where_authority_is": Text(
        "Ini ketetapan BPJS Ketenagakerjaan. Masukkan berkas dari cabang; Lindung tidak menetapkan sendiri.",
        "BPJS Ketenagakerjaan decides this. Import the branch's file; Lindung does not decide it itself.",
    ),
}

_SOURCE = Text(
    "Ketetapan BPJS harus menyebut berkas dan barisnya. Masukkan lewat berkas dari cabang.",
    "A word of BPJS names its file and line. Bring it in by the branch's file.",
)
_ONCE = Text("Baris berkas ini sudah masuk.", "This line of the file is in already.")
_FILE = Text(
    "Berkasnya bukan berkas kota dan jenis ini. Pilih berkas yang benar.",
    "This is not a file of that city and kind. Choose the right one.",
)
_PERSON = Text(
    "Orang ini bukan peserta kota itu. Periksa NIK-nya.", "This person is not the city's. Check the NIK."
)


def messages_of(table: str, *, of_a_person: bool = True) -> dict[str, Text]:
    """The sentences of what every table of decided rows promises."""
    said = {f"{table}_names_its_source": _SOURCE, f"{table}_once_per_line": _ONCE}
    said[f"{table}_of_its_import"] = _FILE
    return said | ({f"{table}_of_its_sponsors_person": _PERSON} if of_a_person else {})


CONSTRAINT_MESSAGES |= messages_of("member_number") | messages_of("branch_status")
CONSTRAINT_MESSAGES |= dict.fromkeys(("branch_import_of_its_file", "branch_line_of_its_import"), _FILE)
