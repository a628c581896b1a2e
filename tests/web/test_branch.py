"""The pages of authority and BPJS's word: filled in as people do, refused in words, double presses harmless."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.membership.branch_records import BranchImport, DifferenceNote, MemberNumber
from lindung.partnership.deciders import Authority
from web.conftest import SignIn
from web.test_users import administrator
from web.village import BUDI, NOW, SITI, Village, acting

KPJ = "19015012347"
BRING_IN, QUEUE, AUTHORITY = "/bpjs/unggah/", "/bpjs/beda/", "/pengaturan/kewenangan/"
NUMBERS = f"KPJ,NIK,Nama\r\n{KPJ},'{SITI},Siti Aminah\r\n{KPJ},'{BUDI},Budi Santoso\r\n1,2,Siapa\r\n"

DEATH = (
    "NIK,Program,Tanggal Meninggal,Jumlah,Nomor Penetapan,Tanggal Penetapan\r\n"
    f"'{SITI},JKM,12-10-2026,42000000,PJ/7,20-10-2026\r\n"
)
"""Ibu Siti died in October."""


def token(client: Client, path: str) -> str:
    """The token with which the page was opened: it is sent once."""
    found = client.get(path).context["form"]["once"].value()
    assert isinstance(found, str)
    return found


def bring_in(client: Client, village: Village, content: str = NUMBERS, **changes: object) -> HttpResponse:
    (city,) = acting(village.users[Role.MAYOR], NOW.date())[1].sponsor_ids
    sent = {
        "kind": "member_number",
        "sponsor": city,
        "said_on": "2026-11-09",
        "once": token(client, BRING_IN),
        "file": SimpleUploadedFile("kpj.csv", content.encode()),
    }
    return client.post(BRING_IN, sent | changes)  # type: ignore[return-value]  # the client's answer is the page's own


class TestBringingIn:
    def test_it_takes_a_file_and_shows_what_came_of_it(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.BRANCH_OFFICER)
        answer = client.get(bring_in(client, village).headers["Location"]).content.decode()
        assert "3: 2 masuk, 0 tidak dikenal, 1 rusak" in answer
        assert "KPJ harus 11 angka." in answer
        assert "kpj.csv" in client.get("/bpjs/").content.decode()
        worker = client.get(f"/pekerja/{village.siti_id}/").content.decode()
        assert "190••••••47" in worker
        assert KPJ not in worker

    def test_it_takes_a_double_press_once(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        key = token(client, BRING_IN)
        for _ in range(2):
            assert bring_in(client, village, once=key).status_code == 302
        actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=actor):
            assert (BranchImport.objects.count(), MemberNumber.objects.count()) == (1, 2)

    def test_it_says_at_the_field_what_is_wrong(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        for changes, words in (
            ({"content": "Nama\r\nSiti\r\n"}, "kolom"),
            ({"said_on": "2026-12-31"}, "Tanggal surat belum tiba"),
            ({"said_on": "kemarin"}, "Tulis tanggal sebagai hari-bulan-tahun"),
            ({"sponsor": "999"}, "dari daftar"),
            ({"kind": "gosip"}, "dari daftar"),
        ):
            answer = bring_in(client, village, **changes)  # type: ignore[arg-type]  # `content` is text, the others whatever is sent
            assert answer.status_code == 422
            assert words in answer.content.decode()

    def test_it_does_not_offer_another_city(self, village: Village, signed_in: SignIn) -> None:
        answer = signed_in(village.stranger).get(BRING_IN).content.decode()
        assert "Kabupaten Bungo" in answer
        assert "Kota Jambi" not in answer


class TestTheQueue:
    def test_it_explains_a_difference_and_finds_it_again(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        bring_in(client, village)
        assert "Satu KPJ untuk dua orang" in client.get(QUEUE).content.decode()
        path = client.get(QUEUE).context["found"].rows[0].key
        page = client.get(f"{QUEUE}{path}/")
        assert "Budi Santoso" in page.content.decode()
        form = page.context["form"]
        sent = {
            "once": form["once"].value(),
            "fingerprint": form["fingerprint"].value(),
            "note": "Ditanyakan.",
        }
        assert client.post(f"{QUEUE}{path}/", sent).status_code == 302
        assert "Tidak ada perbedaan yang terbuka" in client.get(QUEUE).content.decode()
        explained = client.get(f"{QUEUE}{path}/").content.decode()
        assert "Sudah dijelaskan: Ditanyakan." in explained
        assert "Satu KPJ" in client.get(f"{QUEUE}?keadaan=dijelaskan&jenis=kpj").content.decode()

    def test_it_shows_how_our_estimate_came_about_beside_a_determination(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.BRANCH_OFFICER)
        headings = "NIK,Program,Tanggal Meninggal,Jumlah,Nomor Penetapan,Tanggal Penetapan"
        line = f"'{SITI},JKM,12-10-2026,42000000,PJ/7,20-10-2026"
        bring_in(client, village, f"{headings}\r\n{line}\r\n", kind="determination")
        (row,) = client.get(f"{QUEUE}?jenis=determination").context["found"].rows
        answer = client.get(f"{QUEUE}{row.key}/").content.decode()
        assert "JKM Rp42.000.000, nomor PJ/7, ditetapkan 8 hari sesudah kejadian" in answer
        assert "Biaya pemakaman Rp10.000.000." in answer
        assert "Permenaker 1/2025" in answer

    def test_it_leads_from_a_death_to_the_leave(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        bring_in(client, village, DEATH, kind="determination")
        (row,) = client.get(f"{QUEUE}?jenis=death").context["found"].rows
        page = client.get(f"{QUEUE}{row.key}/").content.decode()
        (membership,) = row.open_memberships
        assert f'href="/kepesertaan/{membership}/keluar/"' in page
        assert client.get(f"/kepesertaan/{membership}/keluar/").status_code == 200
        assert "/kepesertaan/" not in signed_in(Role.AUDITOR).get(f"{QUEUE}{row.key}/").content.decode()

    def test_it_refuses_a_reason_for_values_that_were_never_shown(
        self, village: Village, signed_in: SignIn
    ) -> None:
        client = signed_in(Role.CITY_OFFICER)
        bring_in(client, village)
        path = f"{QUEUE}{client.get(QUEUE).context['found'].rows[0].key}/"
        sent = {"once": "a-key", "fingerprint": "0" * 32, "note": "Sudah dicek ke cabang."}
        answer = client.post(path, sent)
        assert answer.status_code == 422
        assert "baru saja diubah orang lain" in answer.content.decode()

    def test_it_is_not_there_for_a_stranger(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        word = bring_in(client, village).headers["Location"]
        key = client.get(QUEUE).context["found"].rows[0].key
        stranger = signed_in(village.stranger)
        assert stranger.get(f"{QUEUE}{key}/").status_code == 404
        assert stranger.get(word).status_code == 404
        assert stranger.get(f"{QUEUE}tidak-ada/").status_code == 404

    def test_it_takes_no_reason_from_who_only_looks(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        bring_in(client, village)
        key = client.get(QUEUE).context["found"].rows[0].key
        signed_in(Role.AUDITOR).post(f"{QUEUE}{key}/", {"once": "k", "fingerprint": "0" * 32, "note": "Sah."})
        actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
        with in_scope(scope, actor=actor):
            assert DifferenceNote.objects.count() == 0

    def test_it_survives_odd_addresses(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        for odd in ("?halaman=-1", "?halaman=999999", "?jenis=x&keadaan=y", "?halaman=%00"):
            assert client.get(f"{QUEUE}{odd}").status_code == 200
            assert client.get(f"/bpjs/{odd}").status_code == 200

    def test_it_asks_as_often_for_many_files_as_for_one(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.CITY_OFFICER)
        asked = []
        for number in range(3):
            bring_in(client, village, NUMBERS + f"{number},x,y\r\n")
            with CaptureQueriesContext(connection) as queries:
                client.get("/bpjs/")
            asked.append(len(queries))
        assert len(set(asked)) == 1


class TestAuthority:
    def propose(self, client: Client, **changes: object) -> HttpResponse:
        sent = {
            "once": token(client, f"{AUTHORITY}usul/"),
            "function": "payout",
            "decided_by": "here",
            "instrument_kind": "Surat kuasa",
            "instrument_number": "SKU/1",
            "instrument_on": "01-11-2026",
            "since": "2026-11-01",
        }
        return client.post(f"{AUTHORITY}usul/", sent | changes)  # type: ignore[return-value]  # the client's answer is the page's own

    def test_it_is_proposed_by_one_and_approved_by_another(self, village: Village, signed_in: SignIn) -> None:
        first, second = signed_in(Role.ADMINISTRATOR), signed_in(administrator("admin.bpjs", at="cabang"))
        colleague = signed_in(administrator("admin.dua"))
        assert self.propose(first).status_code == 302
        (record,) = [one for held in first.get(AUTHORITY).context["functions"] for one in held.waiting]
        for reader in (first, colleague):
            page = reader.get(AUTHORITY).content.decode()
            assert "Administrator BPJS Ketenagakerjaan yang harus menyetujui" in page
            assert 'value="approve"' not in page
        path = f"{AUTHORITY}{record.pk}/"
        refused = first.post(path, {"act": "approve"}, follow=True).content.decode()
        assert "disetujui orang kedua, bukan pengusulnya" in refused
        refused = colleague.post(path, {"act": "approve"}, follow=True).content.decode()
        assert "Minta administrator BPJS yang menyetujuinya" in refused
        done = second.post(path, {"act": "approve"}, follow=True).content.decode()
        assert "Disetujui. Berlaku sejak tanggal mulainya." in done
        assert "Surat kuasa SKU/1" in done
        assert "Admin.Bpjs" in signed_in(Role.CITY_OFFICER).get(AUTHORITY).content.decode()
        late = second.post(path, {"act": "withdraw"}, follow=True).content.decode()
        assert "baru saja diubah orang lain" in late

    def test_it_comes_back_with_what_was_typed(self, village: Village, signed_in: SignIn) -> None:
        client = signed_in(Role.ADMINISTRATOR)
        answer = self.propose(client, instrument_on="kemarin", instrument_number="SKU\0")
        assert answer.status_code == 422
        assert "Surat kuasa" in answer.content.decode()
        actor, scope = acting(village.users[Role.ADMINISTRATOR], NOW.date())
        with in_scope(scope, actor=actor):
            assert Authority.objects.count() == 0

    def test_it_refuses_an_end_before_the_start(self, signed_in: SignIn) -> None:
        answer = self.propose(signed_in(Role.ADMINISTRATOR), until="2026-10-01")
        assert answer.status_code == 422
        assert "Tanggal akhir harus sesudah tanggal mulai" in answer.content.decode()

    def test_it_knows_no_proposal_that_is_not_there(self, signed_in: SignIn) -> None:
        assert signed_in(Role.ADMINISTRATOR).post(f"{AUTHORITY}999/", {"act": "approve"}).status_code == 404
