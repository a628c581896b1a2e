"""Sessions: listed, ended from elsewhere, kept alive by work and not by polling, and what comes too late is kept."""

import pytest
from django.test import Client
from django.utils import timezone

from access.conftest import Town
from access.test_middleware import at_work, set_back
from lindung.access import drafts, open_sessions
from lindung.access.middleware import SEEN
from lindung.access.models import OpenSession, User
from lindung.access.open_sessions import device_of, place_of
from lindung.access.scope import Actor, Scope, SystemScope, in_scope, system_scope

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.fixture
def budi(client: Client, site: Town) -> Client:
    return working(client, site.budi)


def working(client: Client, user: User) -> Client:
    at_work(client, user)
    assert client.get("/", headers={"User-Agent": CHROME}).status_code == 200
    return client


def listed(user: User) -> list[open_sessions.Shown]:
    with in_scope(Scope(), actor=Actor.of(user)):
        return open_sessions.sessions_of(user.pk, now=timezone.now())


class TestList:
    def test_it_names_device_and_place_and_no_address(self, budi: Client, site: Town) -> None:
        (found,) = listed(site.budi)
        assert (found.device, found.place) == ("Chrome, Windows", "127.0.0.x")

    def test_it_shows_each_session_once_whatever_its_key(self, budi: Client, site: Town) -> None:
        session = budi.session
        session.cycle_key()
        budi.cookies["lindung"] = session.session_key
        set_back(budi, SEEN, 60)
        budi.get("/")
        working(Client(), site.budi)
        assert len(listed(site.budi)) == 2

    def test_it_shows_nobody_elses(self, budi: Client, site: Town) -> None:
        with in_scope(Scope.of_sponsors(site.jambi.pk), actor=Actor.of(site.siti)):
            assert open_sessions.sessions_of(site.budi.pk, now=timezone.now()) == []

    def test_it_forgets_a_session_that_was_signed_out(self, budi: Client, site: Town) -> None:
        budi.post("/akun/keluar/")
        assert listed(site.budi) == []

    @pytest.mark.parametrize(
        ("address", "place"),
        [("203.0.113.77", "203.0.113.x"), ("2001:db8:0:1:aaaa::5", "2001:db8:0:1::/64"), ("", ""), ("x", "")],
    )
    def test_it_keeps_the_neighbourhood_of_an_address_only(self, address: str, place: str) -> None:
        assert place_of(address) == place

    @pytest.mark.parametrize("agent", ["", "curl/8.0", "\x00", "x" * 10_000])
    def test_it_takes_any_name_a_browser_gives_itself(self, agent: str) -> None:
        assert device_of(agent) == ""


class TestEnding:
    def test_it_makes_the_cookie_of_another_session_worthless(self, budi: Client, site: Town) -> None:
        phone = working(Client(), site.budi)
        actor = Actor.of(site.budi)
        with in_scope(Scope.of_sponsors(site.jambi.pk), actor=actor):
            open_sessions.end_all(
                of_user=site.budi.pk,
                by=actor,
                sponsor_id=site.jambi.pk,
                now=timezone.now(),
                but=budi.session,
            )
        assert phone.get("/").url.startswith("/akun/masuk/")
        assert budi.get("/").status_code == 200

    def test_it_ends_nothing_of_somebody_else(self, budi: Client, site: Town) -> None:
        (mine,) = listed(site.budi)
        siti = Actor.of(site.siti)
        with in_scope(Scope.of_sponsors(site.jambi.pk), actor=siti):
            for owner in (site.siti.pk, site.budi.pk):
                with pytest.raises(OpenSession.DoesNotExist):
                    open_sessions.end(
                        mine.id, of_user=owner, by=siti, sponsor_id=site.jambi.pk, now=timezone.now()
                    )
        assert budi.get("/").status_code == 200


