"""Asking for a token over the API, as OAuth2 clients do: form, JSON, Basic; and giving it up."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from api.conftest import As, Machine, Reply, checked
from lindung.access import clients
from lindung.access.models import Role
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.api import limits
from web.village import NOW, Village

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.fixture
def key(village: Village) -> clients.NewKey:
    admin = Actor.of(village.users[Role.ADMINISTRATOR])
    with system_scope(SystemScope.DEMO, actor=admin):
        return clients.create(name="uji", user=village.users[Role.CITY_OFFICER], by=admin, now=NOW)


def ask(order: dict[str, Any], *, media: str = FORM, **headers: str) -> Reply:
    content = urlencode(order) if media == FORM else json.dumps(order)
    return checked(Client().generic("POST", "/api/v1/token", content, content_type=media, headers=headers))


def order(key: clients.NewKey, **changes: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": key.client_id,
        "client_secret": key.secret,
    } | changes


@pytest.mark.parametrize("media", [FORM, JSON])
def test_it_gives_a_token_that_works(key: clients.NewKey, media: str) -> None:
    reply = ask(order(key, scope="see_bills"), media=media)
    assert (reply.status, reply.body["token_type"], reply.body["expires_in"]) == (200, "Bearer", 900)
    machine = Machine(reply.body["access_token"])
    assert machine.get("/me").body["permissions"] == ["see_bills"]
    assert machine.get("/bills").status == 200
    assert machine.get("/members").code == "token.not_allowed"


def test_it_takes_the_key_by_http_basic(key: clients.NewKey) -> None:
    basic = base64.b64encode(f"{key.client_id}:{key.secret}".encode()).decode()
    reply = ask({"grant_type": "client_credentials"}, Authorization=f"Basic {basic}")
    assert reply.status == 200


@pytest.mark.parametrize("given", ["Basic %%%", "Basic", "Basic " + base64.b64encode(b"\xff:x").decode()])
def test_a_basic_header_that_cannot_be_read_opens_nothing(village: Village, given: str) -> None:
    assert ask({"grant_type": "client_credentials"}, Authorization=given).code == "client.wrong_key"


@pytest.mark.parametrize(
    ("changes", "status", "code", "error"),
    [
        ({"client_secret": "wrong"}, 401, "client.wrong_key", "invalid_client"),
        ({"client_id": "lc_nobody"}, 401, "client.wrong_key", "invalid_client"),
        ({"grant_type": "password"}, 400, "client.grant_type", "unsupported_grant_type"),
        ({"scope": "confirm_payment"}, 400, "client.scope", "invalid_scope"),
        ({"scope": "x" * 1001}, 422, "request.invalid", "invalid_request"),
        ({"client_id": "lc_\x00"}, 422, "request.invalid", "invalid_request"),
        ({"surprise": "1"}, 422, "request.invalid", "invalid_request"),
        ({"client_secret": "\x00"}, 401, "client.wrong_key", "invalid_client"),
    ],
)
def test_it_says_why_not(
    key: clients.NewKey, changes: dict[str, str], status: int, code: str, error: str
) -> None:
    for media in (FORM, JSON):
        reply = ask(order(key, **changes), media=media)
        assert (reply.status, reply.code, reply.body["error"]) == (status, code, error)


def test_it_takes_only_form_and_json(key: clients.NewKey) -> None:
    assert ask(order(key), media="text/plain").code == "request.media_type"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b"null"])
def test_a_body_that_is_none_is_a_problem(village: Village, content: bytes) -> None:
    answer = Client().generic("POST", "/api/v1/token", content, content_type=JSON)
    assert checked(answer).status in (400, 415, 422)


def test_a_token_is_given_up(village: Village, machine: As) -> None:
    officer = machine(Role.CITY_OFFICER)
    assert officer.send("DELETE", "/token").body == {"ended": True}
    assert officer.get("/me").code == "token.invalid"


@pytest.mark.parametrize("token", ["x", "x" * 5_000, "a b", "é", "\x00"])
def test_a_made_up_token_opens_nothing(village: Village, token: str) -> None:
    reply = Machine(token).get("/agreements")
    assert (reply.status, reply.code) == (401, "token.invalid")
    assert 'error="invalid_token"' in reply.headers["WWW-Authenticate"]


class TestBehindOneAddress:
    def test_strangers_who_use_the_address_up_stop_nobody_with_a_right_key(
        self, key: clients.NewKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "CALLS_WITHOUT_A_TOKEN", 2)
        right = order(key)
        assert [Machine("guess").get("/me").status for _ in range(6)].count(429) >= 2
        assert ask(right).status == 200
        assert {ask({**right, "client_secret": "wrong"}).status for _ in range(6)} <= {401, 429}
        granted = ask(right)
        assert (granted.status, granted.headers["RateLimit-Limit"]) == (200, str(limits.CALLS_OF_A_CLIENT))

    def test_a_key_that_asks_again_and_again_has_a_limit_of_its_own(
        self, key: clients.NewKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "CALLS_OF_A_CLIENT", 2)
        right = order(key)
        assert [ask(right).status for _ in range(6)].count(429) >= 2

    @pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff", b" " * 3_000_000])
    def test_what_cannot_be_read_counts_for_the_address(
        self, village: Village, monkeypatch: pytest.MonkeyPatch, content: bytes
    ) -> None:
        monkeypatch.setattr(limits, "CALLS_WITHOUT_A_TOKEN", 2)
        sent = [
            Machine(None).send("POST", "/token", content=content, content_type="application/json").status
            for _ in range(6)
        ]
        assert sent.count(429) >= 2
