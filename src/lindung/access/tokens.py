"""Tokens of other systems: issued for a key, good for a quarter of an hour, withdrawn with it."""

import datetime
import hmac
import secrets
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from lindung.access.audit import record
from lindung.access.client_models import TOKEN_LIFE, ApiClient, ApiToken
from lindung.access.roles import Permission
from lindung.access.scope import NOBODY, NOTHING, Scope, SystemScope, system_scope
from lindung.access.sealing import blind_index
from lindung.access.standing import Standing, standing_of_nobody, standing_on
from lindung.engine.refusals import Refusal
from lindung.law.text import Text

_SWEEP = """
DELETE FROM access_apitoken WHERE id IN (
    SELECT id FROM access_apitoken WHERE expires_at < %s LIMIT 500 FOR UPDATE SKIP LOCKED)
"""
KEPT_FOR = datetime.timedelta(days=1)


class WrongKey(Refusal):
    """No such key, a wrong secret, a withdrawn key, a user without a role: it is not said which."""

    code = "client.wrong_key"


class BeyondKey(Refusal):
    """The token would be allowed more than its key."""

    code = "client.scope"


class Issued(NamedTuple):
    """A token as it is handed over, with what it allows; its text is kept nowhere."""

    token: str
    expires_in: int
    permissions: tuple[Permission, ...]


class Bearer(NamedTuple):
    """Who shows a token: the key, the user behind it, and what both allow."""

    client_id: str
    token_id: int
    standing: Standing
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        """Whether the token and the role of the user in force today allow this."""
        return permission in self.permissions and self.standing.may(permission)


def issue(
    *, client_id: str, secret: str, asked: Iterable[str], on: datetime.date, now: datetime.datetime
) -> Issued:
    """A token for a key; without `asked`, for all the key and its role allow on the day.

    `now` is the machine's own clock. Raises WrongKey, BeyondKey.
    """
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        client = _client(client_id, secret)
        standing = _standing(client, on)
        held = {name for name in client.permissions if _allows(standing, name)}
        if not held:
            raise WrongKey(_WRONG)
    wanted = sorted(set(asked) or held)
    if not set(wanted) <= held:
        raise BeyondKey(_BEYOND.filled(beyond=", ".join(sorted(set(wanted) - held))), field="scope")
    token = secrets.token_urlsafe(32)
    with system_scope(SystemScope.SIGNING_IN, actor=standing.actor):
        _sweep(now)
        _keep(client, token, wanted, standing, now)
    permissions = tuple(Permission(name) for name in wanted)
    return Issued(token, int(TOKEN_LIFE.total_seconds()), permissions)


def bearer_of(token: str, *, on: datetime.date, now: datetime.datetime) -> Bearer | None:
    """Who shows this token; None when it is unknown, over or withdrawn, or its user holds no role any more."""
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        found = (
            ApiToken.objects.select_related("client__user", "client__change__organisation")
            .filter(token_hash=blind_index("api_token", token), revoked_at__isnull=True)
            .filter(expires_at__gt=now, client__revoked_at__isnull=True)
            .first()
        )
        if found is None:
            return None
        standing = _standing(found.client, on)
    if standing.appointment is None:
        return None
    known = frozenset(Permission(name) for name in found.permissions if name in _KNOWN)
    return Bearer(found.client.client_id, found.pk, standing, known)


def give_up(bearer: Bearer, *, now: datetime.datetime) -> None:
    """End a token before its time; a second time changes nothing."""
    with system_scope(SystemScope.SIGNING_IN, actor=bearer.standing.actor):
        ended = ApiToken.objects.filter(pk=bearer.token_id, revoked_at__isnull=True).update(revoked_at=now)
        if ended:
            client = ApiClient.objects.select_related("change__organisation").get(client_id=bearer.client_id)
            _note("client.token_ended", bearer.standing, client, {})


def _client(client_id: str, secret: str) -> ApiClient:
    clients = ApiClient.objects.select_related("user", "change__organisation")
    client = clients.filter(client_id=client_id).first()
    right = client is not None and hmac.compare_digest(
        bytes(client.secret_hash), blind_index("api_secret", secret)
    )
    if client is None or not right or client.revoked_at is not None:
        raise WrongKey(_WRONG)
    return client


def _standing(client: ApiClient, on: datetime.date) -> Standing:
    """What a key stands for: its user, but in the house of those who gave it alone.

    A partner's key sees the one city that gave it, whatever others the partner serves; a user's key ends when she
    holds her role elsewhere.
    """
    standing = standing_on(client.user, on)
    if client.change is None or standing.appointment is None:
        return standing
    house = client.change.organisation
    if client.change.partner_id is not None:
        seen = house.pk in standing.scope.sponsor_ids
        return standing._replace(scope=Scope.of_sponsors(house.pk) if seen else NOTHING)
    at_home = standing.appointment.organisation_id == house.pk
    return standing if at_home else standing_of_nobody(on)


def _allows(standing: Standing, name: str) -> bool:
    """A permission that a later version has dropped opens nothing."""
    return name in _KNOWN and standing.may(Permission(name))


_KNOWN = frozenset(Permission)


def _keep(
    client: ApiClient, token: str, wanted: list[str], standing: Standing, now: datetime.datetime
) -> None:
    ApiToken.objects.create(
        client=client,
        token_hash=blind_index("api_token", token),
        permissions=wanted,
        issued_at=now,
        expires_at=now + TOKEN_LIFE,
    )
    ApiClient.objects.filter(pk=client.pk, revoked_at__isnull=True).update(last_used_at=now)
    _note("client.token_issued", standing, client, {"permissions": wanted})


def _note(action: str, standing: Standing, client: ApiClient, detail: dict[str, list[str]]) -> None:
    """A partner's machine is of no city: what it does stands in the trail of the city that gave the key."""
    organisation = standing.appointment.organisation if standing.appointment else None
    if client.change is not None:
        organisation = client.change.organisation
    record(
        action,
        by=standing.actor,
        subject=f"user:{client.user_id}",
        sponsor_id=organisation.sponsor_id if organisation else None,
        detail={"client": client.client_id, **detail},
    )


def _sweep(now: datetime.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, [now - KEPT_FOR])


_WRONG = Text(
    "Pengenal atau rahasia klien salah, atau kuncinya sudah dicabut. Periksa keduanya, atau minta kunci baru "
    "kepada administrator.",
    "Client id or secret is wrong, or the key was revoked. Check both, or ask the administrator for a new key.",
)
_BEYOND = Text(
    "Kunci ini tidak punya izin: {beyond}. Minta token tanpa izin itu.",
    "This key does not have: {beyond}. Ask for a token without it.",
)
