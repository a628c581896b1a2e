"""Gives another system a key of its own and takes it back; and says for which cities a partner works."""

import datetime
import secrets
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from lindung.access.account_models import ChangeKind
from lindung.access.audit import record
from lindung.access.models import (
    AccountChange,
    ApiClient,
    Appointment,
    Organisation,
    ServedCity,
    User,
)
from lindung.access.names import with_users
from lindung.access.roles import Permission, duties_of
from lindung.access.scope import NOBODY, Actor, SystemScope, appointment_of, system_scope
from lindung.access.sealing import blind_index
from lindung.engine.refusals import Refusal
from lindung.law.months import day_label
from lindung.law.text import Text, joined

PAGE_ROWS = 50


class NewKey(NamedTuple):
    """A key as it is handed over: the secret is shown this once and kept as a hash only."""

    client_id: str
    secret: str
    permissions: tuple[Permission, ...]


class ClientShown(NamedTuple):
    """A key as an administrator sees it; `works` while it is in force and its user's role opens something of it.

    `permissions` is what it was made with, `opens_now` what of it the role of the day and the key together open.
    """

    id: int
    client_id: str
    name: str
    username: str
    holder: str
    role: Text | None
    house: str
    permissions: tuple[str, ...]
    created_by: str
    created_at: datetime.datetime
    last_used_at: datetime.datetime | None
    revoked_by: str
    revoked_at: datetime.datetime | None
    works: bool
    opens_now: tuple[str, ...]


class ClientPage(NamedTuple):
    """A page of the list, of at most 50."""

    keys: list[ClientShown]
    number: int
    pages: int
    total: int


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
    permissions: Iterable[str] = (),
    by: Actor,
    now: datetime.datetime,
    change: AccountChange | None = None,
) -> NewKey:
    """Make a key with which a machine acts as `user`; without `permissions`, with all that the role has.

    `change` is the request that another administrator approved; the database makes no key without one, but for the
    example. Raises NoRole, NotOfTheRole, and IntegrityError when `by` is the user.
    """
    appointment = appointment_of(user, now.date()) if user.is_active else None
    if appointment is None:
        raise NoRole(_NO_ROLE.filled(user=user.username, on=day_label(now.date())), field="user")
    allowed = of_role(appointment.role, set(permissions) or duties_of(appointment.role).may)
    key = NewKey(f"lc_{secrets.token_hex(12)}", secrets.token_urlsafe(32), allowed)
    ApiClient.objects.create(
        client_id=key.client_id,
        name=name,
        user=user,
        permissions=[str(permission) for permission in allowed],
        secret_hash=blind_index("api_secret", key.secret),
        created_by_id=_person(by),
        created_at=now,
        change=change,
    )
    house = appointment.organisation if change is None else change.organisation
    record(
        "client.created",
        by=by,
        subject=f"user:{user.pk}",
        sponsor_id=house.sponsor_id,
        detail={"client": key.client_id, "permissions": [str(each) for each in allowed]},
    )
    return key


def of_role(
    role: str, asked: Iterable[str], *, opens: Mapping[Permission, Text] | None = None
) -> tuple[Permission, ...]:
    """What is asked, in order, when the role has all of it and, where `opens` says what can be opened, that has it too.

    Raises NotOfTheRole, naming what is beyond the role (also what a later version dropped), or when nothing is asked.
    """
    held = duties_of(role).may
    wanted = sorted(set(asked))
    labels = {str(each): label for each, label in (opens or {}).items()}
    beyond = [each for each in wanted if each not in held or (opens is not None and each not in labels)]
    if beyond:
        told = joined(tuple(labels.get(each, Text(each, each)) for each in beyond), ", ")
        raise NotOfTheRole(_BEYOND.filled(role=duties_of(role).label, beyond=told), field="permissions")
    if not wanted:
        raise NotOfTheRole(_NOTHING, field="permissions")
    return tuple(Permission(each) for each in wanted)


