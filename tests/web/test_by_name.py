"""The pages that put a bill beside the branch's list: brought in, counted, explained, taken out for the branch."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lindung.access.models import Role
from lindung.contributions.code_list_records import CodeList
from web.conftest import SignIn
from web.test_bills import in_jambi, november, token_of
from web.test_branch import bring_in
from web.village import BUDI, PRICE, SITI, Village

CODES = "Kode Iuran,Bulan,Jumlah,Jumlah Orang,Kerja Sama\r\nKI-1,2026-11,33600,2,jambi-rentan\r\n"
BOTH = (f"'{SITI},Siti Aminah,{PRICE}", f"'{BUDI},Budi Santoso,{PRICE}")


@pytest.fixture
def bill(village: Village, signed_in: SignIn) -> int:
    """The bill of November, with its kode iuran."""
    drawn = november(village)
    assert bring_in(signed_in(Role.CITY_OFFICER), village, CODES, kind="contribution_code").status_code == 302
    return drawn


def handed_in(client: Client, bill: int, *lines: str, **more: str):  # type: ignore[no-untyped-def]  # Django's own answer
    path = f"/tagihan/{bill}/per-nama/berkas/"
    content = "\r\n".join(["NIK,Nama,Iuran", *lines, ""]).encode()
    fields = {
        "code": "KI-1",
        "said_on": "2026-11-09",
        "file": SimpleUploadedFile("rincian.csv", content),
        **more,
    }
    return client.post(path, {**token_of(client.get(path).content.decode()), **fields})


def page(client: Client, bill: int, kind: str = "") -> str:
    return " ".join(client.get(f"/tagihan/{bill}/per-nama/?jenis={kind}").content.decode().split())


class TestComparing:
    def test_it_says_what_lacks_until_the_list_is_in(
        self, village: Village, signed_in: SignIn, bill: int
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        assert "Cocokkan per nama" in officer.get(f"/tagihan/{bill}/").content.decode()
        assert "Daftar nama di balik kode iuran KI-1 belum masuk" in page(officer, bill)

    def test_it_shows_both_sides_equal(self, village: Village, signed_in: SignIn, bill: int) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        assert handed_in(officer, bill, *BOTH).headers["Location"] == f"/tagihan/{bill}/per-nama/"
        said = page(officer, bill)
        assert "2 baris masuk, 2 dikenal dengan pasti" in said
        assert "Semua nama sama di kedua pihak." in said
        assert "Unduh beda" not in said

    def test_it_leads_to_the_first_kind_that_differs_and_says_what_to_do(
        self, village: Village, signed_in: SignIn, bill: int
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        handed_in(officer, bill, BOTH[0], "1.57E+15,=Siapa,16800")
        said = page(officer, bill)
        assert "Budi Santoso" in said
        assert "Iuran orang ini tidak akan sampai" in said
        unknown = page(officer, bill, "tidak-dikenal")
        assert "NIK rusak oleh Excel" in unknown
        assert "=Siapa" in unknown
        assert SITI not in unknown + said
        queue = officer.get("/bpjs/beda/").content.decode()
        assert "1 orang hanya di tagihan kita" in queue
        key = officer.get("/bpjs/beda/").context["found"].rows[0].key
        assert f'href="/tagihan/{bill}/per-nama/"' in officer.get(f"/bpjs/beda/{key}/").content.decode()

    def test_it_hands_the_differences_out(self, village: Village, signed_in: SignIn, bill: int) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        handed_in(officer, bill, BOTH[0])
        answer = officer.get(f"/tagihan/{bill}/per-nama.xlsx")
        assert 'filename="beda-per-nama-jambi-rentan-2026-11.xlsx"' in answer.headers["Content-Disposition"]
        said = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/sharedStrings.xml").decode()
        assert "Budi Santoso" in said
        assert BUDI not in said

    def test_it_asks_as_many_questions_for_many_names_as_for_one(
        self, village: Village, signed_in: SignIn, bill: int
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        asked = []
        for lines in (
            (BOTH[0], "'1571025203849999,Siapa,1"),
            [f"'15710252038499{n:02},Siapa {n},1" for n in range(40)],
        ):
            handed_in(officer, bill, *lines)
            page(officer, bill, "tidak-dikenal")
            with CaptureQueriesContext(connection) as queries:
                page(officer, bill, "tidak-dikenal")
            asked.append(len(queries))
        assert asked[0] == asked[1]


class TestRefusing:
    @pytest.mark.parametrize(
        ("lines", "more", "said"),
        [
            (BOTH, {"said_on": "2026-11-11"}, "belum tiba"),
            ((), {}, "baris"),
            (BOTH, {"code": "lain"}, "KI-1"),
            (BOTH, {"once": ""}, "sudah lama terbuka"),
        ],
    )
    def test_it_says_why_not_and_stores_nothing(
        self,
        village: Village,
        signed_in: SignIn,
        bill: int,
        lines: tuple[str, ...],
        more: dict[str, str],
        said: str,
    ) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        answer = handed_in(officer, bill, *lines, **more)
        assert answer.status_code in (200, 409, 422)
        assert said in answer.content.decode()
        with in_jambi(village):
            assert not CodeList.objects.exists()

    def test_it_takes_one_page_sent_twice_once(self, village: Village, signed_in: SignIn, bill: int) -> None:
        officer = signed_in(Role.CITY_OFFICER)
        for _ in range(2):
            handed_in(officer, bill, *BOTH)
        with in_jambi(village):
            assert CodeList.objects.count() == 1

    @pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.CLAIMS_APPROVER, Role.KELURAHAN_OPERATOR])
    def test_it_is_closed_to_who_may_not_see_names_or_bills(
        self, village: Village, signed_in: SignIn, bill: int, role: Role
    ) -> None:
        for path in ("per-nama/", "per-nama/berkas/", "per-nama.xlsx"):
            assert signed_in(role).get(f"/tagihan/{bill}/{path}").status_code == 403

    def test_it_is_missing_for_another_city(self, village: Village, signed_in: SignIn, bill: int) -> None:
        for path in ("per-nama/", "per-nama/berkas/", "per-nama.xlsx"):
            assert signed_in(village.stranger).get(f"/tagihan/{bill}/{path}").status_code == 404
