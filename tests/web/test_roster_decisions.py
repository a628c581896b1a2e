"""What an officer decides of a whole row or a whole list, on their pages: by whom, with a reason, and the way back."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from lindung.access.models import Role
from web.conftest import SignIn
from web.test_roster_mending import NUR, compared, hidden, sent
from web.test_rosters import uploaded
from web.village import FAULTY_ROWS, NEXT_ROWS, NOW, READY_ROWS, Village, sheet


def row_page(client: Client, village: Village, line: int = NUR) -> str:
    return client.get(f"/daftar/{village.roster_id}/baris/{line}/").content.decode()


class TestARow:
    def test_it_is_left_out_with_a_reason_and_taken_back_on_the_same_page(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        path = f"/daftar/{village.roster_id}/baris/{NUR}/"
        assert "bukan orang, atau tidak ikut" in row_page(client, village)
        assert sent(client, path + "lewati/", note=" ").status_code == 422
        assert sent(client, path + "lewati/", note="Sudah pindah").headers["Location"] == path
        page = row_page(client, village)
        assert "Sudah pindah" in page
        assert "Ikutkan lagi" in page
        assert f'href="{path}"' in client.get(f"/daftar/{village.roster_id}/").content.decode()
        answer = client.post(path + "ikutkan/", {"revision": hidden(page, "revision")}, follow=True)
        assert "diikutkan lagi" in answer.content.decode()
        assert "Ikutkan lagi</button>" not in answer.content.decode()

    def test_who_is_gone_from_the_corrected_file_stays_in_when_the_officer_says_so(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        summary = compared(client, village, *READY_ROWS, FAULTY_ROWS[1])
        client.post(summary, {"once": hidden(client.get(summary).content.decode(), "once")})
        page = row_page(client, village)
        assert "Tetap ikut</button>" in page
        assert "Tetap ikut</button>" not in row_page(signed_in(Role.KELURAHAN_OPERATOR), village)
        keep = f"/daftar/{village.roster_id}/baris/{NUR}/tetap-ikut/"
        stale = client.post(keep, {"revision": "9"}, follow=True).content.decode()
        assert "baru saja diubah" in stale
        answer = client.post(keep, {"revision": hidden(page, "revision")}, follow=True)
        assert "tidak ada lagi di berkas" not in answer.content.decode()

    def test_an_operator_is_not_asked_who_takes_part(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.KELURAHAN_OPERATOR)
        assert "tidak ikut" not in row_page(client, village)
        assert client.get(f"/daftar/{village.roster_id}/baris/{NUR}/lewati/").status_code == 403

    def test_who_is_enrolled_is_not_left_out(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        path = f"/daftar/{village.roster_id}/baris/2/"
        assert client.get(path + "lewati/").headers["Location"] == path
        assert "tidak ikut" not in row_page(client, village, 2)


class TestAList:
    def test_the_wrong_one_is_withdrawn_with_a_reason(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        wrong = uploaded(client, village.agreement_id, sheet(NEXT_ROWS[0])).headers["Location"]
        assert f'href="{wrong}tarik/"' in client.get(wrong).content.decode()
        once = hidden(client.get(f"{wrong}tarik/").content.decode(), "once")
        assert client.post(f"{wrong}tarik/", {"once": once, "reason": " "}).status_code == 422
        answer = client.post(f"{wrong}tarik/", {"once": once, "reason": "Daftar tahun lalu"})
        assert answer.headers["Location"] == wrong
        page = client.get(wrong).content.decode()
        assert "Daftar ini ditarik" in page
        assert "Daftar tahun lalu" in page
        assert "Periksa lagi" in page
        assert signed_in(Role.KELURAHAN_OPERATOR).get(f"{wrong}tarik/").status_code == 403

    def test_one_of_which_people_are_enrolled_says_what_to_do_instead(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        path = f"/daftar/{village.roster_id}/"
        assert "tarik/" not in client.get(path).content.decode()
        assert "catat keluar" in client.get(f"{path}tarik/", follow=True).content.decode()

    def test_a_finished_list_asks_for_nothing_more(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        done = uploaded(client, village.agreement_id, sheet(*READY_ROWS)).headers["Location"]
        page = client.get(done).content.decode()
        assert "Daftarkan</button>" not in page
        assert "Perbaiki baris di tabel ini" not in page
        enrolled = client.get(f"/daftar/{village.roster_id}/").content.decode()
        assert "Belum ada yang didaftarkan sebelum" not in enrolled

    def test_an_operator_tells_two_lists_of_one_agreement_apart(
        self, village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LINDUNG_NOW", (NOW + timedelta(hours=1)).isoformat())
        uploaded(signed_in(Role.CITY_OFFICER), village.agreement_id, sheet(*NEXT_ROWS))
        page = signed_in(Role.KELURAHAN_OPERATOR).get("/daftar/").content.decode()
        names = re.findall(r'<a href="/daftar/[0-9]+/">([^<]+)</a>', page)
        assert len(names) == len(set(names)) == 2
        assert all(re.search(r", \d\d-\d\d-\d{4} \d\d\.\d\d$", name) for name in names)
