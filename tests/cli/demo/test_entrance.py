"""The ways into the example beside each other: who came in by a link stays in when somebody asks for a password."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from cli.town import NOW
from lindung.access.models import User
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.cli.demo import entrance
from lindung.cli.demo.story import PEOPLE
from lindung.engine import state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo() -> Iterator[None]:
    """This run's state folder, as long as the test lasts, holds invented people."""
    state.mark_demo()
    yield
    (state.home() / "DEMO").unlink()


@pytest.fixture(autouse=True)
def _people(settings: LazySettings) -> None:
    """Everybody of the example, as the building leaves them: without a password."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        for username, name, *_ in PEOPLE:
            User.objects.create_user(username, name=name)


def stored(username: str) -> str:
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        return User.objects.get(username=username).password


def test_asking_for_a_password_ends_no_session_that_a_link_opened() -> None:
    username, _, role, *_ = PEOPLE[0]
    assert len(entrance.links("http://127.0.0.1", now=NOW)) == len(PEOPLE)
    before = stored(username)  # a session holds only as long as this stays
    told = entrance.credentials(role.value)
    assert stored(username) == before
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        assert User.objects.get(username=username).check_password(told.password)


def test_links_of_a_later_start_leave_the_passwords_alone() -> None:
    entrance.links("http://127.0.0.1", now=NOW)
    before = [stored(username) for username, *_ in PEOPLE]
    entrance.links("http://127.0.0.1", now=NOW)
    assert [stored(username) for username, *_ in PEOPLE] == before


def test_everybody_of_the_second_city_comes_after_those_of_kota_jambi() -> None:
    found = entrance.links("http://127.0.0.1", now=NOW)
    of_the_second = [link.organisation == "muaro-jambi" for link in found]
    assert of_the_second == sorted(of_the_second)
    assert entrance.credentials("finance_officer").username == "bendahara.disnaker"
    assert entrance.credentials("yuli.muarojambi").role == "city_officer"
