"""People who pay for themselves, in Chromium: each page at phone and desk width, and the walk of somebody who goes over."""

import os

import pytest
from playwright.sync_api import expect

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, faults_of
from lindung.access.models import Role
from web.riders import riders
from web.test_self_paying import sitis

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_page_of_self_payers_shuts_anybody_out(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    village = visit.village
    group = riders(village, members=2, billed=True)
    member = group.members[0]
    faults = {}
    for path in (
        f"/kerja-sama/{village.agreement_id}/tawaran-mandiri/",
        f"/kerja-sama/{village.agreement_id}/tawaran-mandiri/?kelurahan=15.71.02.1004",
        f"/kerja-sama/{group.agreement_id}/tagihan-mandiri/",
        f"/kerja-sama/{group.agreement_id}/tagihan-mandiri/susun/",
        f"/kerja-sama/{group.agreement_id}/masuk/",
        f"/kerja-sama/{group.agreement_id}/",
        f"/kepesertaan/{sitis(village)}/mandiri/",
        f"/kepesertaan/{member.membership_id}/dibayari-kota/",
        f"/kepesertaan/{member.membership_id}/tagihan/",
        f"/kepesertaan/{member.membership_id}/penghasilan/",
        f"/pekerja/{member.person_id}/",
        "/kerja-sama/baru/",
        "/tagihan/",
    ):
        visit.open(path)
        faults[path] = faults_of(visit.page)
        if shots := os.environ.get("SELFPAY_SHOTS"):
            name = path.strip("/").replace("/", "-").replace("?", "-")
            visit.page.screenshot(path=f"{shots}/{width}-{name}.png", full_page=True)
    assert {path: found for path, found in faults.items() if found} == {}


def test_an_officer_lets_somebody_pay_alone(visitor: Enter) -> None:
    visit = visitor(Role.CITY_OFFICER, width=PHONE)
    group = riders(visit.village)
    visit.open(f"/kerja-sama/{visit.village.agreement_id}/tawaran-mandiri/")
    visit.page.get_by_role("link", name="Membayar sendiri Siti").first.click()
    visit.page.get_by_label("Lewat kerja sama").select_option(str(group.agreement_id))
    visit.page.get_by_role("button", name="Catat").click()
    expect(visit.page.get_by_text("membayar sendiri mulai").first).to_be_visible()
    expect(visit.page.get_by_text("Kode bayar").first).to_be_visible()
