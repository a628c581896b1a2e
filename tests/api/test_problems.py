"""Bad input over the API: a problem with a stable code, never a page, never a trace, never a 5xx."""

import enum
import json
import re
from typing import Literal

import pytest
from django.test import Client
from pydantic import BaseModel, ValidationError

from api.conftest import As, Machine, checked
from lindung.access.models import Role
from lindung.access.roles import ROLES
from lindung.api import limits
from lindung.api.document import document
from lindung.api.faults import fault_of
from web.village import Village

BROKEN = [
    (b'{"month": ', 400, "request.malformed"),
    (b"\xff\xfe\x00", 400, "request.malformed"),
    (b'{"month": "2026-11\x00"}', 400, "request.malformed"),
    (b'{"month": "2026-11\\u0000"}', 422, "request.invalid"),
    (b'{"month": "\\ud800"}', 422, "request.invalid"),
    (b'{"month": 202611}', 422, "request.invalid"),
    (b'{"month": "2026-13"}', 422, "request.invalid"),
    (b'{"month": "0001-01"}', 422, "request.invalid"),
    (b'{"month": "2026-11", "amount": 1}', 422, "request.invalid"),
    (b'["2026-11"]', 422, "request.invalid"),
    (b"null", 422, "request.invalid"),
    (b"", 415, "request.media_type"),
    (b"[" * 100_000, 400, "request.malformed"),
    (b'{"month": NaN}', 422, "request.invalid"),
]


@pytest.mark.parametrize(("body", "status", "code"), BROKEN)
def test_it_says_what_is_wrong_with_a_body(
    village: Village, machine: As, body: bytes, status: int, code: str
) -> None:
    reply = machine(Role.CITY_OFFICER).send(
        "POST",
        f"/agreements/{village.agreement_id}/bills",
        content=body,
        content_type="application/json",
        key="bill-0001",
    )
    assert (reply.status, reply.code) == (status, code)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "33600"}, "body.amount"),
        ({"amount": 33600.0}, "body.amount"),
        ({"amount": 0}, "body.amount"),
        ({"amount": 2**63}, "body.amount"),
        ({"amount": True}, "body.amount"),
        ({"order_number": ""}, "body.order_number"),
        ({"order_number": "x" * 81}, "body.order_number"),
        ({"order_number": "SP2D\n9"}, "body.order_number"),
        ({"ordered_on": "10/11/2026"}, "body.ordered_on"),
        ({"ordered_on": "9999-12-31"}, "body.ordered_on"),
        ({"surprise": 1}, "body.surprise"),
    ],
)
def test_it_names_the_value_at_fault(
    village: Village, machine: As, change: dict[str, object], field: str
) -> None:
    order = {"order_number": "SP2D/9", "ordered_on": "2026-11-10", "amount": 33_600}
    reply = machine(Role.CITY_OFFICER).post("/bills/1/payments", order | change)
    assert (reply.status, reply.code) == (422, "request.invalid")
    assert [each["field"] for each in reply.body["errors"]] == [field]


@pytest.mark.parametrize(
    ("order", "detail", "detail_en"),
    [
        ({}, "Isian ini wajib.", "This value is needed."),
        ({"month": 202611}, "Tulis sebagai teks.", "Write it as text."),
        (
            {"month": "2026-13"},
            "Bentuknya tidak sesuai dokumentasi.",
            "It does not have the documented form.",
        ),
        (
            {"month": "2014-01"},
            "Untuk bulan ini tidak ada aturan tersimpan.",
            "There is no law stored for this month.",
        ),
        (["2026-11"], 'Kirim objek JSON, misalnya {"a": 1}.', 'Send a JSON object, such as {"a": 1}.'),
    ],
)
def test_it_says_what_is_wrong_with_a_value_in_both_languages(
    village: Village, machine: As, order: object, detail: str, detail_en: str
) -> None:
    reply = machine(Role.CITY_OFFICER).post(f"/agreements/{village.agreement_id}/bills", order)
    (fault,) = reply.body["errors"]
    assert (fault["detail"], fault["detail_en"]) == (detail, detail_en)


def test_it_names_the_bound_that_a_value_passed(machine: As) -> None:
    (fault,) = machine(Role.CITY_OFFICER).get("/agreements?limit=101").body["errors"]
    assert (fault["field"], fault["code"]) == ("query.limit", "less_than_equal")
    assert (fault["detail"], fault["detail_en"]) == ("Paling besar 100.", "At most 100.")


def test_a_fault_nobody_has_words_for_says_so_in_both_languages() -> None:
    fault = fault_of({"type": "never_heard_of", "loc": ("body", "a"), "msg": "Reader's own words"})
    assert (fault.code, fault.detail_en) == ("never_heard_of", "Reader's own words")
    assert fault.detail == "Isian ini tidak benar. Lihat dokumentasi."


