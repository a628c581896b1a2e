"""The life of an agreement: which states there are, which step may follow which, and who took each step when."""

from django.db import models
from django.db.models import Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.law.text import Text


class AgreementState(models.TextChoices):
    """How far an agreement has come; only an active one takes people in."""

    DRAFT = "draft", "Konsep"
    IN_REVIEW = "in_review", "Diperiksa"
    SIGNED = "signed", "Ditandatangani"
    ACTIVE = "active", "Berlaku"
    ENDED = "ended", "Berakhir"
    TERMINATED = "terminated", "Dihentikan"

    @property
    def said(self) -> Text:
        """The state in words."""
        return Text(str(self.label), _IN_ENGLISH[self])


_IN_ENGLISH = {
    AgreementState.DRAFT: "Draft",
    AgreementState.IN_REVIEW: "In review",
    AgreementState.SIGNED: "Signed",
    AgreementState.ACTIVE: "Active",
    AgreementState.ENDED: "Ended",
    AgreementState.TERMINATED: "Terminated",
}


class AgreementStep(models.Model):
    """One step that the database allows; every other is refused. Filled by the migration, changed by nobody.

    ``second_person``: whoever wrote or submitted the draft cannot take it. ``needs_reason``: it says why.
    """

    pk = models.CompositePrimaryKey("from_state", "to_state")
    from_state = models.CharField(max_length=10, choices=AgreementState)
    to_state = models.CharField(max_length=10, choices=AgreementState)
    second_person = models.BooleanField()
    needs_reason = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.from_state} -> {self.to_state}"


class AgreementChange(models.Model):
    """One step that was taken, by whom and when. Adding the row is the step: the database moves the agreement.

    A draft that is written or rewritten is the step from draft to draft. ``on`` is the day the step counts from:
    the end of a terminated agreement, where ``until_before`` is the end it had before it was stopped. A stop is put
    right by the step from terminated to terminated.
    """

    agreement = models.ForeignKey(
        "partnership.Agreement", db_constraint=False, on_delete=models.PROTECT, related_name="changes"
    )
    sponsor = models.ForeignKey(Organisation, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    from_state = models.CharField(max_length=10, choices=AgreementState)
    to_state = models.CharField(max_length=10, choices=AgreementState)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    on = models.DateField()
    reason = models.CharField(max_length=400, blank=True, default="")
    until_before = models.DateField(null=True, editable=False, help_text="by the database")
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agreement_change_between_known_states",
                condition=Q(from_state__in=AgreementState.values, to_state__in=AgreementState.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.from_state} -> {self.to_state}"


CONSTRAINT_MESSAGES = {
    "agreement_state_known": Text("Status kerja sama tidak dikenal.", "Unknown state of the agreement."),
    "agreement_over_has_an_end": Text(
        "Kerja sama yang berakhir harus punya tanggal akhir. Isi tanggalnya.",
        "An agreement that is over has an end. Give the date.",
    ),
    "agreement_begins_as_a_draft": Text(
        "Kerja sama selalu mulai sebagai konsep. Tulis konsepnya dulu.",
        "An agreement always begins as a draft. Write the draft first.",
    ),
    "agreement_terms_change_by_addendum": Text(
        "Isi kerja sama yang sudah diajukan tidak bisa diubah langsung. Catat adendum.",
        "What a submitted agreement says cannot be changed directly. Record an addendum.",
    ),
    "segment_terms_change_by_addendum": Text(
        "Segmen dan kuota kerja sama yang sudah diajukan tidak bisa diubah langsung. Catat adendum.",
        "Segments and quotas of a submitted agreement cannot be changed directly. Record an addendum.",
    ),
    "agreement_change_between_known_states": Text(
        "Status kerja sama tidak dikenal.", "Unknown state of the agreement."
    ),
    "agreement_change_of_its_sponsors_agreement": Text(
        "Langkah ini milik kerja sama lain. Mulai dari halaman kerja samanya sendiri.",
        "This step belongs to another agreement. Start from the page of its own agreement.",
    ),
    "agreement_step_allowed": Text(
        "Langkah ini tidak mungkin dari status kerja sama yang sekarang. Muat ulang halaman kerja samanya.",
        "This step is not possible from the agreement's present state. Reload the page of the agreement.",
    ),
    "agreement_step_with_its_reason": Text("Tulis alasannya dulu.", "Write the reason first."),
    "agreement_step_by_a_second_person": Text(
        "Kerja sama diaktifkan orang kedua, bukan yang menulis atau mengajukannya. Minta rekan Anda.",
        "A second person activates an agreement, not the one who wrote or submitted it. Ask a colleague.",
    ),
    "agreement_stop_corrected_by_another": Text(
        "Tanggal berhenti diperbaiki orang lain, bukan yang menghentikan kerja sama ini. Minta rekan Anda.",
        "Somebody else than who stopped this agreement corrects the day. Ask a colleague.",
    ),
    "agreement_signed_with_its_pks": Text(
        "Catat dulu PKS yang ditandatangani.", "Record the signed PKS first."
    ),
    "agreement_ends_when_its_period_is_over": Text(
        "Masa kerja sama belum lewat. Kalau harus berhenti lebih awal, hentikan dengan alasan.",
        "The period of the agreement is not over. To stop it earlier, terminate it with a reason.",
    ),
}
