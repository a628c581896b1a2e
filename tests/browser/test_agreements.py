"""The pages of agreements in a browser: nothing too wide, nothing too small, and a whole way from draft to force."""

import pytest
from playwright.sync_api import expect

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, faults_of
from lindung.access.models import Role

pytestmark = pytest.mark.browser

ADDRESSES = (
    "/kerja-sama/",
    "/kerja-sama/baru/",
    "/kerja-sama/sumber-dana/",
    "/kerja-sama/{id}/",
    "/kerja-sama/{id}/surat/",
    "/kerja-sama/{id}/adendum/",
    "/kerja-sama/{id}/segmen/",
    "/kerja-sama/{id}/anggaran/",
    "/kerja-sama/{id}/sumber-dana/",
    "/kerja-sama/{id}/hentikan/",
    "/kerja-sama/{id}/tahun/2027/",
    "/kerja-sama/{id}/tahun/2028/",
    "/kerja-sama/{id}/tahun/2028/perwal/",
    "/kerja-sama/{id}/tahun/2028/dpa/",
    "/kerja-sama/{id}/tahun/2028/dpa/giliran/",
)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_of_an_agreement_is_sound(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    found = {}
    for address in ADDRESSES:
        visit.open(address.format(id=visit.village.agreement_id))
        found[address] = faults_of(visit.page)
    assert {address: faults for address, faults in found.items() if faults} == {}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_draft_becomes_an_agreement_in_force(visitor: Enter, scripts: bool) -> None:
    """Given an officer and her branch; when both do their part; then it is in force, also without scripts."""
    visit = visitor(Role.CITY_OFFICER, width=PHONE, scripts=scripts)
    page = visit.page
    visit.open("/kerja-sama/baru/")
    page.get_by_label("Kode kerja sama").fill("jambi-ojek")
    page.get_by_label("Nama kerja sama").fill("Pengemudi ojek")
    page.get_by_label("JKK (kecelakaan kerja)").check()
    page.get_by_label("JKM (kematian)").check()
    page.get_by_label("Berlaku mulai").fill("2027-01-01")
    page.get_by_label("Segmen pekerja").fill("Tukang ojek")
    page.get_by_label("Pekerjaan bila daftar tidak menyebutnya").fill("Tukang ojek")
    page.get_by_label("Kuota orang").fill("40")
    page.get_by_role("button", name="Simpan konsep").click()
    page.get_by_role("link", name="Ajukan untuk diperiksa").click()
    page.get_by_role("button", name="Ya, ajukan").click()
    page.get_by_role("link", name="Catat PKS yang ditandatangani").click()
    page.get_by_role("button", name="Catat PKS").click()  # nothing filled in: said, and nothing lost
    page.get_by_label("Nomor surat").fill("PKS/09/2026")
    page.get_by_label("Tempat ditandatangani").fill("Jambi")
    page.get_by_label("Tanggal surat").fill("2026-11-09")
    page.get_by_label("Pindaian surat").set_input_files(
        {"name": "pks.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    page.get_by_role("button", name="Catat PKS").click()
    expect(page.get_by_text("Menunggu orang kedua")).to_be_visible()
    assert faults_of(page) == {} if scripts else True
    address = page.url.removeprefix(visit.site)
    branch = visitor(Role.BRANCH_OFFICER, width=DESK, scripts=scripts)
    branch.open(address)
    branch.page.get_by_role("link", name="Aktifkan").click()
    branch.page.get_by_role("button", name="Ya, aktifkan").click()
    expect(branch.page.get_by_text("Kerja sama berlaku")).to_be_visible()


def test_the_papers_of_a_year_print_without_buttons(visitor: Enter) -> None:
    visit = visitor(Role.CITY_OFFICER, width=DESK)
    visit.open(f"/kerja-sama/{visit.village.agreement_id}/tahun/2028/")
    visit.page.emulate_media(media="print")
    assert visit.page.locator(".button:visible").count() == 0
    expect(visit.page.get_by_role("heading", name="SK dengan daftar nama")).to_be_visible()
