"""The pages of notices and of background tasks in Chromium: on a phone and on a desk, axe finds nothing."""

import os

import pytest

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, faults_of
from lindung.access.models import Role
from web.told import THE_HOK, fail, switch_on, tell

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_shuts_nobody_out_of_the_pages_of_notices(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    faults = {}

    def look(name: str) -> None:
        faults[name] = faults_of(visit.page)
        if folder := os.environ.get("PICTURES"):
            visit.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)

    visit.open("/pemberitahuan/")
    look("notices-empty")
    visit.open("/pemberitahuan/surat/")
    look("letters-empty")
    visit.open("/pemberitahuan/pengaturan/")
    look("setting")
    visit.page.get_by_label("Nyala", exact=True).check()
    visit.page.get_by_role("button", name="Simpan pengaturan").click()
    visit.page.get_by_role("status").wait_for()
    switch_on(visit.village)
    [notice] = tell(visit.village, "Siti Aminah")
    tell(visit.village, "Budi Santoso", "Dewi Sartika", phone="", month="2026-09")
    for name, path in {
        "notices": "/pemberitahuan/",
        "notice": f"/pemberitahuan/{notice}/",
        "decide": f"/pemberitahuan/{notice}/putuskan/",
        "letters": "/pemberitahuan/surat/",
        "hand-over": f"/pemberitahuan/surat/{THE_HOK}/serahkan/",
        "worker": f"/pekerja/{visit.village.siti_id}/",
    }.items():
        visit.open(path)
        look(name)
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_shuts_nobody_out_of_the_background_tasks(visitor: Enter, width: int) -> None:
    visit = visitor(Role.ADMINISTRATOR, width=width)
    visit.open("/pekerjaan-latar/")
    assert faults_of(visit.page) == {}
    job = fail()
    visit.open("/pekerjaan-latar/")
    assert faults_of(visit.page) == {}
    if folder := os.environ.get("PICTURES"):
        visit.page.screenshot(path=f"{folder}/tasks-{width}.png", full_page=True)
    visit.open(f"/pekerjaan-latar/{job}/tutup/")
    assert faults_of(visit.page) == {}
    visit.page.get_by_label("Alasan").fill("Sudah dikerjakan dengan tangan")
    visit.page.get_by_role("button", name="Tutup pekerjaan").click()
    visit.page.get_by_role("status").wait_for()
    assert "Tidak ada pekerjaan yang gagal" in visit.page.content()