def revoke(*, client_id: str, by: Actor, now: datetime.datetime) -> None:
    """Withdraw a key in the caller's sight for good; its tokens stop at once. Raises NoSuchClient."""
    sight = _in_sight().select_related("change__organisation")
    client = sight.filter(client_id=client_id, revoked_at__isnull=True).first()
    if client is None:
        raise NoSuchClient(_UNKNOWN.filled(client=client_id), field="client")
    open_still = ApiClient.objects.filter(pk=client.pk, revoked_at__isnull=True)
    if open_still.update(revoked_by_id=_person(by), revoked_at=now) != 1:
        raise NoSuchClient(_UNKNOWN.filled(client=client_id), field="client")
    record(
        "client.revoked",
        by=by,
        subject=f"user:{client.user_id}",
        sponsor_id=client.change.organisation.sponsor_id if client.change else None,
        detail={"client": client_id},
    )


def listed(*, on: datetime.date) -> list[ClientShown]:
    """The keys of the caller's house: of its users, and of the partners it gave one; the newest first."""
    return _shown(_in_sight().order_by("-pk"), on)


def page(*, number: int, on: datetime.date) -> ClientPage:
    """The same in pages; a number past the end gives the last page."""
    found = _in_sight().order_by("-pk")
    total = found.count()
    pages = max(1, -(-total // PAGE_ROWS))
    number = min(max(1, number), pages)
    first = (number - 1) * PAGE_ROWS
    return ClientPage(_shown(found[first : first + PAGE_ROWS], on), number, pages, total)


def one(pk: int, *, on: datetime.date) -> ClientShown:
    """One key of the caller's house. Raises ApiClient.DoesNotExist."""
    found = _shown(_in_sight().filter(pk=pk), on)
    if not found:
        raise ApiClient.DoesNotExist
    return found[0]


def _shown(found: QuerySet[ApiClient], on: datetime.date) -> list[ClientShown]:
    kept = list(found.select_related("change__organisation"))
    # The names apart, and as the system knows them: who made a key stays known when she has gone elsewhere.
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        clients = with_users(kept, "user", "created_by", "revoked_by")
        held = Appointment.objects.select_related("organisation").filter(since__lte=on)
        users = [client.user_id for client in clients]
        in_force = {each.user_id: each for each in held.filter(user_id__in=users).exclude(until__lte=on)}
    return [_line(client, in_force.get(client.user_id)) for client in clients]


def _line(client: ApiClient, held: Appointment | None) -> ClientShown:
    house = client.change.organisation if client.change else held.organisation if held else None
    of_house = held is not None and (
        client.change is None or client.change.partner_id is not None or house == held.organisation
    )
    in_force = held is not None and client.revoked_at is None and of_house and client.user.is_active
    may = {str(each) for each in duties_of(held.role).may} if held and in_force else set()
    opens_now = tuple(each for each in client.permissions if each in may)
    return ClientShown(
        id=client.pk,
        client_id=client.client_id,
        name=client.name,
        username=client.user.username,
        holder=client.user.name,
        role=duties_of(held.role).label if held else None,
        house=house.name if house else "",
        permissions=tuple(client.permissions),
        created_by=client.created_by.username,
        created_at=client.created_at,
        last_used_at=client.last_used_at,
        revoked_by=client.revoked_by.name if client.revoked_by else "",
        revoked_at=client.revoked_at,
        works=bool(opens_now),
        opens_now=opens_now,
    )


def _in_sight() -> QuerySet[ApiClient]:
    """The keys an administrator looks after; not those of another city's users, nor those another city gave.

    A user of hers may have moved away: his key stands in the house that agreed on it.
    """
    own = AccountChange.objects.filter(kind=ChangeKind.API_KEY).values_list("pk", flat=True)
    owners = ApiClient.objects.filter(change=None).values("user_id")
    seen = User.objects.filter(pk__in=owners).values_list("pk", flat=True)
    return ApiClient.objects.filter(Q(change_id__in=set(own)) | Q(change=None, user_id__in=set(seen)))


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
    "Tidak ada kunci {client} yang masih berlaku. Lihat daftarnya di halaman Kunci API.",
    "There is no key {client} in force. See the list on the page API keys.",
)
_BEYOND = Text(
    "Peran {role} tidak boleh: {beyond}. Pilih izin yang dimiliki peran itu.",
    "The role {role} may not: {beyond}. Choose what that role may do.",
)
_NOTHING = Text("Pilih sedikitnya satu izin untuk kunci ini.", "Choose at least one permission for this key.")
