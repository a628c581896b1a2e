"""A zero byte in an address names nothing: the database takes none, so no page may hand it one.

In the path there is no such page. In what stands behind the question mark it is left out, as if nobody had written it.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

_ENCODED = "%00"


class ZeroBytes:
    """Stands before every page, so that none has to ask; the API, in front of it, names the value at fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page's answer, asked without zero bytes behind the question mark."""
        asked = request.META.get("QUERY_STRING", "")
        while _ENCODED in asked:
            asked = asked.replace(_ENCODED, "")
        request.META["QUERY_STRING"] = asked
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raises Http404 for a path with a zero byte."""
        if "\0" in request.path_info:
            raise Http404("zero byte")
