"""Reading over the API: nobody by a number alone, masked numbers, cursors, a full NIK with a reason, and what it costs."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.conftest import As, Machine
from lindung.access import limiter
from lindung.access.models import AuditEvent, Organisation, Role
from lindung.access.scope import NOBODY, Actor, SystemScope, in_scope, scope_of, system_scope
from lindung.claims import branch_word
from lindung.claims.answered import answer_on
from lindung.contributions import billing, payments
from lindung.law.months import Month
from lindung.membership.branch_records import WordKind
from lindung.people import revealing
from web.test_branch import DEATH
from web.village import BUDI, NOW, SITI, Village, sheet

MORE = tuple(
    f"Warga Ke{number},157102520384{number:04},12/03/1984,P,The Hok,Penjahit" for number in range(100, 140)
)


def events(action: str) -> list[AuditEvent]:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        return list(AuditEvent.objects.filter(action=action).order_by("pk"))


class TestSearching:
    def test_it_finds_by_number_and_birth_date_together(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        found = officer.post("/members/search", {"nik": SITI, "birth_date": "1984-03-12"}).body["member"]
        assert (found["id"], found["name"]) == (village.siti_id, "Siti Aminah")
        assert found["nik_masked"] == "157102••••••••01"

    @pytest.mark.parametrize("birth_date", ["1984-03-13", "1979-07-05"])
    def test_a_wrong_birth_date_finds_nobody(self, village: Village, machine: As, birth_date: str) -> None:
        reply = machine(Role.CITY_OFFICER).post("/members/search", {"nik": SITI, "birth_date": birth_date})
        assert (reply.status, reply.body) == (200, {"member": None})

    def test_it_finds_nobody_by_the_number_alone(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        assert officer.post("/members/search", {"nik": SITI}).status == 422
        assert officer.get(f"/members/{SITI}").status == 404
        refused = officer.get(f"/members?nik={SITI}")
        assert (refused.status, refused.code) == (400, "request.unknown_parameter")
        assert SITI not in json.dumps(refused.body)

    def test_every_search_is_on_the_trail_found_or_not_and_names_no_number(
        self, village: Village, machine: As
    ) -> None:
        officer = machine(Role.CITY_OFFICER)
        for nik in (SITI, "1571025203849999"):
            officer.post("/members/search", {"nik": nik, "birth_date": "1984-03-12"})
        found = events("person.sought_by_nik")
        assert [event.detail["found"] for event in found] == [True, False]
        assert {event.detail["through"] for event in found} == {"api"}
        assert SITI not in json.dumps([[event.subject, event.detail] for event in found])


class TestRevealing:
    def test_it_shows_the_number_to_who_gives_a_reason(self, village: Village, machine: As) -> None:
        reply = machine(Role.CITY_OFFICER).post(
            f"/members/{village.siti_id}/reveal", {"reason": "mencocokkan kartu"}
        )
        assert reply.body == {"member_id": village.siti_id, "nik": SITI}
        (event,) = events("nik.revealed")
        assert event.detail == {"reason": "other", "words": "mencocokkan kartu"}
        assert event.subject == f"person:{village.siti_id}"
        assert event.actor_id == village.users[Role.CITY_OFFICER].pk

    @pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x"}])
    def test_it_asks_for_a_reason(self, village: Village, machine: As, body: dict[str, str]) -> None:
        reply = machine(Role.CITY_OFFICER).post(f"/members/{village.siti_id}/reveal", body)
        assert reply.status == 422
        assert events("nik.revealed") == []

    def test_a_reason_may_hold_no_number_of_anybody(self, village: Village, machine: As) -> None:
        reply = machine(Role.CITY_OFFICER).post(
            f"/members/{village.siti_id}/reveal", {"reason": f"NIK {BUDI} mirip"}
        )
        assert (reply.status, reply.code) == (422, "reveal.personal_data")
        assert SITI not in json.dumps(reply.body)

    def test_it_shows_a_hundred_a_day(
        self, village: Village, machine: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(revealing, "MOST_A_DAY", 1)
        officer, path = machine(Role.CITY_OFFICER), f"/members/{village.siti_id}/reveal"
        assert officer.post(path, {"reason": "kesatu"}).status == 200
        second = officer.post(path, {"reason": "kedua kali"})
        assert (second.status, second.code) == (429, "reveal.too_many")
        assert len(events("nik.revealed")) == 1

    def test_it_counts_nobody_who_is_out_of_sight(self, village: Village, machine: As) -> None:
        reply = machine(village.stranger).post(f"/members/{village.siti_id}/reveal", {"reason": "ingin tahu"})
        assert (reply.status, reply.code) == (404, "record.not_found")
        assert limiter.hit(f"reveal|{village.stranger.pk}", limit=9, window_seconds=9, now=NOW).left == 8


class TestPages:
    def test_it_walks_a_list_to_its_end_and_meets_everybody_once(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        whole = [row["number"] for row in officer.get(f"/rosters/{village.roster_id}/rows").body["items"]]
        assert walked(officer, f"/rosters/{village.roster_id}/rows?limit=1", "number") == whole
        assert walked(officer, "/bills?limit=1", "id") == walked(officer, "/bills", "id")
        assert walked(officer, "/members?limit=1", "id") == walked(officer, "/members", "id")

    def test_a_cursor_belongs_to_its_list_and_filters(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        cursor = officer.get("/bills?limit=1").body["next_cursor"]
        assert officer.get(f"/bills?limit=2&cursor={cursor}").status == 200
        for path in (
            f"/members?cursor={cursor}",
            f"/bills?agreement={village.agreement_id}&cursor={cursor}",
            f"/bills?month=2026-10&cursor={cursor}",
            f"/bills?cursor={cursor[:-2]}xx",
        ):
            assert officer.get(path).code == "cursor.invalid", path

    def test_it_keeps_to_one_agreement_kelurahan_or_verdict(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        assert officer.get("/members?agreement=999").body["items"] == []
        assert officer.get("/rosters?agreement=999").body["items"] == []
        assert [bill["month"] for bill in officer.get("/bills?month=2026-09").body["items"]] == ["2026-09"]
        assert officer.get("/bills?month=2026-09&agreement=999").body["items"] == []
        assert officer.get("/bills?month=2026-12").body["items"] == []
        assert len(officer.get("/members?kelurahan=15.71.02.1004").body["items"]) == 2
        assert officer.get("/members?kelurahan=15.71.02.1005").body["items"] == []
        faulty = officer.get(f"/rosters/{village.roster_id}/rows?verdict=to_fix").body["items"]
        assert [row["verdict"] for row in faulty] == ["to_fix"]
        assert "nik.length" in json.dumps(faulty)

    def test_no_full_number_stands_in_any_answer(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        texts = [
            json.dumps(officer.get(path).body)
            for path in (
                "/members",
                f"/members/{village.siti_id}/cover",
                f"/rosters/{village.roster_id}/rows",
                "/bills/1/lines",
            )
        ]
        assert not any(number in text for text in texts for number in (SITI, BUDI))

    def test_an_operator_of_a_kelurahan_sees_no_bill_and_only_its_people(
        self, village: Village, machine: As
    ) -> None:
        operator = machine(Role.KELURAHAN_OPERATOR)
        assert len(operator.get("/members").body["items"]) == 2
        assert operator.get("/bills").code == "token.not_allowed"


class TestDeath:
    """Somebody who died is never told to be protected."""

    def test_the_cover_says_when_and_by_which_determination(self, village: Village, machine: As) -> None:
        officer = machine(Role.CITY_OFFICER)
        path = f"/members/{village.siti_id}/cover"
        before = officer.get(path).body
        assert (before["death"], before["by_contributions"]["state"]) == (None, before["state"])
        determined(village)
        told = officer.get(path).body
        assert told["state"] == "died"
        assert told["headline"]["id"] == (
            "Siti Aminah meninggal pada 12 Oktober 2026, menurut penetapan JKM nomor PJ/7."
        )
        assert told["badge"]["id"] == "Ketetapan BPJS"
        death = told["death"]
        assert (death["died_on"], death["number"], death["decided_by"]) == ("2026-10-12", "PJ/7", "bpjs")
        assert told["by_contributions"] == {"state": before["state"], "headline": before["headline"]}
        assert officer.get(f"{path}?on=2026-10-08").body["death"] is None


class TestCost:
    """Asked of the database by one call: the same for two rows as for forty."""

    @pytest.mark.parametrize("path", ["/agreements", "/rosters", "/members", "/bills", "/rosters/{}/rows"])
    def test_a_list_costs_the_same_for_many_rows(self, village: Village, machine: As, path: str) -> None:
        officer = machine(Role.CITY_OFFICER)
        address = path.format(village.roster_id)
        few = queries(officer, f"{address}?limit=1")
        for number in range(3):
            rows = MORE[number * 10 : number * 10 + 10]
            listed = officer.hand_in(f"/agreements/{village.agreement_id}/rosters", sheet(*rows)).body["id"]
            officer.post(f"/rosters/{listed}/enrol", {"first_month": "2026-12"})
        many = queries(officer, f"{address}?limit=100")
        assert many <= few, (few, many)

    def test_the_cover_of_a_member_costs_no_more_than_on_the_page(
        self, village: Village, machine: As
    ) -> None:
        user = village.users[Role.CITY_OFFICER]
        with (
            in_scope(scope_of(user, NOW.date()), actor=Actor.of(user)),
            CaptureQueriesContext(connection) as room,
        ):
            answer_on(village.siti_id, on=NOW.date())
        officer = machine(Role.CITY_OFFICER)
        whole = queries(officer, f"/members/{village.siti_id}/cover")
        assert whole - queries(officer, "/me") == len(room)


def determined(village: Village) -> None:
    """The branch's word that Ibu Siti died in October, brought in by her city's officer."""
    user = village.users[Role.CITY_OFFICER]
    scope = scope_of(user, NOW.date())
    with in_scope(scope, actor=Actor.of(user)):
        branch_word.receive(
            kind=WordKind.DETERMINATION,
            name="penetapan.csv",
            content=DEATH.encode(),
            sponsor_id=next(iter(scope.sponsor_ids)),
            said_on=NOW.date(),
            by=Actor.of(user),
            now=NOW,
        )


def walked(officer: Machine, path: str, name: str) -> list[Any]:
    found: list[Any] = []
    address = path
    while True:
        page = officer.get(address).body
        found += [item[name] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        joint = "&" if "?" in path else "?"
        address = f"{path}{joint}cursor={page['next_cursor']}"


def queries(machine: Machine, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert machine.get(path).status == 200
    return len(asked)


class TestAgreements:
    def test_it_says_the_state_and_which_years_may_be_billed(self, village: Village, machine: As) -> None:
        found = machine(Role.CITY_OFFICER).get(f"/agreements/{village.agreement_id}").body
        assert found["agreement"]["state"] == "active"
        assert [(year["year"], year["ready"], year["missing"]) for year in found["years"]] == [
            (2026, True, []),
            (2027, True, []),
        ]

    def test_it_names_what_a_year_lacks(
        self, village: Village, machine: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LINDUNG_NOW", "2027-02-01T08:00+07:00")
        years = machine(Role.CITY_OFFICER).get(f"/agreements/{village.agreement_id}").body["years"]
        assert [(year["year"], year["ready"]) for year in years] == [(2027, True), (2028, False)]
        assert "dpa" in years[1]["missing"]
        assert years[1]["needed_by"].startswith("2028-")


class TestNamesOutOfSight:
    def test_a_payment_stays_when_who_recorded_it_is_not_known_here_any_more(
        self, village: Village, machine: As
    ) -> None:
        """The branch's officer recorded it; since then another branch serves the city."""
        branch_officer = village.users[Role.BRANCH_OFFICER]
        with in_scope(scope_of(branch_officer, NOW.date()), actor=Actor.of(branch_officer)):
            bill = billing.draw_up(
                agreement_id=village.agreement_id,
                month=Month(2026, 11),
                by=Actor.of(branch_officer),
                today=NOW.date(),
            )
            payments.record(
                bill_id=bill.pk,
                order_number="SP2D/11",
                ordered_on=NOW.date(),
                amount=bill.total,
                by=Actor.of(branch_officer),
                now=NOW,
            )
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            other = Organisation.objects.create(kind="branch", code="cabang-baru", name="Cabang baru")
            Organisation.objects.filter(code="jambi").update(branch=other)
        (paid,) = machine(Role.CITY_OFFICER).get(f"/bills/{bill.pk}").body["payments"]
        assert (paid["order_number"], paid["recorded_by"]) == ("SP2D/11", "–")
