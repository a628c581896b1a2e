"""The OpenAPI document, and the page that shows it to people."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lindung.api.assembly import ABOUT, api
from lindung.api.codes import CODES
from lindung.api.endpoint import KEY_HEADER
from lindung.api.problems import CONTENT_TYPE

PREFIX = "/api/v1/"
_COUNTERS = {
    name: {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "description": said}
    for name, said in (
        ("RateLimit-Limit", "Calls a minute."),
        ("RateLimit-Remaining", "Calls left in this minute."),
        ("RateLimit-Reset", "Seconds until the next minute."),
    )
}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of version 1; problems under their own content type."""
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    for operations in made["paths"].values():
        for operation in operations.values():
            _tidy(operation)
    return made


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The document for machines; it says nothing about anybody."""
    return JsonResponse(document())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The document for people: every operation, every code; plain HTML from this server alone."""
    found = document()
    codes = [(code, kind.status, kind.text) for code, kind in CODES.items()]
    shown = {"info": found["info"], "about": ABOUT, "operations": list(_operations(found)), "codes": codes}
    return render(request, "api/docs.html", shown)


class Shown(NamedTuple):
    """An operation as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    permission: str | None
    keyed: bool
    media: str
    parameters: list[dict[str, Any]]
    statuses: list[str]


def _operations(found: dict[str, Any]) -> Iterator[Shown]:
    for path, operations in found["paths"].items():
        for method, called in operations.items():
            parameters = called["parameters"]
            yield Shown(
                name=called["operationId"],
                method=method.upper(),
                path=path,
                summary=called["summary"],
                description=called.get("description", ""),
                permission=called["x-permission"],
                keyed=any(each["name"] == KEY_HEADER for each in parameters),
                media=", ".join(called.get("requestBody", {}).get("content", {})),
                parameters=[each for each in parameters if each["name"] != KEY_HEADER],
                statuses=[str(status) for status in called["responses"]],
            )


def _tidy(operation: dict[str, Any]) -> None:
    media = operation.pop("x-file", "")
    if media:
        operation["responses"][200]["content"] = {media: {"schema": {"type": "string", "format": "binary"}}}
    for status, answer in operation["responses"].items():
        answer["headers"] = dict(_COUNTERS)
        if int(status) >= 400 and "application/json" in answer.get("content", {}):
            answer["content"] = {CONTENT_TYPE: answer["content"].pop("application/json")}