class TestCutOff:
    """A session that somebody ended from elsewhere while its user was typing."""

    def end(self, site: Town) -> None:
        actor = Actor.of(site.siti)
        with system_scope(SystemScope.SIGNING_IN, actor=actor):
            open_sessions.end_all(
                of_user=site.budi.pk, by=actor, sponsor_id=site.jambi.pk, now=timezone.now()
            )

    def test_it_says_so_and_keeps_what_was_sent(self, budi: Client, site: Town) -> None:
        self.end(site)
        answer = budi.post("/weighty/", {"reason": "klaim", "password": "x", "once": "k"})
        assert answer.headers["Location"] == "/akun/masuk/?next=%2Fweighty%2F&habis=diakhiri-isian"
        assert typed(site) == {"reason": ["klaim"]}
        assert "_auth_user_id" not in budi.session

    def test_it_says_so_when_a_page_is_only_opened(self, budi: Client, site: Town) -> None:
        self.end(site)
        assert budi.get("/").headers["Location"] == "/akun/masuk/?next=%2F&habis=diakhiri"

    def test_it_keeps_what_the_page_was_keeping_by_itself(self, budi: Client, site: Town) -> None:
        self.end(site)
        answer = budi.post("/weighty/", {"reason": "baru"}, headers={"X-Page": "/other/"})
        assert answer.headers["X-Sign-In"] == "/akun/masuk/?next=%2Fother%2F&habis=diakhiri-isian"
        assert typed(site, "/other/") == {"reason": ["baru"]}

    def test_its_cookie_is_worth_one_draft(self, budi: Client, site: Town) -> None:
        cookie = budi.cookies["lindung"].value
        self.end(site)
        budi.get("/")
        assert budi.cookies["lindung"].value == ""
        again = Client()
        again.cookies["lindung"] = cookie
        assert "habis" not in again.post("/weighty/", {"reason": "palsu"}).headers["Location"]
        assert typed(site) == {}

    @pytest.mark.parametrize("key", ["", "x" * 32, "\x00", "é"])
    def test_it_keeps_nothing_for_a_cookie_that_was_never_ours(self, site: Town, key: str) -> None:
        client = Client()
        client.cookies["lindung"] = key
        assert "habis" not in client.post("/weighty/", {"reason": "palsu"}).headers["Location"]
        assert typed(site) == {}

    def test_it_keeps_nothing_of_one_who_signed_out(self, budi: Client, site: Town) -> None:
        cookie = budi.cookies["lindung"].value
        budi.post("/akun/keluar/")
        client = Client()
        client.cookies["lindung"] = cookie
        assert "habis" not in client.post("/weighty/", {"reason": "palsu"}).headers["Location"]
        assert typed(site) == {}

    def test_it_keeps_nothing_of_a_session_without_second_factor(self, client: Client, site: Town) -> None:
        client.force_login(site.budi)
        client.get("/")
        self.end(site)
        client.post("/weighty/", {"reason": "palsu"})
        assert typed(site) == {}

    def test_it_keeps_nothing_that_another_site_sent(self, site: Town) -> None:
        client = working(Client(enforce_csrf_checks=True), site.budi)
        self.end(site)
        assert client.post("/weighty/", {"reason": "palsu"}).status_code == 403
        assert typed(site) == {}


class TestStayingAlive:
    def seen(self, client: Client) -> int:
        return int(client.session[SEEN])

    def test_polling_keeps_nothing_alive(self, budi: Client) -> None:
        set_back(budi, SEEN, 10 * 60)
        before = self.seen(budi)
        budi.get("/daftar/1/kemajuan/", headers={"HX-Request": "true"})
        budi.get("/", headers={"X-Polling": "1"})
        assert self.seen(budi) == before

    def test_work_does(self, budi: Client) -> None:
        set_back(budi, SEEN, 10 * 60)
        before = self.seen(budi)
        budi.get("/", headers={"HX-Request": "true"})
        assert self.seen(budi) > before


def typed(site: Town, page: str = "/weighty/") -> dict[str, list[str]]:
    with in_scope(Scope(), actor=Actor.of(site.budi)):
        return drafts.kept(user_id=site.budi.pk, page=page)


class TestTooLate:
    def test_it_keeps_what_was_sent_after_the_end(self, budi: Client, site: Town) -> None:
        set_back(budi, SEEN, 16 * 60)
        answer = budi.post("/weighty/", {"reason": "klaim", "password": "x", "once": "k"})
        assert answer.headers["Location"] == "/akun/masuk/?next=%2Fweighty%2F&habis=isian"
        assert typed(site) == {"reason": ["klaim"]}
        assert "_auth_user_id" not in budi.session

    def test_it_keeps_nothing_that_another_site_sent(self, site: Town) -> None:
        client = working(Client(enforce_csrf_checks=True), site.budi)
        set_back(client, SEEN, 16 * 60)
        assert client.post("/weighty/", {"reason": "palsu"}).status_code == 403
        assert typed(site) == {}

    def test_it_keeps_nothing_of_a_session_without_second_factor(self, client: Client, site: Town) -> None:
        client.force_login(site.budi)
        client.get("/")
        set_back(client, SEEN, 16 * 60)
        client.post("/weighty/", {"reason": "palsu"})
        assert typed(site) == {}

    def test_it_says_so_when_a_page_is_only_opened(self, budi: Client) -> None:
        set_back(budi, SEEN, 16 * 60)
        assert budi.get("/?a=b").headers["Location"] == "/akun/masuk/?next=%2F%3Fa%3Db&habis=ya"

    def test_it_sends_the_whole_page_to_sign_in_when_a_part_was_asked(self, budi: Client) -> None:
        set_back(budi, SEEN, 16 * 60)
        answer = budi.get("/", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert answer.headers["HX-Redirect"].startswith("/akun/masuk/")
