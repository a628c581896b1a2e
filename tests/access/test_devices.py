"""A known computer of a kelurahan: the code once a day for each user there, the password always."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from access.conftest import PASSWORD, Town
from lindung.access import devices, second_factor
from lindung.access.devices import NotAnOperator
from lindung.access.limiter import forget
from lindung.access.models import Device, DevicePass, User
from lindung.access.scope import NOBODY, Actor, SystemScope, appointment_of, in_scope, scope_of, system_scope
from lindung.access.second_factor import PASSED_AT
from lindung.engine import clock

DAY = timedelta(days=1)
CODE_PAGE = "/akun/pengaman/authenticate/"


@pytest.fixture
def counter(client: Client, site: Town, settings: Any) -> Client:
    """The computer at the counter of Legok, which Pak Budi has made known."""
    client.cookies[devices.COOKIE] = registered(site.budi)
    return client


def registered(user: User) -> str:
    today = clock.today()
    with in_scope(scope_of(user, today), actor=Actor.of(user)):
        token = devices.token_of(f"page of {user.username}")
        devices.register(
            token=token,
            name="Loket 1",
            appointment=appointment_of(user, today),
            by=Actor.of(user),
            now=clock.now(),
        )
    return token


def give_password(client: Client, user: User) -> str:
    """Where the answer to a right password leads."""
    answer = client.post("/akun/masuk/", {"login": user.username, "password": PASSWORD})
    return str(answer.headers["Location"])


def give_code(client: Client, user: User) -> None:
    code = second_factor.current_code(user).digits
    forget(f"used|{user.pk}|{code}")
    client.post(CODE_PAGE, {"code": code})


def signed_in(client: Client, user: User) -> bool:
    return client.session.get("_auth_user_id") == str(user.pk)


def test_it_asks_the_code_once_a_day_on_a_known_computer(counter: Client, site: Town) -> None:
    assert give_password(counter, site.budi) == CODE_PAGE
    give_code(counter, site.budi)
    counter.post("/akun/keluar/")
    assert give_password(counter, site.budi) == "/"
    assert signed_in(counter, site.budi)
    assert counter.get("/").status_code == 200


def test_it_asks_it_again_the_next_day(counter: Client, site: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    give_password(counter, site.budi)
    give_code(counter, site.budi)
    counter.post("/akun/keluar/")
    monkeypatch.setenv("LINDUNG_NOW", (clock.now() + DAY).isoformat())
    assert give_password(counter, site.budi) == CODE_PAGE


def test_it_asks_the_password_always(counter: Client, site: Town) -> None:
    give_password(counter, site.budi)
    give_code(counter, site.budi)
    counter.post("/akun/keluar/")
    counter.post("/akun/masuk/", {"login": "budi", "password": "salah"})
    assert not signed_in(counter, site.budi)


def test_it_asks_the_code_for_a_weighty_step_all_the_same(counter: Client, site: Town) -> None:
    give_password(counter, site.budi)
    give_code(counter, site.budi)
    counter.post("/akun/keluar/")
    give_password(counter, site.budi)
    assert PASSED_AT not in counter.session
    assert counter.post("/weighty/").headers["Location"].startswith("/akun/kode/")


def test_it_is_no_help_on_another_computer(counter: Client, site: Town) -> None:
    give_password(counter, site.budi)
    give_code(counter, site.budi)
    assert give_password(Client(), site.budi) == CODE_PAGE


def test_it_is_no_help_to_somebody_of_another_office(counter: Client, site: Town) -> None:
    """Ibu Siti works for the whole city: her code is asked each time, on whatever computer."""
    second_factor.give(site.siti)
    give_password(counter, site.siti)
    give_code(counter, site.siti)
    counter.post("/akun/keluar/")
    assert give_password(counter, site.siti) == CODE_PAGE
    with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
        assert not DevicePass.objects.filter(user=site.siti).exists()


def test_it_is_no_help_after_it_was_forgotten(counter: Client, site: Town) -> None:
    give_password(counter, site.budi)
    give_code(counter, site.budi)
    counter.post("/akun/keluar/")
    with in_scope(scope_of(site.budi, clock.today()), actor=Actor.of(site.budi)):
        devices.forget(device_id=Device.objects.get().pk, by=Actor.of(site.budi), now=clock.now())
        assert devices.known(now=clock.now()) == []
    assert give_password(counter, site.budi) == CODE_PAGE


def test_it_is_made_known_by_an_operator_only(site: Town) -> None:
    with pytest.raises(NotAnOperator):
        registered(site.siti)


@pytest.mark.parametrize("cookie", ["", "guessed", "x" * 4_000])
def test_it_knows_no_computer_by_a_cookie_that_was_never_given(
    client: Client, site: Town, cookie: str
) -> None:
    client.cookies[devices.COOKIE] = cookie
    give_password(client, site.budi)
    give_code(client, site.budi)
    client.post("/akun/keluar/")
    assert give_password(client, site.budi) == CODE_PAGE


def test_it_keeps_only_a_hash_of_the_cookie(counter: Client, site: Town) -> None:
    with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
        kept = bytes(Device.objects.get().token_hash)
    assert counter.cookies[devices.COOKIE].value.encode() not in kept