def test_every_reading_refuses_a_parameter_that_it_does_not_know(machine: As) -> None:
    officer, asked = machine(Role.CITY_OFFICER), 0
    for path, operations in document()["paths"].items():
        permission = operations.get("get", {}).get("x-permission", "none")
        if permission is not None and permission not in ROLES[Role.CITY_OFFICER].may:
            continue
        asked += 1
        address = re.sub(r"\{\w+\}", "1", path)
        reply = officer.get(f"{address}?bulan=2026-11")
        assert (reply.status, reply.code) == (400, "request.unknown_parameter"), path
        assert [each["field"] for each in reply.body["errors"]] == ["query.bulan"]
    assert asked >= 10


@pytest.mark.parametrize("asked", ["agreement=2&agreement=1", "agreement=1&agreement=1", "limit=1&limit=1"])
def test_it_refuses_a_parameter_that_is_named_twice(machine: As, asked: str) -> None:
    reply = machine(Role.CITY_OFFICER).get(f"/bills?{asked}")
    assert (reply.status, reply.code) == (400, "request.repeated_parameter")
    assert [each["field"] for each in reply.body["errors"]] == [f"query.{asked.split('=')[0]}"]


def test_it_names_the_parameters_it_knows(machine: As) -> None:
    reply = machine(Role.CITY_OFFICER).get("/bills?agreement_id=1")
    assert reply.body["detail"].endswith("Yang dikenal: agreement, month, cursor, limit.")
    assert reply.body["detail_en"].endswith("It knows: agreement, month, cursor, limit.")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/agreements/0", 422, "request.invalid"),
        ("/agreements/-1", 422, "request.invalid"),
        (f"/agreements/{2**63}", 422, "request.invalid"),
        (f"/agreements/{2**63 - 1}", 404, "record.not_found"),
        ("/agreements/satu", 422, "request.invalid"),
        ("/agreements/1%00", 422, "request.invalid"),
        ("/agreements/%ff%fe", 422, "request.invalid"),
        ("/agreements?limit=0", 422, "request.invalid"),
        ("/agreements?limit=101", 422, "request.invalid"),
        ("/agreements?cursor=%00", 400, "cursor.invalid"),
        ("/agreements?cursor=abc", 400, "cursor.invalid"),
        ("/rosters/1/rows?verdict=maybe", 422, "request.invalid"),
        ("/members?kelurahan=%27%20OR%201=1", 422, "request.invalid"),
        ("/members/1/cover?on=1990-01-01", 422, "request.invalid"),
        ("/members/1/cover?on=yesterday", 422, "request.invalid"),
        ("/nothing", 404, "request.not_found"),
        ("", 404, "request.not_found"),
        ("/", 404, "request.not_found"),
        ("/agreements/", 404, "request.not_found"),
    ],
)
def test_it_says_what_is_wrong_with_an_address(machine: As, path: str, status: int, code: str) -> None:
    reply = machine(Role.CITY_OFFICER).get(path)
    assert (reply.status, reply.code) == (status, code)


def test_it_says_which_methods_an_address_serves(machine: As) -> None:
    reply = machine(Role.CITY_OFFICER).send("PUT", "/agreements")
    assert (reply.status, reply.code, reply.headers["Allow"]) == (405, "request.method", "GET, HEAD")


@pytest.mark.parametrize(
    "path", ["/me", "/agreements?limit=1", "/agreements/999999", "/nothing", "/openapi.json"]
)
def test_it_answers_head_as_get_without_the_content(machine: As, path: str) -> None:
    token = machine(Role.CITY_OFFICER).token
    asked = {"Authorization": f"Bearer {token}"}
    get = Client().get(f"/api/v1{path}", headers=asked)
    head = Client().head(f"/api/v1{path}", headers=asked)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["Content-Length"] == str(len(get.content))
    assert head.headers["Content-Type"] == get.headers["Content-Type"]
    assert Client().head(f"/api/v1{path}").status_code == Client().get(f"/api/v1{path}").status_code


def test_head_of_an_order_says_what_the_address_serves(village: Village, machine: As) -> None:
    token = machine(Role.CITY_OFFICER).token
    answer = Client().head("/api/v1/token", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.content) == (405, b"")


@pytest.mark.parametrize("media", ["text/plain", "", "application/xml", "multipart/form-data; boundary=x"])
def test_it_takes_only_what_it_asks_for(village: Village, machine: As, media: str) -> None:
    reply = machine(Role.CITY_OFFICER).send(
        "POST",
        f"/agreements/{village.agreement_id}/bills",
        content="{}",
        content_type=media or "application/octet-stream",
        key="bill-0001",
    )
    assert (reply.status, reply.code) == (415, "request.media_type")


@pytest.mark.parametrize("media", ["text/plain", "multipart/form-data; boundary=xx"])
def test_an_order_that_needs_nothing_takes_nothing_else(machine: As, media: str) -> None:
    confirm, treasurer = "/bills/999999/payments/1/confirm", machine(Role.FINANCE_OFFICER)
    reply = treasurer.send("POST", confirm, content="--xx--", content_type=media, key="confirm-0001")
    assert (reply.status, reply.code) == (415, "request.media_type")
    assert treasurer.send("POST", confirm, key="confirm-0002").code == "record.not_found"


