"""Exports: asked for, approved by another when large, fetched once, inert and marked with who took them."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from lindung.access.models import AuditEvent, Role
from lindung.access.scope import SystemScope, in_scope, system_scope
from lindung.membership import enrolling, exporting, intake
from lindung.membership.models import ExportRequest
from web.conftest import SignIn
from web.village import BUILDER, NEXT_ROWS, NOW, SITI, Village, acting, sheet

WORKERS = "/ekspor/baru/?isi=workers"


def ask(client: Client, path: str = WORKERS, **given: str) -> HttpResponse:
    """Fill in the form of an export as it stands on the page."""
    page = client.get(path).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page))
    hidden.pop("next", None)
    choices = {"format": "csv", "purpose": "Rapat koordinasi"} | given
    return client.post(path, hidden | choices)


def fetched(answer: HttpResponse) -> bytes:
    assert answer.status_code == 200, answer.content[:200]
    return b"".join(answer)  # type: ignore[arg-type]  # a FileResponse gives its bytes in pieces


def newest() -> ExportRequest:
    with system_scope(SystemScope.MAINTENANCE, actor=BUILDER):
        return ExportRequest.objects.select_related("event").latest("pk")


def actions() -> list[str]:
    with system_scope(SystemScope.MAINTENANCE, actor=BUILDER):
        events = AuditEvent.objects.filter(action__startswith="export.").order_by("pk")
        return list(events.values_list("action", flat=True))


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def enrol_one_more(village: Village) -> None:
    """Ibu Dewi joins."""
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        roster_id = intake.receive(
            name="susulan.csv",
            content=sheet(NEXT_ROWS[0]),
            agreement_id=village.agreement_id,
            by=officer,
            now=NOW,
        )
        assert enrolling.enrol(roster_id=roster_id, by=officer, now=NOW).enrolled == 1


class TestSmall:
    def test_it_hands_out_a_small_list_with_masked_numbers_once(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        assert ask(officer, nik="masked").status_code == 302
        export = newest()
        assert (export.rows, export.needs_second, export.whole_nik) == (2, False, False)
        answer = officer.post(f"/ekspor/{export.pk}/unduh/")
        assert answer.headers["Content-Disposition"] == (
            f'attachment; filename="lindung-workers-2026-11-10-{export.pk}.csv"'
        )
        rows = csv_rows(fetched(answer))
        assert [row[0] for row in rows[2:4]] == ["Budi Santoso", "Siti Aminah"]
        assert rows[3][1] == "157102••••••••01"
        assert SITI not in str(rows)
        again = officer.post(f"/ekspor/{export.pk}/unduh/")
        assert again.status_code == 409
        assert "hanya bisa sekali" in again.content.decode()
        assert actions() == ["export.requested", "export.downloaded"]

    def test_it_marks_the_file_with_who_when_what_for_and_the_event(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        ask(officer, nik="masked")
        rows = csv_rows(fetched(officer.post(f"/ekspor/{newest().pk}/unduh/")))
        with system_scope(SystemScope.MAINTENANCE, actor=BUILDER):
            event = AuditEvent.objects.filter(action="export.downloaded").latest("pk").pk
        name = village.users[Role.CITY_OFFICER].name
        mark = f"Lindung: diambil oleh {name}, 10-11-2026 08:15, untuk: Rapat koordinasi (peristiwa {event})"
        assert rows[0] == rows[-1] == [mark]

    def test_it_makes_a_workbook_that_holds_text_only(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        ask(officer, format="xlsx", nik="masked", purpose="=HYPERLINK(1)")
        content = fetched(officer.post(f"/ekspor/{newest().pk}/unduh/"))
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
            assert "Siti Aminah" in sheet
            assert "<f>" not in sheet
            assert "HYPERLINK" in book.read("docProps/core.xml").decode()

    def test_it_exports_coverage_and_the_results_of_a_list(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        ask(officer, "/ekspor/baru/?isi=coverage")
        rows = csv_rows(fetched(officer.post(f"/ekspor/{newest().pk}/unduh/")))
        assert ["15.71.02.1004", "Thehok", "2", "0", "0", "0", "1", "2"] in [row[:8] for row in rows]
        ask(officer, f"/ekspor/baru/?isi=roster&daftar={village.roster_id}")
        content = fetched(officer.post(f"/ekspor/{newest().pk}/unduh/"))
        assert "Perlu diperbaiki" in content.decode("utf-8-sig")
        assert not re.search(rb"\b\d{16}\b", content)

    def test_it_is_fetched_by_nobody_else_and_not_after_a_day(
        self, village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        ask(officer, nik="masked")
        export = newest()
        assert signed_in(Role.AUDITOR).post(f"/ekspor/{export.pk}/unduh/").status_code == 409
        assert signed_in(village.stranger).post(f"/ekspor/{export.pk}/unduh/").status_code == 404
        monkeypatch.setenv("LINDUNG_NOW", (NOW + timedelta(hours=24)).isoformat())
        late = officer.post(f"/ekspor/{export.pk}/unduh/")
        assert late.status_code == 409
        assert "24 jam" in late.content.decode()


class TestLarge:
    def test_it_waits_for_a_colleague_when_it_holds_whole_numbers(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        ask(officer, nik="whole")
        export = newest()
        assert export.needs_second
        assert officer.post(f"/ekspor/{export.pk}/unduh/").status_code == 409
        own = officer.post(f"/ekspor/{export.pk}/setujui/", {"once": "mine"})
        assert own.status_code == 409
        assert "Minta rekan" in own.content.decode()
        auditor = signed_in(Role.AUDITOR)
        assert "Sahkan" in auditor.get("/ekspor/").content.decode()
        for _ in range(2):  # pressed twice
            assert auditor.post(f"/ekspor/{export.pk}/setujui/", {"once": "yours"}).status_code == 302
        assert SITI in fetched(officer.post(f"/ekspor/{export.pk}/unduh/")).decode("utf-8-sig")
        assert actions() == ["export.requested", "export.approved", "export.downloaded"]

    def test_it_counts_the_small_ones_of_a_day_together(
        self, village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two and two are four: from the third list of the day on somebody else must look."""
        monkeypatch.setattr(exporting, "MOST_ALONE", 5)
        officer = signed_in(Role.CITY_OFFICER)
        needed = []
        for number in range(3):
            ask(officer, nik="masked", purpose=f"Bagian {number}")
            needed.append(newest().needs_second)
        assert needed == [False, False, True]

    def test_it_refuses_what_has_grown_since(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        ask(officer, nik="masked")
        export = newest()
        enrol_one_more(village)
        answer = officer.post(f"/ekspor/{export.pk}/unduh/")
        assert answer.status_code == 409
        assert "bertambah" in answer.content.decode()
        assert newest().fetched_at is None


class TestBadInput:
    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"purpose": ""}, ""),
            ({"purpose": "untuk 1571025203840001"}, "Jangan menulis NIK"),
            ({"purpose": "a\x00"}, "tanda yang tidak terlihat"),
            ({"format": "exe"}, ""),
            ({"sponsor": "999999"}, ""),
        ],
    )
    def test_it_says_what_is_wrong(
        self, village: Village, signed_in: SignIn, given: dict[str, str], why: str
    ) -> None:
        answer = ask(signed_in(Role.CITY_OFFICER), **({"nik": "masked"} | given))
        assert answer.status_code == 422
        assert why in answer.content.decode()
        assert actions() == []

    @pytest.mark.parametrize(
        "path",
        [
            "/ekspor/baru/",
            "/ekspor/baru/?isi=semua",
            "/ekspor/baru/?isi=roster",
            "/ekspor/baru/?isi=roster&daftar=1;--",
            "/ekspor/baru/?isi=roster&daftar=999999",
            "/ekspor/baru/?isi=workers&kerja-sama=999999",
        ],
    )
    def test_it_knows_nothing_else_to_export(self, village: Village, signed_in: SignIn, path: str) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        assert officer.get(path).status_code == 404
        assert officer.post(path, {"once": "x", "format": "csv", "purpose": "p"}).status_code == 404

    def test_it_says_when_there_is_nothing_to_export(self, village: Village, signed_in: SignIn) -> None:
        answer = ask(signed_in(Role.CITY_OFFICER), f"{WORKERS}&keadaan=lapsed", nik="masked")
        assert answer.status_code == 422
        assert "Tidak ada baris" in answer.content.decode()

    @pytest.mark.parametrize("role", [Role.KELURAHAN_OPERATOR, Role.MAYOR, Role.FINANCE_OFFICER])
    def test_it_is_closed_to_who_may_not(self, village: Village, signed_in: SignIn, role: Role) -> None:
        client = signed_in(role)
        assert client.get(WORKERS).status_code == 403
        assert client.get("/ekspor/").status_code == 403
        assert client.post("/ekspor/1/unduh/").status_code == 403

    def test_it_offers_whole_numbers_only_to_those_who_may_see_them(
        self, village: Village, signed_in: SignIn
    ) -> None:
        assert 'name="nik"' in signed_in(Role.CITY_OFFICER).get(WORKERS).content.decode()
        auditor = signed_in(Role.AUDITOR)
        assert 'name="nik"' not in auditor.get(WORKERS).content.decode()
        ask(auditor, nik="whole")
        assert not newest().whole_nik
