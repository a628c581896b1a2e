"""Puts an endpoint on the API: who may call it, what it takes, that it is carried out once, how it answers."""

import hashlib
import inspect
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.security.http import HttpAuthBase
from pydantic import BaseModel

from lindung.access.once import once
from lindung.access.roles import Permission
from lindung.access.tokens import Bearer
from lindung.api.faults import repeated_parameters, unknown_parameters
from lindung.api.problems import Problem, ProblemAnswer
from lindung.formats.unreadable import LIMITS
from lindung.law.text import Text

JSON, MULTIPART = "application/json", "multipart/form-data"
KEY_HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{8,64}")

View = Callable[..., BaseModel]


class Token(HttpAuthBase):
    """The gate of an endpoint, before anything of the request is looked at."""

    openapi_scheme = "bearer"

    def __init__(
        self, permission: Permission | None, media: str | None, *, keyed: bool, bodiless: bool = False
    ) -> None:
        super().__init__()
        self.permission, self.media, self.keyed, self.bodiless = permission, media, keyed, bodiless

    def __call__(self, request: HttpRequest) -> Bearer:
        """Who calls. Raises Problem: no token, not allowed, another kind of content, no key."""
        bearer = asking(request)
        if bearer is None:
            raise Problem("token.invalid" if "Authorization" in request.headers else "token.missing")
        if self.permission is not None and not bearer.may(self.permission):
            raise Problem("token.not_allowed")
        if self.media is not None and not (self.bodiless and _sent_nothing(request)):
            _refuse_other_media(request, self.media)
        if self.keyed:
            _key(request)
        return bearer


def asking(request: HttpRequest) -> Bearer | None:
    """Who shows a token in this request; None when nobody does, or it is not valid."""
    return cast(Bearer | None, getattr(request, "bearer", None))


def caller(request: HttpRequest) -> Bearer:
    """Who calls an endpoint behind the gate."""
    bearer = asking(request)
    if bearer is None:
        raise Problem("token.missing")
    return bearer


def endpoint(
    router: Router,
    method: str,
    path: str,
    *,
    permission: Permission | None,
    summary: Text,
    status: int = 200,
    media: str | None = None,
    keyed: bool = False,
    bodiless: bool = False,
    names: bool = False,
) -> Callable[[View], View]:
    """Register a view that returns its answer as a model.

    With `keyed` the order takes effect once for each Idempotency-Key, and sent again gets the same answer. With
    `bodiless` nothing need be sent; `names` says that a parameter names a thing, which may be missing. A GET refuses parameters that it does not know, and one that is named twice: a
    filter nobody applies would answer with everything.
    """

    def registered(view: View) -> View:
        run = (
            _carried_out_once(view, status)
            if keyed
            else _answering(view, status, known=_parameters(view, method, path))
        )
        problems = _problems(names or "{" in path, media=media, keyed=keyed)
        router.api_operation(
            [method],
            path,
            auth=Token(permission, media, keyed=keyed, bodiless=bodiless),
            response={status: view.__annotations__["return"], **dict.fromkeys(problems, ProblemAnswer)},
            operation_id=view.__name__,
            summary=f"{summary.id} / {summary.en}",
            description=(view.__doc__ or "").strip(),
            openapi_extra=_more(permission, keyed=keyed),
        )(run)
        return view

    return registered


def file_endpoint(
    router: Router, path: str, *, permission: Permission, summary: Text, media: str
) -> Callable[[Callable[..., bytes]], Callable[..., bytes]]:
    """Register a view that answers a GET with the bytes of a file of this type; its errors are problems as ever."""

    def registered(view: Callable[..., bytes]) -> Callable[..., bytes]:
        known = _parameters(view, "GET", path)

        @wraps(view)
        def answered(request: HttpRequest, **values: Any) -> HttpResponse:
            _refuse_unknown(request, known or ())
            return HttpResponse(view(request, **values), content_type=media)

        router.api_operation(
            ["GET"],
            path,
            auth=Token(permission, None, keyed=False),
            response={
                200: None,
                **dict.fromkeys(_problems("{" in path, media=None, keyed=False), ProblemAnswer),
            },
            operation_id=view.__name__,
            summary=f"{summary.id} / {summary.en}",
            description=(view.__doc__ or "").strip(),
            openapi_extra={**_more(permission, keyed=False), "x-file": media},
        )(answered)
        return view

    return registered


