"""A part of a page whose session is over sends the whole browser to sign in: no sign-in page in a table, nothing lost."""

import pytest
from django.http import HttpResponse
from django.test import Client

from access.conftest import Town
from access.test_middleware import set_back
from access.test_open_sessions import working
from lindung.access import drafts
from lindung.access.middleware import SEEN
from lindung.access.models import User
from lindung.access.scope import Actor, Scope, in_scope

TABLE = {"HX-Request": "true", "Referer": "http://testserver/?halaman=2"}
"""What htmx sends from a page with a table."""
OVER = "&habis=ya"


@pytest.fixture
def budi(client: Client, site: Town) -> Client:
    return working(client, site.budi)


@pytest.fixture
def strict(site: Town) -> Client:
    """Pak Budi's browser where form tokens are looked at; it has none."""
    return working(Client(enforce_csrf_checks=True), site.budi)


def kept(user: User) -> dict[str, list[str]]:
    with in_scope(Scope(), actor=Actor.of(user)):
        return drafts.kept(user_id=user.pk, page="/weighty/")


def sent(client: Client, **headers: str) -> HttpResponse:
    answer: HttpResponse = client.post("/weighty/", {"reason": "klaim"}, headers=TABLE | headers)  # type: ignore[assignment]  # django-stubs
    return answer


def goes_to(answer: HttpResponse) -> str:
    """Where the whole browser goes; nothing comes that could be swapped into the page."""
    assert (answer.status_code, answer.content) == (200, b"")
    assert "Location" not in answer.headers
    return answer.headers["HX-Redirect"]


def test_what_was_typed_in_a_part_waits_on_its_own_page(budi: Client, site: Town) -> None:
    set_back(budi, SEEN, 16 * 60)
    assert goes_to(sent(budi)) == "/akun/masuk/?next=%2Fweighty%2F&habis=isian"
    assert kept(site.budi) == {"reason": ["klaim"]}


def test_a_part_that_was_only_asked_for_leads_back_to_its_page(budi: Client) -> None:
    set_back(budi, SEEN, 16 * 60)
    answer = budi.get("/", headers=TABLE)
    assert goes_to(answer) == f"/akun/masuk/?next=%2F%3Fhalaman%3D2{OVER}"


def test_a_session_ended_from_elsewhere_sends_the_browser_to_sign_in(budi: Client) -> None:
    budi.session.flush()
    assert goes_to(sent(budi)) == f"/akun/masuk/?next=%2Fweighty%2F{OVER}"
    assert goes_to(budi.get("/", headers=TABLE)) == f"/akun/masuk/?next=%2F%3Fhalaman%3D2{OVER}"


def test_a_whole_page_is_redirected_as_ever(budi: Client) -> None:
    budi.session.flush()
    answer = budi.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/akun/masuk/?next=/")


def test_a_token_of_before_another_sign_in_leads_to_the_forms_page_with_what_was_typed(
    strict: Client, site: Town
) -> None:
    assert goes_to(sent(strict)) == "/weighty/"
    assert kept(site.budi) == {"reason": ["klaim"]}


def test_a_token_of_a_session_that_is_over_leads_to_sign_in(strict: Client, site: Town) -> None:
    set_back(strict, SEEN, 16 * 60)
    assert goes_to(sent(strict)) == "/akun/masuk/?next=%2Fweighty%2F&habis=isian"
    assert kept(site.budi) == {"reason": ["klaim"]}
    assert goes_to(sent(strict)) == f"/akun/masuk/?next=%2Fweighty%2F{OVER}"


def test_another_site_gets_nothing_kept_and_a_refusal(strict: Client, site: Town) -> None:
    assert sent(strict, Origin="https://lain.example").status_code == 403
    assert strict.post("/weighty/", {"reason": "palsu"}).status_code == 403
    assert kept(site.budi) == {}
