"""The entrance of the API: no cookie and no session counts here, only a token; one transaction per request.

It stands in front of everything that is made for browsers (sessions, language, CSRF, the second factor) and behind
what sets headers for all.
"""

import secrets
import time
from collections.abc import Callable

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, resolve

from lindung.access.scope import in_scope
from lindung.access.tokens import Bearer, bearer_of
from lindung.api import limits
from lindung.api.endpoint import MULTIPART
from lindung.api.problems import BY_STATUS, CONTENT_TYPE, Problem, said
from lindung.api.refusing import problem_of, will_pass
from lindung.engine import clock

PREFIX = "/api/"
TRIES = 6
_PAUSE = 0.02
"""Seconds; the pause before the next try is drawn from the tries so far, so that two do not meet again."""
_LONGEST_TOKEN = 200


class ApiEntrance:
    """Answers everything under /api/ itself; every error is problem+json, whatever happens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The API's answer, or the site's."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = _without_body(request) if request.method == "HEAD" else _answered(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Frame-Options"] = "DENY"
        return response


def _answered(request: HttpRequest) -> HttpResponseBase:
    try:
        request.get_host()
        match = resolve(request.path_info)
        now = clock.unfixed()
        bearer = _bearer(request)
        if not limits.asks_for_token(request):
            limits.count(request, bearer, now=now)
        request.bearer = bearer  # type: ignore[attr-defined]  # read by endpoint.asking
        if bearer is not None and request.method == "POST":
            _read_whole(request)
        response = _as_problem(request, _tried(request, match, bearer))
    except Exception as error:  # noqa: BLE001 - a machine gets a problem; refusing.py writes the trace to the log
        response = said(request, problem_of(error))
    left = limits.left_of(request)
    for name, value in (left.headers() if left else {}).items():
        response.headers[name] = value
    return response


def _without_body(request: HttpRequest) -> HttpResponseBase:
    """HEAD is answered as GET would be, with everything but the content."""
    request.method = "GET"
    answer = _answered(request)
    request.method = "HEAD"
    if isinstance(answer, HttpResponse):
        answer.headers["Content-Length"] = str(len(answer.content))
        answer.content = b""
    return answer


def _read_whole(request: HttpRequest) -> None:
    """Before the transaction begins: who sends slowly must not hold one open."""
    if request.content_type == MULTIPART:
        request.FILES.keys()
    else:
        len(request.body)


def _bearer(request: HttpRequest) -> Bearer | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= _LONGEST_TOKEN:
        return None
    return bearer_of(token, on=clock.today(), now=clock.unfixed())


def _tried(request: HttpRequest, match: ResolverMatch, bearer: Bearer | None) -> HttpResponseBase:
    """Once more when two orders stood in each other's way: nobody outside ever hears of a deadlock."""
    for tried in range(1, TRIES):
        try:
            return _in_scope(request, match, bearer)
        except OperationalError as error:
            if not will_pass(error):
                raise
            time.sleep(_PAUSE * tried * secrets.randbelow(4))
    return _in_scope(request, match, bearer)


def _in_scope(request: HttpRequest, match: ResolverMatch, bearer: Bearer | None) -> HttpResponseBase:
    if bearer is None:
        answered: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return answered
    with in_scope(bearer.standing.scope, actor=bearer.standing.actor):
        answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        if answer.status_code >= 400:
            transaction.set_rollback(True)
    return answer


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """What the framework answers by itself (405) says it in its own words; here it becomes a problem."""
    if response.status_code < 400 or response.headers.get("Content-Type") == CONTENT_TYPE:
        return response
    kept = {"Allow": _with_head(response.headers["Allow"])} if "Allow" in response.headers else {}
    code = BY_STATUS.get(response.status_code, "request.malformed")
    told: HttpResponse = said(request, Problem(code, status=response.status_code, headers=kept))
    return told


def _with_head(served: str) -> str:
    methods = [method.strip() for method in served.split(",")]
    return ", ".join(methods + ["HEAD"] * ("GET" in methods and "HEAD" not in methods))
