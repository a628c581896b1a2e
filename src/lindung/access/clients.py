"""Gives another system a key of its own and takes it back; and says for which cities a partner works."""

import datetime
import secrets
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from lindung.access.audit import record
from lindung.access.models import (
    ApiClient,
    Appointment,
    Organisation,
    OrganisationKind,
    ServedCity,
    User,
)
from lindung.access.names import with_users
from lindung.access.roles import Permission, duties_of
from lindung.access.scope import NOBODY, Actor, SystemScope, appointment_of, system_scope
from lindung.access.sealing import blind_index
from lindung.engine.refusals import Refusal
from lindung.law.months import day_label
from lindung.law.text import Text


class NewKey(NamedTuple):
    """A key as it is handed over: the secret is shown this once and kept as a hash only."""

    client_id: str
    secret: str
    permissions: tuple[Permission, ...]


class ClientShown(NamedTuple):
    """A key as an administrator sees it."""

    client_id: str
    name: str
    username: str
    permissions: tuple[str, ...]
    created_by: str
    created_at: datetime.datetime
    revoked_at: datetime.datetime | None


class NotOfTheRole(Refusal):
    """The key would be allowed more than its user."""

    code = "client.beyond_role"


class NoRole(Refusal):
    """The user holds no role on the day."""

    code = "client.no_role"


class NobodyActs(Refusal):
    """Keys are given by a person, never by the system."""

    code = "client.nobody"


class NoSuchClient(Refusal):
    """There is no such key, or it was withdrawn before."""

    code = "client.unknown"


class NotYourCity(Refusal):
    """Only a city's own administrators give it to a partner or take it away."""

    code = "client.not_your_city"


def create(
    *,
    name: str,
    user: User,
    permissions: Iterable[Permission] = (),
    by: Actor,
    now: datetime.datetime,
) -> NewKey:
    """Make a key with which a machine acts as `user`; without `permissions`, with all that the role has.

    Raises NoRole, NotOfTheRole, and IntegrityError when `by` is the user.
    """
    appointment = appointment_of(user, now.date()) if user.is_active else None
    if appointment is None:
        raise NoRole(_NO_ROLE.filled(user=user.username, on=day_label(now.date())), field="user")
    allowed = _allowed(appointment.role, permissions)
    key = NewKey(f"lc_{secrets.token_hex(12)}", secrets.token_urlsafe(32), allowed)
    ApiClient.objects.create(
        client_id=key.client_id,
        name=name,
        user=user,
        permissions=[str(permission) for permission in allowed],
        secret_hash=blind_index("api_secret", key.secret),
        created_by_id=_person(by),
        created_at=now,
    )
    record(
        "client.created",
        by=by,
        subject=f"user:{user.pk}",
        sponsor_id=appointment.organisation.sponsor_id,
        detail={"client": key.client_id, "permissions": [str(each) for each in allowed]},
    )
    return key


def user_for_key(username: str) -> User:
    """Whom a key may be made for: a user in the caller's sight, or one of a partner. Raises User.DoesNotExist."""
    found = User.objects.filter(username=username.lower()).first()
    if found is not None:
        return found
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        return User.objects.get(username=username.lower(), pk__in=_partners())


def revoke(*, client_id: str, by: Actor, now: datetime.datetime) -> None:
    """Withdraw a key in the caller's sight for good; its tokens stop at once. Raises NoSuchClient."""
    client = _in_sight().filter(client_id=client_id, revoked_at__isnull=True).first()
    if client is None:
        raise NoSuchClient(_UNKNOWN.filled(client=client_id), field="client")
    ApiClient.objects.filter(pk=client.pk).update(revoked_by_id=_person(by), revoked_at=now)
    record(
        "client.revoked",
        by=by,
        subject=f"user:{client.user_id}",
        sponsor_id=None,
        detail={"client": client_id},
    )


