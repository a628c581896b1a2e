"""What a part of a page gets when its answer is another page: the browser goes there, nothing is swapped in."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse

from lindung.access import too_late

Answer = Callable[[HttpRequest], HttpResponseBase]


class PartsOfPages:
    """Turns every redirect of a request that htmx made into one of the whole browser.

    The browser would else follow it unseen and the sign-in page would stand in the cell of a table. Stands around
    everything that may send somebody to sign in, to give a code, or to another page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if too_late.is_part(request) and isinstance(response, HttpResponseRedirect):
            return _going(request, response)
        return response


def _going(request: HttpRequest, response: HttpResponseRedirect) -> HttpResponse:
    """The same answer with its cookies; a part is no page to come back to."""
    address = urlsplit(response.url)
    query = QueryDict(address.query, mutable=True)
    if query.get("next") == request.get_full_path():
        query["next"] = too_late.page_of(request)
    if address.path == reverse("account_login"):
        query.setdefault("habis", too_late.WORDS[False])  # who has the page was signed in
    del response.headers["Location"]
    response.status_code = 200
    response.headers["HX-Redirect"] = address._replace(query=query.urlencode()).geturl()
    return response
