"""Schemathesis over the OpenAPI document as each role: no 5xx, every error a problem, every answer as documented.

A few examples for each operation and role, so that it takes less than a minute; LINDUNG_FULL=1 draws many more.
"""

import json
import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.conftest import documented, token_of
from api.test_matrix import places as places
from lindung.access.models import Role
from lindung.access.roles import ROLES
from lindung.api import limits
from lindung.api.document import document
from lindung.api.problems import CONTENT_TYPE
from lindung.wsgi import application
from web.village import Village, build

pytestmark = pytest.mark.slow

EXAMPLES = 60 if os.environ.get("LINDUNG_FULL") == "1" else 2
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
WHO = [None, *(role for role in Role if ROLES[role].may)]


@pytest.fixture
def village(fresh_database: str) -> Village:
    """A database of its own, with real commits: a call costs what it costs in earnest, and no more."""
    return build()


@pytest.fixture
def schema(village: Village, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The document as it is served; the limits of a minute would end the run."""
    monkeypatch.setattr(limits, "CALLS_OF_A_CLIENT", 10**6)
    monkeypatch.setattr(limits, "CALLS_WITHOUT_A_TOKEN", 10**6)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def callers(village: Village) -> dict[Role | None, dict[str, str]]:
    """The headers of a system of each role, and of one without a token."""
    plain = {"Accept-Encoding": "identity"}
    return {
        role: plain
        if role is None
        else plain | {"Authorization": f"Bearer {token_of(village, village.users[role])}"}
        for role in WHO
    }


def test_it_keeps_what_the_document_promises_to_each_role(
    places: dict[str, int],
    schema: Any,
    callers: dict[Role | None, dict[str, str]],
    subtests: pytest.Subtests,
) -> None:
    """With made-up ids and with those of the city; what is sent fits the document, or does not."""
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.label == "DELETE /api/v1/token":
            continue  # it would end the tokens of this run; test_tokens.py calls it
        named = {name: places[name] for name in places if f"{{{name}}}" in operation.path}
        ways = [(POSITIVE, {}), (NEGATIVE, {}), *([(POSITIVE, named)] if named else [])]
        for mode, ids in ways:
            with subtests.test(operation.label, mode=str(mode), ids=ids):
                _drawn(operation, mode, ids, callers)


def _drawn(
    operation: Any, mode: Any, ids: dict[str, int], callers: dict[Role | None, dict[str, str]]
) -> None:
    """Some cases, each sent by every role."""
    fixed = {"path_parameters": ids} if ids else {}

    @given(case=operation.as_strategy(mode, **fixed))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def kept(case: Any) -> None:
        for headers in callers.values():
            response = case.call(headers=headers)
            case.validate_response(response, checks=CHECKS)
            if response.status_code >= 400:
                assert response.headers["content-type"] == [CONTENT_TYPE]
                assert documented(json.loads(response.content)["code"])

    kept()


class TestTheDocument:
    def test_every_operation_names_its_errors(self) -> None:
        for path, operations in document()["paths"].items():
            for method, operation in operations.items():
                named = set(operation["responses"])
                least = {400, 401, 422, 429, 503}
                least |= {403} if operation["x-permission"] else set()
                least |= {404} if "{" in path else set()
                keyed = any(each["name"] == "Idempotency-Key" for each in operation["parameters"])
                least |= {409} if keyed else set()
                least |= {413, 415} if "requestBody" in operation else set()
                assert least <= named, (method, path, least - named)

    def test_every_error_is_a_problem(self) -> None:
        for operations in document()["paths"].values():
            for operation in operations.values():
                errors = [answer for status, answer in operation["responses"].items() if int(status) >= 400]
                assert errors
                assert {media for answer in errors for media in answer["content"]} == {CONTENT_TYPE}

    def test_it_asks_for_a_key_wherever_something_changes(self) -> None:
        """All but asking for a token, searching and revealing, which change nothing but the trail."""
        free = {"/api/v1/token", "/api/v1/members/search", "/api/v1/members/{member_id}/reveal"}
        for path, operations in document()["paths"].items():
            if "post" in operations and path not in free:
                assert "Idempotency-Key" in {each["name"] for each in operations["post"]["parameters"]}, path

    def test_every_operation_says_what_it_is_for_in_both_languages(self) -> None:
        summaries = [each["summary"] for path in document()["paths"].values() for each in path.values()]
        assert all(" / " in summary for summary in summaries)
        assert len(set(summaries)) == len(summaries)
