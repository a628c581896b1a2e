"""Signing in: password, then code; and the one-time links of the demo."""

import re
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from lindung.access import demo_links, second_factor
from lindung.access.models import Role
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.engine import state
from web.conftest import SignIn
from web.village import NOW, Village

PASSWORD = "kuda hijau makan awan"


@pytest.fixture(autouse=True)
def _password(village: Village, settings: LazySettings) -> None:
    """The officer has a password; hashed cheaply, because here nobody tries to steal it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    officer = village.users[Role.CITY_OFFICER]
    officer.set_password(PASSWORD)
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        officer.save(update_fields=["password"])


@pytest.fixture
def demo(village: Village) -> Iterator[str]:
    """A state folder that holds invented people only, and a link for its city officer."""
    state.mark_demo()
    second_factor.give(village.users[Role.CITY_OFFICER])
    yield demo_links.make(village.users[Role.CITY_OFFICER], now=NOW)
    (state.home() / "DEMO").unlink()


def given_password(client: Client, village: Village, password: str = PASSWORD) -> str:
    """Where the answer to name and password leads; '' when the page stays."""
    name = village.users[Role.CITY_OFFICER].username
    answer = client.post(reverse("account_login"), {"login": name, "password": password})
    return answer.headers.get("Location", "")


def test_it_asks_for_the_code_after_the_password_and_then_opens_the_page(village: Village) -> None:
    officer, client = village.users[Role.CITY_OFFICER], Client()
    second_factor.give(officer)
    assert given_password(client, village) == reverse("mfa_authenticate")
    code = second_factor.current_code(officer).digits
    answer = client.post(reverse("mfa_authenticate"), {"code": code}, follow=True)
    assert "Yang perlu Anda lakukan" in answer.content.decode()


def test_it_stays_and_says_what_to_do_when_the_password_is_wrong(village: Village) -> None:
    client = Client()
    page = client.post(
        reverse("account_login"), {"login": "city_officer", "password": "salah"}
    ).content.decode()
    assert "Nama pengguna atau kata sandi tidak cocok." in page
    assert 'value="city_officer"' in page
    assert "salah" not in page


def test_it_stays_and_says_what_to_do_when_the_code_is_wrong(village: Village) -> None:
    client = Client()
    second_factor.give(village.users[Role.CITY_OFFICER])
    given_password(client, village)
    page = client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "Kode tidak cocok." in page


def test_it_has_a_new_user_set_up_codes_first_and_gives_recovery_codes(village: Village) -> None:
    client = Client()
    given_password(client, village)
    page = client.get("/", follow=True).content.decode()
    assert "Pasang kode masuk" in page
    assert re.search(r'<div class="qr" role="img" aria-label="[^"]+"><svg', page)
    assert re.search(r'<p class="secret">[A-Z2-7]{16,}</p>', page)


def test_it_invites_password_keepers_and_pasting(village: Village) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_it_signs_out_and_forgets(signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    page = client.post(reverse("account_logout"), follow=True).content.decode()
    assert "Masuk ke Lindung" in page
    assert client.get("/").status_code == 302


def test_it_shows_the_security_of_the_account(signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get(reverse("mfa_index")).content.decode()
    assert "Aplikasi kode terpasang." in page


def test_it_changes_a_password_and_refuses_an_obvious_one(signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    weak = {"oldpassword": PASSWORD, "password1": "jambi2026", "password2": "jambi2026"}
    page = client.post(reverse("account_change_password"), weak).content.decode()
    assert "Kata sandi" in page
    assert 'role="alert"' in page
    other = {
        "oldpassword": PASSWORD,
        "password1": "empat rusa minum kopi",
        "password2": "lain lagi bukan itu",
    }
    assert "tidak sama" in client.post(reverse("account_change_password"), other).content.decode()


def test_a_new_password_ends_the_other_sessions_and_keeps_what_is_typed_there(signed_in: SignIn) -> None:
    here, there = signed_in(Role.CITY_OFFICER), signed_in(Role.CITY_OFFICER)
    for client in (here, there):
        assert client.get("/").status_code == 200
    new = {
        "oldpassword": PASSWORD,
        "password1": "empat rusa minum kopi",
        "password2": "empat rusa minum kopi",
    }
    assert here.post(reverse("account_change_password"), new).status_code == 302
    answer = there.post("/kerja-sama/baru/", {"title": "PKS yang baru"})
    assert answer.headers["Location"].endswith("habis=diakhiri-isian")
    page = there.get(answer.headers["Location"]).content.decode()
    assert "Sesi Anda diakhiri dari tempat lain. Isian Anda disimpan" in page
    assert here.get("/").status_code == 200


def test_it_does_not_use_up_a_demo_link_that_is_only_looked_at(demo: str) -> None:
    client = Client(SERVER_NAME="localhost")
    for _ in range(2):
        page = client.get(f"/masuk/demo/{demo}/").content.decode()
        assert "Tautan ini berlaku satu kali" in page
    page = client.post(f"/masuk/demo/{demo}/", follow=True).content.decode()
    assert "Yang perlu Anda lakukan" in page


def test_it_lets_a_demo_link_in_once_only(demo: str) -> None:
    Client(SERVER_NAME="localhost").post(f"/masuk/demo/{demo}/")
    answer = Client(SERVER_NAME="localhost").post(f"/masuk/demo/{demo}/")
    assert answer.status_code == 410
    assert "sudah dipakai" in answer.content.decode()


def test_it_knows_no_demo_links_from_another_machine(demo: str) -> None:
    assert (
        Client(SERVER_NAME="localhost", REMOTE_ADDR="203.0.113.5").get(f"/masuk/demo/{demo}/").status_code
        == 404
    )
    assert (
        Client(SERVER_NAME="localhost", HTTP_X_FORWARDED_FOR="203.0.113.5")
        .post(f"/masuk/demo/{demo}/")
        .status_code
        == 404
    )


def test_it_knows_no_demo_links_where_real_people_are_kept(village: Village) -> None:
    assert Client(SERVER_NAME="localhost").get("/masuk/demo/anything/").status_code == 404


def test_it_wears_the_banner_of_the_demo_with_its_date(demo: str) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert "Contoh: orang rekaan" in page
    assert "10 November 2026" in page


def test_it_wears_no_banner_where_real_people_are_kept(village: Village) -> None:
    assert "Contoh: orang rekaan" not in Client().get(reverse("account_login")).content.decode()
