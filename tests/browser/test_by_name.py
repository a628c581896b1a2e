"""A bill beside the branch's names in Chromium: brought in and worked through, on a phone and on a desk."""

import pytest
from playwright.sync_api import expect

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, faults_of
from lindung.access.models import Role
from web.test_bills import november
from web.village import SITI

pytestmark = pytest.mark.browser

CODES = "Kode Iuran,Bulan,Jumlah,Jumlah Orang,Kerja Sama\r\nKI-1,2026-11,33600,2,jambi-rentan\r\n"
NAMES = f"NIK,Nama,Tanggal Lahir,Iuran\r\n'{SITI},Siti Aminah,12-03-1984,18800\r\n1.57E+15,Budi Santoso,05-07-1979,16800\r\n"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_works_through_the_names_of_november(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    page, bill = visit.page, november(visit.village)
    faults = {}

    def look(name: str) -> None:
        faults[name] = faults_of(page)

    def hand_in(name: str, content: str) -> None:
        page.get_by_label("Berkas", exact=True).set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        )
        page.get_by_role("button", name="Masukkan").click()

    # Given a bill whose kode iuran is not in yet
    visit.open(f"/tagihan/{bill}/")
    page.get_by_role("link", name="Cocokkan per nama").click()
    look("without a code")
    visit.open("/bpjs/unggah/")
    page.get_by_label("Isi berkas").select_option("contribution_code")
    hand_in("kode.csv", CODES)

    # When the branch's list comes in
    visit.open(f"/tagihan/{bill}/per-nama/")
    look("without a list")
    page.get_by_role("link", name="Masukkan daftar cabang").click()
    look("bringing in")
    hand_in("rincian.csv", "a,b\r\n1,2\r\n")
    look("refused")
    hand_in("rincian.csv", NAMES)

    # Then each kind says who, why and what to do
    expect(page.get_by_text("Iuran orang ini tidak akan sampai")).to_be_visible()
    look("only ours")
    page.get_by_role("navigation", name="Saring").get_by_role("link", name="Iuran berbeda").click()
    expect(page.get_by_role("cell", name="Rp18.800").first).to_be_visible()
    look("another amount")
    page.get_by_role("navigation", name="Saring").get_by_role("link", name="Tidak dikenal").click()
    expect(page.get_by_text("mungkin: Budi Santoso")).to_be_visible()
    look("unknown")
    visit.open("/bpjs/beda/")
    page.get_by_role("link", name="Nama di balik kode iuran").click()
    look("in the queue")
    visit.open(f"/tagihan/{bill}/")
    look("the bill")
    with page.expect_download() as paper:
        page.get_by_role("link", name="Tagihan (PDF)").click()
    assert paper.value.suggested_filename == "tagihan-jambi-rentan-2026-11.pdf"
    assert {name: found for name, found in faults.items() if found} == {}
