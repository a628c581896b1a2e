"""One transaction per request: what is seen in it, when it stays and when it goes."""

import time
from typing import Any

import pytest
from django.test import Client

from access.conftest import Town
from lindung.access import second_factor
from lindung.access.audit import record
from lindung.access.middleware import SEEN, STARTED
from lindung.access.models import AuditEvent, User
from lindung.access.scope import NOBODY, Actor, Scope, in_scope, system_scope


@pytest.fixture
def siti(client: Client, site: Town) -> Client:
    """Ibu Siti's browser, both factors given."""
    second_factor.give(site.siti)
    return at_work(client, site.siti)


def at_work(client: Client, user: User) -> Client:
    client.force_login(user)
    session = client.session
    second_factor.note_passed(session, user)
    session.save()
    return client


def written() -> int:
    with system_scope("maintenance", actor=NOBODY):
        return AuditEvent.objects.filter(action="written").count()


def event_of(town: Town, city: Any, word: str) -> None:
    actor = Actor.of(town.budi)
    with in_scope(Scope.of_sponsors(city.pk), actor=actor):
        record(word, by=actor, subject="x:1", sponsor_id=city.pk, detail={})


def test_it_renders_the_page_inside_the_scope(siti: Client, site: Town) -> None:
    """The rows are asked for by the template, after the view has returned."""
    event_of(site, site.jambi, "here")
    event_of(site, site.bungo, "elsewhere")
    assert siti.get("/").content == b"[here]"


def test_it_shows_an_anonymous_visitor_no_row(client: Client, site: Town) -> None:
    event_of(site, site.jambi, "here")
    assert client.get("/public/").content == b"0 rows"


def test_it_keeps_what_a_good_request_wrote(siti: Client) -> None:
    assert siti.get("/write/").content == b"written"
    assert written() == 1


@pytest.mark.parametrize(("what", "status"), [("forbid", 403), ("fail", 503)])
def test_it_keeps_nothing_of_a_request_that_failed(siti: Client, what: str, status: int) -> None:
    assert siti.get(f"/write/?then={what}").status_code == status
    assert written() == 0


@pytest.mark.parametrize("what", ["raise", "render"])
def test_it_keeps_nothing_of_a_request_that_broke(siti: Client, what: str) -> None:
    siti.raise_request_exception = False
    assert siti.get(f"/write/?then={what}").status_code == 500
    assert written() == 0


def test_it_refuses_a_page_that_the_role_does_not_name(siti: Client) -> None:
    assert siti.get("/users/").status_code == 403


def test_it_sends_a_visitor_to_sign_in(client: Client, site: Town) -> None:
    assert client.get("/").url == "/akun/masuk/?next=/"


class TestWithoutAnAppointment:
    @pytest.fixture
    def nobody(self, client: Client, site: Town) -> Client:
        return at_work(client, site.stranger)

    def test_it_refuses_every_page(self, nobody: Client) -> None:
        assert nobody.get("/").status_code == 403
        assert nobody.get("/users/").status_code == 403

    def test_it_lets_him_sign_out(self, nobody: Client) -> None:
        assert nobody.get("/akun/keluar/").status_code == 200
        assert nobody.post("/akun/keluar/").status_code == 302
        assert nobody.get("/").url.startswith("/akun/masuk/")

    def test_it_shows_him_public_pages_without_rows(self, nobody: Client, site: Town) -> None:
        event_of(site, site.jambi, "here")
        assert nobody.get("/public/").content == b"0 rows"


class TestSessionLife:
    def test_it_ends_after_a_quarter_of_an_hour_of_silence(self, siti: Client) -> None:
        assert siti.get("/").status_code == 200
        set_back(siti, SEEN, 15 * 60)
        assert siti.get("/").url.startswith("/akun/masuk/")

    def test_it_goes_on_while_somebody_works(self, siti: Client) -> None:
        siti.get("/")
        set_back(siti, SEEN, 14 * 60)
        assert siti.get("/").status_code == 200
        assert time.time() - siti.session[SEEN] < 60

    def test_it_ends_after_eight_hours_of_work(self, siti: Client) -> None:
        siti.get("/")
        set_back(siti, STARTED, 8 * 60 * 60)
        assert siti.get("/").url.startswith("/akun/masuk/")
        with system_scope("maintenance", actor=NOBODY):
            assert AuditEvent.objects.filter(action="session_over").count() == 1

    def test_it_does_not_start_anew_at_every_request(self, siti: Client) -> None:
        siti.get("/")
        set_back(siti, STARTED, 3 * 60 * 60)
        siti.get("/")
        assert time.time() - siti.session[STARTED] > 3 * 60 * 60 - 60

    def test_it_leaves_no_page_in_a_shared_computer(self, siti: Client) -> None:
        answer = siti.get("/")
        assert "no-store" in answer["Cache-Control"]
        assert "Clear-Site-Data" not in answer


def set_back(client: Client, name: str, seconds: int) -> None:
    session = client.session
    session[name] -= seconds
    session.save()
