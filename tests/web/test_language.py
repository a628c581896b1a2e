"""Indonesian until the reader chooses English, whatever her computer was set to."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


def test_it_speaks_indonesian_to_a_browser_that_prefers_english() -> None:
    page = Client(headers={"accept-language": "en-US,en;q=0.9"}).get("/akun/masuk/")
    assert page.headers["Content-Language"] == "id"
    assert b'lang="id"' in page.content


def test_it_speaks_english_once_chosen() -> None:
    reader = Client()
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = reader.get("/akun/masuk/")
    assert page.headers["Content-Language"] == "en"
    assert b'lang="en"' in page.content


def test_it_does_not_trip_over_a_language_it_does_not_have() -> None:
    reader = Client()
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "../../xx"
    assert reader.get("/akun/masuk/").headers["Content-Language"] == "id"
