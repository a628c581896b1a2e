"""The API as another system calls it: a token for anybody of the village, and answers that keep their promises."""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.test import Client

from conftest import Connect
from lindung.access import clients, tokens
from lindung.access.models import Role, User
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.api.problems import CONTENT_TYPE
from lindung.engine import clock
from lindung.engine.state import CHECKOUT
from stages import Stage
from web.conftest import village_stage as village_stage
from web.village import NOW, Village

PREFIX = "/api/v1"
DOCUMENTED = frozenset(
    re.findall(r"^\| `([a-z_.]+)`", (CHECKOUT / "docs/api.md").read_text("utf-8"), re.MULTILINE)
)
"""The codes in the table of docs/api.md."""


@pytest.fixture(autouse=True)
def _fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINDUNG_NOW", NOW.isoformat())


@pytest.fixture
def village(village_stage: Stage[Village], db: None, as_role: Connect) -> Village:
    """The village of the page tests; calls are counted outside of the test's transaction, so they are forgotten."""
    as_role("lindung_app").execute("DELETE FROM access_limitercounter")
    return village_stage.found()


class Reply(NamedTuple):
    """An answer of the API: status, headers, and what stood in it."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> str:
        """The stable code of a problem."""
        return str(self.body["code"])


class Machine:
    """Another system with a token of its own. Every problem it meets is problem+json with a documented code."""

    def __init__(self, token: str | None) -> None:
        self.token = token
        self._orders = 0

    def get(self, path: str, **headers: str) -> Reply:
        """Read something."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: object = None, *, key: str = "", **headers: str) -> Reply:
        """Give an order in JSON, under a new key unless one is named."""
        return self.send(
            "POST",
            path,
            content=json.dumps({} if body is None else body),
            content_type="application/json",
            key=key or self.new_key(),
            **headers,
        )

    def hand_in(self, path: str, content: bytes, *, key: str = "", name: str = "daftar.csv") -> Reply:
        """Send a file."""
        head = f'--xx\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        return self.send(
            "POST",
            path,
            content=head.encode() + content + b"\r\n--xx--\r\n",
            content_type="multipart/form-data; boundary=xx",
            key=key or self.new_key(),
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        content: str | bytes = b"",
        content_type: str = "",
        key: str = "",
        **headers: str,
    ) -> Reply:
        """Any call; the promises every answer keeps are checked here."""
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        given |= {"Idempotency-Key": key} if key else {}
        address = path if path.startswith("/") and path.startswith(PREFIX) else f"{PREFIX}{path}"
        answer = Client(raise_request_exception=True).generic(
            method, address, content, content_type=content_type, headers={**given, **headers}
        )
        return checked(answer)

    def new_key(self) -> str:
        """A key nobody has used."""
        self._orders += 1
        return f"order-{id(self)}-{self._orders}"


def checked(answer: Any) -> Reply:
    """The promises: no cookie, nothing kept, every error a problem whose code is documented, no trace of the inside."""
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    is_file = answer.status_code < 400 and "json" not in answer.headers["Content-Type"]
    body = {"file": answer.content.decode("latin-1")} if is_file else json.loads(answer.content)
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == CONTENT_TYPE
        assert body["status"] == answer.status_code
        assert body["type"] == f"/api/v1/docs#{body['code']}"
        assert body["detail"]
        assert body["detail_en"]
        assert documented(body["code"]), f"{body['code']} does not stand in docs/api.md"
        assert "Traceback" not in answer.content.decode()
    return Reply(answer.status_code, dict(answer.headers), body)


def documented(code: str) -> bool:
    """Whether the code has a row of its own, or is one of the database's rules, which have one row together."""
    return code in DOCUMENTED or code.startswith("refused.")


As = Callable[[User | Role], Machine]


@pytest.fixture
def machine(village: Village) -> As:
    """A system that acts as this person, with a fresh token for all that the role allows."""

    def made(who: User | Role) -> Machine:
        return Machine(token_of(village, village.users[who] if isinstance(who, Role) else who))

    return made


def token_of(village: Village, user: User) -> str:
    """A token for a new key of this user, made by the administrator (or, for herself, by the branch head)."""
    maker = village.users[Role.ADMINISTRATOR]
    maker = village.users[Role.BRANCH_HEAD] if maker == user else maker
    with system_scope(SystemScope.DEMO, actor=Actor.of(maker)):
        key = clients.create(name="uji", user=user, by=Actor.of(maker), now=NOW)
    issued = tokens.issue(
        client_id=key.client_id, secret=key.secret, asked=(), on=clock.today(), now=clock.unfixed()
    )
    return issued.token
