"""One-time links: once, on a demo, on this machine."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from access.conftest import NOW, Town
from lindung.access import second_factor
from lindung.access.demo_links import NotADemo, consume, is_loopback, make, totp_code
from lindung.access.models import SignInLink, User
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.engine import state

HERE = "127.0.0.1"


@pytest.fixture
def demo() -> Iterator[None]:
    """This run's state folder, as long as the test lasts, holds invented people."""
    state.mark_demo()
    yield
    (state.home() / "DEMO").unlink()


@pytest.mark.usefixtures("demo")
class TestOnADemo:
    def test_it_signs_in_once(self, town: Town) -> None:
        token = make(town.siti, now=NOW)
        assert consume(token, now=NOW, remote_addr=HERE) == town.siti
        assert consume(token, now=NOW, remote_addr=HERE) is None

    def test_it_is_good_for_a_day(self, town: Town) -> None:
        token = make(town.siti, now=NOW)
        assert consume(token, now=NOW + timedelta(hours=24), remote_addr=HERE) is None
        assert consume(token, now=NOW + timedelta(hours=23, minutes=59), remote_addr=HERE) == town.siti

    @pytest.mark.parametrize("address", ["192.168.1.7", "203.0.113.9", "2001:db8::1", "", "localhost.evil"])
    def test_it_is_refused_from_elsewhere_and_not_used_up(self, town: Town, address: str) -> None:
        token = make(town.siti, now=NOW)
        assert consume(token, now=NOW, remote_addr=address) is None
        assert consume(token, now=NOW, remote_addr="::1") == town.siti

    def test_it_refuses_a_token_that_was_never_made(self, town: Town) -> None:
        assert consume("guessed", now=NOW, remote_addr=HERE) is None

    def test_it_refuses_a_user_who_is_not_active(self, town: Town) -> None:
        token = make(town.siti, now=NOW)
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            User.objects.filter(pk=town.siti.pk).update(is_active=False)
        assert consume(token, now=NOW, remote_addr=HERE) is None

    def test_it_keeps_only_a_hash_of_the_token(self, town: Town) -> None:
        token = make(town.siti, now=NOW)
        assert token.encode() not in bytes(SignInLink.objects.get().token_hash)

    def test_it_makes_a_different_token_each_time(self, town: Town) -> None:
        assert make(town.siti, now=NOW) != make(town.siti, now=NOW)

    def test_it_gives_the_code_of_the_moment(self, town: Town) -> None:
        second_factor.give(town.siti)
        code = totp_code(town.siti)
        assert len(code.digits) == 6
        assert 0 < code.seconds_left <= 30

    def test_it_lets_one_of_ten_in_at_the_same_moment(self, fresh_database: str) -> None:
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            user = User.objects.create_user("siti", name="Siti Aminah")
        token = make(user, now=NOW)

        def on_its_own_connection(_: int) -> bool:
            try:
                return consume(token, now=NOW, remote_addr=HERE) is not None
            finally:
                connection.close()

        with ThreadPoolExecutor(10) as pool:
            assert list(pool.map(on_its_own_connection, range(10))).count(True) == 1


@pytest.mark.usefixtures("demo")
class TestInTheBrowser:
    def test_it_waits_for_the_button(self, site: Town) -> None:
        """A program that previews links asks with GET, and must not use the link up."""
        client = Client(headers={"Host": "127.0.0.1:8000"})
        address = f"/link/{make(site.budi, now=timezone.now())}/"
        assert client.get(address).content == b"press the button"
        assert client.post(address).content == b"Budi Santoso"
        assert client.get("/").status_code == 200
        assert Client(headers={"Host": "127.0.0.1:8000"}).post(address).status_code == 410

    @pytest.mark.parametrize(
        "asked",
        [
            {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
            {"HTTP_FORWARDED": "for=203.0.113.9"},
            {"HTTP_HOST": "evil.example"},
            {"REMOTE_ADDR": "192.168.1.7"},
        ],
    )
    def test_it_is_refused_through_a_proxy_or_by_another_name(
        self, site: Town, settings: Any, asked: dict[str, Any]
    ) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        address = f"/link/{make(site.budi, now=timezone.now())}/"
        assert Client().post(address, **{"HTTP_HOST": "127.0.0.1:8000", **asked}).status_code == 410
        assert Client().post(address, HTTP_HOST="127.0.0.1:8000").status_code == 200

    @pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "[::1]", "[::1]:8000"])
    def test_it_knows_its_own_names(self, client: Client, site: Town, host: str) -> None:
        address = f"/link/{make(site.budi, now=timezone.now())}/"
        assert client.post(address, headers={"Host": host}).status_code == 200


class TestElsewhere:
    def test_it_makes_no_link(self, town: Town) -> None:
        with pytest.raises(NotADemo):
            make(town.siti, now=NOW)

    def test_it_makes_no_code(self, town: Town) -> None:
        with pytest.raises(NotADemo):
            totp_code(town.siti)

    def test_it_takes_no_link_that_was_made_while_it_was_one(self, town: Town) -> None:
        state.mark_demo()
        token = make(town.siti, now=NOW)
        (state.home() / "DEMO").unlink()
        assert consume(token, now=NOW, remote_addr=HERE) is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
    ],
)
def test_it_knows_loopback(address: str, expected: bool) -> None:
    assert is_loopback(address) is expected
