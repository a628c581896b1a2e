"""Recovery codes: for a lost telephone, each once, also when two use one at the same moment."""

from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from access.conftest import PASSWORD, Town, _plain_pages, _town
from access.test_devices import signed_in
from database import at_once
from lindung.access import second_factor
from lindung.access.scope import NOBODY, Actor, SystemScope, in_scope, scope_of, system_scope
from lindung.engine import clock

CODE_PAGE = "/akun/pengaman/authenticate/"


@pytest.fixture
def committed(fresh_database: str, settings: Any) -> Town:
    """The town with real commits; Pak Budi has a password, a code app and recovery codes."""
    settings.ROOT_URLCONF, settings.TEMPLATES = "access.pages", [_plain_pages()]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        town = _town()
        town.budi.set_password(PASSWORD)
        town.budi.save(update_fields=["password"])
    second_factor.give(town.budi)
    return town


def codes_of(town: Town) -> list[str]:
    with system_scope(SystemScope.DEMO, actor=Actor.of(town.budi)):
        codes: list[str] = RecoveryCodes.activate(town.budi).generate_codes()
    return codes


def test_it_lets_one_of_two_in_who_use_a_code_at_the_same_moment(committed: Town) -> None:
    code, *_ = codes_of(committed)
    clients = [Client(), Client()]
    for client in clients:
        client.post("/akun/masuk/", {"login": "budi", "password": PASSWORD})
    at_once(*[lambda client=client: client.post(CODE_PAGE, {"code": code}) for client in clients])
    assert [signed_in(client, committed.budi) for client in clients].count(True) == 1


def test_it_counts_how_many_are_left(committed: Town) -> None:
    code, *rest = codes_of(committed)
    client = Client()
    client.post("/akun/masuk/", {"login": "budi", "password": PASSWORD})
    client.post(CODE_PAGE, {"code": code})
    with in_scope(scope_of(committed.budi, clock.today()), actor=Actor.of(committed.budi)):
        left = RecoveryCodes.activate(committed.budi).get_unused_codes()
    assert left == rest
