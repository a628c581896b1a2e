"""Whose rows may be seen, by whom: the scope of a user, and the transaction that carries it to PostgreSQL.

Row-level security reads six settings of the running transaction. None of them set, or set to '', means:
sees nothing. They are always set for the transaction only, so no pooled connection can leak them.

    app.actor       the user's id, or '' when the system acts
    app.actor_name  the name written into the audit trail
    app.scope       '' | 'working' | 'reading' | 'users' | 'system:<name>'
    app.sponsors    '' | '{3,7}' (ids of cities) | '*'
    app.kelurahan   '' | one kelurahan's code | '*'
    app.organisations  '' | '{1,2}' (ids of the organisations whose users an administrator manages)
"""

import datetime
import enum
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from lindung.access.models import Appointment, Organisation, OrganisationKind, Role, ServedCity, User

SETTINGS = ("app.actor", "app.actor_name", "app.scope", "app.sponsors", "app.kelurahan", "app.organisations")
EVERYWHERE = "*"


class Actor(NamedTuple):
    """Who acts: a user, or the system under a name of its own (`user_id` is None)."""

    user_id: int | None
    name: str

    @classmethod
    def of(cls, user: User) -> "Actor":
        """The signed-in user as an actor."""
        return cls(user.pk, user.name)

    @property
    def person_id(self) -> int:
        """The user's id, where only a person may act. Raises ValueError for the system."""
        if self.user_id is None:
            raise ValueError(f"{self.name!r} is not a person")
        return self.user_id


NOBODY = Actor(None, "")


class Sight(enum.StrEnum):
    """What a scope is for; 'reading' may add and change nothing."""

    NOTHING = ""
    WORKING = "working"
    READING = "reading"
    USERS = "users"


class SystemScope(enum.StrEnum):
    """The closed list of errands on which the system itself sees rows."""

    ENROLLING = "enrolling"
    JUDGING = "judging"
    BILLING = "billing"
    SETTLING = "settling"
    BRANCH_WORD = "branch_word"
    NOTIFYING = "notifying"
    DEMO = "demo"
    PUBLIC_CHECK = "public_check"
    SIGNING_IN = "signing_in"
    MAINTENANCE = "maintenance"


# Signing in writes to the audit trail and needs to see no sponsor's rows.
_SEES_NO_SPONSOR = frozenset({SystemScope.SIGNING_IN})


class Scope(NamedTuple):
    """The rows that may be seen, as the database understands them. The default sees nothing."""

    sight: str = Sight.NOTHING
    sponsors: str = ""
    kelurahan: str = ""
    organisations: str = ""

    @classmethod
    def of_sponsors(cls, *ids: int, sight: Sight = Sight.WORKING, kelurahan: str = EVERYWHERE) -> "Scope":
        """Rows of these cities; of one kelurahan only, when named. No city at all means nothing."""
        if not ids or not kelurahan:
            return NOTHING
        return cls(sight, _listed(ids), kelurahan)

    @classmethod
    def of_users(cls, *organisation_ids: int) -> "Scope":
        """The users of these organisations: an administrator's sight, which shows no person and no money."""
        return cls(Sight.USERS, organisations=_listed(organisation_ids))

    @property
    def sponsor_ids(self) -> tuple[int, ...]:
        """The cities in sight, for filters and choices; empty for system scopes, which see all."""
        return _ids(self.sponsors)

    @property
    def organisation_ids(self) -> tuple[int, ...]:
        """The organisations whose users are managed; empty for everybody but an administrator."""
        return _ids(self.organisations)

    @property
    def kelurahan_code(self) -> str:
        """The one kelurahan in sight, or '' when there is no such limit."""
        return "" if self.kelurahan == EVERYWHERE else self.kelurahan

    @property
    def may_write(self) -> bool:
        """False for those who only look."""
        return self.sight == Sight.WORKING or self.sight.startswith("system:")


def _listed(ids: Iterable[int]) -> str:
    return "{" + ",".join(str(int(id)) for id in sorted(ids)) + "}"


def _ids(listed: str) -> tuple[int, ...]:
    return () if listed in ("", "{}", EVERYWHERE) else tuple(int(id) for id in listed[1:-1].split(","))


NOTHING = Scope()

_CITY_ROLES = {
    Role.CITY_OFFICER: Sight.WORKING,
    Role.FINANCE_OFFICER: Sight.WORKING,
    Role.KELURAHAN_OPERATOR: Sight.WORKING,
    Role.AUDITOR: Sight.READING,
    Role.MAYOR: Sight.READING,
}
_BRANCH_ROLES = frozenset({Role.BRANCH_OFFICER, Role.CLAIMS_APPROVER, Role.BRANCH_HEAD})
_CITY_KINDS = frozenset({OrganisationKind.CITY, OrganisationKind.OFFICE})


