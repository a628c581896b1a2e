"""The village for the page tests, and a browser of Django's own that is signed in as a given person."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client

from conftest import Connect
from lindung.access import second_factor
from lindung.access.models import Role, User
from stages import Stage, stage_of
from web.village import NOW, Village, build

SignIn = Callable[[User | Role], Client]


@pytest.fixture(autouse=True)
def _fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINDUNG_NOW", NOW.isoformat())


village_stage = stage_of(build, now=NOW)


@pytest.fixture
def village(village_stage: Stage[Village], db: None, as_role: Connect) -> Village:
    """Two cities and their people, as they were before the test. Attempts are counted outside of it: forgotten."""
    as_role("lindung_app").execute("DELETE FROM access_limitercounter")
    return village_stage.found()


@pytest.fixture
def signed_in(village: Village) -> SignIn:
    """A client that has given password and code as this person."""

    return partial(signed_into, village)


def signed_into(village: Village, who: User | Role) -> Client:
    """A client that has given password and code as this person of the village."""
    user = village.users[who] if isinstance(who, Role) else who
    client = Client()
    if not second_factor.is_set_up(user):
        second_factor.give(user)
    client.force_login(user)
    session = client.session
    second_factor.note_passed(session, user)
    session.save()
    return client