def _parameters(view: Callable[..., Any], method: str, path: str) -> tuple[str, ...] | None:
    """The names an address knows behind its question mark; None where they are not looked at."""
    if method != "GET":
        return None
    return tuple(
        name for name in inspect.signature(view).parameters if name != "request" and f"{{{name}}}" not in path
    )


def _refuse_unknown(request: HttpRequest, known: tuple[str, ...]) -> None:
    unknown = [name for name in request.GET if name not in known]
    if unknown:
        names = ", ".join(known) or "–"
        raise Problem(
            "request.unknown_parameter", text=_UNKNOWN.filled(known=names), errors=unknown_parameters(unknown)
        )
    repeated = [name for name, values in request.GET.lists() if len(values) > 1]
    if repeated:
        raise Problem("request.repeated_parameter", errors=repeated_parameters(repeated))


_UNKNOWN = Text(
    "Alamat ini tidak mengenal parameter itu; lihat daftar errors. Yang dikenal: {known}.",
    "This address does not know that parameter; see the list of errors. It knows: {known}.",
)


def _answering(view: View, status: int, *, known: tuple[str, ...] | None) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answered(request: HttpRequest, **values: Any) -> HttpResponse:
        if known is not None:
            _refuse_unknown(request, known)
        return HttpResponse(view(request, **values).model_dump_json(), status=status, content_type=JSON)

    return answered


def _carried_out_once(view: View, status: int) -> Callable[..., HttpResponse]:
    @wraps(view)
    def sent(request: HttpRequest, **values: Any) -> HttpResponse:
        bearer = caller(request)
        user = bearer.standing.user
        if user is None:
            raise Problem("token.invalid")
        answer, is_new = once(
            user_id=user.pk,
            key=f"api:{bearer.client_id}:{_key(request)}",
            order=_order(request),
            act=lambda: view(request, **values).model_dump_json(),
        )
        replayed = {} if is_new else {"Idempotent-Replayed": "true"}
        return HttpResponse(answer, status=status, content_type=JSON, headers=replayed)

    return sent


def _order(request: HttpRequest) -> bytes:
    """Everything that makes the order what it is; of files their content, since a boundary differs each time."""
    head = [request.method, request.get_full_path()]
    if request.content_type == MULTIPART:
        files = [(name, _digest(request, name)) for name in sorted(request.FILES)]
        return json.dumps([head, sorted(request.POST.lists()), files]).encode()
    # What it means counts, not its spaces or the order of its names; nothing sent is an empty object.
    sent = json.loads(request.body) if request.body else {}
    return json.dumps([head, sent], sort_keys=True).encode()


def _digest(request: HttpRequest, name: str) -> list[str]:
    found = []
    for file in request.FILES.getlist(name):
        file.seek(0)
        found += [file.name or "", hashlib.sha256(file.read()).hexdigest()]
        file.seek(0)
    return found


def _key(request: HttpRequest) -> str:
    key = request.headers.get(KEY_HEADER, "")
    if not key:
        raise Problem("idempotency.key_missing")
    if not _KEY.fullmatch(key):
        raise Problem("idempotency.key_malformed")
    return key


def _sent_nothing(request: HttpRequest) -> bool:
    """Of a form the parts have been read already, and its body cannot be asked for."""
    return request.content_type != MULTIPART and not request.body


def _refuse_other_media(request: HttpRequest, media: str) -> None:
    if request.content_type != media:
        raise Problem("request.media_type", headers={"Accept": media})
    sent = request.headers.get("Content-Length", "")
    if media == MULTIPART and sent.isdecimal() and int(sent) > LIMITS.max_file_bytes:
        raise Problem("request.too_large")


def _problems(names: bool, *, media: str | None, keyed: bool) -> list[int]:
    """Which statuses an endpoint can end with when it does not do what was asked."""
    named = [404] if names else []
    sent = [413, 415] if media else []
    changing = [409] if keyed else []
    return sorted([400, 401, 403, *named, *changing, *sent, 422, 429, 503])


def _more(permission: Permission | None, *, keyed: bool) -> dict[str, Any]:
    more: dict[str, Any] = {"x-permission": None if permission is None else str(permission)}
    if keyed:
        more["parameters"] = [
            {
                "in": "header",
                "name": KEY_HEADER,
                "required": True,
                "description": "A new key for each order; the same key again gets the first answer.",
                "schema": {"type": "string", "pattern": "^[!-~]{8,64}$"},
            }
        ]
    return more
