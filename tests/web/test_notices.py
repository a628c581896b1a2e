"""The pages of notices: what they show, what an officer decides there, letters, and the switch."""

import pytest
from django.test import Client

from lindung.access.models import Role
from lindung.access.scope import SystemScope, system_scope
from lindung.engine import clock
from lindung.notices.delivering import DELIVERER, deliver
from lindung.notices.models import Channel, Notice, State
from lindung.notices.ways import Outcome, Parcel, Refused
from web.conftest import SignIn
from web.told import THE_HOK, switch_on, tell
from web.village import Village


class NoWay:
    """A provider that refuses everything."""

    deduplicates = False

    def send(self, parcel: Parcel) -> Outcome:
        return Refused("gateway.refused")

    def ask(self, parcel: Parcel) -> Outcome | None:
        return None


@pytest.fixture
def told(village: Village) -> Village:
    switch_on(village)
    tell(village, "Siti Aminah")
    tell(village, "Budi Santoso", phone="")
    return village


def given_up(village: Village) -> int:
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        Notice.objects.filter(channel=Channel.SMS).update(not_before="2026-01-01T00:00Z")
    assert deliver(ways={Channel.SMS: NoWay()}, now=lambda: clock.now().replace(hour=9)).given_up == 1
    return row("Siti Aminah").pk


def row(name: str) -> Notice:
    with system_scope(SystemScope.NOTIFYING, actor=DELIVERER):
        return Notice.objects.get(to_name=name)


def once(client: Client, path: str) -> str:
    return str(client.get(path).context["form"]["once"].value())


