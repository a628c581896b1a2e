"""Tokens over the API: asked for with a key (OAuth2 client credentials), given up early, and what one allows."""

import base64
import binascii
import datetime
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, ValidationError

from lindung.access import tokens
from lindung.access.tokens import BeyondKey, WrongKey
from lindung.api import limits
from lindung.api.endpoint import JSON, caller, endpoint
from lindung.api.faults import fault_of
from lindung.api.problems import Problem, ProblemAnswer
from lindung.api.shapes import Answer, Order
from lindung.engine import clock
from lindung.law.text import Text

router = Router(tags=["token"])
FORM = "application/x-www-form-urlencoded"


class TokenOrder(Order):
    """As RFC 6749 section 4.4 writes it; `scope` holds permissions, parted by spaces."""

    grant_type: str = Field(max_length=40)
    client_id: str = Field(default="", pattern="^[A-Za-z0-9_]{0,40}$")
    client_secret: str = Field(default="", max_length=100)
    scope: str = Field(default="", max_length=1000)


class TokenAnswer(Answer):
    """A token for a quarter of an hour."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class MeAnswer(Answer):
    """Who the token acts as, and what it may do."""

    client_id: str
    user: str
    role: str
    organisation: str
    on: str
    permissions: list[str]


class Ended(Answer):
    """The token is over."""

    ended: bool


_BODY: dict[str, Any] = {
    "x-permission": None,
    "requestBody": {
        "required": True,
        "content": {media: {"schema": TokenOrder.model_json_schema()} for media in (FORM, JSON)},
    },
}


@router.post(
    "/token",
    auth=None,
    operation_id="ask_token",
    summary="Minta token / Ask for a token",
    response={200: TokenAnswer, **dict.fromkeys((400, 401, 413, 415, 422, 429, 503), ProblemAnswer)},
    openapi_extra=_BODY,
)
def ask_token(request: HttpRequest) -> HttpResponse:
    """OAuth2 client credentials, as form or JSON; the key may also come by HTTP Basic. No cookie is read or set."""
    now = clock.unfixed()
    try:
        order = _order(request)
        issued = _issued(order, now)
    except Exception:
        limits.count(request, None, now=now)
        raise
    limits.count_client(request, order.client_id, now=now)
    answer = TokenAnswer(
        access_token=issued.token,
        token_type="Bearer",  # noqa: S106 - the kind of token, not one
        expires_in=issued.expires_in,
        scope=" ".join(issued.permissions),
    )
    return HttpResponse(answer.model_dump_json(), content_type=JSON, headers={"Pragma": "no-cache"})


def _issued(order: TokenOrder, now: datetime.datetime) -> tokens.Issued:
    if order.grant_type != "client_credentials":
        raise Problem("client.grant_type", error="unsupported_grant_type")
    try:
        return tokens.issue(
            client_id=order.client_id,
            secret=order.client_secret,
            asked=order.scope.split(),
            on=clock.today(),
            now=now,
        )
    except WrongKey as refusal:
        raise Problem(refusal.code, text=refusal.text, error="invalid_client") from refusal
    except BeyondKey as refusal:
        raise Problem(refusal.code, text=refusal.text, error="invalid_scope") from refusal


@endpoint(router, "DELETE", "/token", permission=None, summary=Text("Akhiri token", "Give a token up"))
def end_token(request: HttpRequest) -> Ended:
    """End the token that is shown before its time."""
    tokens.give_up(caller(request), now=clock.unfixed())
    return Ended(ended=True)


@endpoint(router, "GET", "/me", permission=None, summary=Text("Izin token ini", "What this token may do"))
def read_me(request: HttpRequest) -> MeAnswer:
    """Who the token acts as, on which day, and what it is allowed to do."""
    bearer = caller(request)
    user, held = bearer.standing.user, bearer.standing.appointment
    if user is None or held is None:
        raise Problem("token.invalid")
    return MeAnswer(
        client_id=bearer.client_id,
        user=user.username,
        role=held.role,
        organisation=held.organisation.name,
        on=bearer.standing.on.isoformat(),
        permissions=sorted(str(each) for each in bearer.permissions if bearer.may(each)),
    )


def _order(request: HttpRequest) -> TokenOrder:
    if request.content_type == FORM:
        sent: object = request.POST.dict()
    elif request.content_type == JSON:
        sent = _json(request)
    else:
        raise Problem("request.media_type", error="invalid_request")
    try:
        return TokenOrder.model_validate({**_basic(request), **sent} if isinstance(sent, dict) else sent)
    except ValidationError as error:
        faults = [fault_of({**each, "loc": ("body", *each["loc"])}) for each in error.errors()]
        raise Problem("request.invalid", errors=faults, error="invalid_request") from error


def _json(request: HttpRequest) -> object:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Problem("request.malformed", error="invalid_request") from error


def _basic(request: HttpRequest) -> dict[str, str]:
    """Id and secret as HTTP Basic gives them; what cannot be read counts as none."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError):
        return {}
    return {"client_id": client_id, "client_secret": secret}
