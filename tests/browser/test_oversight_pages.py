"""Workers, search, reveal, coverage, trail and exports in a real browser: nobody is shut out, nothing stands out."""

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import Enter
from browser.visiting import DESK, NARROWEST, PHONE, Visit, faults_of, too_wide
from lindung.access.models import Role

pytestmark = pytest.mark.browser

PAGES = {
    Role.CITY_OFFICER: (
        "/pekerja/",
        "/pekerja/?keadaan=lapsed",
        "/pekerja/cari/",
        "/pekerja/{siti}/",
        "/pekerja/{siti}/nik/",
        "/cakupan/",
        "/cakupan/15.71.02/",
        "/cakupan/15.71.02.1004/",
        "/ekspor/",
        "/ekspor/baru/?isi=workers",
    ),
    Role.AUDITOR: ("/jejak/", "/jejak/pekerja/{siti}/", "/jejak/?hari=2019-01-01"),
    Role.KELURAHAN_OPERATOR: ("/pekerja/", "/cakupan/"),
}


def paths(visit: Visit, role: Role) -> list[str]:
    return [path.format(siti=visit.village.siti_id) for path in PAGES[role]]


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("role", PAGES)
def test_it_has_no_page_that_shuts_anybody_out(visitor: Enter, role: Role, width: int) -> None:
    visit = visitor(role, width=width)
    faults = {}
    for path in paths(visit, role):
        visit.open(path)
        faults[path] = faults_of(visit.page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_it_fits_the_narrowest_screen(visitor: Enter) -> None:
    faults = {}
    for role in PAGES:
        visit = visitor(role, width=NARROWEST)
        for path in paths(visit, role):
            visit.open(path)
            faults[path] = too_wide(visit.page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_officer_finds_ibu_siti_and_sees_her_nik_for_a_reason(visitor: Enter, width: int) -> None:
    """Given an officer, when she searches without and with enough, then she finds her, and sees the number once."""
    visit = visitor(Role.CITY_OFFICER, width=width)
    page = visit.page
    visit.open("/pekerja/")
    page.get_by_role("link", name="Cari seseorang").click()
    page.get_by_label("NIK").fill("1571025203840001")
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_role("alert")).to_contain_text("Nomor saja tidak cukup")
    assert faults_of(page) == {}
    page.get_by_label("Tanggal lahir").fill("1984-03-12")
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_role("link", name="Siti Aminah")).to_be_visible()
    assert faults_of(page) == {}
    page.get_by_role("link", name="Siti Aminah").click()
    page.get_by_role("link", name="Lihat NIK lengkap").click()
    page.get_by_label("Mengurus klaim").check()
    page.get_by_role("button", name="Tampilkan NIK").click()
    expect(page.locator(".secret")).to_have_text("1571025203840001")
    assert faults_of(page) == {}
    assert "1571025203840001" not in page.url


def test_two_people_hand_out_whole_numbers_and_the_file_comes_once(visitor: Enter) -> None:
    """Given a request for whole NIK, when a colleague approves it, then the one who asked fetches one file."""
    officer, auditor = visitor(Role.CITY_OFFICER), visitor(Role.AUDITOR)
    officer.open("/pekerja/")
    officer.page.get_by_role("link", name="Ekspor daftar ini").click()
    officer.page.get_by_label("Untuk apa?").fill("Pencocokan dengan cabang")
    officer.page.get_by_label("Lengkap; perlu disahkan rekan").check()
    officer.page.get_by_role("button", name="Minta ekspor").click()
    expect(officer.page.get_by_role("status")).to_contain_text("menunggu pengesahan rekan")
    assert faults_of(officer.page) == {}
    auditor.open("/ekspor/")
    auditor.page.get_by_role("button", name="Sahkan").click()
    expect(auditor.page.get_by_role("status")).to_contain_text("Ekspor disahkan")
    officer.open("/ekspor/")
    assert faults_of(officer.page) == {}
    with officer.page.expect_download() as file:
        officer.page.get_by_role("button", name="Unduh").click()
    assert re.fullmatch(r"lindung-workers-2026-11-10-\d+\.xlsx", file.value.suggested_filename)
    officer.open("/ekspor/")
    expect(officer.page.get_by_text("Sudah diunduh")).to_be_visible()


def test_it_works_without_scripts(visitor: Enter) -> None:
    visit = visitor(Role.CITY_OFFICER, scripts=False)
    visit.open("/cakupan/")
    visit.page.get_by_text("Salin data").click()
    assert "15.71.02.1004\tThehok\t2" in visit.page.get_by_label("Per kelurahan, dipisah tab").input_value()
    visit.page.get_by_role("link", name="Jambi Selatan").click()
    visit.page.get_by_role("link", name="Thehok").click()
    visit.page.get_by_role("link", name="Lihat orangnya").click()
    expect(visit.page.get_by_role("link", name="Siti Aminah")).to_be_visible()
