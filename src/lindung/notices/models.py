"""What is stored of a notice: to whom, about what, by which channel, how far it came; and who switched notices on."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lindung.access.models import AuditEvent, Organisation, User
from lindung.law.text import Text


class Channel(models.TextChoices):
    """The ways to a person."""

    EMAIL = "email", "Surel"
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"
    LETTER = "letter", "Surat"


class State(models.TextChoices):
    """How far a notice came; `notices_noticestep` says which state may follow which."""

    WAITING = "waiting", "Menunggu"
    NO_CHANNEL = "no_channel", "Tidak ada saluran"
    SENDING = "sending", "Sedang dikirim"
    SENT = "sent", "Terkirim"
    FAILED = "failed", "Gagal, akan dicoba lagi"
    UNKNOWN = "unknown", "Perlu dilihat"
    GIVEN_UP = "given_up", "Gagal"
    CANCELLED = "cancelled", "Dibatalkan"
    PRINTED = "printed", "Dicetak"
    HANDED_OVER = "handed_over", "Diserahkan"


STATE_NAMES = {
    State.WAITING: Text("Menunggu", "Waiting"),
    State.NO_CHANNEL: Text("Saluran belum disiapkan", "No channel set up"),
    State.SENDING: Text("Sedang dikirim", "Being sent"),
    State.SENT: Text("Terkirim", "Sent"),
    State.FAILED: Text("Belum berhasil, dicoba lagi", "Not yet, tried again"),
    State.UNKNOWN: Text("Perlu dilihat", "To be looked at"),
    State.GIVEN_UP: Text("Gagal", "Given up"),
    State.CANCELLED: Text("Dibatalkan", "Cancelled"),
    State.PRINTED: Text("Dicetak", "Printed"),
    State.HANDED_OVER: Text("Diserahkan", "Handed over"),
}
CHANNEL_NAMES = {
    Channel.EMAIL: Text("Surel", "E-mail"),
    Channel.SMS: Text("SMS", "SMS"),
    Channel.WHATSAPP: Text("WhatsApp", "WhatsApp"),
    Channel.LETTER: Text("Surat", "Letter"),
}
OF_LETTERS = (State.PRINTED, State.HANDED_OVER)
OF_WIRES = (State.NO_CHANNEL, State.SENDING, State.SENT, State.FAILED, State.UNKNOWN, State.GIVEN_UP)
WITH_A_REASON = (State.FAILED, State.UNKNOWN, State.GIVEN_UP, State.CANCELLED)
_NO_NIK = r"(^|[^0-9])[0-9]{16}([^0-9]|$)"


class Notice(models.Model):
    """One message to one person by one channel, in the outbox since the transaction that it tells of.

    ``key`` says what happened and to whom, so that the same event is told once. The address is sealed and bound to
    this row; people see it masked. ``person_id`` is a plain number: this room knows nobody.
    """

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel)
    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kelurahan_code = models.CharField(max_length=13, blank=True)
    person_id = models.BigIntegerField(null=True)
    to_name = models.CharField(max_length=200)
    address_sealed = models.BinaryField(null=True)
    address_masked = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=120)
    body = models.TextField()
    state = models.CharField(max_length=11, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    attempt = models.UUIDField(null=True, help_text="drawn anew each time it is taken up to be sent")
    lease_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=120, blank=True, help_text="how the other side calls it")
    sent_at = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(
        User, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    handed_over_to = models.CharField(max_length=120, blank=True)
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")
    changed_event = models.ForeignKey(
        AuditEvent, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            # Serves the delivery: what is due, oldest first.
            models.Index(
                name="notice_due",
                fields=["not_before", "id"],
                condition=Q(state__in=["waiting", "failed"]) & ~Q(channel="letter"),
            ),
            # Serves the page of a person, and the page of a city by state.
            models.Index(
                name="notice_of_a_person", fields=["person_id"], condition=Q(person_id__isnull=False)
            ),
            models.Index(name="notice_by_state", fields=["sponsor", "state", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_kind_named", condition=Q(kind__regex=r"^[a-z]+\.[a-z0-9_]+$")
            ),
            models.CheckConstraint(name="notice_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(name="notice_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="notice_has_an_address",
                condition=Q(channel="letter", address_sealed__isnull=True, kelurahan_code__gt="")
                | (~Q(channel="letter") & Q(address_sealed__isnull=False, address_masked__gt="")),
            ),
            models.CheckConstraint(
                name="notice_without_nik",
                condition=~Q(key__regex=_NO_NIK)
                & ~Q(to_name__regex=_NO_NIK)
                & ~Q(title__regex=_NO_NIK)
                & ~Q(body__regex=_NO_NIK)
                & ~Q(reason__regex=_NO_NIK),
            ),
            models.CheckConstraint(
                name="notice_letter_goes_on_paper",
                condition=(Q(channel="letter") & ~Q(state__in=OF_WIRES))
                | (~Q(channel="letter") & ~Q(state__in=OF_LETTERS)),
            ),
            models.CheckConstraint(
                name="notice_sending_under_a_lease",
                condition=Q(state="sending", lease_until__isnull=False, attempt__isnull=False)
                | (~Q(state="sending") & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="notice_sent_when", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="notice_says_why", condition=~Q(state__in=WITH_A_REASON) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="notice_handed_over_whole",
                condition=Q(state="handed_over", handed_over_at__isnull=False, handed_over_by__isnull=False)
                & ~Q(handed_over_to="")
                | (~Q(state="handed_over") & Q(handed_over_at__isnull=True, handed_over_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class NoticeStep(models.Model):
    """A step from one state to another that the database lets happen; filled by a migration."""

    pk = models.CompositePrimaryKey("from_state", "to_state")
    from_state = models.CharField(max_length=11)
    to_state = models.CharField(max_length=11)

    def __str__(self) -> str:
        return f"{self.from_state} -> {self.to_state}"


class NoticeSetting(models.Model):
    """How a city tells people, as an officer set it; the newest revision counts. Added, never changed.

    ``channels`` in the order of preference; ``quiet_from`` to ``quiet_until`` are whole hours in Asia/Jakarta in which
    nothing leaves. Without any row a city tells nobody.
    """

    sponsor = models.ForeignKey(Organisation, db_index=False, on_delete=models.PROTECT, related_name="+")
    revision = models.IntegerField()
    is_on = models.BooleanField()
    channels = ArrayField(models.CharField(max_length=8))
    quiet_from = models.SmallIntegerField()
    quiet_until = models.SmallIntegerField()
    set_by = models.ForeignKey(User, db_index=False, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notice_setting_once_per_revision", fields=["sponsor", "revision"]),
            models.CheckConstraint(
                name="notice_setting_of_known_channels",
                condition=Q(channels__contained_by=Channel.values) & Q(channels__len__gt=0),
            ),
            models.CheckConstraint(
                name="notice_setting_hours_of_a_day",
                condition=Q(quiet_from__gte=0, quiet_from__lte=23, quiet_until__gte=0, quiet_until__lte=23)
                & ~Q(quiet_from=F("quiet_until")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor_id} revision {self.revision}"


CONSTRAINT_MESSAGES = {
    "notices_notice_key_key": Text(
        "Kejadian ini sudah diberitahukan kepada orang ini.", "This person was told of this already."
    ),
    "notice_kind_named": Text("Jenis pemberitahuan tidak dikenal.", "Unknown kind of notice."),
    "notice_channel_known": Text("Saluran tidak dikenal.", "Unknown channel."),
    "notice_state_known": Text("Keadaan pemberitahuan tidak dikenal.", "Unknown state of a notice."),
    "notice_has_an_address": Text(
        "Pemberitahuan perlu alamat: nomor atau surel, dan untuk surat kelurahannya.",
        "A notice needs an address: a number or an e-mail, and for a letter its kelurahan.",
    ),
    "notice_without_nik": Text(
        "Pemberitahuan tidak boleh memuat NIK. Hapus nomornya.", "A notice may hold no NIK. Remove it."
    ),
    "notice_letter_goes_on_paper": Text(
        "Surat dicetak dan diserahkan, tidak dikirim lewat jaringan.",
        "A letter is printed and handed over, never sent over the wire.",
    ),
    "notice_sending_under_a_lease": Text(
        "Pemberitahuan yang sedang dikirim harus punya batas waktu.",
        "A notice that is being sent has a time limit.",
    ),
    "notice_sent_when": Text("Catat waktu terkirimnya.", "Say when it was sent."),
    "notice_says_why": Text("Tulis alasannya.", "Write the reason."),
    "notice_handed_over_whole": Text(
        "Catat siapa yang menyerahkan, kapan, dan kepada siapa.",
        "Record who handed it over, when and to whom.",
    ),
    "notice_begins_waiting": Text(
        "Pemberitahuan baru mulai dari keadaan menunggu.", "A new notice begins by waiting."
    ),
    "notice_step_allowed": Text(
        "Pemberitahuan ini sudah berubah keadaannya. Buka lagi halamannya.",
        "This notice has moved on meanwhile. Open the page again.",
    ),
    "notice_setting_once_per_revision": Text(
        "Pengaturan baru saja diubah orang lain. Buka lagi, lalu ulangi.",
        "Somebody else has just changed the setting. Open it again and repeat.",
    ),
    "notice_setting_of_known_channels": Text(
        "Pilih paling sedikit satu saluran.", "Choose at least one channel."
    ),
    "notice_setting_hours_of_a_day": Text(
        "Jam tenang harus dua jam berbeda antara 0 dan 23.",
        "Quiet hours are two different hours between 0 and 23.",
    ),
}