def user_named(username: str) -> User:
    """The user of this name, for a door that knows nothing else of her yet. Raises User.DoesNotExist."""
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        return User.objects.get(username=username.lower())


def appointment_of(user: User, on: datetime.date) -> Appointment | None:
    """The one appointment in force on this day; the database forbids a second.

    Whose sight it is to be is found out before anybody has a sight: an errand of the system.
    """
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        return appointment_in_sight(user, on)


def appointment_in_sight(user: User, on: datetime.date) -> Appointment | None:
    """The same, for a caller whose own scope shows this user."""
    held = Appointment.objects.select_related("organisation").filter(user=user, since__lte=on)
    return held.exclude(until__lte=on).first()


def scope_of(user: User, on: datetime.date) -> Scope:
    """What this user sees on this day; nothing without an appointment or when not active."""
    appointment = appointment_of(user, on) if user.is_active else None
    return NOTHING if appointment is None else scope_of_appointment(appointment)


def scope_of_appointment(appointment: Appointment) -> Scope:
    """What the holder of this appointment sees while it is in force."""
    role, organisation = Role(appointment.role), appointment.organisation
    if role == Role.ADMINISTRATOR:
        return Scope.of_users(*_managed_by(organisation))
    if role in _BRANCH_ROLES and organisation.kind == OrganisationKind.BRANCH:
        return Scope.of_sponsors(*_cities_of(organisation))
    if role in _CITY_ROLES and organisation.kind in _CITY_KINDS:
        return _city_scope(appointment, _CITY_ROLES[role])
    if role == Role.INTEGRATOR and organisation.kind == OrganisationKind.INTEGRATOR:
        return Scope.of_sponsors(*_served_by(organisation))
    return NOTHING


def _city_scope(appointment: Appointment, sight: Sight) -> Scope:
    sponsor = appointment.organisation.sponsor_id
    if sponsor is None:
        return NOTHING
    one_place = appointment.role == Role.KELURAHAN_OPERATOR
    place = appointment.kelurahan_code if one_place else EVERYWHERE
    return Scope.of_sponsors(sponsor, sight=sight, kelurahan=place)


def _managed_by(organisation: Organisation) -> list[int]:
    """The organisation and, of a city, its offices."""
    offices = Organisation.objects.filter(parent=organisation).values_list("pk", flat=True)
    return [organisation.pk, *offices]


def _cities_of(branch: Organisation) -> list[int]:
    cities = Organisation.objects.filter(kind=OrganisationKind.CITY, branch=branch)
    return list(cities.values_list("pk", flat=True))


def _served_by(integrator: Organisation) -> list[int]:
    """The cities this partner works for; none were given to it: it sees nothing."""
    served = ServedCity.objects.filter(integrator=integrator, ended_at__isnull=True)
    return list(served.values_list("city_id", flat=True))


@contextmanager
def in_scope(scope: Scope, *, actor: Actor, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Open a transaction in which `actor` sees `scope`; what held before holds again afterwards.

    An exception rolls the transaction (or, when nested, its savepoint) back, and PostgreSQL restores the
    settings with it. On the good way out a nested scope restores them here.
    """
    nested = connections[using].in_atomic_block
    with transaction.atomic(using=using):
        before = _current(using) if nested else None
        _set(_values(scope, actor), using)
        yield
        if before is not None and not connections[using].needs_rollback:
            _set(before, using)


@contextmanager
def system_scope(name: SystemScope | str, *, actor: Actor, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Open a transaction for one of the system's own errands.

    Raises ValueError for a name that is not in `SystemScope`.
    """
    errand = SystemScope(name)
    everywhere = "" if errand in _SEES_NO_SPONSOR else EVERYWHERE
    with in_scope(Scope(f"system:{errand}", everywhere, everywhere), actor=actor, using=using):
        yield


def _values(scope: Scope, actor: Actor) -> tuple[str, ...]:
    actor_id = "" if actor.user_id is None else str(actor.user_id)
    return (actor_id, actor.name, str(scope.sight), scope.sponsors, scope.kelurahan, scope.organisations)


def _set(values: tuple[str, ...], using: str) -> None:
    calls = ", ".join("set_config(%s, %s, true)" for _ in SETTINGS)
    pairs = [text for pair in zip(SETTINGS, values, strict=True) for text in pair]
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {calls}", pairs)


def _current(using: str) -> tuple[str, ...]:
    calls = ", ".join("coalesce(current_setting(%s, true), '')" for _ in SETTINGS)
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {calls}", list(SETTINGS))
        row: tuple[str, ...] = cursor.fetchone()
    return row