class TestSeeing:
    def test_it_says_who_is_told_what_and_masks_the_number(self, told: Village, signed_in: SignIn) -> None:
        page = signed_in(Role.CITY_OFFICER).get("/pemberitahuan/").content.decode()
        assert "Iuran Anda sudah dibayar" in page
        assert "+62812••••345" in page
        assert "81274012345" not in page

    def test_it_filters_by_state_and_stands_a_wrong_one(self, told: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        assert "Siti" not in officer.get("/pemberitahuan/?keadaan=sent").content.decode()
        assert officer.get("/pemberitahuan/?keadaan=%00x&halaman=999").status_code == 200

    def test_it_says_that_it_is_off(self, village: Village, signed_in: SignIn) -> None:
        page = signed_in(Role.CITY_OFFICER).get("/pemberitahuan/").content.decode()
        assert "Pemberitahuan mati" in page
        assert "Belum ada pemberitahuan" in page

    def test_the_worker_page_shows_what_she_was_told(self, told: Village, signed_in: SignIn) -> None:
        page = signed_in(Role.CITY_OFFICER).get(f"/pekerja/{told.siti_id}/").content.decode()
        assert f"/pemberitahuan/{row('Siti Aminah').pk}/" in page
        hidden = signed_in(Role.KELURAHAN_OPERATOR).get(f"/pekerja/{told.siti_id}/").content.decode()
        assert "/pemberitahuan/" not in hidden

    def test_another_city_finds_nothing(self, told: Village, signed_in: SignIn) -> None:
        stranger = signed_in(told.stranger)
        assert "Siti" not in stranger.get("/pemberitahuan/").content.decode()
        for path in ("", "putuskan/"):
            assert stranger.get(f"/pemberitahuan/{row('Siti Aminah').pk}/{path}").status_code == 404


class TestDeciding:
    def test_what_failed_is_sent_again_with_one_press(self, told: Village, signed_in: SignIn) -> None:
        given_up(told)
        officer = signed_in(Role.CITY_OFFICER)
        page = officer.get("/pemberitahuan/")
        assert "Kirim lagi 1 yang gagal" in page.content.decode()
        sent = {"once": page.context["form"]["once"].value()}
        for _ in range(2):  # pressed twice
            assert officer.post("/pemberitahuan/coba-lagi/", sent).status_code == 302
        assert row("Siti Aminah").state == State.WAITING

    def test_one_is_cancelled_with_a_reason(self, told: Village, signed_in: SignIn) -> None:
        officer, path = signed_in(Role.CITY_OFFICER), f"/pemberitahuan/{given_up(told)}/putuskan/"
        sent = {"once": once(officer, path), "step": "cancelled", "reason": ""}
        refused = officer.post(path, sent)
        assert refused.status_code == 422
        assert "Tulis alasannya." in refused.content.decode()
        assert officer.post(path, {**sent, "reason": "Nomornya salah"}).status_code == 302
        assert row("Siti Aminah").state == State.CANCELLED

    def test_a_step_that_is_not_offered_is_refused(self, told: Village, signed_in: SignIn) -> None:
        officer, path = signed_in(Role.CITY_OFFICER), f"/pemberitahuan/{given_up(told)}/putuskan/"
        assert (
            officer.post(path, {"once": once(officer, path), "step": "sent", "reason": "x"}).status_code
            == 422
        )

    def test_who_only_looks_decides_nothing(self, told: Village, signed_in: SignIn) -> None:
        for role in (Role.AUDITOR, Role.BRANCH_OFFICER):
            client = signed_in(role)
            assert client.get("/pemberitahuan/").status_code == 200
            assert client.get(f"/pemberitahuan/{row('Siti Aminah').pk}/putuskan/").status_code == 403


class TestLetters:
    def test_they_are_printed_and_handed_over(self, told: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        assert "Thehok" in officer.get("/pemberitahuan/surat/").content.decode()
        path = f"/pemberitahuan/surat/{THE_HOK}/"
        printed = officer.post(f"{path}cetak/")
        assert printed.headers["Content-Type"] == "application/pdf"
        assert b"".join(printed.streaming_content).startswith(b"%PDF-")
        assert officer.post(f"{path}cetak/").status_code == 409
        again = officer.post(f"{path}cetak/", {"lagi": "1"})
        assert b"".join(again.streaming_content).startswith(b"%PDF-")
        sent = {"once": once(officer, f"{path}serahkan/"), "to": "Lurah Thehok"}
        assert officer.post(f"{path}serahkan/", sent).status_code == 302
        assert row("Budi Santoso").state == State.HANDED_OVER
        page = officer.get(f"/pemberitahuan/{row('Budi Santoso').pk}/").content.decode()
        assert "kepada Lurah Thehok" in page

    def test_a_place_nobody_knows_is_not_there(self, told: Village, signed_in: SignIn) -> None:
        assert signed_in(Role.CITY_OFFICER).post("/pemberitahuan/surat/15.99/cetak/").status_code == 404


class TestSwitching:
    def test_it_is_switched_on_and_says_what_is_not_set_up(self, village: Village, signed_in: SignIn) -> None:
        officer, path = signed_in(Role.CITY_OFFICER), "/pemberitahuan/pengaturan/"
        page = officer.get(path)
        assert "Belum pernah diatur: mati." in page.content.decode()
        assert "Belum disiapkan di server: WhatsApp, SMS, Surel" in " ".join(page.content.decode().split())
        sent = {
            "once": once(officer, path),
            "is_on": "yes",
            "channels": ["sms", "letter"],
            "quiet_from": "21",
            "quiet_until": "6",
            "revision": "0",
        }
        assert officer.post(path, sent).status_code == 302
        assert "Pemberitahuan menyala." in officer.get("/pemberitahuan/").content.decode()
        late = officer.post(path, {**sent, "once": "another-press-of-it"})
        assert late.status_code == 422
        assert "baru saja diubah orang lain" in late.content.decode()

    def test_it_says_what_is_wrong_with_the_server(
        self, village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LINDUNG_MAIL_URL", "http://mail.example")
        page = signed_in(Role.CITY_OFFICER).get("/pemberitahuan/pengaturan/")
        assert "LINDUNG_MAIL_URL atau LINDUNG_MAIL_FROM tidak terbaca" in page.content.decode()
