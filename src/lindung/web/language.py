"""The reader's language: Indonesian unless she chose English."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import check_for_language, get_language, override

from lindung.law import money
from lindung.law.text import Language, Text


class ChosenLanguage:
    """Speaks Indonesian until the reader chooses English; what her browser prefers decides nothing.

    Office computers are often set to English by whoever installed them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Make the page in the language of the cookie, or in Indonesian."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen in dict(settings.LANGUAGES) and check_for_language(chosen)
        with override(chosen if known else settings.LANGUAGE_CODE):
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", chosen if known else settings.LANGUAGE_CODE)
        return response


def reader_language() -> Language:
    """The language of the person for whom this page is made."""
    return "en" if (get_language() or "id").startswith("en") else "id"


def said(text: Text) -> str:
    """A bilingual text in the reader's language."""
    return text.said_in(reader_language())


def counted(count: int) -> str:
    """A count with its thousands parted: 4.316 in Indonesian, 4,316 in English."""
    return said(money.counted(count))
