"""Who tries to break what the database promises of keys, tokens and the cities of a partner."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import world
from lindung.access import changing, key_requests
from lindung.access.models import ApiClient, ApiToken, Organisation, Role, ServedCity, User
from lindung.access.roles import Permission
from lindung.access.scope import Actor, SystemScope, in_scope, scope_of, system_scope

NOW = world.at(world.TODAY)


def breakers(jambi_of: Callable[[Any], world.City]) -> dict[str, Callable[[Any], object]]:
    """By constraint; `jambi_of` finds the city of a stage."""

    def of(attempt: Callable[[world.City], object]) -> Callable[[Any], object]:
        return lambda stage: attempt(jambi_of(stage))

    return {
        "served_city_once": of(lambda city: [serve(city) for _ in range(2)]),
        "served_city_end_whole": of(lambda city: serve(city, ended_at=NOW)),
        "served_city_of_an_integrator": of(lambda city: serve(city, integrator=city.branch)),
        "served_city_in_own_name": of(lambda city: serve(city, given_by=city.users[Role.MAYOR])),
        "access_apiclient_client_id_key": of(lambda city: [key(city) for _ in range(2)]),
        "api_client_made_by_another": of(lambda city: key(city, user=maker(city))),
        "api_client_may_do_something": of(lambda city: key(city, permissions=[])),
        "api_client_revocation_whole": of(lambda city: key(city, revoked_at=NOW)),
        "api_client_in_own_name": of(lambda city: key(city, created_by=city.users[Role.MAYOR])),
        "api_client_revoked_for_good": of(_revoked_twice),
        "access_apiclient_change_id_key": of(_made_twice),
        "api_client_of_an_approved_change": of(_of_nobody),
        "access_apitoken_token_hash_key": of(lambda city: [token(key(city, f"lc_{at}")) for at in range(2)]),
        "api_token_lives_a_quarter_hour": of(lambda city: token(key(city), minutes=16)),
    }


def maker(city: world.City) -> User:
    """Who gives keys here; that only an administrator may is the sheet of roles, not the database."""
    return city.users[Role.AUDITOR]


def serve(city: world.City, **changes: object) -> ServedCity:
    """A partner works for the city."""
    with system_scope(SystemScope.DEMO, actor=Actor.of(maker(city))):
        partner, _ = Organisation.objects.get_or_create(kind="integrator", code="mitra", name="Mitra")
        given: dict[str, Any] = {
            "integrator": partner,
            "city": city.sponsor,
            "given_by": maker(city),
            "given_at": NOW,
        }
        return ServedCity.objects.create(**given | changes)


def key(city: world.City, client_id: str = "lc_1", **changes: object) -> ApiClient:
    """A key of the officer's, made by somebody else."""
    with system_scope(SystemScope.DEMO, actor=Actor.of(maker(city))):
        return ApiClient.objects.create(**_given(city) | {"client_id": client_id} | changes)


def _given(city: world.City) -> dict[str, Any]:
    return {
        "client_id": "lc_1",
        "name": "uji",
        "user": city.users[Role.CITY_OFFICER],
        "permissions": ["see_workers"],
        "secret_hash": b"1" * 32,
        "created_by": maker(city),
        "created_at": NOW,
    }


def token(of: ApiClient, *, minutes: int = 15) -> ApiToken:
    """A token of the key."""
    return ApiToken.objects.create(
        client=of,
        token_hash=b"1" * 32,
        permissions=["see_workers"],
        issued_at=NOW,
        expires_at=NOW + timedelta(minutes=minutes),
    )


def _revoked_twice(city: world.City) -> None:
    made, by = key(city), maker(city)
    with system_scope(SystemScope.DEMO, actor=Actor.of(by)):
        for moment in (NOW, NOW + timedelta(days=1)):
            ApiClient.objects.filter(pk=made.pk).update(revoked_by=by, revoked_at=moment)


def _of_nobody(city: world.City) -> None:
    """A key that no two people agreed on, made by an administrator past the functions."""
    admin = world.administrator(city, "pengelola.satu")
    with in_scope(scope_of(admin, world.TODAY), actor=Actor.of(admin)):
        ApiClient.objects.create(**_given(city) | {"created_by": admin})


def _made_twice(city: world.City) -> None:
    """A key of a request whose key is there."""
    first, second = (world.administrator(city, f"pengelola.{each}") for each in ("satu", "dua"))
    with in_scope(scope_of(first, world.TODAY), actor=Actor.of(first)):
        change = key_requests.ask_for_user(
            name="uji", user=city.users[Role.CITY_OFFICER], permissions=[Permission.SEE_WORKERS],
            reason="Surat 4", by=Actor.of(first), now=NOW,
        )  # fmt: skip
    with in_scope(scope_of(second, world.TODAY), actor=Actor.of(second)):
        changing.decide(change_id=change.pk, approve=True, by=Actor.of(second), now=NOW, today=world.TODAY)
        for at in range(2):
            ApiClient.objects.create(
                **_given(city) | {"created_by": second, "change": change, "client_id": f"lc_{at}"}
            )
