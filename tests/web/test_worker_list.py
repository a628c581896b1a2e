"""The page "Pekerja" and the search: who is in sight, how each stands, and nobody for a number alone."""

import re

import pytest
from django.test import Client

from lindung.access.models import AuditEvent, Role
from lindung.access.scope import SystemScope, system_scope
from lindung.people import searching
from web.conftest import SignIn
from web.village import BUDI, BUILDER, SITI, Village

WHOLE_NIK = re.compile(r"\b\d{16}\b")


def search(client: Client, **given: str) -> tuple[int, str]:
    """What the page answers to a search."""
    token = re.search(r'name="once" value="([^"]+)"', client.get("/pekerja/cari/").content.decode())
    assert token is not None
    answer = client.post("/pekerja/cari/", {"once": token[1], **given})
    return answer.status_code, answer.content.decode()


def trail(action: str) -> list[tuple[str, dict[str, object]]]:
    with system_scope(SystemScope.MAINTENANCE, actor=BUILDER):
        events = AuditEvent.objects.filter(action=action).order_by("pk")
        return list(events.values_list("subject", "detail"))


class TestList:
    def test_it_shows_ibu_siti_and_pak_budi_with_how_they_stand(
        self, village: Village, signed_in: SignIn
    ) -> None:
        page = signed_in(Role.CITY_OFFICER).get("/pekerja/").content.decode()
        assert "Siti Aminah" in page
        assert "Budi Santoso" in page
        assert page.count("Terlindungi</span>") >= 2
        assert "<span>Terlindungi</span> <b>2</b>" in page
        assert not WHOLE_NIK.search(page)

    def test_it_narrows_by_standing_and_kelurahan(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        assert "Siti" not in officer.get("/pekerja/?keadaan=lapsed").content.decode()
        assert "Siti" in officer.get("/pekerja/?keadaan=protected").content.decode()
        assert "Siti" in officer.get("/pekerja/?kelurahan=15.71.02.1004").content.decode()
        assert "Siti" not in officer.get("/pekerja/?kelurahan=15.71.10.1003").content.decode()
        assert "Siti" in officer.get(f"/pekerja/?kerja-sama={village.agreement_id}").content.decode()
        assert "Siti" not in officer.get("/pekerja/?kerja-sama=999999").content.decode()

    def test_it_takes_no_harm_from_words_nobody_would_type(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        for query in ("keadaan=%00", "kelurahan=x'", "kerja-sama=99999999999999999999", "setelah=-1"):
            assert officer.get(f"/pekerja/?{query}").status_code == 200

    def test_it_shows_a_stranger_of_another_city_nobody(self, village: Village, signed_in: SignIn) -> None:
        page = signed_in(village.stranger).get("/pekerja/").content.decode()
        assert "Siti" not in page
        assert "Belum ada orang di sini" in page

    def test_it_goes_on_after_the_last_name_shown(
        self, village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lindung.insight.workers.PER_PAGE", 1)
        officer = signed_in(Role.CITY_OFFICER)
        first = officer.get("/pekerja/").content.decode()
        assert "Budi Santoso" in first
        assert "Siti" not in first
        following = re.search(r'rel="next" href="([^"]+)"', first)
        assert following is not None
        assert "Siti" not in following[1]
        second = officer.get("/pekerja/" + following[1].replace("&amp;", "&")).content.decode()
        assert "Siti Aminah" in second
        assert 'rel="next"' not in second


class TestSearch:
    def test_it_finds_by_name_in_any_spelling(self, village: Village, signed_in: SignIn) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        for name in ("siti", "AMINAH", "Hj. Siti Aminah, S.Pd"):
            status, page = search(officer, name=name)
            assert (status, "Siti Aminah" in page, "Budi" in page) == (200, True, False), name
        assert not WHOLE_NIK.search(page)

    def test_it_finds_by_nik_only_together_with_the_right_birth_date(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        assert "Siti Aminah" in search(officer, nik=SITI, birth_date="1984-03-12")[1]
        assert "Tidak ada yang cocok" in search(officer, nik=SITI, birth_date="1984-03-13")[1]
        status, page = search(officer, nik=SITI)
        assert status == 422
        assert "Nomor saja tidak cukup" in page
        assert "Siti Aminah" not in page

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"name": "si"}, "tiga huruf"),
            ({"name": "12345678901"}, "Nama tidak memuat angka"),
            ({"birth_date": "1984-03-12"}, "Tanggal lahir saja"),
            ({}, "tiga huruf"),
            ({"nik": "157102", "birth_date": "1984-03-12"}, "16 angka"),
            ({"name": "a\x00b"}, "tanda yang tidak terlihat"),
        ],
    )
    def test_it_says_why_it_does_not_search(
        self, village: Village, signed_in: SignIn, given: dict[str, str], why: str
    ) -> None:
        status, page = search(signed_in(Role.CITY_OFFICER), **given)
        assert status == 422
        assert why in page

    def test_it_writes_every_search_into_the_trail_without_the_number(
        self, village: Village, signed_in: SignIn
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        search(officer, nik=BUDI, birth_date="1979-07-05")
        search(officer, name="tidak ada orangnya")
        first, second = trail("worker.searched")
        assert first[0].startswith("person:")
        assert first[1] == {"by": "nik_and_birth_date", "found": 1}
        assert second == (f"user:{village.users[Role.CITY_OFFICER].pk}", {"by": "name", "found": 0})

    def test_it_stops_who_searches_without_end(
        self, village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(searching, "LIMITS", ((2, 600),))
        officer = signed_in(Role.CITY_OFFICER)
        assert [search(officer, name="siti")[0] for _ in range(3)] == [200, 200, 422]
        assert "terlalu sering" in search(officer, name="siti")[1]
        assert search(signed_in(Role.BRANCH_OFFICER), name="siti")[0] == 200

    def test_it_shows_at_most_fifty_and_never_how_many_there_are(
        self, village: Village, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(searching, "MOST", 1)
        page = (
            search(signed_in(Role.CITY_OFFICER), name="anto")[1]
            + search(signed_in(Role.CITY_OFFICER), name="ami")[1]
        )
        assert "Paling banyak 1 orang" in page

    def test_it_finds_nobody_for_a_stranger_or_out_of_the_kelurahan(
        self, village: Village, signed_in: SignIn
    ) -> None:
        assert "Tidak ada yang cocok" in search(signed_in(village.stranger), name="siti")[1]
        assert "Siti Aminah" in search(signed_in(Role.KELURAHAN_OPERATOR), name="siti")[1]
        assert signed_in(Role.FINANCE_OFFICER).get("/pekerja/cari/").status_code == 403
