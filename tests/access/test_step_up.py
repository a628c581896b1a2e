"""The code once more before a weighty step; nothing that was typed is lost on the way."""

import pytest
from django.test import Client

from access.conftest import Town
from access.test_middleware import at_work, set_back
from lindung.access import drafts, second_factor
from lindung.access.scope import Actor, Scope, in_scope
from lindung.access.second_factor import PASSED_AT

ASKED = "/akun/kode/?next=%2Fweighty%2F"


@pytest.fixture
def budi(client: Client, site: Town) -> Client:
    """Pak Budi's browser; his code was given six minutes ago."""
    at_work(client, site.budi)
    set_back(client, PASSED_AT, 6 * 60)
    return client


def typed(site: Town) -> dict[str, list[str]]:
    with in_scope(Scope("working"), actor=Actor.of(site.budi)):
        return drafts.kept(user_id=site.budi.pk, page="/weighty/")


def test_it_shows_the_page_and_carries_out_nothing_without_a_fresh_code(budi: Client, site: Town) -> None:
    assert budi.get("/weighty/").content == b"shown"
    assert budi.post("/weighty/", {"reason": "klaim", "code": "1"}).headers["Location"] == ASKED
    assert typed(site) == {"reason": ["klaim"]}


def test_it_carries_out_for_five_minutes_after_the_code(budi: Client, site: Town) -> None:
    code = second_factor.current_code(site.budi).digits
    assert budi.post(ASKED, {"code": code}).headers["Location"] == "/weighty/"
    assert budi.post("/weighty/").content == b"done"
    set_back(budi, PASSED_AT, 5 * 60)
    assert budi.post("/weighty/").headers["Location"] == ASKED


def test_it_asks_again_when_the_code_is_wrong(budi: Client, site: Town) -> None:
    answer = budi.post(ASKED, {"code": "000000"})
    assert answer.status_code == 422
    assert budi.post("/weighty/").headers["Location"] == ASKED


def test_it_takes_a_code_of_nobody_else(budi: Client, site: Town) -> None:
    code = second_factor.current_code(site.stranger).digits
    assert budi.post(ASKED, {"code": code}).status_code == 422


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_it_leads_to_no_other_site(budi: Client, site: Town, elsewhere: str) -> None:
    code = second_factor.current_code(site.budi).digits
    answer = budi.post("/akun/kode/", {"code": code, "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_it_goes_back_to_the_page_on_which_the_button_stood(budi: Client) -> None:
    answer = budi.post("/weighty/", HTTP_REFERER="http://testserver/users/?page=2")
    assert answer.headers["Location"] == "/akun/kode/?next=%2Fusers%2F%3Fpage%3D2"
    answer = budi.post("/weighty/", HTTP_REFERER="http://evil.example/users/")
    assert answer.headers["Location"] == ASKED


def test_a_stolen_cookie_alone_approves_nothing(budi: Client) -> None:
    thief = Client()
    thief.cookies["lindung"] = budi.cookies["lindung"].value
    assert thief.post("/weighty/").headers["Location"] == ASKED
