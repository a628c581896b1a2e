"""One's own account: sessions, the known computer, and typed work that is kept."""

import re

import pytest
from django.test import Client

from lindung.access import devices, guessing
from lindung.access.models import Role
from web.conftest import SignIn
from web.village import Village


@pytest.fixture
def operator(signed_in: SignIn) -> Client:
    client = signed_in(Role.KELURAHAN_OPERATOR)
    assert client.get("/").status_code == 200
    return client


def test_it_shows_where_one_is_signed_in_and_ends_the_other(operator: Client, signed_in: SignIn) -> None:
    phone = signed_in(Role.KELURAHAN_OPERATOR)
    phone.get("/", headers={"User-Agent": "Mozilla/5.0 (Android 14) Firefox/140.0"})
    page = operator.get("/akun/sesi/").content.decode()
    assert "Firefox, Android" in page
    assert "sesi ini" in page
    number = re.findall(r"/akun/sesi/([0-9]+)/akhiri/", page)[0]
    assert operator.post(f"/akun/sesi/{number}/akhiri/").status_code == 302
    assert phone.get("/").status_code == 302
    assert operator.get("/").status_code == 200


def test_it_ends_all_others(operator: Client, signed_in: SignIn) -> None:
    phone = signed_in(Role.KELURAHAN_OPERATOR)
    phone.get("/")
    assert operator.post("/akun/sesi/akhiri-lain/").status_code == 302
    assert phone.get("/").status_code == 302
    assert operator.get("/").status_code == 200


def test_it_ends_no_session_of_somebody_else(operator: Client, signed_in: SignIn) -> None:
    officer = signed_in(Role.CITY_OFFICER)
    page = officer.get("/akun/sesi/").content.decode()
    assert "Komputer kelurahan" not in page
    for number in range(1, 40):
        assert operator.post(f"/akun/sesi/{number}/akhiri/").status_code in (302, 404)
    assert officer.get("/").status_code == 200


def test_it_makes_a_computer_known_and_forgets_it(operator: Client) -> None:
    sent = {"name": "Loket 1", "once": "p1"}
    first = operator.post("/akun/perangkat/", sent)
    assert first.status_code == 302
    cookie = operator.cookies[devices.COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    again = operator.post("/akun/perangkat/", sent)
    assert again.cookies[devices.COOKIE].value == cookie.value
    page = operator.get("/akun/sesi/").content.decode()
    assert page.count("Loket 1") == 1
    number = re.findall(r"/akun/perangkat/([0-9]+)/lupakan/", page)[0]
    operator.post(f"/akun/perangkat/{number}/lupakan/")
    assert "Loket 1" not in operator.get("/akun/sesi/").content.decode()


def test_it_makes_no_computer_known_for_somebody_else(signed_in: SignIn) -> None:
    answer = signed_in(Role.CITY_OFFICER).post("/akun/perangkat/", {"name": "Rumah", "once": "p1"})
    assert answer.status_code == 422
    assert "Hanya operator kelurahan" in answer.content.decode()


def test_it_keeps_what_is_typed_and_gives_it_back(signed_in: SignIn) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    typed = {"name": "Dewi", "reason": "Nota", "password": "x", "once": "k"}
    kept = client.post("/simpan-isian/", typed, headers={"X-Page": "/pengguna/undang/"})
    assert kept.status_code == 204
    page = client.get("/pengguna/undang/").content.decode()
    assert "dipulihkan" in page
    assert 'value="Dewi"' in page


@pytest.mark.parametrize("page", ["", "elsewhere", "/" + "x" * 300])
def test_it_keeps_nothing_for_a_page_that_is_none(signed_in: SignIn, page: str) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    assert client.post("/simpan-isian/", {"a": "b"}, headers={"X-Page": page}).status_code == 413


def test_it_keeps_no_more_than_a_page_can_hold(signed_in: SignIn) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    answer = client.post("/simpan-isian/", {"a": "b" * 200_000}, headers={"X-Page": "/pengguna/undang/"})
    assert answer.status_code == 413


def test_it_keeps_nothing_for_a_machine_that_sends_without_end(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "DRAFTS_OF_ONE_USER", ((2, 60),))
    client = signed_in(Role.ADMINISTRATOR)
    page = {"X-Page": "/pengguna/undang/"}
    sent = [client.post("/simpan-isian/", {"a": "b"}, headers=page).status_code for _ in range(3)]
    assert sent == [204, 204, 429]


def test_it_shows_ones_own_pages_to_somebody_without_a_role(signed_in: SignIn, village: Village) -> None:
    client = signed_in(Role.HOSPITAL)
    assert client.get("/akun/sesi/").status_code == 200
    assert client.post("/tetap-masuk/").status_code == 204