@pytest.mark.parametrize("content", [b"no parts at all", b"--xx\r\nbroken", b"--xx--\r\n"])
def test_it_says_so_when_a_form_is_broken(village: Village, machine: As, content: bytes) -> None:
    reply = machine(Role.CITY_OFFICER).send(
        "POST",
        f"/agreements/{village.agreement_id}/rosters",
        content=content,
        content_type="multipart/form-data; boundary=xx",
        key="list-0001",
    )
    assert reply.status in (400, 422)


def test_it_refuses_a_file_that_is_no_list(village: Village, machine: As) -> None:
    officer, path = machine(Role.CITY_OFFICER), f"/agreements/{village.agreement_id}/rosters"
    assert officer.hand_in(path, b"").code == "file.empty"
    assert officer.hand_in(path, b"halo\r\ndunia\r\n").code == "file.no_header"


def test_it_refuses_what_is_too_large(village: Village, machine: As) -> None:
    officer = machine(Role.CITY_OFFICER)
    path = f"/agreements/{village.agreement_id}"
    large = officer.send(
        "POST", f"{path}/bills", content=b" " * 3_000_000, content_type="application/json", key="bill-0001"
    )
    assert (large.status, large.code) == (413, "request.too_large")
    huge = officer.hand_in(f"{path}/rosters", b" " * (41 * 1024 * 1024))
    assert (huge.status, huge.code) == (413, "request.too_large")


def test_it_refuses_a_host_it_does_not_serve(village: Village) -> None:
    reply = Machine(None).send("GET", "/me", Host="evil.example")
    assert (reply.status, reply.code) == (400, "request.host")


class TestCookies:
    def test_a_session_opens_nothing_here(self, village: Village) -> None:
        client = Client()
        client.force_login(village.users[Role.CITY_OFFICER])
        reply = checked(client.get("/api/v1/agreements"))
        assert (reply.status, reply.code) == (401, "token.missing")
        assert reply.headers["WWW-Authenticate"] == 'Bearer realm="lindung"'

    def test_a_token_opens_no_page(self, village: Village, machine: As) -> None:
        token = machine(Role.CITY_OFFICER).token
        answer = Client().get("/", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 302


class TestLimits:
    def test_it_counts_down_and_then_says_how_long_to_wait(
        self, village: Village, machine: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "CALLS_OF_A_CLIENT", 3)
        officer = machine(Role.CITY_OFFICER)
        replies = [officer.get("/me") for _ in range(5)]
        # A minute may begin in between; then the count begins anew, and nobody is let through too often.
        assert replies[0].headers["RateLimit-Limit"] == "3"
        assert replies[0].headers["RateLimit-Remaining"] == "2"
        stopped = [reply for reply in replies if reply.status == 429]
        assert stopped
        assert stopped[0].code == "request.too_many"
        assert 1 <= int(stopped[0].headers["Retry-After"]) <= 60

    def test_it_counts_each_key_by_itself(
        self, village: Village, machine: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "CALLS_OF_A_CLIENT", 1)
        one, two = machine(Role.CITY_OFFICER), machine(Role.FINANCE_OFFICER)
        assert one.get("/me").status == two.get("/me").status == 200

    def test_it_counts_those_who_guess(self, village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "CALLS_WITHOUT_A_TOKEN", 2)
        guesses = [Machine(f"guess{number}").get("/me").status for number in range(6)]
        assert guesses.count(429) >= 2
        assert set(guesses) == {401, 429}


def test_the_document_says_nothing_about_anybody(village: Village) -> None:
    text = Client().get("/api/v1/openapi.json").content.decode()
    assert json.loads(text)["openapi"] == "3.1.0"
    assert not any(word in text for word in ("Siti", "jambi-rentan", "Disnaker"))


def test_a_choice_is_listed_by_its_values_in_both_languages() -> None:
    """The reader's own list is an English sentence: "'ready', 'to_fix' or 'refused'"."""

    class Shown(enum.Enum):
        READY = "ready"
        TO_FIX = "to_fix"

    class Wish(BaseModel):
        verdict: Literal["ready", "to_fix", "refused"]
        shown: Shown
        many: Literal[1, 2]

    with pytest.raises(ValidationError) as caught:
        Wish.model_validate({"verdict": "x", "shown": "x", "many": 3})
    told = [fault_of(error) for error in caught.value.errors()]
    assert [fault.detail for fault in told] == [
        "Pilih salah satu: ready, to_fix, refused.",
        "Pilih salah satu: ready, to_fix.",
        "Pilih salah satu: 1, 2.",
    ]
    assert [fault.detail_en for fault in told][0] == "Choose one of: ready, to_fix, refused."
