"""docs/api.md is true: each of its examples is called as written and answers with the fields it shows."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from api.conftest import DOCUMENTED, token_of
from lindung.access import clients, once, tokens
from lindung.access.models import Role
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.api.codes import CODES
from lindung.contributions import billing, payments, rejecting
from lindung.engine.refusals import Refusal
from lindung.engine.state import CHECKOUT
from lindung.formats.unreadable import CODES as OF_FILES
from lindung.membership import arriving, enrolling, intake
from lindung.membership.problems import catalogue
from lindung.partnership import readiness
from web.village import NEXT_ROWS, NOW, SITI, Village, sheet

PAGE = (CHECKOUT / "docs/api.md").read_text("utf-8")
EXAMPLES = re.findall(r"```http\n(.*?)\n```\n```json\n(.*?)\n```", PAGE, re.DOTALL)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 10


def test_every_example_answers_as_it_says(village: Village) -> None:
    known = {
        **_key(village),
        "AGREEMENT": str(village.agreement_id),
        "MEMBER": str(village.siti_id),
        "NIK": SITI,
    }
    known |= {"SHEET": sheet(*NEXT_ROWS).decode().strip()}
    token = token_of(village, village.users[Role.CITY_OFFICER])
    for call, shown in EXAMPLES:
        answer = _called(_filled(call, known), token)
        assert _missing(json.loads(shown), answer) == [], call
        if "/rosters\n" in call:
            known["ROSTER"] = str(answer["id"])
        if "/bills\n" in call:
            known["BILL"] = str(answer["id"])


def _key(village: Village) -> dict[str, str]:
    admin = Actor.of(village.users[Role.ADMINISTRATOR])
    with system_scope(SystemScope.DEMO, actor=admin):
        key = clients.create(name="contoh", user=village.users[Role.CITY_OFFICER], by=admin, now=NOW)
    return {"CLIENT": key.client_id, "SECRET": key.secret}


def _filled(call: str, known: dict[str, str]) -> str:
    return re.sub(r"\$([A-Z]+)", lambda found: known[found[1]], call)


def _called(call: str, token: str) -> Any:
    head, _, body = call.partition("\n\n")
    first, *lines = head.split("\n")
    method, address = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    media = headers.pop("Content-Type", "")
    # A form's parts are parted by CR LF, which a page of Markdown does not hold.
    sent = re.sub(r"\r?\n", "\r\n", body) if media.startswith("multipart/") else body
    entered = {"Authorization": f"Bearer {token}"} | headers
    answer = Client().generic(method, address, sent, content_type=media, headers=entered)
    return json.loads(answer.content)


def _missing(shown: Any, answer: Any, place: str = "") -> list[str]:
    """What the page shows and the answer does not have; "…" stands for anything."""
    if isinstance(shown, dict):
        lost = [f"{place}.{name}" for name in shown if name not in answer]
        found = (_missing(shown[name], answer[name], f"{place}.{name}") for name in shown if name in answer)
        return [*lost, *(each for several in found for each in several)]
    if isinstance(shown, list):
        return [
            each for at, want in enumerate(shown[:1]) for each in _missing(want, answer[at], f"{place}[{at}]")
        ]
    same = shown == answer or isinstance(shown, int) or (isinstance(shown, str) and "…" in shown)
    return [] if same else [f"{place}: {shown!r}, not {answer!r}"]


CALLED = (billing, payments, rejecting, readiness, enrolling, arriving, intake, once, tokens)
"""The rooms that the API calls, as far as each refusal of theirs can reach it."""
CALLED_WITHOUT_THESE = {
    "roster.nothing_to_cancel",
    "roster.nothing_to_resume",
    "roster.nothing_to_withdraw",
    "roster.people_enrolled",
    "roster.read_anew",
    "roster.withdrawn_without_reason",
}
"""What the pages alone can be refused."""


def _refusals() -> set[str]:
    found = {each for room in CALLED for each in vars(room).values() if isinstance(each, type)}
    return {each.code for each in found if issubclass(each, Refusal)} - CALLED_WITHOUT_THESE


class TestTheTableOfCodes:
    def test_it_has_every_code_the_door_can_raise(self) -> None:
        files = {code for code in catalogue() if code.startswith(("file.", "agreement."))}
        assert sorted(({*CODES, *OF_FILES, *_refusals()} | files) - DOCUMENTED) == []

    def test_every_refusal_of_a_room_has_a_place_on_the_page_of_codes(self) -> None:
        assert sorted(_refusals() - {*CODES}) == []

    def test_it_has_no_code_that_nothing_raises(self) -> None:
        assert sorted(DOCUMENTED - {*CODES, *catalogue(), "refused."}) == []

    @pytest.mark.parametrize("code", sorted(CODES))
    def test_it_names_the_status_that_is_sent(self, code: str) -> None:
        assert f"| `{code}` | {CODES[code].status} |" in PAGE
