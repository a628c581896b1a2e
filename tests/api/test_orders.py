"""Orders over the API take effect once: the same key, another body, fifty at once, a deadlock, a refusal, a rollback."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import OperationalError
from psycopg import errors as pg

from api.conftest import As, Machine, documented, token_of
from conftest import Connect
from database import at_once
from lindung.access.models import AuditEvent, Role, SentOnce
from lindung.access.scope import Actor, in_scope, scope_of
from lindung.contributions import billing
from lindung.contributions.models import Bill, Payment
from lindung.jobs import running
from lindung.membership import arriving
from web.village import NEXT_ROWS, NOW, Village, build, sheet

NOVEMBER = {"month": "2026-11"}
PRICE_OF_TWO = 33_600


def bills_of(village: Village, month: date = date(2026, 11, 1)) -> int:
    return len(seen(village, Bill.objects.filter(month=month)))


def seen(village: Village, query: Any) -> list[Any]:
    officer = village.users[Role.CITY_OFFICER]
    with in_scope(scope_of(officer, NOW.date()), actor=Actor.of(officer)):
        return list(query)


def draw(machine: Machine, village: Village, *, key: str, body: object = None) -> Any:
    return machine.post(f"/agreements/{village.agreement_id}/bills", body or NOVEMBER, key=key)


class TestOneKey:
    def test_it_gives_the_first_answer_again(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        first = draw(officer, village, key="bill-0001")
        second = draw(officer, village, key="bill-0001")
        assert first.status == second.status == 201
        assert first.body == second.body
        assert "Idempotent-Replayed" not in first.headers
        assert second.headers["Idempotent-Replayed"] == "true"
        assert bills_of(village) == 1

    def test_it_refuses_another_order_under_the_same_key(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        draw(officer, village, key="bill-0001")
        other = draw(officer, village, key="bill-0001", body={"month": "2026-12"})
        assert (other.status, other.code) == (409, "idempotency.other_body")
        assert bills_of(village, date(2026, 12, 1)) == 0

    def test_it_refuses_the_same_body_sent_elsewhere(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        bill = draw(officer, village, key="bill-0001").body["id"]
        other = officer.post(f"/bills/{bill}/payments", NOVEMBER, key="bill-0001")
        assert other.status == 422
        order = {"order_number": "SP2D/9", "ordered_on": "2026-11-10", "amount": PRICE_OF_TWO}
        assert (
            officer.post(f"/bills/{bill}/payments", order, key="bill-0001").code == "idempotency.other_body"
        )

    def test_the_same_order_written_otherwise_is_the_same_order(self, village: Village, machine: As) -> None:
        officer, path = machine(Role.CITY_OFFICER), f"/agreements/{village.agreement_id}/bills"
        first = draw(officer, village, key="bill-0001")
        for content in ('{ "month" :\n"2026-11" }', '{"month": "\\u0032026-11"}'):
            again = officer.send(
                "POST", path, content=content, content_type="application/json", key="bill-0001"
            )
            assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
        other = officer.send(
            "POST", path, content='{"month": "2026-12"}', content_type="application/json", key="bill-0001"
        )
        assert other.code == "idempotency.other_body"

    def test_two_systems_may_use_the_same_key(self, village: Village, machine: As) -> None:
        """The keys of one system say nothing about those of another, also when both act as the same person."""
        one, two = machine(Role.CITY_OFFICER), machine(Role.CITY_OFFICER)
        draw(one, village, key="bill-0001")
        assert "Idempotent-Replayed" not in draw(two, village, key="bill-0001").headers

    def test_it_leaves_the_key_free_when_the_order_was_refused(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        refused = draw(officer, village, key="bill-0001", body={"month": "2026-01"})
        assert (refused.status, refused.code) == (409, "bill.outside_agreement")
        assert draw(officer, village, key="bill-0001").status == 201

    @pytest.mark.parametrize("key", ["short", "x" * 65, "mit Abstand 1", "kunci-ümlaut"])
    def test_it_refuses_a_key_that_is_none(self, village: Village, machine: As, key: str) -> None:
        assert draw(machine(Role.CITY_OFFICER), village, key=key).code == "idempotency.key_malformed"

    def test_it_asks_for_a_key(self, village: Village, machine: As) -> None:
        reply = machine(Role.CITY_OFFICER).send(
            "POST",
            f"/agreements/{village.agreement_id}/bills",
            content=json.dumps(NOVEMBER),
            content_type="application/json",
        )
        assert (reply.status, reply.code) == (400, "idempotency.key_missing")

    def test_it_takes_a_file_once_whatever_its_boundary(self, village: Village, machine: As) -> None:
        officer, path = machine(Role.CITY_OFFICER), f"/agreements/{village.agreement_id}/rosters"
        first = officer.hand_in(path, sheet(*NEXT_ROWS), key="list-0001")
        again = officer.send(
            "POST",
            path,
            content=b'--other\r\nContent-Disposition: form-data; name="file"; filename="daftar.csv"\r\n\r\n'
            + sheet(*NEXT_ROWS)
            + b"\r\n--other--\r\n",
            content_type="multipart/form-data; boundary=other",
            key="list-0001",
        )
        assert again.body == first.body
        assert again.headers["Idempotent-Replayed"] == "true"
        other = officer.hand_in(path, sheet(*NEXT_ROWS[:1]), key="list-0001")
        assert other.code == "idempotency.other_body"


class TestAtOnce:
    def test_fifty_of_the_same_key_have_one_effect_and_one_answer(
        self, fresh_database: str, as_role: Connect
    ) -> None:
        village = build()
        machine = Machine(token_of(village, village.users[Role.CITY_OFFICER]))
        replies = at_once(*[lambda: draw(machine, village, key="bill-0001") for _ in range(50)])
        assert {getattr(reply, "status", reply) for reply in replies} == {201}
        assert len({json.dumps(reply.body) for reply in replies if not isinstance(reply, Exception)}) == 1
        assert bills_of(village) == 1
        assert (
            len(seen(village, AuditEvent.objects.filter(action="bill.drawn", detail__month="2026-11"))) == 1
        )

    def test_ten_of_different_keys_draw_one_bill(self, fresh_database: str) -> None:
        village = build()
        machine = Machine(token_of(village, village.users[Role.CITY_OFFICER]))
        keys = [f"bill-{number:04}" for number in range(10)]
        replies = at_once(*[lambda key=key: draw(machine, village, key=key) for key in keys])
        assert {getattr(reply, "status", reply) for reply in replies} == {201}
        assert bills_of(village) == 1

    def test_nobody_hears_of_a_deadlock(
        self, village: Village, machine: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two that stood in each other's way are tried again, each time in a new transaction."""
        tries: list[int] = []
        real = billing.draw_up

        def stopped_twice(**wanted: Any) -> Bill:
            tries.append(1)
            if len(tries) <= 2:
                raise OperationalError("deadlock detected") from pg.DeadlockDetected("deadlock detected")
            return real(**wanted)

        monkeypatch.setattr(billing, "draw_up", stopped_twice)
        reply = draw(machine(Role.CITY_OFFICER), village, key="bill-0001")
        assert (reply.status, len(tries)) == (201, 3)
        assert bills_of(village) == 1

    def test_it_says_so_when_the_database_does_not_answer(
        self, village: Village, machine: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lost(**wanted: Any) -> Bill:
            raise OperationalError("server closed the connection")

        monkeypatch.setattr(billing, "draw_up", lost)
        reply = draw(machine(Role.CITY_OFFICER), village, key="bill-0001")
        assert (reply.status, reply.code) == (503, "service.unavailable")
        assert reply.headers["Retry-After"] == "2"


class TestRollback:
    def test_a_fault_leaves_nothing_behind_and_tells_nothing(
        self, village: Village, machine: As, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        officer = machine(Role.CITY_OFFICER)
        real = billing.draw_up

        def broken(**wanted: Any) -> Bill:
            real(**wanted)
            raise ZeroDivisionError("the inside of the house")

        monkeypatch.setattr(billing, "draw_up", broken)
        reply = draw(officer, village, key="bill-0001")
        assert (reply.status, reply.code) == (500, "service.fault")
        assert "inside" not in json.dumps(reply.body)
        assert "the inside of the house" in caplog.text
        assert bills_of(village) == 0
        assert seen(village, SentOnce.objects.all()) == []

    def test_a_month_goes_from_bill_to_paid_by_two_systems(self, village: Village, machine: As) -> None:
        officer, treasurer = machine(Role.CITY_OFFICER), machine(Role.FINANCE_OFFICER)
        bill = draw(officer, village, key="bill-0001").body
        order = {"order_number": "SP2D/2026-11", "ordered_on": "2026-11-10", "amount": bill["total"]}
        wrong = officer.post(f"/bills/{bill['id']}/payments", order | {"amount": 1}).body
        reject = f"/bills/{bill['id']}/payments/{wrong['id']}/reject"
        assert officer.post(reject, {"reason": "salah ketik"}).body["state"] == "rejected"
        paid = officer.post(f"/bills/{bill['id']}/payments", order).body
        assert paid["confirmed_by"] is None
        confirm = f"/bills/{bill['id']}/payments/{paid['id']}/confirm"
        assert officer.post(confirm).code == "token.not_allowed"
        done = treasurer.send("POST", confirm, key="confirm-0001")
        assert done.status == 200
        again = treasurer.post(confirm, {}, key="confirm-0001")
        assert (again.body, again.headers["Idempotent-Replayed"]) == (done.body, "true")
        assert done.body["confirmed_by"] == village.users[Role.FINANCE_OFFICER].name
        whole = officer.get(f"/bills/{bill['id']}").body
        assert (whole["bill"]["status"], whole["held"], whole["lacks"]) == ("paid", 0, 0)
        cover = officer.get(f"/members/{village.siti_id}/cover").body
        assert cover["works"][0]["paid_until"] == "2026-11"

    def test_who_recorded_cannot_confirm(self, village: Village, machine: As) -> None:
        treasurer = machine(Role.FINANCE_OFFICER)
        bill = draw(machine(Role.CITY_OFFICER), village, key="bill-0001").body
        order = {"order_number": "SP2D/2026-11", "ordered_on": "2026-11-10", "amount": bill["total"]}
        paid = treasurer.post(f"/bills/{bill['id']}/payments", order).body
        refused = treasurer.post(f"/bills/{bill['id']}/payments/{paid['id']}/confirm")
        assert (refused.status, refused.code) == (409, "payment.same_person")
        assert len(seen(village, Payment.objects.filter(pk=paid["id"], confirmed_by__isnull=True))) == 1


class TestLongLists:
    def test_it_is_judged_after_the_answer(
        self, fresh_database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A list too long to be judged while somebody waits: received at first, judged once the worker was there."""
        village = build()
        machine = Machine(token_of(village, village.users[Role.CITY_OFFICER]))
        monkeypatch.setattr(arriving, "AT_ONCE_BYTES", 10)
        path = f"/agreements/{village.agreement_id}/rosters"
        taken = machine.hand_in(path, sheet(*NEXT_ROWS), key="list-0001")
        assert (taken.status, taken.body["status"]) == (201, "received")
        assert set(taken.body["counts"].values()) == {0}
        assert (taken.body["rows_done"], taken.body["rows_total"]) == (0, None)
        running.run_waiting()
        judged = machine.get(f"/rosters/{taken.body['id']}").body
        assert (judged["status"], judged["rows_total"], judged["stopped"]) == ("judged", 3, None)
        assert judged["counts"] | {"ready": 1, "to_fix": 1, "refused": 1} == judged["counts"]
        again = machine.hand_in(path, sheet(*NEXT_ROWS), key="list-0001")
        assert again.body == taken.body

    def test_it_says_why_it_stopped(self, fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
        village = build()
        machine = Machine(token_of(village, village.users[Role.CITY_OFFICER]))
        monkeypatch.setattr(arriving, "AT_ONCE_BYTES", 10)
        path = f"/agreements/{village.agreement_id}/rosters"
        taken = machine.hand_in(path, b"halo\r\ndunia\r\n").body
        running.run_waiting()
        stopped = machine.get(f"/rosters/{taken['id']}").body
        assert stopped["status"] in ("stopped", "unmapped")
        assert documented(stopped["stopped"]["code"])
        assert stopped["stopped"]["message"]["id"]


def test_a_list_for_one_of_several_groups_names_its_group(village: Village, machine: As) -> None:
    officer, path = machine(Role.CITY_OFFICER), f"/agreements/{village.agreement_id}/rosters"
    assert officer.hand_in(f"{path}?segment=nothing", sheet(*NEXT_ROWS)).code == "record.not_found"
    assert officer.hand_in(f"{path}?segment=rentan", sheet(*NEXT_ROWS)).status == 201
