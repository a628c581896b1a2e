"""What access stores: organisations, users, their appointments, the audit trail, counters and demo links."""

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from lindung.access.client_models import ApiClient, ApiToken, ServedCity
from lindung.access.constraint_messages import CONSTRAINT_MESSAGES

if TYPE_CHECKING:
    _Number = models.BigIntegerField[int, int]
else:  # Django's own fields take no type arguments when they run
    _Number = models.BigIntegerField


class OrganisationKind(models.TextChoices):
    """What an organisation is in the programme; a sponsor is always a city."""

    CITY = "city"
    OFFICE = "office"
    BRANCH = "branch"
    HOSPITAL = "hospital"
    INTEGRATOR = "integrator"


class Organisation(models.Model):
    """A city, one of its offices, a branch of BPJS Ketenagakerjaan, a hospital or a partner's system.

    An office names the city it belongs to (`parent`); a city names the branch its agreements are with
    (`branch`). The id of the city is the `sponsor_id` that row-level security compares.
    """

    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="offices"
    )
    branch = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="cities")
    region_code = models.CharField(max_length=13, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values),
                name="organisation_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="office", parent__isnull=False)
                | (~Q(kind="office") & Q(parent__isnull=True)),
                name="organisation_office_has_a_city",
            ),
            models.CheckConstraint(
                condition=Q(branch__isnull=True) | Q(kind="city"),
                name="organisation_only_a_city_has_a_branch",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sponsor_id(self) -> int | None:
        """The city this organisation acts for, or None when it acts for no single city."""
        if self.kind == OrganisationKind.CITY:
            return self.pk
        return self.parent_id


class UserManager(BaseUserManager["User"]):
    """Finds and makes users; a user name is kept in lower case."""

    def create_user(
        self, username: str, *, name: str, password: str | None = None, email: str = ""
    ) -> "User":
        """Make an active user; without a password nobody can sign in by password."""
        user = self.model(username=username.lower(), name=name, email=self.normalize_email(email))
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of this name, whatever its case."""
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """A person who signs in. What she may do stands in her appointment, never here."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9][a-z0-9._-]*$"),
                name="user_name_is_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """The person's name as shown to colleagues."""
        return self.name

    def get_short_name(self) -> str:
        """The first word of the name."""
        return self.name.split(" ", 1)[0]


class Role(models.TextChoices):
    """Codes of the roles; what each may do, and its name in both languages, stands in `roles.py`."""

    CITY_OFFICER = "city_officer"
    KELURAHAN_OPERATOR = "kelurahan_operator"
    BRANCH_OFFICER = "branch_officer"
    CLAIMS_APPROVER = "claims_approver"
    BRANCH_HEAD = "branch_head"
    FINANCE_OFFICER = "finance_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    MAYOR = "mayor"
    RT_HEAD = "rt_head"
    AGENT = "agent"
    HOSPITAL = "hospital"
    INTEGRATOR = "integrator"


class Appointment(models.Model):
    """One user holds one role at one organisation from `since` until the day before `until` (half-open)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=24)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appointments")
    kelurahan_code = models.CharField(max_length=13, blank=True, default="")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="appointment_one_at_a_time",
                expressions=[
                    (
                        Func(
                            "since", "until", Value("[)"), function="DATERANGE", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("user", RangeOperators.EQUAL),
                ],
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="appointment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="appointment_role_is_known",
            ),
            models.CheckConstraint(
                condition=Q(role="kelurahan_operator", kelurahan_code__gt="")
                | (~Q(role="kelurahan_operator") & Q(kelurahan_code="")),
                name="appointment_operator_has_a_kelurahan",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True, granted_at__isnull=True)
                | Q(granted_by__isnull=False, granted_at__isnull=False),
                name="appointment_who_and_when_together",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
                name="appointment_not_by_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role} ({self.since} - {self.until})"

    def holds(self, on: datetime.date) -> bool:
        """True when the appointment is in force on this day."""
        return self.since <= on and (self.until is None or on < self.until)


class TransactionIdField(_Number):
    """The 64-bit number of the transaction that wrote the row; blocks of the trail are closed by it."""

    def db_type(self, connection: Any) -> str:
        """PostgreSQL's own type, which never wraps round."""
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        """The driver gives xid8 as text."""
        return None if value is None else int(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """As text: PostgreSQL makes no xid8 of a number."""
        return str(value) if isinstance(value, int) else value


class AuditEvent(models.Model):
    """Something a person or the system did. Added, never changed: the app's role holds no such right."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=120)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    sponsor = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    detail = models.JSONField(default=dict)
    txid = TransactionIdField(
        db_default=Func(function="pg_current_xact_id", output_field=TransactionIdField()), editable=False
    )

    class Meta:
        indexes = [
            # The trail of one subject, and of one city, newest first.
            models.Index(fields=["subject", "-id"], name="audit_by_subject"),
            models.Index(fields=["sponsor", "-id"], name="audit_by_sponsor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class LimiterCounter(models.Model):
    """How often something was tried within one window; the key is a hash, so that it names nobody."""

    key_hash = models.BinaryField(max_length=32, primary_key=True)
    hits = models.IntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            # The sweep of windows that are over.
            models.Index(fields=["ends_at"], name="limiter_by_end"),
        ]
        constraints = [models.CheckConstraint(condition=Q(hits__gte=1), name="limiter_counts_from_one")]

    def __str__(self) -> str:
        return f"{self.hits} until {self.ends_at}"


class SignInLink(models.Model):
    """A one-time link of the demo; only the hash of its token is kept."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link of user {self.user_id}"


class SentOnce(models.Model):
    """An order that takes effect once: who sent it under which key, what it was, and how it was answered.

    Written in the transaction of the effect itself: what rolls back leaves no key behind. `answer` is sealed.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.BinaryField(max_length=32)
    answer = models.BinaryField(null=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="order_sent_once", fields=["user", "key"])]

    def __str__(self) -> str:
        return f"order of user {self.user_id}"


class Draft(models.Model):
    """What a person has typed into a page and not sent yet; sealed, and hers alone."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=200)
    content = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="draft_once_per_page", fields=["user", "page"])]

    def __str__(self) -> str:
        return f"draft of user {self.user_id}"


# The tables of people with accounts stand in a file of their own; Django looks for them here.
from lindung.access.account_models import (  # noqa: E402 - they point at the models above
    AccountChange,
    Device,
    DevicePass,
    OneTimeLink,
    OpenSession,
)

__all__ = [
    "CONSTRAINT_MESSAGES",
    "AccountChange",
    "ApiClient",
    "ApiToken",
    "Appointment",
    "AuditEvent",
    "Device",
    "DevicePass",
    "Draft",
    "LimiterCounter",
    "OneTimeLink",
    "OpenSession",
    "Organisation",
    "OrganisationKind",
    "Role",
    "SentOnce",
    "ServedCity",
    "SignInLink",
    "TransactionIdField",
    "User",
    "UserManager",
]
