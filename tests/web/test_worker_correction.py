"""A worker's name put right on the page: said why, kept what was, refused at its field, once for two presses."""

import re

from django.http import HttpResponse
from django.test import Client

from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.people.models import PersonCorrection
from web.conftest import SignIn
from web.village import NOW, Village, acting

FIELDS = {
    "name": "Siti Aminah Putri",
    "birth_place": "Jambi",
    "birth_date": "12-03-1984",
    "sex": "F",
    "reason": "Dicocokkan dengan KTP",
}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def address(village: Village) -> str:
    return f"/pekerja/{village.siti_id}/betulkan/"


def sent(client: Client, path: str, **fields: str) -> HttpResponse:
    page = client.get(path).content.decode()
    tokens = {name: hidden(page, name) for name in ("once", "revision")}
    answer: HttpResponse = client.post(path, {**tokens, **FIELDS, **fields})  # type: ignore[assignment]  # django-stubs
    return answer


class TestCorrecting:
    def test_it_puts_the_name_right_and_shows_what_it_was(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        worker = f"/pekerja/{village.siti_id}/"
        assert address(village) in client.get(worker).content.decode()
        answer = sent(client, address(village))
        assert (answer.status_code, answer.headers["Location"]) == (302, worker)
        assert "<h1>Siti Aminah Putri</h1>" in client.get(worker).content.decode()
        page = client.get(address(village)).content.decode()
        assert "Yang pernah dibetulkan" in page
        assert "Dicocokkan dengan KTP" in page

    def test_it_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(
        self, village: Village, signed_in: SignIn
    ) -> None:
        answer = sent(signed_in(Role.CITY_OFFICER), address(village), birth_date="01-01-1990")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "tidak sama dengan yang ada di NIK" in page
        assert "Siti Aminah Putri" in page

    def test_a_birth_date_unlike_the_nik_needs_the_tick_that_the_card_was_seen(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        answer = sent(client, address(village), birth_date="02-04-1984", card_seen="on")
        assert answer.status_code == 302
        assert "KTP atau KK sudah dilihat" in client.get(address(village)).content.decode()
        long_ago = sent(client, address(village), birth_date="01-01-1880")
        assert "sebelum 1900" in long_ago.content.decode()

    def test_a_second_press_corrects_once(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        page = client.get(address(village)).content.decode()
        tokens = {name: hidden(page, name) for name in ("once", "revision")}
        presses = [client.post(address(village), {**tokens, **FIELDS}).status_code for _ in range(2)]
        assert presses == [302, 302]
        actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=actor):
            assert PersonCorrection.objects.count() == 1

    def test_a_page_that_is_stale_says_so(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        stale = client.get(address(village)).content.decode()
        sent(client, address(village))
        tokens = {name: hidden(stale, name) for name in ("once", "revision")}
        answer = client.post(address(village), {**tokens, **FIELDS, "name": "Orang Lain"})
        assert answer.status_code == 422
        assert "baru saja diubah orang lain" in answer.content.decode()

    def test_an_operator_of_a_kelurahan_may_not_and_a_stranger_finds_nobody(
        self, village: Village, signed_in: SignIn
    ) -> None:
        operator = signed_in(Role.KELURAHAN_OPERATOR)
        assert operator.get(address(village)).status_code == 403
        assert address(village) not in operator.get(f"/pekerja/{village.siti_id}/").content.decode()
        assert signed_in(village.stranger).get(address(village)).status_code == 404