def listed() -> list[ClientShown]:
    """The keys of the users in the caller's sight and of partners, the newest first."""
    found = list(_in_sight().order_by("-pk"))
    # The names apart, and as the system knows them: who made a key stays known when she has gone elsewhere.
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        clients = with_users(found, "user", "created_by")
    return [
        ClientShown(
            client_id=client.client_id,
            name=client.name,
            username=client.user.username,
            permissions=tuple(client.permissions),
            created_by=client.created_by.username,
            created_at=client.created_at,
            revoked_at=client.revoked_at,
        )
        for client in clients
    ]


def _in_sight() -> QuerySet[ApiClient]:
    """The keys an administrator looks after; not those of another city's users."""
    owners = ApiClient.objects.values("user_id")
    seen = set(User.objects.filter(pk__in=owners).values_list("pk", flat=True))
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        seen |= set(_partners())
    return ApiClient.objects.filter(user_id__in=seen)


def _partners() -> QuerySet[Appointment, int]:
    """The ids of users who hold, or held, a role at a partner; asked in the system's scope."""
    held = Appointment.objects.filter(organisation__kind=OrganisationKind.INTEGRATOR)
    return held.values_list("user_id", flat=True)


def serve(*, integrator: Organisation, city: Organisation, by: Actor, now: datetime.datetime) -> None:
    """Let a partner's system work for a city: its users see that city's rows.

    Raises NotYourCity for a city whose users the caller does not manage, IntegrityError when it serves it already.
    """
    _refuse_strange(city)
    ServedCity.objects.create(integrator=integrator, city=city, given_by_id=_person(by), given_at=now)
    _note_city("client.city_given", integrator, city, by)


def end_service(*, integrator: Organisation, city: Organisation, by: Actor, now: datetime.datetime) -> bool:
    """Take a city away from a partner's system; False when it did not serve it. Raises NotYourCity."""
    _refuse_strange(city)
    served = ServedCity.objects.filter(integrator=integrator, city=city, ended_at__isnull=True)
    ended = served.update(ended_by_id=_person(by), ended_at=now) == 1
    if ended:
        _note_city("client.city_ended", integrator, city, by)
    return ended


def _refuse_strange(city: Organisation) -> None:
    """A city's people are shown to a partner by the administrators of that city alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lindung_manages(%s) OR lindung_serves_accounts()", [city.pk])
        (managed,) = cursor.fetchone() or (False,)
    if not managed:
        raise NotYourCity(_NOT_YOURS.filled(city=city.name), field="city")


def _person(by: Actor) -> int:
    if by.user_id is None:
        raise NobodyActs(_NOBODY)
    return by.user_id


def _note_city(action: str, integrator: Organisation, city: Organisation, by: Actor) -> None:
    record(
        action,
        by=by,
        subject=f"organisation:{integrator.pk}",
        sponsor_id=city.pk,
        detail={"integrator": integrator.code, "city": city.code},
    )


def _allowed(role: str, asked: Iterable[Permission]) -> tuple[Permission, ...]:
    held = duties_of(role).may
    wanted = tuple(sorted(set(asked) or held))
    beyond = [str(permission) for permission in wanted if permission not in held]
    if beyond or not wanted:
        text = _BEYOND.filled(role=duties_of(role).label, beyond=", ".join(beyond) or "-")
        raise NotOfTheRole(text, field="permissions")
    return wanted


_NOT_YOURS = Text(
    "{city} bukan kota Anda. Minta administrator {city} melakukannya.",
    "{city} is not your city. Ask an administrator of {city} to do it.",
)
_NO_ROLE = Text(
    "{user} tidak punya jabatan pada {on}. Angkat dulu, lalu buat kuncinya.",
    "{user} holds no role on {on}. Appoint the user first, then make the key.",
)
_NOBODY = Text(
    "Kunci diberikan oleh seorang administrator, bukan oleh sistem.",
    "A key is given by an administrator, not by the system.",
)
_UNKNOWN = Text(
    "Tidak ada kunci {client} yang masih berlaku. Lihat daftarnya: ./lindung client list",
    "There is no key {client} in force. See the list: ./lindung client list",
)
_BEYOND = Text(
    "Peran {role} tidak punya izin: {beyond}. Pilih izin yang dimiliki peran itu.",
    "The role {role} does not have: {beyond}. Choose among the permissions of that role.",
)
