"""Indonesian first; English by one press of a button, on every page and before signing in, too."""

from django.test import Client
from django.urls import reverse

from lindung.access.models import Role
from web.conftest import SignIn
from web.village import Village


def test_it_speaks_indonesian_to_a_browser_that_asks_for_nothing(village: Village) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert '<html lang="id">' in page
    assert "Masuk ke Lindung" in page


def test_it_changes_the_language_before_anybody_has_signed_in(village: Village) -> None:
    client = Client()
    answer = client.post("/ganti-bahasa/", {"language": "en", "next": reverse("account_login")})
    assert answer.headers["Location"] == reverse("account_login")
    page = client.get(reverse("account_login")).content.decode()
    assert '<html lang="en">' in page
    assert "Sign in to Lindung" in page


def test_it_changes_back(signed_in: SignIn) -> None:
    client = signed_in(Role.CITY_OFFICER)
    client.post("/ganti-bahasa/", {"language": "en"})
    assert "What needs you" in client.get("/").content.decode()
    client.post("/ganti-bahasa/", {"language": "id"})
    assert "Yang perlu Anda lakukan" in client.get("/").content.decode()


def test_it_never_leads_to_another_site(village: Village) -> None:
    answer = Client().post("/ganti-bahasa/", {"language": "en", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"
