"""What is stored about people with accounts: changes by two persons, one-time links, open sessions, known devices."""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

CHANGE_OPEN_FOR = datetime.timedelta(days=7)
"""A request that nobody has approved by then must be made again."""
LINK_VALID_FOR = datetime.timedelta(hours=72)
DEVICE_KNOWN_FOR = datetime.timedelta(days=90)


class ChangeKind(models.TextChoices):
    """What one administrator asks for and another approves."""

    INVITE = "invite"
    APPOINT = "appoint"
    END = "end"
    DEACTIVATE = "deactivate"
    ACTIVATE = "activate"
    RESET_CODE = "reset_code"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a change, no password
    API_KEY = "api_key"


class Decision(models.TextChoices):
    """What became of a request."""

    APPROVED = "approved"
    DECLINED = "declined"
    LAPSED = "lapsed"


WITH_A_ROLE = (ChangeKind.INVITE, ChangeKind.APPOINT)
WITH_A_LINK = (ChangeKind.INVITE, ChangeKind.RESET_PASSWORD)


class AccountChange(models.Model):
    """A change of an account or a role: asked for by one administrator, decided by another within seven days.

    `organisation` is where it takes effect. An invitation has no user yet: name and user name stand here.
    An API key has its own name and what it may do here, and acts as a user, or for a partner's system (`partner`).
    `decided_in` is the transaction of the decision, in which alone the change can be carried out. Nobody asked for the
    invitations of the first administrators: the installation made them.
    """

    kind = models.CharField(max_length=16)
    user = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True, default="")
    username = models.CharField(max_length=60, blank=True, default="")
    role = models.CharField(max_length=24, blank=True, default="")
    kelurahan_code = models.CharField(max_length=13, blank=True, default="")
    partner = models.ForeignKey("access.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    permissions = ArrayField(models.CharField(max_length=40), default=list)
    since = models.DateField()
    until = models.DateField(null=True)
    reason = models.CharField(max_length=300)
    requested_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decision = models.CharField(max_length=10, blank=True, default="")
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_in = models.CharField(max_length=20, blank=True, default="", editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="account_change_kind_known", condition=Q(kind__in=ChangeKind.values)),
            models.CheckConstraint(
                name="account_change_names_whom",
                condition=Q(kind="invite", user__isnull=True, name__gt="", username__gt="")
                | Q(kind="api_key", name__gt="", username="")
                | (~Q(kind__in=["invite", "api_key"]) & Q(user__isnull=False, name="", username="")),
            ),
            models.CheckConstraint(
                name="account_change_key_whole",
                condition=Q(kind="api_key", permissions__len__gt=0)
                & (Q(user__isnull=True, partner__isnull=False) | Q(user__isnull=False, partner__isnull=True))
                | (~Q(kind="api_key") & Q(partner__isnull=True, permissions__len=0)),
            ),
            models.CheckConstraint(
                name="account_change_role_whole",
                condition=Q(kind__in=WITH_A_ROLE, role__gt="") | (~Q(kind__in=WITH_A_ROLE) & Q(role="")),
            ),
            models.CheckConstraint(
                name="account_change_operator_has_a_kelurahan",
                condition=Q(role="kelurahan_operator", kelurahan_code__gt="")
                | (~Q(role="kelurahan_operator") & Q(kelurahan_code="")),
            ),
            models.CheckConstraint(name="account_change_has_a_reason", condition=Q(reason__gt="")),
            models.CheckConstraint(
                name="account_change_decided_whole",
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision__in=Decision.values, decided_by__isnull=False) & Q(decided_at__isnull=False)
                | Q(requested_by__isnull=True, decision="approved", decided_by__isnull=True)
                & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="account_change_asked_by_somebody",
                condition=Q(requested_by__isnull=False)
                | Q(kind="invite", role="administrator", decision="approved", decided_by__isnull=True),
            ),
            models.CheckConstraint(
                name="account_change_by_two_people",
                condition=~Q(decision="approved") | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="account_change_not_for_oneself",
                condition=Q(user__isnull=True)
                | (~Q(user=F("requested_by")) & (Q(decided_by__isnull=True) | ~Q(user=F("decided_by")))),
            ),
            models.CheckConstraint(
                name="account_change_in_time",
                condition=~Q(decision="approved")
                | Q(decided_at__gte=F("requested_at"), decided_at__lt=F("requested_at") + CHANGE_OPEN_FOR),
            ),
            # One question at a time about one person; served by the user's own page too.
            models.UniqueConstraint(
                name="account_change_open_once", fields=["user", "kind"], condition=Q(decision="")
            ),
            models.UniqueConstraint(
                name="account_change_one_invitation",
                fields=["username"],
                condition=Q(decision="", kind="invite"),
            ),
        ]
        indexes = [
            # What waits for a second person, oldest first.
            models.Index(name="account_change_waiting", fields=["requested_at"], condition=Q(decision="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of user {self.user_id or self.username}"

    def is_open(self, *, now: datetime.datetime) -> bool:
        """Whether it still waits for a second person."""
        return not self.decision and now < self.requested_at + CHANGE_OPEN_FOR


class OneTimeLink(models.Model):
    """A link handed over on paper: to join, or to set a new password. Only the hash of its token is kept."""

    change = models.ForeignKey(AccountChange, on_delete=models.PROTECT, related_name="links")
    token_hash = models.BinaryField(max_length=32, unique=True)
    issued_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_time_link_open_once",
                fields=["change"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="one_time_link_used_or_revoked",
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="one_time_link_for_three_days",
                condition=Q(expires_at__gt=F("issued_at"), expires_at__lte=F("issued_at") + LINK_VALID_FOR),
            ),
        ]

    def __str__(self) -> str:
        return f"link of change {self.change_id}"


class OpenSession(models.Model):
    """A session somebody is signed in with: where and since when. Its key is sealed; it is found by a hash."""

    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    key_hash = models.BinaryField(max_length=32, unique=True)
    key_sealed = models.BinaryField()
    device = models.CharField(max_length=80)
    place = models.CharField(max_length=60)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cut_off = models.BooleanField(
        default=False, db_default=False, help_text="ended from elsewhere while both factors were given"
    )

    class Meta:
        indexes = [
            # The sessions of one user, newest first.
            models.Index(name="open_session_of_user", fields=["user", "-seen_at"]),
        ]

    def __str__(self) -> str:
        return f"session of user {self.user_id}"


class Device(models.Model):
    """A computer of a kelurahan on which the code is asked once a day for each user, not at each sign-in."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    name = models.CharField(max_length=60)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    kelurahan_code = models.CharField(max_length=13)
    registered_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="device_known_for_ninety_days",
                condition=Q(
                    expires_at__gt=F("registered_at"), expires_at__lte=F("registered_at") + DEVICE_KNOWN_FOR
                ),
            ),
            models.CheckConstraint(
                name="device_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="device_stands_somewhere", condition=Q(kelurahan_code__gt="", name__gt="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DevicePass(models.Model):
    """A user gave her code on this device on this day; until its end her password is enough there."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="passes")
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="device_pass_once_a_day", fields=["device", "user", "day"])
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on device {self.device_id}, {self.day}"
